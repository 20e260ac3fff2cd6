//! Contours beyond the stack of images that the structure set was drawn on.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::finding::{Finding, structures as code};
use crate::image::ImageHeader;
use crate::structure_set::StructureSet;

/// A finding for each ROI with points beyond the first or last of `images` by more than half their mean
/// distance. The contours count all the same: images never change a number.
///
/// ```
/// use rt_model::derive::outside_images;
/// use rt_model::instance::{Content, Instance};
/// use rt_model::read::{ReadOptions, ScanOptions, read_structure_set, scan};
/// use rt_phantom::case::Role;
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let inventory = scan(&[folder.path().join("CT")], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let image = |instance: &Instance| match &instance.content {
///     Content::Image(header) => Some(header.as_ref().clone()),
///     _ => None,
/// };
/// let images: Vec<_> = inventory.instances.iter().filter_map(image).collect();
/// let images: Vec<_> = images.iter().collect();
/// let set = read_structure_set(written.path(Role::StructureSet).unwrap(), &ReadOptions::default())?.value;
/// assert!(outside_images(&set, &images).is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn outside_images(set: &StructureSet, images: &[&ImageHeader]) -> Vec<Finding> {
    let Some(normal) =
        images.iter().find_map(|image| image.orientation).map(|[row, column]| row.cross(column))
    else {
        return Vec::new();
    };
    let heights = images.iter().filter_map(|image| image.position).map(|position| position.along(normal));
    let (low, high) =
        heights.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), w| (low.min(w), high.max(w)));
    let gaps = heights.count().saturating_sub(1);
    if gaps == 0 {
        return Vec::new();
    }
    let half = (high - low) / gaps as f64 / 2.0;
    let mut findings = Vec::new();
    for roi in &set.rois {
        let beyond = |w: f64| (low - half - w).max(w - high - half);
        let farthest = |points: &[crate::frame::PatientPoint]| {
            points.iter().map(|point| beyond(point.along(normal))).fold(f64::NEG_INFINITY, f64::max)
        };
        let outside: Vec<f64> = roi
            .contours
            .iter()
            .map(|contour| farthest(&contour.points))
            .filter(|mm| *mm > TOUCH_MM)
            .collect();
        if outside.is_empty() {
            continue;
        }
        let most = outside.iter().copied().fold(0.0, f64::max);
        let text = format!(
            "ROI {}: expected contours within the image stack, found {} of {} up to {most:.1} mm beyond it; they count all the same",
            roi.number,
            outside.len(),
            roi.contours.len()
        );
        findings.push(Finding::warning(code::OUTSIDE_IMAGES, set.info.provenance(), text));
    }
    findings
}

/// Coordinates are rounded when they are written.
const TOUCH_MM: f64 = 0.01;
