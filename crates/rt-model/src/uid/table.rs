//! The one table of the standard's identifiers that this project names (PS3.6 annex A).
//!
//! Units: none. Frame: none.

/// SOP classes (PS3.4 B.5, and the services).
pub mod sop_class {
    /// Verification.
    pub const VERIFICATION: &str = "1.2.840.10008.1.1";
    /// Media Storage Directory Storage (DICOMDIR).
    pub const MEDIA_DIRECTORY: &str = "1.2.840.10008.1.3.10";
    /// Storage Commitment Push Model.
    pub const STORAGE_COMMITMENT: &str = "1.2.840.10008.1.20.1";
    /// Detached Study Management, retired: the class that systems write for the study that a structure set
    /// refers to.
    pub const DETACHED_STUDY_MANAGEMENT: &str = "1.2.840.10008.3.1.2.3.1";
    /// Patient Root Query/Retrieve Information Model - FIND.
    pub const PATIENT_ROOT_FIND: &str = "1.2.840.10008.5.1.4.1.2.1.1";
    /// Study Root Query/Retrieve Information Model - FIND.
    pub const STUDY_ROOT_FIND: &str = "1.2.840.10008.5.1.4.1.2.2.1";

    /// The prefix of the standard's storage classes; private classes have others.
    pub const STORAGE_PREFIX: &str = "1.2.840.10008.5.1.4.1.1.";
    /// CT Image Storage.
    pub const CT_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.2";
    /// MR Image Storage.
    pub const MR_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.4";
    /// Secondary Capture Image Storage.
    pub const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
    /// Multi-frame True Color Secondary Capture Image Storage.
    pub const MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7.4";
    /// Encapsulated PDF Storage.
    pub const ENCAPSULATED_PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
    /// Positron Emission Tomography Image Storage.
    pub const PET_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.128";
    /// RT Dose Storage.
    pub const RT_DOSE: &str = "1.2.840.10008.5.1.4.1.1.481.2";
    /// RT Structure Set Storage.
    pub const RT_STRUCTURE_SET: &str = "1.2.840.10008.5.1.4.1.1.481.3";
    /// RT Plan Storage.
    pub const RT_PLAN: &str = "1.2.840.10008.5.1.4.1.1.481.5";
    /// RT Ion Plan Storage.
    pub const RT_ION_PLAN: &str = "1.2.840.10008.5.1.4.1.1.481.8";
}

/// Transfer syntaxes (PS3.5 section 10 and annex A).
pub mod transfer_syntax {
    /// Implicit VR Little Endian, which every node must accept (PS3.5 section 10.1); also the prefix of the
    /// standard's transfer syntaxes.
    pub const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
    /// Explicit VR Little Endian.
    pub const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
    /// Encapsulated Uncompressed Explicit VR Little Endian.
    pub const ENCAPSULATED_UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";
    /// Deflated Explicit VR Little Endian.
    pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
    /// Explicit VR Big Endian, retired.
    pub const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";
    /// The prefix of JPEG, JPEG-LS, JPEG 2000 and video.
    pub const JPEG_PREFIX: &str = "1.2.840.10008.1.2.4.";
    /// JPEG Baseline (Process 1).
    pub const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
    /// JPEG Lossless, Non-Hierarchical (Process 14).
    pub const JPEG_LOSSLESS: &str = "1.2.840.10008.1.2.4.57";
    /// JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14, Selection Value 1).
    pub const JPEG_LOSSLESS_FIRST_ORDER: &str = "1.2.840.10008.1.2.4.70";
    /// JPEG 2000 Image Compression (Lossless Only).
    pub const JPEG_2000_LOSSLESS: &str = "1.2.840.10008.1.2.4.90";
    /// RLE Lossless.
    pub const RLE: &str = "1.2.840.10008.1.2.5";
}

/// The prefix of everything that the standard registers.
pub const STANDARD_PREFIX: &str = "1.2.840.10008.";
/// The DICOM application context name (PS3.7 annex A).
pub const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";
/// The well-known SOP instance of the Storage Commitment Push Model.
pub const STORAGE_COMMITMENT_INSTANCE: &str = "1.2.840.10008.1.20.1.1";

#[cfg(all(test, feature = "dicom"))]
mod tests {
    use super::{sop_class, transfer_syntax};
    use dicom_dictionary_std::uids;

    #[test]
    fn the_table_is_the_dictionarys() {
        for (own, dictionarys) in [
            (sop_class::VERIFICATION, uids::VERIFICATION),
            (sop_class::MEDIA_DIRECTORY, uids::MEDIA_STORAGE_DIRECTORY_STORAGE),
            (sop_class::STORAGE_COMMITMENT, uids::STORAGE_COMMITMENT_PUSH_MODEL),
            (sop_class::PATIENT_ROOT_FIND, uids::PATIENT_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND),
            (sop_class::STUDY_ROOT_FIND, uids::STUDY_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND),
            (sop_class::CT_IMAGE, uids::CT_IMAGE_STORAGE),
            (sop_class::MR_IMAGE, uids::MR_IMAGE_STORAGE),
            (sop_class::SECONDARY_CAPTURE, uids::SECONDARY_CAPTURE_IMAGE_STORAGE),
            (
                sop_class::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE,
                uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE,
            ),
            (sop_class::ENCAPSULATED_PDF, uids::ENCAPSULATED_PDF_STORAGE),
            (sop_class::PET_IMAGE, uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE),
            (sop_class::RT_DOSE, uids::RT_DOSE_STORAGE),
            (sop_class::RT_STRUCTURE_SET, uids::RT_STRUCTURE_SET_STORAGE),
            (sop_class::RT_PLAN, uids::RT_PLAN_STORAGE),
            (sop_class::RT_ION_PLAN, uids::RT_ION_PLAN_STORAGE),
            (transfer_syntax::IMPLICIT_LITTLE, uids::IMPLICIT_VR_LITTLE_ENDIAN),
            (transfer_syntax::EXPLICIT_LITTLE, uids::EXPLICIT_VR_LITTLE_ENDIAN),
            (
                transfer_syntax::ENCAPSULATED_UNCOMPRESSED,
                uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN,
            ),
            (transfer_syntax::DEFLATED, uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
            (transfer_syntax::JPEG_BASELINE, uids::JPEG_BASELINE8_BIT),
            (transfer_syntax::JPEG_LOSSLESS, uids::JPEG_LOSSLESS),
            (transfer_syntax::JPEG_LOSSLESS_FIRST_ORDER, uids::JPEG_LOSSLESS_SV1),
            (transfer_syntax::JPEG_2000_LOSSLESS, uids::JPEG2000_LOSSLESS),
            (transfer_syntax::RLE, uids::RLE_LOSSLESS),
            (super::APPLICATION_CONTEXT, uids::DICOM_APPLICATION_CONTEXT),
            (super::STORAGE_COMMITMENT_INSTANCE, uids::STORAGE_COMMITMENT_PUSH_MODEL_INSTANCE),
        ] {
            assert_eq!(own, dictionarys);
        }
    }
}
