//! What is written, as others read it: dciodvfy, DCMTK, pydicom, Orthanc.

mod conformance;
#[path = "../support/orthanc.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with other crates' tests: each uses a part")]
mod orthanc;
mod peers;
mod support;
