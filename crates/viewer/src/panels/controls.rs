//! What can be done to a run: buttons, faults, surroundings, parameters, saving.

use std::ops::RangeInclusive;

use bevy_egui::egui;
use kneadsim_firmware::Config;
use kneadsim_plant::Knob;
use kneadsim_plant::body::{Profile, Site};
use kneadsim_scenario::settings::CLOTHING;
use kneadsim_sim::fault::{CATALOGUE, CatalogueRow, FaultKind, FaultSpec, Parameter};
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
                    keep(ui, view);
                    section(ui, "firmware's parameters", false, |ui| {
                        parameters(ui, view)
                    });
                    section(ui, "break something", true, |ui| faults(ui, view));
                    section(ui, "user and surroundings", true, |ui| {
                        surroundings(ui, view)
                    });
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

/// A row for each fault: its targets are buttons, its number stands beneath.
fn faults(ui: &mut egui::Ui, view: &mut View) {
    let mut chosen: Option<FaultSpec> = None;
    egui::ScrollArea::vertical()
        .id_salt("faults")
        .max_height(170.0)
        .show(ui, |ui| {
            for row in CATALOGUE {
                let pressed = targets(ui, row);
                let value = row.parameter.map(|parameter| number(ui, row, &parameter));
                if let Some(target) = pressed {
                    let mut fault = FaultSpec::lasting(row.kind, target, 0);
                    fault.value = value.unwrap_or(fault.value);
                    chosen = Some(fault);
                }
            }
        });
    if let Some(fault) = chosen
        && let Some(live) = view.live()
    {
        let what = fault_now(&live.session, fault);
        view.act(what);
    }
}

/// The fault's name and a button for each target: beside it, or beneath where there are many.
fn targets(ui: &mut egui::Ui, row: &CatalogueRow) -> Option<u8> {
    let mut pressed = None;
    let names = row.targets.names();
    let mut button = |ui: &mut egui::Ui, target: usize| {
        if ui.small_button(names[target]).clicked() {
            pressed = Some(target as u8);
        }
    };
    let name = |ui: &mut egui::Ui| {
        ui.label(row.kind.name()).on_hover_text(row.meaning);
    };
    if names.len() <= 2 {
        ui.horizontal(|ui| {
            name(ui);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                for target in (0..names.len()).rev() {
                    button(ui, target);
                }
            });
        });
    } else {
        name(ui);
        ui.horizontal_wrapped(|ui| {
            for target in 0..names.len() {
                button(ui, target);
            }
        });
    }
    pressed
}

/// The number of a fault that takes one, as it was left.
fn number(ui: &mut egui::Ui, row: &CatalogueRow, parameter: &Parameter) -> f64 {
    let id = ui.id().with(row.kind.name());
    let mut value = ui.data(|data| data.get_temp(id));
    let value = value.get_or_insert(parameter.default);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        let unit = match parameter.unit {
            "1" => "",
            unit => unit,
        };
        let drag = egui::DragValue::new(value)
            .range(parameter.min..=parameter.max)
            .speed((parameter.max - parameter.min) / 400.0)
            .max_decimals(3);
        ui.label(egui::RichText::new(parameter.name).small());
        ui.add(drag);
        ui.label(egui::RichText::new(unit).small());
    });
    ui.data_mut(|data| data.insert_temp(id, *value));
    *value
}

/// What a user would change; each acts at once.
fn surroundings(ui: &mut egui::Ui, view: &mut View) {
    who(ui, view);
    clothing(ui, view);
    blanket(ui, view);
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
        let now = live.session.condition(knob);
        if let Some(value) = slider(ui, label, now, range, knob.doc()) {
            turn(view, knob, value);
        }
    }
}

fn turn(view: &mut View, knob: Knob, value: f64) {
    view.act(What::Do(Action::Set {
        knob,
        value,
        over_ticks: 0,
    }));
}

/// A body cannot become another one while it runs: it is another from the start.
fn who(ui: &mut egui::Ui, view: &mut View) {
    let Some(live) = view.live() else { return };
    let body = live.case.spec.build.body;
    let sites = Site::ALL.map(Site::name);
    let profiles = Profile::ALL.map(Profile::name);
    if let Some(name) = one_of(ui, "site", body.site.name(), &sites) {
        view.change_user("user.site", name);
    }
    if let Some(name) = one_of(ui, "user", body.profile.name(), &profiles) {
        view.change_user("user.profile", name);
    }
}

