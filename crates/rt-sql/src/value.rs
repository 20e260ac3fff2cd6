//! Values as they travel between records and statements, and how rows are read.
//!
//! Units: none of their own. Frame: none.

use crate::error::SqlError;
use rt_model::date::{Date, DateTime, Time};
use rt_model::uid::Uid;
use rt_model::units::{Cm3, Gy, Mm, Percent};
use std::fmt;

/// One value of a statement or row. Dates and times are text: `2024-02-29`, `2024-02-29 09:15:30`,
/// `00:12:30`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// A whole number, also 0 and 1 for no and yes.
    Integer(i64),
    /// A number.
    Real(f64),
    /// A text, date or time.
    Text(String),
}

impl fmt::Display for Value {
    /// The value as a table or a CSV file shows it: nothing for NULL, the shortest decimal that means the
    /// same number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Integer(number) => fmt::Display::fmt(number, f),
            Self::Real(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $make:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $make
            }
        })*
    };
}

value_from! {
    bool => |value| Self::Integer(value.into());
    u16 => |value| Self::Integer(value.into());
    u32 => |value| Self::Integer(value.into());
    i32 => |value| Self::Integer(value.into());
    i64 => |value| Self::Integer(value);
    f64 => |value| Self::Real(value);
    Gy => |value| Self::Real(value.get());
    Cm3 => |value| Self::Real(value.get());
    Mm => |value| Self::Real(value.get());
    Percent => |value| Self::Real(value.get());
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    &Uid => |value| Self::Text(value.as_str().to_owned());
    Date => |value| Self::Text(value.to_string());
    DateTime => |value| Self::Text(value.to_string());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row that is read from its first column to its last.
pub(crate) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next column, converted; NULL where the column's type is an `Option` only.
    pub(crate) fn next<T: FromValue>(&mut self) -> Result<T, SqlError> {
        let value = self
            .0
            .next()
            .ok_or_else(|| SqlError::stored("expected another column, found the end of the row".into()))?;
        let found = match &value {
            Value::Null => "NULL",
            Value::Integer(_) => "an integer",
            Value::Real(_) => "a number",
            Value::Text(_) => "text",
        };
        T::from_value(value)
            .ok_or_else(|| SqlError::stored(format!("expected {} in a row, found {found}", T::EXPECTED)))
    }
}

/// What a column is read as.
pub(crate) trait FromValue: Sized {
    const EXPECTED: &'static str;
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($to:ty, $expected:literal => |$value:ident| $make:expr;)*) => {
        $(impl FromValue for $to {
            const EXPECTED: &'static str = $expected;
            fn from_value($value: Value) -> Option<Self> {
                $make
            }
        })*
    };
}

from_value! {
    i64, "an integer" => |value| match value { Value::Integer(number) => Some(number), _ => None };
    i32, "an integer" => |value| i64::from_value(value)?.try_into().ok();
    u32, "a whole number" => |value| i64::from_value(value)?.try_into().ok();
    u16, "a whole number" => |value| i64::from_value(value)?.try_into().ok();
    bool, "0 or 1" => |value| Some(i64::from_value(value)? != 0);
    f64, "a number" => |value| match value {
        Value::Real(number) => Some(number),
        Value::Integer(number) => Some(number as f64),
        _ => None,
    };
    Gy, "a dose" => |value| f64::from_value(value).map(Self);
    Cm3, "a volume" => |value| f64::from_value(value).map(Self);
    Mm, "a length" => |value| f64::from_value(value).map(Self);
    Percent, "a percentage" => |value| f64::from_value(value).map(Self);
    String, "text" => |value| match value { Value::Text(text) => Some(text), _ => None };
    Uid, "a UID" => |value| Self::new(&String::from_value(value)?);
    Date, "a date" => |value| date(&String::from_value(value)?);
    DateTime, "a date and time" => |value| date_time(&String::from_value(value)?);
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

fn date(text: &str) -> Option<Date> {
    Date::parse(&text.get(..10)?.replace('-', ""))
}

fn date_time(text: &str) -> Option<DateTime> {
    Some(DateTime { date: date(text)?, time: text.get(11..19).and_then(Time::parse) })
}

/// Seconds as SQL's TIME, whole seconds, half to even: `00:12:30`.
pub(crate) fn seconds_as_time(seconds: f64) -> Value {
    if !(0.0..1e9).contains(&seconds) {
        return Value::Real(seconds);
    }
    let whole = seconds.round_ties_even() as u64;
    Value::Text(format!("{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_out_and_come_back() {
        let stamp = DateTime { date: Date::new(2024, 2, 29).unwrap(), time: Time::new(9, 15, 30) };
        let mut row = Row::new(vec![stamp.into(), stamp.date.into(), Value::Null]);
        assert_eq!(row.next::<DateTime>().unwrap(), stamp);
        assert_eq!(row.next::<Date>().unwrap(), stamp.date);
        assert_eq!(row.next::<Option<Date>>().unwrap(), None);
        assert!(row.next::<i64>().is_err());
    }

    #[test]
    fn null_is_no_value() {
        assert!(Row::new(vec![Value::Null]).next::<f64>().is_err());
    }

    #[test]
    fn seconds_round_half_to_even() {
        for (seconds, text) in
            [(0.5, "00:00:00"), (1.5, "00:00:02"), (3_661.0, "01:01:01"), (360_000.0, "100:00:00")]
        {
            assert_eq!(seconds_as_time(seconds), Value::Text(text.into()));
        }
    }
}
