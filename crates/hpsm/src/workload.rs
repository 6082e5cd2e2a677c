//! What is fixed of the workload: schedule, numbers, variations, what comes out.
//!
//! Every number is a definition of the benchmark, not a property of a product.

/// Ticks of a session: 30 min.
pub const TICKS: u32 = 180_000;
/// One tick, s.
pub const TICK_S: f64 = 0.01;
/// Ticks from one step of the heater's controller to the next.
pub const HEATER_EVERY_TICKS: u32 = 10;

/// Contact area, m2.
pub const AREA_M2: f64 = 0.02;
/// Heater power at full duty, W.
pub const HEATER_W: f64 = 30.0;
/// Ambient, degC; also where everything but the tissue starts.
pub const AMBIENT_C: f64 = 25.0;
/// Core and blood, degC. Temperatures of cells and nodes are kept relative to it.
pub const CORE_C: f64 = 37.0;
/// 0 degC in K.
pub const ZERO_C_K: f64 = 273.15;

/// From the film to the air before and from the tick at which a blanket is put on, W/m2K.
pub const AIR_W_PER_M2_K: [f64; 2] = [10.0, 3.0];
/// That tick.
pub const BLANKET_TICK: u32 = 90_000;
/// Ticks during which the heater's switch is stuck on.
pub const STUCK_TICKS: core::ops::Range<u32> = 120_000..126_000;

/// Between motor case and film, K/W.
pub const CASE_TO_FILM_K_PER_W: f64 = 20.0;
/// Lag of the thermistor behind the film, s.
pub const SENSOR_LAG_S: f64 = 3.0;

/// How far each parameter may be from nominal, as a share.
const TOLERANCES: [f64; 8] = [0.05, 0.01, 0.01, 0.15, 0.30, 0.20, 0.30, 0.20];

/// Factors on the parameters of one session; nominal is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variation {
    /// Heater power.
    pub heater_power: f64,
    /// Thermistor resistance at 25 degC.
    pub sensor_r25: f64,
    /// Thermistor beta.
    pub sensor_beta: f64,
    /// Conductivity of the cover.
    pub fabric_conductivity: f64,
    /// Contact conductance between cover and skin.
    pub contact: f64,
    /// Heat transfer to the air.
    pub air: f64,
    /// Basal perfusion of the dermis.
    pub perfusion: f64,
    /// The motor's load.
    pub load: f64,
}

impl Variation {
    /// Every factor 1.
    pub const NOMINAL: Variation = Variation {
        heater_power: 1.0,
        sensor_r25: 1.0,
        sensor_beta: 1.0,
        fabric_conductivity: 1.0,
        contact: 1.0,
        air: 1.0,
        perfusion: 1.0,
        load: 1.0,
    };

    /// The factors of a numbered run of the Monte Carlo series.
    #[must_use]
    pub fn of_run(run: u64) -> Variation {
        let factor = |parameter: usize| {
            let bits = splitmix64(run.wrapping_mul(8).wrapping_add(parameter as u64)) >> 11;
            let uniform = bits as f64 * (1.0 / 9_007_199_254_740_992.0);
            1.0 + TOLERANCES[parameter] * (2.0 * uniform - 1.0)
        };
        Variation {
            heater_power: factor(0),
            sensor_r25: factor(1),
            sensor_beta: factor(2),
            fabric_conductivity: factor(3),
            contact: factor(4),
            air: factor(5),
            perfusion: factor(6),
            load: factor(7),
        }
    }
}

/// What a session gave. Peaks are of the values at the starts of ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outputs {
    /// Hottest film, degC.
    pub peak_film_c: f64,
    /// Hottest basal layer, degC.
    pub peak_basal_c: f64,
    /// Film at the end, degC.
    pub end_film_c: f64,
    /// Basal layer at the end, degC.
    pub end_basal_c: f64,
    /// CEM43, min.
    pub cem43_min: f64,
    /// Henriques' burn integral.
    pub omega: f64,
    /// Energy into the heater, J.
    pub heater_j: f64,
    /// Hottest winding, degC.
    pub peak_winding_c: f64,
    /// Copper loss of the motor, J.
    pub copper_j: f64,
    /// Mean of the rotor's speed without its sign, rad/s.
    pub mean_speed_rad_s: f64,
    /// Lockouts of the heater.
    pub lockouts: u32,
}

/// The generator of Steele, Lea and Flood 2014, one step from `x`.
fn splitmix64(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
