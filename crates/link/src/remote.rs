//! A device at the other end of a transport, in lockstep.

mod real_time;

use std::time::{Duration, Instant};

use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_firmware::{BitTarget, Config, TaskMask};
use kneadsim_sim::{Boot, Device, Injection};
use kneadsim_wire::{
    ABILITY_BOOT_RECORD, ABILITY_CONFIG, ABILITY_INJECT, Event, FRAME_MAX, FromDevice, Link,
    PROTOCOL, Refusal, ToDevice, config_hash, decode, encode,
};

use crate::pace::Pace;
use crate::transport::Transport;

/// How long to wait, and how often to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For an answer to one try.
    pub answer: Duration,
    /// For the answer to the greeting: a device may have to start first.
    pub greeting: Duration,
    /// Times a question is asked again before the device counts as lost.
    pub retries: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_millis(500),
            greeting: Duration::from_secs(5),
            retries: 3,
        }
    }
}

/// Bytes without an answer among them after which a device floods.
const FLOOD_BYTES: u64 = 64 * 1024;
/// The greeting is said again this often: a board may miss the first one.
const GREETINGS: u32 = 10;

/// What the link had to cope with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Questions that were asked again.
    pub retries: u64,
    /// Frames that were damaged or no message.
    pub damaged: u64,
    /// Answers to other questions than the last one.
    pub stale: u64,
}

/// A device that was greeted.
pub struct Remote {
    transport: Box<dyn Transport>,
    patience: Patience,
    link: Link,
    sequence: u16,
    counters: Counters,
    abilities: u8,
    device: String,
    firmware: String,
    /// The configuration that the device has set, where that is known.
    set: Option<Config>,
    /// Tasks of it are being skipped.
    skips: bool,
    /// In real time; none in lockstep.
    pace: Option<Pace>,
}

/// An answer that owns its texts.
enum Answer {
    Hello {
        protocol: u8,
        abilities: u8,
        config_hash: u32,
        device: String,
        firmware: String,
    },
    Done,
    Outputs(kneadsim_wire::Outputs),
    Refused(Refusal),
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote")
            .field("device", &self.device)
            .field("firmware", &self.firmware)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

impl Remote {
    /// Greets whoever is there.
    ///
    /// # Errors
    /// A reason when nobody answers, or in another protocol.
    pub fn greet(transport: Box<dyn Transport>, patience: Patience) -> Result<Remote, String> {
        let mut remote = Remote {
            transport,
            patience,
            link: Link::new(),
            sequence: 0,
            counters: Counters::default(),
            abilities: 0,
            device: String::new(),
            firmware: String::new(),
            set: None,
            skips: false,
            pace: None,
        };
        remote.come_beside();
        // Closes whatever half a frame the device may have seen before.
        remote.transport.send(&[0]).map_err(|gone| gone.0)?;
        let hello = ToDevice::Hello { protocol: PROTOCOL };
        let answer = remote.ask_within(&hello, patience.greeting / GREETINGS, GREETINGS - 1)?;
        let Answer::Hello {
            protocol,
            abilities,
            config_hash: hash,
            device,
            firmware,
        } = answer
        else {
            return Err("the device does not answer a greeting with its own".to_owned());
        };
        if protocol != PROTOCOL {
            return Err(format!(
                "the device ({}, {}) speaks protocol {protocol}, this is protocol {PROTOCOL}",
                plain(&device),
                plain(&firmware)
            ));
        }
        remote.abilities = abilities;
        remote.device = plain(&device);
        remote.firmware = plain(&firmware);
        let default = Config::default();
        remote.set = (hash == config_hash(&default)).then_some(default);
        remote.counters = Counters::default();
        Ok(remote)
    }

    /// Puts the calling thread where talking to the device is quickest; to be
    /// called by a thread that takes the device over.
    pub fn come_beside(&self) {
        self.transport.come_beside();
    }

    /// Kind of device, as it says.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Name and version of its firmware, as it says.
    pub fn firmware(&self) -> &str {
        &self.firmware
    }

