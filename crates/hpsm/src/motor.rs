//! The motor of the workload: ten steps of 1 ms in a tick.
//!
//! Semi-implicit: the current by its own resistance, then the speed by the new
//! current, then the angle by the new speed. In exact arithmetic
//!
//! ```text
//! i' = (i + h/L (V - K w)) / (1 + h R/L)
//! w' = w + h/J (K i' - B w - clamp(w/5, -1, 1) (T0 + T1 sin 2 theta))
//! theta' = theta + h w'/60
//! ```
//!
//! What follows from `w` alone is the longest chain of the whole workload, one
//! step waiting for the other. It is kept short: the current is scaled by
//! `h K/J`, so that it adds to the speed as it is; what `w'` takes from `w`
//! directly and through `i'` is one factor; the clamp is of `w` itself, with the
//! torque's factor scaled in return; and the sine is a polynomial of fourth
//! degree about an angle foreseen a tick ahead, evaluated by halves.

use crate::motor_control::{ROUNDER, SpeedControl, limited, target_rad_s};
use crate::workload::{AMBIENT_C, CASE_TO_FILM_K_PER_W, CORE_C, TICK_S, Variation};

/// Steps in a tick.
pub const STEPS: usize = 10;
/// One step, s.
const STEP_S: f64 = TICK_S / STEPS as f64;

/// Supply, V.
pub const SUPPLY_V: f64 = 12.0;
/// Resistance at 20 degC, ohm.
pub const R20_OHM: f64 = 4.0;
/// Its slope, 1/K.
pub const TEMPCO_PER_K: f64 = 0.003_93;
/// Inductance, H.
pub const INDUCTANCE_H: f64 = 0.002;
/// Torque and back-EMF, Nm/A = V s/rad.
pub const CONSTANT: f64 = 0.03;
/// Inertia, kg m2.
pub const INERTIA_KG_M2: f64 = 1.0e-5;
/// Viscous friction, Nms.
pub const VISCOUS_NM_S: f64 = 5.0e-6;
/// Dry friction, Nm.
pub const DRY_NM: f64 = 2.0e-3;
/// Gear.
pub const GEAR: f64 = 60.0;
/// Its efficiency.
pub const EFFICIENCY: f64 = 0.7;
/// Mean load at the output, Nm.
pub const LOAD_NM: f64 = 0.6;
/// Its ripple at twice the output angle, Nm.
pub const RIPPLE_NM: f64 = 0.3;
/// Speed below which friction and load fade out, rad/s.
const FADE_RAD_S: f64 = 5.0;

/// Winding, J/K.
pub const WINDING_J_PER_K: f64 = 15.0;
/// Case, J/K.
pub const CASE_J_PER_K: f64 = 100.0;
/// Winding to case, K/W.
pub const WINDING_TO_CASE_K_PER_W: f64 = 3.0;
/// Case to ambient, K/W.
pub const CASE_TO_AIR_K_PER_W: f64 = 10.0;

/// Rotor speed that a unit of scaled current adds in a step.
const KICK: f64 = STEP_S * CONSTANT / INERTIA_KG_M2;
/// What remains of the speed after a step of viscous friction.
const KEPT: f64 = 1.0 - STEP_S * VISCOUS_NM_S / INERTIA_KG_M2;
/// Share of a torque over clamped speed.
const DRAG: f64 = STEP_S / (INERTIA_KG_M2 * FADE_RAD_S);
/// Angle of the ripple (twice the output's) per rad/s and step, rad.
const RIPPLE_RAD: f64 = 2.0 * STEP_S / GEAR;
/// Half a turn of the ripple in rad/s times steps.
const HALF_TURNS: f64 = RIPPLE_RAD / core::f64::consts::PI;
/// From the start of a tick to the middle of the next one.
const AHEAD_STEPS: f64 = 1.5 * STEPS as f64;
/// Largest angle from the foreseen one for which the sine is within 1e-7.
const REACH_RAD: f64 = 0.1;

/// Motors and speed controllers of all lanes. Temperatures relative to the core.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Motors<const L: usize> {
    /// Mean torque at the rotor over [`FADE_RAD_S`], scaled to a step's change of speed.
    drag: [f64; L],
    /// Current times [`KICK`], rad/s.
    current: [f64; L],
    speed_rad_s: [f64; L],
    /// Sum of the speeds after every step since the foreseen angle: the angle from there.
    angle: [f64; L],
    /// That foreseen angle in half turns of the ripple, and its sine and cosine.
    half_turns: [f64; L],
    sine: [f64; L],
    cosine: [f64; L],
    control: SpeedControl<L>,
    /// Winding, K.
    pub winding_k: [f64; L],
    /// Case, K.
    pub case_k: [f64; L],
    /// Hottest winding, K.
    pub winding_peak_k: [f64; L],
    /// Copper loss so far, J.
    pub copper_j: [f64; L],
    /// Sum of the speeds without sign after every step, rad/s.
    pub speed_sum: [f64; L],
}

