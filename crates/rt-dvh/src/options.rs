//! What a DVH was computed with, stored with every result.
//!
//! Units: Gy and mm as the fields say. Frame: none.

use crate::preset::PRESETS;
use rt_geometry::stack::{Between, Caps, Neighbours, PlaneRules, StackOptions};
use rt_model::units::{Gy, Mm};
use std::fmt;
use std::str::FromStr;

/// How a DVH is computed. There is no default: take a named preset.
#[derive(Debug, Clone, PartialEq)]
pub struct DvhOptions {
    /// The preset's name with its version.
    pub preset: &'static str,
    /// From contours to planes.
    pub planes: PlaneRules,
    /// Between planes.
    pub between: Between,
    /// At the ends of a run of planes.
    pub caps: Caps,
    /// Width of a bin of the stored curve.
    pub bin: Gy,
    /// Partly covered cells are cut into sub-cells of at most this size where dose is steep; small regions
    /// into finer ones.
    pub sub_cell: Mm,
}

impl DvhOptions {
    /// The options of a preset named in [`crate::preset::PRESETS`].
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhOptions;
    ///
    /// assert_eq!(DvhOptions::preset("dosebridge-1").unwrap().bin.0, 0.01);
    /// assert_eq!(DvhOptions::preset("unheard of"), None);
    /// ```
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let preset = PRESETS.iter().find(|preset| preset.name == name)?;
        Some(Self {
            preset: preset.name,
            planes: preset.planes,
            between: preset.between,
            caps: preset.caps,
            bin: Gy(0.01),
            sub_cell: Mm(0.65),
        })
    }

    /// The volume model's part of these options, for a ROI among the others of its structure set
    /// ([`rt_geometry::stack::StructurePlanes`]); without neighbours it is looked at alone.
    ///
    /// # Example
    /// ```
    /// let stack = rt_dvh::example::options().stack(None);
    /// assert_eq!((stack.between.to_string(), stack.caps.to_string()), ("prism".to_owned(), "half-slice".to_owned()));
    /// assert_eq!(stack.planes.to_string(), "2");
    /// ```
    #[must_use]
    pub const fn stack<'s>(&self, neighbours: Option<Neighbours<'s>>) -> StackOptions<'s> {
        let alone = StackOptions::new(self.between, self.caps).with_planes(self.planes);
        match neighbours {
            Some(neighbours) => alone.with_neighbours(neighbours),
            None => alone,
        }
    }
}

/// One line that names every option, to be stored with a result; reading it gives the options back.
///
/// ```
/// use rt_dvh::DvhOptions;
///
/// let options = DvhOptions::preset("dosebridge-2").unwrap();
/// let line = options.to_string();
/// assert_eq!(line, "dosebridge-2 planes=2 between=prism caps=half-slice bin=0.01 Gy sub-cell=0.65 mm");
/// assert_eq!(line.parse(), Ok(options));
/// ```
impl fmt::Display for DvhOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.preset)?;
        if let Some(emulation) =
            PRESETS.iter().find(|preset| preset.name == self.preset).and_then(|preset| preset.emulation)
        {
            // Before there were rules to choose from, imitations were of the first version.
            let version = if self.planes == PlaneRules::Version1 { 1 } else { emulation.version };
            write!(f, " experimental={version}")?;
        }
        if self.planes != PlaneRules::Version1 {
            write!(f, " planes={}", self.planes)?;
        }
        write!(f, " between={} caps={} bin={} sub-cell={}", self.between, self.caps, self.bin, self.sub_cell)
    }
}

/// A line that is not one of options, or one of a preset that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected DVH options, found {0:?}")]
pub struct ParseOptionsError(String);

impl FromStr for DvhOptions {
    type Err = ParseOptionsError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (name, rest) = line.split_once(' ')?;
            let (rules, rest) = rest.split_once("between=")?;
            let planes = match rules.split_once("planes=") {
                Some((_, version)) => version.strip_suffix(' ')?.parse().ok()?,
                None => PlaneRules::Version1,
            };
            let (between, rest) = rest.split_once(" caps=")?;
            let (caps, rest) = rest.split_once(" bin=")?;
            let (bin, sub_cell) = rest.split_once(" Gy sub-cell=")?;
            Some(Self {
                planes,
                between: between.parse().ok()?,
                caps: caps.parse().ok()?,
                bin: Gy(bin.parse().ok()?),
                sub_cell: Mm(sub_cell.strip_suffix(" mm")?.parse().ok()?),
                ..Self::preset(name)?
            })
        };
        read().filter(|options| options.to_string() == line).ok_or_else(|| ParseOptionsError(line.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_options() -> impl Strategy<Value = DvhOptions> {
        let width = || prop_oneof![1e-6f64..1e-3, 1e-3f64..10.0, f64::MIN_POSITIVE..=f64::MAX];
        let caps = prop_oneof![
            Just(Caps::None),
            Just(Caps::HalfSlice),
            prop_oneof![Just(0.0), width()].prop_map(|mm| Caps::HalfSliceCapped(Mm(mm))),
            Just(Caps::Rounded),
        ];
        let between = prop_oneof![Just(Between::Prism), Just(Between::Interpolated)];
        let planes = prop_oneof![Just(PlaneRules::Version1), Just(PlaneRules::Version2)];
        (0..PRESETS.len(), planes, between, caps, width(), width()).prop_map(
            |(preset, planes, between, caps, bin, sub_cell)| DvhOptions {
                preset: PRESETS[preset].name,
                planes,
                between,
                caps,
                bin: Gy(bin),
                sub_cell: Mm(sub_cell),
            },
        )
    }

    proptest! {
        #[test]
        fn all_options_read_back_as_written(options in any_options(), other in any_options()) {
            let line = options.to_string();
            prop_assert_eq!(line.parse(), Ok(options.clone()));
            prop_assert_eq!(line == other.to_string(), options == other);
        }
    }

    #[test]
    fn presets_go_by_their_names() {
        for name in crate::preset::names() {
            let options = DvhOptions::preset(name).unwrap();
            assert_eq!(options.preset, name);
            assert_eq!(options.to_string().parse(), Ok(options));
        }
        assert_eq!(DvhOptions::preset("default"), None);
        let line = DvhOptions::preset("proknow").unwrap().to_string();
        assert_eq!(
            line,
            "proknow experimental=2 planes=2 between=prism caps=half-slice-capped(1.5 mm) bin=0.01 Gy sub-cell=0.65 mm"
        );
        let stored = "proknow experimental=1 between=prism caps=half-slice-capped(1.5 mm) bin=0.01 Gy sub-cell=0.65 mm";
        assert_eq!(
            stored.parse::<DvhOptions>().unwrap().planes,
            PlaneRules::Version1,
            "what is stored reads"
        );
    }

    #[test]
    fn changed_options_are_read_back_and_other_lines_are_not() {
        let options =
            DvhOptions { bin: Gy(0.05), caps: Caps::None, ..DvhOptions::preset("dosebridge-1").unwrap() };
        assert_eq!(options.to_string().parse(), Ok(options));
        for wrong in [
            "",
            "dosebridge-1",
            "dosebridge-1 between=prism caps=half-slice bin=0.01 Gy sub-cell=0.65 mm and more",
        ] {
            assert!(wrong.parse::<DvhOptions>().is_err(), "{wrong}");
        }
    }
}