    /// What the link had to cope with since the greeting.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Leaves the device as a new one would be, for the next run.
    ///
    /// # Errors
    /// A reason when it does not answer.
    pub fn rest(&mut self) -> Result<(), String> {
        if self.skips {
            self.inject(&Injection::SkipTasks(TaskMask::NONE))?;
        }
        Ok(())
    }

    fn ask(&mut self, message: &ToDevice) -> Result<Answer, String> {
        self.ask_within(message, self.patience.answer, self.patience.retries)
    }

    fn ask_within(
        &mut self,
        message: &ToDevice,
        wait: Duration,
        retries: u32,
    ) -> Result<Answer, String> {
        let mut frame = [0; FRAME_MAX];
        let bytes = self.next(message, &mut frame)?;
        let mut flood = 0;
        for attempt in 0..=retries {
            if attempt > 0 {
                self.counters.retries += 1;
            }
            self.transport.send(bytes).map_err(|gone| gone.0)?;
            if let Some(answer) = self.listen(wait, &mut flood)? {
                return Ok(answer);
            }
        }
        let waited_ms = wait.as_millis() * u128::from(retries + 1);
        Err(if flood == 0 {
            format!("no answer within {waited_ms} ms")
        } else {
            format!("no valid answer within {waited_ms} ms, only {flood} other bytes")
        })
    }

    /// The next question, as bytes.
    fn next<'a>(
        &mut self,
        message: &ToDevice,
        frame: &'a mut [u8; FRAME_MAX],
    ) -> Result<&'a [u8], String> {
        self.sequence = self.sequence.wrapping_add(1);
        encode(self.sequence, message, frame).map_err(|e| e.to_string())
    }

    /// Waits for the answer to the last question; none when it does not come.
    fn listen(&mut self, wait: Duration, flood: &mut u64) -> Result<Option<Answer>, String> {
        let start = Instant::now();
        loop {
            let Some(left) = wait.checked_sub(start.elapsed()) else {
                return Ok(None);
            };
            let last = self.sequence;
            let (found, count) = self.hear(left, |sequence| sequence == last)?;
            if let Some((_, answer)) = found {
                return Ok(Some(answer));
            }
            *flood += count as u64;
            if *flood > FLOOD_BYTES {
                return Err(flooded(*flood));
            }
        }
    }

    /// Takes what arrives, waiting for it once: the last of the answers that are
    /// `wanted` by their sequence numbers, and the number of bytes.
    fn hear(
        &mut self,
        wait: Duration,
        mut wanted: impl FnMut(u16) -> bool,
    ) -> Result<(Option<(u16, Answer)>, usize), String> {
        let mut buffer = [0; 512];
        let count = self
            .transport
            .receive(&mut buffer, wait)
            .map_err(|gone| gone.0)?;
        let mut found = None;
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            let (taken, event) = self.link.take(rest);
            rest = &rest[taken..];
            match event {
                None => {}
                Some(Event::Dropped(_)) => self.counters.damaged += 1,
                Some(Event::Frame(frame)) => match decode::<FromDevice>(frame) {
                    Err(_) => self.counters.damaged += 1,
                    Ok((sequence, answer)) if wanted(sequence) => {
                        found = Some((sequence, owned(&answer)));
                    }
                    Ok(_) => self.counters.stale += 1,
                },
            }
        }
        Ok((found, count))
    }

    fn must(&mut self, message: &ToDevice, what: &str) -> Result<(), String> {
        match self.ask(message)? {
            Answer::Done => Ok(()),
            Answer::Refused(why) => Err(format!("it refuses {what}: {}", reason(why))),
            Answer::Hello { .. } | Answer::Outputs(_) => {
                Err(format!("it answers {what} with something else"))
            }
        }
    }
}

