//! A record as rows of every table.
//!
//! Units: those of the columns' names; Gy and cm3 in `Plans` and `DVHs`. Frame: DICOM patient coordinates
//! (LPS) for points.

use super::cells::{coordinates, numbered};
use super::delivery;
use super::history::digest_text;
use crate::curve;
use crate::error::SqlError;
use crate::record::{CaseRecord, PlanId, RoiRow, SourceFile};
use crate::schema::{DVHS, PLANS};
use crate::value::{Value, seconds_as_time};
use crate::writer::Writer;
use rt_model::finding::Finding;

pub(crate) const IMPORTS: &[&str] = &[
    "MRN",
    "PlanID",
    "PlanUID",
    "Issuer",
    "Digest",
    "State",
    "Supersedes",
    "ImportedAt_UTC",
    "ImportedBy",
    "Host",
    "EngineName",
    "EngineVersion",
    "DVHOptions",
];
pub(crate) const FILES: &[&str] =
    &["MRN", "PlanID", "Number", "Role", "SOPInstanceUID", "Path", "FirstSeen_UTC"];
pub(crate) const STATUS: &[&str] = &[
    "MRN",
    "PlanID",
    "Approval",
    "Intent",
    "Role",
    "QA",
    "DoseType",
    "TotalDoseCheck",
    "MismatchAccepted",
    "IdentityRemoved",
    "Meterset_MU",
    "TxTime_s",
];
pub(crate) const ROIS: &[&str] = &[
    "MRN",
    "PlanID",
    "ROINumber",
    "ROIName",
    "Type",
    "Colour",
    "Volume_cm3",
    "Coverage_percent",
    "DoseType",
    "MinDose_Gy",
    "MeanDose_Gy",
    "MaxDose_Gy",
    "MinDoseX_mm",
    "MinDoseY_mm",
    "MinDoseZ_mm",
    "MaxDoseX_mm",
    "MaxDoseY_mm",
    "MaxDoseZ_mm",
    "CentroidX_mm",
    "CentroidY_mm",
    "CentroidZ_mm",
    "VolumeModel",
    "Reason",
    "StoredVolume_cm3",
    "StoredMinDose_Gy",
    "StoredMeanDose_Gy",
    "StoredMaxDose_Gy",
    "StoredAgreement",
    "TargetROINumbers",
    "TargetDistanceMin_mm",
    "TargetDistanceMean_mm",
    "TargetDistanceMax_mm",
    "TargetOverlap_cm3",
    "TargetReason",
];
pub(crate) const PRESCRIPTIONS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "Dose_Gy",
    "Source",
    "Reference",
    "ROINumber",
    "Chosen",
    "Settled",
    "Conflict",
    "Reason",
];
pub(crate) const METRICS: &[&str] =
    &["MRN", "PlanID", "ROINumber", "Number", "Metric", "Value", "Unit", "Low", "High", "Reason"];
pub(crate) const FIELD_SOURCES: &[&str] = &["MRN", "PlanID", "Number", "PlansColumn", "Source"];
pub(crate) const FINDINGS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "ROINumber",
    "Code",
    "Severity",
    "Text",
    "File",
    "SOPInstanceUID",
    "Path",
    "Tag",
];
pub(crate) const AUDIT: &[&str] =
    &["RecordedAt_UTC", "Who", "Host", "Version", "Action", "MRN", "PlanID", "Reason"];

/// Writes every row of a case.
pub(super) async fn write(
    writer: &mut Writer<'_>,
    case: &CaseRecord,
    plan_id: PlanId,
    supersedes: Option<PlanId>,
) -> Result<(), SqlError> {
    writer.insert("Plans", PLANS, vec![plan(case, plan_id)]).await?;
    writer.insert("Imports", IMPORTS, vec![import(case, plan_id, supersedes)]).await?;
    writer.insert("ImportFiles", FILES, files(case, plan_id, &case.import.files, 0)).await?;
    write_results(writer, case, plan_id).await?;
    let decisions = case.audit.iter().map(|entry| audit(case, plan_id, &entry.action, &entry.reason));
    let imported = audit(case, plan_id, IMPORT, &import_in_words(case, supersedes));
    writer.insert("Audit", AUDIT, std::iter::once(imported).chain(decisions).collect()).await
}

