//! Treatment plans: prescription, fraction groups and beams.
//!
//! Units: Gy per fraction or in total as each field says; meterset in the unit of the beam's dosimeter.
//! Frame: DICOM patient coordinates (LPS) for points.

use crate::approval::ApprovalStatus;
use crate::brachy::{ApplicationSetup, BrachySource};
use crate::control_point::ControlPoint;
use crate::date::DateTime;
use crate::dose::DoseType;
use crate::frame::PatientPoint;
use crate::uid::Uid;
use crate::units::Gy;

/// RT Plan or RT Ion Plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// RT Plan Label (300A,0002).
    pub label: String,
    /// RT Plan Name (300A,0003).
    pub name: Option<String>,
    /// RT Plan Date (300A,0006) and Time (300A,0007).
    pub timestamp: Option<DateTime>,
    /// Plan Intent (300A,000A) as written.
    pub intent: Option<String>,
    /// RT Plan Geometry (300A,000C) as written: PATIENT or TREATMENT_DEVICE.
    pub geometry: Option<String>,
    /// Approval Status (300E,0002).
    pub approval_status: Option<ApprovalStatus>,
    /// Read from an RT Ion Plan.
    pub ion: bool,
    /// Referenced Structure Set Sequence (300C,0060).
    pub structure_sets: Vec<Uid>,
    /// Referenced Dose Sequence (300C,0080).
    pub doses: Vec<Uid>,
    /// Referenced RT Plan Sequence (300C,0002) with RT Plan Relationship (300A,0055).
    pub related_plans: Vec<RelatedPlan>,
    /// Dose Reference Sequence (300A,0010).
    pub dose_references: Vec<DoseReference>,
    /// Fraction Group Sequence (300A,0070).
    pub fraction_groups: Vec<FractionGroup>,
    /// Beam Sequence (300A,00B0) or Ion Beam Sequence (300A,03A2).
    pub beams: Vec<Beam>,
    /// Patient Position (0018,5100) of each Patient Setup Sequence item, in order, where stated.
    pub patient_positions: Vec<String>,
    /// Brachy Treatment Type (300A,0202), where it is a brachytherapy plan.
    pub brachy_treatment_type: Option<String>,
    /// Brachy Treatment Technique (300A,0200), where it is a brachytherapy plan.
    pub brachy_treatment_technique: Option<String>,
    /// Number of items of Application Setup Sequence (300A,0230).
    pub application_setups: usize,
    /// Application Setup Sequence (300A,0230).
    pub brachy_setups: Vec<ApplicationSetup>,
    /// Source Sequence (300A,0210).
    pub brachy_sources: Vec<BrachySource>,
}

/// A plan that this one refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedPlan {
    /// Referenced SOP Instance UID.
    pub sop_instance: Uid,
    /// RT Plan Relationship (300A,0055) as written: PRIOR, ALTERNATIVE, PREDECESSOR, VERIFIED_PLAN,
    /// CONCURRENT.
    pub relationship: Option<String>,
}

/// An item of Dose Reference Sequence (PS3.3 C.8.8.10).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DoseReference {
    /// Dose Reference Number (300A,0012).
    pub number: i32,
    /// Dose Reference UID (300A,0013).
    pub uid: Option<Uid>,
    /// Dose Reference Structure Type (300A,0014) as written: POINT, VOLUME, COORDINATES, SITE.
    pub structure_type: String,
    /// Dose Reference Type (300A,0020) as written: TARGET, ORGAN_AT_RISK.
    pub reference_type: String,
    /// Dose Reference Description (300A,0016).
    pub description: Option<String>,
    /// Referenced ROI Number (3006,0084).
    pub roi_number: Option<i32>,
    /// Dose Reference Point Coordinates (300A,0018).
    pub point: Option<PatientPoint>,
    /// Target Prescription Dose (300A,0026), total.
    pub target_prescription_dose: Option<Gy>,
    /// Target Maximum Dose (300A,0027), total.
    pub target_maximum_dose: Option<Gy>,
    /// Delivery Maximum Dose (300A,0023), total.
    pub delivery_maximum_dose: Option<Gy>,
}

/// An item of Fraction Group Sequence (PS3.3 C.8.8.13).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FractionGroup {
    /// Fraction Group Number (300A,0071).
    pub number: i32,
    /// Number of Fractions Planned (300A,0078).
    pub fractions_planned: Option<u32>,
    /// Number of Beams (300A,0080) as stated.
    pub beam_count: Option<u32>,
    /// Referenced Beam Sequence (300C,0004).
    pub beams: Vec<BeamReference>,
    /// Number of Brachy Application Setups (300A,00A0) as stated.
    pub application_setup_count: Option<u32>,
    /// Numbers of the application setups (Referenced Brachy Application Setup Sequence, 300C,000A).
    pub application_setups: Vec<i32>,
    /// What the group states of the dose of each application setup.
    pub setup_doses: Vec<SetupDose>,
    /// Numbers of the dose references that this group is planned for (Referenced Dose Reference Sequence,
    /// 300C,0050).
    pub dose_references: Vec<i32>,
}

