//! Reads any bytes as structure set: an answer or an error, never a panic, an endless loop or more memory than the limits allow.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_model::read::{ReadOptions, read_structure_set_from_bytes};
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_structure_set_from_bytes(bytes, Path::new("fuzz.dcm"), &ReadOptions::default());
});
