//! Keyboard and mouse, on F1.

use bevy_egui::egui;

use crate::view::View;

const KEYS: [(&str, &str); 15] = [
    ("space", "play, pause"),
    ("right, left", "one tick of 10 ms on, back"),
    ("page down, page up", "10 s on, back"),
    ("home", "to the start"),
    ("up, down", "faster, slower"),
    ("1 to 5", "film, cover, skin, basal layer, dose"),
    ("F", "range fitted to what is there, or fixed"),
    ("K", "fork: the run as it goes on stays behind"),
    ("D", "plots of the difference to the second run"),
    ("O", "open a scenario or a trace"),
    ("escape", "close this, or the choice of files"),
    ("left drag", "turn the scene"),
    ("right drag", "move the scene"),
    ("wheel", "nearer, farther"),
    ("click on the pad", "cut the layers there"),
];

pub(super) fn show(context: &egui::Context, view: &mut View) {
    let mut is_open = view.is_helping;
    egui::Window::new("Keys and mouse (F1)")
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
        .show(context, |ui| {
            egui::Grid::new("keys")
                .num_columns(2)
                .spacing([24.0, 6.0])
                .show(ui, |ui| {
                    for (key, does) in KEYS {
                        ui.label(egui::RichText::new(key).monospace());
                        ui.label(does);
                        ui.end_row();
                    }
                });
        });
    view.is_helping = is_open;
}
