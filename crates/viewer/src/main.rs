//! `kneadsim-viewer`: a scenario or a trace in a window, or as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use bevy::app::AppExit;
use bevy::image::Image;
use clap::Parser;
use kneadsim_sim::spec::Action;
use kneadsim_viewer::app::{Offscreen, in_window};
use kneadsim_viewer::heat::Layer;
use kneadsim_viewer::open::Shown;
use kneadsim_viewer::session::What;
use kneadsim_viewer::view::View;

/// See the heat of a scenario, live, or of a recorded trace.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// A scenario (*.toml) or a trace (*.csv).
    file: PathBuf,
    /// Of a matrix, the case whose name contains this.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// No window: a picture of this time, "600s" or "10min".
    #[arg(long, value_name = "TIME", value_parser = duration)]
    shot: Option<u32>,
    /// The picture's file.
    #[arg(
        long,
        value_name = "PNG",
        default_value = "shot.png",
        requires = "shot"
    )]
    out: PathBuf,
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
    /// A second scenario or trace behind the first.
    #[arg(long, value_name = "FILE", conflicts_with = "fork")]
    behind: Option<PathBuf>,
    /// At this time the run is forked: as it goes on stays behind.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "shot")]
    fork: Option<u32>,
    /// What is changed at the fork: a parameter of the firmware, `kp_per_k=1`.
    #[arg(long, value_name = "FIELD=VALUE", requires = "fork")]
    with: Vec<String>,
}

/// Ticks.
fn duration(text: &str) -> Result<u32, String> {
    let units = [
        ("ms", 0.1),
        ("min", 6_000.0),
        ("s", 100.0),
        ("h", 360_000.0),
    ];
    let found = units.iter().find_map(|(unit, ticks)| {
        let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        Some(number * ticks)
    });
    match found {
        Some(ticks) if (0.0..=8_640_000.0).contains(&ticks) => Ok(ticks.round() as u32),
        _ => Err("a time of at most 24h is wanted: \"600s\", \"10min\"".to_owned()),
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text
        .split_once('x')
        .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match parsed {
        Some((w, h)) if (320..=8_192).contains(&w) && (240..=8_192).contains(&h) => Ok((w, h)),
        _ => Err("a size is wanted, 320x240 to 8192x8192".to_owned()),
    }
}

fn layer(text: &str) -> Result<Layer, String> {
    let names = ["film", "cover", "skin", "basal", "dose"];
    let found = names.iter().position(|name| *name == text);
    found
        .map(|i| Layer::ALL[i])
        .ok_or_else(|| format!("allowed: {}", names.join(", ")))
}

fn cursor(text: &str) -> Result<[f64; 2], String> {
    let parsed = text
        .split_once(',')
        .and_then(|(u, v)| Some([u.trim().parse().ok()?, v.trim().parse().ok()?]));
    match parsed {
        Some(at @ [u, v]) if (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) => Ok(at),
        _ => Err("two shares from 0 to 1 are wanted: 0.35,0.7".to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut view = View::open(&arguments.file, arguments.case.as_deref());
    view.layer = arguments.layer.unwrap_or_default();
    view.cursor = arguments.cursor.unwrap_or(view.cursor);
    view.is_fitted = arguments.fit;
    if let Some(path) = &arguments.behind
        && let Err(lines) = view.put_behind(path)
    {
        for line in lines {
            eprintln!("{line}");
        }
        return ExitCode::from(2);
    }
    let Some(tick) = arguments.shot else {
        return match in_window(view) {
            AppExit::Success => ExitCode::SUCCESS,
            AppExit::Error(_) => ExitCode::FAILURE,
        };
    };
    if let Shown::Broken(lines) = &view.shown {
        for line in lines {
            eprintln!("{line}");
        }
        return ExitCode::from(2);
    }
    if let Err(why) = fork(&mut view, &arguments) {
        eprintln!("{why}");
        return ExitCode::from(2);
    }
    view.go_to(tick);
    let (width, height) = arguments.size;
    let picture = Offscreen::new(view, width, height).and_then(|mut screen| screen.picture());
    match picture.and_then(|image| save(image, &arguments.out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{}: {why}", arguments.out.display());
            ExitCode::from(3)
        }
    }
}

/// Forks where that is asked for, and changes what is asked for.
fn fork(view: &mut View, arguments: &Arguments) -> Result<(), String> {
    let Some(at) = arguments.fork else {
        return Ok(());
    };
    view.go_to(at);
    view.fork();
    let Some(live) = view.live() else {
        return Err("a recording cannot be forked".to_owned());
    };
    let mut config = *live.session.firmware();
    for with in &arguments.with {
        let (name, value) = with
            .split_once('=')
            .ok_or_else(|| format!("--with {with}: FIELD=VALUE is wanted"))?;
        let value: f32 = value
            .parse()
            .map_err(|_| format!("--with {with}: a number is wanted"))?;
        let set = config.set(name, value).and_then(|()| config.validate());
        set.map_err(|why| format!("--with {with}: {why}"))?;
    }
    view.act(What::Do(Action::Configure(Box::new(config))));
    Ok(())
}

fn save(image: Image, path: &std::path::Path) -> Result<(), String> {
    let picture = image.try_into_dynamic().map_err(|e| e.to_string())?;
    picture.to_rgb8().save(path).map_err(|e| e.to_string())
}
