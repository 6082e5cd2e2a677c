//! libFuzzer's way into `kneadsim_fuzz::limits`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kneadsim_fuzz::limits(data));
