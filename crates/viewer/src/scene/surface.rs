//! How faces are drawn: the heat's colours as they are, nodes with a little shade.

use bevy::asset::embedded_asset;
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{MaterialPipeline, MaterialPipelineKey};
use bevy::prelude::*;
use bevy::render::render_resource::{
    AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError,
};
use bevy::shader::ShaderRef;

/// A face's material.
#[derive(Asset, AsBindGroup, Clone, Debug, TypePath)]
pub(super) struct Surface {
    /// Times the picture's colour.
    #[uniform(0)]
    pub tint: LinearRgba,
    /// White where there is none.
    #[texture(1)]
    #[sampler(2)]
    pub picture: Option<Handle<Image>>,
    /// 0: the same from all sides, 1: darker where it faces away from the light.
    #[uniform(3)]
    pub shade: f32,
}

impl Material for Surface {
    fn fragment_shader() -> ShaderRef {
        "embedded://kneadsim_viewer/scene/surface.wgsl".into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        if self.tint.alpha < 1.0 {
            AlphaMode::Blend
        } else {
            AlphaMode::Opaque
        }
    }

    fn specialize(
        _: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _: &MeshVertexBufferLayoutRef,
        _: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        // Seen from both sides.
        descriptor.primitive.cull_mode = None;
        Ok(())
    }
}

/// The shader goes into the program.
pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "surface.wgsl");
    app.add_plugins(MaterialPlugin::<Surface>::default());
}
