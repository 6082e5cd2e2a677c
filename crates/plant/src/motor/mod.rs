//! Brushed DC motor with gear, passive load, bridge and two thermal nodes.
//!
//! For: currents, speeds and heat of one motor, implicit in time, with an
//! energy balance that is exact in the discrete equations. Not for: the bus it
//! hangs on ([`crate::bus`]), or where its heat goes in the pad (the field).
//!
//! One substep of length h solves, by backward Euler,
//!
//! ```text
//! L (i1 - i0)/h = v - R i1 - K w1                i1 >= 0 in the bridge's direction
//! J (w1 - w0)/h = K i1 - B w1 - T sgn(w1)        sgn set-valued: the rotor sticks
//! ```
//!
//! Multiplied by `h i1` and `h w1` these give the balance
//!
//! ```text
//! v i1 h = R i1^2 h + L(di)^2/2 + B w1^2 h + T|w1| h + J(dw)^2/2 + change of (L i^2 + J w^2)/2
//! ```
//!
//! so that the dissipation which the implicit step adds is known: `L(di)^2/2`
//! is booked as heat of the winding and `J(dw)^2/2` as heat of friction.
//!
//! The bridge is ideal and freewheels through diodes: the mean voltage is
//! `duty * bus`, current flows only in the direction of the duty, and at duty 0
//! all switches are open and the rotor coasts. So nothing is ever fed back into
//! the bus; current left over when the duty goes to 0 or changes sign dies out
//! within one substep and its energy (below 0.05 J) goes into the winding.

mod coefficients;
mod course;
mod heat;
pub(crate) mod lanes;
mod ripple;
mod state;

use coefficients::Coefficients;
pub use coefficients::WINDING_STEP_K;
pub use course::{BusTravel, CURRENT, Course, SPEED, Travel, travel};
pub use heat::{CaseFlow, HEAT_TICKS, ThermalNodes};
pub use ripple::sine_of_turns;
pub use state::{Hold, MotorEnergy, MotorState, Piece, Response};

use crate::build::{Motor, TICK_S};

/// Electrical substeps in a tick.
pub const SUBSTEPS: usize = 2;
/// One electrical substep, s.
pub const SUBSTEP_S: f64 = TICK_S / SUBSTEPS as f64;
/// Breakaway torque over running dry torque. Estimate for sintered bearings
/// and a worm gear; acts in the one substep that starts from rest.
pub const BREAKAWAY_RATIO: f64 = 1.3;
/// One motor: constants, state and the running tick.
#[derive(Clone, Debug)]
pub struct DcMotor {
    build: Motor,
    nodes: ThermalNodes,
    state: MotorState,
    rotor_angle_rad: f64,
    /// Load at the rotor, Nm: its mean, and with the ripple at the rotor's angle.
    load_nm: f64,
    rippled_nm: f64,
    /// The angle that the ripple is for, rad.
    rippled_at_rad: f64,
    /// Turns of the load's ripple per rad of the rotor.
    ripple_turns_per_rad: f64,
    per_gear: f64,
    /// Encoder counts per rad of the rotor.
    counts_per_rad: f64,
    coefficients: Coefficients,
    step: Step,
    /// Heat that waits for the nodes' next step, and ticks since their last.
    winding_j: f64,
    case_j: f64,
    heat_ticks: u32,
    supply_j: f64,
    body_work_j: f64,
}

/// What stays the same for all substeps of a tick.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// Of the bridge: -1, 0 (open) or 1.
    direction: f64,
    duty: f64,
    locked: bool,
    /// Torque against motion from rest and while turning, Nm.
    breakaway_nm: f64,
    running_nm: f64,
    /// The part of it that works on the body, Nm.
    body_load_nm: f64,
}

