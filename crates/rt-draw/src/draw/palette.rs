//! Which levels are shown, and in which colours.
//!
//! With a settled prescription the levels are percent of it, otherwise round doses. Percent of the maximum is
//! never used: it depends on one voxel.
//!
//! Units: levels in the case's dose unit. Frame: none.

use crate::style::Level;

/// A set of colours for dose levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Palette {
    /// Blue over green and yellow to red: the order that planning systems use.
    Standard,
    /// Three fixed levels: 18, 12 and 8 Gy in red, green and blue.
    Mim3,
    /// Blue over pale to dark red, distinguishable with any colour vision (Paul Tol's "sunset", SRON
    /// technical note EPS/TN/09-002, 2021).
    ColourBlindSafe,
}

/// Percent of the prescription that are shown.
const PERCENT: [f64; 8] = [20.0, 35.0, 50.0, 65.0, 80.0, 95.0, 100.0, 107.0];

/// About as many levels as these are shown without a prescription.
const ROUND_LEVELS: f64 = 7.0;

const STANDARD: [[u8; 3]; 8] = [
    [70, 110, 255],
    [0, 185, 255],
    [0, 225, 190],
    [60, 225, 60],
    [225, 235, 30],
    [255, 165, 0],
    [255, 60, 40],
    [255, 70, 200],
];

const SUNSET: [[u8; 3]; 11] = [
    [54, 75, 154],
    [74, 123, 183],
    [110, 166, 205],
    [152, 202, 225],
    [194, 228, 239],
    [234, 236, 204],
    [254, 218, 139],
    [253, 179, 102],
    [246, 126, 75],
    [221, 61, 45],
    [165, 0, 38],
];

impl Palette {
    /// Every palette.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Mim3, Self::ColourBlindSafe];

    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Mim3 => "mim3",
            Self::ColourBlindSafe => "colour-blind",
        }
    }

    /// The palette of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|palette| palette.as_str() == name)
    }

    /// Levels for a dose up to `maximum`, rising: percent of a settled prescription, else round numbers.
    /// Levels above the maximum are left out, except where that would leave none.
    ///
    /// ```
    /// use rt_draw::draw::palette::Palette;
    ///
    /// let doses = |levels: Vec<rt_draw::style::Level>| levels.iter().map(|level| level.dose).collect::<Vec<_>>();
    /// assert_eq!(doses(Palette::Standard.levels(20.5, Some(20.0))), [4.0, 7.0, 10.0, 13.0, 16.0, 19.0, 20.0]);
    /// assert_eq!(doses(Palette::Standard.levels(20.5, None)), [5.0, 10.0, 15.0, 20.0]);
    /// ```
    #[must_use]
    pub fn levels(self, maximum: f64, prescription: Option<f64>) -> Vec<Level> {
        if self == Self::Mim3 {
            let fixed = [(8.0, [0, 0, 255]), (12.0, [0, 255, 0]), (18.0, [255, 0, 0])];
            return fixed.into_iter().map(|(dose, colour)| Level { dose, colour }).collect();
        }
        match prescription {
            Some(prescription) => {
                self.coloured(&PERCENT.map(|percent| percent / 100.0 * prescription), maximum)
            }
            None => {
                let step = round_step(maximum);
                let doses: Vec<f64> = (1..=20).map(|n| f64::from(n) * step).collect();
                let shown = doses.iter().filter(|dose| **dose <= maximum).count().max(1);
                self.coloured(&doses[..shown], maximum)
            }
        }
    }

    /// These doses as levels, rising and each once; colours are spread from the first to the last.
    ///
    /// ```
    /// use rt_draw::draw::palette::Palette;
    ///
    /// let levels = Palette::Mim3.colour(&[20.0, 5.0, 20.0]);
    /// assert_eq!(levels.iter().map(|level| (level.dose, level.colour)).collect::<Vec<_>>(), [(5.0, [0, 0, 255]), (20.0, [255, 0, 0])]);
    /// ```
    #[must_use]
    pub fn colour(self, doses: &[f64]) -> Vec<Level> {
        self.coloured(doses, f64::INFINITY)
    }

    /// Colours are given before levels above the maximum are dropped: 95 % has its colour in every case.
    fn coloured(self, doses: &[f64], maximum: f64) -> Vec<Level> {
        let mut doses = doses.to_vec();
        doses.sort_by(f64::total_cmp);
        doses.dedup();
        let last = doses.len().saturating_sub(1).max(1) as f64;
        let colours = doses
            .iter()
            .enumerate()
            .map(|(at, dose)| Level { dose: *dose, colour: self.at(at as f64 / last) });
        let mut levels: Vec<Level> = colours.collect();
        let shown = levels.iter().filter(|level| level.dose <= maximum).count().max(1);
        levels.truncate(shown);
        levels
    }

    /// The colour at `part` (0 to 1) of the way from cold to hot.
    fn at(self, part: f64) -> [u8; 3] {
        let stops: &[[u8; 3]] = match self {
            Self::Standard => &STANDARD,
            Self::Mim3 => &[[0, 0, 255], [0, 255, 0], [255, 0, 0]],
            Self::ColourBlindSafe => &SUNSET,
        };
        let place = part.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
        let low = (place as usize).min(stops.len() - 2);
        let share = place - low as f64;
        std::array::from_fn(|n| {
            (f64::from(stops[low][n]) * (1.0 - share) + f64::from(stops[low + 1][n]) * share).round() as u8
        })
    }
}

