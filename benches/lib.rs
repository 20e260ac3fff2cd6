//! What the benches share: seeded inputs of a stated size.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS).

pub mod importing;
pub mod reading;
