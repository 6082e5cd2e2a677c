//! The panels around the scene and the words in it.

mod controls;
mod dashboard;
mod help;
mod keys;
mod lanes;
mod legend;
mod overlay;
mod picker;
mod plots;
mod top;

use bevy::camera::Viewport;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};

use crate::open::Shown;
use crate::scene::orbit::Orbit;
use crate::scene::{DrawnScale, SceneCamera};
use crate::view::View;

/// Text and panels for eyes in the dark.
const BACKGROUND: egui::Color32 = egui::Color32::from_rgb(27, 29, 34);

/// The panels' systems.
pub fn plugin(app: &mut App) {
    app.add_systems(EguiPrimaryContextPass, panels);
}

fn panels(
    mut contexts: EguiContexts,
    mut view: ResMut<View>,
    mut orbit: ResMut<Orbit>,
    scale: Res<DrawnScale>,
    mut camera: Query<(&mut Camera, &GlobalTransform), With<SceneCamera>>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    context.set_visuals(visuals());
    let mut root = egui::Ui::new(
        context.clone(),
        "root".into(),
        egui::UiBuilder::new()
            .layer_id(egui::LayerId::background())
            .max_rect(context.viewport_rect()),
    );
    keys::take(&context, &mut view);
    top::show(&mut root, &mut view);
    let lines = match &view.shown {
        Shown::Nothing => Some(("Nothing is open", &[][..])),
        Shown::Broken(lines) => Some(("This cannot be opened", &lines[..])),
        Shown::Live(_) | Shown::Recorded(_) => None,
    };
    if let Some((title, lines)) = lines {
        in_place_of_everything(&mut root, title, lines);
        picker::show(&context, &mut view);
        help::show(&context, &mut view);
        return Ok(());
    }
    if view.live().is_some() {
        controls::show(&mut root, &mut view);
    }
    // As the keys and the bar above have left it.
    let findings = view
        .live()
        .map_or_else(Vec::new, |live| live.session.bench().findings());
    plots::show(&mut root, &mut view, &findings);
    dashboard::show(&mut root, &view, &findings);
    let middle = egui::CentralPanel::default()
        .frame(egui::Frame::NONE)
        .show(&mut root, |ui| {
            let (rect, response) =
                ui.allocate_exact_size(ui.available_size(), egui::Sense::click_and_drag());
            (rect, response)
        })
        .inner;
    let (rect, response) = middle;
    move_orbit(&context, &response, &mut orbit);
    if let Ok((mut camera, transform)) = camera.single_mut() {
        set_viewport(&mut camera, rect, context.pixels_per_point());
        let eye = overlay::Eye {
            camera: &camera,
            transform,
            rect,
        };
        overlay::show(&root, &mut view, &eye, &response, &scale.0);
    }
    overlay::message(&root, rect, &view.message);
    picker::show(&context, &mut view);
    help::show(&context, &mut view);
    Ok(())
}

/// What is wrong with the file, or that there is none.
fn in_place_of_everything(ui: &mut egui::Ui, title: &str, lines: &[String]) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.add_space(40.0);
        ui.heading(title);
        ui.add_space(12.0);
        egui::ScrollArea::both().show(ui, |ui| {
            for line in lines {
                ui.label(egui::RichText::new(line).monospace());
            }
        });
    });
}

fn visuals() -> egui::Visuals {
    let mut visuals = egui::Visuals::dark();
    visuals.panel_fill = BACKGROUND;
    visuals.extreme_bg_color = egui::Color32::from_rgb(18, 19, 23);
    visuals.override_text_color = Some(egui::Color32::from_rgb(222, 225, 230));
    visuals
}

fn move_orbit(context: &egui::Context, response: &egui::Response, orbit: &mut Orbit) {
    let moved = response.drag_delta();
    if response.dragged_by(egui::PointerButton::Primary) {
        orbit.turn(moved.x, moved.y);
    } else if response.dragged_by(egui::PointerButton::Secondary)
        || response.dragged_by(egui::PointerButton::Middle)
    {
        orbit.pan(moved.x, moved.y);
    }
    if response.hovered() {
        orbit.zoom(context.input(|i| i.smooth_scroll_delta().y));
    }
}

/// The scene is drawn where no panel is.
fn set_viewport(camera: &mut Camera, rect: egui::Rect, pixels_per_point: f32) {
    let pixels = |points: f32| (points * pixels_per_point).round().max(0.0) as u32;
    let size = UVec2::new(pixels(rect.width()), pixels(rect.height()));
    if size.x < 8 || size.y < 8 {
        return;
    }
    camera.viewport = Some(Viewport {
        physical_position: UVec2::new(pixels(rect.min.x), pixels(rect.min.y)),
        physical_size: size,
        ..default()
    });
}
