//! `kneadsim-viewer`: a scenario or a trace in a window, as a picture or as a film.

mod quantities;

use std::path::PathBuf;
use std::process::ExitCode;

use bevy::app::AppExit;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use kneadsim_firmware::Config;
use kneadsim_sim::spec::{Action, TICKS_PER_S};
use kneadsim_viewer::app::{Offscreen, in_window};
use kneadsim_viewer::heat::Layer;
use kneadsim_viewer::open::Shown;
use kneadsim_viewer::plots;
use kneadsim_viewer::scene::Smoothing;
use kneadsim_viewer::session::What;
use kneadsim_viewer::video::Film;
use kneadsim_viewer::view::View;

use quantities::{cursor, duration, layer, size, speed};

/// Frames of a film at most: an hour at ten a second.
const FRAMES_MAX: u64 = 36_000;

/// See the heat of a scenario, live, or of a recorded trace.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// A scenario (*.toml) or a trace (*.csv); without one it is chosen in the window.
    file: Option<PathBuf>,
    /// Of a matrix, the case whose name contains this.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// No window: a picture of this time, "600s" or "10min".
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "file")]
    shot: Option<u32>,
    /// No window: a film until this time.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "file", conflicts_with = "shot")]
    video: Option<u32>,
    /// The film begins at this time.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "video", default_value = "0s")]
    from: u32,
    /// Times real time in the film, 0.01 to 10000.
    #[arg(long, value_name = "FACTOR", value_parser = speed, requires = "video", default_value = "30")]
    speed: f64,
    /// Frames a second of the film.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=60), requires = "video", default_value = "10")]
    fps: u16,
    /// The picture's file (default shot.png), or the film's (default video.png): .png and
    /// .apng are animated PNGs; .mp4, .webm, .mkv and .gif want ffmpeg.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Size of the picture.
    #[arg(long, value_name = "WxH", default_value = "1280x720", value_parser = size)]
    size: (u32, u32),
    /// The layer that is drawn: film, cover, skin, basal, dose.
    #[arg(long, value_name = "LAYER", value_parser = layer)]
    layer: Option<Layer>,
    /// Where the cut is, shares of the pad's width and height.
    #[arg(long, value_name = "U,V", value_parser = cursor)]
    cursor: Option<[f64; 2]>,
    /// The range is fitted to what is there.
    #[arg(long)]
    fit: bool,
    /// Other curves: "lower zone", "duty", "vibration motor", "currents", "damage".
    #[arg(long, value_name = "TITLE")]
    plot: Vec<String>,
    /// A second scenario or trace behind the first.
    #[arg(long, value_name = "FILE", conflicts_with = "fork")]
    behind: Option<PathBuf>,
    /// Plots show what the first run is less what the second is.
    #[arg(long)]
    difference: bool,
    /// At this time the run is forked: as it goes on stays behind.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    fork: Option<u32>,
    /// What is changed at the fork: a parameter of the firmware, `kp_per_k=1`.
    #[arg(long, value_name = "FIELD=VALUE", requires = "fork")]
    with: Vec<String>,
}

/// Why it ends: an exit code and words.
struct Stop(u8, Vec<String>);

