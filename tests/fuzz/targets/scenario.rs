//! libFuzzer's way into `kneadsim_fuzz::scenario`; writes the dictionary of all targets where asked to.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: {
        if let Some(path) = std::env::var_os("KNEADSIM_DICTIONARY") {
            std::fs::write(path, kneadsim_fuzz::dictionary()).expect("it can be written");
        }
    },
    |data: &[u8]| kneadsim_fuzz::scenario(data)
);
