//! Files and encodings: codes RT01xx.

codes! {
    /// The file is no DICOM file; the text names what it is.
    NOT_DICOM = 101;
    /// The file could not be opened or read.
    UNREADABLE_FILE = 102;
    /// The path is no regular file: a pipe, socket or device is never opened.
    NOT_A_REGULAR_FILE = 103;
    /// The file ends inside an element; the text gives the bytes expected and found.
    TRUNCATED = 104;
    /// An element or item header fits no DICOM encoding.
    DAMAGED_STRUCTURE = 105;
    /// Line ends were converted as if the file were text, which destroys it.
    LINE_ENDS_CONVERTED = 106;
    /// Sequences are nested deeper than 64 levels.
    NESTED_TOO_DEEP = 107;
    /// The file or its decoded values exceed a limit; refused before anything was allocated.
    TOO_LARGE = 108;
    /// The transfer syntax is not one this program reads.
    UNKNOWN_TRANSFER_SYNTAX = 109;
    /// The deflated data set cannot be inflated.
    BAD_DEFLATE = 110;
    /// The file has no preamble and DICM prefix.
    NO_PREAMBLE = 111;
    /// The file meta information is absent or states no transfer syntax; the encoding was recognised from the bytes.
    NO_FILE_META = 112;
    /// The data set is not encoded as the file meta information says; the encoding was recognised from the bytes.
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
    UNKNOWN_CHARACTER_SET = 119;
    /// Text does not fit the character set stated, or none is stated; it was read as Latin-1.
    UNDECODABLE_TEXT = 120;
    /// The object has no SOP Instance UID.
    NO_SOP_INSTANCE = 121;
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
    MISSING_ATTRIBUTE = 128;
    /// A required attribute has a value that cannot be used.
    UNUSABLE_VALUE = 129;
    /// A DICOMDIR: a directory of other files, skipped.
    DICOM_DIRECTORY = 130;
    /// Further findings of one code in the same file, counted but not listed.
    MORE_OF_THE_SAME = 131;
    /// The SOP class is private or unknown although the modality is one this program reads.
    UNKNOWN_SOP_CLASS = 132;
    /// Modality disagrees with the SOP class, which decides.
    MODALITY_DISAGREES = 133;
    /// The object has no SOP Class UID.
    NO_SOP_CLASS = 134;
    /// A symbolic link leads back to a folder above it and was not followed.
    SYMLINK_LOOP = 135;
    /// An attribute holds more values than its definition has, or fewer.
    VALUE_COUNT = 136;
    /// A symbolic link was not followed, as the user asked.
    LINK_NOT_FOLLOWED = 137;
}
