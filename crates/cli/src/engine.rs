//! Runs cases on several threads and hands them back in their order.
//!
//! A case that panics becomes a result; the others go on. Once stopped, cases
//! that run end at their next report of progress and are not handed back.
//! Wall time is measured here and nowhere below; it decides nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kneadsim_link::Timeliness;
use kneadsim_scenario::Case;
use kneadsim_search::workers::{Stop, in_order};
use kneadsim_sim::check::{Finding, Verdict};
use kneadsim_sim::{Continue, DeviceLost, Outcome, Spec, run};

use crate::devices::Timed;
use crate::traces::first_difference;

/// How to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Threads; 0 = one per processor.
    pub jobs: usize,
    /// Run each case twice and compare.
    pub twice: bool,
    /// Says to stop.
    pub stop: &'a Stop,
    /// Simulated ticks done, for a progress bar.
    pub ticks_done: &'a AtomicU64,
}

/// What running one case gave.
#[derive(Debug)]
pub struct Ran {
    /// The outcome, or the message of a panic.
    pub outcome: Result<Outcome, String>,
    /// How it kept real time, on a device that runs in it; the worse of two runs.
    pub timeliness: Option<Timeliness>,
    /// Wall time of one run.
    pub wall: Duration,
    /// Where a second run differed from the first.
    pub divergence: Option<Finding>,
}

/// Runs all cases, each on a `device` of its own or one that is lent to it;
/// where there is none, the case's device is lost. `finish` works on each result
/// on the case's own thread (writing files), `each` gets it on the calling thread,
/// in the order of the cases. Gives the results of the finished cases, in order.
pub fn run_all<D, R>(
    cases: &[Case],
    plan: Plan,
    device: impl Fn() -> Result<D, String> + Sync,
    finish: impl Fn(usize, Ran) -> R + Sync,
    mut each: impl FnMut(&R),
) -> Vec<R>
where
    D: Timed,
    R: Send,
{
    let mut results = Vec::with_capacity(cases.len());
    in_order(
        cases.len(),
        plan.jobs,
        plan.stop,
        || (),
        |(), index| run_case(&cases[index].spec, plan, &device).map(|ran| finish(index, ran)),
        |_, result| {
            each(&result);
            results.push(result);
        },
    );
    results
}

/// One case; none when it was stopped before its end.
fn run_case<D: Timed>(
    spec: &Spec,
    plan: Plan,
    device: impl Fn() -> Result<D, String>,
) -> Option<Ran> {
    let start = Instant::now();
    let outcome = run_once(spec, plan, &device);
    let wall = start.elapsed();
    let (first, mut timeliness) = match outcome {
        Ok((first, _)) if first.stopped => return None,
        Ok(first) => first,
        Err(message) => {
            return Some(Ran {
                outcome: Err(message),
                timeliness: None,
                wall,
                divergence: None,
            });
        }
    };
    let mut divergence = None;
    if plan.twice {
        match run_once(spec, plan, &device) {
            Ok((second, _)) if second.stopped => return None,
            Ok((second, again)) => {
                divergence = compare(&first, &second);
                // Both runs must have kept real time: that which was later counts.
                timeliness = timeliness
                    .into_iter()
                    .chain(again)
                    .max_by_key(|t| t.slip_us);
            }
            Err(message) => {
                divergence = Some(differs(format!("the second run panicked: {message}")))
            }
        }
    }
    Some(Ran {
        outcome: Ok(first),
        timeliness,
        wall,
        divergence,
    })
}

fn run_once<D: Timed>(
    spec: &Spec,
    plan: Plan,
    device: impl Fn() -> Result<D, String>,
) -> Result<(Outcome, Option<Timeliness>), String> {
    let mut counted = 0;
    let mut observer = |progress: kneadsim_sim::Progress| {
        let step = progress.tick.saturating_sub(counted);
        counted = progress.tick;
        plan.ticks_done
            .fetch_add(u64::from(step), Ordering::Relaxed);
        if plan.stop.wanted() {
            Continue::No
        } else {
            Continue::Yes
        }
    };
    guarded(|| match device() {
        Ok(mut device) => {
            let outcome = run(spec, &mut device, &mut observer);
            (outcome, device.timeliness())
        }
        Err(reason) => {
            let lost = DeviceLost { tick: 0, reason };
            (Outcome::never_began(lost), None)
        }
    })
}

/// Runs something that may panic; the message names the place.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        match PLACE.take() {
            Some(place) => format!("{text} ({place})"),
            None => text.to_string(),
        }
    })
}

thread_local! {
    static PLACE: std::cell::Cell<Option<String>> = const { std::cell::Cell::new(None) };
}

/// Keeps panics of cases off the terminal: they are reported with their case.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        PLACE.set(
            info.location()
                .map(|l| format!("{}:{}", l.file(), l.line())),
        );
    }));
}

fn compare(first: &Outcome, second: &Outcome) -> Option<Finding> {
    if first.digest == second.digest {
        return None;
    }
    let place = first_difference(&first.trace, &second.trace)
        .unwrap_or_else(|| "no recorded signal differs at the recorded rate".to_string());
    Some(differs(format!(
        "digests {:032x} and {:032x}; {place}",
        first.digest, second.digest
    )))
}

fn differs(note: String) -> Finding {
    Finding {
        id: "both runs agree".to_string(),
        verdict: Verdict::Fail,
        warning: false,
        margin: Some(f64::NEG_INFINITY),
        unit: "1".to_string(),
        kelvin_left: None,
        worst_tick: None,
        decided_by: "digest of the first run == digest of the second run".to_string(),
        time_left_s: None,
        note,
    }
}
