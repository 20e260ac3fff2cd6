//! What is written: where it lies, what it holds, who may see it, and how others read it (dciodvfy, DCMTK,
//! pydicom, Orthanc).

mod conformance;
mod geometry;
mod isodoses;
mod outlines;
mod peers;
mod pictures;
mod pixels;
mod refused;
mod repeatable;
#[path = "../../../rt-draw/tests/draw/snapshot.rs"]
mod snapshot;
mod support;
mod words;
