//! Value representations by their two letters (PS3.5 section 6.2), for those who read headers of elements
//! and those who write them.
//!
//! Units: none. Frame: none.

/// Explicit VR states the length of such a value in 16 bits, and of all others in 32 (PS3.5 section 7.1.2).
/// Letters that no edition defines yet have the long form.
///
/// ```
/// use rt_model::vr::has_short_length;
///
/// assert!(has_short_length(*b"DS"));
/// assert!(!has_short_length(*b"OW"));
/// assert!(!has_short_length(*b"ZZ"));
/// ```
#[must_use]
pub const fn has_short_length(letters: [u8; 2]) -> bool {
    matches!(
        &letters,
        b"AE"
            | b"AS"
            | b"AT"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"FD"
            | b"FL"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"SL"
            | b"SS"
            | b"ST"
            | b"TM"
            | b"UI"
            | b"UL"
            | b"US"
    )
}
