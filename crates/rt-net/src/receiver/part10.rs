//! The start of a stored file: preamble and file meta information (PS3.10 section 7.1).
//!
//! Units: bytes. Frame: none.

use super::StoreRequest;
use crate::uids::{IMPLEMENTATION_CLASS, IMPLEMENTATION_VERSION};

/// Where the file meta information begins whose length the four bytes before it tell.
pub(super) const META: usize = 144;

/// Preamble, prefix and file meta information of an instance.
pub(super) fn start(request: &StoreRequest) -> Vec<u8> {
    let mut meta = Vec::new();
    let mut put = |element: u16, vr: &[u8; 2], value: &[u8], padding: u8| {
        let len = value.len().next_multiple_of(2);
        meta.extend_from_slice(&[2, 0]);
        meta.extend_from_slice(&element.to_le_bytes());
        meta.extend_from_slice(vr);
        if vr == b"OB" {
            meta.extend_from_slice(&[0, 0]);
            meta.extend_from_slice(&(len as u32).to_le_bytes());
        } else {
            meta.extend_from_slice(&(len as u16).to_le_bytes());
        }
        meta.extend_from_slice(value);
        meta.resize(meta.len() + len - value.len(), padding);
    };
    put(0x0001, b"OB", &[0, 1], 0);
    put(0x0002, b"UI", request.sop_class.as_str().as_bytes(), 0);
    put(0x0003, b"UI", request.sop_instance.as_str().as_bytes(), 0);
    put(0x0010, b"UI", request.transfer_syntax.as_str().as_bytes(), 0);
    put(0x0012, b"UI", IMPLEMENTATION_CLASS.as_bytes(), 0);
    put(0x0013, b"SH", IMPLEMENTATION_VERSION.as_bytes(), b' ');
    put(0x0016, b"AE", request.calling.as_bytes(), b' ');
    let mut out = vec![0; 128];
    out.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0");
    out.extend_from_slice(&(meta.len() as u32).to_le_bytes());
    out.extend_from_slice(&meta);
    out
}
