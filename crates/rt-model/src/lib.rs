//! What a matched radiotherapy case is, how DICOM instances become one, and the pure rules that derive its
//! columns.
//!
//! The plain types stand alone; the reader of DICOM files is the module `read` behind the feature `dicom` (on
//! by default). Nothing here knows of geometry algorithms, histograms, SQL, sockets, async, configuration
//! files, clocks or logging.
//!
//! Units: newtypes in [`units`]. Frame: named by the types of [`frame`].

pub mod approval;
pub mod attribute;
pub mod brachy;
pub mod case;
pub mod chain;
pub mod control_point;
pub mod date;
pub mod derive;
pub mod dose;
pub mod encoded;
pub mod finding;
pub mod frame;
pub mod grid;
pub mod identity;
pub mod image;
pub mod instance;
mod instance_info;
pub mod matching;
pub mod patient;
pub mod plan;
pub mod provenance;
#[cfg(feature = "dicom")]
pub mod read;
pub mod structure_set;
pub mod uid;
pub mod units;
pub mod vr;
