//! A computed case as rows of the database.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

mod delivery;
mod field_sources;

use crate::importer::Importer;
use rt_case::targets::TargetRelation;
use rt_case::{CaseFacts, CaseOptions, Decision, MetricResult, RoiResult, tables};
use rt_dvh::Engine;
use rt_model::date::DateTime;
use rt_model::derive::PlanSummary;
use rt_model::dose::{DvhContribution, StoredDvh};
use rt_model::provenance::Provenance;
use rt_model::units::Gy;
use rt_sql::record::{
    AuditRow, CaseIdentity, CaseRecord, Curve, ImportRow, MetricRow, PlanRow, PlanStatusRow, PrescriptionRow,
    RoiRow, SourceFile, SourceRole, StoredDvhRow, TargetRow,
};
use std::collections::BTreeMap;

/// The rows of a case: what is known of it, its ROIs, and the options that both rest on.
#[must_use]
pub fn case_record(
    facts: &CaseFacts,
    rois: &[RoiResult],
    options: &CaseOptions,
    importer: &Importer,
) -> CaseRecord {
    let patient = &facts.plan_info.patient;
    let engine = Engine::current();
    let decisions = Decision::of_case(facts, options);
    let audit = |decision: &Decision| AuditRow {
        action: decision.scope().as_str().to_owned(),
        reason: decision.to_string(),
    };
    CaseRecord {
        identity: CaseIdentity {
            mrn: facts.mrn.clone(),
            issuer: patient.issuer.clone(),
            birth_date: patient.birth_date,
            sex: patient.sex,
            plan_uid: facts.plan_info.sop_instance.clone(),
            digest: facts.digest,
        },
        plan: plan_row(facts),
        status: status_row(facts),
        prescriptions: prescription_rows(&facts.summary),
        delivery: delivery::delivery(&facts.plan, &facts.plan_info.equipment),
        rois: rois.iter().map(|roi| roi_row(roi, facts)).collect(),
        field_sources: field_sources::field_sources(facts),
        findings: facts.findings.clone(),
        import: ImportRow {
            at: importer.at,
            who: importer.who.clone(),
            host: importer.host.clone(),
            engine_name: engine.name.to_owned(),
            engine_version: engine.version.to_owned(),
            dvh_options: options.basis(&facts.plan_info.sop_instance).to_string(),
            files: files(facts),
        },
        audit: decisions.iter().map(audit).collect(),
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

fn plan_row(facts: &CaseFacts) -> PlanRow {
    let summary = &facts.summary;
    PlanRow {
        age: summary.age.as_ref().map(|age| age.value),
        sim_study_date: summary.sim_study_date.as_ref().map(|date| date.value),
        rad_onc: summary.rad_onc.as_ref().map(|name| name.value.clone()),
        tx_site: summary.tx_site.as_ref().map(|label| label.value.clone()),
        rx_dose: summary.prescription.rx_dose,
        fractions: summary.fractions.as_ref().map(|fractions| fractions.value),
        energy: summary.energy.as_ref().map(|energy| energy.value.clone()),
        study_instance_uid: facts.plan_info.study.instance_uid.clone(),
        patient_orientation: summary
            .patient_orientation
            .as_ref()
            .map(|orientation| orientation.value.clone()),
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

fn status_row(facts: &CaseFacts) -> PlanStatusRow {
    let plan = &facts.plan;
    let purpose = plan.other_purpose();
    PlanStatusRow {
        approval: plan.approval_status.as_ref().map(ToString::to_string),
        intent: plan.intent.clone(),
        role: purpose.unwrap_or("CLINICAL").to_owned(),
        qa: purpose.is_some(),
        dose_type: facts.dose_type.clone(),
        total_dose_check: facts.total.in_words(),
        patient_mismatch_accepted: facts.mismatch_accepted,
        identity_removed: facts.instances().any(|info| info.patient.identity_removed),
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

fn roi_row(roi: &RoiResult, facts: &CaseFacts) -> RoiRow {
    let dvh = roi.dvh.as_ref().ok();
    let doses = dvh.and_then(|dvh| dvh.doses());
    let curve = dvh.and_then(|dvh| Some(Curve { bin: dvh.bin(), cumulative: dvh.cumulative()? }));
    let metric = |metric: &MetricResult| MetricRow {
        metric: metric.asked.text.clone(),
        value: metric.value,
        unit: metric.unit.to_string(),
        low: metric.low,
        high: metric.high,
        reason: metric.reason.as_ref().map(ToString::to_string),
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
        volume_model: dvh.map(|dvh| dvh.options().to_string()),
        curve,
        reason: roi.reason(),
        stored_dvh: stored_dvh(roi, facts),
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
fn stored_dvh(roi: &RoiResult, facts: &CaseFacts) -> Option<StoredDvhRow> {
    let [dose] = &facts.doses[..] else { return None };
    let own = |stored: &&StoredDvh| stored.rois == [(roi.number, DvhContribution::Included)];
    let stored = dose.stored_dvhs.iter().find(own)?;
    let dvh = roi.dvh.as_ref().ok();
    let doses = dvh.and_then(|dvh| dvh.doses());
    let difference = |theirs: Option<Gy>, ours: Option<Gy>| Some(format!("{:+.3} Gy", (ours? - theirs?).0));
    let mean = difference(stored.mean, doses.map(|doses| doses.mean)).map(|text| format!("mean {text}"));
    let maximum = difference(stored.maximum, doses.map(|doses| doses.max)).map(|text| format!("max {text}"));
    let curve = dvh.and_then(|dvh| tables::stored_agreement(dvh, stored)).map(|found| {
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
fn files(facts: &CaseFacts) -> Vec<SourceFile> {
    let file = |role, at: Provenance| {
        let path = std::path::absolute(at.file.as_ref()?).ok().or(at.file)?;
        Some(SourceFile { role, sop_instance: at.sop_instance?, path })
    };
    let dated = facts.summary.sim_study_date.as_ref().map(|date| date.at.clone());
    let image = dated.filter(|at| at.sop_instance.as_ref() != Some(&facts.plan_info.sop_instance));
    std::iter::once(file(SourceRole::Plan, facts.plan_info.provenance()))
        .chain([file(SourceRole::StructureSet, facts.structure_set_info.provenance())])
        .chain(facts.doses.iter().map(|dose| file(SourceRole::Dose, dose.info.provenance())))
        .chain(image.map(|at| file(SourceRole::Image, at)))
        .flatten()
        .collect()
}
