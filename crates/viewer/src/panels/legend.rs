//! A plot's title and the names of its curves in their colours.

use std::sync::Arc;

use bevy_egui::egui::{self, Color32, FontId, Galley, RichText};

use crate::plots::Curve;

/// Of a curve's colour, points.
const SWATCH: f32 = 9.0;
/// Between things in a row.
const GAP: f32 = 5.0;
/// Of a row.
const ROW: f32 = 17.0;
/// What is around a title that turns to other curves.
const TURN: f32 = 34.0;

/// Laid out in as many rows as it needs.
pub(super) struct Legend {
    title: String,
    rows: Vec<Vec<(Color32, Arc<Galley>)>>,
}

impl Legend {
    /// Of curves, and of one more that has no colour of its own.
    pub fn new(
        ui: &egui::Ui,
        title: String,
        curves: &[Curve],
        more: Option<&'static str>,
    ) -> Legend {
        let painter = ui.painter();
        let white = ui.visuals().text_color();
        let title_width = painter
            .layout_no_wrap(title.clone(), FontId::proportional(12.0), white)
            .size()
            .x;
        let named = curves.iter().map(|curve| {
            let [r, g, b] = curve.colour;
            (curve.name, Color32::from_rgb(r, g, b))
        });
        let mut rows = vec![Vec::new()];
        let mut left = ui.available_width() - title_width - TURN;
        for (name, colour) in named.chain(more.map(|name| (name, white))) {
            let name = painter.layout_no_wrap(name.to_owned(), FontId::proportional(11.0), colour);
            let width = name.size().x + SWATCH + 2.0 * GAP;
            if width > left {
                rows.push(Vec::new());
                left = ui.available_width();
            }
            left -= width;
            if let Some(row) = rows.last_mut() {
                row.push((colour, name));
            }
        }
        Legend { title, rows }
    }

    /// Points, with the space between its rows.
    pub fn height(&self) -> f32 {
        self.rows.len() as f32 * ROW
    }

    /// Draws it. Whether other curves are wanted, where there are some.
    pub fn show(&self, ui: &mut egui::Ui, has_others: bool) -> bool {
        let mut is_turned = false;
        let size = egui::vec2(ui.available_width(), self.height());
        let (whole, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        for (index, row) in self.rows.iter().enumerate() {
            let top = whole.top() + index as f32 * ROW;
            let rect = egui::Rect::from_x_y_ranges(whole.x_range(), top..=top + ROW);
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
            ui.spacing_mut().item_spacing.x = GAP;
            if index == 0 {
                let title = RichText::new(&self.title).size(12.0).strong();
                if has_others {
                    let more = egui::Button::new(title).small().right_text("\u{23f7}");
                    is_turned = ui.add(more).on_hover_text("other curves").clicked();
                } else {
                    ui.label(title);
                }
            }
            for (colour, name) in row {
                let (swatch, _) =
                    ui.allocate_exact_size(egui::Vec2::splat(SWATCH), egui::Sense::hover());
                ui.painter().rect_filled(swatch, 2.0, *colour);
                ui.label(name.clone());
            }
        }
        is_turned
    }
}
