//! The rules that derive a plan's columns from its case: pure, each value with its source, every fall-back a
//! finding.
//!
//! Units: Gy in total, MU for one fraction of each group. Frame: DICOM patient coordinates (LPS) for points.

mod beams;
mod clipped;
mod delivery;
mod image_stack;
mod modality;
mod motion;
mod orientation;
mod outside_images;
mod prescription;
mod rx_name;
mod technique;
mod time;
mod total_dose;

pub use beams::{AngularPath, BeamSummary, Energies, EnergyLayer, beams};
pub use clipped::clipped;
pub use image_stack::image_stack;
pub use outside_images::outside_images;
pub use prescription::{LevelError, Prescription, RxCandidate, RxInput, RxRule, RxSource, prescription};
pub use technique::{BrachyKind, Concluded, Particle, Scanning, Technique};
pub use total_dose::{NoExpectation, TotalDose, TotalExpectation, check, expectation};

use crate::case::Case;
use crate::date::{Date, DateTime};
use crate::dose::DoseGrid;
use crate::finding::{Finding, Parsed, plan as code};
use crate::instance::Equipment;
use crate::plan::Plan;
use crate::provenance::{Provenance, Tag};

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived<T> {
    /// The value.
    pub value: T,
    /// File and attribute.
    pub at: Provenance,
}

/// The columns of a plan that are copies, sums or rules. `None` is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSummary {
    /// Whole years from the birth date to the study date.
    pub age: Option<Derived<u16>>,
    /// Study date of the plan, else of the planning images of the same study.
    pub sim_study_date: Option<Derived<Date>>,
    /// Referring physician, else the physicians of record.
    pub rad_onc: Option<Derived<String>>,
    /// RT Plan Label.
    pub tx_site: Option<Derived<String>>,
    /// The prescription with all its candidates.
    pub prescription: Prescription,
    /// Fractions planned, over all groups.
    pub fractions: Option<Derived<u32>>,
    /// Nominal energies of the treatment beams.
    pub energy: Option<Derived<String>>,
    /// Patient position.
    pub patient_orientation: Option<Derived<String>>,
    /// When the plan was made.
    pub plan_timestamp: Option<Derived<DateTime>>,
    /// When the structure set was made.
    pub structures_timestamp: Option<Derived<DateTime>>,
    /// When the dose was made; the latest of several.
    pub dose_timestamp: Option<Derived<DateTime>>,
    /// Manufacturer of the planning system.
    pub tps_manufacturer: Option<Derived<String>>,
    /// Its model name.
    pub tps_software_name: Option<Derived<String>>,
    /// Its software versions, joined by a comma.
    pub tps_software_version: Option<Derived<String>>,
    /// Monitor units of one fraction of each group.
    pub monitor_units: Option<Derived<f64>>,
    /// Techniques of the treatment beams, parted by commas.
    pub tx_modality: Option<Derived<String>>,
    /// Treatment time of one fraction of each group, seconds.
    pub treatment_time_s: Option<Derived<f64>>,
}

impl PlanSummary {
    /// The column and the source of every value that is known.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, &Provenance)> {
        fn source<'a, T>(
            column: &'static str,
            value: &'a Option<Derived<T>>,
        ) -> Option<(&'static str, &'a Provenance)> {
            value.as_ref().map(|value| (column, &value.at))
        }
        let rx = self.prescription.candidates.iter().find(|candidate| candidate.chosen);
        [
            source("Age", &self.age),
            source("SimStudyDate", &self.sim_study_date),
            source("RadOnc", &self.rad_onc),
            source("TxSite", &self.tx_site),
            rx.map(|candidate| ("RxDose", &candidate.at)),
            source("Fractions", &self.fractions),
            source("Energy", &self.energy),
            source("PatientOrientation", &self.patient_orientation),
            source("PlanTimeStamp", &self.plan_timestamp),
            source("StTimeStamp", &self.structures_timestamp),
            source("DoseTimeStamp", &self.dose_timestamp),
            source("TPSManufacturer", &self.tps_manufacturer),
            source("TPSSoftwareName", &self.tps_software_name),
            source("TPSSoftwareVersion", &self.tps_software_version),
            source("TxModality", &self.tx_modality),
            source("MUs", &self.monitor_units),
            source("TxTime", &self.treatment_time_s),
        ]
        .into_iter()
        .flatten()
    }
}

