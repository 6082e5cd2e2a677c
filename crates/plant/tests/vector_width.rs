//! The vector instructions of the processor change no bit of a field.

use kneadsim_plant::{ArrheniusSet, Build, Conditions, Field, Grid, Loads, Vectors};

/// A session with heat, a motor, turning nodes, a change of contact and of clothing.
fn session(build: &Build, vectors: Vectors) -> Vec<u64> {
    let mut conditions = Conditions::default();
    let mut field = Field::new(build, &conditions);
    field.set_vectors(vectors);
    for step in 0..1200_u32 {
        if step == 700 {
            conditions.contact = 0.6;
            conditions.clothing_m2k_per_w *= 2.0;
        }
        let loads = Loads {
            heater_w: [14.0, 9.0],
            motor_w: [1.0, 0.5],
            node_angle_rad: 0.6 * f64::from(step),
            node_force_n: 40.0,
            node_w: 1.5,
        };
        field.step(&loads, &conditions);
    }
    let ledger = field.ledger();
    let sums = [
        ledger.gained_j(),
        ledger.blood_j,
        field.stored_j(),
        field.unexplained_j(),
        field.stats().body_heat_w_per_m2,
        field.stats().skin_surface_mean_c,
    ];
    let doses = ArrheniusSet::ALL.map(|set| field.dose().omega(set));
    let columns = [
        field.film_c(),
        field.cover_c(),
        field.skin_surface_c(),
        field.basal_c(),
        field.body_w_per_m2(),
        field.dose().cem43_min(),
    ];
    let (nx, ny) = field.columns();
    let deep = (0..nx * ny).flat_map(|column| field.profile(column));
    let values = sums
        .into_iter()
        .chain(doses.into_iter().flatten().copied())
        .chain(columns.into_iter().flatten().copied())
        .chain(deep.map(|(_, t_c, _)| t_c));
    values.map(f64::to_bits).collect()
}

#[test]
fn every_width_gives_the_bits_of_the_least() {
    let grid = |columns_x, columns_y| Grid::Field {
        columns_x,
        columns_y,
    };
    for (name, grid) in [
        ("reference", Build::default().grid),
        ("with a part block at the end", grid(7, 9)),
        ("one column per zone", Grid::Column),
    ] {
        let build = Build {
            grid,
            ..Build::default()
        };
        let mut widths = Vectors::all();
        let least = widths.next().expect("every processor has the least");
        let expected = session(&build, least);
        for wider in widths {
            assert!(
                session(&build, wider) == expected,
                "{name}: {} differs",
                wider.name()
            );
        }
    }
}

#[test]
fn a_processor_with_avx2_is_used_as_one() {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        assert_ne!(Vectors::widest().name(), "least");
        return;
    }
    assert_eq!(Vectors::widest().name(), "least");
}
