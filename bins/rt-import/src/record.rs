//! A computed case as rows of the database.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

mod delivery;
mod field_sources;
mod importer;

pub use importer::Importer;

use crate::case::Computed;
use crate::config::Settings;
use crate::report::Engine;
use crate::roi::RoiResult;
use crate::targets::TargetRelation;
use rt_model::case::Case;
use rt_model::date::DateTime;
use rt_model::derive::PlanSummary;
use rt_model::dose::{DoseUnits, DvhContribution, StoredDvh};
use rt_model::finding::dose::{FRAME_OFFSETS_ASSUMED, FRAME_SPACING_ASSUMED};
use rt_model::matching::{CaseMatch, Selection};
use rt_model::provenance::Provenance;
use rt_model::units::Gy;
use rt_sql::record::{
    AuditRow, CaseIdentity, CaseRecord, Curve, ImportRow, MetricRow, PlanRow, PlanStatusRow, PrescriptionRow, RoiRow, SourceFile,
    SourceRole, StoredDvhRow, TargetRow,
};
use std::collections::BTreeMap;

/// The rows of a case.
#[must_use]
pub fn case_record(matched: &CaseMatch, computed: &Computed, settings: &Settings, importer: &Importer) -> CaseRecord {
    let case = &computed.case;
    let patient = &case.plan_info.patient;
    CaseRecord {
        identity: CaseIdentity {
            mrn: matched.mrn.clone(),
            issuer: patient.issuer.clone(),
            birth_date: patient.birth_date,
            sex: patient.sex,
            plan_uid: case.plan_info.sop_instance.clone(),
            digest: computed.digest,
        },
        plan: plan_row(&computed.summary, case),
        status: status_row(matched, computed),
        prescriptions: prescription_rows(&computed.summary),
        delivery: delivery::delivery(&case.plan, &case.plan_info.equipment),
        rois: computed.rois.iter().map(|roi| roi_row(roi, case, settings)).collect(),
        field_sources: field_sources::field_sources(computed),
        findings: computed.findings.clone(),
        import: ImportRow {
            at: importer.at,
            who: importer.who.clone(),
            host: importer.host.clone(),
            engine_name: Engine::current().name.to_owned(),
            engine_version: Engine::current().version.to_owned(),
            dvh_options: options(case, settings),
            files: files(computed),
        },
        audit: audit(matched, computed, settings),
    }
}

/// The columns of `Plans` and what is in them as text, without MRN and PlanID.
#[must_use]
pub fn columns(record: &CaseRecord) -> BTreeMap<&'static str, Option<String>> {
    let (identity, plan) = (&record.identity, &record.plan);
    let date_time = |value: Option<DateTime>| value.map(|value| value.to_string());
    BTreeMap::from([
        ("Birthdate", identity.birth_date.map(|_| "known".to_owned())),
        ("Age", plan.age.map(|age| age.to_string())),
        ("Sex", identity.sex.map(|sex| sex.as_char().to_string())),
        ("SimStudyDate", plan.sim_study_date.map(|date| date.to_string())),
        ("RadOnc", plan.rad_onc.as_ref().map(|_| "known".to_owned())),
        ("TxSite", plan.tx_site.clone()),
        ("RxDose", plan.rx_dose.map(|dose| format!("{:.2} Gy", dose.0))),
        ("Fractions", plan.fractions.map(|count| count.to_string())),
        ("Energy", plan.energy.clone()),
        ("StudyInstanceUID", plan.study_instance_uid.as_ref().map(ToString::to_string)),
        ("PatientOrientation", plan.patient_orientation.clone()),
        ("PlanTimeStamp", date_time(plan.plan_timestamp)),
        ("StTimeStamp", date_time(plan.structures_timestamp)),
        ("DoseTimeStamp", date_time(plan.dose_timestamp)),
        ("TPSManufacturer", plan.tps_manufacturer.clone()),
        ("TPSSoftwareName", plan.tps_software_name.clone()),
        ("TPSSoftwareVersion", plan.tps_software_version.clone()),
        ("TxModality", plan.tx_modality.clone()),
        ("MUs", plan.monitor_units.map(|units| format!("{units:.1}"))),
        ("TxTime", plan.treatment_time_s.map(|seconds| format!("{seconds:.1} s"))),
    ])
}

