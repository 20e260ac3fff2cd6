//! Any bytes as an object of this kind: no panic, no endless loop, no allocation beyond what the bytes can
//! hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_model::read::{ReadOptions, read_structure_set_from_bytes};
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_structure_set_from_bytes(bytes, Path::new("fuzz.dcm"), &ReadOptions::default());
});
