//! Rows for what moves and feeds the massager: motors, kneading mechanism,
//! supply. Ranges are those of the plant's own check.

use kneadsim_plant::{Build, Source};

use super::product::{At, capital, number, single};
use super::{Access, Kind, Setting};

pub(super) fn motor(rows: &mut Vec<Setting>) {
    let mut each = |key: &str, unit, min, max, doc: &str, at: At| {
        for (index, name) in ["kneading", "vibration"].into_iter().enumerate() {
            let path = format!("product.motor.{name}.{key}");
            rows.push(number(
                path,
                unit,
                min,
                max,
                &format!("{doc} {} motor.", capital(name)),
                Access::Number(at, index),
                2,
            ));
        }
    };
    each(
        "resistance_ohm",
        "ohm",
        0.01,
        1e4,
        "Winding resistance at 25 degC.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.resistance_ohm),
    );
    each(
        "tempco_per_k",
        "1/K",
        0.0,
        0.01,
        "Temperature coefficient of the winding from 25 degC.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.tempco_per_k),
    );
    each(
        "inductance_h",
        "H",
        1e-6,
        1.0,
        "Winding inductance.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.inductance_h),
    );
    each(
        "constant_nm_per_a",
        "Nm/A",
        1e-5,
        10.0,
        "Torque constant, and back-EMF constant in V s/rad.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.constant_nm_per_a),
    );
    each(
        "inertia_kg_m2",
        "kg m2",
        1e-9,
        1.0,
        "Inertia of the rotor.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.inertia_kg_m2),
    );
    each(
        "dry_friction_nm",
        "Nm",
        0.0,
        10.0,
        "Dry friction at the rotor.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.dry_friction_nm),
    );
    each(
        "viscous_nm_s",
        "Nm s/rad",
        0.0,
        1.0,
        "Viscous friction at the rotor.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.viscous_nm_s),
    );
    each(
        "gear",
        "1",
        0.1,
        1e4,
        "Gear reduction, rotor turns per output turn.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.gear),
    );
    each(
        "load_nm",
        "Nm",
        0.0,
        1e3,
        "Mean load at the output shaft.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.load_nm),
    );
    each(
        "load_ripple",
        "1",
        0.0,
        1.0,
        "Load ripple with twice the output angle, as a share of the mean.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.load_ripple),
    );
    each(
        "gear_loss",
        "1",
        0.0,
        1.0,
        "Share of the output load that is friction of the gear.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.gear_loss),
    );
    each(
        "encoder_counts_per_turn",
        "1",
        0.0,
        1e5,
        "Encoder counts per rotor turn; 0 is no encoder.",
        |d, m| {
            d.build
                .motors
                .get_mut(m)
                .map(|m| &mut m.encoder_counts_per_turn)
        },
    );
    each(
        "winding_to_case_k_per_w",
        "K/W",
        0.01,
        1e3,
        "Thermal resistance from winding to case.",
        |d, m| {
            d.build
                .motors
                .get_mut(m)
                .map(|m| &mut m.winding_to_case_k_per_w)
        },
    );
    each(
        "case_to_ambient_k_per_w",
        "K/W",
        0.01,
        1e3,
        "Thermal resistance from case to surroundings.",
        |d, m| {
            d.build
                .motors
                .get_mut(m)
                .map(|m| &mut m.case_to_ambient_k_per_w)
        },
    );
    each(
        "winding_j_per_k",
        "J/K",
        0.01,
        1e5,
        "Heat capacity of the winding.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.winding_j_per_k),
    );
    each(
        "case_j_per_k",
        "J/K",
        0.01,
        1e6,
        "Heat capacity of the case.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.case_j_per_k),
    );
    each(
        "into_pad",
        "1",
        0.0,
        1.0,
        "Share of the case's heat that goes into the pad.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.into_pad),
    );
    each(
        "place.x_m",
        "m",
        0.0,
        2.0,
        "Where it sits behind the pad, across.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.place.x_m),
    );
    each(
        "place.y_m",
        "m",
        0.0,
        2.0,
        "Where it sits behind the pad, along.",
        |d, m| d.build.motors.get_mut(m).map(|m| &mut m.place.y_m),
    );
}

