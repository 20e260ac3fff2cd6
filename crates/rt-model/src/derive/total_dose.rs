//! Is the grid the dose of the whole treatment? The plan itself tells what it must be at one point.
//!
//! Where all treatment beams give their beam dose at one point, the grid's value there must equal the sum
//! over fraction groups of (sum of beam doses × fractions). A ratio to the prescription never decides.
//!
//! Units: Gy. Frame: DICOM patient coordinates (LPS).

use crate::dose::DoseType;
use crate::finding::{Finding, plan as code};
use crate::frame::PatientPoint;
use crate::plan::{BeamReference, FractionGroup, Plan, SetupDose};
use crate::provenance::Provenance;
use crate::units::Gy;

/// What the plan expects at the point where its beam doses are given.
#[derive(Debug, Clone, PartialEq)]
pub struct TotalExpectation {
    /// The point.
    pub point: PatientPoint,
    /// The total dose there.
    pub dose: Gy,
    /// The type that all beam doses state.
    pub dose_type: Option<DoseType>,
    /// Distinct numbers of fractions above 1, those of the groups and their sum: what a per-fraction grid
    /// would be short of.
    pub fractions: Vec<u32>,
}

/// What the check brought.
#[derive(Debug, Clone, PartialEq)]
pub enum TotalDose {
    /// Equal within 2 %.
    Confirmed {
        /// Grid over plan.
        ratio: f64,
    },
    /// The beam doses are physical and the effective grid is 1.1 times as much.
    ConfirmedRbe {
        /// Grid over plan.
        ratio: f64,
        /// The plan states that its beam doses are physical.
        stated: bool,
    },
    /// The grid seems to be for one fraction, or multiplied once too often: the user must say.
    NotTotal {
        /// Grid over plan.
        ratio: f64,
        /// The number of fractions that the ratio is close to, or to the inverse of.
        fractions: u32,
    },
    /// Another ratio.
    Differs {
        /// Grid over plan.
        ratio: f64,
    },
    /// It can't be checked; why.
    NotConfirmed(String),
}

impl TotalDose {
    /// The outcome as tables and products print it.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Confirmed { ratio } => format!("confirmed: grid / plan = {ratio:.4}"),
            Self::ConfirmedRbe { ratio, stated: true } => {
                format!("confirmed: beam doses physical, RBE 1.1, grid / plan = {ratio:.4}")
            }
            Self::ConfirmedRbe { ratio, stated: false } => format!(
                "confirmed: as physical beam doses with RBE 1.1, grid / plan = {ratio:.4}; BeamDose type not stated"
            ),
            Self::NotTotal { ratio, fractions } => {
                format!(
                    "not confirmed: grid / plan = {ratio:.4}, near {fractions} or 1/{fractions} fractions"
                )
            }
            Self::Differs { ratio } => format!("not confirmed: grid / plan = {ratio:.4}"),
            Self::NotConfirmed(reason) => format!("not confirmed: {reason}"),
        }
    }

    /// The grid agrees with the plan.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        matches!(self, Self::Confirmed { .. } | Self::ConfirmedRbe { .. })
    }

    /// The outcome as a finding on the dose at `at`.
    #[must_use]
    pub fn finding(&self, at: Provenance) -> Finding {
        let text = format!("total dose {}", self.in_words());
        match self {
            Self::Confirmed { .. } => Finding::info(code::TOTAL_CONFIRMED, at, text),
            Self::ConfirmedRbe { .. } => Finding::info(code::TOTAL_CONFIRMED_RBE, at, text),
            Self::NotTotal { .. } => {
                let uid = at.sop_instance.as_ref().map_or_else(|| "UID".to_owned(), ToString::to_string);
                let text = format!("{text}; say what it is with --dose-is {uid}=total or {uid}=fraction");
                Finding::error(code::TOTAL_CONTRADICTED, at, text)
            }
            Self::Differs { .. } => Finding::warning(code::TOTAL_DIFFERS, at, text),
            Self::NotConfirmed(_) => Finding::warning(code::TOTAL_NOT_CONFIRMED, at, text),
        }
    }
}

/// Grid and plan agree within this.
const EQUAL: f64 = 0.02;
/// A ratio this close to a number of fractions is taken for it.
const NEAR_FRACTIONS: f64 = 0.05;
/// Gy(RBE) over Gy of a proton dose in clinical use.
const PROTON_RBE: f64 = 1.1;
/// Points this close are one point, mm.
const SAME_POINT_MM: f64 = 0.01;

