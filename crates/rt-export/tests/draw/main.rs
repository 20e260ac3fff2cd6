//! Pictures and reports, judged by what is on them.
//!
//! `UPDATE_PICTURES=1 cargo test -p rt-export --test draw` writes the snapshots and the pictures of `docs/` anew: look at each before
//! it is committed.

mod colours;
mod demo;
mod pictures;
mod report;
#[path = "../it/support.rs"]
#[expect(dead_code, reason = "shared with the other tests: each uses a part")]
mod support;
mod words;
