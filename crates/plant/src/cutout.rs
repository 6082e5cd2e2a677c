//! A bimetal cut-out behind the film: lag, hysteresis, welding and drift.

use crate::build::Cutout as CutoutBuild;
use crate::exponential::exp;

/// What is wrong with one cut-out now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CutoutState {
    /// 1 (above 0.5): the contacts are welded and never open.
    pub welded: f64,
    /// Shift of both switching temperatures, K.
    pub shift_k: f64,
    /// Further shift of the closing temperature alone, K.
    pub close_shift_k: f64,
}

/// One cut-out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutout {
    build: CutoutBuild,
    bimetal_c: f64,
    is_closed: bool,
    /// Time of the last step, and the share of a difference that it left.
    kept: Option<(f64, f64)>,
}

impl Cutout {
    /// A closed cut-out at a temperature.
    pub fn new(build: CutoutBuild, start_c: f64) -> Cutout {
        Cutout {
            build,
            bimetal_c: start_c,
            is_closed: true,
            kept: None,
        }
    }

    /// Follows the film for a time; returns whether the contact is closed after it.
    ///
    /// The lag is first order and exact for a film at constant temperature. The
    /// disc snaps whether or not the contacts are welded, so that an un-welded
    /// part has the state that its temperature history gave it.
    pub fn step(&mut self, film_c: f64, state: &CutoutState, dt_s: f64) -> bool {
        let kept = self.kept(dt_s);
        self.bimetal_c = film_c + (self.bimetal_c - film_c) * kept;
        let open_c = self.build.open_c + state.shift_k;
        // A part that would close above its opening point closes at it.
        let close_c = (self.build.close_c + state.shift_k + state.close_shift_k).min(open_c);
        if self.bimetal_c >= open_c {
            self.is_closed = false;
        } else if self.bimetal_c <= close_c {
            self.is_closed = true;
        }
        self.is_closed || state.welded > 0.5
    }

    /// Share of the difference to the film that is left after a time; the same
    /// number of the same time, so it is worked out when that changes.
    fn kept(&mut self, dt_s: f64) -> f64 {
        match self.kept {
            Some((known_s, kept)) if known_s == dt_s => kept,
            Some(_) | None => {
                let lag_s = self.build.lag_s;
                let kept = if lag_s > 0.0 { exp(-dt_s / lag_s) } else { 0.0 };
                self.kept = Some((dt_s, kept));
                kept
            }
        }
    }

    /// Temperature of the disc, degC.
    pub fn bimetal_c(&self) -> f64 {
        self.bimetal_c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILD: CutoutBuild = CutoutBuild {
        open_c: 50.0,
        close_c: 35.0,
        lag_s: 15.0,
    };
    const SOUND: CutoutState = CutoutState {
        welded: 0.0,
        shift_k: 0.0,
        close_shift_k: 0.0,
    };

    /// Seconds until the contact has the wanted position.
    fn until(cutout: &mut Cutout, film_c: f64, state: &CutoutState, closed: bool) -> Option<f64> {
        (1..100_000)
            .find(|_| cutout.step(film_c, state, 0.01) == closed)
            .map(|steps| f64::from(steps) * 0.01)
    }

    #[test]
    fn opens_after_the_lag_of_a_first_order_disc() {
        let mut cutout = Cutout::new(BUILD, 25.0);
        let opened_s = until(&mut cutout, 60.0, &SOUND, false).expect("opens");
        // 60 - 35 exp(-t / 15) = 50.
        let expected_s = 15.0 * libm::log(3.5);
        assert!((opened_s - expected_s).abs() < 0.02, "{opened_s}");
    }

    #[test]
    fn stays_open_down_to_its_closing_temperature() {
        let mut cutout = Cutout::new(BUILD, 55.0);
        assert!(!cutout.step(55.0, &SOUND, 0.01));
        assert_eq!(until(&mut cutout, 36.0, &SOUND, true), None);
        assert!(until(&mut cutout, 30.0, &SOUND, true).is_some());
    }

    #[test]
    fn never_opens_when_welded_and_early_when_it_has_drifted_low() {
        let welded = CutoutState {
            welded: 1.0,
            ..SOUND
        };
        assert_eq!(
            until(&mut Cutout::new(BUILD, 25.0), 90.0, &welded, false),
            None
        );
        let low = CutoutState {
            shift_k: -8.0,
            ..SOUND
        };
        assert!(until(&mut Cutout::new(BUILD, 25.0), 45.0, &low, false).is_some());
        assert_eq!(
            until(&mut Cutout::new(BUILD, 25.0), 45.0, &SOUND, false),
            None
        );
    }

    #[test]
    fn what_is_kept_of_a_step_is_that_of_its_own_length() {
        let mut cutout = Cutout::new(BUILD, 25.0);
        for dt_s in [0.25, 0.25, 0.01, 0.25, 0.01, 0.01, 1.0] {
            let mut fresh = Cutout {
                kept: None,
                ..cutout
            };
            let closed = cutout.step(60.0, &SOUND, dt_s);
            assert_eq!(fresh.step(60.0, &SOUND, dt_s), closed, "{dt_s}");
            assert_eq!(fresh, cutout, "{dt_s}");
        }
    }
}
