//! Plots over one time axis.

use std::ops::RangeInclusive;

use bevy_egui::egui::{self, Color32};
use egui_plot::{
    AxisHints, GridInput, GridMark, HLine, Line, Plot, PlotPoint, PlotPoints, PlotTransform, VLine,
};
use kneadsim_plant::TICK_S;
use kneadsim_sim::check::Finding;
use kneadsim_sim::signal::Signal;

use super::lanes;
use super::legend::Legend;
use crate::heat::Scale;
use crate::plots::{self, Axes, PLOTS};
use crate::session::Record;
use crate::view::View;

/// Width of the label of the vertical axes, so that all plots begin at one place.
const AXIS_WIDTH: f32 = 38.0;
/// Time axes end that much after the run.
const END_ROOM: f64 = 1.04;
/// Beyond a limit.
const BEYOND: Color32 = Color32::from_rgba_premultiplied(22, 6, 6, 0);
/// Height of the times beneath the last plot, points.
const TIMES: f32 = 18.0;
/// A limit's words want so much room, points.
const WORDS: f32 = 14.0;
/// Of the grid's lines.
pub(super) const GRID: Color32 = Color32::from_gray(90);
/// Of limits.
const LIMIT: Color32 = Color32::from_rgb(235, 95, 95);

pub(super) fn show(root: &mut egui::Ui, view: &mut View, findings: &[Finding]) {
    let (mut wanted, mut pages) = (None, view.pages);
    egui::Panel::right("plots")
        .default_size(430.0)
        .size_range(300.0..=900.0)
        .show(root, |ui| {
            let Some(record) = view.record() else { return };
            let now_s = f64::from(view.tick()) * TICK_S;
            // A little beyond the end, so that its mark has room.
            let until_s = END_ROOM * f64::from(view.last_tick().max(100)) * TICK_S;
            let checks = view
                .live()
                .map_or(&[][..], |live| &live.session.bench().spec().checks);
            let ghost = view.ghost.as_ref().map(|g| g.record());
            let is_difference = view.is_difference && ghost.is_some();
            let mut each = Vec::new();
            for (index, (plot_pages, page)) in PLOTS.iter().zip(pages).enumerate() {
                let axes = plot_pages.get(page).unwrap_or(&plot_pages[0]);
                let shown = Shown {
                    axes,
                    record,
                    ghost,
                    is_difference,
                    now_s,
                    until_s,
                    limits: if is_difference {
                        Vec::new()
                    } else {
                        plots::limits(axes, checks)
                    },
                    is_last: index + 1 == PLOTS.len(),
                };
                let faint = (index == 0 && ghost.is_some() && !is_difference)
                    .then_some("faint: second run");
                each.push((Legend::new(ui, title(&shown), axes.curves, faint), shown));
            }
            let legends: f32 = each.iter().map(|(legend, _)| legend.height()).sum();
            let gaps = (2.0 * PLOTS.len() as f32 + 1.0) * ui.spacing().item_spacing.y;
            let free = ui.available_height() - legends - gaps - TIMES - lanes::height(ui, findings);
            // The temperatures' plot is three times as high as the others.
            let unit = free / (PLOTS.len() as f32 + 2.0);
            for (index, (legend, shown)) in each.iter().enumerate() {
                let count = PLOTS[index].len();
                if legend.show(ui, count > 1) {
                    pages[index] = (pages[index] + 1) % count;
                }
                let height = if index == 0 { 3.0 * unit } else { unit };
                if let Some(time_s) = plot(ui, shown, height.max(40.0)) {
                    wanted = Some(time_s);
                }
            }
            lanes::show(ui, view, findings, until_s, AXIS_WIDTH);
        });
    view.pages = pages;
    if let Some(time_s) = wanted {
        view.playback.is_playing = false;
        view.go_to((time_s / TICK_S).round() as u32);
    }
}

/// One plot.
struct Shown<'a> {
    axes: &'a Axes,
    record: &'a Record,
    ghost: Option<&'a Record>,
    is_difference: bool,
    now_s: f64,
    until_s: f64,
    limits: Vec<(f64, String)>,
    is_last: bool,
}

impl Shown<'_> {
    /// A curve of the first run, or what it is more than in the second.
    fn series(&self, signal: Signal) -> Box<dyn Iterator<Item = [f64; 2]> + '_> {
        match self.ghost {
            Some(ghost) if self.is_difference => {
                Box::new(plots::difference(self.record, ghost, signal))
            }
            Some(_) | None => Box::new(self.record.series(signal)),
        }
    }
}

