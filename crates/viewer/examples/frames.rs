//! Frames per second at 1280x720 while simulating, and memory.
//!
//! `cargo run --release -p kneadsim-viewer --example frames -- SCENARIO [SPEED [SECONDS [FROM_S]]]`

use std::path::Path;
use std::time::Instant;

use kneadsim_viewer::app::{Offscreen, SIMULATE_MOST};
use kneadsim_viewer::scene::Smoothing;
use kneadsim_viewer::view::View;

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("a scenario is wanted")?;
    let number = |text: Option<String>, default: f64| match text {
        Some(text) => text.parse().map_err(|_| format!("{text}: no number")),
        None => Ok(default),
    };
    let speed = number(arguments.next(), 10.0)?;
    let seconds = number(arguments.next(), 20.0)?;
    let mut view = View::open(Path::new(&file), None);
    view.playback.speed = speed;
    let from_s = number(arguments.next(), 0.0)?;
    view.go_to((from_s * 100.0) as u32);
    let mut screen = Offscreen::new(view, 1280, 720, Smoothing::WhereItIsCheap)?;
    for _ in 0..5 {
        screen.frame()?;
    }
    let (began, mut last, mut frames) = (Instant::now(), Instant::now(), 0_u32);
    while began.elapsed().as_secs_f64() < seconds {
        let passed_s = last.elapsed().as_secs_f64();
        last = Instant::now();
        let mut view = screen.view();
        // From the start again when it is over.
        if view.tick() >= view.last_tick() {
            view.go_to(0);
        }
        view.playback.is_playing = true;
        view.advance(passed_s, SIMULATE_MOST);
        screen.frame()?;
        frames += 1;
        if frames.is_multiple_of(200) {
            println!("{frames} frames, {}", memory());
        }
    }
    let per_s = f64::from(frames) / began.elapsed().as_secs_f64();
    let factor = screen.view().real_time_factor;
    println!(
        "{per_s:.1} frames a second at {factor:.1} times real time, {}",
        memory()
    );
    Ok(())
}

/// Peak and present memory, as the system says.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS"));
    let words: Vec<String> = lines
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    words.join(", ")
}
