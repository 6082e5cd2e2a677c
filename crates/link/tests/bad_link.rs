//! A link that loses, garbles, doubles and delays, and devices that are none:
//! what can be made up for is counted, the rest ends within a bounded wait.

mod drive;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use drive::drive;
use kneadsim_link::{Counters, Gone, Patience, Remote, Transport, serve};
use kneadsim_sim::InProcess;
use kneadsim_wire::{FRAME_MAX, FromDevice, Hello, PROTOCOL, Responder, encode};

/// What happens to the answers, counted from the greeting's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    None,
    /// Every so many answers one does not arrive.
    Lost(u64),
    /// ... one byte of one is wrong.
    Corrupted(u64),
    /// ... one ends in the middle.
    Truncated(u64),
    /// ... one comes twice.
    Doubled(u64),
    /// ... one arrives behind the answer to the repeated question.
    Late(u64),
    /// ... a line of text comes before one.
    Chatter(u64),
    /// From that answer on nothing comes any more.
    Silent(u64),
    /// ... the other end is gone.
    Dead(u64),
    /// ... endless bytes come.
    Flood(u64),
    /// ... endless bytes without a frame's end come.
    Endless(u64),
    /// Another protocol.
    Version,
}

struct Faulty {
    responder: Responder,
    trouble: Trouble,
    answers: u64,
    out: VecDeque<u8>,
    late: Vec<u8>,
}

impl Faulty {
    fn boxed(trouble: Trouble) -> Box<Faulty> {
        Box::new(Faulty {
            responder: serve::responder(),
            trouble,
            answers: 0,
            out: VecDeque::new(),
            late: Vec::new(),
        })
    }

    fn answer(&mut self, mut answer: Vec<u8>) {
        let number = self.answers;
        self.answers += 1;
        let every = |n: u64| number > 2 && number.is_multiple_of(n);
        match self.trouble {
            Trouble::Lost(n) if every(n) => return,
            Trouble::Corrupted(n) if every(n) => answer[1] ^= 0x40,
            Trouble::Truncated(n) if every(n) => {
                answer.truncate(answer.len() / 2);
                answer.push(0);
            }
            Trouble::Doubled(n) if every(n) => answer.extend(answer.clone()),
            Trouble::Late(n) if every(n) => {
                self.late = answer;
                return;
            }
            Trouble::Chatter(n) if every(n) => {
                answer.splice(0..0, *b"\x00hello, world\r\n\x00");
            }
            Trouble::Silent(n) | Trouble::Dead(n) | Trouble::Flood(n) | Trouble::Endless(n)
                if number >= n =>
            {
                return;
            }
            Trouble::Version => {
                let hello = FromDevice::Hello(Hello {
                    protocol: PROTOCOL + 1,
                    abilities: 0,
                    config_hash: 0,
                    device: "other\x1b[31m",
                    firmware: "9.9",
                });
                let mut frame = [0; FRAME_MAX];
                answer = encode(1, &hello, &mut frame).expect("it fits").to_vec();
            }
            _ => {}
        }
        self.out.extend(answer);
        self.out.extend(self.late.drain(..));
    }
}

impl Transport for Faulty {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        if let Trouble::Dead(n) = self.trouble
            && self.answers > n
        {
            return Err(Gone("the process ended (exit status: 3)".to_owned()));
        }
        let mut answers = Vec::new();
        self.responder
            .take(bytes, |answer| answers.push(answer.to_vec()));
        for answer in answers {
            self.answer(answer);
        }
        Ok(())
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        match self.trouble {
            Trouble::Flood(n) if self.answers > n => {
                into.fill(b'x');
                into[0] = 0;
                return Ok(into.len());
            }
            Trouble::Endless(n) if self.answers > n => {
                into.fill(b'x');
                return Ok(into.len());
            }
            Trouble::Dead(n) if self.answers > n => {
                return Err(Gone("the process ended (exit status: 3)".to_owned()));
            }
            _ => {}
        }
        if self.out.is_empty() {
            std::thread::sleep(wait);
            return Ok(0);
        }
        // In small pieces, as ports give them.
        let count = self.out.len().min(into.len()).min(7);
        for (slot, byte) in into.iter_mut().zip(self.out.drain(..count)) {
            *slot = byte;
        }
        Ok(count)
    }
}

const PATIENCE: Patience = Patience {
    answer: Duration::from_millis(4),
    greeting: Duration::from_millis(100),
    retries: 3,
};

#[test]
fn what_a_bad_link_spoils_is_asked_for_again_and_changes_nothing() {
    let wanted = drive(&mut InProcess::new(), 300).expect("in process");
    for (trouble, spoils) in [
        (Trouble::None, |c: Counters| c == Counters::default()),
        (Trouble::Lost(40), |c: Counters| {
            c.retries >= 7 && c.damaged == 0
        }),
        (Trouble::Corrupted(40), |c: Counters| {
            c.retries >= 7 && c.damaged >= 7
        }),
        (Trouble::Truncated(40), |c: Counters| {
            c.retries >= 7 && c.damaged >= 7
        }),
        (Trouble::Doubled(40), |c: Counters| {
            c.retries == 0 && c.stale >= 7
        }),
        (Trouble::Late(40), |c: Counters| c.retries >= 7),
        (Trouble::Chatter(40), |c: Counters| {
            c.retries == 0 && c.damaged >= 7
        }),
    ] as [(Trouble, fn(Counters) -> bool); 7]
    {
        let mut remote = Remote::greet(Faulty::boxed(trouble), PATIENCE).expect("it answers");
        assert_eq!(drive(&mut remote, 300).as_ref(), Ok(&wanted), "{trouble:?}");
        assert!(
            spoils(remote.counters()),
            "{trouble:?}: {:?}",
            remote.counters()
        );
    }
}

#[test]
fn a_lost_device_is_named_with_its_reason_within_a_bounded_wait() {
    for (trouble, why) in [
        (Trouble::Silent(100), "no answer within 16 ms"),
        (Trouble::Dead(100), "the process ended (exit status: 3)"),
        (Trouble::Flood(100), "it floods"),
        (Trouble::Endless(100), "it floods"),
        // Every second answer and every answer to the question asked again.
        (Trouble::Corrupted(1), "no valid answer within 16 ms, only"),
    ] {
        let start = Instant::now();
        let mut remote = Remote::greet(Faulty::boxed(trouble), PATIENCE).expect("it answers");
        let (tick, reason) = drive(&mut remote, 300).expect_err("it is lost");
        assert!(reason.contains(why), "{trouble:?}: {reason}");
        // The greeting and the boot are answers too.
        let expected = if trouble == Trouble::Corrupted(1) {
            1
        } else {
            98
        };
        assert_eq!(tick, expected, "{trouble:?}");
        assert!(start.elapsed() < Duration::from_secs(2), "{trouble:?}");
    }
}

#[test]
fn what_is_no_device_is_refused_at_the_greeting() {
    for (trouble, why) in [
        (Trouble::Silent(0), "no answer within 100 ms"),
        (Trouble::Flood(0), "it floods"),
        (Trouble::Version, "speaks protocol 2, this is protocol 1"),
    ] {
        let error = Remote::greet(Faulty::boxed(trouble), PATIENCE).expect_err("refused");
        assert!(error.contains(why), "{trouble:?}: {error}");
        assert!(!error.contains('\x1b'), "{error:?}");
    }
}
