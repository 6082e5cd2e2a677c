//! How one massager and the body on it are made: what does not change in a run.
//!
//! Plain SI data with the reference product as default. Everything that may
//! change while time goes by is in [`crate::Conditions`].

use crate::body::{Profile, Site};

/// Heater zones; index 0 upper, 1 lower.
pub const ZONES: usize = 2;
/// Motors; index 0 kneading, 1 vibration.
pub const MOTORS: usize = 2;

/// Resolution of the thermal model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grid {
    /// Columns over the whole pad, with lateral conduction.
    Field {
        /// Columns across the pad.
        columns_x: usize,
        /// Columns along the pad.
        columns_y: usize,
    },
    /// One column per heater zone, for big campaigns.
    Column,
}

/// A rectangle on the pad, metres from its lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge, m.
    pub x0_m: f64,
    /// Lower edge, m.
    pub y0_m: f64,
    /// Right edge, m.
    pub x1_m: f64,
    /// Upper edge, m.
    pub y1_m: f64,
}

/// A place on the pad, metres from its lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Across, m.
    pub x_m: f64,
    /// Along, m.
    pub y_m: f64,
}

/// The pad: layers from the back foam to the cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pad {
    /// Across, m.
    pub width_m: f64,
    /// Along, m.
    pub height_m: f64,
    /// Foam behind the film, m2K/W.
    pub foam_m2k_per_w: f64,
    /// Foam heat capacity, J/m2K.
    pub foam_j_per_m2_k: f64,
    /// Film heat capacity, J/m2K.
    pub film_j_per_m2_k: f64,
    /// Film in-plane conductance (k times thickness), W/K.
    pub film_sheet_w_per_k: f64,
    /// Cover between film and body, m2K/W.
    pub cover_m2k_per_w: f64,
    /// Cover heat capacity, J/m2K.
    pub cover_j_per_m2_k: f64,
    /// Cover in-plane conductance, W/K.
    pub cover_sheet_w_per_k: f64,
    /// Contact between clothing (or cover) and skin at a light touch, m2K/W.
    pub contact_light_m2k_per_w: f64,
    /// The same under a pressed node, m2K/W.
    pub contact_node_m2k_per_w: f64,
}

/// One heater zone: an infrared carbon film with its bimetal cut-out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heater {
    /// Where the film is.
    pub area: Rect,
    /// Nominal power at the nominal voltage, W.
    pub power_w: f64,
    /// Nominal voltage, V.
    pub nominal_v: f64,
    /// Resistance relative to nominal, 1 = nominal (tolerance).
    pub resistance_factor: f64,
    /// Temperature coefficient of resistance from 25 degC, 1/K.
    pub tempco_per_k: f64,
    /// Density above the mean at the centre of the film, as a share of the mean
    /// (0 = uniform): printed traces are hotter in the middle than at the bus bars.
    pub unevenness: f64,
    /// Where the thermistor is glued.
    pub ntc: Place,
    /// Where the cut-out sits.
    pub cutout: Place,
}

/// Bimetal cut-out in series with one zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutout {
    /// Opens at or above, degC.
    pub open_c: f64,
    /// Closes again at or below, degC.
    pub close_c: f64,
    /// Lag behind the film, s.
    pub lag_s: f64,
}

