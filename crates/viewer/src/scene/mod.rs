//! The scene: the pad with its heat on the body that is cut open, and the nodes.

mod cameras;
pub mod orbit;
pub mod picture;
mod surface;

use bevy::asset::RenderAssetUsages;
use bevy::image::{ImageSampler, ImageSamplerDescriptor};
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use kneadsim_plant::{Build, Field};

use crate::heat::{Layer, Plane, Scale};
use crate::view::View;
use orbit::{DEPTH_FACTOR, Orbit, UNITS_PER_M};
use picture::{CUT, CUT_DEPTH_M, MAP};
use surface::Surface;

pub use cameras::{Canvas, SceneCamera, Smoothing};

/// One of the two nodes.
#[derive(Component)]
struct Node(usize);

/// What is drawn anew when the field has moved.
#[derive(Resource)]
struct Heat {
    map: Handle<Image>,
    cut: Handle<Image>,
    top: Handle<Mesh>,
    face: Handle<Mesh>,
    /// Of what the pictures are: what is open, thermal step, layer, fitted, cursor.
    drawn: Option<(u32, u32, Layer, bool, [f64; 2])>,
}

/// Scale of what is drawn now, for the legend.
#[derive(Resource)]
pub struct DrawnScale(pub Scale);

/// The scene's resources and systems.
pub fn plugin(app: &mut App) {
    app.add_plugins(surface::plugin)
        .insert_resource(Orbit::default())
        .insert_resource(DrawnScale(Layer::default().fixed()))
        .insert_resource(ClearColor(Color::srgb_u8(27, 29, 34)))
        .add_systems(Startup, (set_up, cameras::set_up))
        .add_systems(Update, (draw_heat, move_nodes, cameras::follow));
}

fn set_up(
    mut commands: Commands,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<Surface>>,
) {
    let mut picture = |(width, height): (u32, u32)| {
        let mut image = Image::new_fill(
            Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            TextureDimension::D2,
            &[60, 60, 60, 255],
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::default(),
        );
        image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor::linear());
        images.add(image)
    };
    let (map, cut) = (picture(MAP), picture(CUT));
    let mut textured = |image: &Handle<Image>| {
        materials.add(Surface {
            tint: LinearRgba::WHITE,
            picture: Some(image.clone()),
            shade: 0.0,
        })
    };
    let (on_top, on_face) = (textured(&map), textured(&cut));
    let top = meshes.add(quad([Vec3::ZERO; 4]));
    let face = meshes.add(quad([Vec3::ZERO; 4]));
    commands.spawn((Mesh3d(top.clone()), MeshMaterial3d(on_top)));
    commands.spawn((Mesh3d(face.clone()), MeshMaterial3d(on_face)));
    let ball = meshes.add(Sphere::new(1.0).mesh().uv(32, 18));
    let metal = materials.add(Surface {
        tint: Color::srgba_u8(205, 214, 224, 200).into(),
        picture: None,
        shade: 1.0,
    });
    for node in 0..2 {
        commands.spawn((
            Node(node),
            Mesh3d(ball.clone()),
            MeshMaterial3d(metal.clone()),
            Transform::from_scale(Vec3::ZERO),
        ));
    }
    commands.insert_resource(Heat {
        map,
        cut,
        top,
        face,
        drawn: None,
    });
}

/// A quad by its corners: far left, far right, near right, near left of its picture.
fn quad(corners: [Vec3; 4]) -> Mesh {
    let uv = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let normal = (corners[1] - corners[0])
        .cross(corners[3] - corners[0])
        .normalize_or(Vec3::Y);
    Mesh::new(
        PrimitiveTopology::TriangleList,
        RenderAssetUsages::default(),
    )
    .with_inserted_attribute(
        Mesh::ATTRIBUTE_POSITION,
        corners.map(|c| c.to_array()).to_vec(),
    )
    .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, vec![normal.to_array(); 4])
    .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uv.to_vec())
    .with_inserted_indices(Indices::U32(vec![0, 1, 2, 0, 2, 3]))
}