fn plan_row(summary: &PlanSummary, case: &Case) -> PlanRow {
    PlanRow {
        age: summary.age.as_ref().map(|age| age.value),
        sim_study_date: summary.sim_study_date.as_ref().map(|date| date.value),
        rad_onc: summary.rad_onc.as_ref().map(|name| name.value.clone()),
        tx_site: summary.tx_site.as_ref().map(|label| label.value.clone()),
        rx_dose: summary.prescription.rx_dose,
        fractions: summary.fractions.as_ref().map(|fractions| fractions.value),
        energy: summary.energy.as_ref().map(|energy| energy.value.clone()),
        study_instance_uid: case.plan_info.study.instance_uid.clone(),
        patient_orientation: summary.patient_orientation.as_ref().map(|orientation| orientation.value.clone()),
        plan_timestamp: summary.plan_timestamp.as_ref().map(|time| time.value),
        structures_timestamp: summary.structures_timestamp.as_ref().map(|time| time.value),
        dose_timestamp: summary.dose_timestamp.as_ref().map(|time| time.value),
        tps_manufacturer: summary.tps_manufacturer.as_ref().map(|name| name.value.clone()),
        tps_software_name: summary.tps_software_name.as_ref().map(|name| name.value.clone()),
        tps_software_version: summary.tps_software_version.as_ref().map(|version| version.value.clone()),
        tx_modality: summary.tx_modality.as_ref().map(|modality| modality.value.clone()),
        monitor_units: summary.monitor_units.as_ref().map(|units| units.value),
        treatment_time_s: summary.treatment_time_s.as_ref().map(|time| time.value),
    }
}

fn status_row(matched: &CaseMatch, computed: &Computed) -> PlanStatusRow {
    let case = &computed.case;
    let plan = &case.plan;
    let purpose = plan.other_purpose();
    let removed = std::iter::once(&case.plan_info)
        .chain([&case.structure_set.info])
        .chain(case.doses.iter().map(|dose| &dose.info))
        .any(|info| info.patient.identity_removed);
    PlanStatusRow {
        approval: plan.approval_status.clone(),
        intent: plan.intent.clone(),
        role: purpose.unwrap_or("CLINICAL").to_owned(),
        qa: purpose.is_some(),
        dose_type: computed.dose_type.clone(),
        total_dose_check: computed.total.in_words(),
        patient_mismatch_accepted: matched.mismatch_accepted,
        identity_removed: removed,
    }
}

fn prescription_rows(summary: &PlanSummary) -> Vec<PrescriptionRow> {
    let rx = &summary.prescription;
    rx.candidates
        .iter()
        .map(|candidate| PrescriptionRow {
            dose: candidate.dose,
            source: candidate.source.as_str().to_owned(),
            reference: candidate.reference.clone(),
            roi_number: candidate.roi_number,
            chosen: candidate.chosen,
            settled: candidate.chosen && rx.settled.is_some(),
            conflict: candidate.conflict,
            reason: candidate.reason.clone(),
        })
        .collect()
}

fn roi_row(roi: &RoiResult, case: &Case, settings: &Settings) -> RoiRow {
    let dvh = roi.dvh.as_ref();
    let doses = dvh.and_then(|dvh| dvh.doses());
    let curve = dvh.and_then(|dvh| Some(Curve { bin: dvh.bin(), cumulative: dvh.cumulative()? }));
    let metric = |(text, metric): &(String, crate::report::MetricReport)| MetricRow {
        metric: text.clone(),
        value: metric.value,
        unit: metric.unit.clone(),
        low: metric.low,
        high: metric.high,
        reason: metric.reason.clone(),
    };
    RoiRow {
        number: roi.number,
        name: roi.name.clone(),
        roi_type: roi.interpreted_type.clone(),
        colour: roi.colour,
        volume: dvh.map(|dvh| dvh.volume()),
        coverage: dvh.map(|dvh| dvh.coverage()),
        min: doses.map(|doses| doses.min),
        mean: doses.map(|doses| doses.mean),
        max: doses.map(|doses| doses.max),
        min_at: doses.map(|doses| doses.min_at),
        max_at: doses.map(|doses| doses.max_at),
        centroid: roi.centroid,
        volume_model: dvh.map(|_| settings.dvh.to_string()),
        curve,
        reason: roi.reason.clone(),
        stored_dvh: stored_dvh(roi, case),
        targets: roi.targets.as_ref().map(target_row),
        metrics: roi.metrics.iter().map(metric).collect(),
        findings: roi.findings.clone(),
    }
}

fn target_row(relation: &TargetRelation) -> TargetRow {
    let distance = relation.distance;
    TargetRow {
        targets: relation.targets.clone(),
        least: distance.map(|distance| distance.least),
        mean: distance.map(|distance| distance.mean),
        most: distance.map(|distance| distance.most),
        overlap: relation.overlap,
        reason: relation.reason.clone(),
    }
}

