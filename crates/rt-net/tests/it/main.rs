//! Sending, asking and receiving against real peers (DCMTK, Orthanc) and against peers that misbehave.

mod associations;
mod dcmtk;
mod full_disk;
mod hostile;
mod many;
mod orthanc_peer;
mod receiving;
mod statuses;
mod support;
mod tls;
