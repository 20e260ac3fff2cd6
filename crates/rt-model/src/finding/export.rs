//! Export: codes RT09xx.

codes! {
    /// The font of pictures and reports has no glyph for a character; it is shown as a box.
    MISSING_GLYPH = 950;
}
