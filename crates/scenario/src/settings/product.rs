//! Rows for the massager: `product.*`. Ranges are those of the plant's own check.

use super::machine::{kneading, motor, supply};
use super::{Access, Draft, Kind, Setting};

/// Where a number is in the draft, for the zone, motor or centre of that index.
pub(super) type At = fn(&mut Draft, usize) -> Option<&mut f64>;

pub(super) fn number(
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

pub(super) fn capital(name: &str) -> String {
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
