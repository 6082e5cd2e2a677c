//! The window in which a file is chosen.

use bevy_egui::egui::{self, Color32, RichText};

use crate::picker::{Entry, Kind, Picker};
use crate::plots::ink;
use crate::view::View;

/// Height of the list, points.
const LIST: f32 = 340.0;

pub(super) fn show(context: &egui::Context, view: &mut View) {
    if !view.picker.is_open {
        return;
    }
    let mut is_open = true;
    let mut choice = None;
    let can_be_behind = view.record().is_some();
    egui::Window::new("Open a scenario or a trace (O)")
        .open(&mut is_open)
        .collapsible(false)
        .default_width(520.0)
        .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
        .show(context, |ui| {
            let picker = &mut view.picker;
            ui.horizontal(|ui| {
                if ui.button("up").clicked() {
                    picker.leave();
                }
                ui.label(RichText::new(picker.folder().display().to_string()).monospace());
            });
            ui.horizontal(|ui| {
                ui.label("only names with");
                ui.text_edit_singleline(&mut picker.filter);
                ui.add_enabled(
                    can_be_behind,
                    egui::Checkbox::new(&mut picker.is_behind, "behind the present run"),
                );
            });
            picker.is_behind &= can_be_behind;
            ui.separator();
            choice = if picker.cases().is_empty() {
                entries(ui, picker)
            } else {
                cases(ui, picker)
            };
            for line in picker.said() {
                let [r, g, b] = ink::ORANGE;
                ui.label(RichText::new(line).color(Color32::from_rgb(r, g, b)));
            }
        });
    view.picker.is_open = is_open;
    if let Some(choice) = choice {
        view.choose(&choice);
    }
}

fn entries(ui: &mut egui::Ui, picker: &mut Picker) -> Option<crate::picker::Choice> {
    let mut taken: Option<Entry> = None;
    list(ui, "entries", |ui| {
        for entry in picker.entries() {
            let name = match entry.kind {
                Kind::Folder => format!("{}/", entry.name),
                Kind::Scenario | Kind::Trace => entry.name.clone(),
            };
            if row(ui, &name) {
                taken = Some(entry.clone());
            }
        }
    });
    taken.and_then(|entry| picker.take(&entry))
}

fn cases(ui: &mut egui::Ui, picker: &mut Picker) -> Option<crate::picker::Choice> {
    if ui.button("back to the folder").clicked() {
        picker.leave_cases();
        return None;
    }
    let mut taken = None;
    list(ui, "cases", |ui| {
        for name in picker.cases() {
            if row(ui, name) {
                taken = Some(name.clone());
            }
        }
    });
    taken.and_then(|name| picker.take_case(&name))
}

fn list(ui: &mut egui::Ui, id: &str, rows: impl FnOnce(&mut egui::Ui)) {
    egui::ScrollArea::vertical()
        .id_salt(id)
        .max_height(LIST)
        .min_scrolled_height(LIST)
        .auto_shrink([false, false])
        .show(ui, rows);
}

fn row(ui: &mut egui::Ui, text: &str) -> bool {
    ui.add(egui::Button::selectable(false, text).truncate())
        .clicked()
}
