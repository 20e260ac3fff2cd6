//! What is written: where it lies, what it holds, who may see it, and how others read it (dciodvfy, DCMTK, pydicom, Orthanc).

mod conformance;
mod geometry;
#[path = "../support/orthanc.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with other crates' tests: each uses a part")]
mod orthanc;
mod peers;
mod pixels;
mod refused;
mod repeatable;
mod support;
mod words;