impl Stop {
    fn wrong(words: impl Into<String>) -> Stop {
        Stop(2, vec![words.into()])
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(Stop(code, lines)) => {
            for line in lines {
                eprintln!("{line}");
            }
            ExitCode::from(code)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let view = view(arguments)?;
    let film = |name: &str| arguments.out.clone().unwrap_or_else(|| name.into());
    if let Some(tick) = arguments.shot {
        let out = film("shot.png");
        picture(view, arguments, tick, &out)
    } else if let Some(until) = arguments.video {
        let out = film("video.png");
        video(view, arguments, until, &out)
    } else if arguments.fork.is_some() || arguments.out.is_some() {
        Err(Stop::wrong("--fork and --out want --shot or --video"))
    } else {
        return Ok(match in_window(view) {
            AppExit::Success => ExitCode::SUCCESS,
            AppExit::Error(_) => ExitCode::FAILURE,
        });
    }?;
    Ok(ExitCode::SUCCESS)
}

fn view(arguments: &Arguments) -> Result<View, Stop> {
    let mut view = match &arguments.file {
        Some(file) => View::open(file, arguments.case.as_deref()),
        None => View::of(Shown::Nothing),
    };
    if arguments.file.is_none() {
        view.open_picker();
    }
    view.layer = arguments.layer.unwrap_or_default();
    view.cursor = arguments.cursor.unwrap_or(view.cursor);
    view.is_fitted = arguments.fit;
    view.is_difference = arguments.difference;
    for title in &arguments.plot {
        plots::turn_to(&mut view.pages, title)
            .map_err(|why| Stop::wrong(format!("--plot {title}: {why}")))?;
    }
    if let Some(path) = &arguments.behind {
        view.put_behind(path).map_err(|lines| Stop(2, lines))?;
    }
    let is_drawn = arguments.shot.is_some() || arguments.video.is_some();
    match &view.shown {
        // A window shows what is wrong.
        Shown::Broken(lines) if is_drawn => Err(Stop(2, lines.clone())),
        _ => Ok(view),
    }
}

fn picture(
    mut view: View,
    arguments: &Arguments,
    tick: u32,
    out: &std::path::Path,
) -> Result<(), Stop> {
    // A fork changes what comes after it.
    if let Some(at) = arguments.fork {
        fork(&mut view, at, &arguments.with).map_err(Stop::wrong)?;
    }
    view.go_to(tick);
    let (width, height) = arguments.size;
    let drawn = Offscreen::new(view, width, height, Smoothing::Always)
        .and_then(|mut screen| screen.picture());
    drawn
        .and_then(|picture| picture.save(out).map_err(|e| e.to_string()))
        .map_err(|why| Stop(3, vec![format!("{}: {why}", out.display())]))
}

fn video(
    mut view: View,
    arguments: &Arguments,
    until: u32,
    out: &std::path::Path,
) -> Result<(), Stop> {
    let until = until.min(view.last_tick());
    let Some(length) = until.checked_sub(arguments.from) else {
        return Err(Stop::wrong("the film ends before --from"));
    };
    let ticks_per_frame = arguments.speed * f64::from(TICKS_PER_S) / f64::from(arguments.fps);
    let frames = (f64::from(length) / ticks_per_frame) as u64 + 1;
    if frames > FRAMES_MAX {
        return Err(Stop::wrong(format!(
            "{frames} frames, at most {FRAMES_MAX}: a higher --speed or a lower --fps is wanted"
        )));
    }
    let tick_of = |frame: u64| arguments.from + (frame as f64 * ticks_per_frame).round() as u32;
    if let Some(at) = arguments.fork {
        if at > tick_of(frames - 1) {
            return Err(Stop::wrong("the film's last frame is before --fork"));
        }
        // A mistake is told before anything is drawn.
        changed(&view, &arguments.with).map_err(Stop::wrong)?;
    }
    view.go_to(arguments.from);
    let (width, height) = arguments.size;
    let failed = |why: String| Stop(3, vec![format!("{}: {why}", out.display())]);
    let mut screen = Offscreen::new(view, width, height, Smoothing::Always).map_err(failed)?;
    let mut film =
        Film::create(out, arguments.size, frames as u32, arguments.fps).map_err(failed)?;
    let style = ProgressStyle::with_template("{wide_bar} frame {pos} of {len}, {eta} left");
    let progress =
        ProgressBar::new(frames).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut fork_at = arguments.fork;
    for frame in 0..frames {
        let tick = tick_of(frame);
        let mut view = screen.view();
        if let Some(at) = fork_at.filter(|at| *at <= tick) {
            fork(&mut view, at, &arguments.with).map_err(Stop::wrong)?;
            fork_at = None;
        }
        view.go_to(tick);
        let drawn = if frame == 0 {
            screen.picture()
        } else {
            screen.next_picture()
        };
        drawn
            .and_then(|picture| film.add(picture.as_raw()))
            .map_err(failed)?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    film.finish().map_err(failed)
}

/// Forks at a tick, and changes what is asked for.
fn fork(view: &mut View, at: u32, with: &[String]) -> Result<(), String> {
    view.go_to(at);
    view.fork();
    let config = changed(view, with)?;
    view.act(What::Do(Action::Configure(Box::new(config))));
    Ok(())
}

/// The firmware's configuration now, with what is asked for.
fn changed(view: &View, with: &[String]) -> Result<Config, String> {
    let Some(live) = view.live() else {
        return Err("a recording cannot be forked".to_owned());
    };
    let mut config = *live.session.firmware();
    for with in with {
        let (name, value) = with
            .split_once('=')
            .ok_or_else(|| format!("--with {with}: FIELD=VALUE is wanted"))?;
        let value: f32 = value
            .parse()
            .map_err(|_| format!("--with {with}: a number is wanted"))?;
        let set = config.set(name, value).and_then(|()| config.validate());
        set.map_err(|why| format!("--with {with}: {why}"))?;
    }
    Ok(config)
}
