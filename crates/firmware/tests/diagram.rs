//! The diagram on the state type, the table in the code, and what the code does: all the same.

mod stand_in;

use std::collections::BTreeSet;

use kneadsim_firmware::io::{Mode, ResetCause, button};
use kneadsim_firmware::supervisor::{BOOT_MODES, TRANSITIONS};
use kneadsim_firmware::{BitTarget, Record, State};
use stand_in::Unit;

const SOURCE: &str = include_str!("../src/supervisor.rs");

/// Arrows of the diagram, as (from, to) names.
fn diagram() -> BTreeSet<(String, String)> {
    SOURCE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("/// "))
        .filter_map(|line| {
            let (from, rest) = line.split_once(" --")?;
            let (_, to) = rest.rsplit_once("-->")?;
            Some((from.trim().to_owned(), to.trim().to_owned()))
        })
        .collect()
}

fn names(from: Mode, to: Mode) -> (String, String) {
    (format!("{from:?}"), format!("{to:?}"))
}

/// Runs a unit and collects every change of mode.
struct Watch {
    unit: Unit,
    last: Mode,
    seen: BTreeSet<(String, String)>,
}

impl Watch {
    fn new() -> Self {
        Watch {
            unit: Unit::at(23.0),
            last: Mode::Off,
            seen: BTreeSet::new(),
        }
    }

    fn fresh(&mut self) {
        self.unit = Unit::at(23.0);
        self.last = Mode::Off;
    }

    fn run_s(&mut self, seconds: f64) {
        for _ in 0..(seconds * 100.0).round() as u64 {
            self.unit.tick();
            let now = self.unit.mode();
            if now != self.last {
                self.seen.insert(names(self.last, now));
                self.last = now;
            }
        }
    }

    fn press(&mut self, buttons: u8) {
        self.unit.buttons = buttons;
        self.run_s(0.1);
        self.unit.buttons = 0;
        self.run_s(0.1);
    }

    fn break_memory(&mut self) {
        self.unit.state.flip_bit(BitTarget::Use, 1);
        self.run_s(0.05);
        assert_eq!(self.last, Mode::Latched);
    }

    /// A new unit in the given running mode.
    fn reach(&mut self, mode: Mode) {
        self.fresh();
        self.run_s(0.5);
        match mode {
            Mode::Off => {}
            Mode::SelfTest => self.press(button::POWER),
            Mode::Warming => {
                self.press(button::POWER);
                self.run_s(5.0);
            }
            Mode::Holding => {
                self.press(button::POWER);
                self.run_s(200.0);
            }
            Mode::Cooling => {
                self.unit.config.session_short_s = 5.0;
                self.unit.config.session_default_s = 5.0;
                self.press(button::POWER);
                self.run_s(8.0);
            }
            Mode::Latched => self.break_memory(),
        }
        assert_eq!(self.last, mode);
    }
}

#[test]
fn the_table_is_what_the_diagram_says() {
    let mut table: BTreeSet<_> = TRANSITIONS
        .iter()
        .map(|(from, to)| names(*from, *to))
        .collect();
    for mode in BOOT_MODES {
        table.insert(("Boot".to_owned(), format!("{mode:?}")));
    }
    assert_eq!(diagram(), table);
}

#[test]
fn real_inputs_reach_every_transition_of_the_diagram_and_no_other() {
    let mut w = Watch::new();
    // A fault from each state, and out of the latch by the service gesture.
    for mode in [
        Mode::Off,
        Mode::SelfTest,
        Mode::Warming,
        Mode::Holding,
        Mode::Cooling,
    ] {
        w.reach(mode);
        w.break_memory();
    }
    w.reach(Mode::Latched);
    w.unit.buttons = button::POWER | button::MODE | button::TIME;
    w.run_s(11.0);
    // The power button in each state that listens.
    for mode in [Mode::SelfTest, Mode::Warming, Mode::Holding] {
        w.reach(mode);
        w.press(button::POWER);
    }
    // Time up while warming and while holding; the rest; a start with nothing left.
    w.reach(Mode::Cooling);
    w.run_s(1_801.0);
    w.reach(Mode::Holding);
    w.run_s(1_200.0);
    w.fresh();
    w.unit.state = State::boot(
        &w.unit.config,
        ResetCause::PowerOn,
        Record {
            used_s: 1_790,
            rest_s: 1_800,
            ..Record::blank()
        }
        .sealed(),
    );
    w.run_s(0.5);
    w.press(button::POWER);
    // Heat asked for again when the film is cold.
    w.fresh();
    w.run_s(0.5);
    for _ in 0..3 {
        w.press(button::HEAT);
    }
    w.press(button::POWER);
    w.run_s(2.0);
    w.press(button::HEAT);
    w.run_s(2.0);

    let drawn: BTreeSet<_> = diagram()
        .into_iter()
        .filter(|(from, _)| from != "Boot")
        .collect();
    assert_eq!(w.seen, drawn);
}

#[test]
fn the_chip_boots_into_what_the_diagram_says() {
    let config = kneadsim_firmware::Config::default();
    let rows = [
        (Record::blank(), Mode::Off),
        (
            Record {
                used_s: 1_800,
                rest_s: 900,
                ..Record::blank()
            }
            .sealed(),
            Mode::Cooling,
        ),
        (
            Record {
                fault: 8,
                ..Record::blank()
            }
            .sealed(),
            Mode::Latched,
        ),
        (
            Record {
                used_s: 1,
                ..Record::blank()
            },
            Mode::Latched,
        ),
    ];
    for (record, mode) in rows {
        assert_eq!(
            State::boot(&config, ResetCause::PowerOn, record).mode(),
            mode,
            "{record:?}"
        );
    }
}
