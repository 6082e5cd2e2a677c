//! Motors of several plants at once, one a lane, while they go on as they are.
//!
//! For: the tick of motors that rest, or are driven and turn the bridge's way
//! ([`super::DcMotor::course`]), with the operations of [`super::DcMotor`] in its
//! order, so that each lane has its bits (tests compare them). Not for: what
//! starts, stops, sticks or is locked; such a tick is [`super::DcMotor`]'s own.

use super::coefficients::CourseFigures;
use super::ripple::sine_of_turns_in_lanes;
use super::{CURRENT, DcMotor, Hold, SPEED, SUBSTEP_S, at_least_zero, share};
use crate::lanes::Lanes;

/// Figures of `L` motors that change seldom, and what they do in this tick.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct MotorLanes<const L: usize> {
    // With winding temperature and wear.
    current_by: [[f64; L]; 2],
    speed_by: [[f64; L]; 2],
    back_s: [f64; L],
    driven: [f64; L],
    turning_s: [f64; L],
    turning_per_v: [f64; L],
    resistance_ohm: [f64; L],
    viscous_nm_s: [f64; L],
    // With conditions and surroundings.
    scale: [f64; L],
    wear: [f64; L],
    body_share: [f64; L],
    /// 1 where the rotor cannot turn, else 0.
    held: [f64; L],
    // With the build.
    half_inductance_h: [f64; L],
    half_inertia_kg_m2: [f64; L],
    dry_friction_nm: [f64; L],
    gear_loss: [f64; L],
    not_lost: [f64; L],
    load_nm: [f64; L],
    load_ripple: [f64; L],
    ripple_turns_per_rad: [f64; L],
    per_gear: [f64; L],
    counts_per_rad: [f64; L],
    now: Now<L>,
}

/// Where the motors are, which is a copy of what [`DcMotor`] holds, and what a tick gave.
#[derive(Clone, Debug)]
struct Now<const L: usize> {
    /// 1 where the motor is driven and turns, else 0.
    works: [f64; L],
    /// 1 where it rests or works, else 0 or not a number.
    fits: [f64; L],
    current_a: [f64; L],
    speed_rad_s: [f64; L],
    angle_rad: [f64; L],
    rippled_nm: [f64; L],
    winding_j: [f64; L],
    case_j: [f64; L],
    output_speed_rad_s: [f64; L],
    output_angle_rad: [f64; L],
    encoder_counts: [f64; L],
    supply_a: [f64; L],
    supply_j: [f64; L],
    body_work_j: [f64; L],
    least: [[f64; L]; 2],
}

/// Energy of a lane's motor in a tick, and its sum of currents from the bus.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LaneEnergy {
    /// Sum over the substeps, A.
    pub supply_a: f64,
    /// As in [`super::MotorEnergy`].
    pub supply_j: f64,
    /// Work on the body.
    pub body_work_j: f64,
    /// From the case to ambient.
    pub to_ambient_j: f64,
    /// From the case into the foam.
    pub to_foam_j: f64,
}

/// Courses of the motors that a tick is followed for; see [`super::Course`].
#[derive(Clone, Copy)]
pub(crate) struct CourseLanes<V> {
    works: V,
    pub duty: V,
    pub from: [V; 2],
    pub by_current: [V; 2],
    pub by_speed: [V; 2],
    pub more: [V; 2],
    pub by_bus: [V; 2],
    direction: V,
    running_nm: V,
    body_load_nm: V,
}

/// Where they came to; see [`super::Travel`].
#[derive(Clone, Copy)]
pub(crate) struct TravelLanes<V> {
    pub to: [V; 2],
    pub sum: [V; 2],
    pub squares: [V; 2],
    pub step_squares: [V; 2],
    pub volt_amperes: V,
    pub least: [V; 2],
}

impl<const L: usize> MotorLanes<L> {
    /// Lanes that nothing was taken into yet.
    pub fn new() -> Self {
        let none = [0.0; L];
        Self {
            current_by: [none; 2],
            speed_by: [none; 2],
            back_s: none,
            driven: none,
            turning_s: none,
            turning_per_v: none,
            resistance_ohm: none,
            viscous_nm_s: none,
            scale: none,
            wear: none,
            body_share: none,
            held: none,
            half_inductance_h: none,
            half_inertia_kg_m2: none,
            dry_friction_nm: none,
            gear_loss: none,
            not_lost: none,
            load_nm: none,
            load_ripple: none,
            ripple_turns_per_rad: none,
            per_gear: none,
            counts_per_rad: none,
            now: Now {
                works: none,
                fits: none,
                current_a: none,
                speed_rad_s: none,
                angle_rad: none,
                rippled_nm: none,
                winding_j: none,
                case_j: none,
                output_speed_rad_s: none,
                output_angle_rad: none,
                encoder_counts: none,
                supply_a: none,
                supply_j: none,
                body_work_j: none,
                least: [none; 2],
            },
        }
    }

