//! A prescription as the user states it: `PLAN_UID=60Gy`.
//!
//! Units: Gy, or cGy where it says so. Frame: none.

use crate::expected::Unexpected;
use rt_model::uid::Uid;
use rt_model::units::Gy;

/// A plan and its total prescription.
///
/// # Errors
/// Where the text is none.
pub fn stated(text: &str) -> Result<(Uid, Gy), Unexpected> {
    let wrong = || Unexpected::new("PLAN_UID=DOSE with a dose in Gy or cGy", text);
    let (uid, dose) = text.split_once('=').ok_or_else(wrong)?;
    let (number, scale) = match (dose.strip_suffix("cGy"), dose.strip_suffix("Gy")) {
        (Some(number), _) => (number, 0.01),
        (None, Some(number)) => (number, 1.0),
        (None, None) => return Err(wrong()),
    };
    let dose: f64 = number.trim().parse().map_err(|_| wrong())?;
    let dose = Some(dose * scale).filter(|dose| dose.is_finite() && *dose > 0.0).ok_or_else(wrong)?;
    Ok((Uid::new(uid).filter(Uid::is_valid).ok_or_else(wrong)?, Gy(dose)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_stated_and_the_plan_named() {
        let (uid, Gy(dose)) = stated("2.25.7=5040 cGy").unwrap();
        assert!(uid.as_str() == "2.25.7" && (dose - 50.4).abs() < 1e-9, "{dose}");
        assert_eq!(stated("1.2.3=60Gy").unwrap().1, Gy(60.0));
        for wrong in ["60Gy", "1.2=60", "1.2=-6Gy", "1.2=Gy", "plan=60Gy", "1.2=infGy"] {
            assert!(stated(wrong).is_err(), "{wrong}");
        }
    }
}