/// The planning system's own DVH of this ROI alone, where one dose is the plan's.
fn stored_dvh(roi: &RoiResult, case: &Case) -> Option<StoredDvhRow> {
    let [dose] = &case.doses[..] else { return None };
    let own = |stored: &&StoredDvh| stored.rois == [(roi.number, DvhContribution::Included)];
    let stored = dose.stored_dvhs.iter().find(own)?;
    let doses = roi.dvh.as_ref().and_then(|dvh| dvh.doses());
    let difference = |theirs: Option<Gy>, ours: Option<Gy>| Some(format!("{:+.3} Gy", (ours? - theirs?).0));
    let mean = difference(stored.mean, doses.map(|doses| doses.mean)).map(|text| format!("mean {text}"));
    let maximum = difference(stored.maximum, doses.map(|doses| doses.max)).map(|text| format!("max {text}"));
    let curve = roi.dvh.as_ref().and_then(|dvh| crate::tps::stored::compared(dvh, stored)).map(|found| {
        format!(
            "gamma (1 %, 1 %) {:.1} % of {} points, worst {:.2} at {:.2}",
            found.percent(),
            found.points,
            found.worst,
            found.worst_at
        )
    });
    let agreement: Vec<String> = mean.into_iter().chain(maximum).chain(curve).collect();
    Some(StoredDvhRow {
        volume: stored.total_volume(),
        min: stored.minimum,
        mean: stored.mean,
        max: stored.maximum,
        agreement: (!agreement.is_empty()).then(|| agreement.join(", ")),
    })
}

/// The files that the case was made of.
fn files(computed: &Computed) -> Vec<SourceFile> {
    let case = &computed.case;
    let file = |role, at: Provenance| {
        let path = std::path::absolute(at.file.as_ref()?).ok().or(at.file)?;
        Some(SourceFile { role, sop_instance: at.sop_instance?, path })
    };
    let dated = computed.summary.sim_study_date.as_ref().map(|date| date.at.clone());
    let image = dated.filter(|at| at.sop_instance.as_ref() != Some(&case.plan_info.sop_instance));
    std::iter::once(file(SourceRole::Plan, case.plan_info.provenance()))
        .chain([file(SourceRole::StructureSet, case.structure_set.info.provenance())])
        .chain(case.doses.iter().map(|dose| file(SourceRole::Dose, dose.info.provenance())))
        .chain(image.map(|at| file(SourceRole::Image, at)))
        .flatten()
        .collect()
}

/// What stands before and after the user's α/β in the text of the options.
pub(crate) const ALPHA_BETA: (&str, &str) = (", alpha/beta ", " by the user");
/// How the text of the options ends where metrics carry bands.
pub(crate) const WITH_BANDS: &str = ", with bands";

/// All that results depend on besides the files, in one text: equal options give equal texts.
fn options(case: &Case, settings: &Settings) -> String {
    let mut text = settings.dvh.to_string();
    if let Some(dose) = settings.stated_prescription(&case.plan_info.sop_instance) {
        text += &format!(", prescription {dose:.2} by the user");
    }
    let alpha_beta = settings.alpha_beta.texts();
    if !alpha_beta.is_empty() {
        text += &format!("{}{}{}", ALPHA_BETA.0, alpha_beta.join(", "), ALPHA_BETA.1);
    }
    if settings.bands {
        text += WITH_BANDS;
    }
    text
}

/// The user's word on frames that state no offsets.
pub(crate) const ASSUME_SPACING: &str = "assume spacing";

/// The user's decisions that this case rests on. [`crate::decisions::repeat`] reads them back.
fn audit(matched: &CaseMatch, computed: &Computed, settings: &Settings) -> Vec<AuditRow> {
    let case = &computed.case;
    let mut rows = Vec::new();
    let mut push = |action: &str, reason: String| rows.push(AuditRow { action: action.to_owned(), reason });
    if matched.mismatch_accepted {
        for (a, b) in &settings.matching.accept_patient_mismatch {
            if *a == matched.mrn || *b == matched.mrn {
                push("accept", format!("patient mismatch {a}={b}"));
            }
        }
    }
    let doses = || case.doses.iter().map(|dose| &dose.info.sop_instance);
    for choice in &settings.matching.select {
        let applies = match choice {
            Selection::Plan(uid) => *uid == case.plan_info.sop_instance,
            Selection::Structures(uid) => *uid == case.structure_set.info.sop_instance,
            Selection::Dose(uid) => doses().any(|dose| dose == uid),
        };
        if applies {
            push("override", format!("select {choice}"));
        }
    }
    for (uid, scope) in settings.matching.dose_is.iter().filter(|(uid, _)| doses().any(|dose| dose == uid)) {
        push("override", format!("dose {uid} is {scope:?}").to_lowercase());
    }
    let plan = &case.plan_info.sop_instance;
    if let Some(dose) = settings.stated_prescription(plan) {
        push("override", format!("prescription of {plan} is {dose}"));
    }
    let relative = case.doses.iter().any(|dose| dose.header.units == DoseUnits::Relative);
    if let Some(reference) = settings.read.relative_dose_reference.filter(|_| relative) {
        push("override", format!("a relative dose of 1 is {reference}"));
    }
    if case.plan_info.patient.id.is_empty() {
        push("override", format!("mrn {}", matched.mrn));
    }
    let found = |code| computed.findings.iter().any(|finding| finding.code == code);
    if let Some(how) = settings.read.assume_offsets.filter(|_| found(FRAME_OFFSETS_ASSUMED)) {
        push("override", format!("assume offsets {how:?}").to_lowercase());
    }
    if found(FRAME_SPACING_ASSUMED) {
        push("override", ASSUME_SPACING.to_owned());
    }
    rows
}
