//! The user's α/β of the linear-quadratic model, for ROIs by name or for all others.
//!
//! Units: gray. Frame: none.

use rt_dvh::Reason;
use rt_model::units::Gy;
use std::str::FromStr;

/// The user's α/β. None is built in: a constant of this kind is a clinical decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlphaBeta {
    others: Option<Gy>,
    by_name: Vec<(String, Gy)>,
}

/// A text that is neither `GY` nor `ROI=GY`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected GY or ROI=GY with a number above 0, found {0:?}")]
pub struct AlphaBetaError(String);

impl AlphaBeta {
    /// None given.
    pub(crate) const NONE: Self = Self { others: None, by_name: Vec::new() };

    /// Reads texts such as `3` (all ROIs) or `cord=2` (one ROI), in gray.
    ///
    /// ```
    /// use rt_case::AlphaBeta;
    ///
    /// let read = AlphaBeta::read(&["10".into(), "cord=2".into()]).unwrap();
    /// assert_eq!(read.texts(), ["10", "cord=2"]);
    /// assert!(AlphaBeta::read(&["cord=-2".into()]).is_err());
    /// ```
    ///
    /// # Errors
    /// If a text is neither, or a number is not above 0.
    pub fn read(texts: &[String]) -> Result<Self, AlphaBetaError> {
        let mut read = Self::default();
        for text in texts {
            let (name, number) =
                text.rsplit_once('=').map_or((None, text.as_str()), |(name, number)| (Some(name), number));
            let gy = f64::from_str(number.trim()).ok().filter(|gy| gy.is_finite() && *gy > 0.0).map(Gy);
            let gy = gy.ok_or_else(|| AlphaBetaError(text.clone()))?;
            match name {
                None => read.others = Some(gy),
                Some(name) => read.by_name.push((name.trim().to_owned(), gy)),
            }
        }
        Ok(read)
    }

    /// The α/β of the ROI of this name.
    ///
    /// # Errors
    /// [`Reason::NeedsAlphaBeta`] if the user gave none for it.
    pub fn of(&self, roi: &str) -> Result<Gy, Reason> {
        let own = self.by_name.iter().rev().find(|(name, _)| name == roi).map(|(_, gy)| *gy);
        own.or(self.others).ok_or(Reason::NeedsAlphaBeta)
    }

    /// The texts that [`Self::read`] reads back.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let others = self.others.map(|gy| gy.0.to_string());
        others.into_iter().chain(self.by_name.iter().map(|(name, gy)| format!("{name}={}", gy.0))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_beta_is_by_roi_or_for_all() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let read = AlphaBeta::read(&texts(&["10", "Cord=2", "a=b=4"])).unwrap();
        assert_eq!(
            [read.of("PTV"), read.of("Cord"), read.of("a=b")],
            [Ok(Gy(10.0)), Ok(Gy(2.0)), Ok(Gy(4.0))]
        );
        assert_eq!(AlphaBeta::default().of("PTV"), Err(Reason::NeedsAlphaBeta));
        assert_eq!(read.texts(), ["10", "Cord=2", "a=b=4"]);
        for wrong in ["0", "-3", "Cord=", "x", "NaN"] {
            assert!(AlphaBeta::read(&texts(&[wrong])).is_err(), "{wrong}");
        }
    }
}
