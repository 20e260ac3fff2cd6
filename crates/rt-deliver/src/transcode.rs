//! Another transfer syntax for a peer that does not take the file's own. Never with loss, and never from plain to compressed.
//!
//! Units: bytes. Frame: none.

mod stream;

use dicom_object::file::ReadPreamble;
use dicom_object::{InMemDicomObject, OpenFileOptions};
use dicom_transfer_syntax_registry::entries::IMPLICIT_VR_LITTLE_ENDIAN;
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;
use rt_model::uid::transfer_syntax::{DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE};
use rt_sql::queue::NewInstance;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// The transfer syntaxes that a file in `own` can be sent in, the best first. What is plain can always become implicit VR little
/// endian, which every peer has to take; explicit VR is never made, since its 16-bit lengths do not hold every value. Deflated and big
/// endian files are always turned: hardly anybody takes the one, and the other is retired.
pub(crate) fn choices(own: &Uid) -> Vec<Uid> {
    let implicit = Uid::new(IMPLICIT_LITTLE);
    match own.as_str() {
        EXPLICIT_LITTLE => std::iter::once(own.clone()).chain(implicit).collect(),
        DEFLATED | EXPLICIT_BIG => implicit.into_iter().collect(),
        _ => vec![own.clone()],
    }
}

/// What is larger is turned in a file, not in memory.
const IN_MEMORY: u64 = 8 << 20;

/// The instance in implicit VR little endian, in memory or, where it is large, in the file `scratch`. Deflated and big endian objects,
/// and those with sequences of unknown value representation, are in memory as a whole meanwhile.
///
/// # Errors
/// Where the file can't be read or written anew.
pub(crate) fn implicit(
    queued: &NewInstance,
    scratch: &Path,
) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
    let streamed = (queued.transfer_syntax.as_str() == EXPLICIT_LITTLE).then(|| streamed(queued, scratch));
    let body = match streamed {
        Some(Ok(body)) => body,
        Some(Err(error)) if error.kind() != ErrorKind::Unsupported => return Err(error.into()),
        _ => whole(queued)?,
    };
    Ok(EncodedInstance {
        sop_class: queued.sop_class.clone(),
        sop_instance: queued.sop_instance.clone(),
        transfer_syntax: Uid::new(IMPLICIT_LITTLE).ok_or("no transfer syntax")?,
        body,
    })
}

fn streamed(queued: &NewInstance, scratch: &Path) -> std::io::Result<Body> {
    let mut file = File::open(&queued.path)?;
    file.seek(SeekFrom::Start(queued.offset))?;
    let input = BufReader::new(file.take(queued.len));
    if queued.len <= IN_MEMORY {
        let mut bytes = Vec::with_capacity(queued.len as usize);
        stream::implicit(input, &mut bytes)?;
        return Ok(Body::Bytes(bytes));
    }
    stream::implicit(input, BufWriter::new(File::create(scratch)?))?;
    Ok(Body::File { path: scratch.to_owned(), offset: 0, len: std::fs::metadata(scratch)?.len() })
}

fn whole(queued: &NewInstance) -> Result<Body, Box<dyn std::error::Error + Send + Sync>> {
    let object: InMemDicomObject = OpenFileOptions::new().read_preamble(ReadPreamble::Auto).open_file(&queued.path)?.into_inner();
    let mut body = Vec::new();
    object.write_dataset_with_ts(&mut body, &IMPLICIT_VR_LITTLE_ENDIAN.erased())?;
    Ok(Body::Bytes(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_stays_as_it_is() {
        let choices = |text: &str| -> Vec<String> { choices(&Uid::new(text).unwrap()).iter().map(ToString::to_string).collect() };
        assert_eq!(choices("1.2.840.10008.1.2.5"), ["1.2.840.10008.1.2.5"]);
        assert_eq!(choices("1.2.840.10008.1.2"), ["1.2.840.10008.1.2"]);
        assert_eq!(choices("1.2.840.10008.1.2.1"), ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"]);
        assert_eq!(choices("1.2.840.10008.1.2.2"), ["1.2.840.10008.1.2"]);
    }
}
