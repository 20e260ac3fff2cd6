//! Any bytes as protocol data units: no panic, and fragments stay within their PDU.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_net::pdu::{self, AssociateAccept, AssociateRequest};

fuzz_target!(|bytes: &[u8]| {
    let Some((header, body)) = bytes.split_first_chunk() else { return };
    drop(pdu::header(*header, 1 << 17));
    for fragment in pdu::fragments(body).into_iter().flatten() {
        assert!(body.get(fragment.range).is_some());
    }
    drop((pdu::rejection(body), pdu::aborted(body)));
    drop((AssociateRequest::decode(body), AssociateAccept::decode(body)));
});
