//! libFuzzer's way into `kneadsim_fuzz::timeline`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kneadsim_fuzz::timeline(data));
