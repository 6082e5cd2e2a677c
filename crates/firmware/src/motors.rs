//! Both motors together: what the program asks, what heat and supply leave, duty window.
//!
//! The motors' drivers have no second switch-off path. When a driver stays on,
//! all that can be done is to drive nothing, latch and sound the buzzer.

use crate::adopted::Adopted;
use crate::io::{DUTY_FULL, FaultCode, MOTORS, PER_DUTY};
use crate::kneading::{Kneading, MotorInputs};
use crate::numbers::{lag_share, limit, slew};
use crate::persist::Persist;
use crate::program::Segment;
use crate::sensors::Sensors;
use crate::winding::{MotorThermal, Winding};

/// Smoothing of the winding currents.
const CURRENT_LAG_S: f32 = 0.05;
/// Below this duty the shunt resolves the winding's current too badly: 4 mA a count are 80 mA here.
const DUTY_MEASURED_MIN: f32 = 0.05;
/// Vibration soft start, duty per second.
const VIBRATION_SLEW_PER_S: f32 = 2.0;
/// A blocked vibration motor draws at least this share of `duty * V / R`.
const VIBRATION_LOCKED_SHARE: f32 = 0.8;
/// A vibration motor blocked this long is cut; soft start and the current's filter take
/// 0.2 to 0.3 s before, and MOT-01 gives 1 s for all of it.
const VIBRATION_STALL_MS: u32 = 700;
/// Length of one slot of the duty window, ms; ten make ten minutes.
const SLOT_MS: u32 = 60_000;

/// The motors' controllers and estimates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Motors {
    /// Duties for this tick.
    pub(crate) duty: [i16; MOTORS],
    /// Windings as estimated.
    pub(crate) windings: [Winding; MOTORS],
    /// Winding currents, from the drivers' supply current and the duty, smoothed, A.
    winding_a: [f32; MOTORS],
    pub(crate) kneading: Kneading,
    vibration_duty: f32,
    pub(crate) vibration_stall: Persist,
    pub(crate) vibration_off: Persist,
    vibration_off_ms: u32,
    pub(crate) vibration_rest_ms: u32,
    vibration_stalls: u8,
    pub(crate) resting: [bool; MOTORS],
    slots_ms: [u32; 10],
    slot_elapsed_ms: u32,
    tired: bool,
}

impl Motors {
    /// At rest. `warm_share` (0 to 1) is how much use came before: windings start that warm.
    pub(crate) fn new(config: &Adopted, warm_share: f32) -> Self {
        // 45 K: housing rise after a full session at 1.5 A (estimate).
        let start_c = config.winding_start_c + 45.0 * limit(warm_share, 0.0, 1.0);
        Self {
            duty: [0; MOTORS],
            windings: [Winding::at(start_c); MOTORS],
            winding_a: [0.0; MOTORS],
            kneading: Kneading::new(),
            vibration_duty: 0.0,
            vibration_stall: Persist::ZERO,
            vibration_off: Persist::ZERO,
            vibration_off_ms: 0,
            vibration_rest_ms: 0,
            vibration_stalls: 0,
            resting: [false; MOTORS],
            slots_ms: [0; 10],
            slot_elapsed_ms: 0,
            tired: false,
        }
    }

    /// One tick. `demand` is the program's segment scaled by intensity, or `None` outside a session.
    pub(crate) fn update(
        &mut self,
        config: &Adopted,
        sensors: &Sensors,
        encoder_counts: u16,
        demand: Option<Segment>,
        dt_ms: u32,
        slow_ms: Option<u32>,
    ) -> Option<FaultCode> {
        let dt_s = dt_ms as f32 * 0.001;
        self.measure(sensors, dt_ms);
        let [kneading_a, vibration_a] = self.winding_a;
        let hot =
            slow_ms.is_some_and(|slow_ms| self.windings(config, sensors.supply_smooth_v, slow_ms));
        if let Some(slow_ms) = slow_ms {
            self.tired = self.duty_window(config, slow_ms);
        }
        let tired = self.tired;
        let demand = if tired { None } else { demand };
        let [kneading_rests, vibration_rests] = self.resting;
        let inputs = MotorInputs {
            encoder_counts,
            current_a: kneading_a,
            supply_v: limit(sensors.supply_smooth_v, 1.0, 40.0),
            dt_s,
            dt_ms,
        };
        let speed_rpm = match demand {
            Some(segment) if !kneading_rests => segment.speed_rpm,
            Some(_) | None => 0.0,
        };
        let vibration = match demand {
            Some(segment) if !vibration_rests => limit(segment.vibration_duty, 0.0, 1.0),
            Some(_) | None => 0.0,
        };
        let kneading_fault = self.kneading.update(config, &inputs, speed_rpm);
        let vibration_fault = self.vibrate(config, &inputs, vibration_a, vibration);
        if demand.is_none() {
            self.stop();
        }
        let full = f32::from(DUTY_FULL);
        self.duty = [
            limit(self.kneading.duty * full, -full, full) as i16,
            limit(self.vibration_duty * full, 0.0, full) as i16,
        ];
        if hot {
            Some(FaultCode::WindingHot)
        } else {
            kneading_fault.or(vibration_fault)
        }
    }

