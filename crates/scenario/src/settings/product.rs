//! Rows for the massager: `product.*`. Ranges are those of the plant's own check.

use kneadsim_plant::{Build, Source};

use super::{Access, Draft, Kind, Setting};

type At = fn(&mut Draft, usize) -> Option<&mut f64>;

fn number(
    path: String,
    unit: &'static str,
    min: f64,
    max: f64,
    doc: &str,
    access: Access,
    rank: u8,
) -> Setting {
    Setting {
        path,
        kind: Kind::Number { unit, min, max },
        doc: doc.to_owned(),
        rank,
        access,
    }
}

/// A number of each zone: one row for both, one for each.
pub(super) fn zoned(
    rows: &mut Vec<Setting>,
    group: &str,
    key: &str,
    unit: &'static str,
    range: (f64, f64),
    doc: &str,
    at: At,
) {
    let (min, max) = range;
    let both = format!("{doc} Both zones.");
    rows.push(number(
        format!("{group}.{key}"),
        unit,
        min,
        max,
        &both,
        Access::BothZones(at),
        1,
    ));
    each_zone(rows, group, key, unit, range, doc, at);
}

fn each_zone(
    rows: &mut Vec<Setting>,
    group: &str,
    key: &str,
    unit: &'static str,
    range: (f64, f64),
    doc: &str,
    at: At,
) {
    let (min, max) = range;
    for (index, zone) in ["upper", "lower"].into_iter().enumerate() {
        let path = format!("{group}.{zone}.{key}");
        rows.push(number(
            path,
            unit,
            min,
            max,
            &format!("{doc} {} zone.", capital(zone)),
            Access::Number(at, index),
            2,
        ));
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A number that the massager has once.
pub(super) fn single(
    rows: &mut Vec<Setting>,
    path: &str,
    unit: &'static str,
    range: (f64, f64),
    doc: &str,
    at: At,
) {
    rows.push(number(
        path.to_owned(),
        unit,
        range.0,
        range.1,
        doc,
        Access::Number(at, 0),
        2,
    ));
}

/// All rows of the massager.
pub(super) fn rows() -> Vec<Setting> {
    let mut rows = Vec::new();
    pad(&mut rows);
    heater(&mut rows);
    cutout(&mut rows);
    motor(&mut rows);
    kneading(&mut rows);
    supply(&mut rows);
    rows
}

fn pad(rows: &mut Vec<Setting>) {
    let mut row = |key: &str, unit, min, max, doc: &str, at: At| {
        single(
            rows,
            &format!("product.pad.{key}"),
            unit,
            (min, max),
            doc,
            at,
        )
    };
    row("width_m", "m", 0.02, 2.0, "Pad, across.", |d, _| {
        Some(&mut d.build.pad.width_m)
    });
    row("height_m", "m", 0.02, 2.0, "Pad, along.", |d, _| {
        Some(&mut d.build.pad.height_m)
    });
    row(
        "foam_m2k_per_w",
        "m2K/W",
        0.001,
        10.0,
        "Thermal resistance of the foam behind the film.",
        |d, _| Some(&mut d.build.pad.foam_m2k_per_w),
    );
    row(
        "foam_j_per_m2_k",
        "J/m2K",
        10.0,
        1e5,
        "Heat capacity of the foam.",
        |d, _| Some(&mut d.build.pad.foam_j_per_m2_k),
    );
    row(
        "film_j_per_m2_k",
        "J/m2K",
        10.0,
        1e5,
        "Heat capacity of the film.",
        |d, _| Some(&mut d.build.pad.film_j_per_m2_k),
    );
    row(
        "film_sheet_w_per_k",
        "W/K",
        0.0,
        1.0,
        "In-plane conductance of the film (conductivity times thickness).",
        |d, _| Some(&mut d.build.pad.film_sheet_w_per_k),
    );
    row(
        "cover_m2k_per_w",
        "m2K/W",
        0.0001,
        10.0,
        "Thermal resistance of the cover (mesh 0.025, thin 0.012).",
        |d, _| Some(&mut d.build.pad.cover_m2k_per_w),
    );
    row(
        "cover_j_per_m2_k",
        "J/m2K",
        10.0,
        1e5,
        "Heat capacity of the cover.",
        |d, _| Some(&mut d.build.pad.cover_j_per_m2_k),
    );
    row(
        "cover_sheet_w_per_k",
        "W/K",
        0.0,
        1.0,
        "In-plane conductance of the cover.",
        |d, _| Some(&mut d.build.pad.cover_sheet_w_per_k),
    );
    row(
        "contact_light_m2k_per_w",
        "m2K/W",
        1e-5,
        1.0,
        "Contact resistance at a light touch.",
        |d, _| Some(&mut d.build.pad.contact_light_m2k_per_w),
    );
    row(
        "contact_node_m2k_per_w",
        "m2K/W",
        1e-5,
        1.0,
        "Contact resistance under a pressed node.",
        |d, _| Some(&mut d.build.pad.contact_node_m2k_per_w),
    );
}

fn heater(rows: &mut Vec<Setting>) {
    let group = "product.heater";
    let mut both = |key: &str, unit, min, max, doc: &str, at: At| {
        zoned(rows, group, key, unit, (min, max), doc, at)
    };
    both(
        "power_w",
        "W",
        0.0,
        250.0,
        "Nominal power at the nominal voltage.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.power_w),
    );
    both(
        "nominal_v",
        "V",
        1.0,
        60.0,
        "Voltage at which the film has its nominal power.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.nominal_v),
    );
    both(
        "resistance_factor",
        "1",
        0.1,
        10.0,
        "Resistance relative to nominal (tolerance).",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.resistance_factor),
    );
    both(
        "tempco_per_k",
        "1/K",
        -0.01,
        0.05,
        "Temperature coefficient of the film's resistance from 25 degC.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.tempco_per_k),
    );
    both(
        "unevenness",
        "1",
        0.0,
        1.0,
        "Density above the mean at the centre of the film, as a share of the mean.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.unevenness),
    );
    let mut each =
        |key: &str, doc: &str, at: At| each_zone(rows, group, key, "m", (0.0, 2.0), doc, at);
    each(
        "area.x0_m",
        "Left edge of the film, from the pad's lower left corner.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.area.x0_m),
    );
    each("area.y0_m", "Lower edge of the film.", |d, z| {
        d.build.heaters.get_mut(z).map(|h| &mut h.area.y0_m)
    });
    each("area.x1_m", "Right edge of the film.", |d, z| {
        d.build.heaters.get_mut(z).map(|h| &mut h.area.x1_m)
    });
    each("area.y1_m", "Upper edge of the film.", |d, z| {
        d.build.heaters.get_mut(z).map(|h| &mut h.area.y1_m)
    });
    each(
        "ntc.x_m",
        "Where the thermistor is glued, across.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.ntc.x_m),
    );
    each(
        "ntc.y_m",
        "Where the thermistor is glued, along.",
        |d, z| d.build.heaters.get_mut(z).map(|h| &mut h.ntc.y_m),
    );
    each("cutout.x_m", "Where the cut-out sits, across.", |d, z| {
        d.build.heaters.get_mut(z).map(|h| &mut h.cutout.x_m)
    });
    each("cutout.y_m", "Where the cut-out sits, along.", |d, z| {
        d.build.heaters.get_mut(z).map(|h| &mut h.cutout.y_m)
    });
}

fn cutout(rows: &mut Vec<Setting>) {
    let mut both = |key: &str, unit, min, max, doc: &str, at: At| {
        zoned(rows, "product.cutout", key, unit, (min, max), doc, at)
    };
    both(
        "open_c",
        "degC",
        20.0,
        250.0,
        "The cut-out opens at or above this.",
        |d, z| d.build.cutouts.get_mut(z).map(|c| &mut c.open_c),
    );
    both(
        "close_c",
        "degC",
        -50.0,
        250.0,
        "The cut-out closes again at or below this; not above `open_c`.",
        |d, z| d.build.cutouts.get_mut(z).map(|c| &mut c.close_c),
    );
    both(
        "lag_s",
        "s",
        0.0,
        600.0,
        "Lag of the cut-out behind the film.",
        |d, z| d.build.cutouts.get_mut(z).map(|c| &mut c.lag_s),
    );
}

fn motor(rows: &mut Vec<Setting>) {
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

fn kneading(rows: &mut Vec<Setting>) {
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

fn supply(rows: &mut Vec<Setting>) {
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
