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

use crate::build::{Motor, TICK_S};
use crate::motor_heat::ThermalNodes;

/// Electrical substeps in a tick.
pub const SUBSTEPS: usize = 4;
/// One electrical substep, s.
pub const SUBSTEP_S: f64 = TICK_S / SUBSTEPS as f64;
/// Breakaway torque over running dry torque. Estimate for sintered bearings
/// and a worm gear; acts in the one substep that starts from rest.
pub const BREAKAWAY_RATIO: f64 = 1.3;
/// Temperature at which `Motor::resistance_ohm` is given, degC.
const RESISTANCE_REFERENCE_C: f64 = 25.0;

/// What can be seen of a motor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MotorState {
    /// Winding current, A; positive drives forwards.
    pub current_a: f64,
    /// Rotor speed, rad/s.
    pub speed_rad_s: f64,
    /// Output shaft speed, rad/s.
    pub output_speed_rad_s: f64,
    /// Output shaft angle, not wrapped, rad.
    pub output_angle_rad: f64,
    /// Encoder position, not wrapped and not rounded, counts.
    pub encoder_counts: f64,
    /// Winding temperature, degC.
    pub winding_c: f64,
    /// Case temperature, degC.
    pub case_c: f64,
}

impl MotorState {
    /// Output shaft speed, turns a minute.
    #[must_use]
    pub fn output_rpm(&self) -> f64 {
        self.output_speed_rad_s * (60.0 / core::f64::consts::TAU)
    }
}

/// What the surroundings do to a motor during one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold {
    /// Bridge duty, -1 to 1.
    pub duty: f64,
    /// The rotor cannot turn.
    pub locked: bool,
    /// Scale on friction and load; above 1 the surplus is friction of the gear.
    pub load_scale: f64,
    /// Share of the body's part of the load that acts, 0 to 1 (nothing to
    /// knead, or a sheared pin: 0).
    pub body_share: f64,
}

/// What a motor would do in one substep at a given bus voltage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Response {
    /// Winding current in the bridge's direction at the substep's end, A.
    pub current_a: f64,
    /// Rotor speed in the bridge's direction at the substep's end, rad/s.
    pub speed_rad_s: f64,
    /// Mean terminal voltage in the bridge's direction, V.
    pub terminal_v: f64,
    /// Current drawn from the bus, A; never negative.
    pub supply_a: f64,
    /// Derivative of `supply_a` by the bus voltage, S; never negative.
    pub supply_s: f64,
    /// Which straight piece of the response this is.
    pub piece: Piece,
}

/// The straight pieces of a motor's response to the bus voltage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Piece {
    /// All switches open: the bus does not matter.
    #[default]
    Open,
    /// Back-EMF above the bridge's voltage: no current.
    Blocked,
    /// Current flows and the rotor stands.
    Standing,
    /// Current flows and the rotor turns.
    Turning,
}

/// Energy that one tick moved, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MotorEnergy {
    /// From the bus.
    pub supply_j: f64,
    /// Work on the body through the nodes.
    pub body_work_j: f64,
    /// From the case to ambient.
    pub to_ambient_j: f64,
    /// From the case into the pad's foam.
    pub to_foam_j: f64,
}

/// One motor: constants, state and the running tick.
#[derive(Clone, Debug)]
pub struct DcMotor {
    build: Motor,
    nodes: ThermalNodes,
    state: MotorState,
    rotor_angle_rad: f64,
    /// Load at the rotor, Nm.
    load_nm: f64,
    /// Turns of the load's ripple per rad of the rotor.
    ripple_turns_per_rad: f64,
    step: Step,
    /// Load ripple at the angle where the substep starts, as a share of the mean.
    ripple: f64,
    /// Torque that opposes motion whatever the speed, at the substep's start, Nm.
    dry_nm: f64,
    winding_j: f64,
    case_j: f64,
    supply_j: f64,
    body_work_j: f64,
}

