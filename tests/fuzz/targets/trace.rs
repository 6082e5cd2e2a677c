//! libFuzzer's way into `kneadsim_fuzz::trace`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kneadsim_fuzz::trace(data));