impl<const L: usize> Motors<L> {
    /// Motors at rest at ambient.
    #[must_use]
    pub fn new(variations: &[Variation; L]) -> Self {
        let start_k = AMBIENT_C - CORE_C;
        let load = |v: Variation| DRAG * (DRY_NM + LOAD_NM * v.load / (GEAR * EFFICIENCY));
        Self {
            drag: variations.map(load),
            current: [0.0; L],
            speed_rad_s: [0.0; L],
            angle: [0.0; L],
            half_turns: [0.0; L],
            sine: [0.0; L],
            cosine: [1.0; L],
            control: SpeedControl::new(),
            winding_k: [start_k; L],
            case_k: [start_k; L],
            winding_peak_k: [f64::NEG_INFINITY; L],
            copper_j: [0.0; L],
            speed_sum: [0.0; L],
        }
    }

    /// One tick of controllers and motors; `film_k` is the film at its start.
    #[inline(always)]
    pub fn tick(&mut self, tick: u32, film_k: &[f64; L]) {
        let target = target_rad_s(tick);
        for l in 0..L {
            let winding_k = self.winding_k[l];
            let case_k = self.case_k[l];
            let speed = self.speed_rad_s[l];
            let duty = self.control.duty(l, target, speed);

            let ohm = R20_OHM * (1.0 + TEMPCO_PER_K * (winding_k + (CORE_C - 20.0)));
            let memory = 1.0 / (1.0 + STEP_S / INDUCTANCE_H * ohm);
            let drive = (KICK * STEP_S / INDUCTANCE_H * SUPPLY_V) * memory * duty;
            let brake = (KICK * STEP_S / INDUCTANCE_H * CONSTANT) * memory;
            let kept = KEPT - brake;
            let drag = self.torque(l);

            let ahead = self.foresee(l, self.angle[l] + AHEAD_STEPS * speed);
            let turning = Turning {
                current: self.current[l],
                speed,
                angle: self.angle[l],
                squares: 0.0,
                speeds: 0.0,
            };
            let with = Course {
                memory,
                drive,
                brake,
                kept,
                drag,
            };
            // Written out: as a loop it would stand in the way of vectors of lanes.
            let turning = turning.step(&with).step(&with).step(&with).step(&with);
            let turning = turning.step(&with).step(&with).step(&with).step(&with);
            let turning = turning.step(&with).step(&with);
            self.angle[l] = turning.angle - ahead;
            self.current[l] = turning.current;
            self.speed_rad_s[l] = turning.speed;
            self.speed_sum[l] += turning.speeds;
            let squares = turning.squares;

            let copper_w = ohm * squares * (1.0 / (KICK * KICK * STEPS as f64));
            let out_w = (winding_k - case_k) * (1.0 / WINDING_TO_CASE_K_PER_W);
            let to_air_w = (case_k - (AMBIENT_C - CORE_C)) * (1.0 / CASE_TO_AIR_K_PER_W);
            let to_film_w = (case_k - film_k[l]) * (1.0 / CASE_TO_FILM_K_PER_W);
            self.copper_j[l] += copper_w * TICK_S;
            self.winding_peak_k[l] = larger(self.winding_peak_k[l], winding_k);
            self.winding_k[l] = winding_k + TICK_S / WINDING_J_PER_K * (copper_w - out_w);
            self.case_k[l] = case_k + TICK_S / CASE_J_PER_K * (out_w - to_air_w - to_film_w);
        }
    }

    /// Coefficients of the scaled torque over the angle from the foreseen one:
    /// mean and ripple, `sin(a + x) = sin a + x cos a - x^2/2 sin a ...`.
    #[inline(always)]
    fn torque(&self, l: usize) -> [f64; 5] {
        const RIPPLE: f64 = DRAG * RIPPLE_NM / (GEAR * EFFICIENCY);
        const X1: f64 = RIPPLE * RIPPLE_RAD;
        const X2: f64 = -X1 * RIPPLE_RAD / 2.0;
        const X3: f64 = X2 * RIPPLE_RAD / 3.0;
        const X4: f64 = -X3 * RIPPLE_RAD / 4.0;
        let (sine, cosine) = (self.sine[l], self.cosine[l]);
        [
            self.drag[l] + RIPPLE * sine,
            X1 * cosine,
            X2 * sine,
            X3 * cosine,
            X4 * sine,
        ]
    }

