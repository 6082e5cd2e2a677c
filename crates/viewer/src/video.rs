//! Frames as a film: an animated PNG, or what an installed ffmpeg makes of a file's name.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use png::{BitDepth, BlendOp, ColorType, DisposeOp, Encoder, Writer};

/// A file that takes one frame after another, each width * height * 3 bytes of RGB.
pub enum Film {
    /// Every frame has only what differs from the one before.
    Animated {
        /// The file.
        writer: Writer<BufWriter<File>>,
        /// The frame before, RGB.
        before: Vec<u8>,
    },
    /// To ffmpeg.
    Piped(Child),
}

impl Film {
    /// Begins a film of so many frames.
    ///
    /// # Errors
    /// Why the file cannot be written.
    pub fn create(
        path: &Path,
        (width, height): (u32, u32),
        frames: u32,
        per_s: u16,
    ) -> Result<Film, String> {
        match path.extension().and_then(|e| e.to_str()) {
            Some("png" | "apng") => animated(path, (width, height), frames, per_s),
            Some("mp4" | "webm" | "mkv" | "gif") => piped(path, (width, height), per_s),
            _ => {
                Err("a film is a .png or .apng, or with ffmpeg a .mp4, .webm, .mkv or .gif".into())
            }
        }
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// Why it could not be written.
    pub fn add(&mut self, rgb: &[u8]) -> Result<(), String> {
        match self {
            Film::Animated { writer, before } => {
                let data = differing(before, rgb);
                before.clear();
                before.extend_from_slice(rgb);
                writer.write_image_data(&data).map_err(|e| e.to_string())
            }
            Film::Piped(child) => match &mut child.stdin {
                Some(pipe) => pipe.write_all(rgb).map_err(|e| said(child, &e.to_string())),
                None => Err("ffmpeg has no input".to_owned()),
            },
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// Why it could not be ended.
    pub fn finish(self) -> Result<(), String> {
        match self {
            Film::Animated { writer, .. } => writer.finish().map_err(|e| e.to_string()),
            Film::Piped(mut child) => {
                drop(child.stdin.take());
                let status = child.wait().map_err(|e| e.to_string())?;
                if status.success() {
                    Ok(())
                } else {
                    Err(said(&mut child, &status.to_string()))
                }
            }
        }
    }
}

fn animated(
    path: &Path,
    (width, height): (u32, u32),
    frames: u32,
    per_s: u16,
) -> Result<Film, String> {
    let file = File::create(path).map_err(|e| e.to_string())?;
    let mut encoder = Encoder::new(BufWriter::new(file), width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let made = encoder
        .set_animated(frames, 0)
        .and_then(|()| encoder.set_frame_delay(1, per_s))
        .and_then(|()| encoder.set_blend_op(BlendOp::Over))
        .and_then(|()| encoder.set_dispose_op(DisposeOp::None))
        .and_then(|()| encoder.write_header());
    let writer = made.map_err(|e| e.to_string())?;
    Ok(Film::Animated {
        writer,
        before: Vec::new(),
    })
}

/// As RGBA; clear where it is as before.
fn differing(before: &[u8], now: &[u8]) -> Vec<u8> {
    let mut earlier = before.chunks_exact(3);
    let each = now.chunks_exact(3);
    each.flat_map(|pixel| match earlier.next() {
        Some(same) if same == pixel => [0; 4],
        Some(_) | None => [pixel[0], pixel[1], pixel[2], 255],
    })
    .collect()
}

fn piped(path: &Path, (width, height): (u32, u32), per_s: u16) -> Result<Film, String> {
    let started = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-f", "rawvideo"])
        .args(["-pixel_format", "rgb24"])
        .args(["-video_size", &format!("{width}x{height}")])
        .args(["-framerate", &per_s.to_string(), "-i", "-"])
        // What every player shows; sides must be even for it.
        .args(["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2"])
        .args(["-pix_fmt", "yuv420p"])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    started.map(Film::Piped).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            "ffmpeg is not installed; a .png or .apng needs no other program".to_owned()
        } else {
            format!("ffmpeg: {error}")
        }
    })
}

/// What ffmpeg has to say about its end.
fn said(child: &mut Child, otherwise: &str) -> String {
    drop(child.stdin.take());
    let mut text = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        // What can be read of it.
        let _ = pipe.read_to_string(&mut text);
    }
    match text.trim() {
        "" => format!("ffmpeg: {otherwise}"),
        text => format!("ffmpeg: {text}"),
    }
}
