//! What holds for any inputs whatever: wild counts, jumping ticks, any buttons, any valid configuration.

mod stand_in;

use kneadsim_firmware::io::{DUTY_FULL, Inputs, Mode, Outputs, ResetCause};
use kneadsim_firmware::{BitTarget, Config, Record, State, TaskMask, step, step_skipping};
use proptest::prelude::*;
use stand_in::Unit;

fn any_inputs() -> impl Strategy<Value = Inputs> {
    (
        (
            any::<u32>(),
            any::<u16>(),
            any::<[u16; 2]>(),
            any::<u16>(),
            any::<[u16; 2]>(),
        ),
        (
            any::<u16>(),
            any::<u16>(),
            any::<u16>(),
            any::<u16>(),
            any::<u8>(),
        ),
    )
        .prop_map(
            |((tick, rtc_ms, ntc, heater, motors), (supply, reference, pack, encoder, buttons))| {
                Inputs {
                    tick,
                    rtc_ms,
                    ntc_counts: ntc,
                    heater_current_counts: heater,
                    motor_current_counts: motors,
                    supply_counts: supply,
                    reference_counts: reference,
                    pack_ntc_counts: pack,
                    encoder_counts: encoder,
                    buttons,
                }
            },
        )
}

/// Any configuration that validates, made by setting a few fields to anywhere in their range.
fn any_config() -> impl Strategy<Value = Config> {
    prop::collection::vec((0..Config::FIELDS.len(), 0.0f32..=1.0), 0..12).prop_map(|changes| {
        let mut config = Config::default();
        for (index, share) in changes {
            let field = &Config::FIELDS[index];
            let before = config;
            let value = (field.min + (field.max - field.min) * share).clamp(field.min, field.max);
            config.set(field.name, value).expect("a value in range");
            if config.validate().is_err() {
                config = before;
            }
        }
        config
    })
}

fn check_outputs(out: &Outputs) {
    assert!(out.heater_duty.iter().all(|duty| *duty <= DUTY_FULL));
    assert!(
        out.motor_duty
            .iter()
            .all(|duty| duty.unsigned_abs() <= DUTY_FULL)
    );
    let drives = matches!(
        out.status.mode,
        Mode::SelfTest | Mode::Warming | Mode::Holding
    );
    if !drives {
        assert_eq!(
            (out.heater_duty, out.relay_closed, out.motor_duty),
            ([0; 2], false, [0; 2]),
            "{:?}",
            out.status
        );
    }
    if !out.relay_closed && out.status.mode != Mode::SelfTest {
        assert_eq!(out.heater_duty, [0; 2], "duty without relay");
    }
    assert!(out.record.is_intact());
}

/// The state's own text shows every float in it.
fn check_no_nan(state: &State) {
    let text = format!("{state:?}");
    assert!(!text.contains("NaN") && !text.contains(": inf"), "{text}");
}

/// Disturbances of a unit that otherwise behaves.
#[derive(Clone, Debug)]
enum Nudge {
    Buttons(u8, u8),
    Inputs(Inputs),
    TickJump(u32),
    Supply(f64),
    Room(f64),
    Detach,
    Cutout(bool),
    Lock(bool),
    Reset(u8),
    Flip(usize, u8),
    Skip(usize),
    Config(Box<Config>),
}

