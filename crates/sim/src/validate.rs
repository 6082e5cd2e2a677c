//! What makes a specification runnable: all problems at once.

use kneadsim_plant::{Grid, Source};

use crate::fault::{FaultKind, FaultSpec};
use crate::spec::{Action, Spec, TICKS_PER_S};

/// Longest run, ticks: a day.
pub const LONGEST_TICKS: u32 = 24 * 3600 * TICKS_PER_S;

/// Which part of a specification a problem is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Length, recording.
    Run,
    /// Massager and body.
    Build,
    /// The board's tolerances.
    Board,
    /// The firmware's configuration.
    Firmware,
    /// Event of this index.
    Event(usize),
    /// Fault of this index.
    Fault(usize),
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub part: Part,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl Spec {
    /// Checks that this can be run as it says, with every fault realised.
    ///
    /// # Errors
    /// Every problem found.
    pub fn validate(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut report = |part, message: String| problems.push(Problem { part, message });
        if self.duration_ticks == 0 || self.duration_ticks > LONGEST_TICKS {
            report(
                Part::Run,
                "the duration must be more than 0 and at most 24 h".to_owned(),
            );
        }
        if let Err(error) = self.build.validate() {
            report(Part::Build, error.to_string());
        }
        if let Err(error) = self.firmware.validate() {
            report(Part::Firmware, error.to_string());
        }
        self.validate_board(&mut report);
        for (index, fault) in self.faults.iter().enumerate() {
            if let Err(message) = self.realisable(fault) {
                report(Part::Fault(index), message);
            }
        }
        self.validate_events(&mut report);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn validate_board(&self, report: &mut impl FnMut(Part, String)) {
        let board = &self.board;
        let factors = [
            ("ntc_r25_factor", board.ntc_r25_factor[0]),
            ("ntc_r25_factor", board.ntc_r25_factor[1]),
            ("ntc_beta_factor", board.ntc_beta_factor[0]),
            ("ntc_beta_factor", board.ntc_beta_factor[1]),
            ("pull_up_factor", board.pull_up_factor[0]),
            ("pull_up_factor", board.pull_up_factor[1]),
            ("shunt_factor", board.shunt_factor),
        ];
        for (name, factor) in factors {
            if !(0.5..=2.0).contains(&factor) {
                report(
                    Part::Board,
                    format!("`{name}` is {factor}, allowed 0.5 to 2"),
                );
            }
        }
        let ranges = [
            ("ntc_lag_s", board.ntc_lag_s, 0.0, 300.0),
            ("noise_counts_rms", board.noise_counts_rms, 0.0, 50.0),
            ("brown_out_v", board.brown_out_v, 1.0, 12.0),
        ];
        for (name, value, min, max) in ranges {
            if !(min..=max).contains(&value) {
                report(
                    Part::Board,
                    format!("`{name}` is {value}, allowed {min} to {max}"),
                );
            }
        }
        if board.watchdog_ticks == 0 {
            report(
                Part::Board,
                "`watchdog_ticks` is 0, allowed 1 or more".to_owned(),
            );
        }
    }

    fn validate_events(&self, report: &mut impl FnMut(Part, String)) {
        let mut before = 0;
        for (index, event) in self.events.iter().enumerate() {
            if event.at_tick < before {
                report(
                    Part::Event(index),
                    "is earlier than the event before it".to_owned(),
                );
            }
            before = event.at_tick;
            match &event.action {
                Action::Set { knob, value, .. } => {
                    let (min, max) = knob.range();
                    if !(min..=max).contains(value) {
                        report(
                            Part::Event(index),
                            format!("`{}` is {value}, allowed {min} to {max}", knob.name()),
                        );
                    }
                }
                Action::Configure(config) => {
                    if let Err(error) = config.validate() {
                        report(Part::Event(index), error.to_string());
                    }
                }
                Action::Press { .. } => {}
            }
        }
    }

    /// Whether plant and board can do this fault; why not, if they cannot.
    fn realisable(&self, fault: &FaultSpec) -> Result<(), String> {
        let name = fault.kind.name();
        let row = fault.kind.row();
        let targets = row.targets.names();
        if usize::from(fault.target) >= targets.len() {
            return Err(format!(
                "`{name}` has no such target, allowed: {}",
                targets.join(", ")
            ));
        }
        if let Some(parameter) = row.parameter
            && !(parameter.min..=parameter.max).contains(&fault.value)
        {
            return Err(format!(
                "`{}` of `{name}` is {}, allowed {} to {}",
                parameter.name, fault.value, parameter.min, parameter.max
            ));
        }
        if fault
            .repeat
            .is_some_and(|r| r.every_ticks < 2 || r.on_ticks == 0 || r.on_ticks > r.every_ticks)
        {
            return Err(format!(
                "`{name}` repeats faster than the bench can: a period is at least 20 ms, and the fault is there for at least 10 ms of it"
            ));
        }
        self.has_what_breaks(fault)
    }

    /// Whether this product and this grid have what the fault breaks.
    fn has_what_breaks(&self, fault: &FaultSpec) -> Result<(), String> {
        let name = fault.kind.name();
        let needs = |kinds: &[FaultKind]| kinds.contains(&fault.kind);
        let column = matches!(self.build.grid, Grid::Column);
        let pack = matches!(self.build.supply.source, Source::Pack { .. });
        if column
            && needs(&[
                FaultKind::Fold,
                FaultKind::FilmCrack,
                FaultKind::FilmShort,
                FaultKind::NodeParked,
            ])
        {
            return Err(format!(
                "`{name}` makes a hot spot, which one column per zone cannot show: use grid = \"field\""
            ));
        }
        if !pack && needs(&[FaultKind::PackHot, FaultKind::BatteryLow]) {
            return Err(format!(
                "`{name}` needs a battery pack, and this product has an adapter"
            ));
        }
        if pack && needs(&[FaultKind::Adapter24V]) {
            return Err(format!(
                "`{name}` needs an adapter, and this product has a battery pack"
            ));
        }
        let encoder = |motor: &kneadsim_plant::Motor| motor.encoder_counts_per_turn > 0.0;
        if needs(&[FaultKind::EncoderLost])
            && !self
                .build
                .motors
                .get(usize::from(fault.target))
                .is_some_and(encoder)
        {
            return Err(format!(
                "`{name}` needs an encoder, and this motor has none"
            ));
        }
        if needs(&[FaultKind::BitFlip]) && fault.value.fract() != 0.0 {
            return Err(format!(
                "`bit` of `{name}` is {}, allowed are whole numbers",
                fault.value
            ));
        }
        Ok(())
    }
}
