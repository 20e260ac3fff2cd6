//! The named volume models.
//!
//! A preset never changes its meaning: results are stored with its name. What turns out better gets a name of its own.
//!
//! Units: none. Frame: none.

use rt_geometry::stack::{Between, Caps};
use rt_model::units::Mm;

/// A named volume model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Its name; ours carry their version.
    pub name: &'static str,
    /// Between planes.
    pub between: Between,
    /// At the ends of a run of planes.
    pub caps: Caps,
    /// For presets that imitate another system.
    pub emulation: Option<Emulation>,
}

/// Where what is known of another system comes from. None of this is its maker's word: such presets explain a number that differs, and
/// are experimental.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emulation {
    /// Rises when the imitation changes; stored with results.
    pub version: u32,
    /// The source.
    pub source: &'static str,
    /// Which table of that system it was tried against and how it did, or what it can't imitate.
    pub reproduces: &'static str,
}

/// What is known second-hand from pymedphys' summaries of two papers; the papers themselves were not at hand.
const SURVEY: &str = "second-hand: pymedphys' literature summaries of Pepin et al. 2022 and Penoncello et al. 2024";

const NO_TABLE: &str = "no table of that system was at hand";

const UNTRIED: &str = "not tried against its table yet";

const fn emulation(name: &'static str, between: Between, caps: Caps, source: &'static str, reproduces: &'static str) -> Preset {
    Preset { name, between, caps, emulation: Some(Emulation { version: 1, source, reproduces }) }
}

const fn ours(name: &'static str, between: Between, caps: Caps) -> Preset {
    Preset { name, between, caps, emulation: None }
}

/// All presets, ours first.
///
/// - `dosebridge-1`: planes reach half-way to their neighbours, ends have half a slice;
/// - `dosebridge-1-open`: the same without end caps;
/// - the others imitate another system's geometry, not how it samples dose ([`Emulation`]).
pub const PRESETS: [Preset; 10] = [
    ours("dosebridge-1", Between::Prism, Caps::HalfSlice),
    ours("dosebridge-1-open", Between::Prism, Caps::None),
    emulation("eclipse-8", Between::Interpolated, Caps::Rounded, SURVEY, UNTRIED),
    emulation("raystation", Between::Interpolated, Caps::HalfSlice, SURVEY, NO_TABLE),
    emulation("mim", Between::Prism, Caps::HalfSlice, SURVEY, NO_TABLE),
    emulation("proknow", Between::Prism, Caps::HalfSliceCapped(Mm(1.5)), SURVEY, NO_TABLE),
    emulation("mobius3d", Between::Prism, Caps::HalfSlice, SURVEY, NO_TABLE),
    emulation("pinnacle", Between::Prism, Caps::HalfSlice, SURVEY, NO_TABLE),
    emulation("cerr", Between::Prism, Caps::HalfSlice, SURVEY, UNTRIED),
    emulation("dicompyler", Between::Prism, Caps::HalfSlice, SURVEY, UNTRIED),
];

/// The names of all presets, ours first.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|preset| preset.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_keep_their_meaning() {
        let meaning = |name: &str| PRESETS.iter().find(|preset| preset.name == name).map(|preset| (preset.between, preset.caps));
        assert_eq!(meaning("dosebridge-1"), Some((Between::Prism, Caps::HalfSlice)));
        assert_eq!(meaning("dosebridge-1-open"), Some((Between::Prism, Caps::None)));
    }

    #[test]
    fn only_ours_are_no_emulations() {
        for preset in PRESETS {
            assert_eq!(preset.emulation.is_none(), preset.name.starts_with("dosebridge-"), "{}", preset.name);
            assert_eq!(names().filter(|name| *name == preset.name).count(), 1);
        }
    }
}
