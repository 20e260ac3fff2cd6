//! Values of a node by VR: text, identifiers, numbers, dates.
//!
//! Units: as the attributes have them. Frame: as the attributes have it.

use super::node::Node;
use super::number;
use super::unreadable::UnreadableNumber;
use crate::date::{Date, DateTime, Time};
use crate::finding::files;
use crate::frame::{PatientPoint, PatientVector};
use crate::read::error::{ReadError, ReadErrorKind};
use crate::uid::Uid;
use dicom_core::{Tag, VR};

/// Longest DS and IS, bytes.
const DS_LENGTH: usize = 16;
const IS_LENGTH: usize = 12;

impl Node<'_, '_> {
    /// The text of the whole value, decoded and without padding; `None` where absent or empty.
    pub(in crate::read) fn text(&self, tag: Tag) -> Option<String> {
        let bytes = self.bytes(tag)?;
        let vr = self.element(tag).map(|element| element.vr);
        let decoded = self.charset().decode(bytes, vr == Some(VR::PN));
        if !decoded.fits {
            let found =
                if self.charset().is_declared() { "others" } else { "no character set stated and others" };
            self.warn(
                files::UNDECODABLE_TEXT,
                tag,
                format!(
                    "expected characters of the character set, found {found}: read as {}",
                    if decoded.is_utf8 { "UTF-8" } else { "Latin-1" }
                ),
            );
        }
        let text = decoded.text.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The texts between backslashes, without padding and empty ones.
    pub(in crate::read) fn texts(&self, tag: Tag) -> Vec<String> {
        let text = self.text(tag).unwrap_or_default();
        text.split('\\')
            .map(|one| one.trim_matches([' ', '\0']))
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A unique identifier, kept as written even where it breaks the rules.
    pub(in crate::read) fn uid(&self, tag: Tag) -> Option<Uid> {
        let bytes = self.bytes(tag)?;
        let uid = Uid::new(&String::from_utf8_lossy(bytes))?;
        let padded = self.element(tag).is_some_and(|element| {
            element.value.first() == Some(&b' ') || element.value.last() == Some(&b' ')
        });
        if !uid.is_valid() {
            let length = uid.as_str().len();
            let text = format!(
                "expected digits and dots without leading zeros, at most 64, found {length} characters {uid}"
            );
            self.warn(files::INVALID_UID, tag, text);
        } else if padded {
            self.warn(files::INVALID_UID, tag, "expected no blanks around a unique identifier, found some");
        }
        Some(uid)
    }

    /// Identifiers of `tag` in each item of `sequence`.
    pub(in crate::read) fn uids_of(&self, sequence: Tag, tag: Tag) -> Result<Vec<Uid>, ReadError> {
        let mut uids = Vec::new();
        for item in self.items(sequence) {
            uids.extend(item?.uid(tag));
        }
        Ok(uids)
    }

    /// A date; an impossible one counts as absent.
    pub(in crate::read) fn date(&self, tag: Tag) -> Option<Date> {
        let bytes = self.bytes(tag)?;
        let date = std::str::from_utf8(bytes).ok().and_then(Date::parse);
        if date.is_none() {
            // A birth date must not appear in a message: the length is enough to see what is wrong.
            self.warn(
                files::UNREADABLE_DATE,
                tag,
                format!("expected a date YYYYMMDD, found {} characters that are none", bytes.len()),
            );
        } else if date.is_some_and(|date| date.year() < 1900) {
            self.warn(
                files::UNREADABLE_DATE,
                tag,
                "expected a date of a living patient's time, found one before 1900",
            );
        }
        date.filter(|date| date.year() >= 1900)
    }

    /// A time of day; an impossible one counts as absent.
    pub(in crate::read) fn time(&self, tag: Tag) -> Option<Time> {
        let bytes = self.bytes(tag)?;
        let time = std::str::from_utf8(bytes).ok().and_then(Time::parse);
        if time.is_none() {
            self.warn(
                files::UNREADABLE_DATE,
                tag,
                format!("expected a time HHMMSS, found {:?}", String::from_utf8_lossy(bytes)),
            );
        }
        time
    }

    /// A date with its time.
    pub(in crate::read) fn date_time(&self, date: Tag, time: Tag) -> Option<DateTime> {
        let time = self.time(time);
        Some(DateTime { date: self.date(date)?, time })
    }

    /// An optional number of VR DS, FD, FL or one of the binary integers; the first of several.
    pub(in crate::read) fn decimal(&self, tag: Tag) -> Option<f64> {
        self.decimals(tag).and_then(|numbers| numbers.first().copied())
    }

    /// Optional numbers; `None` where absent, empty or unreadable.
    pub(in crate::read) fn decimals(&self, tag: Tag) -> Option<Vec<f64>> {
        match self.read_decimals(tag) {
            Ok(numbers) => numbers,
            Err(found) => {
                self.warn(files::UNREADABLE_NUMBER, tag, found.to_string());
                None
            }
        }
    }

    /// Required numbers; `None` where absent or empty.
    pub(in crate::read) fn strict_decimals(
        &self,
        tag: Tag,
        kind: ReadErrorKind,
    ) -> Result<Option<Vec<f64>>, ReadError> {
        self.read_decimals(tag).map_err(|found| self.error(kind, tag, found.to_string()))
    }

    /// The numbers, or what is wrong with them.
    fn read_decimals(&self, tag: Tag) -> Result<Option<Vec<f64>>, UnreadableNumber> {
        let Some(element) = self.element(tag) else {
            return Ok(None);
        };
        let mut numbers = Vec::new();
        let encoding = element.encoding;
        let value = element.value;
        match element.vr {
            VR::FL | VR::OF => numbers
                .extend(value.as_chunks::<4>().0.iter().map(|b| f64::from(f32::from_bits(encoding.u32(*b))))),
            VR::FD | VR::OD => {
                numbers.extend(value.as_chunks::<8>().0.iter().map(|b| f64::from_bits(encoding.u64(*b))))
            }
            VR::US | VR::SS | VR::UL | VR::SL => {
                numbers.extend(self.binary_integers(tag).into_iter().map(|number| number as f64))
            }
            _ => {
                let Some(text) = self.bytes(tag) else {
                    return Ok(None);
                };
                number::decimals(text, &mut numbers).map_err(UnreadableNumber::text)?;
                if text.split(|byte| *byte == b'\\').any(|one| one.len() > DS_LENGTH) {
                    self.info(
                        files::LONG_NUMBER,
                        tag,
                        format!("expected at most {DS_LENGTH} characters in a number, found more"),
                    );
                }
            }
        }
        if let Some(bad) = numbers.iter().find(|number| !number.is_finite()) {
            return Err(UnreadableNumber::NotFinite(*bad));
        }
        Ok((!numbers.is_empty()).then_some(numbers))
    }

    /// An optional whole number of VR IS or one of the binary integers, if it fits.
    pub(in crate::read) fn integer(&self, tag: Tag) -> Option<i32> {
        match self.read_integer(tag) {
            Ok(number) => number,
            Err(found) => {
                self.warn(files::UNREADABLE_NUMBER, tag, found.to_string());
                None
            }
        }
    }

    /// A required whole number.
    pub(in crate::read) fn required_integer(&self, tag: Tag) -> Result<i32, ReadError> {
        let number = self
            .read_integer(tag)
            .map_err(|found| self.error(ReadErrorKind::Value, tag, found.to_string()))?;
        number.ok_or_else(|| self.missing(tag))
    }

    /// An optional count; a negative one counts as absent.
    pub(in crate::read) fn count(&self, tag: Tag) -> Option<u32> {
        let number = self.integer(tag)?;
        let count = u32::try_from(number).ok();
        if count.is_none() {
            self.warn(files::UNREADABLE_NUMBER, tag, format!("expected a count, found {number}"));
        }
        count
    }

    fn read_integer(&self, tag: Tag) -> Result<Option<i32>, UnreadableNumber> {
        let Some(element) = self.element(tag) else {
            return Ok(None);
        };
        let number = match element.vr {
            VR::US | VR::SS | VR::UL | VR::SL => self.binary_integers(tag).first().copied(),
            _ => {
                let Some(text) = self.bytes(tag) else {
                    return Ok(None);
                };
                let first = text.split(|byte| *byte == b'\\').next().unwrap_or_default();
                let (number, decimals) =
                    number::integer(first).ok_or_else(|| UnreadableNumber::text(first))?;
                if decimals {
                    self.warn(
                        files::INTEGER_WITH_DECIMALS,
                        tag,
                        format!("expected a whole number, found {:?}", String::from_utf8_lossy(first)),
                    );
                }
                if first.len() > IS_LENGTH {
                    self.info(
                        files::LONG_NUMBER,
                        tag,
                        format!("expected at most {IS_LENGTH} characters in a number, found more"),
                    );
                }
                Some(number)
            }
        };
        number.map(|number| i32::try_from(number).map_err(|_| UnreadableNumber::TooLarge(number))).transpose()
    }

    /// The values of a binary integer VR.
    fn binary_integers(&self, tag: Tag) -> Vec<i64> {
        let Some(element) = self.element(tag) else {
            return Vec::new();
        };
        let encoding = element.encoding;
        let two = || element.value.as_chunks::<2>().0.iter().map(|bytes| encoding.u16(*bytes));
        let four = || element.value.as_chunks::<4>().0.iter().map(|bytes| encoding.u32(*bytes));
        match element.vr {
            VR::US => two().map(i64::from).collect(),
            VR::SS => two().map(|number| i64::from(number.cast_signed())).collect(),
            VR::UL => four().map(i64::from).collect(),
            VR::SL => four().map(|number| i64::from(number.cast_signed())).collect(),
            _ => Vec::new(),
        }
    }

    /// An optional point of three coordinates.
    pub(in crate::read) fn point(&self, tag: Tag) -> Option<PatientPoint> {
        match self.decimals(tag)?.as_slice() {
            &[x, y, z] => Some(PatientPoint::new(x, y, z)),
            others => {
                self.warn(files::VALUE_COUNT, tag, format!("expected 3 coordinates, found {}", others.len()));
                None
            }
        }
    }

    /// Two optional directions of three components each.
    pub(in crate::read) fn directions(&self, tag: Tag) -> Option<[PatientVector; 2]> {
        match self.decimals(tag)?.as_slice() {
            &[a, b, c, d, e, f] => Some([PatientVector::new(a, b, c), PatientVector::new(d, e, f)]),
            others => {
                self.warn(
                    files::VALUE_COUNT,
                    tag,
                    format!("expected 6 direction cosines, found {}", others.len()),
                );
                None
            }
        }
    }
}
