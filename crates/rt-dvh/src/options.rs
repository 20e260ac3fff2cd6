//! What a DVH was computed with, stored with every result.
//!
//! Units: Gy and mm as the fields say. Frame: none.

use rt_geometry::stack::{Between, Caps, StackOptions};
use rt_model::units::{Gy, Mm};
use std::fmt;

/// How a DVH is computed. There is no default: take a named preset.
#[derive(Debug, Clone, PartialEq)]
pub struct DvhOptions {
    /// The preset's name with its version.
    pub preset: &'static str,
    /// Between planes.
    pub between: Between,
    /// At the ends of a run of planes.
    pub caps: Caps,
    /// Width of a bin of the stored curve.
    pub bin: Gy,
    /// Partly covered cells are cut into sub-cells of at most this size where dose is steep; small regions into finer ones.
    pub sub_cell: Mm,
}

/// The presets there are, by name.
pub const PRESETS: [&str; 2] = ["dosebridge-1", "dosebridge-1-open"];

impl DvhOptions {
    /// The options of a named preset:
    ///
    /// - `dosebridge-1`: planes reach half-way to their neighbours, ends have half a slice;
    /// - `dosebridge-1-open`: the same without end caps.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let of = |preset, caps| Self { preset, between: Between::Prism, caps, bin: Gy(0.01), sub_cell: Mm(0.65) };
        match name {
            "dosebridge-1" => Some(of(PRESETS[0], Caps::HalfSlice)),
            "dosebridge-1-open" => Some(of(PRESETS[1], Caps::None)),
            _ => None,
        }
    }

    /// The volume model's part of these options; `fallback` is the structure set's nominal spacing
    /// ([`rt_geometry::stack::nominal_spacing`]).
    #[must_use]
    pub const fn stack(&self, fallback: Option<Mm>) -> StackOptions {
        StackOptions { between: self.between, caps: self.caps, fallback_thickness: fallback }
    }
}

/// One line that names every option, to be stored with a result.
impl fmt::Display for DvhOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = match self.between {
            Between::Prism => "prism",
            _ => "unknown",
        };
        let caps = match self.caps {
            Caps::None => "none",
            Caps::HalfSlice => "half-slice",
            _ => "unknown",
        };
        write!(f, "{} between={between} caps={caps} bin={} sub-cell={}", self.preset, self.bin, self.sub_cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_go_by_their_names() {
        for name in PRESETS {
            assert_eq!(DvhOptions::preset(name).unwrap().preset, name);
        }
        assert_eq!(DvhOptions::preset("default"), None);
        let line = DvhOptions::preset("dosebridge-1").unwrap().to_string();
        assert_eq!(line, "dosebridge-1 between=prism caps=half-slice bin=0.01 Gy sub-cell=0.65 mm");
    }
}
