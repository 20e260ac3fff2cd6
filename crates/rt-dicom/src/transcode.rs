//! Another transfer syntax for a peer that does not take the file's own. Never with loss, and never from
//! plain to compressed.
//!
//! Units: bytes. Frame: none.

mod stream;

use crate::error::{TranscodeError, TranscodeErrorKind};
use crate::transfer_syntax::TransferSyntax;
use dicom_encoding::TransferSyntaxIndex;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::provenance::Provenance;
use rt_model::uid::Uid;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// The transfer syntaxes that a file in `own` can be sent in, the best first. What is plain can always become
/// implicit VR little endian, which every peer has to take; explicit VR is never made, since its 16-bit
/// lengths do not hold every value. Deflated and big endian files are always turned: hardly anybody takes the
/// one, and the other is retired.
#[must_use]
pub fn choices(own: &Uid) -> Vec<Uid> {
    match TransferSyntax::of(own) {
        Some(TransferSyntax::ExplicitLittle) => vec![own.clone(), TransferSyntax::ImplicitLittle.to_uid()],
        Some(TransferSyntax::Deflated | TransferSyntax::ExplicitBig) => {
            vec![TransferSyntax::ImplicitLittle.to_uid()]
        }
        _ => vec![own.clone()],
    }
}

/// What is larger is turned in a file, not in memory.
const IN_MEMORY: u64 = 8 << 20;

/// The instance in implicit VR little endian, in memory or, where it is large, in the file `scratch`.
/// Deflated and big endian objects, and those with sequences of unknown value representation, are in memory
/// as a whole meanwhile.
///
/// # Errors
/// Where the instance is in a transfer syntax that is not read here or its bytes are not a data set in it,
/// where its file cannot be read or `scratch` not be written.
pub fn implicit(instance: &EncodedInstance, scratch: &Path) -> Result<EncodedInstance, TranscodeError> {
    let explicit = TransferSyntax::of(&instance.transfer_syntax) == Some(TransferSyntax::ExplicitLittle);
    let streamed = if explicit { streamed(instance, scratch) } else { Err(ErrorKind::Unsupported.into()) };
    let body = match streamed {
        Ok(body) => body,
        Err(error) if error.kind() == ErrorKind::Unsupported => whole(instance)?,
        Err(error) => return Err(failed(instance, error)),
    };
    let (sop_class, sop_instance) = (instance.sop_class.clone(), instance.sop_instance.clone());
    Ok(EncodedInstance {
        sop_class,
        sop_instance,
        transfer_syntax: TransferSyntax::ImplicitLittle.to_uid(),
        body,
    })
}

fn streamed(instance: &EncodedInstance, scratch: &Path) -> io::Result<Body> {
    let input = open(&instance.body)?;
    let length = instance.body.len();
    if length <= IN_MEMORY {
        let mut bytes = Vec::with_capacity(length as usize);
        stream::implicit(input, &mut bytes)?;
        return Ok(Body::Bytes(bytes));
    }
    stream::implicit(input, BufWriter::new(File::create(scratch)?))?;
    Ok(Body::File { path: scratch.to_owned(), offset: 0, len: std::fs::metadata(scratch)?.len() })
}

/// Reads the data set.
fn open(body: &Body) -> io::Result<Box<dyn Read + '_>> {
    Ok(match body {
        Body::Bytes(bytes) => Box::new(bytes.as_slice()),
        Body::File { path, offset, len } => {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(*offset))?;
            Box::new(BufReader::new(file.take(*len)))
        }
    })
}

fn whole(instance: &EncodedInstance) -> Result<Body, TranscodeError> {
    let known = TransferSyntaxRegistry.get(instance.transfer_syntax.as_str()).ok_or_else(|| {
        let detail = "expected a transfer syntax that can be read, found another";
        TranscodeError::new(TranscodeErrorKind::TransferSyntax, at(instance), detail)
    })?;
    let damaged = |detail| TranscodeError::new(TranscodeErrorKind::Damaged, at(instance), detail);
    let input = open(&instance.body).map_err(|error| failed(instance, error))?;
    let object = InMemDicomObject::read_dataset_with_ts(input, known).map_err(|error| {
        damaged("expected a data set in the transfer syntax stated, found none").caused(error)
    })?;
    let implicit =
        TransferSyntaxRegistry.get(TransferSyntax::ImplicitLittle.uid()).expect("the registry has it");
    let mut body = Vec::new();
    object
        .write_dataset_with_ts(&mut body, implicit)
        .map_err(|error| damaged("the data set cannot be written in implicit VR").caused(error))?;
    Ok(Body::Bytes(body))
}

