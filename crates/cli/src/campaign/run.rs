//! `kneadsim campaign run`.

use std::fs;
use std::sync::Arc;

use kneadsim_scenario::Variation;
use kneadsim_search::campaign::{Campaign, Row, Shard, run_case};
use kneadsim_search::workers::{Stop, in_order};
use kneadsim_sim::Continue;

use super::arguments::RunCampaign;
use super::journal::{self, Journal};
use super::{Opened, finish, open, shards::Wanted, worst};
use crate::console::{Console, complain, say};
use crate::engine::{guarded, quiet_panics};
use crate::exit::Exit;
use crate::interrupt::listen_for_interrupts;
use crate::progress::Progress;
use crate::whole::usable;
use crate::words;

/// Runs a campaign, or a shard of it.
pub fn run(arguments: &RunCampaign, console: Console) -> Exit {
    let opened = match open(&arguments.which, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let shard = match arguments
        .shard
        .unwrap_or(Wanted::This(Shard::WHOLE))
        .shard(|name| std::env::var(name).ok())
    {
        Ok(shard) => shard,
        Err(problem) => return wrong(&problem),
    };
    if let Err(problem) = usable(&opened.out) {
        return wrong(&problem);
    }
    if let Some(case) = arguments.case {
        return worst::one(opened, case, console);
    }
    if arguments.fresh {
        let path = journal::path(&opened.out, shard);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return wrong(&format!("cannot remove {}: {error}", path.display()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    quiet_panics();
    let ran = run_shard(&opened, shard, arguments.jobs, &stop);
    let _ = std::panic::take_hook();
    let (done, journal) = match ran {
        Ok(ran) => ran,
        Err(problem) => return wrong(&problem),
    };
    let wanted = shard.len(opened.file.campaign.cases());
    say(&format!("{done}\n"));
    if journal.rows < wanted {
        complain(&format!(
            "stopped at {} of {wanted} cases; the same command goes on from there",
            journal.rows
        ));
        return Exit::Interrupted;
    }
    drop(journal);
    if shard != Shard::WHOLE {
        say(&format!(
            "shard {}/{} is complete; when all are: kneadsim campaign merge {} --out {}\n",
            shard.number(),
            shard.count(),
            opened.path.display(),
            opened.out.display()
        ));
        return Exit::Held;
    }
    // What other shards left beside it is not asked for.
    let own = [journal::path(&opened.out, shard)];
    finish(opened, &own, console)
}

fn wrong(problem: &str) -> Exit {
    complain(&format!("error: {problem}"));
    Exit::WrongInput
}

/// Runs what is not in the journal yet. Gives one line about it.
fn run_shard(
    opened: &Opened,
    shard: Shard,
    jobs: usize,
    stop: &Stop,
) -> Result<(String, Journal), String> {
    let campaign = &opened.file.campaign;
    let mut journal = Journal::open(&opened.out, campaign, &opened.origin(), shard)?;
    let before = journal.rows;
    let wanted = shard.len(campaign.cases());
    let mut progress = Progress::new("case", before, wanted);
    let mut unwritten = None;
    in_order(
        wanted - before,
        jobs,
        stop,
        || opened.file.variation.clone(),
        |variation, index| case(campaign, variation, shard.case(before + index), stop),
        |index, row| {
            // Behind a gap, after a stop: it is done again.
            if before + index != journal.rows || unwritten.is_some() {
                return;
            }
            match journal.add(campaign, &row) {
                Ok(()) => progress.one(),
                Err(error) => {
                    unwritten = Some(format!("cannot write the results: {error}"));
                    stop.now();
                }
            }
        },
    );
    let (new, wall) = progress.end();
    if let Some(problem) = unwritten {
        return Err(format!(
            "{problem}; {} of {wanted} cases are kept",
            journal.rows
        ));
    }
    let kept = if before > 0 {
        format!(" ({} were there)", before)
    } else {
        String::new()
    };
    let rate = new as f64 / wall.as_secs_f64().max(1e-9);
    let line = format!(
        "{} in {}, {rate:.1} a second{kept}",
        words::count(new, "case"),
        words::wall(wall)
    );
    Ok((line, journal))
}

/// One case; none when it was stopped.
fn case(campaign: &Campaign, variation: &mut Variation, case: usize, stop: &Stop) -> Option<Row> {
    let (sample, base) = campaign.place(case);
    let draws = campaign.draws(sample);
    let spec = match variation.spec(base, sample as usize, campaign.seed_of(sample), &draws) {
        Ok(spec) => spec,
        Err(mistakes) => {
            let first = mistakes.first().map_or(String::new(), ToString::to_string);
            return Some(Row::error(
                campaign,
                case,
                &format!("these values do not go together: {first}"),
            ));
        }
    };
    let mut observer = |_| {
        if stop.wanted() {
            Continue::No
        } else {
            Continue::Yes
        }
    };
    match guarded(|| run_case(campaign, case, spec, &mut observer)) {
        Ok(row) => row,
        Err(message) => Some(Row::error(
            campaign,
            case,
            &format!("internal error: {message}"),
        )),
    }
}
