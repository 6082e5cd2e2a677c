//! Numbers of now: mode, faults, time left, margins, digest.

use bevy_egui::egui::{self, Color32, RichText};
use kneadsim_sim::check::{Finding, Verdict};
use kneadsim_sim::run::nearness;
use kneadsim_sim::trace::Digest;

use crate::plots::ink;
use crate::view::{View, clock};

/// Between rows of the table, points.
const ROW_SPACING: f32 = 2.0;

pub(super) fn show(root: &mut egui::Ui, view: &View) {
    let Some(live) = view.live() else { return };
    egui::Panel::bottom("dashboard")
        .exact_size(142.0)
        .resizable(false)
        .show(root, |ui| {
            let bench = live.session.bench();
            let status = bench.pins().status;
            let telemetry = bench.pins().telemetry;
            ui.add_space(2.0);
            ui.horizontal_wrapped(|ui| {
                pair(ui, "mode", status.mode.name());
                pair(ui, "fault", status.fault.name());
                pair(
                    ui,
                    "session left",
                    &clock(u32::from(telemetry.session_left_s) * 100),
                );
                pair(ui, "real time", &format!("{:.0}x", view.real_time_factor));
                let digest = Digest::hex(bench.digest());
                pair(ui, "digest", digest.get(..8).unwrap_or_default());
            });
            if let Some(lost) = live.session.lost() {
                ui.label(RichText::new(lost).color(Color32::from_rgb(255, 120, 90)));
            }
            ui.separator();
            margins(ui, &bench.findings());
        });
}

fn pair(ui: &mut egui::Ui, name: &str, value: &str) {
    ui.label(RichText::new(name).color(Color32::from_gray(150)));
    ui.label(RichText::new(value).strong().monospace());
    ui.add_space(4.0);
}

/// Nearest first.
fn margins(ui: &mut egui::Ui, findings: &[Finding]) {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    // An exact comparison that holds has the margin 0 and says nothing of nearness.
    let is_exact = |f: &Finding| f.margin == Some(0.0) && f.verdict != Verdict::Fail;
    let near = |f: &Finding| match nearness(f) {
        Some(near) if !is_exact(f) => near,
        _ => f64::INFINITY,
    };
    sorted.sort_by(|a, b| {
        let order = b.verdict.cmp(&a.verdict);
        order.then(near(a).total_cmp(&near(b)))
    });
    // Whole rows, so that none is cut.
    let height = ui.text_style_height(&egui::TextStyle::Body) + ROW_SPACING;
    let rows = ((ui.available_height() - height) / height).floor().max(1.0);
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .max_height((rows + 1.0) * height)
        .show(ui, |ui| {
            egui::Grid::new("margins")
                .num_columns(4)
                .spacing([14.0, ROW_SPACING])
                .striped(true)
                .show(ui, |ui| {
                    for title in ["so far", "margin", "of", "expectation"] {
                        ui.label(RichText::new(title).small().color(Color32::from_gray(150)));
                    }
                    ui.end_row();
                    for finding in sorted {
                        row(ui, finding);
                    }
                });
        });
}

fn row(ui: &mut egui::Ui, finding: &Finding) {
    let (word, [r, g, b]) = match finding.verdict {
        Verdict::Pass if finding.warning => ("warning", ink::YELLOW),
        Verdict::Pass => ("holds", ink::SKY),
        Verdict::Inconclusive => ("open", [170, 170, 170]),
        Verdict::Fail => ("BROKEN", ink::VERMILION),
    };
    ui.label(
        RichText::new(word)
            .color(Color32::from_rgb(r, g, b))
            .strong(),
    );
    ui.label(RichText::new(margin(finding)).monospace());
    ui.label(shortened(&finding.decided_by, 38))
        .on_hover_text(&finding.decided_by);
    ui.label(shortened(&finding.id, 30))
        .on_hover_text(&finding.id);
    ui.end_row();
}

/// With its unit; a line's in kelvins.
fn margin(finding: &Finding) -> String {
    match (finding.kelvin_left, finding.margin) {
        (Some(k), _) if k.is_finite() => format!("{k:+.2} K"),
        (_, Some(m)) if m.is_finite() => {
            let unit = if finding.unit == "degC" {
                "K"
            } else {
                &finding.unit
            };
            let unit = if unit == "1" { "" } else { unit };
            format!("{m:+.3} {unit}").trim_end().to_owned()
        }
        _ => "-".to_owned(),
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}\u{2026}")
}