pub(super) fn kneading(rows: &mut Vec<Setting>) {
    for (index, side) in ["left", "right"].into_iter().enumerate() {
        let mut row = |axis: &str, doc: &str, at: At| {
            let path = format!("product.kneading.centres.{side}.{axis}");
            rows.push(number(
                path,
                "m",
                0.0,
                2.0,
                doc,
                Access::Number(at, index),
                2,
            ));
        };
        row("x_m", "Centre of that node's circle, across.", |d, i| {
            d.build.kneading.centres.get_mut(i).map(|c| &mut c.x_m)
        });
        row("y_m", "Centre of that node's circle, along.", |d, i| {
            d.build.kneading.centres.get_mut(i).map(|c| &mut c.y_m)
        });
    }
    let mut row = |key: &str, unit, min, max, doc: &str, at: At| {
        single(
            rows,
            &format!("product.kneading.{key}"),
            unit,
            (min, max),
            doc,
            at,
        )
    };
    row(
        "radius_m",
        "m",
        0.0,
        0.5,
        "Radius of the circles on which the nodes move.",
        |d, _| Some(&mut d.build.kneading.radius_m),
    );
    row(
        "node_radius_m",
        "m",
        0.001,
        0.2,
        "Radius of the patch that a node presses.",
        |d, _| Some(&mut d.build.kneading.node_radius_m),
    );
    row(
        "force_n",
        "N",
        0.0,
        500.0,
        "Force of a node turning forwards.",
        |d, _| Some(&mut d.build.kneading.force_n),
    );
    row(
        "reverse_share",
        "1",
        0.0,
        1.0,
        "Force of a node turning backwards, as a share of `force_n`.",
        |d, _| Some(&mut d.build.kneading.reverse_share),
    );
}

/// The reference adapter.
pub(super) fn adapter() -> Source {
    match Build::default().supply.source {
        adapter @ Source::Adapter { .. } => adapter,
        // The reference product has an adapter; should that change, this stays one.
        Source::Pack { .. } => Source::Adapter {
            emf_v: 12.0,
            resistance_ohm: 0.15,
            limit_a: 3.6,
        },
    }
}

/// The reference pack: three 18650 cells in series, 2.6 Ah (estimate), 0.12 ohm
/// as in the product sheet, 140 g at 960 J/kgK and 8 K/W to the room (estimates).
pub(super) fn pack() -> Source {
    Source::Pack {
        capacity_ah: 2.6,
        resistance_ohm: 0.12,
        charge: 1.0,
        heat_j_per_k: 135.0,
        to_ambient_k_per_w: 8.0,
    }
}

pub(super) fn supply(rows: &mut Vec<Setting>) {
    rows.push(Setting {
        path: "product.supply.source".into(),
        kind: Kind::Choice(vec!["adapter", "pack"]),
        doc: "Mains adapter, or a pack of three lithium cells in series.".into(),
        rank: 0,
        access: Access::Source,
    });
    let mut row = |key: &str, unit, min, max, doc: &str, at: At| {
        single(
            rows,
            &format!("product.supply.{key}"),
            unit,
            (min, max),
            doc,
            at,
        )
    };
    row(
        "emf_v",
        "V",
        0.0,
        60.0,
        "Open-circuit voltage. Adapter only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { emf_v, .. } => Some(emf_v),
            Source::Pack { .. } => None,
        },
    );
    row(
        "resistance_ohm",
        "ohm",
        0.001,
        100.0,
        "Output or internal resistance.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { resistance_ohm, .. } | Source::Pack { resistance_ohm, .. } => {
                Some(resistance_ohm)
            }
        },
    );
    row(
        "limit_a",
        "A",
        0.01,
        1e3,
        "Current at which the voltage folds. Adapter only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { limit_a, .. } => Some(limit_a),
            Source::Pack { .. } => None,
        },
    );
    row(
        "capacity_ah",
        "Ah",
        0.01,
        1e3,
        "Capacity. Pack only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { .. } => None,
            Source::Pack { capacity_ah, .. } => Some(capacity_ah),
        },
    );
    row(
        "charge",
        "1",
        0.0,
        1.0,
        "State of charge at the start. Pack only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { .. } => None,
            Source::Pack { charge, .. } => Some(charge),
        },
    );
    row(
        "heat_j_per_k",
        "J/K",
        1.0,
        1e6,
        "Heat capacity. Pack only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { .. } => None,
            Source::Pack { heat_j_per_k, .. } => Some(heat_j_per_k),
        },
    );
    row(
        "to_ambient_k_per_w",
        "K/W",
        0.01,
        1e3,
        "Thermal resistance to the surroundings. Pack only.",
        |d, _| match &mut d.build.supply.source {
            Source::Adapter { .. } => None,
            Source::Pack {
                to_ambient_k_per_w, ..
            } => Some(to_ambient_k_per_w),
        },
    );
    row(
        "logic_a",
        "A",
        0.0,
        10.0,
        "What the logic draws.",
        |d, _| Some(&mut d.build.supply.logic_a),
    );
}
