//! Any contours in any dose grid: no panic, no number that is not finite, no negative volume, no curve that
//! rises.
#![no_main]

#[path = "../library.rs"]
#[expect(dead_code, reason = "the other target's half")]
mod library;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| library::volume(bytes));
