//! Sending, asking and receiving against real peers (DCMTK, Orthanc) and against peers that misbehave.

mod associations;
mod dcmtk;
mod full_disk;
mod hostile;
mod many;
#[path = "../../../rt-export/tests/support/orthanc.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with other crates' tests: each uses a part")]
mod orthanc;
mod orthanc_peer;
mod receiving;
mod statuses;
mod support;
mod tls;
