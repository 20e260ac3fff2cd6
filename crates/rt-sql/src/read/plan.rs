//! Rows of `Plans` and of the cohort view.
//!
//! Units: Gy, MU, seconds. Frame: none.

use crate::database::Database;
use crate::error::SqlError;
use crate::record::{PlanId, PlanRow};
use crate::schema::known_birth_date;
use crate::value::{FromValue, Row, Value};
use rt_model::date::Date;
use rt_model::patient::Sex;
use rt_model::units::Gy;

/// A row of `Plans`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPlan {
    /// The patient.
    pub mrn: String,
    /// The plan's number under the MRN.
    pub plan_id: PlanId,
    /// `Birthdate`; `None` also for the original importer's stand-in 1800-01-01.
    pub birth_date: Option<Date>,
    /// `Sex`; `None` also for the original importer's `-`.
    pub sex: Option<Sex>,
    /// The other columns, with MU and times as the table has them: whole.
    pub plan: PlanRow,
}

/// A row of the view `CohortPlans`: plans to count, each once.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortPlan {
    /// The patient.
    pub mrn: String,
    /// The plan's number under the MRN.
    pub plan_id: PlanId,
    /// `TxSite`.
    pub tx_site: Option<String>,
    /// `Fractions`.
    pub fractions: Option<u32>,
    /// The total prescribed dose; `None` unless it is a prescription that nothing speaks against.
    pub prescribed_dose: Option<Gy>,
    /// The rule behind `Plans.RxDose`.
    pub rx_source: Option<String>,
    /// Dose Type (3004,0004): doses of two types are never pooled.
    pub dose_type: Option<String>,
}

const PLANS: &str = "SELECT MRN, PlanID, Birthdate, Sex, Age, SimStudyDate, RadOnc, TxSite, RxDose, Fractions, Energy, \
     StudyInstanceUID, PatientOrientation, PlanTimeStamp, StTimeStamp, DoseTimeStamp, TPSManufacturer, TPSSoftwareName, \
     TPSSoftwareVersion, TxModality, MUs, TxTime FROM Plans";
const COHORT: &str = "SELECT MRN, PlanID, TxSite, Fractions, PrescribedDose, RxSource, DoseType FROM CohortPlans \
     ORDER BY MRN, PlanID";

impl Database {
    /// The rows of `Plans`, of one MRN or all, by MRN and PlanID.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn plans(&self, mrn: Option<&str>) -> Result<Vec<StoredPlan>, SqlError> {
        let (condition, values) = match mrn {
            Some(mrn) => (format!("WHERE {}", self.schema().mrn_is()), vec![mrn.into()]),
            None => (String::new(), Vec::new()),
        };
        let rows =
            self.session().await?.query(&format!("{PLANS} {condition} ORDER BY MRN, PlanID"), values).await?;
        rows.into_iter().map(stored_plan).collect()
    }

    /// The view `CohortPlans`: plans imported by this program, current, not made for quality assurance.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn cohort_plans(&self) -> Result<Vec<CohortPlan>, SqlError> {
        let rows = self.session().await?.query(COHORT, Vec::new()).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(CohortPlan {
                    mrn: row.next()?,
                    plan_id: PlanId(row.next()?),
                    tx_site: row.next()?,
                    fractions: row.next()?,
                    prescribed_dose: row.next()?,
                    rx_source: row.next()?,
                    dose_type: row.next()?,
                })
            })
            .collect()
    }
}

fn stored_plan(mut row: Row) -> Result<StoredPlan, SqlError> {
    Ok(StoredPlan {
        mrn: row.next()?,
        plan_id: PlanId(row.next()?),
        birth_date: row.next::<Option<_>>()?.and_then(known_birth_date),
        sex: row.next::<Option<String>>()?.as_deref().and_then(Sex::parse),
        plan: PlanRow {
            age: row.next()?,
            sim_study_date: row.next()?,
            rad_onc: row.next()?,
            tx_site: row.next()?,
            rx_dose: row.next()?,
            fractions: row.next()?,
            energy: row.next()?,
            study_instance_uid: row.next()?,
            patient_orientation: row.next()?,
            plan_timestamp: row.next()?,
            structures_timestamp: row.next()?,
            dose_timestamp: row.next()?,
            tps_manufacturer: row.next()?,
            tps_software_name: row.next()?,
            tps_software_version: row.next()?,
            tx_modality: row.next()?,
            monitor_units: row.next()?,
            treatment_time_s: row.next::<Option<Seconds>>()?.map(|seconds| seconds.0),
        },
    })
}

/// SQL's TIME, `100:12:30`.
struct Seconds(f64);

impl FromValue for Seconds {
    const EXPECTED: &'static str = "a time";

    fn from_value(value: Value) -> Option<Self> {
        let text = String::from_value(value)?;
        let mut seconds = 0.0;
        for part in text.split(':') {
            seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
        }
        Some(Self(seconds))
    }
}