impl DcMotor {
    /// A motor at rest, all of it at `start_c` degC.
    #[must_use]
    pub fn new(build: &Motor, start_c: f64) -> Self {
        let state = MotorState {
            current_a: 0.0,
            speed_rad_s: 0.0,
            output_speed_rad_s: 0.0,
            output_angle_rad: 0.0,
            encoder_counts: 0.0,
            winding_c: start_c,
            case_c: start_c,
        };
        Self {
            build: *build,
            nodes: ThermalNodes::new(build, start_c),
            state,
            rotor_angle_rad: 0.0,
            load_nm: build.load_nm / build.gear,
            // The sine of 0 is 0.
            rippled_nm: build.load_nm / build.gear,
            rippled_at_rad: 0.0,
            ripple_turns_per_rad: 2.0 / (core::f64::consts::TAU * build.gear),
            per_gear: 1.0 / build.gear,
            counts_per_rad: build.encoder_counts_per_turn / core::f64::consts::TAU,
            coefficients: Coefficients::of(build, start_c, 1.0),
            step: Step::default(),
            winding_j: 0.0,
            case_j: 0.0,
            heat_ticks: 0,
            supply_j: 0.0,
            body_work_j: 0.0,
        }
    }

    /// The state after the last substep or tick.
    #[must_use]
    pub fn state(&self) -> &MotorState {
        &self.state
    }

    /// Fixes what acts on the motor until [`DcMotor::end_tick`]. Duty is
    /// clamped; a duty that is not a number is an open bridge.
    #[inline(always)]
    pub fn begin_tick(&mut self, hold: &Hold) {
        let duty = if hold.duty.is_nan() {
            0.0
        } else {
            hold.duty.clamp(-1.0, 1.0)
        };
        if duty == 0.0 && self.is_at_rest() {
            // Nothing acts: whatever the torques are, the rotor stays.
            self.step = Step::default();
            return;
        }
        let scale = at_least_zero(hold.load_scale);
        if !self.coefficients.fit(self.state.winding_c, scale) {
            self.renew(scale);
        }
        let motor = &self.build;
        let share = share(hold.body_share);
        // Ripple at the tick's start: a tick is some 4 degrees of the nodes' turn.
        let load_nm = self.rippled_nm;
        let body_part_nm = load_nm * (1.0 - motor.gear_loss) * share;
        // Wear adds friction, not work on the body.
        let body_load_nm = body_part_nm * scale.min(1.0);
        let running_nm = (motor.dry_friction_nm + load_nm * motor.gear_loss + body_part_nm) * scale;
        self.step = Step {
            direction: if duty > 0.0 {
                1.0
            } else if duty < 0.0 {
                -1.0
            } else {
                0.0
            },
            duty: duty.abs(),
            locked: hold.locked,
            breakaway_nm: running_nm * BREAKAWAY_RATIO,
            running_nm,
            body_load_nm,
        };
    }

    /// Makes the coefficients anew, for the winding as it is.
    fn renew(&mut self, scale: f64) {
        self.coefficients = Coefficients::of(&self.build, self.state.winding_c, scale);
    }

    /// Open bridge, no current, no motion: nothing happens in this tick.
    #[must_use]
    #[inline]
    pub fn rests(&self) -> bool {
        self.step.direction == 0.0 && self.is_at_rest()
    }

    /// The straight course that the motor follows while it goes on as it is:
    /// driven and turning the bridge's way. None where it does something else,
    /// and [`DcMotor::respond`] must say what.
    #[must_use]
    #[inline(always)]
    pub fn course(&self) -> Option<Course> {
        let step = &self.step;
        let current_a = self.state.current_a * step.direction;
        let speed_rad_s = self.state.speed_rad_s * step.direction;
        let goes_on = !step.locked && current_a > 0.0 && speed_rad_s > 0.0;
        goes_on.then(|| {
            self.coefficients
                .course(current_a, speed_rad_s, step.duty, step.running_nm)
        })
    }

    /// Moves the motor by one tick along its course and books its energy.
    #[inline(always)]
    pub fn accept_travel(&mut self, travel: &Travel) {
        let step = &self.step;
        let turned_rad = travel.sum[SPEED] * SUBSTEP_S;
        let body_j = step.body_load_nm * turned_rad;
        self.supply_j += step.duty * travel.volt_amperes * SUBSTEP_S;
        self.winding_j += self.coefficients.resistance_ohm * travel.squares[CURRENT] * SUBSTEP_S
            + 0.5 * self.build.inductance_h * travel.step_squares[CURRENT];
        self.case_j += self.coefficients.viscous_nm_s * travel.squares[SPEED] * SUBSTEP_S
            + step.running_nm * turned_rad
            - body_j
            + 0.5 * self.build.inertia_kg_m2 * travel.step_squares[SPEED];
        self.body_work_j += body_j;
        self.state.current_a = travel.to[CURRENT] * step.direction;
        self.state.speed_rad_s = travel.to[SPEED] * step.direction;
        self.rotor_angle_rad += turned_rad * step.direction;
    }

