//! Two cameras, one behind the other: the scene's, and the panels'.

use bevy::camera::visibility::RenderLayers;
use bevy::camera::{CameraOutputMode, ClearColorConfig, RenderTarget};
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::prelude::*;
use bevy::render::render_resource::BlendState;
use bevy::render::renderer::RenderAdapterInfo;
use bevy_egui::PrimaryEguiContext;
use wgpu_types::DeviceType;

use super::orbit::Orbit;

/// The camera of the scene.
#[derive(Component)]
pub struct SceneCamera;

/// Whether edges are smoothed: it costs a third of the frames where a processor draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Resource)]
pub enum Smoothing {
    /// Pictures to be kept.
    Always,
    /// With a GPU.
    WhereItIsCheap,
}

/// Where the cameras draw, where that is no window.
#[derive(Resource)]
pub struct Canvas(pub Handle<Image>);

pub(super) fn set_up(
    mut commands: Commands,
    canvas: Option<Res<Canvas>>,
    adapter: Res<RenderAdapterInfo>,
    smoothing: Res<Smoothing>,
    orbit: Res<Orbit>,
) {
    let edges = match *smoothing {
        Smoothing::WhereItIsCheap if adapter.device_type == DeviceType::Cpu => Msaa::Off,
        Smoothing::WhereItIsCheap | Smoothing::Always => Msaa::Sample4,
    };
    // Without tone mapping: the map's colours are those of the legend.
    let as_they_are = (Tonemapping::None, DebandDither::Disabled);
    let mut scene = commands.spawn((
        SceneCamera,
        edges,
        Camera3d::default(),
        as_they_are,
        orbit.transform(),
    ));
    if let Some(canvas) = &canvas {
        scene.insert(RenderTarget::Image(canvas.0.clone().into()));
    }
    let mut panels = commands.spawn((
        PrimaryEguiContext,
        Camera2d,
        as_they_are,
        // The panels smooth their own edges.
        Msaa::Off,
        // Nothing but the panels.
        RenderLayers::none(),
        Camera {
            order: 1,
            output_mode: CameraOutputMode::Write {
                blend_state: Some(BlendState::ALPHA_BLENDING),
                clear_color: ClearColorConfig::None,
            },
            clear_color: ClearColorConfig::Custom(Color::NONE),
            ..default()
        },
    ));
    if let Some(canvas) = &canvas {
        panels.insert(RenderTarget::Image(canvas.0.clone().into()));
    }
}

pub(super) fn follow(orbit: Res<Orbit>, mut camera: Query<&mut Transform, With<SceneCamera>>) {
    for mut transform in &mut camera {
        *transform = orbit.transform();
    }
}
