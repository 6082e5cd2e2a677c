//! Names, units and ranges of everything in [`Conditions`] that can be set.
//!
//! Scenario files, sliders and searches move conditions by these names. The
//! ranges are what the models are good for, not what is safe.

use crate::conditions::Conditions;

macro_rules! knobs {
    ($($variant:ident, $name:literal, $unit:literal, $min:literal, $max:literal,
       $field:ident $([$index:literal])?, $doc:literal;)*) => {
        /// One settable number of [`Conditions`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Knob {
            $(#[doc = $doc] $variant,)*
        }

        impl Knob {
            /// Every knob, in the order of the fields.
            pub const ALL: &'static [Knob] = &[$(Knob::$variant,)*];

            /// Name as in scenario files, with the unit as suffix.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Knob::$variant => $name,)* }
            }

            /// Unit, `1` where there is none.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Knob::$variant => $unit,)* }
            }

            /// Least and greatest value that can be set.
            #[must_use]
            pub const fn range(self) -> (f64, f64) {
                match self { $(Knob::$variant => ($min, $max),)* }
            }

            /// What it is, in one line.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Knob::$variant => $doc,)* }
            }

            /// The value in `conditions`.
            #[must_use]
            pub const fn get(self, conditions: &Conditions) -> f64 {
                match self { $(Knob::$variant => conditions.$field$([$index])?,)* }
            }

            /// Puts `value` into `conditions` as it is: ranges are checked
            /// where values enter the program.
            pub const fn set(self, conditions: &mut Conditions, value: f64) {
                match self { $(Knob::$variant => conditions.$field$([$index])? = value,)* }
            }
        }
    };
}