/// A place on the pad in the scene: across to the right, along away from the viewer.
pub fn on_pad(build: &Build, u: f64, v: f64) -> Vec3 {
    Vec3::new(
        (u - 0.5) as f32 * build.pad.width_m as f32 * UNITS_PER_M,
        0.0,
        -(v - 0.5) as f32 * build.pad.height_m as f32 * UNITS_PER_M,
    )
}

/// How far down the cut's lower edge is, scene units.
pub fn cut_down(top_m: f64) -> f32 {
    ((CUT_DEPTH_M - top_m) as f32) * UNITS_PER_M * DEPTH_FACTOR
}

/// Where the back of the pad is, m: negative, as the skin is at 0.
pub fn top_m(field: &Field) -> f64 {
    let profile = field.profile(0);
    profile.first().map_or(0.0, |(depth_m, _, _)| *depth_m)
}

fn draw_heat(
    view: Res<View>,
    mut heat: ResMut<Heat>,
    mut drawn_scale: ResMut<DrawnScale>,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    let Some(live) = view.live() else { return };
    let bench = live.session.bench();
    // The field moves once a thermal step.
    let step = bench.tick() / bench.spec().build.thermal_step_ticks;
    let now = (view.opened, step, view.layer, view.is_fitted, view.cursor);
    if heat.drawn == Some(now) {
        return;
    }
    let (field, build) = (bench.plant().field(), &bench.spec().build);
    if heat.drawn.is_none_or(|(opened, ..)| opened != view.opened) {
        place_quads(&heat, build, top_m(field), &mut meshes);
    }
    heat.drawn = Some(now);
    let values = view.layer.values(field);
    let scale = if view.is_fitted {
        Scale::fitted(values)
    } else {
        view.layer.fixed()
    };
    drawn_scale.0 = scale;
    if let Some(plane) = Plane::of(field, build, view.layer)
        && let Some(mut image) = images.get_mut(&heat.map)
    {
        image.data = Some(picture::map(&plane, &scale));
    }
    // Layers over depth are temperatures whatever the map shows.
    let depth_scale = match view.layer {
        Layer::Dose => Layer::Skin.fixed(),
        _ => scale,
    };
    let size_m = (build.pad.width_m, build.pad.height_m);
    if let Some(mut image) = images.get_mut(&heat.cut) {
        image.data = Some(picture::cut(field, size_m, view.cursor[1], &depth_scale));
    }
}

/// The map on the pad and the cut before it lie where the product has them.
fn place_quads(heat: &Heat, build: &Build, top_m: f64, meshes: &mut Assets<Mesh>) {
    let corner = |u: f64, v: f64| on_pad(build, u, v);
    if let Some(mut mesh) = meshes.get_mut(&heat.top) {
        *mesh = quad([
            corner(0.0, 1.0),
            corner(1.0, 1.0),
            corner(1.0, 0.0),
            corner(0.0, 0.0),
        ]);
    }
    // The cut along the cursor's line hangs at the near edge, so that nothing hides.
    let down = Vec3::Y * cut_down(top_m);
    if let Some(mut mesh) = meshes.get_mut(&heat.face) {
        *mesh = quad([
            corner(0.0, 0.0),
            corner(1.0, 0.0),
            corner(1.0, 0.0) - down,
            corner(0.0, 0.0) - down,
        ]);
    }
}

fn move_nodes(view: Res<View>, mut nodes: Query<(&Node, &mut Transform)>) {
    let Some(live) = view.live() else { return };
    let bench = live.session.bench();
    let build = &bench.spec().build;
    let angle_deg = view.kneading_angle_deg().unwrap_or_default();
    let places = build.kneading.nodes(angle_deg.to_radians());
    let force_n = bench.plant().node_force_n();
    for (node, mut transform) in &mut nodes {
        let place = places[node.0];
        let at = on_pad(
            build,
            place.x_m / build.pad.width_m,
            place.y_m / build.pad.height_m,
        );
        let radius = build.kneading.node_radius_m as f32 * UNITS_PER_M;
        // A node that presses sinks into the pad, one that does not floats above.
        let pressing = (force_n / build.kneading.force_n).clamp(0.0, 1.0) as f32;
        let lift = 1.4 - 0.9 * pressing;
        *transform = Transform::from_translation(at + Vec3::Y * radius * lift)
            .with_scale(Vec3::splat(radius));
    }
}
