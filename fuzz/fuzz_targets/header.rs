//! Reads any bytes as the header of an instance, as the scan of a folder does.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_model::read::read_instance_header_from_bytes;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_instance_header_from_bytes(bytes, Path::new("fuzz.dcm"));
});
