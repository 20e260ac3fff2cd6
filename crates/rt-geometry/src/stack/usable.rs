//! Which contours of a ROI enclose its volume, and whether they can be used at all.
//!
//! Whoever computes with a ROI or draws it takes its contours from here: what is refused for one purpose is
//! refused for all.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::drawn::is_even;
use super::frames::own_frame;
use super::planes::parallel;
use super::{StackError, StackErrorKind};
use crate::plane::StackFrame;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, Roi};

/// No room and no scanner is larger, mm.
const FARTHEST_MM: f64 = 1e5;

/// The closed contours of a ROI, all of which can be used.
#[derive(Debug, Clone)]
pub struct UsableContours<'r> {
    contours: Vec<&'r Contour>,
}

impl<'r> UsableContours<'r> {
    /// The closed contours of a ROI.
    ///
    /// # Errors
    /// Where contours of the ROI's file could not be used ([`StackErrorKind::UnusableContours`]), the ROI lies
    /// in another frame of reference than the dose ([`StackErrorKind::ForeignFrame`]), nothing closed was drawn, planes are not parallel or a coordinate is impossible.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::{StackErrorKind, UsableContours}};
    /// use rt_model::structure_set::Roi;
    ///
    /// let roi = example::roi();
    /// assert_eq!(UsableContours::of(&roi).unwrap().contours().len(), 2);
    /// let damaged = Roi { unusable_contours: 1, ..roi };
    /// let error = UsableContours::of(&damaged).unwrap_err();
    /// assert_eq!(error.kind(), StackErrorKind::UnusableContours { count: 1 });
    /// ```
    pub fn of(roi: &'r Roi) -> Result<Self, StackError> {
        if let Some(error) = StackError::of_unusable_contours(roi) {
            return Err(error);
        }
        if roi.is_foreign {
            let own = roi.frame_of_reference.as_ref().map(|frame| format!(" {frame}")).unwrap_or_default();
            let text =
                format!("its frame of reference{own} is not the dose's, and no registration is applied");
            return Err(StackError::new(StackErrorKind::ForeignFrame, text));
        }
        let contours: Vec<&Contour> =
            roi.contours.iter().filter(|contour| contour.kind.is_closed()).collect();
        if contours.is_empty() {
            let text = match roi.contours.len() {
                0 => "no contours".to_owned(),
                count => format!("none of {count} contours is closed"),
            };
            return Err(StackError::new(StackErrorKind::NoClosedContour, text));
        }
        let possible =
            |p: &PatientPoint| p.is_finite() && [p.x, p.y, p.z].iter().all(|c| c.abs() <= FARTHEST_MM);
        if let Some(contour) = contours.iter().find(|contour| !contour.points.iter().all(possible)) {
            let text = format!(
                "contour {} has a coordinate that is not finite or beyond {FARTHEST_MM} mm",
                contour.index
            );
            return Err(StackError::new(StackErrorKind::ImpossibleCoordinate, text));
        }
        let is_axial = |contour: &&Contour| is_even(contour, &StackFrame::AXIAL);
        if !contours.iter().all(is_axial) {
            let frame = own_frame(roi).ok_or_else(|| {
                StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area")
            })?;
            parallel(&contours, &frame)?;
        }
        Ok(Self { contours })
    }

    /// The contours in the order of the file.
    #[must_use]
    pub fn contours(&self) -> &[&'r Contour] {
        &self.contours
    }
}