/// The dose that an application setup gives at a point (Referenced Brachy Application Setup Sequence, 300C,
/// 000A).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SetupDose {
    /// Referenced Brachy Application Setup Number (300C,000C).
    pub setup: i32,
    /// Brachy Application Setup Dose (300A,00A4), for one fraction.
    pub dose: Option<Gy>,
    /// Brachy Application Setup Dose Specification Point (300A,00A2).
    pub point: Option<PatientPoint>,
}

/// A beam's part in a fraction group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BeamReference {
    /// Referenced Beam Number (300C,0006).
    pub beam_number: i32,
    /// Beam Dose (300A,0084), for one fraction.
    pub dose: Option<Gy>,
    /// Beam Dose Type (300A,0090): whether the beam dose is weighted.
    pub dose_type: Option<DoseType>,
    /// Beam Dose Specification Point (300A,0082).
    pub dose_point: Option<PatientPoint>,
    /// Referenced Dose Reference UID (300A,0083) of the beam dose.
    pub dose_reference_uid: Option<Uid>,
    /// Beam Meterset (300A,0086), for one fraction, in the beam's dosimeter unit.
    pub meterset: Option<f64>,
}

/// A beam.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beam {
    /// Beam Number (300A,00C0).
    pub number: i32,
    /// Beam Name (300A,00C2).
    pub name: Option<String>,
    /// Beam Description (300A,00C3).
    pub description: Option<String>,
    /// Beam Type (300A,00C4) as written: STATIC, DYNAMIC.
    pub beam_type: Option<String>,
    /// Radiation Type (300A,00C6) as written: PHOTON, ELECTRON, PROTON, ION ...
    pub radiation_type: Option<String>,
    /// Treatment Delivery Type (300A,00CE) as written.
    pub delivery_type: Option<String>,
    /// Primary Dosimeter Unit (300A,00B3) as written: MU, MINUTE, NP.
    pub dosimeter_unit: Option<String>,
    /// Treatment Machine Name (300A,00B2).
    pub machine: Option<String>,
    /// Fluence Mode ID (3002,0052) of the primary fluence, where the mode is NON_STANDARD (FFF, SRS).
    pub fluence_mode_id: Option<String>,
    /// The primary fluence mode (3002,0051) is NON_STANDARD.
    pub non_standard_fluence: bool,
    /// Scan Mode (300A,0308) of an ion beam.
    pub scan_mode: Option<String>,
    /// Distinct nominal energies of the control points in order of appearance, MV or MeV as the radiation
    /// says (an ion's is MeV per nucleon).
    pub nominal_energies: Vec<f64>,
    /// Number of control points found.
    pub control_points: usize,
    /// Final Cumulative Meterset Weight (300A,010E).
    pub final_meterset_weight: Option<f64>,
    /// Control Point Sequence (300A,0111) or Ion Control Point Sequence (300A,03A8).
    pub path: Vec<ControlPoint>,
    /// Source-Axis Distance (300A,00B4), mm; an ion beam's Virtual Source-Axis Distances (300A,030A), the
    /// first.
    pub source_axis_distance: Option<f64>,
    /// What modifies the beam.
    pub modifiers: BeamModifiers,
    /// Radiation Atomic Number (300A,0304) of an ion beam.
    pub atomic_number: Option<u32>,
    /// Radiation Mass Number (300A,0302) of an ion beam.
    pub mass_number: Option<u32>,
}

impl Beam {
    /// What the primary fluence is where it is not the standard one: its mode's ID (FFF, SRS), else
    /// NON_STANDARD.
    #[must_use]
    pub fn fluence_mode(&self) -> Option<&str> {
        self.non_standard_fluence.then(|| self.fluence_mode_id.as_deref().unwrap_or("NON_STANDARD"))
    }
}

/// What stands in a beam's way, by number where the plan states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BeamModifiers {
    /// Number of Wedges (300A,00D0).
    pub wedges: Option<u32>,
    /// A wedge of type DYNAMIC (300A,00D3): a jaw that moves stands for it.
    pub dynamic_wedge: bool,
    /// Number of Compensators (300A,00E0).
    pub compensators: Option<u32>,
    /// Number of Boli (300A,00ED).
    pub boli: Option<u32>,
    /// Number of Blocks (300A,00F0).
    pub blocks: Option<u32>,
    /// Applicator ID (300A,0108) of Applicator Sequence (300A,0107).
    pub applicator: Option<String>,
    /// Range Shifter ID (300A,0318) of each item of Range Shifter Sequence (300A,0314).
    pub range_shifters: Vec<String>,
    /// Number of Lateral Spreading Devices (300A,0330).
    pub lateral_spreading_devices: Option<u32>,
    /// Number of Range Modulators (300A,0340).
    pub range_modulators: Option<u32>,
    /// Snout ID (300A,030F) of Snout Sequence (300A,030C).
    pub snout: Option<String>,
}

