//! Any text as a metric: no panic, no number that is not finite, and it reads back as it was printed.
#![no_main]

#[path = "../library.rs"]
#[expect(dead_code, reason = "the other target's half")]
mod library;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| library::metric(bytes));
