//! What is written and drawn into the scene: zones, sensors, isolines, the hottest
//! point, the colours' legend, and the temperatures over depth at the cursor.

use bevy::prelude::{Camera, GlobalTransform, Vec3};
use bevy_egui::egui::{self, Align2, Color32, FontId, Pos2, Stroke};
use egui_plot::{AxisHints, HLine, Line, Plot, PlotPoints};
use kneadsim_plant::{Build, Place};

use super::plots::GRID;
use crate::heat::{Layer, Plane, Scale, colour};
use crate::plots::ink;
use crate::scene::picture::CUT_DEPTH_M;
use crate::scene::{cut_down, on_pad, top_m};
use crate::view::View;

/// How the scene comes onto the screen.
pub(super) struct Eye<'a> {
    pub camera: &'a Camera,
    pub transform: &'a GlobalTransform,
    pub rect: egui::Rect,
}

impl Eye<'_> {
    /// Where a point of the scene is drawn.
    fn seen(&self, point: Vec3) -> Option<Pos2> {
        let at = self.camera.world_to_viewport(self.transform, point).ok()?;
        Some(egui::pos2(at.x, at.y))
    }

    /// The place on the pad, in shares, under a point of the screen.
    fn pad_under(&self, build: &Build, at: Pos2) -> Option<[f64; 2]> {
        let point = bevy::math::Vec2::new(at.x, at.y);
        let ray = self.camera.viewport_to_world(self.transform, point).ok()?;
        let down = -ray.origin.y / ray.direction.y;
        let hit = (down > 0.0).then(|| ray.origin + *ray.direction * down)?;
        let (near, far) = (on_pad(build, 0.0, 0.0), on_pad(build, 1.0, 1.0));
        let u = f64::from((hit.x - near.x) / (far.x - near.x));
        let v = f64::from((hit.z - near.z) / (far.z - near.z));
        let inside = (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v);
        inside.then_some([u, v])
    }
}

pub(super) fn show(
    root: &egui::Ui,
    view: &mut View,
    eye: &Eye<'_>,
    response: &egui::Response,
    scale: &Scale,
) {
    let painter = root.painter().with_clip_rect(eye.rect);
    if let Some(live) = view.live() {
        let bench = live.session.bench();
        let build = &bench.spec().build;
        outlines(&painter, eye, build, view.cursor);
        depths(&painter, eye, build, top_m(bench.plant().field()));
        lines(&painter, eye, view, build);
        marks(&painter, eye, view, build);
        legend(&painter, eye.rect, view, scale);
        let picked = response
            .clicked()
            .then(|| response.interact_pointer_pos())
            .flatten()
            .and_then(|at| eye.pad_under(build, at));
        depth(root, eye.rect, view);
        if let Some(picked) = picked {
            view.cursor = picked;
        }
        layer_choice(root, eye.rect, view);
    } else {
        painter.text(
            eye.rect.center(),
            Align2::CENTER_CENTER,
            "A trace has curves, and no field to draw: the scenario beside it has.",
            FontId::proportional(14.0),
            Color32::from_gray(150),
        );
    }
}

/// What was last said to the user, above the scene's lower edge.
pub(super) fn message(root: &egui::Ui, rect: egui::Rect, text: &str) {
    if text.is_empty() {
        return;
    }
    let painter = root.painter().with_clip_rect(rect);
    let font = FontId::proportional(13.0);
    let galley = painter.layout(text.to_owned(), font, Color32::WHITE, rect.width() - 24.0);
    let at = rect.center_bottom() - egui::vec2(galley.size().x / 2.0, galley.size().y + 8.0);
    let back = egui::Rect::from_min_size(at, galley.size()).expand2(egui::vec2(6.0, 3.0));
    painter.rect_filled(back, 3.0, Color32::from_black_alpha(190));
    painter.galley(at, galley, Color32::WHITE);
}

/// Shares of the pad's width and height.
fn shares(build: &Build, place: Place) -> [f64; 2] {
    [
        place.x_m / build.pad.width_m,
        place.y_m / build.pad.height_m,
    ]
}