impl Device for Remote {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        if let Some(pace) = &mut self.pace {
            pace.boot();
        }
        self.configure(&boot.config)?;
        if boot.record == kneadsim_firmware::Record::blank()
            || self.abilities & ABILITY_BOOT_RECORD != 0
        {
            let message = ToDevice::Boot {
                cause: boot.cause as u8,
                record: (&boot.record).into(),
            };
            return self.must(&message, "to boot");
        }
        Err("it cannot start from what the board kept".to_owned())
    }

    fn wait_for_tick(&mut self) {
        if let Some(pace) = &mut self.pace {
            pace.wait_for_tick();
        }
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        match self.pace.take() {
            Some(pace) => self.keep_up(inputs, pace),
            None => driven(self.ask(&ToDevice::Tick(inputs.into()))?),
        }
    }

    fn configure(&mut self, config: &Config) -> Result<(), String> {
        if self.set.as_ref() == Some(config) {
            return Ok(());
        }
        if self.abilities & ABILITY_CONFIG == 0 {
            if *config == Config::default() {
                // It has parameters of its own, and nobody asks for others.
                return Ok(());
            }
            return Err("it takes no parameters, and this case sets some".to_owned());
        }
        let known = self.set.take();
        for (index, field) in Config::FIELDS.iter().enumerate() {
            let value = config.get(field.name);
            if known
                .as_ref()
                .is_some_and(|known| known.get(field.name) == value)
            {
                continue;
            }
            let (Ok(index), Some(value)) = (u8::try_from(index), value) else {
                return Err(format!("`{}` has no place in the protocol", field.name));
            };
            self.must(
                &ToDevice::Set { index, value },
                &format!("`{}`", field.name),
            )?;
        }
        let config_hash = config_hash(config);
        self.must(&ToDevice::Adopt { config_hash }, "the configuration")?;
        self.set = Some(*config);
        Ok(())
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        if self.abilities & ABILITY_INJECT == 0 {
            return Err("it cannot inject faults inside itself".to_owned());
        }
        if let Injection::SkipTasks(mask) = *injection {
            self.skips = mask != TaskMask::NONE;
        }
        let message = match *injection {
            Injection::FlipBit { target, bit } => {
                let place = BitTarget::ALL
                    .iter()
                    .position(|(_, known)| *known == target);
                let target = place
                    .and_then(|place| u8::try_from(place).ok())
                    .ok_or("the protocol does not know this variable")?;
                ToDevice::Inject {
                    what: 0,
                    target,
                    bit,
                }
            }
            Injection::SkipTasks(mask) => {
                let bits = TaskMask::ALL.iter().enumerate();
                let target = bits
                    .filter(|(_, (_, task))| mask.contains(*task))
                    .fold(0, |set, (place, _)| set | 1 << place);
                ToDevice::Inject {
                    what: 1,
                    target,
                    bit: 0,
                }
            }
        };
        self.must(&message, "a fault inside the chip")
    }
}

/// What an answer to a tick drives.
fn driven(answer: Answer) -> Result<Outputs, String> {
    match answer {
        Answer::Outputs(outputs) => outputs.checked().map_err(|error| error.to_string()),
        Answer::Refused(why) => Err(format!("it refuses a tick: {}", reason(why))),
        Answer::Hello { .. } | Answer::Done => {
            Err("it answers a tick with something else".to_owned())
        }
    }
}

fn flooded(bytes: u64) -> String {
    format!("it floods: {bytes} bytes and no answer among them")
}

fn owned(answer: &FromDevice<'_>) -> Answer {
    match answer {
        FromDevice::Hello(hello) => Answer::Hello {
            protocol: hello.protocol,
            abilities: hello.abilities,
            config_hash: hello.config_hash,
            device: hello.device.to_owned(),
            firmware: hello.firmware.to_owned(),
        },
        FromDevice::Done => Answer::Done,
        FromDevice::Outputs(outputs) => Answer::Outputs(*outputs),
        FromDevice::Refused(why) => Answer::Refused(*why),
    }
}

fn reason(why: Refusal) -> &'static str {
    match why {
        Refusal::Unable => "it has no such ability",
        Refusal::OutOfRange => "a number is out of its range",
        Refusal::NotBooted => "it was not booted",
        Refusal::BadConfig => "the configuration is not the one that was announced",
    }
}

/// A device's text, safe for a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
