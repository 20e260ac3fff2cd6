//! Whether a plan's partial doses make its whole dose.
//!
//! Each BEAM, BRACHY and FRACTION dose is for the whole delivery of its part, each *_SESSION and
//! CONTROL_POINT dose for one fraction of it (PS3.3 C.8.8.3). The whole is there when every part that treats
//! is there exactly once.
//!
//! Units: factors are numbers of fractions. Frame: none.

use super::case_match::{Composition, DoseUse};
use super::options::DoseScope;
use crate::control_point::segments;
use crate::dose::{DoseHeader, DosePart, Summation};
use crate::finding::{Code, matching as code};
use crate::plan::{FractionGroup, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// One of a plan's doses.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) instance: usize,
    pub(super) header: &'a DoseHeader,
    pub(super) scope: Option<DoseScope>,
}

/// Why doses do not make the whole.
#[derive(Debug, PartialEq)]
pub(super) struct Partial {
    pub(super) code: Code,
    pub(super) text: String,
}

/// What kinds of doses make up a plan, the preferred first.
pub(super) const KINDS: [(Summation, Composition); 8] = [
    (Summation::Plan, Composition::Plan),
    (Summation::Fraction, Composition::SumOfFractionGroups),
    (Summation::Beam, Composition::SumOfBeams),
    (Summation::Brachy, Composition::SumOfSetups),
    (Summation::FractionSession, Composition::Sessions),
    (Summation::BeamSession, Composition::Sessions),
    (Summation::BrachySession, Composition::Sessions),
    (Summation::ControlPoint, Composition::SumOfControlPoints),
];