fn outlines(painter: &egui::Painter, eye: &Eye<'_>, build: &Build, cursor: [f64; 2]) {
    let frame = Stroke::new(1.0, Color32::from_gray(150));
    rectangle(painter, eye, build, [0.0, 0.0, 1.0, 1.0], frame);
    let zone = Stroke::new(1.0, Color32::from_gray(225));
    for (heater, name) in build.heaters.iter().zip(["upper zone", "lower zone"]) {
        let low = shares(
            build,
            Place {
                x_m: heater.area.x0_m,
                y_m: heater.area.y0_m,
            },
        );
        let high = shares(
            build,
            Place {
                x_m: heater.area.x1_m,
                y_m: heater.area.y1_m,
            },
        );
        rectangle(
            painter,
            eye,
            build,
            [low[0], low[1], high[0], high[1]],
            zone,
        );
        if let Some(at) = eye.seen(on_pad(build, 1.0, (low[1] + high[1]) / 2.0)) {
            words(
                painter,
                at + egui::vec2(8.0, 0.0),
                Align2::LEFT_CENTER,
                name,
                Color32::from_gray(225),
            );
        }
    }
    let [u, v] = cursor;
    let cross = Stroke::new(1.2, Color32::from_rgb(120, 220, 255));
    for (from, to) in [
        ([0.0, v], [1.0, v]),
        ([u, (v - 0.03).max(0.0)], [u, (v + 0.03).min(1.0)]),
    ] {
        segment(painter, eye, build, from, to, cross);
    }
}

/// Depths at the left edge of the cut.
fn depths(painter: &egui::Painter, eye: &Eye<'_>, build: &Build, top_m: f64) {
    for (depth_m, text) in [
        (0.0, "skin"),
        (0.01, "10 mm"),
        (0.02, "20 mm"),
        (CUT_DEPTH_M, "30 mm"),
    ] {
        let down = bevy::math::Vec3::Y
            * cut_down(top_m)
            * ((depth_m - top_m) / (CUT_DEPTH_M - top_m)) as f32;
        let at = on_pad(build, 0.0, 0.0) - down;
        if let Some(at) = eye.seen(at) {
            painter.hline(at.x - 5.0..=at.x, at.y, (1.0, Color32::from_gray(225)));
            words(
                painter,
                at - egui::vec2(8.0, 0.0),
                Align2::RIGHT_CENTER,
                text,
                Color32::from_gray(225),
            );
        }
    }
}

fn rectangle(
    painter: &egui::Painter,
    eye: &Eye<'_>,
    build: &Build,
    [x0, y0, x1, y1]: [f64; 4],
    stroke: Stroke,
) {
    let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    for (i, from) in corners.iter().enumerate() {
        segment(painter, eye, build, *from, corners[(i + 1) % 4], stroke);
    }
}

fn segment(
    painter: &egui::Painter,
    eye: &Eye<'_>,
    build: &Build,
    from: [f64; 2],
    to: [f64; 2],
    stroke: Stroke,
) {
    let seen = |[u, v]: [f64; 2]| eye.seen(on_pad(build, u, v));
    if let (Some(from), Some(to)) = (seen(from), seen(to)) {
        painter.line_segment([from, to], stroke);
    }
}

/// Lines at the limits.
fn lines(painter: &egui::Painter, eye: &Eye<'_>, view: &View, build: &Build) {
    let Some(live) = view.live() else { return };
    let bench = live.session.bench();
    let Some(plane) = Plane::of(bench.plant().field(), build, view.layer) else {
        return;
    };
    let stroke = Stroke::new(1.8, Color32::from_rgb(120, 255, 200));
    for (value, _) in view.layer.limits(&bench.spec().checks) {
        for [from, to] in plane.isolines(value) {
            segment(painter, eye, build, from, to, stroke);
        }
    }
}

