//! ROI outlines in the pixels of a slice.
//!
//! Units: millimetres; pixels. Frame: DICOM patient coordinates (LPS); pixel coordinates of the picture.

use crate::scene::Outline;
use rt_geometry::pixel_plane::{PixelPlane, distance_to_neighbour};
use rt_geometry::stack::{StackError, StackErrorKind, UsableContours};
use rt_model::finding::{Finding, export as codes};
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Contour, Roi};

/// Which ROIs are outlined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RoiChoice {
    /// Targets: PTV, CTV and GTV by their interpreted type, or by their names where they have none.
    #[default]
    Targets,
    /// Every ROI.
    All,
    /// No ROI.
    None,
    /// Those of these names.
    Named(Vec<String>),
}

impl RoiChoice {
    /// Whether the choice includes a ROI.
    ///
    /// ```
    /// use rt_draw::{example, outlines::RoiChoice};
    ///
    /// let [wedge, marker] = &example::rois()[..] else { unreachable!() };
    /// assert!(RoiChoice::Targets.includes(wedge) && !RoiChoice::Targets.includes(marker));
    /// assert!(RoiChoice::Named(vec!["Marker".to_owned()]).includes(marker));
    /// ```
    #[must_use]
    pub fn includes(&self, roi: &Roi) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Named(names) => names.contains(&roi.name),
            Self::Targets => roi.presumed_target_kind().is_some(),
        }
    }
}

/// A contour belongs to a slice that it lies this near to, as a part of the distance to the next slice.
const NEAR: f64 = 0.25;
/// The same for a lone slice, mm.
const NEAR_ALONE: f64 = 0.5;
/// Colour of a ROI that has none.
const PLAIN: [u8; 3] = [230, 230, 230];

/// Which contours are drawn on which slice.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::outlines::{RoiChoice, SliceContours};
/// use rt_model::provenance::Provenance;
///
/// let (rois, plane) = (example::rois(), example::plane());
/// let contours = SliceContours::new(&rois, &[plane], &RoiChoice::All, &Provenance::unknown());
/// let outlines = contours.outlines(0, &plane);
/// assert_eq!(outlines[0].name, "Wedge");
/// assert_eq!(outlines[0].rings, [[[13.0, 6.0], [33.0, 6.0], [33.0, 26.0], [13.0, 26.0]]]);
/// assert_eq!(contours.left_out()[0].text, "Wedge: 1 of its 2 contours lie on no slice and are not outlined");
/// ```
#[derive(Debug, Clone)]
pub struct SliceContours<'a> {
    rois: &'a [Roi],
    /// For each slice the contours that lie on it, each with the number of its ROI.
    on: Vec<Vec<(usize, &'a Contour)>>,
    left_out: Vec<Finding>,
}

impl<'a> SliceContours<'a> {
    /// Closed contours of the chosen ROIs on slices that rise along their common normal. `at` is where the
    /// ROIs come from.
    #[must_use]
    pub fn new(rois: &'a [Roi], slices: &[PixelPlane], choice: &RoiChoice, at: &Provenance) -> Self {
        let mut on = vec![Vec::new(); slices.len()];
        let heights: Vec<f64> = slices.iter().map(PixelPlane::height).collect();
        let mut left_out = Vec::new();
        for (number, roi) in rois.iter().enumerate().filter(|(_, roi)| choice.includes(roi)) {
            let usable = match UsableContours::of(roi) {
                Ok(usable) => usable,
                Err(error) => {
                    left_out.extend(refused(roi, &error, at));
                    continue;
                }
            };
            let (mut all, mut drawn) = (0, 0);
            for &contour in usable.contours() {
                let Some(first) = contour.points.first() else { continue };
                all += 1;
                let Some(slice) = nearest(slices, &heights, *first) else { continue };
                let near =
                    distance_to_neighbour(&heights, slice).map_or(NEAR_ALONE, |distance| NEAR * distance);
                if lies_on(contour, &slices[slice], near) {
                    on[slice].push((number, contour));
                    drawn += 1;
                }
            }
            left_out.extend(not_drawn(roi, all, drawn, at));
        }
        Self { rois, on, left_out }
    }

