//! CT, MR and PT headers: codes RT05xx.

use super::Remedy;

codes! {
    otherwise Remedy::ExportingSystem("export the planning images again; they never change a number");

    /// An image does not say where it lies: position, orientation or pixel spacing is absent or unusable.
    IMAGE_WITHOUT_GEOMETRY = 501;
    /// An image holds no pixels.
    IMAGE_WITHOUT_PIXELS = 502;
    /// An image of the planning stack is missing.
    IMAGE_MISSING = 550;
    /// Two planning images lie at one place.
    IMAGE_REPEATED = 551;
    /// The planning images lie at distances of several kinds.
    IMAGE_SPACING_MIXED = 552;
    /// The planning images lean: they were taken with a tilted gantry.
    GANTRY_TILTED = 553;
    /// Several phases lie at the same places: which one the plan was made on can't be told.
    SEVERAL_PHASES = 554;
    /// The planning images have several orientations.
    IMAGES_NOT_PARALLEL = 555;
    /// Pixels of an image use their bits in an unusual way: High Bit is not Bits Stored minus 1.
    IMAGE_HIGH_BIT = 580;
    /// An image was compressed with loss.
    IMAGE_LOSSY = 581;
}
