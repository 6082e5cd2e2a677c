//! Whether a [`Build`] can be simulated, and everything that is wrong if not.

use core::fmt;

use crate::build::{Build, Grid, Heater, Motor, Place, Rect, Source, TICK_S};
use crate::field::explicit_step_limit_s;

/// Least and greatest columns along one side of the field.
pub const COLUMNS: (usize, usize) = (4, 64);
/// Least and greatest thermal step, ticks.
pub const THERMAL_STEP_TICKS: (u32, u32) = (1, 100);
/// Names of the zones, as in scenario files.
pub const ZONE_NAMES: [&str; crate::build::ZONES] = ["upper", "lower"];
/// Names of the motors, as in scenario files.
pub const MOTOR_NAMES: [&str; crate::build::MOTORS] = ["kneading", "vibration"];
/// One thing that is wrong with a build.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildProblem {
    /// Path of the field, zones and motors by name: `heater.upper.power_w`.
    pub field: String,
    /// The value given.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}

impl fmt::Display for BuildProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is {}, allowed {}",
            self.field, self.value, self.allowed
        )
    }
}

/// Everything that is wrong with a build; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildError {
    /// In the order of the fields.
    pub problems: Vec<BuildProblem>,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}

impl Build {
    /// Checks every field and the relations between them.
    ///
    /// # Errors
    /// All problems at once, in the order of the fields.
    pub fn validate(&self) -> Result<(), BuildError> {
        let mut problems = Problems(Vec::new());
        self.check_resolution(&mut problems);
        self.check_pad(&mut problems);
        for (name, heater) in ZONE_NAMES.iter().zip(&self.heaters) {
            self.check_heater(&mut problems, name, heater);
        }
        self.check_zones_apart(&mut problems);
        for (name, cutout) in ZONE_NAMES.iter().zip(&self.cutouts) {
            let field = |field: &str| format!("cutout.{name}.{field}");
            problems.range(&field("open_c"), cutout.open_c, 20.0, 250.0);
            problems.range(&field("close_c"), cutout.close_c, -50.0, cutout.open_c);
            problems.range(&field("lag_s"), cutout.lag_s, 0.0, 600.0);
        }
        for (name, motor) in MOTOR_NAMES.iter().zip(&self.motors) {
            self.check_motor(&mut problems, name, motor);
        }
        self.check_kneading(&mut problems);
        self.check_supply(&mut problems);
        if problems.0.is_empty() {
            Ok(())
        } else {
            Err(BuildError {
                problems: problems.0,
            })
        }
    }

    fn check_resolution(&self, problems: &mut Problems) {
        let (least, most) = THERMAL_STEP_TICKS;
        if self.thermal_step_ticks < least || self.thermal_step_ticks > most {
            problems.add(
                "thermal_step_ticks",
                self.thermal_step_ticks,
                format!("{least} to {most}"),
            );
        }
        let Grid::Field {
            columns_x,
            columns_y,
        } = self.grid
        else {
            return;
        };
        let (least, most) = COLUMNS;
        let mut fits = true;
        for (name, columns) in [("grid.columns_x", columns_x), ("grid.columns_y", columns_y)] {
            if columns < least || columns > most {
                problems.add(name, columns, format!("{least} to {most}"));
                fits = false;
            }
        }
        if !fits {
            return;
        }
        let step_s = f64::from(self.thermal_step_ticks) * TICK_S;
        let limit_s = explicit_step_limit_s(self);
        if step_s > limit_s {
            let ticks = (limit_s / TICK_S).floor();
            let why = if ticks >= 1.0 {
                format!("at most {ticks} for this grid and these sheet conductances")
            } else {
                "none: the sheet conductances are too great for this grid".into()
            };
            problems.add("thermal_step_ticks", self.thermal_step_ticks, why);
        }
    }