    /// The outlines on slice `at`, in pixels of `plane`; none where there is no such slice.
    #[must_use]
    pub fn outlines(&self, at: usize, plane: &PixelPlane) -> Vec<Outline> {
        let mut outlines: Vec<(usize, Outline)> = Vec::new();
        for (number, contour) in self.on.get(at).into_iter().flatten() {
            let roi = &self.rois[*number];
            let ring = contour.points.iter().map(|point| plane.pixel_from_patient(*point)).collect();
            match outlines.last_mut().filter(|(last, _)| last == number) {
                Some((_, outline)) => outline.rings.push(ring),
                None => {
                    let colour = roi.colour.unwrap_or(PLAIN);
                    outlines.push((*number, Outline { name: roi.name.clone(), colour, rings: vec![ring] }));
                }
            }
        }
        outlines.into_iter().map(|(_, outline)| outline).collect()
    }

    /// ROIs with contours that lie on no slice, and those whose contours cannot be used: these have no
    /// outline.
    #[must_use]
    pub fn left_out(&self) -> &[Finding] {
        &self.left_out
    }
}

/// The slice whose height is nearest to the point's.
fn nearest(slices: &[PixelPlane], heights: &[f64], point: PatientPoint) -> Option<usize> {
    let height = point.along(slices.first()?.normal());
    let above = heights.partition_point(|slice| *slice < height);
    let neighbours =
        [above.checked_sub(1), Some(above)].into_iter().flatten().filter(|at| *at < heights.len());
    neighbours.min_by(|a, b| (heights[*a] - height).abs().total_cmp(&(heights[*b] - height).abs()))
}

/// A ROI whose contours have no volume would be shown as another than it is; one without closed contours has
/// nothing to show.
fn refused(roi: &Roi, error: &StackError, at: &Provenance) -> Option<Finding> {
    let place = Provenance { path: Some(format!("ROI {}", roi.number)), ..at.clone() };
    let finding = error.finding();
    let text = format!("{}: not outlined: {}", roi.name, finding.text);
    (error.kind() != StackErrorKind::NoClosedContour).then_some(Finding { at: place, text, ..finding })
}

/// What is not drawn of a ROI: a warning where that is all of it.
fn not_drawn(roi: &Roi, all: usize, drawn: usize, at: &Provenance) -> Option<Finding> {
    let name = &roi.name;
    match (all, drawn) {
        (0, _) => None,
        (_, 0) => {
            let text = format!(
                "{name}: none of its {all} contours lies on a slice (between them, or across): it has no outline"
            );
            Some(Finding::warning(codes::OUTLINES_LEFT_OUT, at.clone(), text))
        }
        _ if drawn < all => {
            let text =
                format!("{name}: {} of its {all} contours lie on no slice and are not outlined", all - drawn);
            Some(Finding::info(codes::OUTLINES_LEFT_OUT, at.clone(), text))
        }
        _ => None,
    }
}