/// Coefficients that stay the same for all substeps of a tick.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    direction: f64,
    duty: f64,
    locked: bool,
    resistance_ohm: f64,
    viscous_nm_s: f64,
    dry_nm: f64,
    gear_load_nm: f64,
    body_load_nm: f64,
    /// 1 / (R + L/h).
    admittance_s: f64,
    /// 1 / (J/h + B), rotor with open winding.
    coast: f64,
    /// 1 / (J/h + B + K^2/(R + L/h)), rotor with closed winding.
    driven: f64,
    /// Slope of current by terminal voltage while turning, S.
    turning_s: f64,
    /// Slope of speed by terminal voltage while turning, rad/Vs.
    turning_per_v: f64,
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
            ripple_turns_per_rad: 2.0 / (core::f64::consts::TAU * build.gear),
            step: Step::default(),
            ripple: 0.0,
            dry_nm: 0.0,
            winding_j: 0.0,
            case_j: 0.0,
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
    pub fn begin_tick(&mut self, hold: &Hold) {
        let motor = &self.build;
        let duty = if hold.duty.is_nan() {
            0.0
        } else {
            hold.duty.clamp(-1.0, 1.0)
        };
        let scale = at_least_zero(hold.load_scale);
        let rise_k = self.state.winding_c - RESISTANCE_REFERENCE_C;
        // A winding far below zero must not get a negative resistance.
        let resistance_ohm = motor.resistance_ohm * (1.0 + motor.tempco_per_k * rise_k).max(0.1);
        let viscous_nm_s = motor.viscous_nm_s * scale;
        let admittance_s = 1.0 / (resistance_ohm + motor.inductance_h / SUBSTEP_S);
        let free = motor.inertia_kg_m2 / SUBSTEP_S + viscous_nm_s;
        let coupling = motor.constant_nm_per_a * motor.constant_nm_per_a * admittance_s;
        let driven = 1.0 / (free + coupling);
        let share = share(hold.body_share);
        // Wear adds friction, not work on the body.
        let body_part_nm = self.load_nm * (1.0 - motor.gear_loss) * share;
        let body_load_nm = body_part_nm * scale.min(1.0);
        let gear_load_nm = (self.load_nm * motor.gear_loss + body_part_nm) * scale - body_load_nm;
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
            resistance_ohm,
            viscous_nm_s,
            dry_nm: motor.dry_friction_nm * scale,
            gear_load_nm,
            body_load_nm,
            admittance_s,
            coast: 1.0 / free,
            driven,
            turning_s: admittance_s * (1.0 - coupling * driven),
            turning_per_v: motor.constant_nm_per_a * admittance_s * driven,
        };
        self.settle_load();
    }

    /// What the motor would do in the next substep at `bus_v` volts; moves
    /// nothing. Current is continuous and never falls with the voltage.
    #[must_use]
    #[inline]
    pub fn respond(&self, bus_v: f64) -> Response {
        let step = &self.step;
        let terminal_v = step.duty * bus_v;
        let start_nm = self.build.inertia_kg_m2 / SUBSTEP_S * self.state.speed_rad_s;
        if step.direction != 0.0 {
            let constant = self.build.constant_nm_per_a;
            let drive_v = self.build.inductance_h / SUBSTEP_S
                * (self.state.current_a * step.direction)
                + terminal_v;
            let torque_nm = start_nm * step.direction + constant * drive_v * step.admittance_s;
            let speed_rad_s = self.settle(torque_nm, step.driven);
            let current_a = (drive_v - constant * speed_rad_s) * step.admittance_s;
            if current_a > 0.0 {
                let (piece, slope_s) = if speed_rad_s == 0.0 {
                    (Piece::Standing, step.admittance_s)
                } else {
                    (Piece::Turning, step.turning_s)
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
                speed_rad_s: self.settle(start_nm * step.direction, step.coast),
                piece: Piece::Blocked,
                ..Response::default()
            };
        }
        Response {
            speed_rad_s: self.settle(start_nm, step.coast),
            ..Response::default()
        }
    }

    /// `response` moved along its piece to a bus voltage `more_v` higher; `None`
    /// where the piece may end before.
    #[inline]
    #[must_use]
    pub fn moved(&self, response: &Response, more_v: f64) -> Option<Response> {
        match response.piece {
            Piece::Open => Some(*response),
            Piece::Blocked | Piece::Standing => None,
            Piece::Turning => {
                let step = &self.step;
                let more_v = step.duty * more_v;
                let current_a = response.current_a + step.turning_s * more_v;
                let speed_rad_s = response.speed_rad_s + step.turning_per_v * more_v;
                (current_a > 0.0 && speed_rad_s * response.speed_rad_s > 0.0).then_some(Response {
                    current_a,
                    speed_rad_s,
                    terminal_v: response.terminal_v + more_v,
                    supply_a: step.duty * current_a,
                    ..*response
                })
            }
        }
    }

    /// Moves the motor by one substep as `response` says and books its energy.
    #[inline]
    pub fn accept(&mut self, response: &Response) {
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
        let body_j = (1.0 + self.ripple) * step.body_load_nm * turned_rad;
        self.supply_j += response.terminal_v * response.current_a * SUBSTEP_S;
        self.winding_j += step.resistance_ohm * current_a * current_a * SUBSTEP_S
            + 0.5 * self.build.inductance_h * current_step_a * current_step_a;
        self.case_j += step.viscous_nm_s * speed_rad_s * speed_rad_s * SUBSTEP_S
            + self.dry_nm * turned_rad
            - body_j
            + 0.5 * self.build.inertia_kg_m2 * speed_step * speed_step;
        self.body_work_j += body_j;
        self.state.current_a = current_a;
        self.state.speed_rad_s = speed_rad_s;
        self.rotor_angle_rad += speed_rad_s * SUBSTEP_S;
        self.settle_load();
    }

    /// Ends the tick: the heat of its substeps goes into the two nodes.
    pub fn end_tick(&mut self, ambient_c: f64, foam_c: f64) -> MotorEnergy {
        let flow = self
            .nodes
            .step(self.winding_j, self.case_j, ambient_c, foam_c);
        self.state.winding_c = self.nodes.winding_c;
        self.state.case_c = self.nodes.case_c;
        let energy = MotorEnergy {
            supply_j: self.supply_j,
            body_work_j: self.body_work_j,
            to_ambient_j: flow.to_ambient_j,
            to_foam_j: flow.to_foam_j,
        };
        (self.winding_j, self.case_j, self.supply_j, self.body_work_j) = (0.0, 0.0, 0.0, 0.0);
        self.state.output_speed_rad_s = self.state.speed_rad_s / self.build.gear;
        self.state.output_angle_rad = self.rotor_angle_rad / self.build.gear;
        self.state.encoder_counts = self.rotor_angle_rad
            * (1.0 / core::f64::consts::TAU)
            * self.build.encoder_counts_per_turn;
        energy
    }

    /// Energy in the magnetic field, the rotor and the thermal nodes (from
    /// 0 degC), J.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        let state = &self.state;
        0.5 * self.build.inductance_h * state.current_a * state.current_a
            + 0.5 * self.build.inertia_kg_m2 * state.speed_rad_s * state.speed_rad_s
            + self.nodes.stored_j()
    }

    /// Speed at which `torque_nm` is in balance with dry friction: sticks
    /// within it, slips beyond it.
    fn settle(&self, torque_nm: f64, mobility: f64) -> f64 {
        if self.step.locked {
            return 0.0;
        }
        let beyond_nm = torque_nm.abs() - self.dry_nm;
        if beyond_nm <= 0.0 {
            0.0
        } else if torque_nm < 0.0 {
            -beyond_nm * mobility
        } else {
            beyond_nm * mobility
        }
    }

    /// Finds the load of the next substep from angle and speed as they are.
    fn settle_load(&mut self) {
        let step = &self.step;
        let stands = self.state.speed_rad_s == 0.0;
        if !stands {
            self.ripple = self.build.load_ripple
                * sine_of_turns(self.rotor_angle_rad * self.ripple_turns_per_rad);
        }
        let running_nm =
            step.dry_nm + (1.0 + self.ripple) * (step.gear_load_nm + step.body_load_nm);
        self.dry_nm = if stands {
            running_nm * BREAKAWAY_RATIO
        } else {
            running_nm
        };
    }
}

