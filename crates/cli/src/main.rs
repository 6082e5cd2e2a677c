//! `kneadsim`.
fn main() {}
