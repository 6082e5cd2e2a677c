//! What is not a number in the field must not hide behind the numbers.

use kneadsim_plant::{Build, Conditions, Field, Grid, Loads};

#[test]
fn what_is_not_a_number_in_one_column_is_in_every_maximum() {
    for grid in [Build::default().grid, Grid::Column] {
        let build = Build {
            grid,
            ..Build::default()
        };
        let conditions = Conditions::default();
        let mut field = Field::new(&build, &conditions);
        // The motor's heat reaches some columns only, or one of the two.
        let loads = Loads {
            heater_w: [5.0; 2],
            motor_w: [f64::NAN, 0.0],
            ..Loads::default()
        };
        field.step(&loads, &conditions);
        assert!(field.basal_c().iter().any(|t_c| t_c.is_nan()), "{grid:?}");
        let stats = field.stats();
        let greatest = [
            stats.film_max_c,
            stats.cover_max_c,
            stats.skin_surface_max_c,
            stats.basal_max_c,
            stats.cem43_max_min,
        ];
        for value in greatest.into_iter().chain(stats.omega_max) {
            assert!(value.is_nan(), "{grid:?}: {stats:?}");
        }
    }
}