/// Why a plan expects no total dose at any point. It prints as the reason in [`TotalDose::NotConfirmed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoExpectation {
    /// A beam's dose has no point.
    #[error("beam {0} gives no point for its dose")]
    NoPoint(i32),
    /// The beams' points differ.
    #[error("the beams give their doses at different points")]
    DifferentPoints,
    /// An application setup's dose has no point.
    #[error("application setup {0} gives no point for its dose")]
    NoSetupPoint(i32),
    /// An application setup has no dose.
    #[error("application setup {0} states no dose")]
    NoSetupDose(i32),
    /// Setup doses may be of one pulse or of all.
    #[error("the setup doses of a pulsed treatment may be of one pulse or of all")]
    Pulsed,
    /// A beam has no dose.
    #[error("beam {0} states no dose")]
    NoBeamDose(i32),
    /// A fraction group has no number of fractions.
    #[error("fraction group {0} does not state its fractions")]
    NoFractions(i32),
    /// No beam treats.
    #[error("no beam treats with a meterset")]
    NoBeam,
    /// All beam doses are 0.
    #[error("the beam doses are zero")]
    ZeroDose,
}

/// What the plan expects, and where.
///
/// ```
/// use rt_model::derive::{NoExpectation, expectation};
/// use rt_model::frame::PatientPoint;
/// use rt_model::plan::{BeamReference, FractionGroup, Plan};
/// use rt_model::units::Gy;
///
/// let beam = BeamReference {
///     beam_number: 1,
///     meterset: Some(200.0),
///     dose: Some(Gy(2.0)),
///     dose_point: Some(PatientPoint::default()),
///     ..BeamReference::default()
/// };
/// let group = FractionGroup { fractions_planned: Some(30), beams: vec![beam], ..FractionGroup::default() };
/// let plan = Plan { fraction_groups: vec![group], ..Plan::default() };
/// assert_eq!(expectation(&plan).map(|expected| expected.dose), Ok(Gy(60.0)));
/// assert_eq!(expectation(&Plan::default()), Err(NoExpectation::NoBeam));
/// ```
///
/// # Errors
/// Where the beams do not give their doses at one point.
pub fn expectation(plan: &Plan) -> Result<TotalExpectation, NoExpectation> {
    if plan.treatment_beams().next().is_none() && !plan.brachy_setups.is_empty() {
        let channels = plan.brachy_setups.iter().flat_map(|setup| &setup.channels);
        if channels.filter_map(|channel| channel.pulses).max().is_some_and(|pulses| pulses > 1) {
            return Err(NoExpectation::Pulsed);
        }
        let setups = plan
            .fraction_groups
            .iter()
            .flat_map(|group| group.setup_doses.iter().map(move |setup| (group, setup)));
        let part = |(group, setup)| Contribution::of_setup(group, setup);
        return summed(plan, setups.map(part), None);
    }
    let mut types = plan.treatment_beams().map(|(_, beam)| beam.dose_type.as_ref());
    let first = types.next().flatten().filter(|first| types.all(|own| own == Some(*first)));
    let part = |(group, beam)| Contribution::of_beam(plan, group, beam);
    summed(plan, plan.treatment_beams().map(part), first.cloned())
}

/// What a beam or an application setup adds to the total dose, as far as it is stated.
struct Contribution {
    point: Result<PatientPoint, NoExpectation>,
    per_fraction: Result<Gy, NoExpectation>,
    fractions: Result<u32, NoExpectation>,
}

impl Contribution {
    fn of_beam(plan: &Plan, group: &FractionGroup, beam: &BeamReference) -> Self {
        Self {
            point: point(plan, beam).ok_or(NoExpectation::NoPoint(beam.beam_number)),
            per_fraction: beam.dose.ok_or(NoExpectation::NoBeamDose(beam.beam_number)),
            fractions: group.fractions_planned.ok_or(NoExpectation::NoFractions(group.number)),
        }
    }

    fn of_setup(group: &FractionGroup, setup: &SetupDose) -> Self {
        Self {
            point: setup.point.ok_or(NoExpectation::NoSetupPoint(setup.setup)),
            per_fraction: setup.dose.ok_or(NoExpectation::NoSetupDose(setup.setup)),
            fractions: group.fractions_planned.ok_or(NoExpectation::NoFractions(group.number)),
        }
    }
}

/// The sum of contributions that are all given at one point.
fn summed(
    plan: &Plan,
    contributions: impl Iterator<Item = Contribution>,
    dose_type: Option<DoseType>,
) -> Result<TotalExpectation, NoExpectation> {
    let mut common: Option<PatientPoint> = None;
    let mut dose = 0.0;
    for contribution in contributions {
        let point = contribution.point?;
        if common.is_some_and(|other| other.from_point(point).length() > SAME_POINT_MM) {
            return Err(NoExpectation::DifferentPoints);
        }
        common = Some(point);
        dose += contribution.per_fraction?.0 * f64::from(contribution.fractions?);
    }
    let point = common.ok_or(NoExpectation::NoBeam)?;
    if !dose.is_finite() || dose <= 0.0 {
        return Err(NoExpectation::ZeroDose);
    }
    Ok(TotalExpectation { point, dose: Gy(dose), dose_type, fractions: several_fractions(plan) })
}

