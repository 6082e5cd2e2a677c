//! The device's side around the firmware core: one answer for each message.
//!
//! Used by the image for the chip and by the in-process core when it is served
//! over a link, so that both behave alike.

use kneadsim_firmware::{BitTarget, Config, Record, ResetCause, State, TaskMask, step_adopted};

use crate::frame::{FRAME_MAX, FrameError, decode, encode};
use crate::link::{Event, Link};
use crate::messages::{
    ABILITY_BOOT_RECORD, ABILITY_CONFIG, ABILITY_INJECT, FromDevice, Hello, Inputs, Outputs,
    PROTOCOL, Refusal, ToDevice, config_hash,
};

/// The reference core behind the protocol.
#[derive(Clone, Debug)]
pub struct Responder {
    device: &'static str,
    firmware: &'static str,
    config: Config,
    /// What has been set and not yet adopted.
    next_config: Config,
    state: Option<State>,
    /// The state works with the configuration: nothing is to be compared.
    is_adopted: bool,
    skip: TaskMask,
    link: Link,
    /// The last answer, as it was sent, and to which message: one that comes
    /// again, because its answer was lost, is not carried out twice.
    answered: Option<u16>,
    answer: [u8; FRAME_MAX],
    answer_used: usize,
}

impl Responder {
    /// Before any boot, with the core's default parameters.
    pub fn new(device: &'static str, firmware: &'static str) -> Self {
        Self {
            device,
            firmware,
            config: Config::default(),
            next_config: Config::default(),
            state: None,
            is_adopted: false,
            skip: TaskMask::NONE,
            link: Link::new(),
            answered: None,
            answer: [0; FRAME_MAX],
            answer_used: 0,
        }
    }

    /// Takes what has arrived and hands on each answer, as the frame to send, once
    /// its message is whole. What arrives damaged gets no answer: the bench asks again.
    pub fn take(&mut self, bytes: &[u8], mut send: impl FnMut(&[u8])) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (taken, event) = self.link.take(rest);
            rest = rest.get(taken..).unwrap_or_default();
            let Some(Event::Frame(frame)) = event else {
                continue;
            };
            let (sequence, message) = match decode::<ToDevice>(frame) {
                Ok(message) => message,
                Err(
                    FrameError::TooLong
                    | FrameError::Truncated
                    | FrameError::Corrupted
                    | FrameError::Malformed,
                ) => continue,
            };
            let hello = matches!(message, ToDevice::Hello { .. });
            if hello || self.answered != Some(sequence) {
                let answer = self.answer_to(&message);
                self.answer_used =
                    encode(sequence, &answer, &mut self.answer).map_or(0, <[u8]>::len);
                self.answered = Some(sequence);
            }
            send(self.answer.get(..self.answer_used).unwrap_or_default());
        }
    }

    fn answer_to(&mut self, message: &ToDevice) -> FromDevice<'static> {
        match *message {
            ToDevice::Hello { .. } => FromDevice::Hello(Hello {
                protocol: PROTOCOL,
                abilities: ABILITY_CONFIG | ABILITY_INJECT | ABILITY_BOOT_RECORD,
                config_hash: config_hash(&self.config),
                device: self.device,
                firmware: self.firmware,
            }),
            ToDevice::Boot { cause, ref record } => {
                let cause = match cause {
                    0 => ResetCause::PowerOn,
                    1 => ResetCause::BrownOut,
                    2 => ResetCause::Watchdog,
                    3 => ResetCause::External,
                    _ => return FromDevice::Refused(Refusal::OutOfRange),
                };
                self.boot(cause, record.into());
                FromDevice::Done
            }
            ToDevice::Tick(ref inputs) => self.tick(inputs),
            ToDevice::Set { index, value } => {
                if self.next_config.set_at(usize::from(index), value) {
                    FromDevice::Done
                } else {
                    FromDevice::Refused(Refusal::OutOfRange)
                }
            }
            ToDevice::Adopt { config_hash: hash } => {
                let next = self.next_config;
                if config_hash(&next) != hash || !next.is_valid() {
                    return FromDevice::Refused(Refusal::BadConfig);
                }
                self.config = next;
                self.is_adopted = false;
                FromDevice::Done
            }
            ToDevice::Inject { what, target, bit } => self.inject(what, target, bit),
        }
    }

    // Boot and tick are functions of their own: what one builds on the stack is not
    // there in the other.
    #[inline(never)]
    fn boot(&mut self, cause: ResetCause, record: Record) {
        self.state = Some(State::boot(&self.config, cause, record));
        self.is_adopted = false;
    }

    #[inline(never)]
    fn tick(&mut self, inputs: &Inputs) -> FromDevice<'static> {
        let Some(state) = &mut self.state else {
            return FromDevice::Refused(Refusal::NotBooted);
        };
        if !self.is_adopted {
            self.is_adopted = state.adopt(&self.config);
        }
        let outputs = step_adopted(state, &inputs.into(), self.skip);
        FromDevice::Outputs(Outputs::from(&outputs))
    }

    fn inject(&mut self, what: u8, target: u8, bit: u8) -> FromDevice<'static> {
        match what {
            0 => {
                let target = BitTarget::ALL.get(usize::from(target));
                match (target, &mut self.state) {
                    (None, _) => FromDevice::Refused(Refusal::OutOfRange),
                    (Some(_), None) => FromDevice::Refused(Refusal::NotBooted),
                    (Some((_, target)), Some(state)) => {
                        state.flip_bit(*target, bit);
                        FromDevice::Done
                    }
                }
            }
            1 => {
                let mut skip = TaskMask::NONE;
                for (place, (_, mask)) in TaskMask::ALL.iter().enumerate() {
                    if target & (1 << place) != 0 {
                        skip = skip.with(*mask);
                    }
                }
                self.skip = skip;
                FromDevice::Done
            }
            _ => FromDevice::Refused(Refusal::OutOfRange),
        }
    }
}