/// A brushed DC motor with gear and two thermal nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motor {
    /// Winding resistance at 25 degC, ohm.
    pub resistance_ohm: f64,
    /// Winding temperature coefficient from 25 degC, 1/K.
    pub tempco_per_k: f64,
    /// Winding inductance, H.
    pub inductance_h: f64,
    /// Torque and back-EMF constant (one value, so that energy balances), Nm/A = V s/rad.
    pub constant_nm_per_a: f64,
    /// Rotor inertia, kg m2.
    pub inertia_kg_m2: f64,
    /// Dry friction at the rotor, Nm.
    pub dry_friction_nm: f64,
    /// Viscous friction at the rotor, Nm s/rad.
    pub viscous_nm_s: f64,
    /// Gear reduction, rotor turns per output turn.
    pub gear: f64,
    /// Mean load at the output shaft, Nm.
    pub load_nm: f64,
    /// Load ripple with twice the output angle, as a share of the mean.
    pub load_ripple: f64,
    /// Share of the output load that is friction of the gear (the rest is done on the body).
    pub gear_loss: f64,
    /// Encoder counts per rotor turn; 0 = no encoder.
    pub encoder_counts_per_turn: f64,
    /// Winding to case, K/W.
    pub winding_to_case_k_per_w: f64,
    /// Case to surroundings, K/W.
    pub case_to_ambient_k_per_w: f64,
    /// Winding heat capacity, J/K.
    pub winding_j_per_k: f64,
    /// Case heat capacity, J/K.
    pub case_j_per_k: f64,
    /// Share of the case's heat that goes into the pad's foam at `place`, the rest to ambient.
    pub into_pad: f64,
    /// Where the motor sits behind the pad.
    pub place: Place,
}

/// The kneading mechanism: two nodes on circles under the cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kneading {
    /// Centres of the two circles.
    pub centres: [Place; 2],
    /// Radius of the circles, m.
    pub radius_m: f64,
    /// Radius of the patch that a node presses, m.
    pub node_radius_m: f64,
    /// Force of a node turning forwards (deep), N.
    pub force_n: f64,
    /// Force turning backwards, as a share of `force_n`: the arm folds away.
    pub reverse_share: f64,
}

/// Where the 12 V come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// Mains adapter.
    Adapter {
        /// Open-circuit voltage, V.
        emf_v: f64,
        /// Output resistance, ohm.
        resistance_ohm: f64,
        /// Current at which the voltage folds, A.
        limit_a: f64,
    },
    /// Three lithium cells in series.
    Pack {
        /// Capacity, Ah.
        capacity_ah: f64,
        /// Internal resistance, ohm.
        resistance_ohm: f64,
        /// State of charge at the start, 0 to 1.
        charge: f64,
        /// Pack heat capacity, J/K.
        heat_j_per_k: f64,
        /// Pack to ambient, K/W.
        to_ambient_k_per_w: f64,
    },
}

/// The supply and the logic that hangs on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Adapter or pack.
    pub source: Source,
    /// What the logic draws, A.
    pub logic_a: f64,
}

/// The body on the pad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Which part of the body.
    pub site: Site,
    /// Which user.
    pub profile: Profile,
}

/// Everything that is fixed in a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Resolution.
    pub grid: Grid,
    /// Thermal step in ticks of 10 ms.
    pub thermal_step_ticks: u32,
    /// Pad.
    pub pad: Pad,
    /// Heater zones.
    pub heaters: [Heater; ZONES],
    /// Cut-outs, one a zone.
    pub cutouts: [Cutout; ZONES],
    /// Motors.
    pub motors: [Motor; MOTORS],
    /// Kneading mechanism.
    pub kneading: Kneading,
    /// Supply.
    pub supply: Supply,
    /// Body.
    pub body: Body,
}

/// One tick of the plant's time, s.
pub const TICK_S: f64 = 0.01;

