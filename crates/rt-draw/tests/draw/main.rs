//! Pictures and reports, judged by what is on them.
//!
//! `UPDATE_PICTURES=1 cargo test -p rt-draw -p rt-export` writes the snapshots and the pictures of `docs/`
//! anew: look at each before it is committed.

mod colours;
mod demo;
mod pictures;
mod report;
mod snapshot;
mod words;
