//! Reading a metric's name.
//!
//! Units: none. Frame: none.

use super::{DoseLevel, DoseUnit, Metric, VolumeLevel, VolumeUnit};
use std::str::FromStr;

/// A text is no metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a metric such as D95%, D2cc, DC700cc, V20Gy, V20Gy[cc], V95%, CV20Gy, Min, Mean, Max, Median, gEUD(a=8), HI, CI, \
     PCI, GI or R50, found '{text}': {why}"
)]
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
        Some((name, rest)) => {
            (name.trim_end(), Some(rest.strip_suffix(']').ok_or("the bracket does not close")?.trim()))
        }
    };
    let lower = name.to_ascii_lowercase();
    let ratio =
        |metric| if unit.is_none_or(str::is_empty) { Ok(metric) } else { Err("an index has no unit") };
    match lower.as_str() {
        "min" => return Ok(Metric::Min(dose_unit(unit)?)),
        "mean" => return Ok(Metric::Mean(dose_unit(unit)?)),
        "max" => return Ok(Metric::Max(dose_unit(unit)?)),
        "median" => return Ok(Metric::Median(dose_unit(unit)?)),
        "hi" => return ratio(Metric::Homogeneity),
        "ci" => return ratio(Metric::Conformity),
        "pci" => return ratio(Metric::PaddickConformity),
        "gi" => return ratio(Metric::Gradient),
        "r50" => return ratio(Metric::R50),
        _ => {}
    }
    if let Some(rest) = lower.strip_prefix("geud") {
        return Ok(Metric::Geud { a: exponent(rest)?, unit: dose_unit(unit)? });
    }
    if let Some(level) = lower.strip_prefix("cv") {
        return Ok(Metric::ColdVolume {
            dose: dose_level(level)?,
            unit: volume_unit(unit, VolumeUnit::Cm3)?,
        });
    }
    if let Some(level) = lower.strip_prefix("dc") {
        return Ok(Metric::ColdDose { volume: volume_level(level)?, unit: dose_unit(unit)? });
    }
    if let Some(level) = lower.strip_prefix('d') {
        return Ok(Metric::DoseAtVolume { volume: volume_level(level)?, unit: dose_unit(unit)? });
    }
    if let Some(level) = lower.strip_prefix('v') {
        return Ok(Metric::VolumeAtDose {
            dose: dose_level(level)?,
            unit: volume_unit(unit, VolumeUnit::Percent)?,
        });
    }
    Err("no such metric")
}

fn volume_level(text: &str) -> Result<VolumeLevel, &'static str> {
    if let Some(percent) = text.strip_suffix('%') {
        let percent = number(percent)?;
        return if percent > 100.0 {
            Err("a volume is at most 100 %")
        } else {
            Ok(VolumeLevel::Percent(percent))
        };
    }
    let cm3 = text
        .strip_suffix("cc")
        .or_else(|| text.strip_suffix("cm3"))
        .ok_or("a dose needs its volume in % or cc")?;
    number(cm3).map(VolumeLevel::Cm3)
}

fn dose_level(text: &str) -> Result<DoseLevel, &'static str> {
    if let Some(percent) = text.strip_suffix('%') {
        number(percent).map(DoseLevel::Percent)
    } else if let Some(hundredths) = text.strip_suffix("cgy") {
        number(hundredths).map(|cgy| DoseLevel::Gy(cgy / 100.0))
    } else {
        let gy = text.strip_suffix("gy").ok_or("a volume needs its dose in Gy, cGy or %")?;
        number(gy).map(DoseLevel::Gy)
    }
}

/// `(a=8)` or `(8)`.
fn exponent(text: &str) -> Result<f64, &'static str> {
    let inner = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or("gEUD needs its exponent: gEUD(a=8)")?
        .trim();
    let inner = inner
        .strip_prefix('a')
        .map_or(Ok(inner), |rest| rest.trim().strip_prefix('=').ok_or("expected a=8"))?
        .trim();
    let (sign, digits) = inner.strip_prefix('-').map_or((1.0, inner), |digits| (-1.0, digits));
    let a = sign * number(digits)?;
    if a == 0.0 { Err("the exponent must not be 0") } else { Ok(a) }
}

fn number(text: &str) -> Result<f64, &'static str> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|value: &f64| plain && value.is_finite()).ok_or("not a plain positive number")
}

fn dose_unit(unit: Option<&str>) -> Result<DoseUnit, &'static str> {
    match unit.map(str::to_ascii_lowercase).as_deref() {
        None | Some("gy") => Ok(DoseUnit::Gy),
        Some("%") => Ok(DoseUnit::Percent),
        Some("eqd2") => Ok(DoseUnit::Eqd2),
        Some("bed") => Ok(DoseUnit::Bed),
        Some(_) => Err("a dose is given in [Gy], [%], [EQD2] or [BED]"),
    }
}

