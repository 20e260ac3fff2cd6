//! ROI outlines in the pixels of a slice.
//!
//! Units: millimetres; pixels. Frame: DICOM patient coordinates (LPS); pixel coordinates of the picture.

use crate::case::ExportCase;
use crate::scene::Outline;
use rt_geometry::pixel_plane::PixelPlane;
use rt_model::finding::{Finding, export as codes};
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
    pub(crate) fn takes(&self, roi: &Roi) -> bool {
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

/// Which contours are drawn where.
pub(crate) struct OnSlices {
    /// For each slice the contours that lie on it, as (ROI, contour) of the structure set.
    on: Vec<Vec<(usize, usize)>>,
    /// ROIs with contours that lie on no slice.
    pub(crate) left_out: Vec<Finding>,
}

impl OnSlices {
    pub(crate) fn new(case: &ExportCase, choice: &RoiChoice) -> Self {
        let slices = &case.stack.slices;
        let mut on = vec![Vec::new(); slices.len()];
        let heights: Vec<f64> = slices.iter().map(|slice| slice.plane.height()).collect();
        let chosen = case.case.structure_set.rois.iter().enumerate().filter(|(_, roi)| choice.takes(roi));
        let mut left_out = Vec::new();
        for (number, roi) in chosen {
            let (mut all, mut drawn) = (0, 0);
            for (at, contour) in roi.contours.iter().enumerate().filter(|(_, contour)| contour.kind.is_closed()) {
                let Some(first) = contour.points.first() else { continue };
                all += 1;
                let height = first.along(slices[0].plane.normal());
                let above = heights.partition_point(|slice| *slice < height);
                let nearest = [above.checked_sub(1), Some(above)].into_iter().flatten().filter(|at| *at < heights.len());
                let Some(slice) = nearest.min_by(|a, b| (heights[*a] - height).abs().total_cmp(&(heights[*b] - height).abs()))
                else {
                    continue;
                };
                let near = case.stack.distance(slice).map_or(NEAR_ALONE, |distance| NEAR * distance);
                if lies_on(contour, &slices[slice].plane, near) {
                    on[slice].push((number, at));
                    drawn += 1;
                }
            }
            left_out.extend(told(case, roi, all, drawn));
        }
        Self { on, left_out }
    }

    /// The outlines on slice `at`, in pixels of `plane`.
    pub(crate) fn outlines(&self, case: &ExportCase, at: usize, plane: &PixelPlane) -> Vec<Outline> {
        let rois = &case.case.structure_set.rois;
        let mut outlines: Vec<(usize, Outline)> = Vec::new();
        for (number, contour) in &self.on[at] {
            let roi = &rois[*number];
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
}

/// What is not drawn of a ROI: a warning where that is all of it.
fn told(case: &ExportCase, roi: &Roi, all: usize, drawn: usize) -> Option<Finding> {
    let at = case.case.structure_set.info.provenance();
    let name = &roi.name;
    match (all, drawn) {
        (0, _) => None,
        (_, 0) => {
            let text = format!("{name}: none of its {all} contours lies on a slice (between them, or across): it has no outline");
            Some(Finding::warning(codes::OUTLINES_LEFT_OUT, at, text))
        }
        _ if drawn < all => {
            let text = format!("{name}: {} of its {all} contours lie on no slice and are not outlined", all - drawn);
            Some(Finding::info(codes::OUTLINES_LEFT_OUT, at, text))
        }
        _ => None,
    }
}

fn lies_on(contour: &Contour, plane: &PixelPlane, near: f64) -> bool {
    let (normal, height) = (plane.normal(), plane.height());
    contour.points.iter().all(|point| (point.along(normal) - height).abs() <= near)
}