/// The numbers of fractions above 1 of the groups, and of all of them together.
fn several_fractions(plan: &Plan) -> Vec<u32> {
    let mut fractions: Vec<u32> =
        plan.fraction_groups.iter().filter_map(|group| group.fractions_planned).collect();
    fractions.push(fractions.iter().sum());
    fractions.sort_unstable();
    fractions.dedup();
    fractions.retain(|count| *count > 1);
    fractions
}

/// The point a beam's dose is given at: its own, the dose reference it names, or the plan's only coordinates.
fn point(plan: &Plan, beam: &BeamReference) -> Option<PatientPoint> {
    let coordinates =
        || plan.dose_references.iter().filter(|reference| reference.structure_type == "COORDINATES");
    beam.dose_point
        .or_else(|| {
            let uid = beam.dose_reference_uid.as_ref()?;
            coordinates().find(|reference| reference.uid.as_ref() == Some(uid))?.point
        })
        .or_else(|| {
            let mut points = coordinates().filter_map(|reference| reference.point);
            points.next().filter(|_| points.next().is_none())
        })
}

/// Compares the plan's expectation with the grid. `sampled` is the grid's trilinear value at a point, `None`
/// outside; `effective_ion` tells an EFFECTIVE dose of an ion plan.
///
/// ```
/// use rt_model::derive::{TotalDose, check};
/// use rt_model::frame::PatientPoint;
/// use rt_model::plan::{BeamReference, FractionGroup, Plan};
/// use rt_model::units::Gy;
///
/// let beam = BeamReference {
///     beam_number: 1,
///     meterset: Some(200.0),
///     dose: Some(Gy(2.0)),
///     dose_point: Some(PatientPoint::default()),
///     ..BeamReference::default()
/// };
/// let group = FractionGroup { fractions_planned: Some(30), beams: vec![beam], ..FractionGroup::default() };
/// let plan = Plan { fraction_groups: vec![group], ..Plan::default() };
/// assert!(check(&plan, false, |_| Some(Gy(60.3))).is_confirmed());
/// assert!(matches!(check(&plan, false, |_| Some(Gy(2.0))), TotalDose::NotTotal { fractions: 30, .. }));
/// ```
pub fn check(
    plan: &Plan,
    effective_ion: bool,
    sampled: impl FnOnce(PatientPoint) -> Option<Gy>,
) -> TotalDose {
    let expected = match expectation(plan) {
        Ok(expected) => expected,
        Err(reason) => return TotalDose::NotConfirmed(reason.to_string()),
    };
    let Some(found) = sampled(expected.point) else {
        return TotalDose::NotConfirmed("the point of the beam doses lies outside the dose grid".to_owned());
    };
    let ratio = found / expected.dose;
    let near = |target: f64, tolerance: f64| (ratio / target - 1.0).abs() <= tolerance;
    // What the type of the beam doses lets an effective grid be; without a type, either.
    let weighted = expected.dose_type.as_ref().filter(|_| effective_ion);
    if near(1.0, EQUAL) && weighted != Some(&DoseType::Physical) {
        return TotalDose::Confirmed { ratio };
    }
    if effective_ion && near(PROTON_RBE, EQUAL) && weighted != Some(&DoseType::Effective) {
        return TotalDose::ConfirmedRbe { ratio, stated: weighted.is_some() };
    }
    let short = |count: &&u32| {
        near(f64::from(**count), NEAR_FRACTIONS) || near(1.0 / f64::from(**count), NEAR_FRACTIONS)
    };
    match expected.fractions.iter().find(short) {
        Some(count) => TotalDose::NotTotal { ratio, fractions: *count },
        None => TotalDose::Differs { ratio },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brachy::{ApplicationSetup, BrachyChannel};
    use crate::plan::DoseReference;

    fn plan(points: &[Option<f64>]) -> Plan {
        let beam = |point: &Option<f64>| BeamReference {
            beam_number: 1,
            meterset: Some(100.0),
            dose: Some(Gy(1.0)),
            dose_point: point.map(|x| PatientPoint::new(x, 0.0, 0.0)),
            ..BeamReference::default()
        };
        let beams = points.iter().map(beam).collect();
        let group = FractionGroup { fractions_planned: Some(10), beams, ..FractionGroup::default() };
        Plan { fraction_groups: vec![group], ..Plan::default() }
    }

    fn outcome(value: f64) -> TotalDose {
        check(&plan(&[Some(0.0), Some(0.0)]), false, |_| Some(Gy(value)))
    }

    #[test]
    fn the_ratio_decides() {
        assert_eq!(outcome(20.2), TotalDose::Confirmed { ratio: 1.01 });
        assert_eq!(outcome(2.0), TotalDose::NotTotal { ratio: 0.1, fractions: 10 });
        assert_eq!(outcome(200.0), TotalDose::NotTotal { ratio: 10.0, fractions: 10 });
        assert_eq!(outcome(25.0), TotalDose::Differs { ratio: 1.25 });
        assert_eq!(outcome(22.0), TotalDose::Differs { ratio: 1.1 });
        let ion = check(&plan(&[Some(0.0), Some(0.0)]), true, |_| Some(Gy(22.0)));
        assert_eq!(ion, TotalDose::ConfirmedRbe { ratio: 1.1, stated: false });
    }

    #[test]
    fn the_type_of_the_beam_doses_decides_what_an_effective_grid_may_be() {
        let outcome = |dose_type: DoseType, value: f64| {
            let mut plan = plan(&[Some(0.0), Some(0.0)]);
            for beam in &mut plan.fraction_groups[0].beams {
                beam.dose_type = Some(dose_type.clone());
            }
            check(&plan, true, |_| Some(Gy(value)))
        };
        let rbe = TotalDose::ConfirmedRbe { ratio: 1.1, stated: true };
        assert_eq!(outcome(DoseType::Physical, 22.0), rbe);
        assert_eq!(outcome(DoseType::Physical, 20.0), TotalDose::Differs { ratio: 1.0 });
        assert_eq!(outcome(DoseType::Effective, 20.0), TotalDose::Confirmed { ratio: 1.0 });
        assert_eq!(outcome(DoseType::Effective, 22.0), TotalDose::Differs { ratio: 1.1 });
    }

    #[test]
    fn setup_doses_are_asked_as_beam_doses_are() {
        let setup = SetupDose { setup: 1, dose: Some(Gy(10.0)), point: Some(PatientPoint::default()) };
        let plan = |setup, pulses| Plan {
            fraction_groups: vec![FractionGroup {
                fractions_planned: Some(4),
                setup_doses: vec![setup],
                ..FractionGroup::default()
            }],
            brachy_setups: vec![ApplicationSetup {
                number: 1,
                channels: vec![BrachyChannel { pulses, ..BrachyChannel::default() }],
                ..ApplicationSetup::default()
            }],
            ..Plan::default()
        };
        let outcome = |value| check(&plan(setup, None), false, |_| Some(Gy(value)));
        assert_eq!(outcome(40.0), TotalDose::Confirmed { ratio: 1.0 });
        assert_eq!(outcome(10.0), TotalDose::NotTotal { ratio: 0.25, fractions: 4 });
        let nowhere = SetupDose { point: None, ..setup };
        assert_eq!(expectation(&plan(nowhere, None)), Err(NoExpectation::NoSetupPoint(1)));
        assert_eq!(expectation(&plan(setup, Some(40))), Err(NoExpectation::Pulsed));
    }

    #[test]
    fn one_fraction_can_not_be_mistaken() {
        let mut single = plan(&[Some(0.0)]);
        single.fraction_groups[0].fractions_planned = Some(1);
        assert_eq!(check(&single, false, |_| Some(Gy(2.0))), TotalDose::Differs { ratio: 2.0 });
    }

    #[test]
    fn without_a_common_point_nothing_is_confirmed() {
        for points in [&[Some(0.0), Some(5.0)][..], &[None], &[]] {
            assert!(
                matches!(check(&plan(points), false, |_| Some(Gy(20.0))), TotalDose::NotConfirmed(_)),
                "{points:?}"
            );
        }
        assert!(matches!(check(&plan(&[Some(0.0)]), false, |_| None), TotalDose::NotConfirmed(_)));
    }

    #[test]
    fn the_only_coordinates_serve_beams_without_a_point() {
        let coordinates = |x: f64| DoseReference {
            structure_type: "COORDINATES".into(),
            point: Some(PatientPoint::new(x, 0.0, 0.0)),
            ..DoseReference::default()
        };
        let mut plan = plan(&[None, None]);
        plan.dose_references = vec![coordinates(7.0)];
        let expected = expectation(&plan).unwrap();
        assert_eq!((expected.point.x, expected.dose), (7.0, Gy(20.0)));
        plan.dose_references.push(coordinates(8.0));
        assert!(expectation(&plan).is_err());
        let uid = crate::uid::Uid::new("1.2");
        plan.dose_references[1].uid = uid.clone();
        for beam in &mut plan.fraction_groups[0].beams {
            beam.dose_reference_uid = uid.clone();
        }
        assert_eq!(expectation(&plan).unwrap().point.x, 8.0);
    }
}
