//! The declaration of a column and what fits it.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::value::Value;

/// What a column can hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnType {
    /// Text of so many characters of a character set.
    Characters { limit: usize, charset: Charset },
    /// Text of so many bytes in UTF-8.
    Bytes { limit: usize, charset: Charset },
    /// Whole numbers in a range.
    Integer { least: i64, most: i64 },
    /// 32-bit floating point.
    Single,
    /// 64-bit floating point.
    Double,
    /// Times of day and durations up to 838 hours.
    Time,
    /// Dates, and whatever this program puts no limit to.
    Other,
}

/// The characters that a text column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    All,
    BasicPlane,
    Latin1,
    Ascii,
}

/// Why a value does not fit: what was found and what the column holds.
pub(crate) struct Misfit {
    pub(crate) found: String,
    pub(crate) limit: String,
}

impl Misfit {
    /// The misfit of a column that must have its value.
    pub(crate) fn error(self, table: &str, column: &str) -> SqlError {
        let column = format!("{table}.{column}");
        SqlError::new(SqlErrorKind::DoesNotFit { column, found: self.found, limit: self.limit })
    }
}

impl ColumnType {
    /// Reads a declaration: `varchar(64)`, `tinyint(3) unsigned`, `double`. A collation's name begins with
    /// its character set; SQLite gives none and holds all.
    pub(crate) fn parse(declared: &str, collation: Option<&str>) -> Self {
        let declared = declared.to_ascii_lowercase();
        let name = declared.split(['(', ' ']).next().unwrap_or_default();
        let size: Option<usize> = declared.split(['(', ')']).nth(1).and_then(|size| size.parse().ok());
        let charset = match collation.and_then(|collation| collation.split('_').next()) {
            None | Some("utf8mb4") => Charset::All,
            Some("utf8" | "utf8mb3") => Charset::BasicPlane,
            Some("latin1") => Charset::Latin1,
            Some(_) => Charset::Ascii,
        };
        let bits = match name {
            "tinyint" => 8,
            "smallint" => 16,
            "mediumint" => 24,
            "int" | "integer" => 32,
            "bigint" => 63,
            _ => 0,
        };
        match name {
            "varchar" | "char" => Self::Characters { limit: size.unwrap_or(1), charset },
            "tinytext" => Self::Bytes { limit: 255, charset },
            "text" => Self::Bytes { limit: 65_535, charset },
            "mediumtext" => Self::Bytes { limit: (1 << 24) - 1, charset },
            "float" => Self::Single,
            "double" | "real" => Self::Double,
            "time" => Self::Time,
            _ if bits == 0 => Self::Other,
            _ if bits == 63 => Self::Integer { least: i64::MIN, most: i64::MAX },
            _ if declared.contains("unsigned") => Self::Integer { least: 0, most: (1 << bits) - 1 },
            _ => Self::Integer { least: -(1 << (bits - 1)), most: (1 << (bits - 1)) - 1 },
        }
    }

    /// The value as this column keeps it: rounded half to even to whole numbers, or to single precision.
    pub(crate) fn fit(&self, value: Value) -> Result<Value, Misfit> {
        match (self, value) {
            (_, Value::Null) => Ok(Value::Null),
            (Self::Characters { limit, charset }, Value::Text(text)) => {
                if text.chars().count() > *limit {
                    return misfit(
                        format!("{} characters", text.chars().count()),
                        format!("at most {limit} characters"),
                    );
                }
                charset.fit(text)
            }
            (Self::Bytes { limit, charset }, Value::Text(text)) => {
                if text.len() > *limit {
                    return misfit(format!("{} bytes", text.len()), format!("at most {limit} bytes"));
                }
                charset.fit(text)
            }
            (Self::Integer { least, most }, Value::Integer(number)) => {
                integer(number as f64, number, *least, *most)
            }
            (Self::Integer { least, most }, Value::Real(number)) => {
                let whole = number.round_ties_even();
                integer(whole, whole as i64, *least, *most)
            }
            (_, Value::Real(number)) if !number.is_finite() => {
                misfit(number.to_string(), "a finite number".into())
            }
            (Self::Single, Value::Real(number)) => {
                let single = number as f32;
                if !single.is_finite() {
                    return misfit(number.to_string(), "a number of single precision".into());
                }
                // The shortest decimal of the single: what both databases give back.
                Ok(Value::Real(single.to_string().parse().unwrap_or_else(|_| single.into())))
            }
            (Self::Time, Value::Text(text)) if hours(&text).is_some_and(|hours| hours > 838) => {
                misfit(text, "a time up to 838:59:59".into())
            }
            (Self::Time, Value::Real(seconds)) => {
                misfit(format!("{seconds} s"), "a time up to 838:59:59".into())
            }
            (_, value) => Ok(value),
        }
    }
}

