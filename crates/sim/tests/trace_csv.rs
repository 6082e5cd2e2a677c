//! The trace as a table: what was written reads back to the last bit, what is no table is refused.

use kneadsim_sim::trace::csv::{read, write};
use kneadsim_sim::trace::{Column, Trace};
use proptest::prelude::*;

fn trace(first_tick: u32, every_ticks: u32, values: &[Vec<f64>]) -> Trace {
    let rows = values.first().map_or(0, Vec::len) as u32;
    let units = ["degC", "1", "W/m2"];
    Trace {
        every_ticks,
        ticks: (0..rows).map(|i| first_tick + i * every_ticks).collect(),
        columns: values
            .iter()
            .enumerate()
            .map(|(i, values)| Column {
                name: format!("signal_{i}"),
                unit: units[i % units.len()].into(),
                values: values.clone(),
            })
            .collect(),
        notes: Vec::new(),
    }
}

fn written(trace: &Trace) -> String {
    let mut text = Vec::new();
    write(trace, &mut text).expect("memory takes everything");
    String::from_utf8(text).expect("a table is text")
}

/// The digest sees every bit of every value, and takes all NaNs for one.
fn same(a: &Trace, b: &Trace) -> bool {
    a.digest() == b.digest()
}

#[test]
fn a_table_describes_itself() {
    let trace = trace(0, 10, &[vec![0.1 + 0.2, f64::NAN, -1e-3]]);
    let text = "time_s,signal_0[degC]\n0.01,0.30000000000000004\n0.11,\n0.21,-0.001\n";
    assert_eq!(written(&trace), text);
}

proptest! {
    #[test]
    fn what_is_written_reads_back_to_the_last_bit(
        first_tick in 0..1000_u32,
        every_ticks in 1..6000_u32,
        bits in prop::collection::vec(prop::collection::vec(any::<u64>(), 5), 0..4),
    ) {
        let values: Vec<Vec<f64>> = bits.iter().map(|c| c.iter().map(|b| f64::from_bits(*b)).collect()).collect();
        let mut trace = trace(first_tick, every_ticks, &values);
        let back = read(&written(&trace)).expect("it was written");
        // The interval of no rows is not in the table.
        trace.every_ticks = if trace.ticks.is_empty() { 0 } else { every_ticks };
        prop_assert!(same(&back, &trace), "{back:?} of {trace:?}");
    }
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    for (name, text, want) in [
        (
            "nothing",
            "",
            "row 1, column 1: the first column must be `time_s`",
        ),
        (
            "no time",
            "film_c[degC]\n",
            "row 1, column 1: the first column must be `time_s`",
        ),
        (
            "no unit",
            "time_s,a\n",
            "row 1, column 2: `a` is no `name[unit]`",
        ),
        (
            "no name",
            "time_s,[W]\n",
            "row 1, column 2: `[W]` is no `name[unit]`",
        ),
        (
            "a name twice",
            "time_s,a[W],a[V]\n",
            "row 1, column 3: `a` is there twice",
        ),
        (
            "the time twice",
            "time_s,time_s[s]\n",
            "row 1, column 2: `time_s` is there twice",
        ),
        (
            "a short row",
            "time_s,a[W]\n0.01\n",
            "row 2, column 1: the row has 1 cells, the first row has 2",
        ),
        (
            "a long row",
            "time_s,a[W]\n0.01,1,2\n",
            "row 2, column 2: the row has 3 cells, the first row has 2",
        ),
        (
            "a word",
            "time_s,a[W]\n0.01,hot\n",
            "row 2, column 2: `hot` is not a number; what is not a number is an empty cell",
        ),
        (
            "nan",
            "time_s,a[W]\n0.01,nan\n",
            "row 2, column 2: `nan` is not a number; what is not a number is an empty cell",
        ),
        (
            "too big a number",
            "time_s,a[W]\n0.01,1e999\n",
            "row 2, column 2: `1e999` is not a number; what is not a number is an empty cell",
        ),
        (
            "time zero",
            "time_s\n0\n",
            "row 2, column 1: the time is 0 s, allowed above 0 to 86400 s",
        ),
        (
            "after a day",
            "time_s\n86400.01\n",
            "row 2, column 1: the time is 86400.01 s, allowed above 0 to 86400 s",
        ),
        (
            "between ticks",
            "time_s\n0.015\n",
            "row 2, column 1: the time 0.015 s is no multiple of 0.01 s",
        ),
        (
            "no time in a row",
            "time_s,a[W]\n,1\n",
            "row 2, column 1: `` is not a time in seconds",
        ),
        (
            "an infinite time",
            "time_s\ninf\n",
            "row 2, column 1: `inf` is not a time in seconds",
        ),
        (
            "back in time",
            "time_s\n0.02\n0.01\n",
            "row 3, column 1: the time does not go on",
        ),
        (
            "a lost row",
            "time_s\n0.01\n0.02\n0.04\n",
            "row 4, column 1: the row comes 0.02 s after the one before it, the rows above are 0.01 s apart",
        ),
        (
            "a hole",
            "time_s\n0.01\n\n0.02\n",
            "row 3, column 1: the row is empty",
        ),
    ] {
        let got = read(text).expect_err(name).to_string();
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn tables_of_other_programs_are_read() {
    for (name, text) in [
        ("a byte order mark", "\u{feff}time_s,a[W]\n0.01,1\n0.02,\n"),
        (
            "line ends of another system",
            "time_s,a[W]\r\n0.01,1\r\n0.02,\r\n",
        ),
        ("no last line end", "time_s,a[W]\n0.01,1\n0.02,"),
        ("blank lines at the end", "time_s,a[W]\n0.01,1\n0.02,\n\n\n"),
        ("other forms of numbers", "time_s,a[W]\n1e-2,+1.0\n0.020,\n"),
        (
            "times that were rounded",
            "time_s,a[W]\n0.0102,1\n0.0198,\n",
        ),
    ] {
        let got = read(text).unwrap_or_else(|m| panic!("{name}: {m}"));
        assert!(
            same(&got, &trace(0, 1, &[vec![1.0, f64::NAN]]).named("a", "W")),
            "{name}: {got:?}"
        );
    }
}

trait Named {
    fn named(self, name: &str, unit: &str) -> Self;
}

impl Named for Trace {
    fn named(mut self, name: &str, unit: &str) -> Trace {
        self.columns[0].name = name.into();
        self.columns[0].unit = unit.into();
        self
    }
}
