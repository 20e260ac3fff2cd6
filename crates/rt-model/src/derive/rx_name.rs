//! Prescriptions written into a ROI's name: `rx: 60Gy`, `rx 1: PTV: 200 cGy x 30 to 95%: ...`.
//!
//! The name begins with `rx` in any case, an optional number and a colon; the dose needs its unit written. A
//! comma is a decimal one, but a comma followed by exactly three digits could part thousands: such a name
//! gives no value.
//!
//! Units: Gy in total. Frame: none.

use crate::units::Gy;

/// Why an `rx` name prescribes no dose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RxNameError {
    /// It states no dose with a unit.
    #[error("expected a dose in Gy or cGy in {0:?}")]
    NoDose(String),
    /// It states several.
    #[error("expected one dose in {name:?}, found {count}")]
    SeveralDoses {
        /// The name.
        name: String,
        /// How many.
        count: usize,
    },
    /// A comma that could be either.
    #[error("the comma in {0:?} may part thousands or decimals")]
    Comma(String),
    /// Digits that are no number.
    #[error("expected a number, found {0:?}")]
    NotANumber(String),
    /// `x` without a number of fractions.
    #[error("expected a number of fractions in {0:?}")]
    Fractions(String),
}

/// What a ROI's name prescribes: `None` where it is no `rx` name, an error where it states no dose that can
/// be used.
pub(super) fn parse(name: &str) -> Option<Result<Gy, RxNameError>> {
    let lower = name.trim().to_lowercase();
    let (number, text) = lower.strip_prefix("rx")?.split_once(':')?;
    if !number.trim().bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut doses: Vec<f64> = Vec::new();
    for part in text.split(':') {
        match dose(part) {
            Some(Ok(dose)) if !doses.contains(&dose) => doses.push(dose),
            Some(Err(reason)) => return Some(Err(reason)),
            _ => {}
        }
    }
    Some(match doses[..] {
        [dose] if dose > 0.0 => Ok(Gy(dose)),
        [] | [_] => Err(RxNameError::NoDose(name.to_owned())),
        _ => Err(RxNameError::SeveralDoses { name: name.to_owned(), count: doses.len() }),
    })
}

/// `<number> Gy|cGy [x <fractions>]` at the start of a part, total in Gy.
fn dose(part: &str) -> Option<Result<f64, RxNameError>> {
    let part = part.trim();
    let end = part.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))?;
    let (digits, rest) = part.split_at(end);
    let rest = rest.trim_start();
    let (rest, scale) = match rest.strip_prefix("cgy") {
        Some(rest) => (rest, 0.01),
        None => (rest.strip_prefix("gy")?, 1.0),
    };
    if rest.starts_with(|c: char| c.is_alphanumeric() && c != 'x') || digits.is_empty() {
        return None;
    }
    if digits.split_once(',').is_some_and(|(_, after)| after.len() == 3 || after.contains([',', '.'])) {
        return Some(Err(RxNameError::Comma(digits.to_owned())));
    }
    let value: f64 = match digits.replace(',', ".").parse() {
        Ok(value) => value,
        Err(_) => return Some(Err(RxNameError::NotANumber(digits.to_owned()))),
    };
    let fractions = rest.trim_start().strip_prefix('x').map(|text| {
        let text = text.trim_start();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<u32>()
    });
    Some(match fractions {
        None => Ok(value * scale),
        Some(Ok(fractions)) if fractions > 0 => Ok(value * scale * f64::from(fractions)),
        Some(_) => Err(RxNameError::Fractions(part.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_in_use_are_read() {
        for (name, dose) in [
            ("rx: 60Gy", 60.0),
            ("RX:60 Gy", 60.0),
            ("Rx: 50,4 Gy", 50.4),
            ("rx: 5040cGy", 50.4),
            ("rx: 2 Gy x 30", 60.0),
            ("rx1: PTV: 200 cGy x 30 to 95%: roi_mean: PTV70", 60.0),
            ("rx 2: boost: 1.8 Gy x 10 to 100.0%: plan_max", 18.0),
        ] {
            let found = parse(name).unwrap_or_else(|| panic!("{name} is an rx name")).unwrap();
            assert!((found.0 - dose).abs() < 1e-9, "{name}: {found}");
        }
    }

    #[test]
    fn what_can_not_be_told_gives_no_value() {
        for name in [
            "rx: 60",
            "rx: 1,800 cGy",
            "rx: 1,800.5 cGy",
            "rx: a",
            "rx: 0 Gy",
            "rx: 60 Gy: 50 Gy",
            "rx: 2 Gy x",
            "rx: 1.2.3 Gy",
        ] {
            assert!(matches!(parse(name), Some(Err(_))), "{name}: {:?}", parse(name));
        }
    }

    #[test]
    fn other_names_are_not_prescriptions() {
        for name in ["PTV 60Gy", "rxn: 60Gy", "rx 60Gy", "", "Rectum: 60 Gy"] {
            assert_eq!(parse(name), None, "{name}");
        }
    }
}
