//! Every condition that a knob can set, and every drive: finite, and the
//! energy closes.

use kneadsim_plant::{Build, Conditions, Drive, Grid, Knob, Plant};
use proptest::prelude::*;

/// Reference conditions with a few knobs moved to anywhere within their range.
fn any_conditions() -> impl Strategy<Value = Conditions> {
    let moves = prop::collection::vec((0..Knob::ALL.len(), 0.0..=1.0_f64), 0..12);
    moves.prop_map(|moves| {
        let mut conditions = Conditions::default();
        for (index, share) in moves {
            let (min, max) = Knob::ALL[index].range();
            Knob::ALL[index].set(&mut conditions, min + share * (max - min));
        }
        conditions
    })
}

prop_compose! {
    fn any_drive()(
        heater_on in [-0.2..1.2_f64, -0.2..1.2_f64],
        relay_closed: bool,
        motor_duty in [-1.2..1.2_f64, -1.2..1.2_f64],
        logic_on: bool,
    ) -> Drive {
        Drive { heater_on, relay_closed, motor_duty, logic_on }
    }
}

proptest! {
    #[test]
    fn nothing_that_can_be_set_breaks_the_plant(
        small_field: bool,
        script in prop::collection::vec((any_drive(), any_conditions(), 1..300_u32), 1..8),
    ) {
        let grid = if small_field {
            Grid::Field { columns_x: 5, columns_y: 7 }
        } else {
            Grid::Column
        };
        let build = Build { grid, ..Build::default() };
        let mut plant = Plant::new(&build, &script[0].1).expect("a valid build");
        for (drive, conditions, ticks) in &script {
            for _ in 0..*ticks {
                plant.tick(drive, conditions);
            }
            let stats = plant.field().stats();
            for value_c in [stats.film_max_c, stats.basal_max_c, stats.skin_surface_max_c] {
                prop_assert!((-60.0..2000.0).contains(&value_c), "{:?}", stats);
            }
            for index in 0..2 {
                let motor = plant.motor(index);
                prop_assert!((-60.0..2000.0).contains(&motor.winding_c), "{:?}", motor);
                prop_assert!(motor.output_angle_rad.is_finite(), "{:?}", motor);
            }
        }
        let energy = plant.energy();
        prop_assert!(energy.residual_relative < 1e-6, "{:?}", energy);
    }
}