    fn check_pad(&self, problems: &mut Problems) {
        let pad = &self.pad;
        problems.range("pad.width_m", pad.width_m, 0.02, 2.0);
        problems.range("pad.height_m", pad.height_m, 0.02, 2.0);
        problems.range("pad.foam_m2k_per_w", pad.foam_m2k_per_w, 0.001, 10.0);
        problems.range("pad.foam_j_per_m2_k", pad.foam_j_per_m2_k, 10.0, 1.0e5);
        problems.range("pad.film_j_per_m2_k", pad.film_j_per_m2_k, 10.0, 1.0e5);
        problems.range("pad.film_sheet_w_per_k", pad.film_sheet_w_per_k, 0.0, 1.0);
        problems.range("pad.cover_m2k_per_w", pad.cover_m2k_per_w, 0.0001, 10.0);
        problems.range("pad.cover_j_per_m2_k", pad.cover_j_per_m2_k, 10.0, 1.0e5);
        problems.range("pad.cover_sheet_w_per_k", pad.cover_sheet_w_per_k, 0.0, 1.0);
        problems.range(
            "pad.contact_light_m2k_per_w",
            pad.contact_light_m2k_per_w,
            1.0e-5,
            1.0,
        );
        problems.range(
            "pad.contact_node_m2k_per_w",
            pad.contact_node_m2k_per_w,
            1.0e-5,
            1.0,
        );
    }

    fn check_heater(&self, problems: &mut Problems, name: &str, heater: &Heater) {
        let field = |field: &str| format!("heater.{name}.{field}");
        let area = heater.area;
        problems.range(&field("area.x0_m"), area.x0_m, 0.0, self.pad.width_m);
        problems.range(&field("area.y0_m"), area.y0_m, 0.0, self.pad.height_m);
        problems.range(
            &field("area.x1_m"),
            area.x1_m,
            area.x0_m + 0.01,
            self.pad.width_m,
        );
        problems.range(
            &field("area.y1_m"),
            area.y1_m,
            area.y0_m + 0.01,
            self.pad.height_m,
        );
        problems.range(&field("power_w"), heater.power_w, 0.0, 250.0);
        problems.range(&field("nominal_v"), heater.nominal_v, 1.0, 60.0);
        problems.range(
            &field("resistance_factor"),
            heater.resistance_factor,
            0.1,
            10.0,
        );
        problems.range(&field("tempco_per_k"), heater.tempco_per_k, -0.01, 0.05);
        problems.range(&field("unevenness"), heater.unevenness, 0.0, 1.0);
        self.check_place(problems, &field("ntc"), heater.ntc);
        self.check_place(problems, &field("cutout"), heater.cutout);
    }

    fn check_zones_apart(&self, problems: &mut Problems) {
        let [upper, lower] = [self.heaters[0].area, self.heaters[1].area];
        if overlap(upper, lower) {
            problems.add(
                "heater.lower.area",
                "over heater.upper.area",
                "apart from it".into(),
            );
        }
    }

    fn check_motor(&self, problems: &mut Problems, name: &str, motor: &Motor) {
        let mut range = |field: &str, value: f64, min: f64, max: f64| {
            problems.range(&format!("motor.{name}.{field}"), value, min, max);
        };
        range("resistance_ohm", motor.resistance_ohm, 0.01, 1.0e4);
        range("tempco_per_k", motor.tempco_per_k, 0.0, 0.01);
        range("inductance_h", motor.inductance_h, 1.0e-6, 1.0);
        range("constant_nm_per_a", motor.constant_nm_per_a, 1.0e-5, 10.0);
        range("inertia_kg_m2", motor.inertia_kg_m2, 1.0e-9, 1.0);
        range("dry_friction_nm", motor.dry_friction_nm, 0.0, 10.0);
        range("viscous_nm_s", motor.viscous_nm_s, 0.0, 1.0);
        range("gear", motor.gear, 0.1, 1.0e4);
        range("load_nm", motor.load_nm, 0.0, 1.0e3);
        range("load_ripple", motor.load_ripple, 0.0, 1.0);
        range("gear_loss", motor.gear_loss, 0.0, 1.0);
        range(
            "encoder_counts_per_turn",
            motor.encoder_counts_per_turn,
            0.0,
            1.0e5,
        );
        range(
            "winding_to_case_k_per_w",
            motor.winding_to_case_k_per_w,
            0.01,
            1.0e3,
        );
        range(
            "case_to_ambient_k_per_w",
            motor.case_to_ambient_k_per_w,
            0.01,
            1.0e3,
        );
        range("winding_j_per_k", motor.winding_j_per_k, 0.01, 1.0e5);
        range("case_j_per_k", motor.case_j_per_k, 0.01, 1.0e6);
        range("into_pad", motor.into_pad, 0.0, 1.0);
        self.check_place(problems, &format!("motor.{name}.place"), motor.place);
    }

