//! Lanes beneath the plots: modes, faults, the relay, and how expectations stood.

use bevy_egui::egui::{self, Color32};
use kneadsim_plant::TICK_S;
use kneadsim_sim::check::Finding;

use super::dashboard::{margin, shortened, sorted};
use crate::plots::{self, Span, ink};
use crate::view::{View, clock};

/// Height of a lane, points.
const LANE: f32 = 15.0;
/// Between lanes.
const GAP: f32 = 2.0;
/// Expectations that have a lane without scrolling: the nearest to their limits.
const EXPECTATIONS: usize = 5;

/// Of all lanes together.
pub(super) fn height(ui: &egui::Ui, findings: &[Finding]) -> f32 {
    let expectations = findings.len().min(EXPECTATIONS);
    (3 + expectations) as f32 * (LANE + GAP) + ui.spacing().item_spacing.y
}

pub(super) fn show(ui: &mut egui::Ui, view: &View, findings: &[Finding], until_s: f64, left: f32) {
    let Some(record) = view.record() else { return };
    ui.spacing_mut().item_spacing.y = GAP;
    let now_s = f64::from(view.tick()) * TICK_S;
    let axis = Axis {
        left,
        until_s,
        now_s,
    };
    for (title, spans) in [
        ("mode", plots::modes(record)),
        ("fault", plots::faults(record)),
        ("relay", plots::relay(record)),
    ] {
        lane(ui, &Lane::of(title, &spans), &axis);
    }
    let Some(live) = view.live() else { return };
    let known_s = f64::from(record.last_tick()) * TICK_S;
    egui::ScrollArea::vertical()
        .id_salt("expectations")
        .max_height(EXPECTATIONS as f32 * (LANE + GAP))
        .auto_shrink([false, false])
        .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
        .show(ui, |ui| {
            for (index, finding) in sorted(findings) {
                let changes = live.session.standings().changes(index);
                let spans = plots::standings(changes, known_s);
                let shown = Lane {
                    title: "",
                    inside: &finding.id,
                    spans: &spans,
                    worst_s: finding.worst_tick.map(|tick| f64::from(tick) * TICK_S),
                    hint: hint(finding),
                };
                lane(ui, &shown, &axis);
            }
        });
}

/// More of an expectation, under the pointer.
fn hint(finding: &Finding) -> String {
    let worst = finding
        .worst_tick
        .map(|tick| format!(", worst at {}", clock(tick)));
    format!(
        "{}: {} ({}{})",
        finding.id,
        finding.decided_by,
        margin(finding),
        worst.unwrap_or_default()
    )
}

/// What is drawn in one.
struct Lane<'a> {
    title: &'a str,
    /// Its name, where it is too long for the side.
    inside: &'a str,
    spans: &'a [Span],
    /// The instant whose margin counts.
    worst_s: Option<f64>,
    hint: String,
}

impl<'a> Lane<'a> {
    fn of(title: &'a str, spans: &'a [Span]) -> Lane<'a> {
        Lane {
            title,
            inside: "",
            spans,
            worst_s: None,
            hint: String::new(),
        }
    }
}

/// Where time is.
struct Axis {
    left: f32,
    until_s: f64,
    now_s: f64,
}

fn lane(ui: &mut egui::Ui, lane: &Lane<'_>, axis: &Axis) {
    let size = egui::vec2(ui.available_width(), LANE);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let painter = ui.painter_at(rect);
    let font = egui::FontId::proportional(11.0);
    painter.text(
        rect.left_center(),
        egui::Align2::LEFT_CENTER,
        lane.title,
        font.clone(),
        ui.visuals().text_color(),
    );
    let left = rect.left() + axis.left;
    let x = |time_s: f64| left + (rect.right() - left) * (time_s / axis.until_s) as f32;
    painter.rect_filled(
        egui::Rect::from_x_y_ranges(left..=rect.right(), rect.y_range()),
        2.0,
        Color32::from_rgb(18, 19, 23),
    );
    for span in lane.spans {
        let bar = egui::Rect::from_x_y_ranges(x(span.from_s)..=x(span.until_s), rect.y_range());
        let [r, g, b] = colour_of(span.label);
        painter.rect_filled(
            bar.shrink2(egui::vec2(0.5, 1.0)),
            2.0,
            Color32::from_rgb(r, g, b),
        );
        let words = painter.layout_no_wrap(span.label.to_owned(), font.clone(), Color32::BLACK);
        if lane.inside.is_empty() && words.size().x + 6.0 < bar.width() {
            let at = bar.center() - words.size() / 2.0;
            painter.galley(at, words, Color32::BLACK);
        }
    }
    if !lane.inside.is_empty() {
        let id = shortened(lane.inside, 48);
        let words = painter.layout_no_wrap(id, font, Color32::WHITE);
        let at = egui::pos2(left + 4.0, rect.center().y - words.size().y / 2.0);
        let back = egui::Rect::from_min_size(at, words.size()).expand2(egui::vec2(3.0, 0.0));
        painter.rect_filled(back, 2.0, Color32::from_black_alpha(170));
        painter.galley(at, words, Color32::WHITE);
    }
    painter.vline(
        x(axis.now_s),
        rect.y_range(),
        (1.0, Color32::from_gray(190)),
    );
    if let Some(worst_s) = lane.worst_s {
        mark(&painter, x(worst_s), rect.y_range());
    }
    if !lane.hint.is_empty() {
        response.on_hover_text(&lane.hint);
    }
}

/// The worst instant: an arrow from above, and a line that leaves words readable.
fn mark(painter: &egui::Painter, x: f32, ys: egui::Rangef) {
    painter.vline(x, ys, (3.0, Color32::BLACK));
    painter.vline(x, ys, (1.5, Color32::WHITE));
    let corners = [(-4.0, 0.0), (4.0, 0.0), (0.0, 6.0)];
    let corners = corners.map(|(dx, dy)| egui::pos2(x + dx, ys.min + dy));
    painter.add(egui::Shape::convex_polygon(
        corners.to_vec(),
        Color32::WHITE,
        egui::Stroke::new(1.0, Color32::BLACK),
    ));
}

/// Of a mode, a fault, a contact, or how an expectation stood.
fn colour_of(label: &str) -> [u8; 3] {
    match label {
        "off" | "open" => [120, 124, 130],
        "self_test" | "warning" => ink::YELLOW,
        "warming" => ink::ORANGE,
        "holding" | "closed" => ink::GREEN,
        "cooling" | "holds" => ink::SKY,
        _ => ink::VERMILION,
    }
}