impl Charset {
    fn fit(self, text: String) -> Result<Value, Misfit> {
        let holds = |character: char| match self {
            Self::All => true,
            Self::BasicPlane => u32::from(character) <= 0xFFFF,
            // MySQL's latin1 is Windows 1252, which uses 0x80 to 0x9F otherwise.
            Self::Latin1 => character.is_ascii() || ('\u{A0}'..='\u{FF}').contains(&character),
            Self::Ascii => character.is_ascii(),
        };
        if self == Self::All || text.is_ascii() {
            return Ok(Value::Text(text));
        }
        match text.chars().find(|&character| !holds(character)) {
            None => Ok(Value::Text(text)),
            Some(character) => misfit(format!("{character:?}"), format!("characters of {self}")),
        }
    }
}

impl std::fmt::Display for Charset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::All => "Unicode",
            Self::BasicPlane => "Unicode's basic plane (utf8mb3)",
            Self::Latin1 => "latin1",
            Self::Ascii => "ASCII",
        })
    }
}

fn integer(value: f64, whole: i64, least: i64, most: i64) -> Result<Value, Misfit> {
    if value.is_nan() || value < least as f64 || value > most as f64 {
        return misfit(value.to_string(), format!("{least} to {most}"));
    }
    Ok(Value::Integer(whole))
}

fn hours(time: &str) -> Option<u32> {
    time.split(':').next()?.parse().ok()
}

fn misfit(found: String, limit: String) -> Result<Value, Misfit> {
    Err(Misfit { found, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(declared: &str, value: impl Into<Value>) -> Option<Value> {
        ColumnType::parse(declared, Some("utf8mb4_general_ci")).fit(value.into()).ok()
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(fits("varchar(2)", "\u{1F600}\u{1F600}").is_some());
        assert!(fits("varchar(2)", "abc").is_none());
        assert!(fits("char(1)", "ab").is_none());
        assert!(fits("tinytext", "é".repeat(128)).is_none());
    }

    #[test]
    fn whole_numbers_round_half_to_even_and_keep_their_range() {
        for (number, whole) in [
            (0.5, Some(0)),
            (1.5, Some(2)),
            (254.6, Some(255)),
            (255.5, None),
            (-0.6, None),
            (f64::NAN, None),
        ] {
            assert_eq!(fits("tinyint(3) unsigned", number), whole.map(Value::Integer), "{number}");
        }
        assert_eq!(fits("smallint(5) unsigned", 65_536_i64), None);
        assert_eq!(fits("int(6) unsigned", 4_294_967_295_i64), Some(Value::Integer(4_294_967_295)));
    }

    #[test]
    fn single_precision_is_the_same_everywhere() {
        assert_eq!(fits("float", 70.2), Some(Value::Real(70.2)));
        assert_eq!(fits("float", 1.0 / 3.0), Some(Value::Real(0.333_333_34)));
        assert_eq!(fits("float", 1e39), None);
        assert_eq!(fits("double", f64::NAN), None);
    }

    #[test]
    fn a_time_ends_at_838_hours() {
        assert!(fits("time", "838:59:59").is_some());
        assert!(fits("time", "839:00:00").is_none());
        assert!(fits("time", -1.0).is_none());
    }

    #[test]
    fn characters_the_charset_lacks_do_not_fit() {
        let cases = [
            ("latin1_swedish_ci", "Müller", "Łódź"),
            ("utf8_bin", "Łódź", "\u{1F600}"),
            ("greek_general_ci", "abc", "ü"),
        ];
        for (charset, holds, lacks) in cases {
            let column = ColumnType::parse("varchar(50)", Some(charset));
            assert!(column.fit(holds.into()).is_ok() && column.fit(lacks.into()).is_err(), "{charset}");
        }
    }
}
