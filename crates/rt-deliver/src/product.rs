//! What can be made of a dose.
//!
//! Units: none. Frame: none.

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// Colour-wash pictures, one object for each slice.
    Wash,
    /// Colour-wash pictures, one object of many frames.
    WashMultiframe,
    /// The dose in gray on the images.
    Quant,
    /// The report.
    Pdf,
    /// Isodose volumes.
    Isodose,
    /// Pictures as PNG files.
    Png,
    /// The DVHs as an SVG file.
    Svg,
    /// DVHs and their numbers as CSV files.
    Csv,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Wash,
        Self::WashMultiframe,
        Self::Quant,
        Self::Pdf,
        Self::Isodose,
        Self::Png,
        Self::Svg,
        Self::Csv,
    ];

    /// Its name in commands and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wash => "wash",
            Self::WashMultiframe => "wash-multiframe",
            Self::Quant => "quant",
            Self::Pdf => "pdf",
            Self::Isodose => "isodose",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }

    /// The product of this name.
    ///
    /// ```
    /// use rt_deliver::Product;
    ///
    /// assert_eq!(Product::parse("wash"), Some(Product::Wash));
    /// assert!(Product::ALL.iter().all(|product| Product::parse(product.as_str()) == Some(*product)));
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.as_str() == name)
    }

    /// It is a DICOM object; others are plain files.
    #[must_use]
    pub const fn is_dicom(self) -> bool {
        !matches!(self, Self::Png | Self::Svg | Self::Csv)
    }
}
