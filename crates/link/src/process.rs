//! A device that is a child process and talks over its standard input and
//! output, or over two pipes that it opens by name, as an emulator does.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};

use crate::transport::{Gone, Transport};

/// Last lines of the child's standard error that are kept for the reason of a loss.
const WORDS_KEPT: usize = 4;
/// A longer line is cut.
const WORD_MAX: usize = 200;
/// How long a child that takes no bytes is waited for.
const SEND_WAIT: Duration = Duration::from_secs(2);
/// How long a child may take to end after its input has ended.
const END_WAIT: Duration = Duration::from_millis(300);

/// The child and its pipes.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: Option<File>,
    output: File,
    words: Arc<Mutex<VecDeque<String>>>,
    keeper: JoinHandle<()>,
    #[cfg(target_os = "linux")]
    seat: Option<crate::beside::Seat>,
    #[cfg(target_os = "linux")]
    courtesy: crate::beside::Courtesy,
}

impl Process {
    /// Starts a command: its first word is the program, the others its
    /// arguments; no shell is involved.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(words: &[String]) -> Result<Process, Gone> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Gone("no command is given".to_owned()));
        };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Gone(format!("{program} does not start: {error}")))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Gone(format!("{program} has no pipes")));
        };
        let input = File::from(OwnedFd::from(input));
        let output = File::from(OwnedFd::from(output));
        // Neither a full pipe nor an empty one may stop the bench for ever.
        rustix::io::ioctl_fionbio(&input, true)
            .and_then(|()| rustix::io::ioctl_fionbio(&output, true))
            .map_err(|error| Gone(format!("{program}'s pipes cannot be set up: {error}")))?;
        Ok(Process::of(child, Some(input), output))
    }

    /// Starts a command in a folder in which two named pipes are: the child opens
    /// `to_chip` for reading and then `from_chip` for writing.
    ///
    /// # Errors
    /// When it does not start, ends, or does not open them in time.
    pub(crate) fn start_beside(
        command: &mut Command,
        pipes: &Path,
        wait: Duration,
    ) -> Result<Process, Gone> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .current_dir(pipes)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Gone(format!("{program} does not start: {error}")))?;
        let open = |name: &str, flags: OFlags| {
            rustix::fs::open(pipes.join(name), flags | OFlags::NONBLOCK, Mode::empty())
                .map(File::from)
        };
        let output = open("from_chip", OFlags::RDONLY)
            .map_err(|error| Gone(format!("a pipe cannot be opened: {error}")))?;
        let mut process = Process::of(child, None, output);
        let start = Instant::now();
        loop {
            // Without a reader there is nothing to write to yet.
            match open("to_chip", OFlags::WRONLY) {
                Ok(input) => {
                    process.input = Some(input);
                    return Ok(process);
                }
                Err(_) if process.child.try_wait().is_ok_and(|ended| ended.is_some()) => {
                    return Err(process.epitaph());
                }
                Err(_) if start.elapsed() < wait => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(Gone(format!("{program} opens no pipe: {error}"))),
            }
        }
    }

    fn of(mut child: Child, input: Option<File>, output: File) -> Process {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let errors = child.stderr.take();
        let keeper = Arc::clone(&kept);
        // Reads until the child's end, so that the child never waits for us.
        let keeper = std::thread::spawn(move || {
            if let Some(errors) = errors {
                keep_words(errors, &keeper);
            }
        });
        Process {
            #[cfg(target_os = "linux")]
            seat: crate::beside::seat(child.id()),
            #[cfg(target_os = "linux")]
            courtesy: crate::beside::Courtesy::default(),
            child,
            input,
            output,
            words: kept,
            keeper,
        }
    }

    /// How the child ended, with its last words.
    fn epitaph(&mut self) -> Gone {
        let start = Instant::now();
        let how = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break format!("the process ended ({status})"),
                Ok(None) if start.elapsed() < END_WAIT => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Ok(None) => break "the process closed its output".to_owned(),
                Err(error) => break format!("the process cannot be asked: {error}"),
            }
        };
        // Its last words may still be on their way.
        while !self.keeper.is_finished() && start.elapsed() < END_WAIT {
            std::thread::sleep(Duration::from_millis(1));
        }
        let words = match self.words.lock() {
            Ok(words) => words.iter().cloned().collect::<Vec<_>>().join(" / "),
            Err(_) => String::new(),
        };
        Gone(if words.is_empty() {
            how
        } else {
            format!("{how}; it said: {words}")
        })
    }
}

fn keep_words(errors: impl Read, kept: &Mutex<VecDeque<String>>) {
    let mut errors = BufReader::new(errors);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line without an end must not take unbounded memory.
        match errors.by_ref().take(64 * 1024).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text: String = String::from_utf8_lossy(&line)
            .chars()
            .filter(|c| !c.is_control())
            .take(WORD_MAX)
            .collect();
        if let Ok(mut kept) = kept.lock()
            && !text.trim().is_empty()
        {
            if kept.len() == WORDS_KEPT {
                kept.pop_front();
            }
            kept.push_back(text);
        }
    }
}

/// Waits until something can be done; false after `wait`.
pub(crate) fn ready(fd: &impl std::os::fd::AsFd, flags: PollFlags, wait: Duration) -> bool {
    let mut fds = [PollFd::new(fd, flags)];
    let wait = Timespec::try_from(wait).ok();
    // An interrupted call is a wait that was too short: the caller looks again.
    poll(&mut fds, wait.as_ref()).is_ok_and(|count| count > 0)
}

impl Transport for Process {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        let start = Instant::now();
        let mut left = bytes;
        while !left.is_empty() {
            let Some(input) = &mut self.input else {
                return Err(self.epitaph());
            };
            match input.write(left) {
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    let Some(wait) = SEND_WAIT.checked_sub(start.elapsed()) else {
                        return Err(Gone("the process takes no more bytes".to_owned()));
                    };
                    ready(input, PollFlags::OUT, wait);
                }
                Err(_) => return Err(self.epitaph()),
            }
        }
        Ok(())
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        // On one processor the child has answered by the time that we go on, which
        // saves to be put to sleep and woken; its end is found out below.
        #[cfg(target_os = "linux")]
        if self.seat.is_some()
            && self.courtesy.yields()
            && let Ok(count) = self.output.read(into)
            && count > 0
        {
            return Ok(count);
        }
        if !ready(&self.output, PollFlags::IN, wait) {
            return Ok(0);
        }
        match self.output.read(into) {
            Ok(0) => Err(self.epitaph()),
            Ok(count) => Ok(count),
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::Interrupted | std::io::ErrorKind::WouldBlock
                ) =>
            {
                Ok(0)
            }
            Err(_) => Err(self.epitaph()),
        }
    }

    fn come_beside(&self) {
        #[cfg(target_os = "linux")]
        if let Some(seat) = self.seat {
            crate::beside::sit(seat);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input tells it to go; what does not is ended.
        self.input = None;
        let start = Instant::now();
        while start.elapsed() < END_WAIT {
            match self.child.try_wait() {
                Ok(Some(_)) => return,
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => break,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
