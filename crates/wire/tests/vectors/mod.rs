//! One message of every kind, and those at the ends of their ranges.
#![allow(dead_code, reason = "each test takes what it needs")]

use kneadsim_wire::{
    ABILITY_CONFIG, FromDevice, Hello, Inputs, Outputs, PROTOCOL, Record, Refusal, Telemetry,
    ToDevice,
};

const RECORD: Record = Record {
    fault: 8,
    used_s: 300,
    rest_s: 1800,
    dose_centi_min: 77,
    boots: 1,
    check: 18948,
};

/// Lower-case pairs.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Inputs in the middle of a session, all zero, and all at their largest.
pub fn inputs() -> [(&'static str, Inputs); 3] {
    let usual = Inputs {
        tick: 123_456,
        rtc_ms: 54_320,
        ntc_counts: [1241, 1250],
        heater_current_counts: 500,
        motor_current_counts: [150, 0],
        supply_counts: 1480,
        reference_counts: 1489,
        pack_ntc_counts: 2048,
        encoder_counts: 65_530,
        buttons: 1,
    };
    let most = Inputs {
        tick: u32::MAX,
        rtc_ms: u16::MAX,
        ntc_counts: [u16::MAX; 2],
        heater_current_counts: u16::MAX,
        motor_current_counts: [u16::MAX; 2],
        supply_counts: u16::MAX,
        reference_counts: u16::MAX,
        pack_ntc_counts: u16::MAX,
        encoder_counts: u16::MAX,
        buttons: u8::MAX,
    };
    [
        ("tick, usual", usual),
        ("tick, all zero", Inputs::default()),
        ("tick, all at their largest", most),
    ]
}

/// Name, sequence number, message.
pub fn questions() -> Vec<(&'static str, u16, ToDevice)> {
    let mut all = vec![
        ("hello", 0, ToDevice::Hello { protocol: PROTOCOL }),
        (
            "boot, power-on, blank record",
            1,
            ToDevice::Boot {
                cause: 0,
                record: Record::default(),
            },
        ),
        (
            "boot, watchdog, used record",
            2,
            ToDevice::Boot {
                cause: 2,
                record: RECORD,
            },
        ),
        (
            "set",
            3,
            ToDevice::Set {
                index: 0,
                value: 44.5,
            },
        ),
        (
            "adopt",
            255,
            ToDevice::Adopt {
                config_hash: 0xDEAD_BEEF,
            },
        ),
        (
            "inject a bit flip",
            256,
            ToDevice::Inject {
                what: 0,
                target: 2,
                bit: 33,
            },
        ),
    ];
    for (at, (name, inputs)) in inputs().into_iter().enumerate() {
        all.push((name, 1000 + at as u16, ToDevice::Tick(inputs)));
    }
    all.push((
        "tick, last sequence",
        u16::MAX,
        ToDevice::Tick(inputs()[0].1),
    ));
    all
}

/// Name, sequence number, message.
pub fn answers() -> Vec<(&'static str, u16, FromDevice<'static>)> {
    let usual = Outputs {
        heater_duty: [10_000, 4_200],
        relay_closed: true,
        motor_duty: [-3_000, 6_000],
        leds: 7,
        buzzer: false,
        watchdog_kick: true,
        mode: 3,
        fault: 0,
        record: RECORD,
        telemetry: Telemetry {
            film_centi_c: [4_501, 4_498],
            setpoint_centi_c: [4_500, -32_768],
            dose_centi_min: 77,
            winding_centi_c: [4_370, 4_010],
            session_left_s: 1_071,
            rest_left_s: 1_800,
        },
    };
    let most = Outputs {
        heater_duty: [u16::MAX; 2],
        relay_closed: true,
        motor_duty: [i16::MIN, i16::MAX],
        leds: u8::MAX,
        buzzer: true,
        watchdog_kick: true,
        mode: u8::MAX,
        fault: u8::MAX,
        record: Record {
            fault: u8::MAX,
            used_s: u16::MAX,
            rest_s: u16::MAX,
            dose_centi_min: u16::MAX,
            boots: u8::MAX,
            check: u16::MAX,
        },
        telemetry: Telemetry {
            film_centi_c: [i16::MIN; 2],
            setpoint_centi_c: [i16::MAX; 2],
            dose_centi_min: u16::MAX,
            winding_centi_c: [i16::MIN; 2],
            session_left_s: u16::MAX,
            rest_left_s: u16::MAX,
        },
    };
    vec![
        (
            "hello",
            0,
            FromDevice::Hello(Hello {
                protocol: PROTOCOL,
                abilities: ABILITY_CONFIG,
                config_hash: 0x1234_5678,
                device: "mps2-an386",
                firmware: "kneadsim-firmware 0.1.0",
            }),
        ),
        ("done", 1, FromDevice::Done),
        ("outputs, usual", 1000, FromDevice::Outputs(usual)),
        (
            "outputs, all zero",
            1001,
            FromDevice::Outputs(Outputs::default()),
        ),
        (
            "outputs, all at their largest",
            1002,
            FromDevice::Outputs(most),
        ),
        ("refused, unable", 3, FromDevice::Refused(Refusal::Unable)),
        (
            "refused, out of range",
            4,
            FromDevice::Refused(Refusal::OutOfRange),
        ),
        (
            "refused, not booted",
            5,
            FromDevice::Refused(Refusal::NotBooted),
        ),
        (
            "refused, bad config",
            6,
            FromDevice::Refused(Refusal::BadConfig),
        ),
    ]
}