/// 1, 2 or 5 times a power of ten, so that about [`ROUND_LEVELS`] steps reach the maximum.
fn round_step(maximum: f64) -> f64 {
    if !(maximum > 0.0 && maximum.is_finite()) {
        return 1.0;
    }
    let wanted = maximum / ROUND_LEVELS;
    let power = 10f64.powi(wanted.log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= wanted * 0.8)
        .unwrap_or(power)
}

/// Why a list of levels cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LevelsError {
    /// An entry is not a positive number, with or without `%`, `Gy` or `cGy`.
    #[error("expected a positive dose such as 20, 20Gy, 2000cGy or 95%, found {0:?}")]
    NotALevel(String),
    /// Percent of a prescription that is not settled.
    #[error("{0} is percent of the prescription, and none is settled: give the levels in Gy")]
    NoPrescription(String),
    /// Nothing between the commas.
    #[error("expected levels such as 95%,50%,20, found none")]
    Empty,
}

/// Reads levels such as `95%,50%,20` (percent of the settled prescription, else the case's dose unit; `cGy`
/// is converted).
///
/// ```
/// use rt_draw::draw::palette::{LevelsError, parse_levels};
///
/// assert_eq!(parse_levels("95%, 20, 1000cGy", Some(60.0)), Ok(vec![57.0, 20.0, 10.0]));
/// assert_eq!(parse_levels("95%", None), Err(LevelsError::NoPrescription("95%".to_owned())));
/// ```
///
/// # Errors
/// Where an entry is not a positive number, or is a percent without a settled prescription.
pub fn parse_levels(text: &str, prescription: Option<f64>) -> Result<Vec<f64>, LevelsError> {
    let doses = text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(|entry| {
        let (number, factor) = if let Some(number) = entry.strip_suffix('%') {
            (number, prescription.ok_or_else(|| LevelsError::NoPrescription(entry.to_owned()))? / 100.0)
        } else if let Some(number) = entry.strip_suffix("cGy") {
            (number, 0.01)
        } else {
            (entry.strip_suffix("Gy").unwrap_or(entry), 1.0)
        };
        let value: Option<f64> =
            number.trim().parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0);
        value.map(|value| value * factor).ok_or_else(|| LevelsError::NotALevel(entry.to_owned()))
    });
    let doses: Vec<f64> = doses.collect::<Result<_, _>>()?;
    if doses.is_empty() { Err(LevelsError::Empty) } else { Ok(doses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doses(levels: &[Level]) -> Vec<f64> {
        levels.iter().map(|level| level.dose).collect()
    }

    #[test]
    fn levels_are_percent_of_a_settled_prescription_only() {
        let settled = Palette::Standard.levels(73.0, Some(70.0));
        assert_eq!(doses(&settled), [14.0, 24.5, 35.0, 45.5, 56.0, 66.5, 70.0]);
        assert_eq!(doses(&Palette::Standard.levels(73.0, None)), [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]);
        assert_eq!(doses(&Palette::Standard.levels(10.3, None)), [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(doses(&Palette::Standard.levels(0.0, None)), [1.0]);
    }

    #[test]
    fn a_level_keeps_its_colour_whatever_the_maximum() {
        let (low, high) =
            (Palette::Standard.levels(66.0, Some(60.0)), Palette::Standard.levels(60.1, Some(60.0)));
        assert_eq!(low[..high.len()], high[..]);
        assert!(low.len() > high.len());
    }

    #[test]
    fn mim3_is_fixed() {
        let levels = Palette::Mim3.levels(70.0, Some(70.0));
        assert_eq!(doses(&levels), [8.0, 12.0, 18.0]);
        assert_eq!(levels[2].colour, [255, 0, 0]);
        assert_eq!(Palette::parse("mim3"), Some(Palette::Mim3));
    }

    #[test]
    fn colours_of_neighbouring_levels_differ() {
        for palette in [Palette::Standard, Palette::ColourBlindSafe] {
            for pair in palette.levels(200.0, Some(70.0)).windows(2) {
                let apart: u32 =
                    (0..3).map(|n| u32::from(pair[0].colour[n].abs_diff(pair[1].colour[n]))).sum();
                assert!(apart > 60, "{palette:?} {pair:?}");
            }
        }
    }

    #[test]
    fn levels_can_be_written() {
        assert_eq!(parse_levels("95%, 20,5Gy, 1000cGy", Some(60.0)), Ok(vec![57.0, 20.0, 5.0, 10.0]));
        assert_eq!(parse_levels("95%", None), Err(LevelsError::NoPrescription("95%".into())));
        assert_eq!(parse_levels("twenty", None), Err(LevelsError::NotALevel("twenty".into())));
        assert_eq!(parse_levels("-3", None), Err(LevelsError::NotALevel("-3".into())));
        assert_eq!(parse_levels(" ,", None), Err(LevelsError::Empty));
        assert_eq!(doses(&Palette::Standard.colour(&[20.0, 5.0, 20.0])), [5.0, 20.0]);
    }
}
