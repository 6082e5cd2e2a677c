//! libFuzzer's way into `kneadsim_fuzz::link`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kneadsim_fuzz::link(data));
