//! Plots over one time axis, and lanes of modes and faults beneath them.

use std::ops::RangeInclusive;

use bevy_egui::egui::{self, Color32};
use egui_plot::{GridInput, GridMark, HLine, Line, Plot, PlotPoint, PlotPoints, Text, VLine};
use kneadsim_plant::TICK_S;

use crate::plots::{self, Axes, PLOTS, Span, ink};
use crate::session::Record;
use crate::view::View;

/// Width of the label of the vertical axes, so that all plots begin at one place.
const AXIS_WIDTH: f32 = 38.0;
/// Time axes end that much after the run.
const END_ROOM: f64 = 1.04;
/// Of limits.
const LIMIT: Color32 = Color32::from_rgb(235, 95, 95);
/// Height of a lane.
const LANE: f32 = 18.0;

pub(super) fn show(root: &mut egui::Ui, view: &mut View) {
    let mut wanted = None;
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
            let spacing = ui.spacing().item_spacing.y;
            let lanes = 2.0 * (LANE + spacing);
            let count = PLOTS.len() as f32;
            // The temperatures' plot is half as high again as the others.
            let titles = (count + 1.0) * 19.0;
            let unit = (ui.available_height() - lanes - titles - (2.0 * count + 1.0) * spacing)
                / (count + 1.0);
            for (index, axes) in PLOTS.iter().enumerate() {
                let height = if index == 0 { 2.0 * unit } else { unit };
                let limits = plots::limits(axes, checks);
                let shown = Shown {
                    axes,
                    record,
                    ghost,
                    now_s,
                    until_s,
                    limits: &limits,
                    height: height.max(40.0),
                    is_first: index == 0,
                    is_last: index + 1 == PLOTS.len(),
                };
                if let Some(time_s) = plot(ui, &shown) {
                    wanted = Some(time_s);
                }
            }
            lane(ui, "mode", &plots::modes(record), until_s, now_s);
            lane(ui, "fault", &plots::faults(record), until_s, now_s);
        });
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
    now_s: f64,
    until_s: f64,
    limits: &'a [(f64, String)],
    height: f32,
    is_first: bool,
    is_last: bool,
}

/// Draws it; gives the time that was clicked.
fn plot(ui: &mut egui::Ui, shown: &Shown<'_>) -> Option<f64> {
    legend(ui, shown);
    let width = f64::from(ui.available_width()).max(50.0);
    let near = nearby(shown);
    let response = Plot::new(shown.axes.title)
        .height(shown.height)
        .x_grid_spacer(time_marks)
        .grid_spacing(16.0..=300.0)
        .y_axis_min_width(AXIS_WIDTH)
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
        .y_axis_formatter(|mark, _| short(mark.value))
        .show(ui, |plot| {
            for (value, words) in shown.limits {
                // A limit far beyond everything would flatten what is looked at.
                if near.contains(value) {
                    plot.hline(
                        HLine::new("", *value)
                            .color(LIMIT)
                            .style(egui_plot::LineStyle::dashed_loose())
                            .allow_hover(false),
                    );
                    let below = 0.03 * plot.plot_bounds().height();
                    let at = PlotPoint::new(shown.until_s, *value - below);
                    let text = egui::RichText::new(words.clone()).size(10.0).color(LIMIT);
                    plot.text(Text::new("", at, text).anchor(egui::Align2::RIGHT_TOP));
                }
            }
            for curve in shown.axes.curves {
                let [r, g, b] = curve.colour;
                if let Some(ghost) = shown.ghost {
                    for points in stretches(ghost, curve, shown.until_s, width) {
                        plot.line(
                            Line::new("second run", PlotPoints::new(points))
                                .color(Color32::from_rgba_unmultiplied(r, g, b, 90))
                                .width(1.2),
                        );
                    }
                }
                for points in stretches(shown.record, curve, shown.until_s, width) {
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
    response.inner
}

/// The title and the curves' names in their colours.
fn legend(ui: &mut egui::Ui, shown: &Shown<'_>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(5.0, 1.0);
        ui.label(egui::RichText::new(shown.axes.title).size(12.0).strong());
        for curve in shown.axes.curves {
            let [r, g, b] = curve.colour;
            let colour = Color32::from_rgb(r, g, b);
            let (swatch, _) = ui.allocate_exact_size(egui::vec2(9.0, 9.0), egui::Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, colour);
            ui.label(egui::RichText::new(curve.name).size(11.0).color(colour));
        }
        if shown.ghost.is_some() && shown.is_first {
            ui.label(egui::RichText::new("faint: second run").size(11.0));
        }
    });
}

/// A number of few characters.
fn short(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 {
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

/// Where a limit is drawn: within half of the span of what is plotted beyond it.
fn nearby(shown: &Shown<'_>) -> RangeInclusive<f64> {
    let all = shown
        .axes
        .curves
        .iter()
        .flat_map(|c| shown.record.series(c.signal));
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
    record: &Record,
    curve: &plots::Curve,
    until_s: f64,
    width: f64,
) -> Vec<Vec<[f64; 2]>> {
    plots::thinned(record.series(curve.signal), 0.0, until_s, width as usize)
}

/// What was when, on the same axis.
fn lane(ui: &mut egui::Ui, title: &str, spans: &[Span], until_s: f64, now_s: f64) {
    let size = egui::vec2(ui.available_width(), LANE);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let painter = ui.painter_at(rect);
    let font = egui::FontId::proportional(11.0);
    let text = ui.visuals().text_color();
    painter.text(
        rect.left_center(),
        egui::Align2::LEFT_CENTER,
        title,
        font.clone(),
        text,
    );
    let left = rect.left() + AXIS_WIDTH;
    let x = |time_s: f64| left + (rect.right() - left) * (time_s / until_s) as f32;
    painter.rect_filled(
        egui::Rect::from_x_y_ranges(left..=rect.right(), rect.y_range()),
        2.0,
        Color32::from_rgb(18, 19, 23),
    );
    for span in spans {
        let bar = egui::Rect::from_x_y_ranges(x(span.from_s)..=x(span.until_s), rect.y_range());
        let [r, g, b] = colour_of(span.label);
        painter.rect_filled(
            bar.shrink2(egui::vec2(0.5, 1.0)),
            2.0,
            Color32::from_rgb(r, g, b),
        );
        let words = painter.layout_no_wrap(span.label.to_owned(), font.clone(), Color32::BLACK);
        if words.size().x + 6.0 < bar.width() {
            let at = bar.center() - words.size() / 2.0;
            painter.galley(at, words, Color32::BLACK);
        }
    }
    painter.vline(x(now_s), rect.y_range(), (1.0, Color32::from_gray(190)));
}

/// Of a mode or a fault.
fn colour_of(label: &str) -> [u8; 3] {
    match label {
        "off" => [120, 124, 130],
        "self_test" => ink::YELLOW,
        "warming" => ink::ORANGE,
        "holding" => ink::GREEN,
        "cooling" => ink::SKY,
        _ => ink::VERMILION,
    }
}
