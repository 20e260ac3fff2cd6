//! Files and encodings: codes RT01xx.

use super::{Remedy, remedy};
use crate::provenance::Tag;

const ACCESS: Remedy = Remedy::Files("give this account the right to read the file, or leave it out");
const DAMAGED: Remedy =
    Remedy::Files("the file is damaged: copy it again in binary mode, or export it again");
const UNKNOWN_ORIGIN: Remedy =
    Remedy::Files("no planning system writes such a file: find out where it comes from");
const CHARACTER_SET: Remedy = Remedy::Attribute {
    tag: Tag::new(0x0008, 0x0005),
    text: "names may be wrong: compare them with the planning system, and set its character set to UTF-8",
};
const REQUIRED_ATTRIBUTE: Remedy = Remedy::ExportingSystem(
    "a required attribute is unusable: export the object again, or ask the maker of the planning system",
);
const READ_ONCE: Remedy = Remedy::Nothing("nothing to do: every file is read once");

codes! {
    otherwise Remedy::ExportingSystem("export the file again; if the planning system writes it so each time, tell its maker");

    /// The file is no DICOM file; the text names what it is.
    NOT_DICOM = 101 => remedy::NOT_PART_OF_A_CASE;
    /// The file could not be opened or read.
    UNREADABLE_FILE = 102 => ACCESS;
    /// The path is no regular file: a pipe, socket or device is never opened.
    NOT_A_REGULAR_FILE = 103 => ACCESS;
    /// The file ends inside an element; the text gives the bytes expected and found.
    TRUNCATED = 104 => DAMAGED;
    /// An element or item header fits no DICOM encoding.
    DAMAGED_STRUCTURE = 105 => DAMAGED;
    /// Line ends were converted as if the file were text, which destroys it.
    LINE_ENDS_CONVERTED = 106 => DAMAGED;
    /// Sequences are nested deeper than 64 levels.
    NESTED_TOO_DEEP = 107 => UNKNOWN_ORIGIN;
    /// The file or its decoded values exceed a limit; refused before anything was allocated.
    TOO_LARGE = 108 => UNKNOWN_ORIGIN;
    /// The transfer syntax is not one this program reads.
    UNKNOWN_TRANSFER_SYNTAX = 109 => remedy::UNCOMPRESSED;
    /// The deflated data set cannot be inflated.
    BAD_DEFLATE = 110 => DAMAGED;
    /// The file has no preamble and DICM prefix.
    NO_PREAMBLE = 111;
    /// The file meta information is absent or states no transfer syntax; the encoding was recognised from the
    /// bytes.
    NO_FILE_META = 112;
    /// The data set is not encoded as the file meta information says; the encoding was recognised from the
    /// bytes.
    WRONG_TRANSFER_SYNTAX = 113;
    /// Bytes follow the data set and were ignored.
    TRAILING_BYTES = 114;
    /// A value has an odd length.
    ODD_LENGTH = 115;
    /// An attribute occurs twice in one data set; the first is used.
    DUPLICATE_ATTRIBUTE = 116;
    /// A value longer than 65,534 bytes was written with its length cut to 16 bits.
    LENGTH_OVERFLOW = 117;
    /// A sequence item is encoded in implicit VR inside an explicit VR data set.
    MIXED_ENCODING = 118;
    /// Specific Character Set has a term this program does not know.
    UNKNOWN_CHARACTER_SET = 119 => CHARACTER_SET;
    /// Text does not fit the character set stated, or none is stated; it was read as Latin-1.
    UNDECODABLE_TEXT = 120 => CHARACTER_SET;
    /// The object has no SOP Instance UID.
    NO_SOP_INSTANCE = 121 => REQUIRED_ATTRIBUTE;
    /// A unique identifier breaks the rules of PS3.5 section 9.1; it is kept as written.
    INVALID_UID = 122;
    /// An optional number cannot be read and counts as absent.
    UNREADABLE_NUMBER = 123;
    /// A number is longer than its VR allows; it was read in full.
    LONG_NUMBER = 124;
    /// A whole number was written with decimals.
    INTEGER_WITH_DECIMALS = 125;
    /// A date or time is not one of the calendar or clock and counts as absent.
    UNREADABLE_DATE = 126;
    /// The object is of another kind than asked for.
    WRONG_OBJECT = 127;
    /// A required attribute is absent or empty.
    MISSING_ATTRIBUTE = 128 => REQUIRED_ATTRIBUTE;
    /// A required attribute has a value that cannot be used.
    UNUSABLE_VALUE = 129 => REQUIRED_ATTRIBUTE;
    /// A DICOMDIR: a directory of other files, skipped.
    DICOM_DIRECTORY = 130 => remedy::NOT_PART_OF_A_CASE;
    /// Further findings of one code in the same file, counted but not listed.
    MORE_OF_THE_SAME = 131;
    /// The SOP class is private or unknown although the modality is one this program reads.
    UNKNOWN_SOP_CLASS = 132 => Remedy::ExportingSystem("export it as the standard's RT Plan, RT Structure Set or RT Dose");
    /// Modality disagrees with the SOP class, which decides.
    MODALITY_DISAGREES = 133;
    /// The object has no SOP Class UID.
    NO_SOP_CLASS = 134 => REQUIRED_ATTRIBUTE;
    /// A symbolic link leads back to a folder above it and was not followed.
    SYMLINK_LOOP = 135 => READ_ONCE;
    /// An attribute holds more values than its definition has, or fewer.
    VALUE_COUNT = 136;
    /// A symbolic link was not followed, as the user asked.
    LINK_NOT_FOLLOWED = 137 => READ_ONCE;
}
