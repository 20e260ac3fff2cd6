//! A DICOM object ready to be sent or written: who makes it and who carries it need not know each other.
//!
//! Units: bytes.
//! Frame: none.

use std::path::PathBuf;

use crate::uid::Uid;

/// An encoded SOP instance: its data set, without preamble and file meta information (PS3.10 section 7.1), in
/// one transfer syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedInstance {
    /// SOP Class UID (0008,0016).
    pub sop_class: Uid,
    /// SOP Instance UID (0008,0018).
    pub sop_instance: Uid,
    /// The transfer syntax that the body is encoded in.
    pub transfer_syntax: Uid,
    /// The data set.
    pub body: Body,
}

/// Where the bytes of a data set are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file, so that a large object need not pass through memory whole.
    File {
        /// The file.
        path: PathBuf,
        /// Where the data set begins, in bytes from the file's start: behind the file meta information.
        offset: u64,
        /// How long the data set is, in bytes.
        len: u64,
    },
}

impl Body {
    /// The data set's length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { len, .. } => *len,
        }
    }

    /// Whether the data set has no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    #[test]
    fn a_body_in_a_file_has_the_length_of_its_data_set() {
        let body = Body::File { path: "ct.dcm".into(), offset: 340, len: 12 };
        assert_eq!(body.len(), 12);
        assert!(Body::Bytes(Vec::new()).is_empty());
    }
}
