//! The chip as the board sees it: power, reset, watchdog, clock, kept record, buttons.
//!
//! The hardware watchdog and the second oscillator run on their own; a hung
//! chip keeps its pins as they were until the watchdog resets it.

use kneadsim_firmware::io::{Inputs, Outputs, Record, ResetCause, TICK_MS};
use kneadsim_firmware::{BitTarget, Config, TaskMask};

use crate::device::{Boot, Device, Injection};
use crate::fault::{FaultKind, FaultSpec};
use crate::spec::{Action, Board, Button, TICKS_PER_S};

/// Supply gone for longer than this: the next start is a power-on, not a brown-out.
const POWER_LOST_TICKS: u32 = TICKS_PER_S / 2;

/// What the chip is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Not plugged in yet: the first supply is a power-on, and no reset.
    Unpowered,
    /// Held in reset by low supply, for so many ticks.
    NoSupply { ticks: u32 },
    /// Coming out of reset.
    Booting { ticks_left: u32, cause: ResetCause },
    /// Executing (or hung).
    Running,
}

/// A button held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Press {
    button: Button,
    until_tick: u32,
}

/// The chip and what the board does for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Controller {
    phase: Phase,
    config: Config,
    pins: Outputs,
    presses: Vec<Press>,
    ticks_without_kick: u32,
    chip_ticks: u32,
    clock_share: f64,
    resets: u32,
    watchdog_resets: u32,
    executing: bool,
    skipping: TaskMask,
    /// The device is lost: what the chip last drove stays until the watchdog
    /// bites, and it does not come out of that reset.
    is_lost: bool,
}

impl Controller {
    /// A factory-new chip; call [`Controller::power_on`] next.
    pub fn new(config: &Config) -> Self {
        Self {
            phase: Phase::Unpowered,
            config: *config,
            pins: Outputs {
                record: Record::blank(),
                ..Outputs::default()
            },
            presses: Vec::with_capacity(Button::ALL.len()),
            ticks_without_kick: 0,
            chip_ticks: 0,
            clock_share: 0.0,
            resets: 0,
            watchdog_resets: 0,
            executing: false,
            skipping: TaskMask::NONE,
            is_lost: false,
        }
    }

    /// The device is lost; it is never asked again.
    pub fn lose_device(&mut self) {
        self.is_lost = true;
    }

    /// First boot of the run.
    ///
    /// # Errors
    /// What the device says.
    pub fn power_on(&mut self, device: &mut impl Device) -> Result<(), String> {
        device.boot(&self.boot(ResetCause::PowerOn))
    }

    /// The pins: all off without power or in reset.
    pub fn pins(&self) -> &Outputs {
        &self.pins
    }

    /// The chip executed in the last tick.
    pub fn executing(&self) -> bool {
        self.executing
    }

    /// The chip has power.
    pub fn powered(&self) -> bool {
        match self.phase {
            Phase::Unpowered | Phase::NoSupply { .. } => false,
            Phase::Booting { .. } | Phase::Running => true,
        }
    }

    /// Resets since the start: of every cause, and by the watchdog.
    pub fn resets(&self) -> (u32, u32) {
        (self.resets, self.watchdog_resets)
    }

    /// Starts what an event says about the chip; conditions are not this module's.
    ///
    /// # Errors
    /// What the device says.
    pub fn start(
        &mut self,
        action: &Action,
        tick: u32,
        device: &mut impl Device,
    ) -> Result<(), String> {
        match action {
            Action::Press { button, hold_ticks } => {
                self.presses.retain(|press| press.button != *button);
                self.presses.push(Press {
                    button: *button,
                    until_tick: tick.saturating_add(*hold_ticks),
                });
                Ok(())
            }
            Action::Configure(config) => {
                self.config = **config;
                if self.is_lost {
                    return Ok(());
                }
                device.configure(config)
            }
            Action::Set { .. } => Ok(()),
        }
    }

