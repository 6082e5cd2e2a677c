//! What can be done to a run: buttons, faults, surroundings, parameters, saving.

use bevy_egui::egui;
use kneadsim_firmware::Config;
use kneadsim_plant::Knob;
use kneadsim_sim::fault::{CATALOGUE, FaultSpec};
use kneadsim_sim::spec::{Action, Button};

use crate::session::{What, fault_now};
use crate::view::View;

/// Of the panel, points.
const WIDTH: f32 = 225.0;
/// As long as a finger presses.
const PRESS_TICKS: u32 = 10;

pub(super) fn show(root: &mut egui::Ui, view: &mut View) {
    egui::Panel::left("controls")
        .exact_size(WIDTH)
        .resizable(false)
        .show(root, |ui| {
            egui::ScrollArea::vertical()
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    buttons(ui, view);
                    section(ui, "break something", true, |ui| faults(ui, view));
                    section(ui, "user and surroundings", true, |ui| {
                        surroundings(ui, view)
                    });
                    section(ui, "firmware's parameters", false, |ui| {
                        parameters(ui, view)
                    });
                    section(ui, "keep", true, |ui| keep(ui, view));
                });
        });
}

fn section(ui: &mut egui::Ui, title: &str, is_open: bool, add: impl FnOnce(&mut egui::Ui)) {
    egui::CollapsingHeader::new(title)
        .default_open(is_open)
        .show(ui, add);
}

fn buttons(ui: &mut egui::Ui, view: &mut View) {
    ui.add_space(4.0);
    ui.label(egui::RichText::new("the product's buttons").strong());
    ui.horizontal_wrapped(|ui| {
        for button in Button::ALL {
            if ui.button(button.name()).clicked() {
                view.act(What::Do(Action::Press {
                    button,
                    hold_ticks: PRESS_TICKS,
                }));
            }
        }
    });
    ui.add_space(4.0);
}

/// One row a fault: its targets are buttons.
fn faults(ui: &mut egui::Ui, view: &mut View) {
    let mut chosen: Option<FaultSpec> = None;
    egui::ScrollArea::vertical()
        .id_salt("faults")
        .max_height(170.0)
        .show(ui, |ui| {
            for row in CATALOGUE {
                ui.horizontal(|ui| {
                    ui.label(row.kind.name()).on_hover_text(row.meaning);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        for (target, name) in row.targets.names().iter().enumerate().rev() {
                            if ui.small_button(*name).clicked() {
                                chosen = Some(FaultSpec::lasting(row.kind, target as u8, 0));
                            }
                        }
                    });
                });
            }
        });
    if let Some(fault) = chosen
        && let Some(live) = view.live()
    {
        let what = fault_now(&live.session, fault);
        view.act(what);
    }
}

/// Sliders of what a user would change; each acts when it is let go.
fn surroundings(ui: &mut egui::Ui, view: &mut View) {
    let shown = [
        (Knob::AmbientC, 0.0..=45.0, "room, degC"),
        (Knob::BlanketM2kPerW, 0.0..=0.6, "blanket, m2K/W"),
        (Knob::ClothingM2kPerW, 0.0..=0.06, "clothing, m2K/W"),
        (Knob::PressureKpa, 0.0..=20.0, "pressure, kPa"),
        (Knob::PerfusionScale, 0.2..=2.0, "blood flow, 1"),
        (Knob::Contact, 0.0..=1.0, "lies on it, 1"),
    ];
    for (knob, range, label) in shown {
        let Some(live) = view.live() else { return };
        let now = knob.get(live.session.bench().conditions());
        if let Some(value) = slider(ui, label, now, range, knob.doc()) {
            view.act(What::Do(Action::Set {
                knob,
                value,
                over_ticks: 0,
            }));
        }
    }
}

fn parameters(ui: &mut egui::Ui, view: &mut View) {
    let Some(live) = view.live() else { return };
    let config = *live.session.firmware();
    let mut changed: Option<Config> = None;
    let mut refused = None;
    egui::ScrollArea::vertical()
        .id_salt("parameters")
        .max_height(260.0)
        .show(ui, |ui| {
            for field in Config::FIELDS {
                let now = config.get(field.name).unwrap_or(field.default);
                let label = format!("{}, {}", field.name, field.unit);
                let range = f64::from(field.min)..=f64::from(field.max);
                if let Some(value) = slider(ui, &label, f64::from(now), range, field.doc) {
                    let mut other = config;
                    match other
                        .set(field.name, value as f32)
                        .and_then(|()| other.validate())
                    {
                        Ok(()) => changed = Some(other),
                        Err(why) => refused = Some(why.to_string()),
                    }
                }
            }
        });
    if let Some(config) = changed {
        view.act(What::Do(Action::Configure(Box::new(config))));
    } else if let Some(why) = refused {
        view.message = why;
    }
}

/// A slider that keeps what is dragged until it is let go; then that value.
fn slider(
    ui: &mut egui::Ui,
    label: &str,
    now: f64,
    range: std::ops::RangeInclusive<f64>,
    doc: &str,
) -> Option<f64> {
    let id = ui.id().with(label);
    let mut value = ui.data(|data| data.get_temp(id)).unwrap_or(now);
    ui.label(label).on_hover_text(doc);
    let slider = egui::Slider::new(&mut value, range)
        .max_decimals(4)
        .clamping(egui::SliderClamping::Always);
    let response = ui.add(slider);
    if response.dragged() || response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, value));
    }
    let is_done = response.drag_stopped() || response.lost_focus();
    if !is_done {
        return None;
    }
    ui.data_mut(|data| data.remove::<f64>(id));
    (value != now).then_some(value)
}

fn keep(ui: &mut egui::Ui, view: &mut View) {
    ui.vertical(|ui| {
        if ui.button("fork here").on_hover_text("K").clicked() {
            view.fork();
        }
        if view.ghost.is_some() && ui.button("drop the second run").clicked() {
            view.ghost = None;
        }
        if ui.button("save scenario").clicked() {
            view.save_scenario();
        }
        if ui.button("save parameters").clicked() {
            view.save_parameters();
        }
    });
    if !view.message.is_empty() {
        ui.label(egui::RichText::new(&view.message).italics());
    }
}
