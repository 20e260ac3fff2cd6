//! A picture in memory.
//!
//! Units: pixels. Frame: pixel coordinates: x along a row, y down the rows, the centre of the first pixel at
//! (0, 0).

/// Pixels of 8-bit red, green, blue, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green, blue of each pixel: `3 * width * height` bytes.
    pub rgb: Vec<u8>,
}

impl Canvas {
    /// A black picture.
    ///
    /// ```
    /// use rt_draw::canvas::Canvas;
    ///
    /// let canvas = Canvas::black(3, 2);
    /// assert_eq!(canvas.rgb.len(), 18);
    /// assert_eq!((canvas.at(2, 1), canvas.at(3, 1)), (Some([0; 3]), None));
    /// ```
    #[must_use]
    pub fn black(width: usize, height: usize) -> Self {
        Self { width, height, rgb: vec![0; 3 * width * height] }
    }

    /// Red, green and blue of the pixel in column `x` of row `y`; `None` outside.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        let at = (y * self.width + x) * 3;
        if x >= self.width { None } else { self.rgb.get(at..at + 3)?.try_into().ok() }
    }
}