    /// Moves the foreseen angle on by a sum of speeds, and returns that sum.
    #[inline(always)]
    fn foresee(&mut self, l: usize, ahead: f64) -> f64 {
        let half_turns = self.half_turns[l] + HALF_TURNS * ahead;
        (self.sine[l], self.cosine[l]) = sine_and_cosine(half_turns);
        self.half_turns[l] = half_turns;
        ahead
    }
}

/// What stays the same for the steps of a tick.
struct Course {
    /// What is left of a current after a step with nothing to drive it.
    memory: f64,
    /// What the terminals add to the current in a step.
    drive: f64,
    /// What a unit of speed takes from it.
    brake: f64,
    /// What is left of the speed after friction and through the current.
    kept: f64,
    /// Torque over clamped speed, by powers of the angle.
    drag: [f64; 5],
}

/// A motor between two steps, and sums over the steps.
#[derive(Clone, Copy)]
struct Turning {
    current: f64,
    speed: f64,
    angle: f64,
    squares: f64,
    speeds: f64,
}

impl Turning {
    #[inline(always)]
    fn step(self, with: &Course) -> Turning {
        debug_assert!(self.angle.abs() * RIPPLE_RAD < REACH_RAD);
        let slow = limited(self.speed, FADE_RAD_S);
        let [c0, c1, c2, c3, c4] = with.drag;
        let square = self.angle * self.angle;
        let torque = (c0 + c1 * self.angle) + square * ((c2 + c3 * self.angle) + c4 * square);
        let carried = with.memory * self.current + with.drive;
        let current = carried - with.brake * self.speed;
        let speed = (with.kept * self.speed + carried) - slow * torque;
        Turning {
            current,
            speed,
            angle: self.angle + speed,
            squares: self.squares + current * current,
            speeds: self.speeds + speed.abs(),
        }
    }
}

/// Sine and cosine of an angle in half turns, within 7e-9.
#[inline(always)]
fn sine_and_cosine(half_turns: f64) -> (f64, f64) {
    let shifted = half_turns + ROUNDER;
    let r = (half_turns - (shifted - ROUNDER)) * core::f64::consts::PI;
    let z = r * r;
    let mut sine = 1.0 / 6_227_020_800.0;
    sine = sine * z - 1.0 / 39_916_800.0;
    sine = sine * z + 1.0 / 362_880.0;
    sine = sine * z - 1.0 / 5_040.0;
    sine = sine * z + 1.0 / 120.0;
    sine = sine * z - 1.0 / 6.0;
    sine = (sine * z + 1.0) * r;
    let mut cosine = 1.0 / 479_001_600.0;
    cosine = cosine * z - 1.0 / 3_628_800.0;
    cosine = cosine * z + 1.0 / 40_320.0;
    cosine = cosine * z - 1.0 / 720.0;
    cosine = cosine * z + 1.0 / 24.0;
    cosine = cosine * z - 0.5;
    cosine = cosine * z + 1.0;
    // Both change their sign with every half turn.
    let sign = shifted.to_bits() << 63;
    (
        f64::from_bits(sine.to_bits() ^ sign),
        f64::from_bits(cosine.to_bits() ^ sign),
    )
}

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_of_the_load_is_within_1e_7_in_all_of_its_reach() {
        let mut worst = 0.0_f64;
        for step in -3000..3000 {
            let half_turns = f64::from(step) * 0.0137;
            let mut motors = Motors::new(&[Variation::NOMINAL]);
            motors.foresee(0, half_turns / HALF_TURNS);
            for part in -10..=10 {
                let rad = REACH_RAD * f64::from(part) / 10.0;
                let c = motors.torque(0);
                let x = rad / RIPPLE_RAD;
                let torque = c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * c[4])));
                let scale = DRAG * RIPPLE_NM / (GEAR * EFFICIENCY);
                let got = (torque - motors.drag[0]) / scale;
                let expected = libm::sin(half_turns * core::f64::consts::PI + rad);
                worst = worst.max((got - expected).abs());
            }
        }
        assert!(worst < 1.0e-7, "{worst:e}");
        assert!(worst > 1.0e-9, "nothing was compared: {worst:e}");
    }
}
