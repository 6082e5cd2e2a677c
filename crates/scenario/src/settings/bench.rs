//! Rows for everything but the massager itself: `run`, `product.board`, `user`,
//! `environment`, `firmware`.

use kneadsim_firmware::Config;
use kneadsim_plant::body::{Profile, Site};
use kneadsim_plant::{Knob, validate};

use super::product::{single, zoned};
use super::value::{CLOTHING, decimal};
use super::{Access, Draft, Kind, Setting};
use crate::bounds::{DURATION_MAX_TICKS, DURATION_MIN_TICKS};

fn ticks(
    path: &str,
    min_ticks: u32,
    max_ticks: u32,
    doc: &str,
    at: fn(&mut Draft) -> &mut u32,
) -> Setting {
    Setting {
        path: path.into(),
        kind: Kind::Duration {
            min_ticks,
            max_ticks,
        },
        doc: doc.into(),
        rank: 2,
        access: Access::Ticks(at),
    }
}

fn special(path: &str, kind: Kind, rank: u8, doc: &str, access: Access) -> Setting {
    Setting {
        path: path.into(),
        kind,
        doc: doc.into(),
        rank,
        access,
    }
}

fn knob(section: &str, knob: Knob) -> Setting {
    let (min, max) = knob.range();
    Setting {
        path: format!("{section}.{}", knob.name()),
        kind: Kind::Number {
            unit: knob.unit(),
            min,
            max,
        },
        doc: knob.doc().into(),
        rank: 2,
        access: Access::Knob(knob),
    }
}

/// `run.*`
pub(super) fn run_rows() -> Vec<Setting> {
    let (least, most) = validate::COLUMNS;
    let columns = Kind::Whole {
        min: least as u64,
        max: most as u64,
    };
    let (step_min, step_max) = validate::THERMAL_STEP_TICKS;
    vec![
        ticks(
            "run.duration",
            DURATION_MIN_TICKS,
            DURATION_MAX_TICKS,
            "Length of the run.",
            |d| &mut d.duration_ticks,
        ),
        special(
            "run.seed",
            Kind::Whole {
                min: 0,
                max: i64::MAX as u64,
            },
            2,
            "Seed of all randomness.",
            Access::Seed,
        ),
        special(
            "run.grid",
            Kind::Choice(vec!["field", "column"]),
            0,
            "`field`: columns over the whole pad. `column`: one column per zone, much faster, for campaigns.",
            Access::Grid,
        ),
        special(
            "run.columns_x",
            columns.clone(),
            2,
            "Columns of the field across the pad.",
            Access::Columns(0),
        ),
        special(
            "run.columns_y",
            columns,
            2,
            "Columns of the field along the pad.",
            Access::Columns(1),
        ),
        ticks(
            "run.thermal_step",
            step_min,
            step_max,
            "Step of the thermal model.",
            |d| &mut d.build.thermal_step_ticks,
        ),
        ticks(
            "run.trace_every",
            0,
            6000,
            "Time between rows of the trace; \"0s\" keeps none.",
            |d| &mut d.trace_every_ticks,
        ),
        special(
            "run.trace_signals",
            Kind::Signals,
            2,
            "Columns of the trace.",
            Access::TraceSignals,
        ),
    ]
}

/// `product.board.*`
pub(super) fn board_rows() -> Vec<Setting> {
    let mut rows = Vec::new();
    let group = "product.board";
    zoned(
        &mut rows,
        group,
        "ntc_r25_factor",
        "1",
        (0.5, 2.0),
        "Thermistor resistance at 25 degC relative to 10 k.",
        |d, z| d.board.ntc_r25_factor.get_mut(z),
    );
    zoned(
        &mut rows,
        group,
        "ntc_beta_factor",
        "1",
        (0.5, 2.0),
        "Thermistor beta relative to 3950 K.",
        |d, z| d.board.ntc_beta_factor.get_mut(z),
    );
    zoned(
        &mut rows,
        group,
        "pull_up_factor",
        "1",
        (0.5, 2.0),
        "Pull-up resistor relative to 10 k.",
        |d, z| d.board.pull_up_factor.get_mut(z),
    );
    single(
        &mut rows,
        "product.board.ntc_lag_s",
        "s",
        (0.0, 300.0),
        "Lag of the thermistors behind the film.",
        |d, _| Some(&mut d.board.ntc_lag_s),
    );
    single(
        &mut rows,
        "product.board.noise_counts_rms",
        "counts",
        (0.0, 50.0),
        "Noise of the converter, rms.",
        |d, _| Some(&mut d.board.noise_counts_rms),
    );
    single(
        &mut rows,
        "product.board.shunt_factor",
        "1",
        (0.5, 2.0),
        "Gain of the current shunts relative to nominal.",
        |d, _| Some(&mut d.board.shunt_factor),
    );
    single(
        &mut rows,
        "product.board.brown_out_v",
        "V",
        (1.0, 12.0),
        "Supply below which the controller is held in reset.",
        |d, _| Some(&mut d.board.brown_out_v),
    );
    rows.push(ticks(
        "product.board.relay_delay",
        0,
        100,
        "Time from the coil command to the relay's contact.",
        |d| &mut d.board.relay_delay_ticks,
    ));
    rows.push(ticks(
        "product.board.watchdog",
        1,
        1000,
        "Time without a kick after which the hardware watchdog resets.",
        |d| &mut d.board.watchdog_ticks,
    ));
    rows.push(ticks(
        "product.board.boot",
        0,
        1000,
        "Time from the release of reset to the controller's first step.",
        |d| &mut d.board.boot_ticks,
    ));
    rows
}

/// `user.*`
pub(super) fn user_rows() -> Vec<Setting> {
    let sites = Site::ALL.iter().map(|s| s.name()).collect();
    let profiles = Profile::ALL.iter().map(|p| p.name()).collect();
    let clothing = CLOTHING.iter().map(|c| c.0).collect();
    let mut rows = vec![
        special(
            "user.site",
            Kind::Choice(sites),
            2,
            "Part of the body on the pad.",
            Access::Site,
        ),
        special(
            "user.profile",
            Kind::Choice(profiles),
            2,
            "Kind of user: how skin perfusion answers to heat.",
            Access::Profile,
        ),
        special(
            "user.clothing",
            Kind::Choice(clothing),
            0,
            "Clothing by name; sets both clothing numbers.",
            Access::Clothing,
        ),
    ];
    for k in [
        Knob::ClothingM2kPerW,
        Knob::ClothingJPerM2K,
        Knob::PressureKpa,
        Knob::Contact,
        Knob::PerfusionScale,
        Knob::CoreC,
    ] {
        rows.push(knob("user", k));
    }
    rows
}

/// `environment.*`
pub(super) fn environment_rows() -> Vec<Setting> {
    [Knob::AmbientC, Knob::AirWPerM2K, Knob::BlanketM2kPerW]
        .map(|k| knob("environment", k))
        .into()
}

/// `firmware.*`: the firmware's own table.
pub(super) fn firmware_rows() -> Vec<Setting> {
    Config::FIELDS
        .iter()
        .map(|field| Setting {
            path: format!("firmware.{}", field.name),
            kind: Kind::Number {
                unit: field.unit,
                min: decimal(field.min),
                max: decimal(field.max),
            },
            doc: field.doc.into(),
            rank: 2,
            access: Access::Firmware(field.name),
        })
        .collect()
}
