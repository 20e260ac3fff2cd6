//! What a dose covers as the user states it: `UID=total` or `UID=fraction`.
//!
//! Units: none. Frame: none.

use crate::expected::Unexpected;
use rt_model::matching::DoseScope;
use rt_model::uid::Uid;

/// A dose and what it covers.
///
/// ```
/// use rt_model::matching::DoseScope;
///
/// assert_eq!(rt_cli::dose_scope::stated("1.2=fraction").map(|(_, scope)| scope), Ok(DoseScope::Fraction));
/// ```
///
/// # Errors
/// Where the text is none.
pub fn stated(text: &str) -> Result<(Uid, DoseScope), Unexpected> {
    let wrong = || Unexpected::new("UID=total or UID=fraction", text);
    let (uid, scope) = text.split_once('=').ok_or_else(wrong)?;
    let scope = match scope {
        "total" => DoseScope::Total,
        "fraction" => DoseScope::Fraction,
        _ => return Err(wrong()),
    };
    Ok((Uid::new(uid).ok_or_else(wrong)?, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dose_scopes_are_read() {
        assert_eq!(stated("1.2=fraction"), Ok((Uid::new("1.2").unwrap(), DoseScope::Fraction)));
        for text in ["1.2", "=total", "1.2=half"] {
            assert!(stated(text).is_err(), "{text}");
        }
    }
}
