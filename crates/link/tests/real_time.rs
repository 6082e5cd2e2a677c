//! Real time: a quick device gives the bits of lockstep, a slow one drives what
//! its pins hold, and what was late is known.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use kneadsim_firmware::{Config, Inputs, Outputs, Record, ResetCause};
use kneadsim_link::{Gone, Patience, Remote, Transport, serve};
use kneadsim_sim::{Boot, Device, InProcess};
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
        let mut rest = bytes;
        while !rest.is_empty() {
            let (taken, answer) = self.responder.take(rest);
            rest = &rest[taken..];
            if let Some(answer) = answer {
                let delay = (self.delay)(self.answers);
                self.answers += 1;
                if let Some(delay) = delay {
                    let at = Instant::now() + delay;
                    self.on_the_way.push_back((at, answer.to_vec()));
                }
            }
        }
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

fn inputs(tick: u32) -> Inputs {
    Inputs {
        tick,
        rtc_ms: tick.wrapping_mul(10) as u16,
        ntc_counts: [2048 + (tick % 3) as u16, 2050],
        supply_counts: 1500,
        reference_counts: 1489,
        pack_ntc_counts: 2048,
        buttons: u8::from((2..8).contains(&tick)),
        ..Inputs::default()
    }
}

fn boot(device: &mut impl Device) {
    let boot = Boot {
        config: Config::default(),
        cause: ResetCause::PowerOn,
        record: Record::blank(),
    };
    device.boot(&boot).expect("it boots");
}

fn drive(device: &mut impl Device, ticks: u32) -> Result<Vec<Outputs>, (u32, String)> {
    boot(device);
    (0..ticks)
        .map(|tick| {
            device.wait_for_tick();
            let done = device.exchange(&inputs(tick));
            done.map_err(|reason| (tick, reason))
        })
        .collect()
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
    boot(&mut remote);
    remote.keep_pace();
    let start = Instant::now();
    for _ in 0..=10 {
        remote.wait_for_tick();
    }
    assert!(start.elapsed() >= Duration::from_millis(100));
    assert_eq!(remote.timeliness().expect("in real time").asked, 0);
}