/// What `Audit` calls an import.
pub(super) const IMPORT: &str = "import";

fn import_in_words(case: &CaseRecord, supersedes: Option<PlanId>) -> String {
    let curves = case.rois.iter().filter(|roi| roi.volume.is_some()).count();
    let older = supersedes.map_or_else(String::new, |older| format!(", takes the place of plan {older}"));
    format!("{curves} DVHs stored{older}")
}

/// A row of `Audit` by who imports.
pub(super) fn audit(case: &CaseRecord, plan_id: PlanId, action: &str, reason: &str) -> Vec<Value> {
    let import = &case.import;
    row![
        import.at,
        &import.who,
        &import.host,
        &import.engine_version,
        action,
        &case.identity.mrn,
        plan_id.0,
        reason
    ]
}

/// Writes what was computed of a case: the rows of `DVHs` and of the companion tables that computing anew
/// replaces.
pub(crate) async fn write_results(
    writer: &mut Writer<'_>,
    case: &CaseRecord,
    plan_id: PlanId,
) -> Result<(), SqlError> {
    let (mrn, id) = (&case.identity.mrn, plan_id.0);
    writer.insert("DVHs", DVHS, dvhs(case, plan_id)?).await?;
    writer.insert("PlanStatus", STATUS, vec![status(case, plan_id)]).await?;
    writer
        .insert("RoiDetails", ROIS, case.rois.iter().map(|roi| details(case, plan_id, roi)).collect())
        .await?;
    let prescriptions = numbered(&case.prescriptions, |number, rx| {
        row![
            mrn,
            id,
            number,
            rx.dose,
            &rx.source,
            rx.reference.as_ref(),
            rx.roi_number,
            rx.chosen,
            rx.settled,
            rx.conflict,
            rx.reason.as_ref(),
        ]
    });
    writer.insert("Prescriptions", PRESCRIPTIONS, prescriptions).await?;
    delivery::write(writer, case, plan_id).await?;
    let metrics = case.rois.iter().flat_map(|roi| {
        numbered(&roi.metrics, move |number, metric| {
            row![
                mrn,
                id,
                roi.number,
                number,
                &metric.metric,
                metric.value,
                &metric.unit,
                metric.low,
                metric.high,
                metric.reason.as_ref(),
            ]
        })
    });
    writer.insert("Metrics", METRICS, metrics.collect()).await?;
    let sources =
        numbered(&case.field_sources, |number, field| row![mrn, id, number, &field.column, &field.source]);
    writer.insert("FieldSources", FIELD_SOURCES, sources).await?;
    let findings = findings(case, plan_id, &writer.findings);
    writer.insert("Findings", FINDINGS, findings).await
}

/// The row of `Plans`.
pub(crate) fn plan(case: &CaseRecord, plan_id: PlanId) -> Vec<Value> {
    let (identity, plan) = (&case.identity, &case.plan);
    row![
        &identity.mrn,
        plan_id.0,
        identity.birth_date,
        plan.age,
        identity.sex.map(|sex| sex.as_char().to_string()),
        plan.sim_study_date,
        plan.rad_onc.as_ref(),
        plan.tx_site.as_ref(),
        plan.rx_dose,
        plan.fractions,
        plan.energy.as_ref(),
        plan.study_instance_uid.as_ref(),
        plan.patient_orientation.as_ref(),
        plan.plan_timestamp,
        plan.structures_timestamp,
        plan.dose_timestamp,
        plan.tps_manufacturer.as_ref(),
        plan.tps_software_name.as_ref(),
        plan.tps_software_version.as_ref(),
        plan.tx_modality.as_ref(),
        plan.monitor_units,
        plan.treatment_time_s.map(seconds_as_time),
    ]
}

/// A row per ROI that encloses a volume.
fn dvhs(case: &CaseRecord, plan_id: PlanId) -> Result<Vec<Vec<Value>>, SqlError> {
    let enclosing = case.rois.iter().filter_map(|roi| roi.volume.map(|volume| (roi, volume)));
    enclosing
        .map(|(roi, volume)| {
            Ok(row![
                &case.identity.mrn,
                plan_id.0,
                &roi.name,
                roi.roi_type.as_ref(),
                volume,
                roi.min,
                roi.mean,
                roi.max,
                roi.curve.as_ref().map(|curve| curve.bin),
                roi.curve.as_ref().map(curve::encode).transpose()?,
            ])
        })
        .collect()
}