knobs! {
    AmbientC, "ambient_c", "degC", -20.0, 60.0, ambient_c, "Air around the pad.";
    AirWPerM2K, "air_w_per_m2_k", "W/m2K", 1.0, 100.0, air_w_per_m2_k,
        "Heat transfer from pad, clothing or bare skin to the air; 8 is a still room.";
    BlanketM2kPerW, "blanket_m2k_per_w", "m2K/W", 0.0, 2.0, blanket_m2k_per_w,
        "Blanket over everything; 0.3 is one, 0 none.";
    Contact, "contact", "1", 0.0, 1.0, contact, "1 the body lies on the pad, 0 it is away.";
    PressureKpa, "pressure_kpa", "kPa", 0.0, 40.0, pressure_kpa, "Mean pressure of the body on the pad.";
    ClothingM2kPerW, "clothing_m2k_per_w", "m2K/W", 0.0, 0.5, clothing_m2k_per_w,
        "Clothing between cover and skin; T-shirt 0.0124, bare 0.";
    ClothingJPerM2K, "clothing_j_per_m2_k", "J/m2K", 0.0, 5000.0, clothing_j_per_m2_k,
        "Heat capacity of the clothing; T-shirt 208, bare 0.";
    PerfusionScale, "perfusion_scale", "1", 0.0, 5.0, perfusion_scale,
        "Scale on all skin and fat perfusion.";
    CoreC, "core_c", "degC", 30.0, 42.0, core_c, "Body core and arterial blood.";
    FilmCrackUpper, "film_crack.upper", "1", 0.0, 1.0, film_crack[0],
        "Share of the upper film's width that a crack has cut.";
    FilmCrackLower, "film_crack.lower", "1", 0.0, 1.0, film_crack[1],
        "Share of the lower film's width that a crack has cut.";
    FilmShortUpper, "film_short.upper", "1", 0.0, 0.95, film_short[0],
        "Share of the upper film's length that is shorted.";
    FilmShortLower, "film_short.lower", "1", 0.0, 0.95, film_short[1],
        "Share of the lower film's length that is shorted.";
    FoldUpper, "fold.upper", "1", 0.0, 1.0, fold[0], "Fold of the upper zone: 0 flat, 1 folded once.";
    FoldLower, "fold.lower", "1", 0.0, 1.0, fold[1], "Fold of the lower zone: 0 flat, 1 folded once.";
    SupplyExtraV, "supply_extra_v", "V", -30.0, 30.0, supply_extra_v,
        "Added to the source's open-circuit voltage; a 24 V adapter on the 12 V unit is +12.";
    SupplyExtraOhm, "supply_extra_ohm", "ohm", 0.0, 1000.0, supply_extra_ohm,
        "Resistance in series with the source: worn plug, weak cells.";
    SupplyConnected, "supply_connected", "1", 0.0, 1.0, supply_connected,
        "1 connected, below 0.5 unplugged.";
    PackHeatW, "pack_heat_w", "W", 0.0, 200.0, pack_heat_w,
        "Heat put into the battery pack by a failing cell.";
    CutoutWeldedUpper, "cutout_welded.upper", "1", 0.0, 1.0, cutout_welded[0],
        "1: the upper cut-out's contacts are welded.";
    CutoutWeldedLower, "cutout_welded.lower", "1", 0.0, 1.0, cutout_welded[1],
        "1: the lower cut-out's contacts are welded.";
    CutoutShiftUpperK, "cutout_shift_k.upper", "K", -50.0, 50.0, cutout_shift_k[0],
        "Shift of the upper cut-out's opening and closing temperature.";
    CutoutShiftLowerK, "cutout_shift_k.lower", "K", -50.0, 50.0, cutout_shift_k[1],
        "Shift of the lower cut-out's opening and closing temperature.";
    CutoutCloseShiftUpperK, "cutout_close_shift_k.upper", "K", -50.0, 50.0, cutout_close_shift_k[0],
        "Shift of the upper cut-out's closing temperature alone.";
    CutoutCloseShiftLowerK, "cutout_close_shift_k.lower", "K", -50.0, 50.0, cutout_close_shift_k[1],
        "Shift of the lower cut-out's closing temperature alone.";
    RotorLockedKneading, "rotor_locked.kneading", "1", 0.0, 1.0, rotor_locked[0],
        "1: the kneading motor's rotor is blocked (from 0.5).";
    RotorLockedVibration, "rotor_locked.vibration", "1", 0.0, 1.0, rotor_locked[1],
        "1: the vibration motor's rotor is blocked (from 0.5).";
    LoadScaleKneading, "load_scale.kneading", "1", 0.0, 20.0, load_scale[0],
        "Scale on friction and load of the kneading motor; a worn gear is 1.5.";
    LoadScaleVibration, "load_scale.vibration", "1", 0.0, 20.0, load_scale[1],
        "Scale on friction and load of the vibration motor.";
    NodesParked, "nodes_parked", "1", 0.0, 1.0, nodes_parked,
        "1: a sheared pin, the nodes stand on one spot while the motor runs (from 0.5).";
    ParkedAngleRad, "parked_angle_rad", "rad", -6.3, 6.3, parked_angle_rad,
        "Output angle at which parked nodes stand.";
}

impl Knob {
    /// The knob with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Knob> {
        Knob::ALL.iter().copied().find(|knob| knob.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_conditions_has_one_knob_of_its_own() {
        let numbers = size_of::<Conditions>() / size_of::<f64>();
        assert_eq!(Knob::ALL.len(), numbers);
        let mut conditions = Conditions::default();
        for (index, knob) in Knob::ALL.iter().enumerate() {
            knob.set(&mut conditions, 1000.0 + index as f64);
        }
        for (index, knob) in Knob::ALL.iter().enumerate() {
            assert_eq!(
                knob.get(&conditions),
                1000.0 + index as f64,
                "{}",
                knob.name()
            );
        }
    }

    #[test]
    fn names_lead_back_to_their_knobs() {
        for &knob in Knob::ALL {
            assert_eq!(Knob::from_name(knob.name()), Some(knob));
        }
        assert_eq!(Knob::from_name("ambient"), None);
    }

    #[test]
    fn the_reference_situation_is_within_every_range() {
        let conditions = Conditions::default();
        for &knob in Knob::ALL {
            let (min, max) = knob.range();
            let value = knob.get(&conditions);
            assert!(min <= value && value <= max, "{} is {value}", knob.name());
        }
    }
}