fn clothing(ui: &mut egui::Ui, view: &mut View) {
    let Some(live) = view.live() else { return };
    let present = [Knob::ClothingM2kPerW, Knob::ClothingJPerM2K];
    let present = present.map(|knob| live.session.condition(knob));
    let now = CLOTHING
        .iter()
        .find(|(_, m2k_per_w, j_per_m2_k)| [*m2k_per_w, *j_per_m2_k] == present);
    let now = now.map_or("other", |(name, _, _)| *name);
    let names = CLOTHING.map(|(name, _, _)| name);
    let chosen = one_of(ui, "clothing", now, &names);
    let found = CLOTHING.iter().find(|(name, _, _)| Some(*name) == chosen);
    if let Some((_, m2k_per_w, j_per_m2_k)) = found {
        turn(view, Knob::ClothingM2kPerW, *m2k_per_w);
        turn(view, Knob::ClothingJPerM2K, *j_per_m2_k);
    }
}

fn blanket(ui: &mut egui::Ui, view: &mut View) {
    let Some(live) = view.live() else { return };
    let whole = FaultSpec::lasting(FaultKind::Blanket, 0, 0).value;
    let now = live.session.condition(Knob::BlanketM2kPerW);
    let name = if now == 0.0 {
        "none"
    } else if now == whole {
        "over it"
    } else {
        "other"
    };
    match one_of(ui, "blanket", name, &["none", "over it"]) {
        Some("none") => turn(view, Knob::BlanketM2kPerW, 0.0),
        Some(_) => turn(view, Knob::BlanketM2kPerW, whole),
        None => {}
    }
}

/// A choice by name; what was chosen, where that is something else.
fn one_of(
    ui: &mut egui::Ui,
    label: &str,
    now: &str,
    names: &[&'static str],
) -> Option<&'static str> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.add_sized([54.0, 18.0], egui::Label::new(label));
        egui::ComboBox::from_id_salt(label)
            .width(118.0)
            .selected_text(now)
            .show_ui(ui, |ui| {
                for name in names {
                    if ui.selectable_label(*name == now, *name).clicked() && *name != now {
                        chosen = Some(*name);
                    }
                }
            });
    });
    chosen
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
                let now = decimal(config.get(field.name).unwrap_or(field.default));
                let label = format!("{}, {}", field.name, field.unit);
                let range = decimal(field.min)..=decimal(field.max);
                if let Some(value) = slider(ui, &label, now, range, field.doc) {
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

/// A slider that acts while it moves; what is typed acts when it is done.
fn slider(
    ui: &mut egui::Ui,
    label: &str,
    now: f64,
    range: RangeInclusive<f64>,
    doc: &str,
) -> Option<f64> {
    let mut value = now;
    ui.label(label).on_hover_text(doc);
    // Of a range over decades, each gets its share.
    let is_wide = *range.start() > 0.0 && range.end() / range.start() > 1e3;
    let slider = egui::Slider::new(&mut value, range)
        .max_decimals(7)
        .logarithmic(is_wide)
        .update_while_editing(false)
        .clamping(egui::SliderClamping::Always);
    let response = ui.add(slider);
    // It also counts as changed where only its own rounding or bounds have changed it.
    let is_moved = response.dragged() || response.drag_stopped() || response.clicked();
    let is_typed = response.has_focus() || response.lost_focus();
    (response.changed() && (is_moved || is_typed)).then_some(value)
}

/// The number that is meant by a value with half the digits: 0.1 for 0.1.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Forks, and files to write.
fn keep(ui: &mut egui::Ui, view: &mut View) {
    ui.label(egui::RichText::new("this run").strong());
    ui.horizontal_wrapped(|ui| {
        if ui.button("fork here").on_hover_text("K").clicked() {
            view.fork();
        }
        if view.ghost.is_some() {
            let drop = ui.button("drop second");
            if drop.on_hover_text("the run behind this one").clicked() {
                view.ghost = None;
            }
            ui.checkbox(&mut view.is_difference, "plot the difference")
                .on_hover_text("D");
        }
        let save = ui.button("save scenario");
        if save.on_hover_text("for kneadsim run").clicked() {
            view.save_scenario();
        }
        let save = ui.button("parameters");
        if save
            .on_hover_text("save the firmware's parameters")
            .clicked()
        {
            view.save_parameters();
        }
    });
    ui.add_space(4.0);
}