impl Default for Build {
    /// The reference product on an adult's upper back. All figures are
    /// engineering estimates unless a source is named; each can be replaced.
    fn default() -> Self {
        let place = |x_m, y_m| Place { x_m, y_m };
        let zone = |y0_m: f64, y1_m: f64| Heater {
            area: Rect {
                x0_m: 0.0,
                y0_m,
                x1_m: 0.20,
                y1_m,
            },
            power_w: 12.0,
            nominal_v: 12.0,
            resistance_factor: 1.0,
            tempco_per_k: 0.0,
            unevenness: 0.15,
            // Off the centre: a sensor at the middle is under the nodes' path,
            // so it is glued a third of the way out. The hot spot is elsewhere.
            ntc: place(0.069, (y0_m + y1_m) / 2.0 + 0.006),
            cutout: place(0.131, (y0_m + y1_m) / 2.0 + 0.006),
        };
        // KSD9700 class; 50 degC because a 60 degC part never opens in the worst case.
        let cutout = Cutout {
            open_c: 50.0,
            close_c: 35.0,
            lag_s: 15.0,
        };
        Self {
            grid: Grid::Field {
                columns_x: 16,
                columns_y: 24,
            },
            thermal_step_ticks: 25,
            pad: Pad {
                width_m: 0.20,
                height_m: 0.30,
                foam_m2k_per_w: 0.25,
                foam_j_per_m2_k: 600.0,
                film_j_per_m2_k: 600.0,
                film_sheet_w_per_k: 1.5e-4,
                cover_m2k_per_w: 0.025,
                cover_j_per_m2_k: 630.0,
                cover_sheet_w_per_k: 1.5e-4,
                contact_light_m2k_per_w: 0.005,
                contact_node_m2k_per_w: 0.001,
            },
            heaters: [zone(0.175, 0.275), zone(0.025, 0.125)],
            cutouts: [cutout; ZONES],
            motors: [
                // RS-555 class with a worm gear: 12 V, stall 9.2 A, no-load 0.25 A.
                Motor {
                    resistance_ohm: 12.0 / 9.2,
                    tempco_per_k: 0.00393,
                    inductance_h: 1.0e-3,
                    constant_nm_per_a: 0.0160,
                    inertia_kg_m2: 7.0e-6,
                    dry_friction_nm: 2.0e-3,
                    // With the dry part 0.25 A at no load [S] and 727 rad/s.
                    viscous_nm_s: 2.7e-6,
                    gear: 100.0,
                    // Two nodes of 40 N on 35 mm, half rolling, half rubbing (friction
                    // 0.18), and as much again lost in a worm gear (estimate): 0.9 A.
                    load_nm: 1.0,
                    load_ripple: 0.4,
                    gear_loss: 0.5,
                    encoder_counts_per_turn: 12.0,
                    winding_to_case_k_per_w: 4.0,
                    case_to_ambient_k_per_w: 8.0,
                    winding_j_per_k: 8.0,
                    case_j_per_k: 92.0,
                    into_pad: 0.4,
                    place: place(0.10, 0.15),
                },
                // Small vibration motor with an eccentric mass, direct drive.
                Motor {
                    resistance_ohm: 6.0,
                    tempco_per_k: 0.00393,
                    inductance_h: 1.5e-3,
                    constant_nm_per_a: 0.0180,
                    inertia_kg_m2: 3.0e-6,
                    dry_friction_nm: 1.5e-3,
                    viscous_nm_s: 4.0e-6,
                    gear: 1.0,
                    load_nm: 1.0e-3,
                    load_ripple: 0.2,
                    gear_loss: 1.0,
                    encoder_counts_per_turn: 0.0,
                    winding_to_case_k_per_w: 8.0,
                    case_to_ambient_k_per_w: 16.0,
                    winding_j_per_k: 3.0,
                    case_j_per_k: 30.0,
                    into_pad: 0.5,
                    place: place(0.10, 0.15),
                },
            ],
            kneading: Kneading {
                // As far apart as the pad allows: at angle 0 the discs are 2 mm apart.
                centres: [place(0.05, 0.19), place(0.15, 0.19)],
                radius_m: 0.035,
                node_radius_m: 0.014,
                force_n: 40.0,
                reverse_share: 0.5,
            },
            supply: Supply {
                source: Source::Adapter {
                    emf_v: 12.0,
                    resistance_ohm: 0.15,
                    limit_a: 3.6,
                },
                logic_a: 0.03,
            },
            body: Body {
                site: Site::UpperBack,
                profile: Profile::Adult,
            },
        }
    }
}
