//! Another transfer syntax for a peer that does not take the file's own. Never with loss, and never from plain to compressed.
//!
//! Units: bytes. Frame: none.

use dicom_object::file::ReadPreamble;
use dicom_object::{InMemDicomObject, OpenFileOptions};
use dicom_transfer_syntax_registry::entries::IMPLICIT_VR_LITTLE_ENDIAN;
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;
use rt_net::uids::{DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE};
use rt_sql::queue::NewInstance;

/// The transfer syntaxes that a file in `own` can be sent in, the best first. What is plain can always become implicit VR little
/// endian, which every peer has to take; explicit VR is never made, since its 16-bit lengths do not hold every value. Deflated and big
/// endian files are always turned: hardly anybody takes the one, and the other is retired.
#[must_use]
pub fn choices(own: &Uid) -> Vec<Uid> {
    let implicit = Uid::new(IMPLICIT_LITTLE);
    match own.as_str() {
        EXPLICIT_LITTLE => std::iter::once(own.clone()).chain(implicit).collect(),
        DEFLATED | EXPLICIT_BIG => implicit.into_iter().collect(),
        _ => vec![own.clone()],
    }
}

/// The instance in implicit VR little endian. All of it is in memory meanwhile.
///
/// # Errors
/// Where the file can't be read or written anew.
pub fn implicit(queued: &NewInstance) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
    let object: InMemDicomObject = OpenFileOptions::new().read_preamble(ReadPreamble::Auto).open_file(&queued.path)?.into_inner();
    let mut body = Vec::new();
    object.write_dataset_with_ts(&mut body, &IMPLICIT_VR_LITTLE_ENDIAN.erased())?;
    Ok(EncodedInstance {
        sop_class: queued.sop_class.clone(),
        sop_instance: queued.sop_instance.clone(),
        transfer_syntax: Uid::new(IMPLICIT_LITTLE).ok_or("no transfer syntax")?,
        body: Body::Bytes(body),
    })
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
