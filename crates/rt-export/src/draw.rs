//! Slices to pictures.
//!
//! Units: pixels. Frame: pixel coordinates (see [`crate::canvas`]).