fn failed(instance: &EncodedInstance, error: io::Error) -> TranscodeError {
    let (kind, detail) = match error.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
            (TranscodeErrorKind::Damaged, "expected a data set in explicit VR little endian, found none")
        }
        _ => (TranscodeErrorKind::File, "the file cannot be read, or not be written anew"),
    };
    TranscodeError::new(kind, at(instance), detail).caused(error)
}

fn at(instance: &EncodedInstance) -> Provenance {
    let file = match &instance.body {
        Body::File { path, .. } => Some(path.clone()),
        Body::Bytes(_) => None,
    };
    Provenance { file, sop_instance: Some(instance.sop_instance.clone()), ..Provenance::unknown() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataSet, Value, tags};

    #[test]
    fn what_is_compressed_stays_as_it_is() {
        let choices = |text: &str| -> Vec<String> {
            choices(&Uid::new(text).unwrap()).iter().map(ToString::to_string).collect()
        };
        assert_eq!(choices("1.2.840.10008.1.2.5"), ["1.2.840.10008.1.2.5"]);
        assert_eq!(choices("1.2.840.10008.1.2"), ["1.2.840.10008.1.2"]);
        assert_eq!(choices("1.2.840.10008.1.2.1"), ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"]);
        assert_eq!(choices("1.2.840.10008.1.2.2"), ["1.2.840.10008.1.2"]);
    }

    fn instance(syntax: TransferSyntax, bytes: Vec<u8>) -> EncodedInstance {
        let uid = |text| Uid::new(text).unwrap();
        let (sop_class, sop_instance) = (uid("1.2.840.10008.5.1.4.1.1.2"), uid("2.25.1"));
        EncodedInstance {
            sop_class,
            sop_instance,
            transfer_syntax: syntax.to_uid(),
            body: Body::Bytes(bytes),
        }
    }

    fn data() -> DataSet {
        let mut item = DataSet::default();
        item.text(tags::CODE_MEANING, "Größe");
        let mut data = DataSet::default();
        data.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .items(tags::PROCEDURE_CODE_SEQUENCE, [item])
            .text(tags::PATIENT_NAME, "Müller")
            .decimals(tags::PIXEL_SPACING, [0.5, 2.0])
            .short(tags::ROWS, 2)
            .put(tags::PIXEL_DATA, Value::Words(vec![1, 2, 3, 4]));
        data
    }

    #[test]
    fn every_plain_transfer_syntax_becomes_the_same_implicit_one() {
        let expected = data().encode(TransferSyntax::ImplicitLittle).unwrap();
        for syntax in [TransferSyntax::ExplicitLittle, TransferSyntax::ExplicitBig, TransferSyntax::Deflated]
        {
            let turned =
                implicit(&instance(syntax, data().encode(syntax).unwrap()), Path::new("unused")).unwrap();
            assert_eq!(turned.transfer_syntax.as_str(), TransferSyntax::ImplicitLittle.uid());
            assert_eq!(turned.body, Body::Bytes(expected.clone()), "{syntax:?}");
        }
    }

    #[test]
    fn errors_say_whether_the_instance_or_the_disk_is_at_fault() {
        let mut cut = data().encode(TransferSyntax::ExplicitLittle).unwrap();
        cut.truncate(cut.len() - 3);
        let damaged =
            implicit(&instance(TransferSyntax::ExplicitLittle, cut), Path::new("unused")).unwrap_err();
        assert_eq!(damaged.kind(), TranscodeErrorKind::Damaged);
        let mut missing = instance(TransferSyntax::ExplicitLittle, Vec::new());
        missing.body = Body::File { path: "no/such/file.dcm".into(), offset: 0, len: 1 };
        let missing = implicit(&missing, Path::new("unused")).unwrap_err();
        assert_eq!(missing.kind(), TranscodeErrorKind::File);
        assert!(missing.to_string().starts_with("no/such/file.dcm [2.25.1]: "), "{missing}");
    }
}
