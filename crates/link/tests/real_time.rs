//! Real time: a quick device gives the bits of lockstep, a slow one drives what
//! its pins hold, and what was late is known.

mod drive;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use drive::{boot, drive, inputs};
use kneadsim_firmware::Outputs;
use kneadsim_link::{Gone, Patience, Remote, Transport, serve};
use kneadsim_sim::{Device, InProcess};
use kneadsim_wire::Responder;

/// A device whose answers are on their way for a while.
struct Slow {
    responder: Responder,
    /// Answers so far, the greeting's and the boot's among them.
    answers: usize,
    /// How long the answer of this number takes; `None`: it never comes.
    delay: fn(usize) -> Option<Duration>,
    on_the_way: VecDeque<(Instant, Vec<u8>)>,
}

impl Slow {
    fn greeted(delay: fn(usize) -> Option<Duration>) -> Remote {
        let transport = Box::new(Slow {
            responder: serve::responder(),
            answers: 0,
            delay,
            on_the_way: VecDeque::new(),
        });
        let patience = Patience {
            answer: Duration::from_millis(50),
            ..Patience::default()
        };
        Remote::greet(transport, patience).expect("it answers")
    }
}

impl Transport for Slow {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        let (delay, on_the_way) = (self.delay, &mut self.on_the_way);
        let answers = &mut self.answers;
        self.responder.take(bytes, |answer| {
            if let Some(delay) = delay(*answers) {
                on_the_way.push_back((Instant::now() + delay, answer.to_vec()));
            }
            *answers += 1;
        });
        Ok(())
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        let end = Instant::now() + wait;
        let Some((at, _)) = self.on_the_way.front() else {
            std::thread::sleep(wait);
            return Ok(0);
        };
        if *at > end {
            std::thread::sleep(wait);
            return Ok(0);
        }
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        let (_, bytes) = self.on_the_way.pop_front().expect("it is there");
        into[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

#[test]
fn a_quick_device_gives_the_bits_of_lockstep_at_a_hundred_ticks_a_second() {
    let wanted = drive(&mut InProcess::new(), 60).expect("in process");
    let mut remote = Slow::greeted(|_| Some(Duration::ZERO));
    assert_eq!(remote.timeliness(), None, "not in real time");
    remote.keep_pace();
    let start = Instant::now();
    let got = drive(&mut remote, 60).expect("it answers");
    assert!(start.elapsed() >= Duration::from_millis(590));
    let time = remote.timeliness().expect("in real time");
    assert_eq!(time.asked, 60);
    // A machine that lets us sleep through a tick makes an answer late: it counts all the same.
    if time.missed == 0 {
        assert_eq!(got, wanted);
    }
    assert!(time.latency.median_us <= time.latency.p99_us);
    assert!(time.latency.p99_us <= time.latency.most_us);
    assert_eq!(remote.timeliness(), None, "only once");
}

#[test]
fn a_late_answer_leaves_the_pins_as_they_were_without_a_kick_and_is_a_slip() {
    // The greeting, the boot, ten ticks; then one that takes three ticks and a half.
    let mut remote =
        Slow::greeted(|number| Some(Duration::from_millis(if number == 12 { 35 } else { 0 })));
    remote.keep_pace();
    let got = drive(&mut remote, 20).expect("it answers");
    let time = remote.timeliness().expect("in real time");
    assert!(time.missed >= 3, "{time:?}");
    assert!(time.slip_us >= 25_000, "{time:?}");
    assert!(pins_were_held(&got) >= 3);
}

/// Ticks without a kick of the watchdog: in each the pins are those of the tick before.
fn pins_were_held(got: &[Outputs]) -> usize {
    let held = |pair: &[Outputs]| {
        let before = Outputs {
            watchdog_kick: false,
            ..pair[0]
        };
        let is_late = !pair[1].watchdog_kick;
        assert!(!is_late || pair[1] == before, "{:?}", pair[1]);
        is_late
    };
    got.windows(2).filter(|pair| held(pair)).count()
}

#[test]
fn an_answer_that_never_comes_is_missed_and_the_next_one_counts() {
    let mut remote = Slow::greeted(|number| (number != 12).then_some(Duration::ZERO));
    remote.keep_pace();
    let got = drive(&mut remote, 20).expect("it answers");
    let time = remote.timeliness().expect("in real time");
    assert!(time.missed >= 1 && time.asked == 20, "{time:?}");
    let held = pins_were_held(&got);
    assert!((1..10).contains(&held), "{held}");
}

#[test]
fn a_silent_device_is_lost_within_its_patience() {
    let mut remote = Slow::greeted(|number| (number < 12).then_some(Duration::ZERO));
    remote.keep_pace();
    let start = Instant::now();
    let (tick, reason) = drive(&mut remote, 1000).expect_err("it is lost");
    // Ten ticks, then four times 50 ms.
    assert!((25..200).contains(&tick), "{tick}");
    assert_eq!(reason, "no answer within 200 ms");
    assert!(start.elapsed() < Duration::from_secs(5));
    let time = remote.timeliness().expect("in real time");
    // The patience, less what was left of the tick before and the first silent one.
    assert!(time.slip_us >= 150_000, "{time:?}");
}

#[test]
fn ticks_without_a_question_take_their_time_too() {
    let mut remote = Slow::greeted(|_| Some(Duration::ZERO));
    boot(&mut remote).expect("it boots");
    remote.keep_pace();
    let start = Instant::now();
    for _ in 0..=10 {
        remote.wait_for_tick();
    }
    assert!(start.elapsed() >= Duration::from_millis(100));
    assert_eq!(remote.timeliness().expect("in real time").asked, 0);
}

#[test]
fn a_board_that_starts_again_holds_nothing_of_what_it_drove_before() {
    // The greeting, the boot, 60 ticks, the second boot; nothing after that.
    let mut remote = Slow::greeted(|number| (number < 63).then_some(Duration::ZERO));
    remote.keep_pace();
    let before = drive(&mut remote, 60).expect("it answers");
    assert!(before.iter().any(|outputs| *outputs != Outputs::default()));
    boot(&mut remote).expect("it boots");
    remote.wait_for_tick();
    let held = remote.exchange(&inputs(0)).expect("it is not lost yet");
    assert_eq!(held, Outputs::default());
}

#[test]
fn a_chip_that_is_not_asked_for_long_is_not_silent() {
    // The greeting, the boot, ten ticks; one that is missed, behind half a second unasked.
    let mut remote = Slow::greeted(|number| (number != 12).then_some(Duration::ZERO));
    remote.keep_pace();
    drive(&mut remote, 10).expect("it answers");
    for _ in 0..50 {
        remote.wait_for_tick();
    }
    assert!(
        remote.exchange(&inputs(10)).is_ok(),
        "200 ms of patience begin now"
    );
    assert_eq!(remote.timeliness().expect("in real time").asked, 11);
}