    /// What the motor would do in the next substep at `bus_v` volts; moves
    /// nothing. Current is continuous and never falls with the voltage.
    #[must_use]
    #[inline]
    pub fn respond(&self, bus_v: f64) -> Response {
        let step = &self.step;
        let with = &self.coefficients;
        let terminal_v = step.duty * bus_v;
        let start_nm = with.inertia_per_h_nm_s * self.state.speed_rad_s;
        if step.direction != 0.0 {
            let constant = self.build.constant_nm_per_a;
            let drive_v =
                with.inductance_per_h_ohm * (self.state.current_a * step.direction) + terminal_v;
            let torque_nm = start_nm * step.direction + constant * drive_v * with.admittance_s;
            let speed_rad_s = self.settle(torque_nm, with.driven);
            let current_a = (drive_v - constant * speed_rad_s) * with.admittance_s;
            if current_a > 0.0 {
                let (piece, slope_s) = if speed_rad_s == 0.0 {
                    (Piece::Standing, with.admittance_s)
                } else {
                    (Piece::Turning, with.turning_s)
                };
                return Response {
                    current_a,
                    speed_rad_s,
                    terminal_v,
                    supply_a: step.duty * current_a,
                    supply_s: step.duty * step.duty * slope_s,
                    piece,
                };
            }
            return Response {
                speed_rad_s: self.settle(start_nm * step.direction, with.coast),
                piece: Piece::Blocked,
                ..Response::default()
            };
        }
        Response {
            speed_rad_s: self.settle(start_nm, with.coast),
            ..Response::default()
        }
    }

    /// Moves `response` along its piece to a bus voltage `more_v` higher.
    /// Returns whether the piece reaches that far; if not, it is left as it was.
    #[inline]
    pub fn follow(&self, response: &mut Response, more_v: f64) -> bool {
        match response.piece {
            Piece::Open => true,
            Piece::Blocked | Piece::Standing => false,
            Piece::Turning => {
                let step = &self.step;
                let more_v = step.duty * more_v;
                let with = &self.coefficients;
                let current_a = response.current_a + with.turning_s * more_v;
                let speed_rad_s = response.speed_rad_s + with.turning_per_v * more_v;
                let reaches = current_a > 0.0 && speed_rad_s * response.speed_rad_s > 0.0;
                if reaches {
                    response.current_a = current_a;
                    response.speed_rad_s = speed_rad_s;
                    response.terminal_v += more_v;
                    response.supply_a = step.duty * current_a;
                }
                reaches
            }
        }
    }

    /// Moves the motor by one substep as `response` says and books its energy.
    #[inline]
    pub fn accept(&mut self, response: &Response) {
        if self.is_at_rest() && response.piece == Piece::Open {
            return;
        }
        let step = &self.step;
        let direction = if step.direction == 0.0 {
            1.0
        } else {
            step.direction
        };
        let current_a = response.current_a * direction;
        let speed_rad_s = response.speed_rad_s * direction;
        let current_step_a = current_a - self.state.current_a;
        let speed_step = speed_rad_s - self.state.speed_rad_s;
        let turned_rad = speed_rad_s.abs() * SUBSTEP_S;
        let body_j = step.body_load_nm * turned_rad;
        self.supply_j += response.terminal_v * response.current_a * SUBSTEP_S;
        self.winding_j += self.coefficients.resistance_ohm * current_a * current_a * SUBSTEP_S
            + 0.5 * self.build.inductance_h * current_step_a * current_step_a;
        self.case_j += self.coefficients.viscous_nm_s * speed_rad_s * speed_rad_s * SUBSTEP_S
            + self.dry_nm() * turned_rad
            - body_j
            + 0.5 * self.build.inertia_kg_m2 * speed_step * speed_step;
        self.body_work_j += body_j;
        self.state.current_a = current_a;
        self.state.speed_rad_s = speed_rad_s;
        self.rotor_angle_rad += speed_rad_s * SUBSTEP_S;
    }

