//! libFuzzer's way into `kneadsim_fuzz::scenario`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kneadsim_fuzz::scenario(data));