    /// One tick of the chip, faults included. Clock and buttons are filled into
    /// `inputs` on the way to the device.
    ///
    /// # Errors
    /// What the device says.
    #[inline]
    pub fn tick(
        &mut self,
        tick: u32,
        board: &Board,
        inputs: &mut Inputs,
        supply_v: f64,
        faults: &[FaultSpec],
        device: &mut impl Device,
    ) -> Result<(), String> {
        self.executing = false;
        if !self.is_lost {
            device.wait_for_tick();
        }
        self.follow_supply(board, supply_v);
        if self.phase == Phase::Running && reset_line_pulled(tick, faults) {
            self.reset(board, ResetCause::External);
        }
        if let Phase::Booting { ticks_left, cause } = self.phase {
            if ticks_left > 0 {
                self.phase = Phase::Booting {
                    ticks_left: ticks_left - 1,
                    cause,
                };
            } else if !self.is_lost {
                device.boot(&self.boot(cause))?;
                self.chip_ticks = 0;
                self.phase = Phase::Running;
            }
        }
        if self.phase != Phase::Running {
            return Ok(());
        }
        let mut hung = self.is_lost;
        if !self.is_lost && (!faults.is_empty() || self.skipping != TaskMask::NONE) {
            self.skip_tasks(faults, device)?;
            self.flip_bits(tick, faults, device)?;
            hung = faults.iter().any(|f| f.kind == FaultKind::Hang);
        }
        self.ticks_without_kick += 1;
        if !hung {
            self.execute(tick, inputs, faults, device)?;
        }
        if self.ticks_without_kick >= board.watchdog_ticks {
            self.watchdog_resets += 1;
            self.reset(board, ResetCause::Watchdog);
        }
        Ok(())
    }

    fn boot(&self, cause: ResetCause) -> Boot {
        Boot {
            config: self.config,
            cause,
            record: self.pins.record,
        }
    }

    #[inline]
    fn follow_supply(&mut self, board: &Board, supply_v: f64) {
        // A NaN supply would be a bug of the plant; it counts as no supply.
        let enough = supply_v >= board.brown_out_v;
        if !enough || self.phase != Phase::Running {
            self.change_supply(board, enough);
        }
    }

    #[inline(never)]
    fn change_supply(&mut self, board: &Board, enough: bool) {
        match self.phase {
            Phase::Unpowered if enough => self.come_up(board, ResetCause::PowerOn),
            Phase::Unpowered => {}
            Phase::NoSupply { ticks } if enough => {
                let cause = if ticks > POWER_LOST_TICKS {
                    ResetCause::PowerOn
                } else {
                    ResetCause::BrownOut
                };
                self.reset(board, cause);
            }
            Phase::NoSupply { ticks } => {
                self.phase = Phase::NoSupply {
                    ticks: ticks.saturating_add(1),
                }
            }
            Phase::Booting { .. } | Phase::Running if !enough => {
                self.pins = Outputs {
                    record: self.pins.record,
                    ..Outputs::default()
                };
                self.phase = Phase::NoSupply { ticks: 0 };
            }
            Phase::Booting { .. } | Phase::Running => {}
        }
    }

    fn reset(&mut self, board: &Board, cause: ResetCause) {
        self.resets += 1;
        self.come_up(board, cause);
    }

    /// Out of reset, to execute once it has booted.
    fn come_up(&mut self, board: &Board, cause: ResetCause) {
        self.ticks_without_kick = 0;
        self.pins = Outputs {
            record: self.pins.record,
            ..Outputs::default()
        };
        self.phase = Phase::Booting {
            ticks_left: board.boot_ticks,
            cause,
        };
    }

