//! What goes into a motor's tick and what comes out of it.

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
