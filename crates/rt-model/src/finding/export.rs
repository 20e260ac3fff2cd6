//! Export: codes RT09xx.

use super::remedy;

codes! {
    otherwise remedy::SEE_PAGE;

    /// An image of the series is no slice of the stack and is left out: another orientation or size, no
    /// position.
    IMAGE_LEFT_OUT = 901;
    /// Slices are missing between others.
    SLICES_MISSING = 902;
    /// Slices are shifted along their planes, as with a tilted gantry.
    SLICES_SHIFTED = 903;
    /// No planning images: products lie on the dose grid's own planes.
    NO_IMAGES = 904;
    /// A part of the dose above the lowest shown level lies beyond the images.
    DOSE_BEYOND_IMAGES = 905;
    /// Contours lie on no slice, between slices or across them: their outlines are not drawn there.
    OUTLINES_LEFT_OUT = 906;
    /// The font of pictures and reports has no glyph for a character; it is shown as a box.
    MISSING_GLYPH = 950;
}
