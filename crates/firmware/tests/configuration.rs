//! Rules between fields of a configuration, each tried on its very edge.

mod stand_in;

use kneadsim_firmware::io::{FaultCode, Mode, ResetCause, button};
use kneadsim_firmware::{Config, ConfigError, Record};
use stand_in::Unit;

/// A field's name and value.
type Setting = (&'static str, f32);

/// The default with some fields set, in order.
fn with(fields: &[Setting]) -> Config {
    let mut config = Config::default();
    for (name, value) in fields {
        assert_eq!(config.set(name, *value), Ok(()), "{name}");
    }
    config
}

#[test]
fn every_rule_between_fields_holds_to_its_edge() {
    #[rustfmt::skip]
    let rows: [(&[Setting], Setting, &str); 15] = [
        (&[("trip_c", 47.0)], ("trip_c", 46.99), "heat_target_c + 2 <= trip_c"),
        (&[("setpoint_step1_after_s", 1200.0)], ("setpoint_step1_after_s", 1200.5), "setpoint_step1_after_s <= setpoint_step2_after_s"),
        (&[("holding_band_k", 2.99)], ("holding_band_k", 3.0), "holding_band_k < holding_leave_k"),
        (&[("zones_cold_max_k", 10.0)], ("zones_cold_max_k", 10.01), "zones_cold_max_k <= zones_warm_max_k"),
        (&[("dose_derate_from_min", 27.9)], ("dose_derate_from_min", 28.0), "dose_derate_from_min < dose_derate_full_min"),
        (&[("dose_limit_min", 28.1)], ("dose_limit_min", 28.0), "dose_derate_full_min < dose_limit_min"),
        (&[("session_short_s", 1200.0)], ("session_short_s", 1200.5), "session_short_s <= session_default_s"),
        (&[("session_default_s", 1800.0)], ("session_long_s", 1799.0), "session_default_s <= session_long_s"),
        (&[("use_max_s", 1800.0)], ("use_max_s", 1799.0), "session_long_s <= use_max_s"),
        (&[("session_short_s", 60.0), ("session_default_s", 60.0), ("session_long_s", 60.0), ("use_max_s", 60.0), ("use_min_s", 59.0)], ("use_min_s", 60.0), "use_min_s < use_max_s"),
        (&[("supply_low_v", 5.5), ("supply_implausible_v", 5.4)], ("supply_implausible_v", 5.5), "supply_implausible_v < supply_low_v"),
        (&[("supply_low_v", 8.5)], ("supply_low_v", 8.6), "supply_low_v < supply_shed_v"),
        (&[("motor_off_max_a", 1.9)], ("motor_off_max_a", 2.0), "motor_off_max_a < stall_current_a"),
        (&[("stall_current_a", 2.9)], ("stall_current_a", 3.0), "stall_current_a < motor_current_max_a"),
        (&[("winding_limit_c", 85.5)], ("winding_limit_c", 85.0), "winding_start_c + 45 < winding_limit_c"),
    ];
    // Allowed fields, then what refuses them and why.
    for (allowed, (name, value), rule) in rows {
        let mut config = with(allowed);
        assert_eq!(config.validate(), Ok(()), "{rule}");
        assert_eq!(config.set(name, value), Ok(()), "{rule}");
        assert_eq!(config.validate(), Err(ConfigError::Relation { rule }));
    }
}

#[test]
fn a_changed_configuration_is_adopted_as_a_whole_and_an_invalid_one_latches() {
    let mut unit = Unit::at(42.0);
    unit.run_s(0.2);
    unit.config.heat_target_c = 37.0;
    unit.config.trip_c = 41.0;
    assert_eq!(unit.config.validate(), Ok(()));
    unit.run_s(0.1);
    assert_eq!(unit.fault(), FaultCode::OverTemperature);

    for trip_c in [46.0, f32::NAN] {
        let mut unit = Unit::at(30.0);
        unit.run_s(0.2);
        assert_eq!(unit.mode(), Mode::Off);
        unit.config.trip_c = trip_c;
        unit.tick();
        assert_eq!(unit.fault(), FaultCode::Internal, "{trip_c}");
        unit.reset(ResetCause::PowerOn);
        unit.tick();
        assert_eq!(unit.fault(), FaultCode::Internal, "{trip_c}");
    }
}

#[test]
fn use_rest_and_dose_go_on_from_the_record() {
    for (used_s, rest_s, mode) in [
        (1_765, 900, Mode::SelfTest),
        (1_775, 900, Mode::Cooling),
        (1_800, 900, Mode::Cooling),
        (0, 0, Mode::SelfTest),
    ] {
        let mut unit = Unit::at(30.0);
        unit.out.record = Record {
            used_s,
            rest_s,
            ..Record::blank()
        }
        .sealed();
        unit.reset(ResetCause::PowerOn);
        unit.run_s(0.1);
        unit.buttons = button::POWER;
        unit.run_s(0.1);
        assert_eq!(unit.mode(), mode, "{used_s} s used");
        if mode == Mode::Cooling {
            assert_eq!(unit.out.record.used_s, 1_800);
        }
    }
}

#[test]
fn a_complete_rest_clears_use_and_halves_the_dose() {
    let mut unit = Unit::at(30.0);
    unit.out.record = Record {
        used_s: 600,
        rest_s: 2,
        dose_centi_min: 1_000,
        ..Record::blank()
    }
    .sealed();
    unit.reset(ResetCause::PowerOn);
    unit.run_s(1.9);
    let record = unit.out.record;
    assert_eq!(
        (record.used_s, record.rest_s, record.dose_centi_min),
        (600, 1, 1_000)
    );
    unit.run_s(0.2);
    let record = unit.out.record;
    assert_eq!(
        (record.used_s, record.rest_s, record.dose_centi_min),
        (0, 0, 500)
    );
}
