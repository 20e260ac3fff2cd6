//! An instance on its way into the queue.
//!
//! Units: bytes. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::instance::InstanceInfo;
use rt_sql::queue::NewInstance;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// An instance for the queue.
///
/// # Errors
/// [`DeliverErrorKind::InMemory`]: only files are queued.
pub(crate) fn new_instance(
    info: &InstanceInfo,
    encoded: &EncodedInstance,
    sha256: Option<String>,
) -> Result<NewInstance, DeliverError> {
    let Body::File { path, offset, len } = &encoded.body else {
        let text = "expected an instance in a file, found one in memory";
        return Err(DeliverError::new(DeliverErrorKind::InMemory, format!("[{}]", info.sop_instance), text));
    };
    Ok(NewInstance {
        sop_class: encoded.sop_class.clone(),
        sop_instance: encoded.sop_instance.clone(),
        series: info.series_instance.clone(),
        study: info.study.instance_uid.clone(),
        transfer_syntax: encoded.transfer_syntax.clone(),
        path: path.clone(),
        offset: *offset,
        len: *len,
        sha256,
    })
}

/// The hash of a file, hexadecimal.
pub(crate) fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
