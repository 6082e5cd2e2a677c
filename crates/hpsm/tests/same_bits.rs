//! A session's bits depend neither on the lanes beside it nor on the vector instructions.

use kneadsim_hpsm::{Batch, Outputs, Variation};
use kneadsim_plant::Vectors;

/// Long enough for two reversals of the motor and every branch of the controllers
/// but the lockout, which the golden values see.
const TICKS: u32 = 13_000;

fn alone(run: u64, vectors: Vectors) -> Outputs {
    let mut batch = Batch::new(&[Variation::of_run(run)]);
    batch.set_vectors(vectors);
    batch.run(TICKS);
    batch.outputs(0)
}

fn among<const L: usize>(vectors: Vectors) -> Vec<Outputs> {
    let variations = core::array::from_fn(|l| Variation::of_run(l as u64));
    let mut batch = Batch::<L>::new(&variations);
    batch.set_vectors(vectors);
    batch.run(TICKS);
    (0..L).map(|l| batch.outputs(l)).collect()
}

#[test]
fn every_count_of_lanes_on_every_width_gives_the_bits_of_a_lone_session() {
    let least = Vectors::all().next().expect("there is always a least one");
    let expected: Vec<Outputs> = (0..16).map(|run| alone(run, least)).collect();
    assert!(expected[0] != expected[1], "the runs are the same session");
    for vectors in Vectors::all() {
        for (run, expected) in (0..).zip(&expected) {
            let got = alone(run, vectors);
            assert_eq!(&got, expected, "run {run} on {}", vectors.name());
        }
        let batches = [
            among::<2>(vectors),
            among::<3>(vectors),
            among::<4>(vectors),
            among::<8>(vectors),
            among::<16>(vectors),
        ];
        for batch in batches {
            let name = format!("{} lanes on {}", batch.len(), vectors.name());
            assert_eq!(batch, expected[..batch.len()], "{name}");
        }
    }
}

#[test]
fn a_session_run_in_pieces_is_the_same_session() {
    let vectors = Vectors::widest();
    let mut batch = Batch::new(&[Variation::of_run(5)]);
    for ticks in [1, 9, 4_990, 3, 7_997] {
        batch.run(ticks);
    }
    assert_eq!(batch.outputs(0), alone(5, vectors));
}