/// What a beam is for, as far as doses and monitor units are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BeamRole {
    /// Treats: delivery type TREATMENT, CONTINUATION or absent, with a meterset.
    Treatment,
    /// Images, port films, set-up, and terms this program does not know: never counted as treatment.
    Other,
}

impl Plan {
    /// Its approval status is APPROVED.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approval_status == Some(ApprovalStatus::Approved)
    }

    /// What a beam is for in a fraction group: it treats where its delivery type is TREATMENT, CONTINUATION
    /// or absent and the reference gives it a meterset above 0.
    #[must_use]
    pub fn role(&self, reference: &BeamReference) -> BeamRole {
        let beam = self.beams.iter().find(|beam| beam.number == reference.beam_number);
        let treats = beam.is_none_or(|beam| {
            matches!(beam.delivery_type.as_deref(), None | Some("" | "TREATMENT" | "CONTINUATION"))
        });
        match reference.meterset {
            Some(meterset) if treats && meterset > 0.0 => BeamRole::Treatment,
            _ => BeamRole::Other,
        }
    }

    /// The treatment beams as (fraction group, reference to the beam), in file order.
    ///
    /// ```
    /// use rt_model::plan::{BeamReference, FractionGroup, Plan};
    ///
    /// let beam = |beam_number, meterset| BeamReference { beam_number, meterset, ..BeamReference::default() };
    /// let group = FractionGroup { beams: vec![beam(1, Some(120.0)), beam(2, None)], ..FractionGroup::default() };
    /// let plan = Plan { fraction_groups: vec![group], ..Plan::default() };
    /// assert_eq!(plan.treatment_beams().map(|(_, beam)| beam.beam_number).collect::<Vec<_>>(), [1]);
    /// ```
    pub fn treatment_beams(&self) -> impl Iterator<Item = (&FractionGroup, &BeamReference)> {
        self.fraction_groups
            .iter()
            .flat_map(|group| group.beams.iter().map(move |reference| (group, reference)))
            .filter(|(_, reference)| self.role(reference) == BeamRole::Treatment)
    }

    /// Why the plan is not one for treating a patient, where it is not: its intent is VERIFICATION,
    /// MACHINE_QA, RESEARCH or SERVICE, it verifies another plan, or its geometry is a treatment device.
    ///
    /// ```
    /// use rt_model::plan::Plan;
    ///
    /// let plan = Plan { intent: Some("VERIFICATION".into()), ..Plan::default() };
    /// assert_eq!(plan.not_for_cohort().as_deref(), Some("plan intent VERIFICATION"));
    /// ```
    #[must_use]
    pub fn not_for_cohort(&self) -> Option<String> {
        Some(match self.other_purpose()? {
            "TREATMENT_DEVICE" => "plan geometry TREATMENT_DEVICE".to_owned(),
            "VERIFIED_PLAN" => "the plan verifies another one".to_owned(),
            intent => format!("plan intent {intent}"),
        })
    }

    /// What a plan that treats nobody is for: its intent (VERIFICATION, MACHINE_QA, RESEARCH, SERVICE), else
    /// TREATMENT_DEVICE or VERIFIED_PLAN, as geometry or relation to another plan say.
    #[must_use]
    pub fn other_purpose(&self) -> Option<&'static str> {
        let intents = ["VERIFICATION", "MACHINE_QA", "RESEARCH", "SERVICE"];
        let intent = intents.into_iter().find(|intent| self.intent.as_deref() == Some(*intent));
        let geometry = (self.geometry.as_deref() == Some("TREATMENT_DEVICE")).then_some("TREATMENT_DEVICE");
        let verifies =
            self.related_plans.iter().any(|plan| plan.relationship.as_deref() == Some("VERIFIED_PLAN"));
        intent.or(geometry).or(verifies.then_some("VERIFIED_PLAN"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(delivery_type: Option<&str>, meterset: Option<f64>) -> Plan {
        Plan {
            beams: vec![Beam {
                number: 1,
                delivery_type: delivery_type.map(str::to_owned),
                ..Beam::default()
            }],
            fraction_groups: vec![FractionGroup {
                beams: vec![BeamReference { beam_number: 1, meterset, ..BeamReference::default() }],
                ..FractionGroup::default()
            }],
            ..Plan::default()
        }
    }

    #[test]
    fn only_beams_that_treat_count() {
        for (delivery, meterset, treats) in [
            (Some("TREATMENT"), Some(100.0), true),
            (Some("CONTINUATION"), Some(1.0), true),
            (None, Some(100.0), true),
            (Some("TREATMENT"), None, false),
            (Some("TREATMENT"), Some(0.0), false),
            (Some("IMAGE_BEAM"), Some(1.0), false),
            (Some("SETUP"), Some(1.0), false),
            (Some("SOMETHING_NEW"), Some(1.0), false),
        ] {
            assert_eq!(
                plan(delivery, meterset).treatment_beams().count() == 1,
                treats,
                "{delivery:?} {meterset:?}"
            );
        }
    }
}
