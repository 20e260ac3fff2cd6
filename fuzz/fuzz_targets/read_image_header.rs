//! Any bytes as a file that a scan meets: no panic, no endless loop, no allocation beyond what the bytes can
//! hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_model::read::{read_image_from_bytes, read_instance_header_from_bytes};
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_instance_header_from_bytes(bytes, Path::new("fuzz.dcm"));
    let _ = read_image_from_bytes(bytes, Path::new("fuzz.dcm"));
});
