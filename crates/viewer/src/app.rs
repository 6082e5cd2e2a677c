//! The app: with a window, or on a picture in memory.

use std::time::Duration;

use bevy::app::SubApps;
use bevy::asset::RenderAssetUsages;
use bevy::image::Image;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::render_resource::{PollType, TextureFormat};
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use bevy_egui::{EguiGlobalSettings, EguiPlugin};
use image::RgbImage;

use crate::scene::{Canvas, Smoothing};
use crate::view::View;
use crate::{panels, scene};

/// Of a frame, simulating may take so long: more would be seen as a stutter.
pub const SIMULATE_MOST: Duration = Duration::from_millis(12);

/// In a window, until it is closed.
pub fn in_window(view: View) -> AppExit {
    let mut app = App::new();
    app.add_plugins(DefaultPlugins.set(WindowPlugin {
        primary_window: Some(Window {
            title: "kneadsim".to_owned(),
            resolution: (1280, 720).into(),
            ..default()
        }),
        ..default()
    }))
    .add_systems(PreUpdate, advance);
    common(&mut app, view, Smoothing::WhereItIsCheap);
    app.run()
}

fn common(app: &mut App, view: View, smoothing: Smoothing) {
    app.add_plugins(EguiPlugin::default())
        .insert_resource(view)
        .insert_resource(smoothing)
        .add_plugins((scene::plugin, panels::plugin));
    let mut egui = app.world_mut().resource_mut::<EguiGlobalSettings>();
    egui.auto_create_primary_context = false;
}

fn advance(time: Res<Time>, mut view: ResMut<View>) {
    view.advance(time.delta_secs_f64(), SIMULATE_MOST);
}

/// An app that draws into a picture, frame by frame when it is asked.
pub struct Offscreen {
    apps: SubApps,
    canvas: Handle<Image>,
}

/// The picture that was taken last.
#[derive(Default, Resource)]
struct Taken(Option<Image>);

impl Offscreen {
    /// A picture of so many pixels.
    ///
    /// # Errors
    /// When there is nothing to draw with.
    pub fn new(
        view: View,
        width: u32,
        height: u32,
        smoothing: Smoothing,
    ) -> Result<Offscreen, String> {
        // Bevy panics where there is neither a GPU nor a software renderer.
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            Offscreen::made(view, width, height, smoothing)
        }));
        made.map_err(|_| {
            "nothing to draw with: neither a GPU nor a software renderer (Debian: mesa-vulkan-drivers)"
                .to_owned()
        })
    }

    fn made(view: View, width: u32, height: u32, smoothing: Smoothing) -> Offscreen {
        let mut app = App::new();
        app.add_plugins(
            DefaultPlugins
                .set(WindowPlugin {
                    primary_window: None,
                    exit_condition: ExitCondition::DontExit,
                    ..default()
                })
                .set(RenderPlugin {
                    // Every shader is there for the first frame.
                    synchronous_pipeline_compilation: true,
                    ..default()
                })
                .disable::<WinitPlugin>(),
        );
        let mut target =
            Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
        target.asset_usage = RenderAssetUsages::RENDER_WORLD;
        let canvas = app.world_mut().resource_mut::<Assets<Image>>().add(target);
        app.insert_resource(Canvas(canvas.clone()))
            .init_resource::<Taken>();
        common(&mut app, view, smoothing);
        app.finish();
        app.cleanup();
        Offscreen {
            apps: std::mem::take(app.sub_apps_mut()),
            canvas,
        }
    }

    /// The view, to be moved.
    pub fn view(&mut self) -> Mut<'_, View> {
        self.apps.main.world_mut().resource_mut::<View>()
    }

    /// Draws one frame.
    pub fn frame(&mut self) -> Result<(), String> {
        self.apps.update();
        let device = self.apps.main.world().resource::<RenderDevice>();
        let waited = device.wgpu_device().poll(PollType::Wait {
            submission_index: None,
            timeout: None,
        });
        waited.map(|_| ()).map_err(|e| e.to_string())
    }

    /// Draws what the view is now and gives the picture.
    ///
    /// # Errors
    /// When no picture comes.
    pub fn picture(&mut self) -> Result<RgbImage, String> {
        // Panels lay themselves out once before they sit; the scene follows them.
        for _ in 0..3 {
            self.frame()?;
        }
        self.next_picture()
    }

    /// The same where panels sit already.
    ///
    /// # Errors
    /// When no picture comes.
    pub fn next_picture(&mut self) -> Result<RgbImage, String> {
        self.frame()?;
        let world = self.apps.main.world_mut();
        world.resource_mut::<Taken>().0 = None;
        world.spawn(Screenshot::image(self.canvas.clone())).observe(
            |taken: On<ScreenshotCaptured>, mut kept: ResMut<Taken>| {
                kept.0 = Some(taken.image.clone());
            },
        );
        for _ in 0..10 {
            self.frame()?;
            let kept = &mut self.apps.main.world_mut().resource_mut::<Taken>().0;
            if let Some(image) = kept.take() {
                let picture = image.try_into_dynamic().map_err(|e| e.to_string())?;
                return Ok(picture.to_rgb8());
            }
        }
        Err("no picture came".to_owned())
    }
}
