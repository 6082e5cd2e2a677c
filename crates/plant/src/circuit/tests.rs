//! The straight tick beside the search; not what lanes do (`batch_bits` in `sim`).

use super::*;
use crate::build::Source;

const AROUND: Surroundings = Surroundings {
    film_c: [45.0; ZONES],
    foam_c: [30.0; MOTORS],
    cutout_closed: [true; ZONES],
    nodes_press: 1.0,
};

/// A drive for a second of a session: duties that change every tick and
/// sign every 20 s, motors that rest for a while, heaters on and off.
fn drive(tick: u32) -> Drive {
    let second = tick / 100;
    let wave = f64::from(tick % 37) / 370.0;
    let forwards = if second % 20 < 10 { 1.0 } else { -1.0 };
    Drive {
        heater_on: [f64::from(tick % 11) / 10.0, 1.0],
        relay_closed: !second.is_multiple_of(3),
        motor_duty: [
            if second % 7 == 6 {
                0.0
            } else {
                forwards * (0.5 + wave)
            },
            if second % 5 == 4 { 0.0 } else { 0.8 - wave },
        ],
        logic_on: true,
    }
}

#[test]
fn straight_courses_and_the_search_agree_to_rounding() {
    let pack = Source::Pack {
        capacity_ah: 2.6,
        resistance_ohm: 0.12,
        charge: 0.9,
        heat_j_per_k: 150.0,
        to_ambient_k_per_w: 8.0,
    };
    for (name, source) in [("adapter", Build::default().supply.source), ("pack", pack)] {
        let mut build = Build::default();
        build.supply.source = source;
        let conditions = Conditions::default();
        let mut circuit = Circuit::new(&build, &conditions);
        let mut straight = 0;
        for tick in 0..12_000 {
            let drive = drive(tick);
            let mut other = circuit.clone();
            circuit.tick(&drive, &conditions, &AROUND);
            other.begin_motors(&drive, &conditions, &AROUND);
            let zone_s = other.zone_conductances_s(&drive, &conditions, &AROUND);
            let load = Load {
                terminal: other.source.terminal(&conditions),
                zone_s,
                heater_s: zone_s.iter().sum(),
                logic_a: other.logic_a,
            };
            let mut straight_on = other.clone();
            let travels = match other.motors.each_ref().map(DcMotor::rests) {
                [true, true] => straight_on.travel_of::<0, 0>(&load),
                [false, true] => straight_on.travel_of::<0, 1>(&load),
                [true, false] => straight_on.travel_of::<1, 1>(&load),
                [false, false] => straight_on.travel_of::<0, 2>(&load),
            };
            straight += u32::from(travels.is_some());
            let sums = other.search(&load);
            other.end_motors(&conditions, &AROUND);
            other.record(&[0.0; ZONES], &sums, 1.0 / SUBSTEPS as f64);
            for index in 0..MOTORS {
                let (got, want) = (circuit.motor(index), other.motor(index));
                assert!(
                    (got.current_a - want.current_a).abs() < 1e-9,
                    "{name} {tick}"
                );
                assert!(
                    (got.speed_rad_s - want.speed_rad_s).abs() < 1e-9,
                    "{name} {tick}"
                );
                assert!(
                    (got.winding_c - want.winding_c).abs() < 1e-12,
                    "{name} {tick}"
                );
                let [got_w, want_w] =
                    [&circuit, &other].map(|circuit| circuit.electrical.motor_w[index]);
                assert!((got_w - want_w).abs() < 1e-9, "{name} {tick}");
            }
            let (got, want) = (&circuit.electrical, &other.electrical);
            assert!((got.bus_v - want.bus_v).abs() < 1e-10, "{name} {tick}");
            assert!((got.source_a - want.source_a).abs() < 1e-9, "{name} {tick}");
        }
        assert!(
            straight > 10_000,
            "{name}: {straight} of 12000 ticks straight"
        );
    }
}