    /// Takes over all that does not change from tick to tick.
    #[inline(never)]
    pub fn take(&mut self, lane: usize, motor: &DcMotor, hold: &Hold) {
        self.take_coefficients(lane, motor);
        let build = &motor.build;
        self.scale[lane] = at_least_zero(hold.load_scale);
        self.wear[lane] = self.scale[lane].min(1.0);
        self.body_share[lane] = share(hold.body_share);
        self.held[lane] = f64::from(u8::from(hold.locked));
        self.half_inductance_h[lane] = 0.5 * build.inductance_h;
        self.half_inertia_kg_m2[lane] = 0.5 * build.inertia_kg_m2;
        self.dry_friction_nm[lane] = build.dry_friction_nm;
        self.gear_loss[lane] = build.gear_loss;
        self.not_lost[lane] = 1.0 - build.gear_loss;
        self.load_nm[lane] = motor.load_nm;
        self.load_ripple[lane] = build.load_ripple;
        self.ripple_turns_per_rad[lane] = motor.ripple_turns_per_rad;
        self.per_gear[lane] = motor.per_gear;
        self.counts_per_rad[lane] = motor.counts_per_rad;
        let now = &mut self.now;
        now.current_a[lane] = motor.state.current_a;
        now.speed_rad_s[lane] = motor.state.speed_rad_s;
        now.angle_rad[lane] = motor.rotor_angle_rad;
        now.rippled_nm[lane] = motor.rippled_nm;
    }

    fn take_coefficients(&mut self, lane: usize, motor: &DcMotor) {
        let with = &motor.coefficients;
        let figures = with.figures();
        let CourseFigures {
            by_current,
            by_speed,
            back_s,
        } = figures;
        for place in [CURRENT, SPEED] {
            self.current_by[place][lane] = by_current[place];
            self.speed_by[place][lane] = by_speed[place];
        }
        self.back_s[lane] = back_s;
        self.driven[lane] = with.driven;
        self.turning_s[lane] = with.turning_s;
        self.turning_per_v[lane] = with.turning_per_v;
        self.resistance_ohm[lane] = with.resistance_ohm;
        self.viscous_nm_s[lane] = with.viscous_nm_s;
    }

    /// Begins a tick of a lane's motor, as [`DcMotor::begin_tick`] does; the duty.
    #[inline(always)]
    pub fn begin(&mut self, lane: usize, motor: &mut DcMotor, duty: f64) -> f64 {
        let duty = if duty.is_nan() {
            0.0
        } else {
            duty.clamp(-1.0, 1.0)
        };
        let scale = self.scale[lane];
        let fit = motor.coefficients.fit(motor.state.winding_c, scale);
        let rests = duty == 0.0 && motor.is_at_rest();
        if !fit && !rests {
            motor.renew(scale);
            self.take_coefficients(lane, motor);
        }
        duty
    }

    /// Courses of all lanes; all zeros where the motor rests.
    #[inline(always)]
    pub fn courses<V: Lanes<L>>(&self, on: V::On, duty: &[f64; L]) -> CourseLanes<V> {
        let (zero, one) = (V::splat(on, 0.0), V::splat(on, 1.0));
        let signed = V::load(on, duty);
        let backwards = zero.if_greater(signed, zero - one, zero);
        let direction = signed.if_greater(zero, one, backwards);
        let duty = signed * direction;
        let current = V::load(on, &self.now.current_a) * direction;
        let speed = V::load(on, &self.now.speed_rad_s) * direction;
        let held = V::load(on, &self.held);
        let works = current.or_less(speed).if_greater(zero, one - held, zero);
        let of = |numbers: &[f64; L]| V::load(on, numbers);
        let load = of(&self.now.rippled_nm);
        let scale = of(&self.scale);
        let body_part = load * of(&self.not_lost) * of(&self.body_share);
        let running = (of(&self.dry_friction_nm) + load * of(&self.gear_loss) + body_part) * scale;
        let running = works.if_greater(zero, running, zero);
        let speed_lost = running * of(&self.driven);
        CourseLanes {
            works,
            duty,
            from: [current, speed],
            by_current: [of(&self.current_by[0]), of(&self.current_by[1])],
            by_speed: [of(&self.speed_by[0]), of(&self.speed_by[1])],
            more: [of(&self.back_s) * speed_lost, zero - speed_lost],
            by_bus: [duty * of(&self.turning_s), duty * of(&self.turning_per_v)],
            direction,
            running_nm: running,
            body_load_nm: body_part * of(&self.wear),
        }
    }

