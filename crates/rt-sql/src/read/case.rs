//! A stored case, whole.
//!
//! Units: as the record's. Frame: DICOM patient coordinates (LPS) for points.

use super::delivery::delivery;
use super::dvh::DvhRow;
use super::finding::{FINDINGS, finding};
use super::import::imports;
use super::point::point;
use crate::database::Database;
use crate::error::SqlError;
use crate::record::{
    CaseIdentity, CaseRecord, FieldSource, MetricRow, PlanId, PlanStatusRow, PrescriptionRow, RoiRow,
    StoredDvhRow, TargetRow,
};
use crate::value::{Row, Value};
use rt_model::dose::DoseType;

const STATUS: &str = "SELECT Approval, Intent, Role, QA, DoseType, TotalDoseCheck, MismatchAccepted, IdentityRemoved, \
     Meterset_MU, TxTime_s FROM PlanStatus WHERE MRN = ? AND PlanID = ?";
const PRESCRIPTIONS: &str = "SELECT Dose_Gy, Source, Reference, ROINumber, Chosen, Settled, Conflict, Reason \
     FROM Prescriptions WHERE MRN = ? AND PlanID = ? ORDER BY Number";
const ROIS: &str = "SELECT ROINumber, ROIName, Type, Colour, Volume_cm3, Coverage_percent, MinDose_Gy, MeanDose_Gy, \
     MaxDose_Gy, MinDoseX_mm, MinDoseY_mm, MinDoseZ_mm, MaxDoseX_mm, MaxDoseY_mm, MaxDoseZ_mm, CentroidX_mm, CentroidY_mm, \
     CentroidZ_mm, VolumeModel, Reason, StoredVolume_cm3, StoredMinDose_Gy, StoredMeanDose_Gy, StoredMaxDose_Gy, \
     StoredAgreement, TargetROINumbers, TargetDistanceMin_mm, TargetDistanceMean_mm, TargetDistanceMax_mm, TargetOverlap_cm3, \
     TargetReason FROM RoiDetails WHERE MRN = ? AND PlanID = ? ORDER BY ROINumber";
const METRICS: &str = "SELECT ROINumber, Metric, Value, Unit, Low, High, Reason FROM Metrics \
     WHERE MRN = ? AND PlanID = ? ORDER BY ROINumber, Number";
const FIELD_SOURCES: &str =
    "SELECT PlansColumn, Source FROM FieldSources WHERE MRN = ? AND PlanID = ? ORDER BY Number";

impl Database {
    /// A case as it was stored, ROIs by number, curves decoded; `findings` also has the database's own.
    /// `audit` is empty: the table `Audit` is a log, not a part of the case. `None` where this program has
    /// stored no such plan.
    ///
    /// # Errors
    /// Where the database can't be read or a value is not what its column means.
    pub async fn case(&self, mrn: &str, plan_id: PlanId) -> Result<Option<CaseRecord>, SqlError> {
        let mut session = self.session().await?;
        let key = || -> Vec<Value> { vec![mrn.into(), plan_id.0.into()] };
        let Some(stored) = self.plans(Some(mrn)).await?.into_iter().find(|plan| plan.plan_id == plan_id)
        else {
            return Ok(None);
        };
        let Some(import) =
            imports(&mut session, Some(mrn)).await?.into_iter().find(|import| import.plan_id == plan_id)
        else {
            return Ok(None);
        };
        let mut plan = stored.plan;
        let Some(mut row) = session.query(STATUS, key()).await?.pop() else { return Ok(None) };
        let status = PlanStatusRow {
            approval: row.next()?,
            intent: row.next()?,
            role: row.next()?,
            qa: row.next()?,
            dose_type: dose_type(row.next::<Option<_>>()?.unwrap_or_default()),
            total_dose_check: row.next()?,
            patient_mismatch_accepted: row.next()?,
            identity_removed: row.next()?,
        };
        (plan.monitor_units, plan.treatment_time_s) = (row.next()?, row.next()?);
        let mut rois =
            session.query(ROIS, key()).await?.into_iter().map(roi).collect::<Result<Vec<_>, _>>()?;
        attach_curves(&mut rois, self.dvhs(mrn, plan_id).await?)?;
        for mut row in session.query(METRICS, key()).await? {
            let number: i32 = row.next()?;
            let metric = metric(row)?;
            if let Some(roi) = rois.iter_mut().find(|roi| roi.number == number) {
                roi.metrics.push(metric);
            }
        }
        let mut findings = Vec::new();
        for row in session.query(FINDINGS, key()).await? {
            let (number, finding) = finding(row)?;
            match rois.iter_mut().find(|roi| Some(roi.number) == number) {
                Some(roi) => roi.findings.push(finding),
                None => findings.push(finding),
            }
        }
        let prescriptions = session
            .query(PRESCRIPTIONS, key())
            .await?
            .into_iter()
            .map(prescription)
            .collect::<Result<_, _>>()?;
        let field_sources = session
            .query(FIELD_SOURCES, key())
            .await?
            .into_iter()
            .map(|mut row| Ok(FieldSource { column: row.next()?, source: row.next()? }))
            .collect::<Result<_, SqlError>>()?;
        let delivery = delivery(&mut session, mrn, plan_id).await?;
        let identity = CaseIdentity {
            mrn: mrn.to_owned(),
            issuer: import.issuer,
            birth_date: stored.birth_date,
            sex: stored.sex,
            plan_uid: import.plan_uid,
            digest: digest(&import.digest)?,
        };
        let import = import.import;
        Ok(Some(CaseRecord {
            identity,
            plan,
            status,
            prescriptions,
            delivery,
            rois,
            field_sources,
            findings,
            import,
            audit: Vec::new(),
        }))
    }
}