    /// Current that the motors take from the supply now, A.
    pub(crate) fn supply_a(&self, sensors: &Sensors) -> f32 {
        let [kneading_a, vibration_a] = sensors.motor_smooth_a;
        kneading_a + vibration_a
    }

    /// Whether the nodes press one spot, as far as motor and encoder can tell.
    pub(crate) fn nodes_rest(&self, config: &Adopted) -> bool {
        self.kneading.still_ms >= config.nodes_rest_ms
    }

    /// Whether any winding estimate is above the limit.
    pub(crate) fn too_hot(&self, config: &Adopted) -> bool {
        self.windings
            .iter()
            .any(|w| w.winding_c > config.winding_limit_c)
    }

    /// The shunts sit in the drivers' supply: a bridge at duty d takes d times
    /// the winding's current. Undriven, the shunt's own current is what counts.
    fn measure(&mut self, sensors: &Sensors, dt_ms: u32) {
        let share = lag_share(dt_ms, CURRENT_LAG_S);
        let [kneading_a, vibration_a] = &mut self.winding_a;
        let [kneading_driver_a, vibration_driver_a] = sensors.motor_a;
        let [kneading_duty, vibration_duty] = self.duty;
        *kneading_a += (winding_a(kneading_driver_a, kneading_duty) - *kneading_a) * share;
        *vibration_a += (winding_a(vibration_driver_a, vibration_duty) - *vibration_a) * share;
    }

    fn stop(&mut self) {
        self.kneading.stop();
        self.vibration_duty = 0.0;
    }

    /// Both windings for a while; `true` when one is too hot.
    fn windings(&mut self, config: &Adopted, supply_v: f32, dt_ms: u32) -> bool {
        let dt_s = dt_ms as f32 * 0.001;
        let [kneading, vibration] = &mut self.windings;
        let [kneading_rests, vibration_rests] = &mut self.resting;
        let [kneading_a, vibration_a] = self.winding_a;
        let [kneading_duty, vibration_duty] = self.duty;
        let ambient_c = config.winding_start_c;
        let follow = |winding: &mut Winding, motor: &MotorThermal, current_a, duty| {
            let terminal_v = limit(terminal_share(duty) * supply_v, 0.0, 40.0);
            winding.update(motor, current_a, terminal_v, ambient_c, dt_s);
        };
        follow(
            kneading,
            &kneading_motor(config.motor_resistance_ohm),
            kneading_a,
            kneading_duty,
        );
        follow(
            vibration,
            &vibration_motor(config.vibration_resistance_ohm),
            vibration_a,
            vibration_duty,
        );
        let rest_above_c = config.winding_limit_c - config.winding_rest_below_k;
        rest(kneading_rests, kneading.winding_c, rest_above_c);
        rest(vibration_rests, vibration.winding_c, rest_above_c);
        self.too_hot(config)
    }

    /// Counts motor time in ten slots of a minute; `true` when the share is used up.
    fn duty_window(&mut self, config: &Adopted, dt_ms: u32) -> bool {
        let on = self.duty.iter().any(|duty| *duty != 0);
        if let [current, ..] = &mut self.slots_ms
            && on
        {
            *current = current.saturating_add(dt_ms);
        }
        self.slot_elapsed_ms = self.slot_elapsed_ms.saturating_add(dt_ms);
        if self.slot_elapsed_ms >= SLOT_MS {
            self.slot_elapsed_ms = 0;
            let mut carried_ms = 0;
            for slot in &mut self.slots_ms {
                carried_ms = core::mem::replace(slot, carried_ms);
            }
        }
        // At a share of 1 the window never closes: the session's length is the limit.
        if config.duty_window_share >= 1.0 {
            return false;
        }
        let mut sum_ms = 0u32;
        for slot in self.slots_ms {
            sum_ms = sum_ms.saturating_add(slot);
        }
        sum_ms as f32 >= config.duty_window_share * 10.0 * SLOT_MS as f32
    }