    fn check_kneading(&self, problems: &mut Problems) {
        let kneading = &self.kneading;
        let reach_m = kneading.radius_m;
        problems.range("kneading.radius_m", reach_m, 0.0, 0.5);
        for (index, centre) in kneading.centres.iter().enumerate() {
            let name = |axis: &str| format!("kneading.centres[{index}].{axis}");
            problems.range(
                &name("x_m"),
                centre.x_m,
                reach_m,
                self.pad.width_m - reach_m,
            );
            problems.range(
                &name("y_m"),
                centre.y_m,
                reach_m,
                self.pad.height_m - reach_m,
            );
        }
        problems.range("kneading.node_radius_m", kneading.node_radius_m, 0.001, 0.2);
        problems.range("kneading.force_n", kneading.force_n, 0.0, 500.0);
        problems.range("kneading.reverse_share", kneading.reverse_share, 0.0, 1.0);
    }

    fn check_supply(&self, problems: &mut Problems) {
        match self.supply.source {
            Source::Adapter {
                emf_v,
                resistance_ohm,
                limit_a,
            } => {
                problems.range("supply.emf_v", emf_v, 0.0, 60.0);
                problems.range("supply.resistance_ohm", resistance_ohm, 0.001, 100.0);
                problems.range("supply.limit_a", limit_a, 0.01, 1.0e3);
            }
            Source::Pack {
                capacity_ah,
                resistance_ohm,
                charge,
                heat_j_per_k,
                to_ambient_k_per_w,
            } => {
                problems.range("supply.capacity_ah", capacity_ah, 0.01, 1.0e3);
                problems.range("supply.resistance_ohm", resistance_ohm, 0.001, 100.0);
                problems.range("supply.charge", charge, 0.0, 1.0);
                problems.range("supply.heat_j_per_k", heat_j_per_k, 1.0, 1.0e6);
                problems.range("supply.to_ambient_k_per_w", to_ambient_k_per_w, 0.01, 1.0e3);
            }
        }
        problems.range("supply.logic_a", self.supply.logic_a, 0.0, 10.0);
    }

    fn check_place(&self, problems: &mut Problems, field: &str, place: Place) {
        problems.range(&format!("{field}.x_m"), place.x_m, 0.0, self.pad.width_m);
        problems.range(&format!("{field}.y_m"), place.y_m, 0.0, self.pad.height_m);
    }
}

/// What was found so far.
struct Problems(Vec<BuildProblem>);

impl Problems {
    fn add(&mut self, field: &str, value: impl fmt::Display, allowed: String) {
        self.0.push(BuildProblem {
            field: field.into(),
            value: value.to_string(),
            allowed,
        });
    }

    /// A NaN is in no range.
    fn range(&mut self, field: &str, value: f64, min: f64, max: f64) {
        // Places computed from decimal fractions may stand a rounding outside.
        let slack = 1.0e-12 * (1.0 + max.abs());
        if !(value >= min - slack && value <= max + slack) {
            self.add(field, value, format!("{min} to {max}"));
        }
    }
}

/// Whether two areas share more than an edge.
fn overlap(a: Rect, b: Rect) -> bool {
    let across = a.x0_m < b.x1_m && b.x0_m < a.x1_m;
    let along = a.y0_m < b.y1_m && b.y0_m < a.y1_m;
    across && along
}
