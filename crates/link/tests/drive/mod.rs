//! A device driven by hand: some ticks after a boot, with a press of the power button.
#![allow(dead_code, reason = "not every test needs all of it")]

use kneadsim_firmware::{Config, Inputs, Outputs, Record, ResetCause};
use kneadsim_sim::{Boot, Device};

pub fn inputs(tick: u32) -> Inputs {
    Inputs {
        tick,
        rtc_ms: tick.wrapping_mul(10) as u16,
        ntc_counts: [2048 + (tick % 3) as u16, 2050],
        supply_counts: 1500,
        reference_counts: 1489,
        pack_ntc_counts: 2048,
        buttons: u8::from((20..30).contains(&tick)),
        ..Inputs::default()
    }
}

pub fn boot(device: &mut impl Device) -> Result<(), String> {
    device.boot(&Boot {
        config: Config::default(),
        cause: ResetCause::PowerOn,
        record: Record::blank(),
    })
}

/// Drives a device for some ticks; the outputs, or where and why it was lost.
pub fn drive(device: &mut impl Device, ticks: u32) -> Result<Vec<Outputs>, (u32, String)> {
    boot(device).map_err(|reason| (0, reason))?;
    (0..ticks)
        .map(|tick| {
            device.wait_for_tick();
            let done = device.exchange(&inputs(tick));
            done.map_err(|reason| (tick, reason))
        })
        .collect()
}
