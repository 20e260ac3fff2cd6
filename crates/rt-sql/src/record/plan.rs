//! The rows about a plan: `Plans`, `PlanStatus`, `Prescriptions`.
//!
//! Units: Gy, MU, seconds as each field says. Frame: none.

use rt_model::date::{Date, DateTime};
use rt_model::dose::DoseType;
use rt_model::uid::Uid;
use rt_model::units::Gy;

/// The columns of `Plans` in their order, without MRN, PlanID, Birthdate and Sex. Values are exact: rounding
/// to integer columns is the database's part. `None` is NULL.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanRow {
    /// `Age`: whole years at the study date.
    pub age: Option<u16>,
    /// `SimStudyDate`.
    pub sim_study_date: Option<Date>,
    /// `RadOnc`: the referring physician.
    pub rad_onc: Option<String>,
    /// `TxSite`: the plan's label.
    pub tx_site: Option<String>,
    /// `RxDose`: the total dose, from whatever source the chosen [`PrescriptionRow`] says.
    pub rx_dose: Option<Gy>,
    /// `Fractions`: planned, summed over the fraction groups.
    pub fractions: Option<u32>,
    /// `Energy`: distinct nominal energies of the treatment beams, `6MV,9MeV`.
    pub energy: Option<String>,
    /// `StudyInstanceUID` of the plan.
    pub study_instance_uid: Option<Uid>,
    /// `PatientOrientation`: the patient position, `HFS`.
    pub patient_orientation: Option<String>,
    /// `PlanTimeStamp`.
    pub plan_timestamp: Option<DateTime>,
    /// `StTimeStamp`: of the structure set.
    pub structures_timestamp: Option<DateTime>,
    /// `DoseTimeStamp`.
    pub dose_timestamp: Option<DateTime>,
    /// `TPSManufacturer`.
    pub tps_manufacturer: Option<String>,
    /// `TPSSoftwareName`.
    pub tps_software_name: Option<String>,
    /// `TPSSoftwareVersion`.
    pub tps_software_version: Option<String>,
    /// `TxModality`.
    pub tx_modality: Option<String>,
    /// `MUs` for one fraction of each group, exact; the column holds whole MU.
    pub monitor_units: Option<f64>,
    /// `TxTime` in seconds, exact; the column holds whole seconds up to 838:59:59.
    pub treatment_time_s: Option<f64>,
}

/// What the plan is for and what is known of its dose.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanStatusRow {
    /// Approval Status (300E,0002) as written.
    pub approval: Option<String>,
    /// Plan Intent (300A,000A) as written.
    pub intent: Option<String>,
    /// What the plan was taken for, in a word: `CLINICAL`, `VERIFICATION`, `TREATMENT_DEVICE` ...
    pub role: String,
    /// Made to check a machine or another plan: kept out of the cohort views.
    pub qa: bool,
    /// Dose Type (3004,0004) of the dose grid.
    pub dose_type: DoseType,
    /// Outcome of the total-dose check in words: `confirmed`, `not confirmed: ...`.
    pub total_dose_check: String,
    /// The files name different patients and the user accepted it: such a case is never exported or sent.
    pub patient_mismatch_accepted: bool,
    /// Patient Identity Removed (0012,0062) is YES in any of the files.
    pub identity_removed: bool,
}

/// One candidate of the prescription.
#[derive(Debug, Clone, PartialEq)]
pub struct PrescriptionRow {
    /// Total dose.
    pub dose: Option<Gy>,
    /// The rule that gave it: `override`, `rx_point`, `dose_reference`, `rtdose_max` ...
    pub source: String,
    /// Where exactly: a ROI's name, a dose reference's number or description.
    pub reference: Option<String>,
    /// The ROI it belongs to, where one is linked.
    pub roi_number: Option<i32>,
    /// This is the one in `Plans.RxDose`.
    pub chosen: bool,
    /// Is a prescription that nothing speaks against. Percent of dose means something only for the row that
    /// is chosen and settled; the cohort views take their PrescribedDose from it.
    pub settled: bool,
    /// Differs from another candidate of its rank by more than 1 %.
    pub conflict: bool,
    /// Why it is not chosen or not settled.
    pub reason: Option<String>,
}