    /// Which motors work, and which of the others rest. No current, no motion and no
    /// duty make a sum that is 0; what is not a number stays none.
    #[inline(always)]
    fn look<V: Lanes<L>>(&mut self, on: V::On, duty: V, works: V) {
        let (zero, one) = (V::splat(on, 0.0), V::splat(on, 1.0));
        let current = V::load(on, &self.now.current_a);
        let speed = V::load(on, &self.now.speed_rad_s);
        let moves = magnitude(on, duty) + magnitude(on, current) + magnitude(on, speed);
        let rests = moves.if_greater(zero, zero, one) + moves * 0.0;
        (works + rests).store(&mut self.now.fits);
        works.store(&mut self.now.works);
    }

    /// Moves all lanes to where they came, as [`DcMotor::accept_travel`] does.
    #[inline(always)]
    pub fn accept<V: Lanes<L>>(
        &mut self,
        on: V::On,
        course: &CourseLanes<V>,
        travel: &TravelLanes<V>,
    ) {
        self.look(on, course.duty, course.works);
        let of = |numbers: &[f64; L]| V::load(on, numbers);
        let turned = travel.sum[SPEED] * SUBSTEP_S;
        let body = course.body_load_nm * turned;
        let winding_j = of(&self.resistance_ohm) * travel.squares[CURRENT] * SUBSTEP_S
            + of(&self.half_inductance_h) * travel.step_squares[CURRENT];
        let case_j = of(&self.viscous_nm_s) * travel.squares[SPEED] * SUBSTEP_S
            + course.running_nm * turned
            - body
            + of(&self.half_inertia_kg_m2) * travel.step_squares[SPEED];
        let angle = of(&self.now.angle_rad) + turned * course.direction;
        let speed = travel.to[SPEED] * course.direction;
        let turns = angle * of(&self.ripple_turns_per_rad);
        let ripple = of(&self.load_ripple) * sine_of_turns_in_lanes(on, turns);
        let now = &mut self.now;
        (course.duty * travel.volt_amperes * SUBSTEP_S).store(&mut now.supply_j);
        (course.duty * travel.sum[CURRENT]).store(&mut now.supply_a);
        body.store(&mut now.body_work_j);
        (travel.to[CURRENT] * course.direction).store(&mut now.current_a);
        speed.store(&mut now.speed_rad_s);
        (speed * of(&self.per_gear)).store(&mut now.output_speed_rad_s);
        angle.store(&mut now.angle_rad);
        (angle * of(&self.per_gear)).store(&mut now.output_angle_rad);
        (angle * of(&self.counts_per_rad)).store(&mut now.encoder_counts);
        (of(&self.load_nm) * (ripple + 1.0)).store(&mut now.rippled_nm);
        travel.least[CURRENT].store(&mut now.least[CURRENT]);
        travel.least[SPEED].store(&mut now.least[SPEED]);
        winding_j.store(&mut now.winding_j);
        case_j.store(&mut now.case_j);
    }

    /// Nothing has moved in any lane.
    #[inline(always)]
    pub fn stand<V: Lanes<L>>(&mut self, on: V::On) {
        let none = V::splat(on, 0.0);
        self.look(on, none, none);
        none.store(&mut self.now.supply_j);
        none.store(&mut self.now.supply_a);
        none.store(&mut self.now.body_work_j);
    }

    /// Whether a lane's motor stayed on its course all the way.
    #[inline(always)]
    pub fn stayed(&self, lane: usize) -> bool {
        let now = &self.now;
        now.fits[lane] > 0.0
            && (now.works[lane] == 0.0
                || (now.least[CURRENT][lane] > 0.0 && now.least[SPEED][lane] > 0.0))
    }

    /// Puts a lane's motor where it came to.
    #[inline(always)]
    pub fn end(&self, lane: usize, motor: &mut DcMotor, ambient_c: f64, foam_c: f64) -> LaneEnergy {
        let now = &self.now;
        if now.works[lane] > 0.0 {
            let state = &mut motor.state;
            state.current_a = now.current_a[lane];
            state.speed_rad_s = now.speed_rad_s[lane];
            state.output_speed_rad_s = now.output_speed_rad_s[lane];
            state.output_angle_rad = now.output_angle_rad[lane];
            state.encoder_counts = now.encoder_counts[lane];
            motor.rotor_angle_rad = now.angle_rad[lane];
            motor.rippled_at_rad = now.angle_rad[lane];
            motor.rippled_nm = now.rippled_nm[lane];
            motor.winding_j += now.winding_j[lane];
            motor.case_j += now.case_j[lane];
        }
        let flow = motor.warm(ambient_c, foam_c);
        LaneEnergy {
            supply_a: now.supply_a[lane],
            supply_j: now.supply_j[lane],
            body_work_j: now.body_work_j[lane],
            to_ambient_j: flow.to_ambient_j,
            to_foam_j: flow.to_foam_j,
        }
    }
}

#[inline(always)]
fn magnitude<V: Lanes<L>, const L: usize>(on: V::On, lanes: V) -> V {
    lanes.or_greater(V::splat(on, 0.0) - lanes)
}