fn volume_unit(unit: Option<&str>, default: VolumeUnit) -> Result<VolumeUnit, &'static str> {
    match unit.map(str::to_ascii_lowercase).as_deref() {
        None => Ok(default),
        Some("%") => Ok(VolumeUnit::Percent),
        Some("cc" | "cm3") => Ok(VolumeUnit::Cm3),
        Some(_) => Err("a volume is given in [%] or [cc]"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::MetricUnit;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_round_trip_with_their_unit() {
        for (text, printed) in [
            ("D95%", "D95%[Gy]"),
            ("d95%[%]", "D95%[%]"),
            ("D2cc", "D2cc[Gy]"),
            ("D0.03cc [Gy]", "D0.03cc[Gy]"),
            ("D95%[EQD2]", "D95%[EQD2]"),
            ("DC700cc", "DC700cc[Gy]"),
            ("V20Gy", "V20Gy[%]"),
            ("V2000cGy[cc]", "V20Gy[cc]"),
            ("V95%[cc]", "V95%[cc]"),
            ("CV20Gy", "CV20Gy[cc]"),
            ("cv20gy[%]", "CV20Gy[%]"),
            ("mean", "Mean[Gy]"),
            ("Mean[bed]", "Mean[BED]"),
            ("Median[%]", "Median[%]"),
            ("gEUD(8)", "gEUD(a=8)[Gy]"),
            ("geud( a = -10 )[%]", "gEUD(a=-10)[%]"),
            ("HI", "HI"),
            ("pci[]", "PCI"),
            ("r50", "R50"),
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
            ("DC", "a dose needs its volume in % or cc"),
            ("D101%", "a volume is at most 100 %"),
            ("D-5%", "not a plain positive number"),
            ("DNaN%", "not a plain positive number"),
            ("V20", "a volume needs its dose in Gy, cGy or %"),
            ("V20Gy[Gy]", "a volume is given in [%] or [cc]"),
            ("D95%[Gy", "the bracket does not close"),
            ("D95%[cc]", "a dose is given in [Gy], [%], [EQD2] or [BED]"),
            ("gEUD", "gEUD needs its exponent: gEUD(a=8)"),
            ("gEUD(a=0)", "the exponent must not be 0"),
            ("gEUD(a8)", "expected a=8"),
            ("CI[%]", "an index has no unit"),
            ("", "no such metric"),
            ("TCP", "no such metric"),
        ] {
            let error = text.parse::<Metric>().unwrap_err().to_string();
            assert!(error.ends_with(why), "{error}");
        }
    }

    fn metrics() -> impl Strategy<Value = Metric> {
        let number = || prop_oneof![0.0f64..1e4, (0u32..100_000).prop_map(f64::from), 0.0f64..1e-6];
        let dose_unit = prop_oneof![
            Just(DoseUnit::Gy),
            Just(DoseUnit::Percent),
            Just(DoseUnit::Eqd2),
            Just(DoseUnit::Bed)
        ];
        let volume_unit = prop_oneof![Just(VolumeUnit::Percent), Just(VolumeUnit::Cm3)];
        let volume =
            prop_oneof![(0.0f64..=100.0).prop_map(VolumeLevel::Percent), number().prop_map(VolumeLevel::Cm3)];
        let dose = prop_oneof![number().prop_map(DoseLevel::Percent), number().prop_map(DoseLevel::Gy)];
        let exponent = (1e-3f64..1e3, any::<bool>()).prop_map(|(a, negative)| if negative { -a } else { a });
        (0..14u8, dose_unit, volume_unit, volume, dose, exponent).prop_map(
            |(kind, unit, volume_unit, volume, dose, a)| match kind {
                0 => Metric::DoseAtVolume { volume, unit },
                1 => Metric::ColdDose { volume, unit },
                2 => Metric::VolumeAtDose { dose, unit: volume_unit },
                3 => Metric::ColdVolume { dose, unit: volume_unit },
                4 => Metric::Min(unit),
                5 => Metric::Mean(unit),
                6 => Metric::Max(unit),
                7 => Metric::Median(unit),
                8 => Metric::Geud { a, unit },
                9 => Metric::Homogeneity,
                10 => Metric::Conformity,
                11 => Metric::PaddickConformity,
                12 => Metric::Gradient,
                _ => Metric::R50,
            },
        )
    }

    proptest! {
        #[test]
        fn the_unit_of_every_metric_reads_back_as_printed(metric in metrics()) {
            let unit = metric.unit();
            prop_assert_eq!(unit.to_string().parse(), Ok(unit));
            let longer = format!("{unit} ");
            prop_assert!(longer.parse::<MetricUnit>().is_err());
        }

        #[test]
        fn every_metric_reads_back_as_printed(metric in metrics()) {
            prop_assert_eq!(metric.to_string().parse(), Ok(metric));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Metric>();
        }
    }
}
