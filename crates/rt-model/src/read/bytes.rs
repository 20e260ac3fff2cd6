//! The byte level: what is written in a file, from its preamble to single values, whatever the object means.
//!
//! Units: bytes. Frame: none.

pub(super) mod charset;
pub(super) mod dictionary;
pub(super) mod element;
pub(super) mod element_header;
pub(super) mod encoding;
pub(super) mod extent;
pub(super) mod file;
pub(super) mod inflate;
pub(super) mod items;
pub(super) mod jpeg;
pub(super) mod level;
pub(super) mod limits;
pub(super) mod node;
pub(super) mod notes;
pub(super) mod number;
pub(super) mod part10;
pub(super) mod rle;
pub(super) mod sniff;
pub(super) mod unreadable;
pub(super) mod values;
