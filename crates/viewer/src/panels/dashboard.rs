//! Numbers of now: mode, faults, time left, margins, digest.

use bevy_egui::egui::{self, Color32, RichText};
use kneadsim_sim::check::{Finding, Verdict};
use kneadsim_sim::run::nearness;
use kneadsim_sim::trace::Digest;

use crate::plots::ink;
use crate::session::Standing;
use crate::view::{View, clock};

/// Between rows of the table, points.
const ROW_SPACING: f32 = 2.0;

pub(super) fn show(root: &mut egui::Ui, view: &View, findings: &[Finding]) {
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
                    "left",
                    &clock(u32::from(telemetry.session_left_s) * 100),
                );
                let factor = if view.playback.is_playing {
                    format!(
                        "{:.*}x",
                        usize::from(view.playback.speed < 1.0),
                        view.real_time_factor
                    )
                } else {
                    "paused".to_owned()
                };
                pair(ui, "real time", &factor);
                let digest = Digest::hex(bench.digest());
                pair(ui, "digest", digest.get(..8).unwrap_or_default());
            });
            let against = view.against();
            if !against.is_empty() {
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new("less second run").color(Color32::from_gray(150)));
                    for (name, difference, unit) in against {
                        pair(ui, name, &format!("{difference:+.2} {unit}"));
                    }
                });
            }
            if let Some(lost) = live.session.lost() {
                ui.label(RichText::new(lost).color(Color32::from_rgb(255, 120, 90)));
            }
            ui.separator();
            margins(ui, findings);
        });
}

fn pair(ui: &mut egui::Ui, name: &str, value: &str) {
    ui.label(RichText::new(name).color(Color32::from_gray(150)));
    ui.label(RichText::new(value).strong().monospace());
    ui.add_space(4.0);
}

/// Broken ones, then open ones, nearest to their limits first, with their numbers.
pub(super) fn sorted(findings: &[Finding]) -> Vec<(usize, &Finding)> {
    // An exact comparison that holds has the margin 0 and says nothing of nearness.
    let is_exact = |f: &Finding| f.margin == Some(0.0) && f.verdict != Verdict::Fail;
    let near = |f: &Finding| match nearness(f) {
        Some(near) if !is_exact(f) => near,
        _ => f64::INFINITY,
    };
    let mut sorted: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| {
        let order = b.verdict.cmp(&a.verdict);
        order.then(near(a).total_cmp(&near(b)))
    });
    sorted
}

fn margins(ui: &mut egui::Ui, findings: &[Finding]) {
    // Whole rows, so that none is cut.
    let height = ui.spacing().interact_size.y + ROW_SPACING;
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
                    for (_, finding) in sorted(findings) {
                        row(ui, finding);
                    }
                });
        });
}

fn row(ui: &mut egui::Ui, finding: &Finding) {
    let standing = Standing::of(finding);
    let [r, g, b] = match standing {
        Standing::Warned => ink::YELLOW,
        Standing::Holds => ink::SKY,
        Standing::Open => [170, 170, 170],
        Standing::Broken => ink::VERMILION,
    };
    ui.label(
        RichText::new(standing.word())
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
pub(super) fn margin(finding: &Finding) -> String {
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

pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}\u{2026}")
}
