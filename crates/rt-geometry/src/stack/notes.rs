//! What is reported once for a whole ROI, however many planes it concerns.
//!
//! Units: millimetres; degrees in texts. Frame: the [`StackFrame`] of the contours.

use super::drawn::{height, is_even};
use super::drawn_part::DrawnPart;
use crate::plane::StackFrame;
use crate::region::Defect;
use crate::tolerance::OFF_PLANE_MM;
use rt_model::finding::{Code, Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::Contour;

/// Planes whose contours are farther apart than this are reported, mm: beyond what coordinates lose when
/// written.
const ROUNDING_MM: f64 = 1e-4;

/// A frame that is turned by less than this needs no word, degrees: 300 mm move by 0.05 mm.
const TURNED_DEGREES: f64 = 0.01;

/// What was seen of a ROI's planes so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Contours whose points leave their plane, and the farthest such point.
    off_plane: (usize, f64),
    nested: usize,
    thinnest: Option<(f64, bool)>,
}

impl Notes {
    pub(super) fn plane(&mut self, contours: &[&Contour], frame: &StackFrame, defects: &[Defect]) {
        for contour in contours.iter().filter(|contour| !is_even(contour, frame)) {
            let mean = height(contour, frame);
            let off = contour.points.iter().map(|point| (frame.height(*point) - mean).abs());
            let off = off.fold(0.0, f64::max);
            if off > OFF_PLANE_MM {
                self.off_plane = (self.off_plane.0 + 1, self.off_plane.1.max(off));
            }
        }
        for defect in defects {
            if let Defect::Nested { count, thinnest, whole_millimetres } = defect {
                self.nested += count;
                let wall = thinnest.map(|wall| (wall, *whole_millimetres));
                self.thinnest = self.thinnest.into_iter().chain(wall).min_by(|a, b| a.0.total_cmp(&b.0));
            }
        }
    }

    /// The findings about a ROI of these parts whose frame is turned by so many degrees from that of the
    /// structure set's largest drawing.
    pub(super) fn findings(self, parts: &[DrawnPart<'_>], turned: f64) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut note = |finding: fn(Code, Provenance, String) -> Finding, code, text| {
            findings.push(finding(code, Provenance::unknown(), text));
        };
        if let (count @ 1.., farthest) = self.off_plane {
            let text = format!(
                "{count} contours: points leave their plane by up to {farthest:.2} mm; their mean plane is taken"
            );
            note(Finding::warning, codes::OFF_PLANE, text);
        }
        if turned > TURNED_DEGREES {
            let text = format!("its planes are turned by {turned:.2} degrees from those of the largest ROI");
            note(Finding::info, codes::OWN_FRAME, text);
        }
        if parts.len() > 1 {
            let text = format!(
                "{} parts are drawn on planes of their own; each is a volume of its own",
                parts.len()
            );
            note(Finding::info, codes::PARTS_ON_OTHER_PLANES, text);
        }
        let scatter = parts.iter().map(|part| part.part.scatter).fold(0.0, f64::max);
        if scatter > ROUNDING_MM {
            let tolerance = parts.iter().map(|part| part.part.tolerance).fold(0.0, f64::max);
            let text = format!(
                "contours of one plane lie up to {scatter:.4} mm apart; contours that follow each other within {tolerance:.2} mm are \
                 of one plane"
            );
            note(Finding::info, codes::PLANES_JOINED, text);
        }
        match self.thinnest {
            Some((wall, true)) => {
                let text = format!(
                    "a ring lies in another, {wall:.2} mm away, both with whole millimetres: it counts as a hole and may be a copy"
                );
                note(Finding::warning, codes::HOLE_MAY_BE_A_COPY, text);
            }
            Some((wall, false)) => {
                let text =
                    format!("{} rings are holes or islands; the thinnest wall has {wall:.2} mm", self.nested);
                note(Finding::info, codes::HOLES, text);
            }
            None if self.nested > 0 => {
                note(Finding::info, codes::HOLES, format!("{} rings are holes or islands", self.nested));
            }
            None => {}
        }
        findings
    }
}
