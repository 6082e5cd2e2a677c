//! Runs sessions of a tuning on several threads.

use kneadsim_scenario::Variation;
use kneadsim_search::tune::{Problem, Trial, run_trial};
use kneadsim_search::vary::Draw;
use kneadsim_search::workers::{Stop, in_order};
use kneadsim_sim::{Continue, Spec};

use super::journal::{Asked, Done, Phase};
use crate::engine::guarded;

/// Where sessions come from.
pub struct Source<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Scenarios of the search.
    pub training: &'a Variation,
    /// Scenarios of the trial on what was held out, and of the claim.
    pub held_out: &'a Variation,
    /// Threads; 0 is one per processor.
    pub jobs: usize,
}

impl Source<'_> {
    fn variation(&self, phase: Phase) -> &Variation {
        match phase {
            Phase::Search => self.training,
            Phase::HeldOut | Phase::Claim => self.held_out,
        }
    }

    /// Runs sessions, all of one phase; `each` gets what they gave in their order, up
    /// to the first that was stopped.
    pub fn run(&self, asked: &[Asked<'_>], stop: &Stop, mut each: impl FnMut(usize, Done)) {
        let Some(first) = asked.first() else { return };
        let mut wanted = 0;
        in_order(
            asked.len(),
            self.jobs,
            stop,
            || self.variation(first.phase).clone(),
            |variation, index| self.session(variation, &asked[index], stop),
            |index, done| {
                // Behind a gap, after a stop: it is done again.
                if index == wanted {
                    wanted += 1;
                    each(index, done);
                }
            },
        );
    }

    fn session(&self, variation: &mut Variation, asked: &Asked<'_>, stop: &Stop) -> Option<Done> {
        let spec = match self.spec(variation, asked) {
            Ok(spec) => spec,
            Err(why) => return Some(Err(why)),
        };
        let (_, base) = asked.phase.campaign(self.problem).place(asked.case);
        let mut observer = |_| {
            if stop.wanted() {
                Continue::No
            } else {
                Continue::Yes
            }
        };
        match guarded(|| run_trial(self.problem, base, spec, &mut observer)) {
            Ok(Ok(trial)) => trial.map(Ok::<Trial, String>),
            Ok(Err(why)) => Some(Err(why)),
            Err(message) => Some(Err(format!("internal error: {message}"))),
        }
    }

    /// What a session runs.
    ///
    /// # Errors
    /// Why its values cannot be run, as a sentence.
    pub fn spec(&self, variation: &mut Variation, asked: &Asked<'_>) -> Result<Spec, String> {
        let campaign = asked.phase.campaign(self.problem);
        let (sample, base) = campaign.place(asked.case);
        let mut draws = campaign.draws(sample);
        draws.extend(asked.values.iter().map(|value| Draw::Number(*value)));
        let seed = campaign.seed_of(sample);
        variation
            .spec(base, sample as usize, seed, &draws)
            .map_err(|mistakes| {
                let first = mistakes
                    .first()
                    .map_or(String::new(), |m| m.message.clone());
                format!("these values do not go together: {first}")
            })
    }
}
