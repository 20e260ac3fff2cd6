//! Whether the planning images are one gapless stack. They never change a number; who shows dose on them has
//! to know.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::finding::{Finding, images as code};
use crate::frame::PatientPoint;
use crate::image::ImageHeader;
use crate::provenance::Provenance;

/// Images this close lie at one place.
const SAME_PLACE_MM: f64 = 0.01;
/// Distances that differ by less than this part are the same.
const SAME_DISTANCE: f64 = 0.05;
/// A stack that leans by more than this, over its whole length, was taken with a tilted gantry.
const LEANING_MM: f64 = 0.5;
/// Normals whose cosine is below this differ.
const SAME_NORMAL: f64 = 1.0 - 1e-6;

/// What is odd about `images`, which are sorted along their normal.
///
/// ```
/// use rt_model::derive::image_stack;
/// use rt_model::instance::{Content, Instance};
/// use rt_model::provenance::Provenance;
/// use rt_model::read::{ScanOptions, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let inventory = scan(&[folder.path().join("CT")], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let image = |instance: &Instance| match &instance.content {
///     Content::Image(header) => Some(header.as_ref().clone()),
///     _ => None,
/// };
/// let images: Vec<_> = inventory.instances.iter().filter_map(image).collect();
/// let images: Vec<_> = images.iter().collect();
/// assert!(image_stack(&images, &Provenance::unknown()).is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn image_stack(images: &[&ImageHeader], at: &Provenance) -> Vec<Finding> {
    let placed: Vec<(PatientPoint, f64)> = {
        let Some([row, column]) = images.iter().find_map(|image| image.orientation) else {
            return Vec::new();
        };
        let normal = row.cross(column);
        let oblique = images
            .iter()
            .filter_map(|image| image.orientation)
            .any(|[r, c]| r.cross(c).dot(normal) < SAME_NORMAL);
        if oblique {
            let text = "expected one orientation of the planning images, found several";
            return vec![Finding::warning(code::IMAGES_NOT_PARALLEL, at.clone(), text)];
        }
        images
            .iter()
            .filter_map(|image| image.position)
            .map(|position| (position, position.along(normal)))
            .collect()
    };
    let mut heights: Vec<f64> = placed.iter().map(|(_, height)| *height).collect();
    heights.dedup_by(|a, b| (*a - *b).abs() < SAME_PLACE_MM);
    let mut findings = Vec::new();
    let repeated = placed.len() - heights.len();
    if repeated > 0 && repeated * 2 >= heights.len() {
        let text = format!(
            "expected one image at each place, found {} images at {} places: several phases; export the phase the plan was made on alone",
            placed.len(),
            heights.len()
        );
        findings.push(Finding::error(code::SEVERAL_PHASES, at.clone(), text));
    } else if repeated > 0 {
        let text = format!("expected one image at each place, found {repeated} places with two");
        findings.push(Finding::warning(code::IMAGE_REPEATED, at.clone(), text));
    }
    findings.extend(gaps(&heights, at));
    findings.extend(leaning(images, &placed, at));
    findings
}

/// Images that are missing, and distances of several kinds.
fn gaps(heights: &[f64], at: &Provenance) -> Vec<Finding> {
    let gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    let Some(&usual) = sorted.get(sorted.len() / 2) else { return Vec::new() };
    let multiple = |gap: f64| (gap / usual).round();
    let fits = |gap: f64| (gap / usual - multiple(gap)).abs() <= SAME_DISTANCE * multiple(gap).max(1.0);
    let mut findings = Vec::new();
    let missing: Vec<String> = (gaps.iter().zip(heights))
        .filter(|(gap, _)| fits(**gap) && multiple(**gap) > 1.0)
        .map(|(gap, from)| format!("{:.0} behind {from:.2} mm", multiple(*gap) - 1.0))
        .collect();
    if !missing.is_empty() {
        let text =
            format!("expected an image every {usual:.2} mm, found some missing: {}", missing.join(", "));
        findings.push(Finding::warning(code::IMAGE_MISSING, at.clone(), text));
    }
    if let Some(other) = gaps.iter().find(|gap| !fits(**gap)) {
        let text = format!("expected an image every {usual:.2} mm, found a distance of {other:.2} mm too");
        findings.push(Finding::warning(code::IMAGE_SPACING_MIXED, at.clone(), text));
    }
    findings
}

/// A stack whose first pixels do not lie on one line along the normal.
fn leaning(images: &[&ImageHeader], placed: &[(PatientPoint, f64)], at: &Provenance) -> Option<Finding> {
    let [row, column] = images.iter().find_map(|image| image.orientation)?;
    let (first, last) = (placed.first()?.0, placed.last()?.0);
    let shift = last.from_point(first);
    let aside = shift.dot(row).hypot(shift.dot(column));
    let along = shift.dot(row.cross(column)).abs();
    (aside > LEANING_MM && along > 0.0).then(|| {
        let degrees = aside.atan2(along).to_degrees();
        let text = format!("expected images above each other, found a stack that leans by {degrees:.1} degrees: a tilted gantry");
        Finding::warning(code::GANTRY_TILTED, at.clone(), text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::PatientVector;

    fn found(places: &[(f64, f64)]) -> Vec<crate::finding::Code> {
        let axes = [PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0)];
        let image = |(y, z): &(f64, f64)| ImageHeader {
            position: Some(PatientPoint::new(-100.0, *y, *z)),
            orientation: Some(axes),
            ..ImageHeader::default()
        };
        let images: Vec<ImageHeader> = places.iter().map(image).collect();
        let found = image_stack(&images.iter().collect::<Vec<_>>(), &Provenance::unknown());
        found.into_iter().map(|finding| finding.code).collect()
    }

    fn at(heights: &[f64]) -> Vec<(f64, f64)> {
        heights.iter().map(|z| (0.0, *z)).collect()
    }

    #[test]
    fn a_gapless_stack_says_nothing_and_each_oddity_its_own_word() {
        assert_eq!(found(&at(&[0.0, 3.0, 6.0, 9.0, 12.0])), []);
        assert_eq!(found(&at(&[0.0])), []);
        assert_eq!(found(&at(&[0.0, 3.0, 6.0, 12.0, 15.0])), [code::IMAGE_MISSING]);
        assert_eq!(found(&at(&[0.0, 3.0, 6.0, 6.0, 9.0, 12.0])), [code::IMAGE_REPEATED]);
        assert_eq!(found(&at(&[0.0, 3.0, 6.0, 9.0, 10.5])), [code::IMAGE_SPACING_MIXED]);
        assert_eq!(found(&at(&[0.0, 0.0, 3.0, 3.0, 6.0, 6.0])), [code::SEVERAL_PHASES]);
        assert_eq!(found(&[(0.0, 0.0), (0.5, 3.0), (1.0, 6.0), (1.5, 9.0)]), [code::GANTRY_TILTED]);
    }
}