    fn vibrate(
        &mut self,
        config: &Adopted,
        m: &MotorInputs,
        current_a: f32,
        goal: f32,
    ) -> Option<FaultCode> {
        let duty = self.vibration_duty;
        self.vibration_off_ms = if duty > 0.0 {
            0
        } else {
            self.vibration_off_ms.saturating_add(m.dt_ms)
        };
        let off_bad = self.vibration_off_ms >= 500 && current_a > config.motor_off_max_a;
        if self.vibration_off.update(off_bad, m.dt_ms, 300) {
            return Some(FaultCode::MotorCurrentWrong);
        }
        let locked_a = duty * m.supply_v * config.vibration_a_per_v;
        let blocked = duty > 0.2 && current_a > VIBRATION_LOCKED_SHARE * locked_a;
        self.vibration_rest_ms = self.vibration_rest_ms.saturating_sub(m.dt_ms);
        if self
            .vibration_stall
            .update(blocked, m.dt_ms, VIBRATION_STALL_MS)
        {
            self.vibration_stall.clear();
            self.vibration_rest_ms = crate::persist::ms(config.stall_rest_s);
            self.vibration_duty = 0.0;
            if f32::from(self.vibration_stalls) >= config.stall_retries {
                return Some(FaultCode::MotorStall);
            }
            self.vibration_stalls = self.vibration_stalls.saturating_add(1);
        }
        let goal = if self.vibration_rest_ms > 0 {
            0.0
        } else {
            goal
        };
        self.vibration_duty = slew(duty, goal, VIBRATION_SLEW_PER_S * m.dt_s);
        if self.vibration_rest_ms > 0 {
            self.vibration_duty = 0.0;
        }
        None
    }
}

/// Current of a winding from that of its driver, A: see [`Motors::measure`].
fn winding_a(driver_a: f32, duty: i16) -> f32 {
    let duty = f32::from(duty.unsigned_abs()) * PER_DUTY;
    let now_a = if duty > 0.0 {
        driver_a / limit(duty, DUTY_MEASURED_MIN, 1.0)
    } else {
        driver_a
    };
    limit(now_a, 0.0, 40.0)
}

/// Share of the supply over a winding. Undriven, a current means a bridge that is stuck on.
fn terminal_share(duty: i16) -> f32 {
    if duty == 0 {
        1.0
    } else {
        f32::from(duty.unsigned_abs()) * PER_DUTY
    }
}

/// A motor rests above `above_c` until it is 10 K cooler.
fn rest(resting: &mut bool, winding_c: f32, above_c: f32) {
    if winding_c > above_c {
        *resting = true;
    } else if winding_c < above_c - 10.0 {
        *resting = false;
    }
}

const fn kneading_motor(resistance_ohm: f32) -> MotorThermal {
    MotorThermal {
        resistance_ohm,
        winding_housing_w_per_k: 1.0 / 4.0,
        housing_ambient_w_per_k: 1.0 / 8.0,
        winding_k_per_j: 1.0 / 8.0,
        housing_k_per_j: 1.0 / 92.0,
        friction_share: 0.6,
    }
}