fn any_nudge() -> impl Strategy<Value = Nudge> {
    prop_oneof![
        6 => (any::<u8>(), 1u8..60).prop_map(|(b, n)| Nudge::Buttons(b & 31, n)),
        6 => (0u8..5, 5u8..60).prop_map(|(b, n)| Nudge::Buttons(1 << b, n)),
        1 => any_inputs().prop_map(Nudge::Inputs),
        1 => any::<u32>().prop_map(Nudge::TickJump),
        2 => (1u32..9).prop_map(Nudge::TickJump),
        2 => (6.0..14.0).prop_map(Nudge::Supply),
        1 => (-10.0..50.0).prop_map(Nudge::Room),
        1 => Just(Nudge::Detach),
        1 => any::<bool>().prop_map(Nudge::Cutout),
        1 => any::<bool>().prop_map(Nudge::Lock),
        1 => (0u8..4).prop_map(Nudge::Reset),
        1 => (0..BitTarget::ALL.len(), any::<u8>()).prop_map(|(t, b)| Nudge::Flip(t, b)),
        1 => (0..TaskMask::ALL.len()).prop_map(Nudge::Skip),
        1 => any_config().prop_map(|c| Nudge::Config(Box::new(c))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wild_inputs_never_break_the_outputs(
        config in any_config(),
        record in (any::<u8>(), any::<u16>(), any::<u16>(), any::<u16>(), any::<u8>()),
        inputs in prop::collection::vec(any_inputs(), 1..60),
    ) {
        let (fault, used_s, rest_s, dose_centi_min, boots) = record;
        let record = Record { fault, used_s, rest_s, dose_centi_min, boots, check: 0 }.sealed();
        let mut state = State::boot(&config, ResetCause::PowerOn, record);
        for inputs in &inputs {
            check_outputs(&step(&config, &mut state, inputs));
        }
        check_no_nan(&state);
    }

    #[test]
    fn wild_analog_values_on_a_steady_clock_never_break_the_outputs(
        config in any_config(),
        inputs in prop::collection::vec((any_inputs(), 1u32..30), 1..60),
    ) {
        let mut state = State::boot(&config, ResetCause::PowerOn, Record::blank());
        let mut tick = 0u32;
        for (mut inputs, repeats) in inputs {
            inputs.reference_counts = 1489;
            inputs.ntc_counts = inputs.ntc_counts.map(|c| 1300 + c % 1400);
            inputs.pack_ntc_counts = 2048;
            inputs.supply_counts = 1100 + inputs.supply_counts % 700;
            for _ in 0..repeats {
                tick += 1;
                let out = step(&config, &mut state, &Inputs { tick, rtc_ms: (tick * 10) as u16, ..inputs });
                check_outputs(&out);
            }
        }
        check_no_nan(&state);
    }

    #[test]
    fn a_unit_that_is_nudged_heats_only_after_a_self_test_and_never_beyond_half_an_hour(
        config in any_config(),
        nudges in prop::collection::vec((any_nudge(), 0u32..2_000), 1..40),
    ) {
        let mut unit = Unit::with(config, 23.0);
        let (mut tested, mut heat_s, mut was_latched) = (false, 0.0f64, false);
        for (nudge, wait) in nudges {
            let mut injected = None;
            let mut skip = TaskMask::NONE;
            let mut hold = 0;
            match nudge {
                Nudge::Buttons(buttons, ticks) => { unit.buttons = buttons; hold = u32::from(ticks); }
                Nudge::Inputs(inputs) => injected = Some(inputs),
                Nudge::TickJump(by) => unit.tick = unit.tick.wrapping_add(by),
                Nudge::Supply(v) => unit.open_circuit_v = v,
                Nudge::Room(c) => unit.room_c = c,
                Nudge::Detach => unit.zones[0].detached_c = Some(unit.room_c),
                Nudge::Cutout(open) => unit.zones[1].cutout_open = open,
                Nudge::Lock(locked) => unit.motor.locked = locked,
                Nudge::Reset(cause) => {
                    unit.reset([ResetCause::PowerOn, ResetCause::BrownOut, ResetCause::Watchdog, ResetCause::External][usize::from(cause)]);
                    tested = false;
                }
                Nudge::Flip(target, bit) => unit.state.flip_bit(BitTarget::ALL[target].1, bit),
                Nudge::Skip(task) => skip = TaskMask::ALL[task].1,
                Nudge::Config(new) => unit.config = *new,
            }
            for n in 0..=wait.max(hold) {
                if n >= hold {
                    unit.buttons = 0;
                }
                let inputs = injected.take().unwrap_or_else(|| unit.inputs());
                unit.out = step_skipping(&unit.config, &mut unit.state, &inputs, core::mem::take(&mut skip));
                unit.surroundings();
                check_outputs(&unit.out);
                let mode = unit.mode();
                if was_latched && mode != Mode::Latched {
                    prop_assert_eq!(mode, Mode::Off);
                }
                was_latched = mode == Mode::Latched;
                tested |= mode == Mode::SelfTest;
                let heats = unit.out.relay_closed && unit.out.heater_duty != [0; 2];
                if heats {
                    prop_assert!(tested, "heat without a self-test");
                    heat_s += if mode == Mode::SelfTest { 0.0 } else { 0.01 };
                }
                if matches!(mode, Mode::Off | Mode::Cooling | Mode::Latched) {
                    tested = false;
                }
            }
        }
        // The whole run is at most 800 s, far below any full rest of the default: use adds up.
        prop_assert!(heat_s <= 1_800.05);
        check_no_nan(&unit.state);
    }

    #[test]
    fn a_skipped_task_leaves_the_watchdog_unkicked(task in 0..TaskMask::ALL.len(), ticks in 0u32..200) {
        let mut unit = Unit::at(23.0);
        for _ in 0..ticks {
            unit.tick();
            prop_assert!(unit.out.watchdog_kick);
        }
        let inputs = unit.inputs();
        let out = step_skipping(&unit.config, &mut unit.state, &inputs, TaskMask::ALL[task].1);
        prop_assert!(!out.watchdog_kick);
        check_outputs(&out);
    }

    #[test]
    fn every_flip_of_a_safety_variable_latches_at_the_next_tick(
        target in 0..BitTarget::ALL.len(), bit in 0u8..64, warm in any::<bool>(),
    ) {
        let mut unit = Unit::at(23.0);
        if warm {
            unit.start(0);
        }
        unit.state.flip_bit(BitTarget::ALL[target].1, bit);
        unit.tick();
        prop_assert_eq!(unit.fault(), kneadsim_firmware::FaultCode::MemoryCorrupt);
        prop_assert!(unit.all_off());
        unit.run_s(1.0);
        prop_assert_eq!(unit.fault(), kneadsim_firmware::FaultCode::MemoryCorrupt);
    }
}

#[test]
fn no_length_of_session_heats_for_more_than_half_an_hour() {
    let config = Config {
        session_short_s: 1_800.0,
        session_default_s: 1_800.0,
        ..Config::default()
    };
    let mut unit = Unit::with(config, 23.0);
    unit.start(0);
    let mut heat_ticks = 0u32;
    for _ in 0..200_000 {
        unit.tick();
        heat_ticks += u32::from(unit.out.relay_closed);
    }
    assert!(
        heat_ticks > 179_000 && heat_ticks <= 180_000,
        "{heat_ticks}"
    );
}

#[test]
fn a_configuration_is_refused_by_name_value_and_range() {
    let mut config = Config::default();
    config.validate().expect("the default is valid");
    assert_eq!(
        config.set("heat_goal", 45.0).unwrap_err().to_string(),
        "unknown field"
    );
    let message = config.set("heat_target_c", 60.0).unwrap_err().to_string();
    assert_eq!(message, "`heat_target_c` is 60, allowed 36 to 46 degC");
    assert!(config.set("kp_per_k", f32::NAN).is_err());
    // A value that came past `set` is found too.
    let written = Config {
        kp_per_k: f32::NAN,
        ..Config::default()
    };
    let message = written.validate().unwrap_err().to_string();
    assert_eq!(message, "`kp_per_k` is NaN, allowed 0 to 5 1/K");
    assert!(!written.is_valid());
    config.set("trip_c", 44.0).expect("in range by itself");
    assert_eq!(
        config.validate().unwrap_err().to_string(),
        "needed: heat_target_c + 2 <= trip_c"
    );
    for field in Config::FIELDS {
        assert_eq!(
            Config::default().get(field.name),
            Some(field.default),
            "{}",
            field.name
        );
        assert!(
            field.min <= field.default && field.default <= field.max,
            "{}",
            field.name
        );
    }
}
