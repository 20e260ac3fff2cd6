//! DICOM data sets written: built element by element, encoded, wrapped as files, turned into another transfer
//! syntax.
//!
//! A [`DataSet`] is a plain tree. [`DataSet::encode`] hands it to dicom-object, which writes every data set
//! of this project. [`part10`] makes a DICOM file of an encoded instance, [`rle`] compresses frames,
//! [`transcode`] offers a stored file in another transfer syntax, [`uid`] derives unique identifiers from
//! content.
//!
//! Nothing here knows of radiotherapy, geometry or sockets. No type of a DICOM crate is in a public
//! signature.
//!
//! Units: none. Frame: none.

pub mod data_set;
pub mod decimal;
mod encode;
mod error;
pub mod part10;
mod path;
pub mod rle;
pub mod tags;
pub mod transcode;
mod transfer_syntax;
pub mod uid;
mod vr;

pub use data_set::{DataSet, Value};
pub use error::{PathError, TranscodeError, TranscodeErrorKind, WriteError, WriteErrorKind};
pub use path::Place;
pub use transfer_syntax::TransferSyntax;
pub use vr::Vr;