fn lies_on(contour: &Contour, plane: &PixelPlane, near: f64) -> bool {
    let (normal, height) = (plane.normal(), plane.height());
    contour.points.iter().all(|point| (point.along(normal) - height).abs() <= near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::PatientVector;
    use rt_model::structure_set::ContourKind;
    use rt_model::units::Mm;

    fn plane(z: f64) -> PixelPlane {
        PixelPlane {
            origin: PatientPoint::new(0.0, 0.0, z),
            row: PatientVector::new(1.0, 0.0, 0.0),
            column: PatientVector::new(0.0, 1.0, 0.0),
            spacing: [Mm(1.0); 2],
            size: [8, 8],
        }
    }

    /// A ROI of one triangle at each height.
    fn roi(heights: &[f64]) -> Roi {
        let contour = |(index, z): (usize, &f64)| Contour {
            index,
            kind: ContourKind::ClosedPlanar,
            points: [(1.0, 1.0), (5.0, 1.0), (1.0, 5.0)].map(|(x, y)| PatientPoint::new(x, y, *z)).to_vec(),
            slab_thickness: None,
        };
        Roi {
            name: "Cord".to_owned(),
            contours: heights.iter().enumerate().map(contour).collect(),
            ..Roi::default()
        }
    }

    fn drawn(roi: Roi, slices: &[f64]) -> (Vec<usize>, Vec<Finding>) {
        let (rois, planes) = ([roi], slices.iter().map(|z| plane(*z)).collect::<Vec<_>>());
        let contours = SliceContours::new(&rois, &planes, &RoiChoice::All, &Provenance::unknown());
        let rings =
            |at: usize| contours.outlines(at, &plane(0.0)).iter().map(|outline| outline.rings.len()).sum();
        ((0..=slices.len()).map(rings).collect(), contours.left_out().to_vec())
    }

    #[test]
    fn a_contour_is_drawn_on_the_slice_it_lies_on() {
        assert_eq!(drawn(roi(&[0.0, 3.0, 3.0]), &[0.0, 3.0, 6.0]), (vec![1, 2, 0, 0], vec![]));
        assert_eq!(
            drawn(roi(&[0.7]), &[0.0, 3.0]).0,
            [1, 0, 0],
            "within a quarter of the distance between slices"
        );
        assert_eq!(drawn(roi(&[0.4]), &[0.0]).0, [1, 0], "a lone slice");
    }

    #[test]
    fn a_contour_on_no_slice_is_reported() {
        let (rings, left_out) = drawn(roi(&[0.0, 1.5]), &[0.0, 3.0]);
        assert_eq!(rings, [1, 0, 0]);
        assert_eq!(left_out[0].text, "Cord: 1 of its 2 contours lie on no slice and are not outlined");
        let (rings, left_out) = drawn(roi(&[0.6]), &[]);
        assert_eq!(rings, [0]);
        assert_eq!(
            left_out[0].text,
            "Cord: none of its 1 contours lies on a slice (between them, or across): it has no outline"
        );
    }

    #[test]
    fn a_contour_across_slices_is_not_drawn() {
        let mut tilted = roi(&[0.0]);
        tilted.contours[0].points[1].z = 3.0;
        assert_eq!(drawn(tilted, &[0.0, 3.0]).0, [0, 0, 0]);
    }

    #[test]
    fn a_contour_that_has_no_volume_has_no_outline() {
        use rt_model::finding::dvh::{IMPOSSIBLE_COORDINATE, NOT_PARALLEL};
        let far = |roi: &mut Roi| roi.contours[1].points[0].x = 1e6;
        let tilted = |roi: &mut Roi| roi.contours[1].points[0].z += 2.0;
        for (damage, code) in [(&far as &dyn Fn(&mut Roi), IMPOSSIBLE_COORDINATE), (&tilted, NOT_PARALLEL)] {
            let mut damaged = roi(&[0.0, 3.0, 6.0]);
            damage(&mut damaged);
            let (rings, left_out) = drawn(damaged, &[0.0, 3.0, 6.0]);
            assert_eq!((rings, left_out[0].code), (vec![0, 0, 0, 0], code), "{left_out:?}");
        }
    }

    #[test]
    fn a_roi_that_lacks_contours_is_not_outlined() {
        use rt_model::finding::structures::ROI_LEFT_OUT;
        let plane = crate::example::plane();
        let mut rois = crate::example::rois();
        rois[0].unusable_contours = 1;
        let contours = SliceContours::new(&rois, &[plane], &RoiChoice::All, &Provenance::unknown());
        assert!(contours.outlines(0, &plane).iter().all(|outline| outline.name != rois[0].name));
        let found = contours.left_out();
        assert!(found.iter().any(|finding| finding.code == ROI_LEFT_OUT), "{found:?}");
    }
}
