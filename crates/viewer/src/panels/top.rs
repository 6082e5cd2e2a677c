//! The bar above: what is open, time, play and speed.

use bevy_egui::egui;

use crate::open::Shown;
use crate::playback::SPEEDS;
use crate::view::{View, clock};

pub(super) fn show(root: &mut egui::Ui, view: &mut View) {
    egui::Panel::top("top").show(root, |ui| {
        ui.add_space(3.0);
        ui.horizontal(|ui| {
            let name = match &view.shown {
                Shown::Live(live) => live.case.name.clone(),
                Shown::Recorded(recorded) => format!("{} (recorded)", recorded.name),
                Shown::Nothing | Shown::Broken(_) => String::new(),
            };
            if ui.button("open").on_hover_text("O").clicked() {
                view.open_picker();
            }
            ui.label(egui::RichText::new(name).strong().size(15.0));
            if matches!(view.shown, Shown::Nothing | Shown::Broken(_)) {
                return;
            }
            ui.separator();
            let word = if view.playback.is_playing {
                "pause"
            } else {
                "play"
            };
            if ui.button(word).on_hover_text("space").clicked() {
                view.playback.is_playing = !view.playback.is_playing;
            }
            if ui
                .button("step")
                .on_hover_text("right arrow: one tick of 10 ms")
                .clicked()
            {
                view.step();
            }
            egui::ComboBox::from_id_salt("speed")
                .width(70.0)
                .selected_text(format!("{}x", view.playback.speed))
                .show_ui(ui, |ui| {
                    for speed in SPEEDS {
                        ui.selectable_value(&mut view.playback.speed, speed, format!("{speed}x"));
                    }
                });
            ui.separator();
            ui.label(format!(
                "{} of {}",
                clock(view.tick()),
                clock(view.last_tick())
            ));
            scrub(ui, view);
        });
        ui.add_space(2.0);
    });
}

/// Anywhere in time.
fn scrub(ui: &mut egui::Ui, view: &mut View) {
    let last = view.last_tick();
    let mut tick = view.tick();
    let width = (ui.available_width() - 12.0).max(60.0);
    ui.spacing_mut().slider_width = width;
    let slider = egui::Slider::new(&mut tick, 0..=last).show_value(false);
    if ui.add(slider).changed() {
        view.go_to(tick);
    }
}