/// Doses of one summation type as the plan's dose.
pub(super) fn compose(plan: &Plan, kind: &Summation, parts: &[Part<'_>]) -> Result<Vec<DoseUse>, Partial> {
    // A word on one part alone would add doses of one fraction to doses of all.
    if parts.iter().any(|part| part.scope.is_some()) && parts.iter().any(|part| part.scope.is_none()) {
        let text =
            "the user says of some parts of the dose what they cover, and not of all; say it with --dose-is for each".to_owned();
        return Err(Partial { code: code::DOSE_SCOPE_STATED, text });
    }
    let session = matches!(
        kind,
        Summation::FractionSession
            | Summation::BeamSession
            | Summation::BrachySession
            | Summation::ControlPoint
    );
    match kind {
        Summation::Plan => {
            if parts.len() > 1 {
                return Err(Partial {
                    code: code::DOSE_AMBIGUOUS,
                    text: format!("expected one PLAN dose, found {}", parts.len()),
                });
            }
        }
        Summation::Fraction | Summation::FractionSession => {
            check(&groups(plan), parts, "fraction groups", |part| [(part.fraction_group, None)].into())?;
        }
        Summation::Brachy | Summation::BrachySession => check_setups(plan, parts)?,
        Summation::ControlPoint => check_control_points(plan, parts)?,
        _ => {
            let beams = beams(plan);
            check(&beams, parts, "beams", |part| match part.beam {
                Some(_) => [(part.fraction_group, part.beam)].into(),
                None => beams.iter().filter(|(group, _)| *group == part.fraction_group).copied().collect(),
            })?;
        }
    }
    parts
        .iter()
        .map(|part| Ok(DoseUse { instance: part.instance, factor: factor(plan, part, session)? }))
        .collect()
}

/// A fraction group, and one of its beams where beams are asked for.
type Piece = (i32, Option<i32>);

/// Beams that treat, each with its fraction group.
fn beams(plan: &Plan) -> BTreeSet<Piece> {
    plan.treatment_beams().map(|(group, beam)| (group.number, Some(beam.beam_number))).collect()
}

/// Fraction groups that treat; all, where nothing tells.
fn groups(plan: &Plan) -> BTreeSet<Piece> {
    let mut groups: BTreeSet<Piece> = beams(plan).into_iter().map(|(group, _)| (group, None)).collect();
    let with_setups = plan
        .fraction_groups
        .iter()
        .filter(|group| group.application_setup_count.is_some_and(|count| count > 0));
    groups.extend(with_setups.map(|group| (group.number, None)));
    if groups.is_empty() {
        groups.extend(plan.fraction_groups.iter().map(|group| (group.number, None)));
    }
    groups
}

/// Every needed piece is covered by exactly one dose.
fn check(
    needed: &BTreeSet<Piece>,
    parts: &[Part<'_>],
    what: &str,
    pieces: impl Fn(&DosePart) -> BTreeSet<Piece>,
) -> Result<(), Partial> {
    if needed.is_empty() {
        return Err(missing(format!(
            "the plan names no {what} that treat, so that the parts can't be counted"
        )));
    }
    let mut covered: BTreeMap<Piece, usize> = BTreeMap::new();
    for part in parts {
        if part.header.parts.is_empty() {
            return Err(missing(format!(
                "a {} dose does not say for which {what} it is",
                part.header.summation.as_str()
            )));
        }
        for piece in part.header.parts.iter().flat_map(&pieces).collect::<BTreeSet<_>>() {
            *covered.entry(piece).or_default() += 1;
        }
    }
    let absent: Vec<_> = needed.iter().filter(|piece| !covered.contains_key(piece)).map(name).collect();
    if !absent.is_empty() {
        return Err(missing(format!("partial plan: {what} {} missing", absent.join(", "))));
    }
    let repeated: Vec<_> =
        covered.iter().filter(|(_, count)| **count > 1).map(|(piece, _)| name(piece)).collect();
    if !repeated.is_empty() {
        let text = format!("{what} {} are there more than once", repeated.join(", "));
        return Err(Partial { code: code::DOSE_PARTS_REPEATED, text });
    }
    Ok(())
}

/// Every stretch between control points that delivers dose is in exactly one of the doses.
fn check_control_points(plan: &Plan, parts: &[Part<'_>]) -> Result<(), Partial> {
    let mut stretches: BTreeMap<(i32, i32, i32), usize> = BTreeMap::new();
    for (group, reference) in plan.treatment_beams() {
        let beam = plan.beams.iter().find(|beam| beam.number == reference.beam_number);
        let path = beam.map_or(&[][..], |beam| &beam.path);
        let delivering = segments(path).zip(0..).filter(|(segment, _)| segment.weight > 0.0);
        let before = stretches.len();
        stretches.extend(delivering.map(|(_, index)| ((group.number, reference.beam_number, index), 0)));
        if stretches.len() == before {
            return Err(missing(format!(
                "beam {} delivers nothing between control points",
                reference.beam_number
            )));
        }
    }
    if stretches.is_empty() {
        return Err(missing(
            "the plan names no beams that treat, so that their control points can't be counted".into(),
        ));
    }
    for part in parts.iter().flat_map(|part| &part.header.parts) {
        let (Some(beam), Some([start, stop])) = (part.beam, part.control_points) else {
            return Err(missing("a CONTROL_POINT dose does not say for which control points it is".into()));
        };
        for (_, count) in stretches
            .range_mut((part.fraction_group, beam, start)..(part.fraction_group, beam, stop.max(start)))
        {
            *count += 1;
        }
    }
    let named = |wanted: fn(usize) -> bool| -> Vec<String> {
        let found = stretches.iter().filter(|(_, count)| wanted(**count));
        let beams: BTreeSet<Piece> = found.map(|((group, beam, _), _)| (*group, Some(*beam))).collect();
        beams.iter().map(name).collect()
    };
    let (absent, repeated) = (named(|count| count == 0), named(|count| count > 1));
    if !absent.is_empty() {
        return Err(missing(format!("partial plan: control points of beams {} missing", absent.join(", "))));
    }
    if !repeated.is_empty() {
        let text = format!("control points of beams {} are there more than once", repeated.join(", "));
        return Err(Partial { code: code::DOSE_PARTS_REPEATED, text });
    }
    Ok(())
}

/// Every application setup of the fraction groups is there once. Where a group does not name its setups, they
/// are counted.
fn check_setups(plan: &Plan, parts: &[Part<'_>]) -> Result<(), Partial> {
    let named = |group: &FractionGroup| {
        group.application_setups.iter().map(|setup| (group.number, Some(*setup))).collect::<Vec<_>>()
    };
    let needed: BTreeSet<Piece> = plan.fraction_groups.iter().flat_map(named).collect();
    let all_named = plan.fraction_groups.iter().all(|group| {
        group.application_setup_count.is_none_or(|count| count as usize == group.application_setups.len())
    });
    if all_named && !needed.is_empty() {
        return check(&needed, parts, "application setups", |part| match part.beam {
            Some(_) => [(part.fraction_group, part.beam)].into(),
            None => needed.iter().filter(|(group, _)| *group == part.fraction_group).copied().collect(),
        });
    }
    let mut covered: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for part in parts.iter().flat_map(|part| &part.header.parts) {
        let setups = covered.entry(part.fraction_group).or_default();
        if let Some(setup) = part.beam
            && !setups.insert(setup)
        {
            let text = format!(
                "application setups {} are there more than once",
                name(&(part.fraction_group, Some(setup)))
            );
            return Err(Partial { code: code::DOSE_PARTS_REPEATED, text });
        }
    }
    for group in &plan.fraction_groups {
        let expected = group.application_setup_count.unwrap_or(0) as usize;
        let found = covered.get(&group.number).map_or(0, BTreeSet::len);
        if found < expected {
            return Err(missing(format!(
                "partial plan: fraction group {}: expected {expected} application setups, found {found}",
                group.number
            )));
        }
    }
    if covered.values().all(BTreeSet::is_empty) {
        return Err(missing("the doses do not say for which application setups they are".into()));
    }
    Ok(())
}

fn missing(text: String) -> Partial {
    Partial { code: code::DOSE_PARTS_MISSING, text }
}

fn name((group, beam): &Piece) -> String {
    beam.map_or_else(|| group.to_string(), |beam| format!("{beam} of group {group}"))
}

/// How often a dose counts: for one fraction of its group, as often as the group has fractions.
fn factor(plan: &Plan, part: &Part<'_>, session: bool) -> Result<f64, Partial> {
    if !session && part.scope != Some(DoseScope::Fraction) || part.scope == Some(DoseScope::Total) {
        return Ok(1.0);
    }
    let named: BTreeSet<i32> = part.header.parts.iter().map(|part| part.fraction_group).collect();
    let mut groups =
        plan.fraction_groups.iter().filter(|group| named.is_empty() || named.contains(&group.number));
    match (groups.next(), groups.next()) {
        (Some(group), None) => match group.fractions_planned {
            Some(fractions) if fractions > 0 => Ok(f64::from(fractions)),
            _ => Err(missing(format!(
                "fraction group {} does not state its number of fractions",
                group.number
            ))),
        },
        _ => Err(missing("a dose of one fraction needs exactly one fraction group".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control_point::ControlPoint;
    use crate::dose::{DoseType, DoseUnits};
    use crate::plan::{Beam, BeamReference};

    /// Beam number and meterset.
    type DrawnBeam = (i32, Option<f64>);

    fn plan(groups: &[(i32, u32, &[DrawnBeam])]) -> Plan {
        let beam = |(number, meterset): &DrawnBeam| BeamReference {
            beam_number: *number,
            meterset: *meterset,
            ..BeamReference::default()
        };
        let group = |(number, fractions, beams): &(i32, u32, &[DrawnBeam])| FractionGroup {
            number: *number,
            fractions_planned: Some(*fractions),
            beams: beams.iter().map(beam).collect(),
            ..FractionGroup::default()
        };
        Plan { fraction_groups: groups.iter().map(group).collect(), ..Plan::default() }
    }

    fn dose(summation: Summation, parts: &[(i32, Option<i32>)]) -> DoseHeader {
        DoseHeader {
            units: DoseUnits::Gray,
            dose_type: DoseType::Physical,
            summation,
            timestamp: None,
            plans: Vec::new(),
            structure_sets: Vec::new(),
            parts: parts
                .iter()
                .map(|(fraction_group, beam)| DosePart {
                    fraction_group: *fraction_group,
                    beam: *beam,
                    control_points: None,
                })
                .collect(),
            comment: None,
            derived: false,
            size: Some([1, 1, 1]),
            has_dvhs: false,
        }
    }

    fn try_compose(plan: &Plan, doses: &[DoseHeader]) -> Result<Vec<f64>, Partial> {
        let parts: Vec<_> = doses
            .iter()
            .enumerate()
            .map(|(instance, header)| Part { instance, header, scope: None })
            .collect();
        compose(plan, &doses[0].summation, &parts).map(|uses| uses.iter().map(|dose| dose.factor).collect())
    }

    const TREATS: Option<f64> = Some(100.0);

    #[test]
    fn beams_of_all_groups_are_needed_and_setup_beams_are_not() {
        let plan = plan(&[(1, 20, &[(1, TREATS), (2, TREATS), (3, None)]), (2, 5, &[(1, TREATS)])]);
        let beam = |group, beam| dose(Summation::Beam, &[(group, Some(beam))]);
        assert_eq!(try_compose(&plan, &[beam(1, 1), beam(1, 2), beam(2, 1)]), Ok(vec![1.0; 3]));
        let missing = try_compose(&plan, &[beam(1, 1), beam(2, 1)]).unwrap_err();
        assert_eq!(missing.text, "partial plan: beams 2 of group 1 missing");
        let repeated = try_compose(&plan, &[beam(1, 1), beam(1, 1), beam(1, 2), beam(2, 1)]).unwrap_err();
        assert_eq!(
            (repeated.code, repeated.text.as_str()),
            (code::DOSE_PARTS_REPEATED, "beams 1 of group 1 are there more than once")
        );
    }

    #[test]
    fn a_beam_dose_without_beams_stands_for_its_group() {
        let plan = plan(&[(1, 20, &[(1, TREATS), (2, TREATS)])]);
        assert_eq!(try_compose(&plan, &[dose(Summation::Beam, &[(1, None)])]), Ok(vec![1.0]));
        assert!(try_compose(&plan, &[dose(Summation::Beam, &[])]).is_err());
    }

    #[test]
    fn a_session_counts_once_for_each_fraction() {
        let plan = plan(&[(1, 20, &[(1, TREATS)]), (2, 5, &[(2, TREATS)])]);
        let session = |group| dose(Summation::FractionSession, &[(group, None)]);
        assert_eq!(try_compose(&plan, &[session(1), session(2)]), Ok(vec![20.0, 5.0]));
        let beams =
            [dose(Summation::BeamSession, &[(1, Some(1))]), dose(Summation::BeamSession, &[(2, Some(2))])];
        assert_eq!(try_compose(&plan, &beams), Ok(vec![20.0, 5.0]));
    }

    #[test]
    fn the_users_word_makes_a_plan_dose_one_fraction() {
        let plan = plan(&[(1, 20, &[(1, TREATS)])]);
        let header = dose(Summation::Plan, &[]);
        for (scope, factor) in [(None, 1.0), (Some(DoseScope::Total), 1.0), (Some(DoseScope::Fraction), 20.0)]
        {
            let part = Part { instance: 0, header: &header, scope };
            assert_eq!(compose(&plan, &Summation::Plan, &[part]), Ok(vec![DoseUse { instance: 0, factor }]));
        }
    }

    #[test]
    fn the_users_word_is_needed_for_all_parts_or_none() {
        let plan = plan(&[(1, 20, &[(1, TREATS), (2, TREATS)])]);
        let beams = [dose(Summation::Beam, &[(1, Some(1))]), dose(Summation::Beam, &[(1, Some(2))])];
        let composed = |scopes: [Option<DoseScope>; 2]| {
            let part = |instance: usize| Part { instance, header: &beams[instance], scope: scopes[instance] };
            compose(&plan, &Summation::Beam, &[part(0), part(1)])
        };
        let factors =
            |scope| composed([Some(scope); 2]).unwrap().iter().map(|dose| dose.factor).collect::<Vec<_>>();
        assert_eq!((factors(DoseScope::Fraction), factors(DoseScope::Total)), (vec![20.0; 2], vec![1.0; 2]));
        assert_eq!(composed([Some(DoseScope::Fraction), None]).unwrap_err().code, code::DOSE_SCOPE_STATED);
    }

    #[test]
    fn application_setups_are_counted() {
        let mut plan = plan(&[(1, 4, &[])]);
        plan.fraction_groups[0].application_setup_count = Some(2);
        let setup = |number| dose(Summation::Brachy, &[(1, Some(number))]);
        assert_eq!(try_compose(&plan, &[setup(1), setup(2)]), Ok(vec![1.0, 1.0]));
        assert!(
            try_compose(&plan, &[setup(1)])
                .unwrap_err()
                .text
                .contains("expected 2 application setups, found 1")
        );
        assert_eq!(try_compose(&plan, &[setup(1), setup(1)]).unwrap_err().code, code::DOSE_PARTS_REPEATED);
    }

    #[test]
    fn application_setups_are_those_that_the_plan_names() {
        let mut plan = plan(&[(1, 4, &[])]);
        plan.fraction_groups[0].application_setup_count = Some(2);
        plan.fraction_groups[0].application_setups = vec![3, 5];
        let setup = |number| dose(Summation::Brachy, &[(1, Some(number))]);
        assert_eq!(try_compose(&plan, &[setup(3), setup(5)]), Ok(vec![1.0, 1.0]));
        assert_eq!(try_compose(&plan, &[dose(Summation::Brachy, &[(1, None)])]), Ok(vec![1.0]));
        // As many as there should be, of which one is another's.
        let other = try_compose(&plan, &[setup(3), setup(4)]).unwrap_err();
        assert_eq!(other.text, "partial plan: application setups 5 of group 1 missing");
        assert_eq!(
            try_compose(&plan, &[setup(3), setup(5), setup(5)]).unwrap_err().code,
            code::DOSE_PARTS_REPEATED
        );
    }

    #[test]
    fn control_points_make_one_fraction_that_counts_as_often_as_there_are_fractions() {
        let point = |weight: f64| ControlPoint { cumulative_weight: Some(weight), ..ControlPoint::default() };
        // Nothing is delivered between the second and the third.
        let path: Vec<ControlPoint> = [0.0, 0.5, 0.5, 1.0].map(point).into();
        let mut plan = plan(&[(1, 20, &[(1, TREATS), (2, TREATS)])]);
        plan.beams = [1, 2].map(|number| Beam { number, path: path.clone(), ..Beam::default() }).into();
        let stretch = |beam, start, stop| {
            let mut header = dose(Summation::ControlPoint, &[(1, Some(beam))]);
            header.parts[0].control_points = Some([start, stop]);
            header
        };
        assert_eq!(
            try_compose(&plan, &[stretch(1, 0, 1), stretch(1, 2, 3), stretch(2, 0, 3)]),
            Ok(vec![20.0; 3])
        );
        let part = try_compose(&plan, &[stretch(1, 0, 1), stretch(2, 0, 3)]).unwrap_err();
        assert_eq!(
            (part.code, part.text.as_str()),
            (code::DOSE_PARTS_MISSING, "partial plan: control points of beams 1 of group 1 missing")
        );
        let twice = try_compose(&plan, &[stretch(1, 0, 3), stretch(2, 0, 3), stretch(2, 0, 1)]).unwrap_err();
        assert_eq!(twice.code, code::DOSE_PARTS_REPEATED);
        let whole = try_compose(&plan, &[dose(Summation::ControlPoint, &[(1, Some(1))])]).unwrap_err();
        assert!(whole.text.contains("does not say for which control points"), "{}", whole.text);
    }
}
