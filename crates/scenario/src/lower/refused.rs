//! What a whole specification may still be refused for, told at the place that caused it.

use kneadsim_sim::spec::Spec;
use kneadsim_sim::validate::Part;

use super::Loader;
use crate::bounds::TRACE_MAX_VALUES;
use crate::document::Table;
use crate::faults::Faults;
use crate::mistake::Place;
use crate::section::Placed;

impl Loader<'_> {
    /// What the bench still refuses, at the place that caused it.
    pub(super) fn validate(
        &mut self,
        spec: &Spec,
        root: &Table,
        placed: &Placed,
        faults: &Faults,
        events: &[Place],
    ) {
        let start = Place {
            file: 0,
            start: 0,
            end: 0,
        };
        let section = |name: &str| root.get(name).map_or(start, |e| e.key_place);
        self.trace_in_bounds(spec, placed, section("run"));
        if let Err(error) = spec.build.validate() {
            for problem in error.problems {
                let path = match problem.field.as_str() {
                    "thermal_step_ticks" => "run.thermal_step".to_owned(),
                    "grid.columns_x" => "run.columns_x".to_owned(),
                    "grid.columns_y" => "run.columns_y".to_owned(),
                    field => format!("product.{field}"),
                };
                let fallback = section(path.split('.').next().unwrap_or(""));
                let place = placed.blame(&path, fallback);
                let message = match problem.field.as_str() {
                    "thermal_step_ticks" => {
                        format!(
                            "`thermal_step` is {} ticks of 10 ms, allowed {}",
                            problem.value, problem.allowed
                        )
                    }
                    _ => problem
                        .to_string()
                        .replace("[0]", ".left")
                        .replace("[1]", ".right"),
                };
                self.reporter.mistake(place, message);
            }
        }
        let Err(problems) = spec.validate() else {
            return;
        };
        for problem in problems {
            let place = match problem.part {
                Part::Run => section("run"),
                // Reported above, field by field.
                Part::Build => continue,
                Part::Board => {
                    placed.blame_word("product.board", &problem.message, section("product"))
                }
                Part::Firmware => {
                    placed.blame_word("firmware", &problem.message, section("firmware"))
                }
                Part::Event(index) => events.get(index).copied().unwrap_or(start),
                Part::Fault(index) => faults.places.get(index).copied().unwrap_or(start),
            };
            // A value that was refused while it was read has its mistake already.
            let same_place = matches!(problem.part, Part::Event(_)) && self.reporter.count() > 0;
            if !same_place {
                let message = match problem.part {
                    Part::Firmware => format!(
                        "the firmware refuses its configuration: {}",
                        problem.message
                    ),
                    Part::Run | Part::Build | Part::Board | Part::Event(_) | Part::Fault(_) => {
                        problem.message
                    }
                };
                self.reporter.mistake(place, message);
            }
        }
    }

    fn trace_in_bounds(&mut self, spec: &Spec, placed: &Placed, fallback: Place) {
        let every_ticks = spec.recording.every_ticks;
        if every_ticks == 0 {
            return;
        }
        let rows = u64::from(spec.duration_ticks.div_ceil(every_ticks));
        let columns = spec.recording.signals.len() as u64;
        let values = rows * columns;
        if values > TRACE_MAX_VALUES {
            let message = format!(
                "the trace has {rows} rows of {columns} signals: {values} values, allowed \
                 {TRACE_MAX_VALUES}; a longer `trace_every` or fewer `trace_signals`"
            );
            let place = placed.blame("run.trace_every", fallback);
            self.reporter.mistake(place, message);
        }
    }
}
