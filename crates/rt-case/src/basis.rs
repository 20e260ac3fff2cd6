//! What results rest on besides the files, as one line that is stored with them.
//!
//! Units: gray. Frame: none.

use crate::alpha_beta::AlphaBeta;
use rt_model::units::Gy;
use std::fmt;

/// What results rest on besides the files. Equal bases print equal lines, and [`Basis::read`] reads a line
/// back.
///
/// ```
/// use rt_case::{AlphaBeta, Basis};
///
/// let alpha_beta = AlphaBeta::read(&["3".into()]).unwrap();
/// let basis = Basis { dvh: "some options".into(), prescription: None, alpha_beta, bands: true };
/// let line = basis.to_string();
/// assert_eq!(line, "some options, alpha/beta 3 by the user, with bands");
/// assert_eq!(Basis::read(&line), basis);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis {
    /// The line of the DVH options ([`rt_dvh::DvhOptions`]).
    pub dvh: String,
    /// The prescription that the user stated.
    pub prescription: Option<Gy>,
    /// The user's α/β.
    pub alpha_beta: AlphaBeta,
    /// Metrics carry uncertainty intervals.
    pub bands: bool,
}

const PRESCRIPTION: &str = ", prescription ";
const ALPHA_BETA: &str = ", alpha/beta ";
const BY_USER: &str = " by the user";
const WITH_BANDS: &str = ", with bands";

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dvh)?;
        if let Some(dose) = self.prescription {
            write!(f, "{PRESCRIPTION}{dose:.2}{BY_USER}")?;
        }
        let alpha_beta = self.alpha_beta.texts();
        if !alpha_beta.is_empty() {
            write!(f, "{ALPHA_BETA}{}{BY_USER}", alpha_beta.join(", "))?;
        }
        if self.bands {
            f.write_str(WITH_BANDS)?;
        }
        Ok(())
    }
}

impl Basis {
    /// Reads a stored line. Parts that are absent are empty; the α/β of a ROI whose name holds a comma cannot
    /// be distinguished from its neighbours and are left out.
    #[must_use]
    pub fn read(line: &str) -> Self {
        let (rest, bands) = line.strip_suffix(WITH_BANDS).map_or((line, false), |rest| (rest, true));
        let part = |key: &str| {
            rest.split_once(key).and_then(|(_, rest)| rest.split_once(BY_USER)).map(|(text, _)| text)
        };
        let prescription = part(PRESCRIPTION).and_then(|text| text.strip_suffix(" Gy")?.parse().ok()).map(Gy);
        let texts: Vec<String> =
            part(ALPHA_BETA).into_iter().flat_map(|text| text.split(", ")).map(str::to_owned).collect();
        let ends = [PRESCRIPTION, ALPHA_BETA].iter().filter_map(|key| rest.find(key));
        Self {
            dvh: rest[..ends.min().unwrap_or(rest.len())].to_owned(),
            prescription,
            alpha_beta: AlphaBeta::read(&texts).unwrap_or_default(),
            bands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rt_dvh::DvhOptions;

    proptest! {
        #[test]
        fn a_line_reads_back(
            hundredths in proptest::option::of(1u32..20_000),
            alpha_beta in proptest::collection::vec(("[A-Za-z_ =]{1,8}[A-Za-z]", 1u32..300), 0..4),
            others in proptest::option::of(1u32..200),
            bands: bool,
        ) {
            let texts: Vec<String> = others.iter().map(|tenths| (f64::from(*tenths) / 10.0).to_string())
                .chain(alpha_beta.iter().map(|(name, tenths)| format!("{}={}", name.trim(), f64::from(*tenths) / 10.0)))
                .collect();
            let basis = Basis {
                dvh: DvhOptions::preset("dosebridge-2").unwrap().to_string(),
                prescription: hundredths.map(|hundredths| Gy(f64::from(hundredths) / 100.0)),
                alpha_beta: AlphaBeta::read(&texts).unwrap(),
                bands,
            };
            prop_assert_eq!(Basis::read(&basis.to_string()), basis);
        }
    }
}
