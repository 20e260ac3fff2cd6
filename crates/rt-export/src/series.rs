//! The instances of a product, made one by one when they are asked for.
//!
//! Units: none. Frame: none.

use crate::error::ExportError;
use crate::uid::{Content, SCHEMA_REV};
use rt_dicom::rle::{self, Pixel};
use rt_dicom::{DataSet, TransferSyntax, Value, Vr, tags};
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;

/// How an instance is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Implicit VR Little Endian: what every DICOM node takes.
    ImplicitLittle,
    /// Explicit VR Little Endian.
    ExplicitLittle,
    /// RLE Lossless; [`Self::ExplicitLittle`] for what has no pictures.
    Rle,
}

impl Syntax {
    /// Transfer Syntax UID.
    #[must_use]
    pub const fn uid(self) -> &'static str {
        self.transfer_syntax().uid()
    }

    const fn transfer_syntax(self) -> TransferSyntax {
        match self {
            Self::ImplicitLittle => TransferSyntax::ImplicitLittle,
            Self::ExplicitLittle => TransferSyntax::ExplicitLittle,
            Self::Rle => TransferSyntax::Rle,
        }
    }
}

/// Instances of one series. Nothing is kept of one that was made: any number of threads may ask for any of
/// them, in any order, and get the same bytes each time. Not to ask again is to cancel.
pub struct Series<'a> {
    pub(crate) sop_class: &'static str,
    pub(crate) series_instance: Uid,
    pub(crate) description: String,
    /// Short word for file names.
    pub(crate) name: &'static str,
    pub(crate) preferred: Syntax,
    pub(crate) length: usize,
    pub(crate) make: Box<dyn Fn(usize) -> Result<Made, ExportError> + Send + Sync + 'a>,
}

/// An instance before its identifier and encoding.
pub(crate) struct Made {
    pub(crate) data: DataSet,
    pub(crate) pixels: Option<Pixels>,
}

/// Pixels as they are stored plainly.
pub(crate) struct Pixels {
    /// Little endian, frame after frame.
    pub(crate) bytes: Vec<u8>,
    /// Bytes of a frame.
    pub(crate) frame: usize,
    /// Pixels of a row.
    pub(crate) row: usize,
    /// VR of plain Pixel Data.
    pub(crate) vr: Vr,
    /// Bytes of a pixel where it is a colour; others are not run-length encoded.
    pub(crate) colours: Option<usize>,
}

impl Series<'_> {
    /// Series Instance UID.
    #[must_use]
    pub const fn series_instance(&self) -> &Uid {
        &self.series_instance
    }

    /// SOP Class UID of its instances.
    #[must_use]
    pub const fn sop_class(&self) -> &'static str {
        self.sop_class
    }

    /// Series Description.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// A short word for file names.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Number of instances.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// There are no instances.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The encoding it is made for: run-length encoded pictures, plain doses, implicit VR for long contours.
    #[must_use]
    pub const fn preferred(&self) -> Syntax {
        self.preferred
    }

    /// Instance `at`, counted from 0, in the encoding the series is made for.
    ///
    /// # Errors
    /// Where an image cannot be read.
    ///
    /// # Panics
    /// Where there are fewer instances.
    pub fn instance(&self, at: usize) -> Result<EncodedInstance, ExportError> {
        self.instance_as(at, self.preferred)
    }

    /// Instance `at` in an encoding of the caller's choice. Its identifier does not depend on the encoding.
    ///
    /// # Errors
    /// As [`Self::instance`].
    ///
    /// # Panics
    /// As [`Self::instance`].
    pub fn instance_as(&self, at: usize, syntax: Syntax) -> Result<EncodedInstance, ExportError> {
        assert!(at < self.length, "the series has {} instances, not {at} and more", self.length);
        let Made { mut data, pixels } = (self.make)(at)?;
        data.text(tags::SOP_CLASS_UID, self.sop_class);
        let shown = pixels.as_ref().map_or(&[][..], |pixels| &pixels.bytes);
        let mut content = Content::of("instance", SCHEMA_REV);
        content.data_set("data set", &data, &[tags::SOFTWARE_VERSIONS]).bytes("pixels", shown);
        let sop_instance = content.uid();
        data.uid(tags::SOP_INSTANCE_UID, &sop_instance);
        let mut syntax = syntax;
        if let Some(pixels) = pixels {
            match pixels.colours.filter(|_| syntax == Syntax::Rle) {
                Some(planes) => {
                    let frames = pixels
                        .bytes
                        .chunks(pixels.frame)
                        .map(|frame| rle::frame(frame, Pixel::Samples(planes), pixels.row));
                    data.put(tags::PIXEL_DATA, Value::Fragments(frames.collect()));
                }
                None => {
                    syntax = if syntax == Syntax::Rle { Syntax::ExplicitLittle } else { syntax };
                    data.put_as(tags::PIXEL_DATA, pixels.vr, Value::Bytes(pixels.bytes));
                }
            }
        } else if syntax == Syntax::Rle {
            syntax = Syntax::ExplicitLittle;
        }
        let syntax = syntax.transfer_syntax();
        Ok(EncodedInstance {
            sop_class: Uid::new(self.sop_class).expect("a constant of the standard"),
            sop_instance,
            transfer_syntax: syntax.to_uid(),
            body: Body::Bytes(data.encode(syntax)?),
        })
    }

    /// All instances in order, each made when it is its turn.
    pub fn instances(&self) -> impl Iterator<Item = Result<EncodedInstance, ExportError>> + '_ {
        (0..self.length).map(|at| self.instance(at))
    }
}
