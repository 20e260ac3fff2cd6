//! ROI outlines in the pixels of a slice.
//!
//! Units: millimetres; pixels. Frame: DICOM patient coordinates (LPS); pixel coordinates of the picture.

use crate::scene::Outline;
use rt_geometry::pixel_plane::{PixelPlane, distance_to_neighbour};
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
        const TARGETS: [&str; 3] = ["PTV", "CTV", "GTV"];
        match self {
            Self::All => true,
            Self::None => false,
            Self::Named(names) => names.contains(&roi.name),
            Self::Targets => match &roi.interpreted_type {
                Some(kind) => TARGETS.contains(&kind.as_str()),
                None => TARGETS.iter().any(|target| roi.name.to_uppercase().starts_with(target)),
            },
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
    /// For each slice the contours that lie on it, as (ROI, contour).
    on: Vec<Vec<(usize, usize)>>,
    left_out: Vec<Finding>,
}

impl<'a> SliceContours<'a> {
    /// Closed contours of the chosen ROIs on slices that rise along their common normal. `at` is where the ROIs come from.
    #[must_use]
    pub fn new(rois: &'a [Roi], slices: &[PixelPlane], choice: &RoiChoice, at: &Provenance) -> Self {
        let mut on = vec![Vec::new(); slices.len()];
        let heights: Vec<f64> = slices.iter().map(PixelPlane::height).collect();
        let mut left_out = Vec::new();
        for (number, roi) in rois.iter().enumerate().filter(|(_, roi)| choice.includes(roi)) {
            let (mut all, mut drawn) = (0, 0);
            for (index, contour) in roi.contours.iter().enumerate().filter(|(_, contour)| contour.kind.is_closed()) {
                let Some(first) = contour.points.first() else { continue };
                all += 1;
                let Some(slice) = nearest(slices, &heights, *first) else { continue };
                let near = distance_to_neighbour(&heights, slice).map_or(NEAR_ALONE, |distance| NEAR * distance);
                if lies_on(contour, &slices[slice], near) {
                    on[slice].push((number, index));
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
            let ring = roi.contours[*contour].points.iter().map(|point| plane.pixel_from_patient(*point)).collect();
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

    /// ROIs with contours that lie on no slice.
    #[must_use]
    pub fn left_out(&self) -> &[Finding] {
        &self.left_out
    }
}

/// The slice whose height is nearest to the point's.
fn nearest(slices: &[PixelPlane], heights: &[f64], point: PatientPoint) -> Option<usize> {
    let height = point.along(slices.first()?.normal());
    let above = heights.partition_point(|slice| *slice < height);
    let neighbours = [above.checked_sub(1), Some(above)].into_iter().flatten().filter(|at| *at < heights.len());
    neighbours.min_by(|a, b| (heights[*a] - height).abs().total_cmp(&(heights[*b] - height).abs()))
}

/// What is not drawn of a ROI: a warning where that is all of it.
fn not_drawn(roi: &Roi, all: usize, drawn: usize, at: &Provenance) -> Option<Finding> {
    let name = &roi.name;
    match (all, drawn) {
        (0, _) => None,
        (_, 0) => {
            let text = format!("{name}: none of its {all} contours lies on a slice (between them, or across): it has no outline");
            Some(Finding::warning(codes::OUTLINES_LEFT_OUT, at.clone(), text))
        }
        _ if drawn < all => {
            let text = format!("{name}: {} of its {all} contours lie on no slice and are not outlined", all - drawn);
            Some(Finding::info(codes::OUTLINES_LEFT_OUT, at.clone(), text))
        }
        _ => None,
    }
}

fn lies_on(contour: &Contour, plane: &PixelPlane, near: f64) -> bool {
    let (normal, height) = (plane.normal(), plane.height());
    contour.points.iter().all(|point| (point.along(normal) - height).abs() <= near)
}
