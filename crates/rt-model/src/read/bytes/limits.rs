//! What a hostile file may cost before it is refused. Real objects stay far below each of these.
//!
//! Units: bytes and counts. Frame: none.

/// Largest file and largest decoded object, bytes (4 GiB).
pub(in crate::read) const MAX_BYTES: u64 = 4 << 30;

/// Largest inflated data set, bytes (1 GiB). A deflated file says nothing of its size, so that finding it out
/// costs time.
pub(in crate::read) const MAX_INFLATED: u64 = 1 << 30;

/// Deepest nesting of sequences.
pub(in crate::read) const MAX_DEPTH: usize = 64;

/// Most elements of one data set or item: 24 bytes are kept of each.
pub(in crate::read) const MAX_ELEMENTS: usize = 1 << 16;

/// Most items of one sequence, and most contours of one structure set.
pub(in crate::read) const MAX_ITEMS: usize = 1 << 18;

/// Most findings of one code from one file; the rest is counted.
pub(in crate::read) const MAX_FINDINGS_PER_CODE: usize = 64;
