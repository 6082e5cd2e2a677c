//! An image for the chip in QEMU, over two named pipes.
//!
//! The image opens them through semihosting, which costs a trap into the
//! emulator for each answer; its emulated UART would cost an interrupt a byte.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::fs::{CWD, Mode, mkfifoat};

use crate::process::Process;
use crate::transport::{Gone, Transport};

/// The emulated board: a Cortex-M4F.
const MACHINE: &str = "mps2-an386";
/// The environment variable that names another emulator than the one on the path.
const EMULATOR: &str = "KNEADSIM_QEMU";
/// How long the image may take to open its pipes.
const START_WAIT: Duration = Duration::from_secs(5);

/// The emulator and its folder of pipes.
#[derive(Debug)]
pub struct Qemu {
    /// None only while it is dropped: the emulator must end before its pipes go.
    process: Option<Process>,
    folder: Folder,
}

/// A folder that goes with its owner.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Qemu {
    /// Starts an image.
    ///
    /// # Errors
    /// When the image or the emulator is not there, or does not start.
    pub fn start(image: &Path) -> Result<Qemu, Gone> {
        let image = image
            .canonicalize()
            .map_err(|error| Gone(format!("{}: {error}", image.display())))?;
        if !is_for_arm(&image) {
            return Err(Gone(format!(
                "{} is no program for Arm: an ELF file is needed, as crates/chip/build-image \
                 or arm-none-eabi-gcc makes it",
                image.display()
            )));
        }
        let folder = folder()?;
        for name in ["to_chip", "from_chip"] {
            mkfifoat(CWD, folder.0.join(name), Mode::RUSR | Mode::WUSR)
                .map_err(|error| Gone(format!("a pipe cannot be made: {error}")))?;
        }
        let emulator = std::env::var_os(EMULATOR).unwrap_or_else(|| "qemu-system-arm".into());
        let mut command = Command::new(emulator);
        command
            .args(["-machine", MACHINE, "-display", "none", "-monitor", "none"])
            .args(["-serial", "none", "-parallel", "none"])
            .args(["-semihosting-config", "enable=on,target=native"])
            .arg("-kernel")
            .arg(image);
        let process = Process::start_beside(&mut command, &folder.0, START_WAIT)?;
        Ok(Qemu {
            process: Some(process),
            folder,
        })
    }

    fn process(&mut self) -> Result<&mut Process, Gone> {
        let folder = &self.folder.0;
        self.process
            .as_mut()
            .ok_or_else(|| Gone(format!("{} is gone", folder.display())))
    }
}

/// What the emulator would otherwise run into with a page of registers: whether a
/// file is ELF, of 32 bits, low byte first, for Arm (machine 40).
fn is_for_arm(image: &Path) -> bool {
    let mut head = [0; 20];
    let read = std::fs::File::open(image).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head.starts_with(b"\x7FELF\x01\x01") && head[18..] == [40, 0]
}

/// A new folder that nobody else may look into.
fn folder() -> Result<Folder, Gone> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "kneadsim-qemu-{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let path = std::env::temp_dir().join(name);
    rustix::fs::mkdir(&path, Mode::RWXU)
        .map_err(|error| Gone(format!("{}: {error}", path.display())))?;
    Ok(Folder(path))
}

impl Transport for Qemu {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.process()?.send(bytes)
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        self.process()?.receive(into, wait)
    }

    fn come_beside(&self) {
        if let Some(process) = &self.process {
            process.come_beside();
        }
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        self.process = None;
    }
}