/// Sensors, cut-outs, and the hottest point of the basal layer.
fn marks(painter: &egui::Painter, eye: &Eye<'_>, view: &View, build: &Build) {
    let Some(live) = view.live() else { return };
    let bench = live.session.bench();
    let signals = bench.signals();
    let value = |signal: kneadsim_sim::signal::Signal| signals[signal as usize];
    use kneadsim_sim::signal::Signal;
    let reads = [Signal::ReadUpper, Signal::ReadLower].map(value);
    let closed = [Signal::CutoutUpperClosed, Signal::CutoutLowerClosed].map(value);
    for zone in 0..2 {
        let [u, v] = shares(build, build.heaters[zone].ntc);
        if let Some(at) = eye.seen(on_pad(build, u, v)) {
            painter.circle(
                at,
                4.5,
                Color32::from_rgb(90, 200, 255),
                Stroke::new(1.0, Color32::BLACK),
            );
            let text = if bench.tick() == 0 {
                // Nothing was read yet.
                "sensor".to_owned()
            } else if reads[zone].is_finite() {
                format!("sensor reads {:.1} degC", reads[zone])
            } else {
                "sensor not believed".to_owned()
            };
            words(
                painter,
                at + egui::vec2(0.0, -8.0),
                Align2::CENTER_BOTTOM,
                &text,
                Color32::WHITE,
            );
        }
        let [u, v] = shares(build, build.heaters[zone].cutout);
        if let Some(at) = eye.seen(on_pad(build, u, v)) {
            let square = egui::Rect::from_center_size(at, egui::vec2(8.0, 8.0));
            let fill = if closed[zone] > 0.5 {
                Color32::from_gray(235)
            } else {
                {
                    let [r, g, b] = ink::VERMILION;
                    Color32::from_rgb(r, g, b)
                }
            };
            painter.rect(
                square,
                0.0,
                fill,
                Stroke::new(1.0, Color32::BLACK),
                egui::StrokeKind::Middle,
            );
            let text = if closed[zone] > 0.5 {
                "cut-out"
            } else {
                "cut-out open"
            };
            words(
                painter,
                at + egui::vec2(9.0, 0.0),
                Align2::LEFT_CENTER,
                text,
                Color32::WHITE,
            );
        }
    }
    let basal = Plane::of(bench.plant().field(), build, Layer::Basal);
    if let Some((hottest_c, u, v)) = basal.and_then(|plane| plane.hottest())
        && let Some(at) = eye.seen(on_pad(build, u, v))
    {
        let stroke = Stroke::new(2.0, Color32::from_rgb(120, 255, 200));
        let arm = egui::vec2(7.0, 7.0);
        painter.line_segment([at - arm, at + arm], stroke);
        painter.line_segment(
            [at + egui::vec2(-7.0, 7.0), at + egui::vec2(7.0, -7.0)],
            stroke,
        );
        let text = format!("hottest basal point {hottest_c:.2} degC");
        words(
            painter,
            at + egui::vec2(0.0, 16.0),
            Align2::CENTER_TOP,
            &text,
            Color32::from_rgb(170, 255, 220),
        );
    }
}

/// Words that are read on any ground.
fn words(painter: &egui::Painter, at: Pos2, align: Align2, text: &str, colour: Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(12.0), colour);
    let rect = align.anchor_size(at, galley.size());
    painter.rect_filled(
        rect.expand2(egui::vec2(3.0, 1.0)),
        3.0,
        Color32::from_black_alpha(170),
    );
    painter.galley(rect.min, galley, colour);
}

