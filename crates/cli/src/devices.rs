//! Devices outside of this program: lending them to cases, and being one.

use std::fmt;
use std::sync::Mutex;

use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_link::{Address, Counters, Patience, Remote, Timeliness, serve};
use kneadsim_sim::{Boot, Device, InProcess, Injection};

use crate::args::DeviceArguments;
use crate::console::complain;
use crate::exit::Exit;

/// A device that can say, after a run, how it kept real time.
pub trait Timed: Device {
    /// None for one that was not in real time.
    fn timeliness(&mut self) -> Option<Timeliness> {
        None
    }
}

impl Timed for InProcess {}

impl Timed for Lent<'_> {
    fn timeliness(&mut self) -> Option<Timeliness> {
        self.remote.as_mut().and_then(Remote::timeliness)
    }
}

/// How often in a row nobody may be there before nobody is looked for any more.
const LOOKED_FOR: u32 = 3;

/// Devices at one address. A device that is well after a case does the next one;
/// one that was lost is let go, and the next case connects anew.
#[derive(Debug)]
pub struct Pool {
    address: Address,
    patience: Patience,
    /// Cases run in real time.
    pace: bool,
    idle: Mutex<Vec<Remote>>,
    seen: Mutex<Seen>,
}

/// What there was to tell of the devices.
#[derive(Debug, Default)]
struct Seen {
    who: Option<String>,
    connections: u64,
    /// Times in a row that nobody was there.
    absent: u32,
    counters: Counters,
}

/// A device for one case.
#[derive(Debug)]
pub struct Lent<'a> {
    remote: Option<Remote>,
    before: Counters,
    is_lost: bool,
    pool: &'a Pool,
}

impl Pool {
    /// Nothing connected yet.
    pub fn new(address: Address, patience: Patience, pace: bool) -> Self {
        Self {
            address,
            patience,
            pace,
            idle: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// Whether several cases can run at the same time.
    pub fn is_plural(&self) -> bool {
        self.address.is_plural()
    }

    /// A device for a case.
    ///
    /// # Errors
    /// A reason when none can be had.
    pub fn lend(&self) -> Result<Lent<'_>, String> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut remote = match idle {
            Some(remote) => remote,
            None => self.connect()?,
        };
        if self.pace {
            remote.keep_pace();
        }
        remote.come_beside();
        Ok(Lent {
            before: remote.counters(),
            remote: Some(remote),
            is_lost: false,
            pool: self,
        })
    }

    fn connect(&self) -> Result<Remote, String> {
        let absent = self.seen.lock().map_or(0, |seen| seen.absent);
        if absent >= LOOKED_FOR {
            return Err(format!("not tried again: {absent} times nobody was there"));
        }
        let found = self.address.connect(self.patience);
        if let Ok(mut seen) = self.seen.lock() {
            match &found {
                Ok(remote) => {
                    seen.absent = 0;
                    seen.connections += 1;
                    seen.who = Some(format!("{}, {}", remote.device(), remote.firmware()));
                }
                Err(_) => seen.absent += 1,
            }
        }
        found
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "on {}", self.address)?;
        let Ok(seen) = self.seen.lock() else {
            return Ok(());
        };
        match &seen.who {
            Some(who) => write!(f, " ({who})")?,
            None => write!(f, ", which never answered")?,
        }
        let Counters {
            retries,
            damaged,
            stale,
        } = seen.counters;
        if retries + damaged + stale > 0 {
            write!(
                f,
                ": asked again {retries} times, {damaged} damaged frames, {stale} late answers"
            )?;
        }
        if seen.connections > 1 {
            write!(f, ", connected {} times", seen.connections)?;
        }
        Ok(())
    }
}

impl Lent<'_> {
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut Remote) -> Result<T, String>,
    ) -> Result<T, String> {
        let remote = self.remote.as_mut().ok_or("the device was given back")?;
        let done = work(remote);
        self.is_lost |= done.is_err();
        done
    }
}

impl Device for Lent<'_> {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        self.with(|remote| remote.boot(boot))
    }

    fn wait_for_tick(&mut self) {
        if let Some(remote) = &mut self.remote {
            remote.wait_for_tick();
        }
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        self.with(|remote| remote.exchange(inputs))
    }

    fn configure(&mut self, config: &kneadsim_firmware::Config) -> Result<(), String> {
        self.with(|remote| remote.configure(config))
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        self.with(|remote| remote.inject(injection))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(mut remote) = self.remote.take() else {
            return;
        };
        if let Ok(mut seen) = self.pool.seen.lock() {
            let now = remote.counters();
            seen.counters.retries += now.retries - self.before.retries;
            seen.counters.damaged += now.damaged - self.before.damaged;
            seen.counters.stale += now.stale - self.before.stale;
        }
        if self.is_lost || remote.rest().is_err() {
            return;
        }
        if let Ok(mut idle) = self.pool.idle.lock() {
            idle.push(remote);
        }
    }
}

/// `kneadsim device`.
pub fn serve(arguments: &DeviceArguments) -> Exit {
    let served = if arguments.stdio {
        serve::stream(std::io::stdin().lock(), std::io::stdout().lock())
    } else if let Some(place) = &arguments.tcp {
        serve::listen(place, |address| {
            complain(&format!("listening on {address}; Ctrl-C ends it"));
        })
        .and_then(|listener| serve::connections(&listener))
    } else if let Some(place) = &arguments.serial {
        match format!("serial:{place}").parse() {
            Ok(Address::Serial(path, baud)) => serve::serial(&path, baud),
            Ok(Address::Qemu(_) | Address::Exec(_) | Address::Tcp(_)) => Ok(()),
            Err(error) => {
                complain(&format!("error: {error}"));
                return Exit::WrongInput;
            }
        }
    } else {
        // The arguments' group demands one of them.
        Ok(())
    };
    match served {
        Ok(()) => Exit::Held,
        // Nobody reads the answers any more: so ends a device.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Held,
        Err(error) => {
            complain(&format!("error: {error}"));
            Exit::WrongInput
        }
    }
}