    #[inline]
    fn execute(
        &mut self,
        tick: u32,
        inputs: &mut Inputs,
        faults: &[FaultSpec],
        device: &mut impl Device,
    ) -> Result<(), String> {
        let sound = faults.is_empty();
        let clock = if sound { 1.0 } else { clock_factor(faults) };
        inputs.buttons = if self.presses.is_empty() && sound {
            0
        } else {
            self.buttons(tick, faults)
        };
        // The second oscillator does not share the fault: it counts true time, and wraps.
        inputs.rtc_ms = (u64::from(tick) * u64::from(TICK_MS)) as u16;
        self.clock_share += clock;
        while self.clock_share >= 1.0 {
            self.clock_share -= 1.0;
            inputs.tick = self.chip_ticks;
            self.chip_ticks = self.chip_ticks.wrapping_add(1);
            self.pins = device.exchange(inputs)?;
            self.executing = true;
            if self.pins.watchdog_kick {
                self.ticks_without_kick = 0;
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn buttons(&mut self, tick: u32, faults: &[FaultSpec]) -> u8 {
        self.presses.retain(|press| tick < press.until_tick);
        let held = self
            .presses
            .iter()
            .fold(0, |bits, press| bits | press.button.bit());
        let mashed = faults
            .iter()
            .filter(|f| f.kind == FaultKind::ButtonMash)
            .any(|f| {
                let period_ticks = ticks_of(f.value).max(2);
                (tick - f.onset_tick) % period_ticks < period_ticks / 2
            });
        if mashed {
            held | Button::Power.bit()
        } else {
            held
        }
    }

    fn skip_tasks(&mut self, faults: &[FaultSpec], device: &mut impl Device) -> Result<(), String> {
        let mut skip = TaskMask::NONE;
        for fault in faults.iter().filter(|f| f.kind == FaultKind::TaskSkipped) {
            if let Some((_, mask)) = TaskMask::ALL.get(usize::from(fault.target)) {
                skip = skip.with(*mask);
            }
        }
        if skip != self.skipping {
            self.skipping = skip;
            device.inject(&Injection::SkipTasks(skip))?;
        }
        Ok(())
    }

    /// A flip happens once, at the fault's onset, or once a period when it repeats.
    fn flip_bits(
        &mut self,
        tick: u32,
        faults: &[FaultSpec],
        device: &mut impl Device,
    ) -> Result<(), String> {
        for fault in faults.iter().filter(|f| f.kind == FaultKind::BitFlip) {
            let since = tick - fault.onset_tick;
            let now = match fault.repeat {
                Some(repeat) => since.is_multiple_of(repeat.every_ticks.max(1)),
                None => since == 0,
            };
            if let (true, Some((_, target))) = (now, BitTarget::ALL.get(usize::from(fault.target)))
            {
                // Validated to 0..=31.
                device.inject(&Injection::FlipBit {
                    target: *target,
                    bit: fault.value as u8,
                })?;
            }
        }
        Ok(())
    }
}

/// Whether a fault acts in the chip: the others need not be looked at here.
pub(crate) fn concerns(kind: FaultKind) -> bool {
    [
        FaultKind::Hang,
        FaultKind::TaskSkipped,
        FaultKind::Clock,
        FaultKind::BitFlip,
        FaultKind::ResetLoop,
        FaultKind::ButtonMash,
    ]
    .contains(&kind)
}

/// The chip's clock as a share of its own right speed.
fn clock_factor(faults: &[FaultSpec]) -> f64 {
    faults
        .iter()
        .filter(|f| f.kind == FaultKind::Clock)
        .map(|f| f.value)
        .product()
}

fn reset_line_pulled(tick: u32, faults: &[FaultSpec]) -> bool {
    faults.iter().any(|f| {
        f.kind == FaultKind::ResetLoop
            && (tick - f.onset_tick).is_multiple_of(ticks_of(f.value).max(1))
    })
}

/// A parameter in seconds as ticks; `as` saturates.
fn ticks_of(seconds: f64) -> u32 {
    libm::round(seconds * f64::from(TICKS_PER_S)) as u32
}
