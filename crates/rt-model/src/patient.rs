//! Who the data belongs to, as one file states it.
//!
//! Units: none. Frame: none.

use crate::date::Date;

/// Patient module (PS3.3 C.7.1.1). Values are as written, without padding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patient {
    /// Patient ID (0010,0020); empty where absent.
    pub id: String,
    /// Issuer of Patient ID (0010,0021).
    pub issuer: Option<String>,
    /// Patient's Name (0010,0010), components parted by `^`; empty where absent.
    pub name: String,
    /// Patient's Birth Date (0010,0030).
    pub birth_date: Option<Date>,
    /// Patient's Sex (0010,0040), where it is one of the defined terms.
    pub sex: Option<Sex>,
    /// Patient Identity Removed (0012,0062) is YES.
    pub identity_removed: bool,
}

impl Patient {
    /// The name without case, doubled blanks and empty components, to compare how two systems wrote it.
    ///
    /// ```
    /// use rt_model::patient::Patient;
    ///
    /// let patient = |name: &str| Patient { name: name.into(), ..Patient::default() };
    /// assert_eq!(patient("Doe^Jane").normalised_name(), patient("DOE^JANE^^").normalised_name());
    /// ```
    #[must_use]
    pub fn normalised_name(&self) -> String {
        self.name
            .split(['^', '=', ' ', ','])
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase()
    }
}

/// Patient's Sex (0010,0040).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// M
    Male,
    /// F
    Female,
    /// O
    Other,
}

impl Sex {
    /// Reads the defined terms M, F, O.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "M" => Some(Self::Male),
            "F" => Some(Self::Female),
            "O" => Some(Self::Other),
            _ => None,
        }
    }

    /// The defined term.
    #[must_use]
    pub const fn as_char(self) -> char {
        match self {
            Self::Male => 'M',
            Self::Female => 'F',
            Self::Other => 'O',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_separators() {
        let patient = |name: &str| Patient { name: name.into(), ..Patient::default() };
        assert_eq!(patient("Doe^Jane^^").normalised_name(), patient("DOE  jane").normalised_name());
    }
}
