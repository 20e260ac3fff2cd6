//! CT, MR and PT headers: codes RT05xx.

codes! {
    /// An image does not say where it lies: position, orientation or pixel spacing is absent or unusable.
    IMAGE_WITHOUT_GEOMETRY = 501;
    /// An image holds no pixels.
    IMAGE_WITHOUT_PIXELS = 502;
    /// Pixels of an image use their bits in an unusual way: High Bit is not Bits Stored minus 1.
    IMAGE_HIGH_BIT = 580;
    /// An image was compressed with loss.
    IMAGE_LOSSY = 581;
}