/// Derives a case's columns. `dose` is the plan's whole dose, `rule` the user's word on its prescription.
///
/// ```
/// use rt_model::derive::{RxRule, summarise};
/// use rt_model::matching::{Duplicates, MatchOptions, match_cases};
/// use rt_model::read::{ReadOptions, ScanOptions, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let inventory = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
/// let case = matching.cases[0].load(&inventory, &ReadOptions::default()).unwrap()?.value;
/// let summary = summarise(&case, case.doses[0].grid.as_ref(), RxRule::default()).value;
/// assert_eq!(summary.fractions.map(|fractions| fractions.value), Some(30));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn summarise(case: &Case, dose: Option<&DoseGrid>, rule: RxRule) -> Parsed<PlanSummary> {
    let plan = &case.plan;
    let info = &case.plan_info;
    let mut findings = Vec::new();
    let plan_file = info.provenance();
    let in_plan =
        |path: &str, group: u16, element: u16| info.provenance().attribute(path, Tag::new(group, element));

    let sim_study_date = study_date(case, &mut findings);
    let age = sim_study_date.as_ref().and_then(|study| {
        let age = info.patient.birth_date?.whole_years_to(study.value);
        if age.is_none() {
            let text = "the study date is before the birth date";
            findings.push(Finding::warning(code::AGE_UNKNOWN, plan_file.clone(), text));
        }
        if let Some(years) = age.filter(|years| *years > OLDEST_YEARS) {
            let text = format!("an age of {years} years is implausible: is the birth date a placeholder?");
            findings.push(Finding::warning(code::AGE_IMPLAUSIBLE, plan_file.clone(), text));
        }
        Some(Derived { value: age?, at: in_plan("PatientBirthDate", 0x0010, 0x0030) })
    });
    let rad_onc = rad_onc(case, &mut findings);
    let rx = prescription(&RxInput {
        plan,
        plan_at: plan_file.clone(),
        rois: &case.structure_set.rois,
        structures_at: case.structure_set.info.provenance(),
        maximum: dose.map(|dose| dose.range().1).zip(case.doses.first().map(|dose| dose.info.provenance())),
        rule,
        magnitude_exempt: magnitude_exempt(plan, &info.equipment),
    });
    findings.extend(rx.findings);

    let groups = in_plan("FractionGroupSequence", 0x300A, 0x0070);
    let beams = if plan.ion {
        in_plan("IonBeamSequence", 0x300A, 0x03A2)
    } else {
        in_plan("BeamSequence", 0x300A, 0x00B0)
    };
    let fractions = delivery::fractions(plan, &groups, &mut findings);
    let energy = delivery::energy(plan, &beams, &mut findings);
    let monitor_units = delivery::monitor_units(plan, &info.equipment, &groups, &mut findings);
    let tx_modality = modality::tx_modality(plan, info, &mut findings);
    let treatment_time_s = time::treatment_time(plan, &plan_file, &mut findings);
    let orientation = orientation::patient_orientation(case, dose.map(DoseGrid::geometry), &mut findings);
    let dose_time = case
        .doses
        .iter()
        .filter_map(|dose| Some((dose.header.timestamp?, dose.info.provenance())))
        .max_by_key(|d| d.0);
    let set = &case.structure_set;
    let set_time = set.info.provenance().attribute("StructureSetDate", Tag::new(0x3006, 0x0008));
    let version = software_version(&info.equipment.software_versions, &plan_file, &mut findings);

    let value = PlanSummary {
        age,
        sim_study_date,
        rad_onc,
        tx_site: text(&plan.label, in_plan("RTPlanLabel", 0x300A, 0x0002)),
        prescription: rx.value,
        fractions: fractions.map(|value| Derived { value, at: groups.clone() }),
        energy: energy.map(|value| Derived { value, at: beams }),
        patient_orientation: orientation,
        plan_timestamp: plan
            .timestamp
            .map(|value| Derived { value, at: in_plan("RTPlanDate", 0x300A, 0x0006) }),
        structures_timestamp: set.header.timestamp.map(|value| Derived { value, at: set_time }),
        dose_timestamp: dose_time
            .map(|(value, at)| Derived { value, at: at.attribute("ContentDate", Tag::new(0x0008, 0x0023)) }),
        tps_manufacturer: text(
            info.equipment.manufacturer.as_deref().unwrap_or_default(),
            in_plan("Manufacturer", 0x0008, 0x0070),
        ),
        tps_software_name: text(
            info.equipment.model.as_deref().unwrap_or_default(),
            in_plan("ManufacturerModelName", 0x0008, 0x1090),
        ),
        tps_software_version: text(version, in_plan("SoftwareVersions", 0x0018, 0x1020)),
        tx_modality,
        treatment_time_s: treatment_time_s.map(|value| Derived {
            value,
            at: match is_brachytherapy(plan) {
                true => in_plan("ApplicationSetupSequence", 0x300A, 0x0230),
                false => groups.clone(),
            },
        }),
        monitor_units: monitor_units.map(|value| Derived { value, at: groups }),
    };
    Parsed { value, findings }
}

