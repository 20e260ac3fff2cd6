//! Decisions of the user, read back from `Audit`: computing a plan anew rests on the same ones.
//!
//! Units: none. Frame: none.

use crate::config::Settings;
use crate::metric::{AlphaBeta, AskedMetric};
use crate::record::{ALPHA_BETA, ASSUME_SPACING, WITH_BANDS};
use rt_model::matching::DoseScope;
use rt_model::read::AssumeOffsets;
use rt_model::uid::Uid;
use rt_model::units::Gy;
use rt_sql::record::AuditRow;

/// Takes the decisions that a case was imported with into the settings.
pub fn repeat(rows: &[AuditRow], settings: &mut Settings) {
    for row in rows.iter().filter(|row| matches!(row.action.as_str(), "accept" | "override")) {
        let reason = row.reason.as_str();
        if let Some(pair) = reason.strip_prefix("patient mismatch ") {
            settings.matching.accept_patient_mismatch.extend(pair.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())));
        } else if let Some(choice) = reason.strip_prefix("select ") {
            settings.matching.select.extend(choice.parse().ok());
        } else if let Some(mrn) = reason.strip_prefix("mrn ") {
            settings.matching.mrn = Some(mrn.to_owned());
        } else if let Some(how) = reason.strip_prefix("assume offsets ") {
            settings.read.assume_offsets = match how {
                "relative" => Some(AssumeOffsets::Relative),
                "absolute" => Some(AssumeOffsets::Absolute),
                _ => settings.read.assume_offsets,
            };
        } else if reason == ASSUME_SPACING {
            settings.read.assume_spacing = true;
        } else if let Some((uid, dose)) = reason.strip_prefix("prescription of ").and_then(|rest| rest.split_once(" is ")) {
            let dose = dose.strip_suffix(" Gy").and_then(|gray| gray.parse().ok()).map(Gy);
            settings.prescriptions.extend(Uid::new(uid).zip(dose));
        } else if let Some(reference) = reason.strip_prefix("a relative dose of 1 is ") {
            let gray = reference.strip_suffix(" Gy").and_then(|gray| gray.parse().ok()).map(Gy);
            settings.read.relative_dose_reference = gray.or(settings.read.relative_dose_reference);
            settings.matching.relative_dose_stated = settings.read.relative_dose_reference.is_some();
        } else if let Some((uid, scope)) = reason.strip_prefix("dose ").and_then(|rest| rest.split_once(" is ")) {
            let scope = match scope {
                "total" => Some(DoseScope::Total),
                "fraction" => Some(DoseScope::Fraction),
                _ => None,
            };
            settings.matching.dose_is.extend(Uid::new(uid).zip(scope));
        }
    }
}

/// Asks once more for the metrics that a plan has, then for those of the settings, and for the α/β and bands of its options where the
/// settings say none: what was asked by a flag of the import is in no file.
pub fn repeat_metrics(asked: &[String], dvh_options: &str, settings: &mut Settings) {
    let stored = asked.iter().filter_map(|text| Some(AskedMetric { text: text.clone(), metric: text.parse().ok()? }));
    let new = settings.metrics.iter().filter(|new| !asked.contains(&new.text)).cloned();
    settings.metrics = stored.chain(new).collect();
    let stated = dvh_options.split_once(ALPHA_BETA.0).and_then(|(_, rest)| rest.split_once(ALPHA_BETA.1));
    if let Some((stated, _)) = stated.filter(|_| settings.alpha_beta == AlphaBeta::default()) {
        let texts: Vec<String> = stated.split(", ").map(str::to_owned).collect();
        // A name with a comma in it can't be told apart: then the settings' own hold.
        settings.alpha_beta = AlphaBeta::read(&texts).unwrap_or_default();
    }
    settings.bands |= dvh_options.ends_with(WITH_BANDS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layer;

    #[test]
    fn decisions_are_read_as_they_were_written() {
        let mut settings = Settings::new(&Layer::defaults()).unwrap();
        let rows = [
            "patient mismatch A=B",
            "select dose=1.2",
            "dose 1.2 is fraction",
            "mrn M-7",
            "assume offsets absolute",
            "assume spacing",
            "prescription of 1.3 is 50.4 Gy",
            "a relative dose of 1 is 0.7 Gy",
        ];
        let rows: Vec<AuditRow> =
            rows.iter().map(|reason| AuditRow { action: "override".into(), reason: (*reason).into() }).collect();
        repeat(&rows, &mut settings);
        assert_eq!(settings.matching.accept_patient_mismatch, [("A".to_owned(), "B".to_owned())]);
        assert_eq!(settings.matching.select[0].to_string(), "dose=1.2");
        assert_eq!(settings.matching.dose_is, [(Uid::new("1.2").unwrap(), DoseScope::Fraction)]);
        assert_eq!(settings.matching.mrn.as_deref(), Some("M-7"));
        assert_eq!(settings.prescriptions, [(Uid::new("1.3").unwrap(), Gy(50.4))]);
        assert_eq!(settings.read.relative_dose_reference, Some(Gy(0.7)));
        assert_eq!(settings.read.assume_offsets, Some(AssumeOffsets::Absolute));
        assert!(settings.read.assume_spacing);
    }

    #[test]
    fn what_was_asked_by_flags_is_asked_again() {
        let mut settings = Settings::new(&Layer::defaults()).unwrap();
        let options = format!("{}, alpha/beta 3, cord=2 by the user, with bands", settings.dvh);
        repeat_metrics(&["D2cc".into(), "V20Gy".into()], &options, &mut settings);
        let asked: Vec<&str> = settings.metrics.iter().map(|asked| asked.text.as_str()).collect();
        assert_eq!(asked, ["D2cc", "V20Gy", "D95%"]);
        assert_eq!(settings.alpha_beta, AlphaBeta::read(&["3".into(), "cord=2".into()]).unwrap());
        assert!(settings.bands);
        let mut plain = Settings::new(&Layer::defaults()).unwrap();
        let options = plain.dvh.to_string();
        repeat_metrics(&[], &options, &mut plain);
        assert_eq!((plain.metrics.len(), plain.alpha_beta, plain.bands), (1, AlphaBeta::default(), false));
    }
}