/// The colours with their numbers and unit, at the right edge.
fn legend(painter: &egui::Painter, rect: egui::Rect, view: &View, scale: &Scale) {
    let height = (rect.height() * 0.5).clamp(80.0, 260.0);
    let bar = egui::Rect::from_min_size(
        egui::pos2(rect.right() - 58.0, rect.top() + 76.0),
        egui::vec2(14.0, height),
    );
    let back = egui::Rect::from_min_max(
        bar.min - egui::vec2(12.0, 24.0),
        egui::pos2(rect.right() - 4.0, bar.max.y + 12.0),
    );
    painter.rect_filled(back, 4.0, Color32::from_black_alpha(150));
    let short = match view.layer {
        Layer::Dose => "CEM43, min",
        layer => layer.unit(),
    };
    painter.text(
        egui::pos2(back.center().x, bar.top() - 6.0),
        Align2::CENTER_BOTTOM,
        short,
        FontId::proportional(12.0),
        Color32::WHITE,
    );
    let steps = 64;
    for step in 0..steps {
        let share = f64::from(step) / f64::from(steps - 1);
        let [r, g, b] = colour(share);
        let low = bar.bottom() - height * step as f32 / steps as f32;
        let slice = egui::Rect::from_min_max(
            egui::pos2(bar.left(), low - height / steps as f32 - 0.5),
            egui::pos2(bar.right(), low),
        );
        painter.rect_filled(slice, 0.0, Color32::from_rgb(r, g, b));
    }
    for mark in scale.marks() {
        let y = bar.bottom() - height * scale.share(mark) as f32;
        painter.hline(bar.right()..=bar.right() + 4.0, y, (1.0, Color32::WHITE));
        let span = scale.high - scale.low;
        let digits = if span < 1.0 {
            2
        } else if span < 6.0 {
            1
        } else {
            0
        };
        painter.text(
            egui::pos2(bar.right() + 7.0, y),
            Align2::LEFT_CENTER,
            format!("{mark:.digits$}"),
            FontId::proportional(11.0),
            Color32::WHITE,
        );
    }
}

/// Which layer, and its range.
fn layer_choice(root: &egui::Ui, rect: egui::Rect, view: &mut View) {
    egui::Area::new("layers".into())
        .fixed_pos(rect.min + egui::vec2(8.0, 8.0))
        .show(root.ctx(), |ui| {
            egui::Frame::popup(ui.style())
                .inner_margin(4.0)
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        for layer in Layer::ALL {
                            ui.selectable_value(&mut view.layer, layer, layer.name());
                        }
                        ui.separator();
                        ui.checkbox(&mut view.is_fitted, "fit range");
                    });
                });
        });
}

/// Temperature over depth at the cursor.
fn depth(root: &egui::Ui, rect: egui::Rect, view: &View) {
    let Some(live) = view.live() else { return };
    let bench = live.session.bench();
    let (field, build) = (bench.plant().field(), &bench.spec().build);
    let place = Place {
        x_m: view.cursor[0] * build.pad.width_m,
        y_m: view.cursor[1] * build.pad.height_m,
    };
    let profile = field.profile(field.column_at(place));
    let points: Vec<[f64; 2]> = profile
        .iter()
        .filter(|(depth_m, _, _)| *depth_m <= CUT_DEPTH_M)
        .map(|(depth_m, c, _)| [*c, -depth_m * 1e3])
        .collect();
    let size = egui::vec2(150.0, (rect.height() * 0.36).clamp(110.0, 190.0));
    egui::Area::new("depth".into())
        .fixed_pos(rect.min + egui::vec2(8.0, 46.0))
        .show(root.ctx(), |ui| {
            egui::Frame::popup(ui.style())
                .inner_margin(4.0)
                .show(ui, |ui| {
                    let title = "degC over mm at the cross";
                    ui.label(egui::RichText::new(title).size(11.0));
                    Plot::new("depth")
                        .width(size.x)
                        .height(size.y - 18.0)
                        .grid_color(GRID)
                        .custom_x_axes(vec![AxisHints::new_x().label_spacing(20.0..=26.0)])
                        .custom_y_axes(vec![
                            AxisHints::new_y()
                                .label_spacing(8.0..=12.0)
                                .min_thickness(28.0),
                        ])
                        .allow_drag(false)
                        .allow_scroll(false)
                        .allow_zoom(false)
                        .include_x(30.0)
                        .include_x(46.0)
                        .show(ui, |plot| {
                            plot.hline(HLine::new("skin", 0.0).color(Color32::from_gray(150)));
                            plot.line(
                                Line::new("temperature", PlotPoints::new(points))
                                    .color(Color32::from_rgb(255, 190, 90))
                                    .width(2.0),
                            );
                        });
                });
        });
}
