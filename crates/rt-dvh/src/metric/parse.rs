//! Reading a metric's name.
//!
//! Units: none. Frame: none.

use super::{DoseLevel, DoseUnit, Metric, VolumeLevel, VolumeUnit};
use std::str::FromStr;

/// A text is no metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a metric such as D95%, D2cc, V20Gy, V20Gy[cc], V95%, Min, Mean, Max or Median, found '{text}': {why}")]
pub struct ParseMetricError {
    text: String,
    why: &'static str,
}

impl FromStr for Metric {
    type Err = ParseMetricError;

    fn from_str(text: &str) -> Result<Self, ParseMetricError> {
        parse(text.trim()).map_err(|why| ParseMetricError { text: text.to_owned(), why })
    }
}

fn parse(text: &str) -> Result<Metric, &'static str> {
    let (name, unit) = match text.split_once('[') {
        None => (text, None),
        Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(']').ok_or("the bracket does not close")?.trim())),
    };
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "min" => return Ok(Metric::Min(dose_unit(unit)?)),
        "mean" => return Ok(Metric::Mean(dose_unit(unit)?)),
        "max" => return Ok(Metric::Max(dose_unit(unit)?)),
        "median" => return Ok(Metric::Median(dose_unit(unit)?)),
        _ => {}
    }
    if let Some(level) = lower.strip_prefix('d') {
        let volume = if let Some(percent) = level.strip_suffix('%') {
            let percent = number(percent)?;
            if percent > 100.0 {
                return Err("a volume is at most 100 %");
            }
            VolumeLevel::Percent(percent)
        } else if let Some(cm3) = level.strip_suffix("cc").or_else(|| level.strip_suffix("cm3")) {
            VolumeLevel::Cm3(number(cm3)?)
        } else {
            return Err("a dose needs its volume in % or cc");
        };
        return Ok(Metric::DoseAtVolume { volume, unit: dose_unit(unit)? });
    }
    if let Some(level) = lower.strip_prefix('v') {
        let dose = if let Some(gy) = level.strip_suffix("cgy") {
            DoseLevel::Gy(number(gy)? / 100.0)
        } else if let Some(gy) = level.strip_suffix("gy") {
            DoseLevel::Gy(number(gy)?)
        } else if let Some(percent) = level.strip_suffix('%') {
            DoseLevel::Percent(number(percent)?)
        } else {
            return Err("a volume needs its dose in Gy, cGy or %");
        };
        return Ok(Metric::VolumeAtDose { dose, unit: volume_unit(unit)? });
    }
    Err("no such metric")
}

fn number(text: &str) -> Result<f64, &'static str> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|value: &f64| plain && value.is_finite()).ok_or("not a plain positive number")
}

fn dose_unit(unit: Option<&str>) -> Result<DoseUnit, &'static str> {
    match unit.map(str::to_ascii_lowercase).as_deref() {
        None | Some("gy") => Ok(DoseUnit::Gy),
        Some("%") => Ok(DoseUnit::Percent),
        Some(_) => Err("a dose is given in [Gy] or [%]"),
    }
}

fn volume_unit(unit: Option<&str>) -> Result<VolumeUnit, &'static str> {
    match unit.map(str::to_ascii_lowercase).as_deref() {
        None | Some("%") => Ok(VolumeUnit::Percent),
        Some("cc" | "cm3") => Ok(VolumeUnit::Cm3),
        Some(_) => Err("a volume is given in [%] or [cc]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_with_their_unit() {
        for (text, printed) in [
            ("D95%", "D95%[Gy]"),
            ("d95%[%]", "D95%[%]"),
            ("D2cc", "D2cc[Gy]"),
            ("D0.03cc [Gy]", "D0.03cc[Gy]"),
            ("V20Gy", "V20Gy[%]"),
            ("V2000cGy[cc]", "V20Gy[cc]"),
            ("V95%[cc]", "V95%[cc]"),
            ("mean", "Mean[Gy]"),
            ("Median[%]", "Median[%]"),
        ] {
            let metric: Metric = text.parse().unwrap();
            assert_eq!(metric.to_string(), printed);
            assert_eq!(printed.parse(), Ok(metric));
        }
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        for (text, why) in [
            ("D95", "a dose needs its volume in % or cc"),
            ("D101%", "a volume is at most 100 %"),
            ("D-5%", "not a plain positive number"),
            ("DNaN%", "not a plain positive number"),
            ("V20", "a volume needs its dose in Gy, cGy or %"),
            ("V20Gy[Gy]", "a volume is given in [%] or [cc]"),
            ("D95%[Gy", "the bracket does not close"),
            ("", "no such metric"),
            ("TCP", "no such metric"),
        ] {
            let error = text.parse::<Metric>().unwrap_err().to_string();
            assert!(error.ends_with(why), "{error}");
        }
    }
}
