#![allow(missing_docs)]
use kneadsim_plant::{Grid, Vectors};
use kneadsim_sim::spec::{Button, Recording};
use kneadsim_sim::*;
use std::sync::Arc;
fn main() {
    let a: Vec<usize> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let vectors = Vectors::all().nth(a[0]).unwrap();
    let runs = a[1];
    let secs = a[2] as u32;
    let specs: Vec<_> = (0..16)
        .map(|i| {
            let mut s = Spec { seed: i, duration_ticks: secs * 100, ..Spec::default() };
            s.build.grid = Grid::Column;
            s.conditions.ambient_c += 0.5 * i as f64 - 4.0;
            s.press(1.0, Button::Time);
            s.press(3.0 + i as f64 * 0.37, Button::Power);
            s.recording = Recording { every_ticks: 10, signals: signal::Signal::ALL[..16].to_vec() };
            Arc::new(s)
        })
        .collect();
    if runs == 0 {
        for s in &specs {
            let mut b = Bench::new(Arc::clone(s), InProcess::new()).unwrap();
            b.set_vectors(vectors);
            b.run_until(s.duration_ticks).unwrap();
            println!("{:032x}", b.digest());
        }
    } else {
        for o in run_many(&specs, Abreast { runs, vectors }, |_| InProcess::new(), &mut |_, _| Continue::Yes) {
            println!("{:032x}", o.unwrap().digest);
        }
    }
}
