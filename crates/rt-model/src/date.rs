//! Calendar dates and times of day as DICOM states them: without a time zone.
//!
//! Units: none. Frame: the local time of the device that wrote the file.

use std::fmt;

/// A calendar date of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The date, if the calendar has it.
    ///
    /// ```
    /// use rt_model::date::Date;
    ///
    /// assert_eq!(Date::new(2024, 2, 29).unwrap().to_string(), "2024-02-29");
    /// assert_eq!(Date::new(2023, 2, 29), None);
    /// ```
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (year > 0 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// Reads DICOM's `YYYYMMDD`, and the retired `YYYY.MM.DD` (PS3.5 6.2, VR DA).
    ///
    /// ```
    /// use rt_model::date::Date;
    ///
    /// assert_eq!(Date::parse("20240229"), Date::new(2024, 2, 29));
    /// assert_eq!(Date::parse("2024-02-29"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = match text.trim().as_bytes() {
            [_, _, _, _, b'.', _, _, b'.', _, _] => text.trim().replace('.', ""),
            _ => text.trim().to_owned(),
        };
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
    }

    /// Year of the common era.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Whole years from this date to `later`; `None` where `later` is the earlier one.
    ///
    /// ```
    /// use rt_model::date::Date;
    ///
    /// let born = Date::new(1960, 6, 15).unwrap();
    /// assert_eq!(born.whole_years_to(Date::new(2020, 6, 14).unwrap()), Some(59));
    /// ```
    #[must_use]
    pub fn whole_years_to(self, later: Self) -> Option<u16> {
        let before_birthday = (later.month, later.day) < (self.month, self.day);
        later.year.checked_sub(self.year)?.checked_sub(u16::from(before_birthday))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A time of day to the second; fractions are cut, as the database's columns hold none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
}

impl Time {
    /// The time, if the clock has it (second 60, a leap second, is kept as 59).
    #[must_use]
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        (hour < 24 && minute < 60 && second <= 60).then_some(Self { hour, minute, second: second.min(59) })
    }

    /// Reads DICOM's `HH`, `HHMM`, `HHMMSS` with or without a fraction, and the retired `HH:MM:SS` (PS3.5
    /// 6.2, VR TM).
    ///
    /// ```
    /// use rt_model::date::Time;
    ///
    /// assert_eq!(Time::parse("091530.25"), Time::new(9, 15, 30));
    /// assert_eq!(Time::parse("9"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.trim().split('.').next()?.replace(':', "");
        if !matches!(whole.len(), 2 | 4 | 6) || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |at: usize| whole.get(at..at + 2).map_or(Some(0), |digits| digits.parse().ok());
        Self::new(part(0)?, part(2)?, part(4)?)
    }

    /// Hour, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// Minute, 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.minute
    }

    /// Second, 0 to 59.
    #[must_use]
    pub const fn second(self) -> u8 {
        self.second
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

/// A date with the time of day where the file gives one (midnight otherwise).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time of day; `None` where the file states none.
    pub time: Option<Time>,
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {time}", self.date),
            None => write!(f, "{} 00:00:00", self.date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dicom_dates_are_read_and_impossible_ones_refused() {
        assert_eq!(Date::parse("20240229"), Date::new(2024, 2, 29));
        assert_eq!(Date::parse("2024.02.29"), Date::new(2024, 2, 29));
        for text in ["20230229", "18991332", "2024", "2024022", "abcdefgh", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_age_is_whole_years() {
        let born = Date::new(2000, 6, 15).unwrap();
        for (date, years) in [
            ((2020, 6, 14), Some(19)),
            ((2020, 6, 15), Some(20)),
            ((2000, 6, 15), Some(0)),
            ((1999, 1, 1), None),
        ] {
            assert_eq!(born.whole_years_to(Date::new(date.0, date.1, date.2).unwrap()), years);
        }
        assert_eq!(born.whole_years_to(Date::new(2000, 6, 14).unwrap()), None);
    }

    #[test]
    fn times_come_short_and_long() {
        assert_eq!(Time::parse("0915"), Time::new(9, 15, 0));
        assert_eq!(Time::parse("091530.123"), Time::new(9, 15, 30));
        assert_eq!(Time::parse("09:15:30"), Time::new(9, 15, 30));
        assert_eq!(Time::parse("2500"), None);
    }
}
