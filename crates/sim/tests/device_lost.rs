//! After a device is lost the board does what it would: the watchdog bites, the
//! pull-downs switch everything off, and nothing goes on with the last command.

use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_plant::Grid;
use kneadsim_sim::check::Verdict;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Event, Recording, Spec, TICKS_PER_S};
use kneadsim_sim::{Boot, Continue, Device, InProcess, Injection, run};

/// Answers up to its last tick, and panics when it is asked once more.
struct Dying {
    inner: InProcess,
    ticks_left: u32,
    is_dead: bool,
}

impl Dying {
    fn after(ticks: u32) -> Dying {
        Dying {
            inner: InProcess::new(),
            ticks_left: ticks,
            is_dead: false,
        }
    }
}

impl Device for Dying {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        assert!(!self.is_dead, "a lost device was booted");
        self.inner.boot(boot)
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        assert!(!self.is_dead, "a lost device was asked");
        if self.ticks_left == 0 {
            self.is_dead = true;
            return Err("no answer".to_owned());
        }
        self.ticks_left -= 1;
        self.inner.exchange(inputs)
    }

    fn configure(&mut self, config: &kneadsim_firmware::Config) -> Result<(), String> {
        assert!(!self.is_dead, "a lost device was configured");
        self.inner.configure(config)
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        assert!(!self.is_dead, "a lost device was injected into");
        self.inner.inject(injection)
    }
}

fn session() -> Spec {
    let mut spec = Spec {
        duration_ticks: 60 * TICKS_PER_S,
        seed: 3,
        recording: Recording {
            every_ticks: 1,
            signals: vec![
                Signal::HeaterPower,
                Signal::KneadingDuty,
                Signal::RelayClosed,
                Signal::DeviceRunning,
                Signal::WatchdogResets,
            ],
        },
        ..Spec::default()
    };
    spec.build.grid = Grid::Column;
    spec.press(1.0, Button::Power);
    spec
}

#[test]
fn what_a_lost_device_last_drove_ends_with_the_watchdog() {
    let spec = session();
    let lost_at = 30 * TICKS_PER_S;
    // The first ticks of the run are the supply's and the boot's.
    let before = {
        let mut asked = 0;
        let outcome = run(&spec, Dying::after(u32::MAX), &mut |_| Continue::Yes);
        for (row, tick) in outcome.trace.columns[3]
            .values
            .iter()
            .zip(&outcome.trace.ticks)
        {
            asked += u32::from(*tick < lost_at && *row == 1.0);
        }
        asked
    };
    let outcome = run(&spec, Dying::after(before), &mut |_| Continue::Yes);
    let lost = outcome.lost.clone().expect("it is lost");
    assert_eq!((lost.tick, lost.reason.as_str()), (lost_at, "no answer"));
    assert_eq!(outcome.verdict(), Verdict::Fail);
    assert_eq!(outcome.ticks_done, lost_at + 2 * TICKS_PER_S);

    let values = |at: usize| &outcome.trace.columns[at].values;
    let at = |column: usize, tick: u32| values(column)[tick as usize];
    let bitten = lost_at + spec.board.watchdog_ticks;
    assert!(at(0, lost_at - 1) > 5.0, "it was heating");
    assert!(
        at(0, bitten - 3) > 5.0,
        "the pins hold until the watchdog bites"
    );
    for tick in bitten + spec.board.relay_delay_ticks..outcome.ticks_done {
        assert_eq!(
            (at(0, tick), at(1, tick), at(2, tick)),
            (0.0, 0.0, 0.0),
            "{tick}"
        );
        assert_eq!(at(3, tick), 0.0, "nothing runs at {tick}");
    }
    assert_eq!(
        at(4, outcome.ticks_done - 1),
        1.0,
        "one bite, and no start after it"
    );
    let notes: Vec<&str> = outcome
        .trace
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert!(notes.contains(&"device lost"), "{notes:?}");
}

#[test]
fn events_after_the_loss_ask_nobody() {
    let mut spec = session();
    let mut other = spec.firmware;
    other.heat_target_c = 44.0;
    spec.events.push(Event {
        at_tick: 31 * TICKS_PER_S,
        action: Action::Configure(Box::new(other)),
    });
    spec.press(30.5, Button::Power);
    spec.events.sort_by_key(|event| event.at_tick);
    let outcome = run(&spec, Dying::after(29 * TICKS_PER_S), &mut |_| {
        Continue::Yes
    });
    let lost = outcome.lost.expect("it is lost");
    assert_eq!(outcome.ticks_done, lost.tick + 2 * TICKS_PER_S);
}