/// Nobody has lived longer than this, years.
const OLDEST_YEARS: u16 = 122;

/// The planning system's version: the first that is not the exporter's; all of several are reported.
fn software_version<'v>(versions: &'v [String], at: &Provenance, findings: &mut Vec<Finding>) -> &'v str {
    const OF_THE_EXPORT: &str = "(Dicom Export)";
    let first = versions.iter().find(|version| !version.contains(OF_THE_EXPORT)).or_else(|| versions.first());
    let first = first.map_or("", String::as_str);
    if versions.len() > 1 {
        let text = format!("software versions {}: {first} is taken", versions.join(", "));
        findings.push(Finding::info(code::SEVERAL_VERSIONS, at.clone(), text));
    }
    first
}

/// Brachytherapy, by what the plan holds.
///
/// ```
/// use rt_model::derive::is_brachytherapy;
/// use rt_model::plan::Plan;
///
/// assert!(!is_brachytherapy(&Plan::default()));
/// assert!(is_brachytherapy(&Plan { brachy_treatment_type: Some("HDR".into()), ..Plan::default() }));
/// ```
#[must_use]
pub fn is_brachytherapy(plan: &Plan) -> bool {
    plan.brachy_treatment_type.is_some()
        || plan.brachy_treatment_technique.is_some()
        || plan.application_setups > 0
}

/// Doses of brachytherapy and Gamma Knife are large: nothing is concluded from how large.
///
/// ```
/// use rt_model::derive::magnitude_exempt;
/// use rt_model::instance::Equipment;
/// use rt_model::plan::Plan;
///
/// let implant = Plan { application_setups: 1, ..Plan::default() };
/// assert!(magnitude_exempt(&implant, &Equipment::default()));
/// assert!(!magnitude_exempt(&Plan::default(), &Equipment::default()));
/// ```
#[must_use]
pub fn magnitude_exempt(plan: &Plan, equipment: &Equipment) -> bool {
    is_brachytherapy(plan) || delivery::is_gamma_knife(equipment)
}

fn text(value: &str, at: Provenance) -> Option<Derived<String>> {
    let value = value.trim();
    (!value.is_empty()).then(|| Derived { value: value.to_owned(), at })
}

fn study_date(case: &Case, findings: &mut Vec<Finding>) -> Option<Derived<Date>> {
    let study = &case.plan_info.study;
    let attribute = |at: Provenance| at.attribute("StudyDate", Tag::new(0x0008, 0x0020));
    if let Some(value) = study.date {
        return Some(Derived { value, at: attribute(case.plan_info.provenance()) });
    }
    let images = case
        .images
        .as_ref()
        .filter(|images| images.study_instance.is_some() && images.study_instance == study.instance_uid);
    let found = images.and_then(|images| {
        Some(Derived { value: images.study_date?, at: attribute(images.study_date_at.clone()) })
    });
    let text = match found {
        Some(_) => "the plan has no study date; that of the planning images is taken",
        None => "the plan has no study date, nor have planning images of its study",
    };
    findings.push(Finding::warning(code::STUDY_DATE_FALL_BACK, case.plan_info.provenance(), text));
    found
}

fn rad_onc(case: &Case, findings: &mut Vec<Finding>) -> Option<Derived<String>> {
    let info = &case.plan_info;
    let referring = info.study.referring_physician.as_deref().unwrap_or_default();
    let at = info.provenance().attribute("ReferringPhysicianName", Tag::new(0x0008, 0x0090));
    if let Some(name) = text(referring, at) {
        return Some(name);
    }
    let of_record = info.study.physicians_of_record.join(",");
    let found =
        text(&of_record, info.provenance().attribute("PhysiciansOfRecord", Tag::new(0x0008, 0x1048)))?;
    let text = "the plan names no referring physician; the physicians of record are taken";
    findings.push(Finding::warning(code::RAD_ONC_FALL_BACK, info.provenance(), text));
    Some(found)
}

#[cfg(test)]
mod tests;
