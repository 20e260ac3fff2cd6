//! Where a ROI lies from the plan's targets.
//!
//! Units: mm, cm3. Frame: DICOM patient coordinates (LPS).

use rt_dvh::DvhOptions;
use rt_geometry::distance::{Surface, SurfaceDistance, surface_distance};
use rt_geometry::solid::Solid;
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::structure_set::{Roi, TargetKind};
use rt_model::units::{Cm3, Mm};

/// The volume that the targets of a structure set enclose together.
#[derive(Debug)]
pub struct Targets {
    numbers: String,
    surface: Option<Surface>,
    /// What the volume lacks, in words.
    problem: Option<String>,
}

/// A ROI and the targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRelation {
    /// ROI Numbers of the targets, separated by commas.
    pub targets: String,
    /// Distance of the ROI's surface from that of the targets.
    pub distance: Option<SurfaceDistance>,
    /// Volume shared with the targets.
    pub overlap: Option<Cm3>,
    /// Why a value is missing or not exact.
    pub reason: Option<String>,
}

/// Samples this close need no word.
const USUAL_STEP: Mm = Mm(1.0);

impl Targets {
    /// The targets among `rois`; `None` if there is none.
    #[must_use]
    pub fn of(rois: &[Roi], options: &DvhOptions, planes: &StructurePlanes<'_>) -> Option<Self> {
        let of_kind = |kind: TargetKind| -> Vec<&Roi> {
            // A target whose contours cannot be used is still a target: the relation then states that it is
            // missing.
            let drawn = |roi: &&Roi| {
                roi.unusable_contours > 0 || roi.contours.iter().any(|contour| contour.kind.is_closed())
            };
            rois.iter().filter(|roi| roi.target_kind() == Some(kind)).filter(drawn).collect()
        };
        let rois = TargetKind::ALL.into_iter().map(of_kind).find(|rois| !rois.is_empty())?;
        let (mut stacks, mut numbers, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for roi in rois {
            let stack = RoiStack::build(roi, &options.stack(planes.neighbours_of(roi))).ok();
            match stack {
                Some(stack) => {
                    stacks.push(stack.value);
                    numbers.push(roi.number.to_string());
                }
                None => left_out.push(roi.number.to_string()),
            }
        }
        let solid = Solid::union_of(&stacks.iter().collect::<Vec<_>>());
        let problem = match (&solid, left_out.is_empty()) {
            (Some(_), true) => None,
            (Some(_), false) => {
                Some(format!("without target {}, whose contours can't be used", left_out.join(", ")))
            }
            (None, _) if stacks.is_empty() => Some("no target has contours that can be used".to_owned()),
            (None, _) => Some("the targets are not drawn on parallel planes".to_owned()),
        };
        Some(Self { numbers: numbers.join(","), surface: solid.and_then(Surface::of), problem })
    }

    /// Where a ROI lies from them.
    #[must_use]
    pub fn relation(&self, roi: &RoiStack) -> TargetRelation {
        let distance = self.surface.as_ref().and_then(|surface| surface_distance(roi, surface));
        let overlap = self.surface.as_ref().and_then(|surface| surface.solid().overlap(roi));
        let mut reasons: Vec<String> = self.problem.iter().cloned().collect();
        if let Some(step) = distance.map(|distance| distance.step).filter(|step| *step > USUAL_STEP) {
            reasons.push(format!("surface sampled every {:.1} mm", step.0));
        }
        if self.surface.is_some() && overlap.is_none() {
            reasons.push("no overlap: the planes are not those of the targets".to_owned());
        }
        let reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        TargetRelation { targets: self.numbers.clone(), distance, overlap, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::PatientPoint;
    use rt_model::read::{ReadOptions, read_structure_set};
    use rt_model::structure_set::StructureSet;
    use rt_phantom::Contouring;
    use rt_phantom::case::{CaseBuilder, Role};
    use rt_phantom::shape::Sphere;

    fn set(rois: &[(i32, &str, f64, f64)]) -> StructureSet {
        let ball = |(number, kind, z, radius): &(i32, &str, f64, f64)| {
            let sphere = Sphere { centre: PatientPoint::new(0.0, 0.0, *z), radius: Mm(*radius) };
            Roi {
                interpreted_type: Some((*kind).to_owned()),
                ..Contouring::every(2.0).draw(&sphere, *number, "ball")
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let written =
            CaseBuilder::new("targets").image(None).rois(rois.iter().map(ball)).write(folder.path()).unwrap();
        read_structure_set(written.path(Role::StructureSet).unwrap(), &ReadOptions::default()).unwrap().value
    }

    fn relation(set: &StructureSet, number: i32) -> Option<TargetRelation> {
        let options = DvhOptions::preset("dosebridge-2").unwrap();
        let roi = set.rois.iter().find(|roi| roi.number == number).unwrap();
        let stack = RoiStack::build(roi, &options.stack(None)).unwrap().value;
        Targets::of(&set.rois, &options, &StructurePlanes::of(&set.rois))
            .map(|targets| targets.relation(&stack))
    }

    #[test]
    fn planning_volumes_come_before_what_they_are_made_of() {
        let both = set(&[(1, "GTV", 0.0, 5.0), (2, "PTV", 0.0, 9.0), (3, "ORGAN", 40.0, 11.0)]);
        let far = relation(&both, 3).unwrap();
        assert_eq!((far.targets.as_str(), far.overlap, &far.reason), ("2", Some(Cm3(0.0)), &None));
        let distance = far.distance.unwrap();
        // Balls of 9 and 11 mm radius, 40 mm apart; end slices reach half a slice further.
        assert!(
            (distance.least.0 - 20.0).abs() < 2.5 && (distance.most.0 - 42.0).abs() < 2.5,
            "{distance:?}"
        );
        let inner = relation(&both, 1).unwrap();
        assert!((inner.distance.unwrap().mean.0 + 4.0).abs() < 0.6, "{inner:?}");
        assert!((inner.overlap.unwrap().0 - 0.523).abs() < 0.03, "{inner:?}");
        assert_eq!(relation(&set(&[(3, "ORGAN", 0.0, 11.0)]), 3), None);
    }

    #[test]
    fn targets_count_together() {
        let two = set(&[(1, "PTV", -20.0, 7.0), (2, "PTV", 20.0, 7.0), (3, "ORGAN", 0.0, 9.0)]);
        let between = relation(&two, 3).unwrap();
        assert_eq!(between.targets, "1,2");
        assert!((between.distance.unwrap().least.0 - 4.0).abs() < 2.5, "{between:?}");
    }
}
