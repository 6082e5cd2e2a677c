//! What can happen to the unit in one step of the exploration.

use kneadsim_firmware::io::{Inputs, Outputs, ResetCause, button};
use kneadsim_firmware::{BitTarget, TaskMask, step_skipping};

use crate::stand_in::Unit;
use crate::watch::Watch;

/// One thing that happens, followed by some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Nothing for this many ticks.
    Wait(u32),
    /// A button, down for a tenth of a second and up for another.
    Press(u8),
    /// A button goes down, or up, and stays so.
    Hold(u8),
    /// The service gesture for longer than it needs, then let go.
    Service,
    /// The source's voltage from now on.
    Supply(f64),
    /// The upper thermistor's code from now on; `None` is a working one.
    UpperCounts(Option<u16>),
    /// The lower one.
    LowerCounts(Option<u16>),
    /// The relay's contact is welded, or not.
    Weld(bool),
    /// The upper MOSFET conducts whatever its gate says, or not.
    Short(bool),
    /// The chip starts again with what the board kept.
    Reset(ResetCause),
    /// ... with one bit of it flipped.
    ResetDamaged(ResetCause),
    /// A bit of a safety variable flips.
    Flip(BitTarget),
    /// A task does not run; the watchdog, not kicked, starts the chip again.
    Starve(TaskMask),
}

/// What a deliberately broken unit does between its pins and its core; a whole
/// one does nothing.
#[derive(Clone, Copy)]
pub struct Defect {
    /// To what the core sees.
    pub inputs: fn(&mut Inputs),
    /// To what it drives.
    pub outputs: fn(&mut Outputs),
}

impl Defect {
    /// A whole unit.
    pub const NONE: Defect = Defect {
        inputs: |_| {},
        outputs: |_| {},
    };
}

/// Everything that is tried in every state.
pub const ACTS: [Act; 34] = [
    Act::Wait(20),
    Act::Wait(100),
    Act::Wait(400),
    Act::Press(button::POWER),
    Act::Press(button::HEAT),
    Act::Press(button::TIME),
    Act::Press(button::POWER | button::TIME),
    Act::Hold(button::POWER),
    Act::Hold(0),
    Act::Service,
    Act::Supply(7.0),
    Act::Supply(12.0),
    Act::Supply(24.0),
    Act::UpperCounts(None),
    Act::UpperCounts(Some(4095)),
    Act::UpperCounts(Some(1000)),
    Act::LowerCounts(None),
    Act::LowerCounts(Some(0)),
    Act::LowerCounts(Some(1100)),
    Act::Weld(true),
    Act::Weld(false),
    Act::Short(true),
    Act::Short(false),
    Act::Reset(ResetCause::PowerOn),
    Act::Reset(ResetCause::BrownOut),
    Act::Reset(ResetCause::Watchdog),
    Act::Reset(ResetCause::External),
    Act::ResetDamaged(ResetCause::PowerOn),
    Act::Flip(BitTarget::Setpoint),
    Act::Flip(BitTarget::SessionTimer),
    Act::Flip(BitTarget::Latch),
    Act::Flip(BitTarget::Use),
    Act::Starve(TaskMask::GUARD),
    Act::Starve(TaskMask::SUPERVISOR),
];

/// The watchdog bites after this many ticks without a kick.
const WATCHDOG_TICKS: u32 = 10;
/// Time for a change to be seen, ticks.
const SETTLE_TICKS: u32 = 20;

impl Act {
    /// Lets it happen, watching every tick.
    pub fn happen(self, unit: &mut Unit, watch: &mut Watch, defect: Defect) {
        match self {
            Act::Wait(ticks) => run(unit, watch, defect, ticks),
            Act::Press(buttons) => {
                let before = unit.buttons;
                unit.buttons = buttons;
                run(unit, watch, defect, 10);
                unit.buttons = before & !buttons;
                run(unit, watch, defect, 10);
            }
            Act::Hold(buttons) => {
                unit.buttons = buttons;
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Service => {
                unit.buttons = button::POWER | button::MODE | button::TIME;
                run(unit, watch, defect, 1_020);
                unit.buttons = 0;
                run(unit, watch, defect, 10);
            }
            Act::Supply(volts) => {
                unit.open_circuit_v = volts;
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::UpperCounts(counts) => {
                unit.zones[0].forced_counts = counts;
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::LowerCounts(counts) => {
                unit.zones[1].forced_counts = counts;
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Weld(welded) => {
                unit.relay_welded = welded;
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Short(shorted) => {
                unit.zones[0].mosfet_leak = if shorted { 1.0 } else { 0.0 };
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Reset(cause) => {
                unit.reset(cause);
                watch.reset(cause);
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::ResetDamaged(cause) => {
                unit.out.record.used_s ^= 4;
                unit.reset(cause);
                watch.reset(cause);
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Flip(target) => {
                unit.state.flip_bit(target, 3);
                run(unit, watch, defect, SETTLE_TICKS);
            }
            Act::Starve(task) => {
                for _ in 0..WATCHDOG_TICKS {
                    let inputs = unit.inputs();
                    unit.out = step_skipping(&unit.config, &mut unit.state, &inputs, task);
                    watch.see(unit, inputs.buttons);
                    unit.surroundings();
                }
                Act::Reset(ResetCause::Watchdog).happen(unit, watch, defect);
            }
        }
    }
}

fn run(unit: &mut Unit, watch: &mut Watch, defect: Defect, ticks: u32) {
    for _ in 0..ticks {
        let inputs = unit.inputs();
        let mut seen = inputs;
        (defect.inputs)(&mut seen);
        unit.out = kneadsim_firmware::step(&unit.config, &mut unit.state, &seen);
        (defect.outputs)(&mut unit.out);
        watch.see(unit, inputs.buttons);
        unit.surroundings();
    }
}