/// Adding and taking away this number rounds to the nearest integer (any of
/// less than 2^51): 1.5 times 2^52, where the spacing of f64 is 1.
const NEAREST: f64 = 6_755_399_441_055_744.0;

/// Sine of an angle in turns, by folding into a quarter and the Taylor
/// polynomial of degree 9: within 4e-6, far inside what is known of a load.
fn sine_of_turns(turns: f64) -> f64 {
    let wrapped = turns - ((turns + NEAREST) - NEAREST);
    let folded = if wrapped > 0.25 {
        0.5 - wrapped
    } else if wrapped < -0.25 {
        -0.5 - wrapped
    } else {
        wrapped
    };
    let x = folded * core::f64::consts::TAU;
    let y = x * x;
    x * (1.0 + y * (-1.0 / 6.0 + y * (1.0 / 120.0 + y * (-1.0 / 5040.0 + y * (1.0 / 362_880.0)))))
}

/// The value, or 0 where it is negative or not a number.
fn at_least_zero(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// The value limited to 0 to 1; 0 where it is not a number.
fn share(value: f64) -> f64 {
    at_least_zero(value).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_of_turns_is_a_sine() {
        for step in -4000..4000 {
            let turns = f64::from(step) * 1.37e-3;
            let expected = libm::sin(turns * core::f64::consts::TAU);
            assert!((sine_of_turns(turns) - expected).abs() < 4e-6, "{turns}");
        }
    }
}
