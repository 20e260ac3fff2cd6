//! Prescriptions written into a ROI's name: `rx: 60Gy`, `rx 1: PTV: 200 cGy x 30 to 95%: ...`, `rx 5 x 5.5Gy`.
//!
//! The name begins with `rx` in any case, an optional number of the fraction group and a colon, or a number of
//! fractions and an `x`; the dose needs its unit written. Fractions times dose is the prescription, whatever
//! total stands elsewhere in the name. A comma is a decimal one, but a comma followed by exactly three digits
//! could part thousands: such a name gives no value. What begins with `rx` and is not understood is an error.
//!
//! Units: Gy in total. Frame: none.

use crate::units::Gy;

/// Why an `rx` name prescribes no dose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RxNameError {
    /// It states no dose with a unit.
    #[error("expected a dose in Gy or cGy in {0:?}")]
    NoDose(String),
    /// It begins with `rx` and goes on in no known form.
    #[error("expected `rx: dose`, `rx group: dose` or `rx fractions x dose`, found {0:?}")]
    Form(String),
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

/// What a ROI's name prescribes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RxName {
    pub(super) dose: Gy,
    /// Another total that the name states beside fractions times dose.
    pub(super) other: Option<Gy>,
}

/// What a ROI's name prescribes: `None` where it does not begin with `rx`, an error where it states no dose
/// that can be used.
pub(super) fn parse(name: &str) -> Option<Result<RxName, RxNameError>> {
    let lower = name.trim().to_lowercase();
    let rest = lower.strip_prefix("rx").filter(|rest| !rest.starts_with(char::is_alphabetic))?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, rest) = rest.split_at(end);
    let rest = rest.trim_start();
    let parts = if let Some(parts) = rest.strip_prefix(':') {
        parts.to_owned()
    } else if let Some(dose) = rest.strip_prefix('x').filter(|_| !number.is_empty()) {
        // As it is written elsewhere: dose x fractions.
        let (dose, more) = dose.split_once(':').unwrap_or((dose, ""));
        format!("{} x {number}:{more}", dose.trim_end())
    } else {
        return Some(Err(RxNameError::Form(name.to_owned())));
    };
    let (mut totals, mut products): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for part in parts.split(':') {
        match dose(part) {
            Some(Ok((dose, fractions))) => {
                let list = if fractions { &mut products } else { &mut totals };
                if !list.contains(&dose) {
                    list.push(dose);
                }
            }
            Some(Err(reason)) => return Some(Err(reason)),
            None => {}
        }
    }
    let differs = |total: &&f64, product: f64| (*total / product - 1.0).abs() > SAME_TOTAL;
    Some(match (&products[..], &totals[..]) {
        ([dose], totals) if *dose > 0.0 => Ok(RxName {
            dose: Gy(*dose),
            other: totals.iter().find(|total| differs(total, *dose)).copied().map(Gy),
        }),
        ([], [dose]) if *dose > 0.0 => Ok(RxName { dose: Gy(*dose), other: None }),
        ([], [] | [_]) | ([_], _) => Err(RxNameError::NoDose(name.to_owned())),
        _ => {
            Err(RxNameError::SeveralDoses { name: name.to_owned(), count: products.len().max(totals.len()) })
        }
    })
}

/// Totals this close, as a part, are one.
const SAME_TOTAL: f64 = 1e-6;

/// `<number> Gy|cGy [x <fractions>]` at the start of a part: the total in Gy, and whether fractions were stated.
fn dose(part: &str) -> Option<Result<(f64, bool), RxNameError>> {
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
        None => Ok((value * scale, false)),
        Some(Ok(fractions)) if fractions > 0 => Ok((value * scale * f64::from(fractions), true)),
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
            ("rx 5 x 5.5Gy", 27.5),
            ("RX 5x550 cGy: PTV", 27.5),
            ("rx 11 x 5 Gy: 50 Gy", 55.0),
        ] {
            let found = parse(name).unwrap_or_else(|| panic!("{name} is an rx name")).unwrap();
            assert!((found.dose.0 - dose).abs() < 1e-9, "{name}: {found:?}");
        }
    }

    #[test]
    fn fractions_times_dose_wins_and_another_total_is_kept() {
        let parsed = parse("rx 11 x 5 Gy: 50 Gy").unwrap().unwrap();
        assert_eq!((parsed.dose, parsed.other), (Gy(55.0), Some(Gy(50.0))));
        assert_eq!(parse("rx: 5 Gy x 11: 55 Gy").unwrap().unwrap().other, None);
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
            "rx 60Gy",
            "rx",
            "rx 5 x",
        ] {
            assert!(matches!(parse(name), Some(Err(_))), "{name}: {:?}", parse(name));
        }
    }

    #[test]
    fn other_names_are_not_prescriptions() {
        for name in ["PTV 60Gy", "rxn: 60Gy", "", "Rectum: 60 Gy"] {
            assert_eq!(parse(name), None, "{name}");
        }
    }
}