/// Draws it; gives the time that was clicked.
fn plot(ui: &mut egui::Ui, shown: &Shown<'_>, height: f32) -> Option<f64> {
    let width = f64::from(ui.available_width()).max(50.0);
    let near = nearby(shown);
    let mut empty = Plot::new(shown.axes.title);
    if near.is_empty() {
        // Before there is anything to see.
        empty = empty.include_y(0.0).include_y(1.0);
    }
    let response = empty
        .height(height)
        .x_grid_spacer(time_marks)
        .y_grid_spacer(value_marks)
        .grid_spacing(12.0..=300.0)
        .grid_color(GRID)
        .include_x(0.0)
        .include_x(shown.until_s)
        .set_margin_fraction(egui::vec2(0.0, 0.06))
        .link_axis("time", [true, false])
        .link_cursor("time", [true, false])
        .allow_scroll(false)
        .allow_drag(false)
        .show_axes([shown.is_last, true])
        .x_axis_formatter(|mark, _| {
            let s = mark.value;
            format!("{}:{:02}", (s / 60.0) as i64, (s % 60.0) as i64)
        })
        .custom_y_axes(vec![
            AxisHints::new_y()
                .formatter(|mark, _| short(mark.value))
                .label_spacing(8.0..=12.0)
                .min_thickness(AXIS_WIDTH),
        ])
        .show(ui, |plot| {
            for (value, _) in &shown.limits {
                // A limit far beyond everything would flatten what is looked at.
                if near.contains(value) {
                    plot.hline(
                        HLine::new("", *value)
                            .color(LIMIT)
                            .style(egui_plot::LineStyle::dashed_loose())
                            .allow_hover(false),
                    );
                }
            }
            if shown.is_difference {
                plot.hline(
                    HLine::new("", 0.0)
                        .color(Color32::from_gray(120))
                        .allow_hover(false),
                );
            }
            for curve in shown.axes.curves {
                let [r, g, b] = curve.colour;
                if let Some(ghost) = shown.ghost.filter(|_| !shown.is_difference) {
                    for points in stretches(ghost.series(curve.signal), shown.until_s, width) {
                        plot.line(
                            Line::new("second run", PlotPoints::new(points))
                                .color(Color32::from_rgba_unmultiplied(r, g, b, 90))
                                .width(1.2),
                        );
                    }
                }
                for points in stretches(shown.series(curve.signal), shown.until_s, width) {
                    plot.line(
                        Line::new(curve.name, PlotPoints::new(points))
                            .color(Color32::from_rgb(r, g, b))
                            .width(1.6),
                    );
                }
            }
            plot.vline(
                VLine::new("", shown.now_s)
                    .color(Color32::from_gray(190))
                    .allow_hover(false),
            );
            let clicked = plot.response().clicked();
            clicked
                .then(|| plot.pointer_coordinate().map(|p| p.x))
                .flatten()
        });
    bands(ui, shown, &near, &response.transform);
    response.inner
}

/// What lies beyond limits, the more of them the redder, and their words where there is room.
fn bands(ui: &egui::Ui, shown: &Shown<'_>, near: &RangeInclusive<f64>, transform: &PlotTransform) {
    let frame = *transform.frame();
    let painter = ui.painter_at(frame);
    let y = |value: f64| {
        let at = PlotPoint::new(0.0, value);
        transform.position_from_point(&at).y
    };
    let mut lines: Vec<(f32, &str)> = shown
        .limits
        .iter()
        .filter(|(value, _)| near.contains(value))
        .map(|(value, words)| (y(*value), words.as_str()))
        .collect();
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (index, (y, words)) in lines.iter().enumerate() {
        let band = egui::Rect::from_x_y_ranges(frame.x_range(), frame.top()..=*y);
        painter.rect_filled(band, 0.0, BEYOND);
        let above = index.checked_sub(1).and_then(|i| lines.get(i));
        let above = above.map_or(frame.top(), |line| line.0);
        let below = lines.get(index + 1).map_or(frame.bottom(), |line| line.0);
        let (align, shift) = if below - y >= WORDS {
            (egui::Align2::RIGHT_TOP, 1.0)
        } else if y - above >= WORDS {
            (egui::Align2::RIGHT_BOTTOM, -1.0)
        } else {
            continue;
        };
        let at = egui::pos2(frame.right() - 3.0, y + shift);
        painter.text(at, align, words, egui::FontId::proportional(10.0), LIMIT);
    }
}

/// The title above a plot.
fn title(shown: &Shown<'_>) -> String {
    if shown.is_difference {
        let what = shown.axes.title.split(',').next().unwrap_or_default();
        format!("{what}, less second, {}", shown.axes.unit)
    } else {
        shown.axes.title.to_owned()
    }
}

/// A number of few characters.
fn short(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-2 {
        return format!("{value:.0e}");
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Round times: about one mark for every sixth of what is seen.
fn time_marks(input: GridInput) -> Vec<GridMark> {
    const STEPS_S: [f64; 13] = [
        0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0,
    ];
    let (low, high) = input.bounds;
    let wanted = (high - low) / 5.0;
    let step = STEPS_S.into_iter().find(|s| *s >= wanted);
    let step = step.unwrap_or(14_400.0);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last.min(first + 1_000))
        .map(|i| GridMark {
            value: i as f64 * step,
            step_size: step,
        })
        .collect()
}

/// Round values: about one mark for every third of what is seen.
fn value_marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let mut marks = Scale { low, high }.marks();
    if marks.len() > 4 {
        // Every other one, zero among them.
        let step = marks[1] - marks[0];
        marks.retain(|mark| ((mark / step).round() as i64) % 2 == 0);
    }
    let step_size = match marks[..] {
        [first, second, ..] => second - first,
        _ => high - low,
    };
    let each = marks.into_iter();
    each.map(|value| GridMark { value, step_size }).collect()
}

/// Where a limit is drawn: within half of the span of what is plotted beyond it.
fn nearby(shown: &Shown<'_>) -> RangeInclusive<f64> {
    let all = shown
        .axes
        .curves
        .iter()
        .flat_map(|c| shown.series(c.signal));
    let (low, high) = all
        .map(|[_, v]| v)
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
    let reach = 0.5 * (high - low).max(1e-9);
    low - reach..=high + reach
}

fn stretches(
    series: impl Iterator<Item = [f64; 2]>,
    until_s: f64,
    width: f64,
) -> Vec<Vec<[f64; 2]>> {
    plots::thinned(series, 0.0, until_s, width as usize)
}
