//! The firmware with an input that stands exactly at a limit, or that changes nothing.

mod stand_in;

use kneadsim_firmware::io::{FaultCode, Inputs, Mode, ResetCause, button};
use kneadsim_firmware::{Config, step};
use stand_in::Unit;

/// Runs with the inputs changed on their way to the chip.
fn run(unit: &mut Unit, ticks: u32, change: impl Fn(&mut Inputs)) {
    for _ in 0..ticks {
        let mut inputs = unit.inputs();
        change(&mut inputs);
        unit.out = step(&unit.config, &mut unit.state, &inputs);
        unit.surroundings();
    }
}

#[test]
fn the_reference_may_be_off_by_74_counts() {
    for (counts, fault) in [
        (1489 - 74, FaultCode::None),
        (1489 + 74, FaultCode::None),
        (1489 - 75, FaultCode::AdcReference),
        (1489 + 75, FaultCode::AdcReference),
    ] {
        let mut unit = Unit::at(23.0);
        run(&mut unit, 100, |inputs| inputs.reference_counts = counts);
        assert_eq!(unit.fault(), fault, "{counts}");
    }
}

#[test]
fn a_session_begins_and_goes_on_with_the_supply_at_its_low_limit() {
    // 1000 counts of 8 mV are 8 V, exactly.
    let mut unit = Unit::at(23.0);
    assert_eq!(unit.config.supply_low_v, 8.0);
    unit.open_circuit_v = 8.0;
    unit.supply_v = 8.0;
    unit.source_ohm = 0.0;
    for (ticks, buttons, mode) in [
        (50, 0, Mode::Off),
        (10, button::POWER, Mode::SelfTest),
        (50, 0, Mode::Warming),
        (500, 0, Mode::Warming),
    ] {
        unit.buttons = buttons;
        run(&mut unit, ticks, |inputs| inputs.supply_counts = 1_000);
        assert_eq!(unit.mode(), mode, "{:?}", unit.fault());
    }
    run(&mut unit, 320, |inputs| inputs.supply_counts = 999);
    assert_eq!(unit.mode(), Mode::Cooling);
}

#[test]
fn a_code_that_stands_is_no_fault_while_no_heat_is_asked_for() {
    let mut unit = Unit::at(30.0);
    unit.run_s(0.5);
    for _ in 0..3 {
        unit.press(button::HEAT);
    }
    unit.press(button::POWER);
    unit.run_s(1.0);
    assert_eq!(unit.mode(), Mode::Holding);
    unit.zones[0].forced_counts = Some(1_825);
    unit.run_s(10.0);
    assert_eq!(unit.fault(), FaultCode::None);
    // Asked for again, the heat makes it one.
    unit.press(button::HEAT);
    unit.seconds_to_latch(5.0);
    assert_eq!(unit.fault(), FaultCode::NtcStuck);
}

#[test]
fn a_configuration_of_equal_values_is_not_adopted_again() {
    // The trip counts four ticks from the adoption of a configuration.
    let mut unit = Unit::with(
        Config {
            setpoint_approach_k: 0.0,
            ..Config::default()
        },
        23.0,
    );
    unit.run_s(1.0);
    for tick in 1..=4 {
        unit.config.setpoint_approach_k = if tick % 2 == 0 { 0.0 } else { -0.0 };
        run(&mut unit, 1, |inputs| inputs.ntc_counts = [1_000; 2]);
        let want = if tick < 4 { Mode::Off } else { Mode::Latched };
        assert_eq!(unit.mode(), want, "{tick}");
    }
    assert_eq!(unit.fault(), FaultCode::OverTemperature);
}

#[test]
fn a_quiet_minute_forgets_the_resets_before_it_and_a_latched_one_does_not() {
    for (latch, boots) in [(false, 0), (true, 2)] {
        let mut unit = Unit::at(23.0);
        unit.run_s(1.0);
        for _ in 0..2 {
            unit.reset(ResetCause::Watchdog);
            unit.run_s(0.1);
        }
        assert_eq!(unit.out.record.boots, 2);
        if latch {
            unit.zones[0].forced_counts = Some(4095);
        }
        unit.run_s(59.0);
        assert_eq!(unit.out.record.boots, 2);
        unit.run_s(2.0);
        assert_eq!(unit.out.record.boots, boots, "latched: {latch}");
    }
}