/// Gives each ROI the curve of its row in `DVHs`. Where two ROIs share a name, volume and doses tell them
/// apart.
fn attach_curves(rois: &mut [RoiRow], mut dvhs: Vec<DvhRow>) -> Result<(), SqlError> {
    for roi in rois.iter_mut().filter(|roi| roi.volume.is_some()) {
        let at = dvhs
            .iter()
            .position(|dvh| {
                dvh.roi_name == roi.name
                    && (dvh.volume, dvh.min, dvh.mean, dvh.max) == (roi.volume, roi.min, roi.mean, roi.max)
            })
            .ok_or_else(|| {
                SqlError::stored(format!("expected a row of DVHs for ROI {}, found none", roi.number))
            })?;
        roi.curve = dvhs.swap_remove(at).curve;
    }
    Ok(())
}

fn roi(mut row: Row) -> Result<RoiRow, SqlError> {
    let mut roi = RoiRow {
        number: row.next()?,
        name: row.next::<Option<_>>()?.unwrap_or_default(),
        roi_type: row.next()?,
        colour: row.next::<Option<String>>()?.as_deref().map(colour).transpose()?,
        volume: row.next()?,
        coverage: row.next()?,
        min: row.next()?,
        mean: row.next()?,
        max: row.next()?,
        min_at: point(&mut row)?,
        max_at: point(&mut row)?,
        centroid: point(&mut row)?,
        volume_model: row.next()?,
        reason: row.next()?,
        ..RoiRow::default()
    };
    let stored = StoredDvhRow {
        volume: row.next()?,
        min: row.next()?,
        mean: row.next()?,
        max: row.next()?,
        agreement: row.next()?,
    };
    roi.stored_dvh = (stored != StoredDvhRow::default()).then_some(stored);
    let targets: Option<String> = row.next()?;
    let (least, mean, most, overlap, reason) =
        (row.next()?, row.next()?, row.next()?, row.next()?, row.next()?);
    roi.targets = targets.map(|targets| TargetRow { targets, least, mean, most, overlap, reason });
    Ok(roi)
}

fn metric(mut row: Row) -> Result<MetricRow, SqlError> {
    Ok(MetricRow {
        metric: row.next()?,
        value: row.next()?,
        unit: row.next()?,
        low: row.next()?,
        high: row.next()?,
        reason: row.next()?,
    })
}

fn prescription(mut row: Row) -> Result<PrescriptionRow, SqlError> {
    Ok(PrescriptionRow {
        dose: row.next()?,
        source: row.next()?,
        reference: row.next()?,
        roi_number: row.next()?,
        chosen: row.next()?,
        settled: row.next()?,
        conflict: row.next()?,
        reason: row.next()?,
    })
}

fn dose_type(text: String) -> DoseType {
    [DoseType::Physical, DoseType::Effective, DoseType::Error]
        .into_iter()
        .find(|known| known.as_str() == text)
        .unwrap_or(DoseType::Other(text))
}

fn colour(text: &str) -> Result<[u8; 3], SqlError> {
    let number = text.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, red, green, blue] = number
        .ok_or_else(|| SqlError::stored(format!("expected #rrggbb in RoiDetails.Colour, found {text}")))?
        .to_be_bytes();
    Ok([red, green, blue])
}

fn digest(text: &str) -> Result<[u8; 32], SqlError> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(digit).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        SqlError::stored("expected 64 hexadecimal digits in Imports.Digest, found other text".into())
    })
}