    /// Ends the tick; every [`HEAT_TICKS`] the heat of the substeps goes into the two nodes.
    #[inline(always)]
    pub fn end_tick(&mut self, ambient_c: f64, foam_c: f64) -> MotorEnergy {
        let flow = self.warm(ambient_c, foam_c);
        let energy = MotorEnergy {
            supply_j: self.supply_j,
            body_work_j: self.body_work_j,
            to_ambient_j: flow.to_ambient_j,
            to_foam_j: flow.to_foam_j,
        };
        (self.supply_j, self.body_work_j) = (0.0, 0.0);
        self.state.output_speed_rad_s = self.state.speed_rad_s * self.per_gear;
        self.state.output_angle_rad = self.rotor_angle_rad * self.per_gear;
        self.state.encoder_counts = self.rotor_angle_rad * self.counts_per_rad;
        if self.rotor_angle_rad != self.rippled_at_rad {
            self.ripple();
        }
        energy
    }

    /// Ends a tick as far as the nodes are concerned: what left the case in it.
    #[inline(always)]
    fn warm(&mut self, ambient_c: f64, foam_c: f64) -> CaseFlow {
        self.heat_ticks += 1;
        if self.heat_ticks < HEAT_TICKS {
            return CaseFlow::default();
        }
        self.heat_ticks = 0;
        let (winding_j, case_j) = (self.winding_j, self.case_j);
        (self.winding_j, self.case_j) = (0.0, 0.0);
        let flow = self.nodes.step(winding_j, case_j, ambient_c, foam_c);
        self.state.winding_c = self.nodes.winding_c;
        self.state.case_c = self.nodes.case_c;
        flow
    }

    /// The load of the next tick. Known now already, and worked out now: its long
    /// chain of products runs beside what others do between two ticks, where the
    /// next tick's substeps would have to wait for it.
    #[inline(always)]
    fn ripple(&mut self) {
        let turns = self.rotor_angle_rad * self.ripple_turns_per_rad;
        let ripple = self.build.load_ripple * sine_of_turns(turns);
        self.rippled_nm = self.load_nm * (1.0 + ripple);
        self.rippled_at_rad = self.rotor_angle_rad;
    }

    /// Energy in the magnetic field, the rotor and the thermal nodes (from
    /// 0 degC), what waits for them included, J.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        let state = &self.state;
        0.5 * self.build.inductance_h * state.current_a * state.current_a
            + 0.5 * self.build.inertia_kg_m2 * state.speed_rad_s * state.speed_rad_s
            + self.nodes.stored_j()
            + self.winding_j
            + self.case_j
    }

    /// No current and no motion.
    fn is_at_rest(&self) -> bool {
        self.state.speed_rad_s == 0.0 && self.state.current_a == 0.0
    }

    /// Speed at which `torque_nm` is in balance with dry friction: sticks
    /// within it, slips beyond it.
    fn settle(&self, torque_nm: f64, mobility: f64) -> f64 {
        if self.step.locked {
            return 0.0;
        }
        let beyond_nm = torque_nm.abs() - self.dry_nm();
        if beyond_nm <= 0.0 {
            0.0
        } else if torque_nm < 0.0 {
            -beyond_nm * mobility
        } else {
            beyond_nm * mobility
        }
    }

    /// Torque that opposes motion whatever the speed, at the substep's start, Nm.
    fn dry_nm(&self) -> f64 {
        if self.state.speed_rad_s == 0.0 {
            self.step.breakaway_nm
        } else {
            self.step.running_nm
        }
    }
}

/// The value, or 0 where it is negative or not a number.
fn at_least_zero(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// The value limited to 0 to 1; 0 where it is not a number.
fn share(value: f64) -> f64 {
    at_least_zero(value).min(1.0)
}