/// A 380 class motor: about a third of the mass (estimate).
const fn vibration_motor(resistance_ohm: f32) -> MotorThermal {
    MotorThermal {
        resistance_ohm,
        winding_housing_w_per_k: 1.0 / 8.0,
        housing_ambient_w_per_k: 1.0 / 16.0,
        winding_k_per_j: 1.0 / 3.0,
        housing_k_per_j: 1.0 / 30.0,
        // The weight's air drag and the bearings: all of it stays there.
        friction_share: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_motor_rests_from_its_limit_until_it_is_ten_kelvin_cooler() {
        for (was, winding_c, is) in [
            (false, 100.0, false),
            (false, 100.1, true),
            (true, 100.0, true),
            (true, 90.0, true),
            (true, 89.9, false),
            (false, 89.9, false),
            (false, 95.0, false),
        ] {
            let mut resting = was;
            rest(&mut resting, winding_c, 100.0);
            assert_eq!(resting, is, "{was} at {winding_c}");
        }
    }

    #[test]
    fn a_windings_current_is_the_drivers_over_the_duty() {
        for (driver_a, duty, want_a) in [
            (1.0, 10_000, 1.0),
            (1.0, -5_000, 2.0),
            // Below a twentieth the shunt says little.
            (1.0, 100, 20.0),
            (0.3, 0, 0.3),
            (30.0, 2_000, 40.0),
        ] {
            assert!(
                (winding_a(driver_a, duty) - want_a).abs() < 1e-4,
                "{driver_a} at {duty}"
            );
        }
        assert_eq!(terminal_share(0), 1.0);
        assert_eq!(terminal_share(-2_500), 0.25);
    }

    #[test]
    fn either_winding_above_the_limit_is_too_hot() {
        let config = Adopted::new(&Config::default());
        for (kneading_c, vibration_c, hot) in [
            (115.0, 115.0, false),
            (115.1, 20.0, true),
            (20.0, 115.1, true),
        ] {
            let mut motors = Motors::new(&config, 0.0);
            motors.windings = [Winding::at(kneading_c), Winding::at(vibration_c)];
            assert_eq!(motors.too_hot(&config), hot, "{kneading_c} {vibration_c}");
        }
    }

    #[test]
    fn the_duty_window_counts_either_motor_over_ten_minutes() {
        let config = Adopted::new(&Config {
            duty_window_share: 0.1,
            ..Config::default()
        });
        for duty in [[1, 0], [0, 1], [-1, 0]] {
            let mut motors = Motors::new(&config, 0.0);
            motors.duty = duty;
            let full = (1..=10_000u32).find(|_| motors.duty_window(&config, 10));
            assert_eq!(full, Some(6_000), "{duty:?}");
            // A minute of use leaves the window ten minutes after it began.
            motors.duty = [0, 0];
            let open = (1..=100_000u32).find(|_| !motors.duty_window(&config, 10));
            assert_eq!(open, Some(54_000), "{duty:?}");
        }
        let mut idle = Motors::new(&config, 0.0);
        assert!((0..6_001).all(|_| !idle.duty_window(&config, 10)));
    }

    fn supplied() -> Sensors {
        let mut sensors = Sensors::new();
        sensors.supply_smooth_v = 12.0;
        sensors
    }

    #[test]
    fn a_motor_with_a_warm_winding_rests_and_the_other_goes_on() {
        let config = Adopted::new(&Config::default());
        let both = Segment {
            length_ms: 0,
            speed_rpm: 20.0,
            vibration_duty: 0.5,
        };
        // They rest from 15 K below 115 degC.
        for (winding_c, runs) in [
            ([60.0, 60.0], [true, true]),
            ([102.0, 60.0], [false, true]),
            ([60.0, 102.0], [true, false]),
            ([99.0, 99.0], [true, true]),
        ] {
            let mut motors = Motors::new(&config, 0.0);
            motors.windings = winding_c.map(Winding::at);
            for _ in 0..50 {
                let fault = motors.update(&config, &supplied(), 0, Some(both), 20, Some(20));
                assert_eq!(fault, None);
            }
            assert_eq!(motors.duty.map(|duty| duty > 0), runs, "{winding_c:?}");
        }
    }

    #[test]
    fn a_vibration_driver_that_is_off_may_have_the_current_that_counts_as_none() {
        let config = Adopted::new(&Config {
            motor_off_max_a: 0.125,
            ..Config::default()
        });
        let m = MotorInputs {
            encoder_counts: 0,
            current_a: 0.0,
            supply_v: 12.0,
            dt_s: 0.01,
            dt_ms: 10,
        };
        for (current_a, found) in [(0.125, None), (0.126, Some(80)), (2.0, Some(80))] {
            let mut motors = Motors::new(&config, 0.0);
            let judged = (1..200).find(|_| motors.vibrate(&config, &m, current_a, 0.0).is_some());
            // Half a second to stop turning, then 0.3 s, the tick itself counted in both.
            assert_eq!(judged, found.map(|ticks: i32| ticks - 1), "{current_a} A");
        }
    }
}