fn import(case: &CaseRecord, plan_id: PlanId, supersedes: Option<PlanId>) -> Vec<Value> {
    let (identity, import) = (&case.identity, &case.import);
    row![
        &identity.mrn,
        plan_id.0,
        &identity.plan_uid,
        identity.issuer.as_ref(),
        digest_text(&identity.digest),
        "stored",
        supersedes.map(|older| older.0),
        import.at,
        &import.who,
        &import.host,
        &import.engine_name,
        &import.engine_version,
        &import.dvh_options,
    ]
}

/// Rows of `ImportFiles`, numbered from `first`.
pub(super) fn files<'a>(
    case: &CaseRecord,
    plan_id: PlanId,
    files: impl IntoIterator<Item = &'a SourceFile>,
    first: usize,
) -> Vec<Vec<Value>> {
    let row = |(index, file): (usize, &SourceFile)| {
        row![
            &case.identity.mrn,
            plan_id.0,
            (first + index) as i64,
            file.role.as_str(),
            &file.sop_instance,
            file.path.to_string_lossy().into_owned(),
            case.import.at,
        ]
    };
    files.into_iter().enumerate().map(row).collect()
}

fn status(case: &CaseRecord, plan_id: PlanId) -> Vec<Value> {
    let status = &case.status;
    row![
        &case.identity.mrn,
        plan_id.0,
        status.approval.as_ref(),
        status.intent.as_ref(),
        &status.role,
        status.qa,
        status.dose_type.as_str(),
        &status.total_dose_check,
        status.patient_mismatch_accepted,
        status.identity_removed,
        case.plan.monitor_units,
        case.plan.treatment_time_s,
    ]
}

fn details(case: &CaseRecord, plan_id: PlanId, roi: &RoiRow) -> Vec<Value> {
    let stored = roi.stored_dvh.as_ref();
    let mut row = row![
        &case.identity.mrn,
        plan_id.0,
        roi.number,
        &roi.name,
        roi.roi_type.as_ref(),
        roi.colour.map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}")),
        roi.volume,
        roi.coverage,
        case.status.dose_type.as_str(),
        roi.min,
        roi.mean,
        roi.max,
    ];
    for point in [roi.min_at, roi.max_at, roi.centroid] {
        row.extend(coordinates(point));
    }
    row.extend(row![
        roi.volume_model.as_ref(),
        roi.reason.as_ref(),
        stored.and_then(|dvh| dvh.volume),
        stored.and_then(|dvh| dvh.min),
        stored.and_then(|dvh| dvh.mean),
        stored.and_then(|dvh| dvh.max),
        stored.and_then(|dvh| dvh.agreement.as_ref()),
    ]);
    let targets = roi.targets.as_ref();
    row.extend(row![
        targets.map(|targets| &targets.targets),
        targets.and_then(|targets| targets.least),
        targets.and_then(|targets| targets.mean),
        targets.and_then(|targets| targets.most),
        targets.and_then(|targets| targets.overlap),
        targets.and_then(|targets| targets.reason.as_ref()),
    ]);
    row
}

/// The case's findings, each ROI's, and what the database has found while the rows were made.
fn findings(case: &CaseRecord, plan_id: PlanId, of_the_database: &[Finding]) -> Vec<Vec<Value>> {
    let of_the_case = case.findings.iter().chain(of_the_database).map(|finding| (None, finding));
    let of_rois =
        case.rois.iter().flat_map(|roi| roi.findings.iter().map(|finding| (Some(roi.number), finding)));
    let all: Vec<_> = of_the_case.chain(of_rois).collect();
    numbered(&all, |number, (roi, finding)| {
        row![
            &case.identity.mrn,
            plan_id.0,
            number,
            *roi,
            finding.code.to_string(),
            finding.severity.to_string(),
            &finding.text,
            finding.at.file.as_ref().map(|file| file.to_string_lossy().into_owned()),
            finding.at.sop_instance.as_ref(),
            finding.at.path.as_ref(),
            finding.at.tag.map(|tag| tag.to_string()),
        ]
    })
}
