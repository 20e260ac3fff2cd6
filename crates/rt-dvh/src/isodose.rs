//! The volumes that isodoses enclose: the DVH of the whole dose grid, or of the patient in it.
//!
//! Units: Gy, cm³. Frame: DICOM patient coordinates (LPS).

use crate::compute::{DvhError, compute};
use crate::dvh::Dvh;
use crate::metric::Reason;
use crate::options::DvhOptions;
use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
use rt_model::dose::DoseGrid;
use rt_model::frame::GridPoint;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Cm3, Gy};

/// How much volume each isodose of a dose grid encloses, exactly for the trilinear dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Isodose {
    dvh: Dvh,
    border: Gy,
}

impl Isodose {
    /// Over the whole dose grid.
    ///
    /// # Errors
    /// Where a DVH of the grid can't be computed.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{Isodose, Reason, example};
    /// use rt_model::units::Gy;
    ///
    /// let isodose = Isodose::of_grid(&example::dose(), &example::options()).unwrap();
    /// assert!(matches!(isodose.volume_at_dose(Gy(20.0)), Err(Reason::IsodoseLeavesGrid { border: Gy(45.0) })));
    /// ```
    pub fn of_grid(dose: &DoseGrid, options: &DvhOptions) -> Result<Self, DvhError> {
        let stack_options = StackOptions::new(Between::Prism, Caps::None);
        let dvh = match RoiStack::build(&outline(dose), &stack_options) {
            Ok(stack) => compute(&stack.value, dose, options)?.value,
            // A single plane of voxels encloses nothing.
            Err(_) => Dvh::new(options.clone(), Cm3(0.0), options.bin, 0, vec![0.0], None),
        };
        Ok(Self { dvh, border: largest_on_border(dose) })
    }

    /// Inside the patient: the DVH of an EXTERNAL ROI. What it holds beyond the dose grid is unknown.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{Isodose, example};
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// // As if the box were the patient.
    /// assert_eq!(Isodose::inside(example::wedge()).volume_at_dose(Gy(5.0)), Ok(Cm3(4.0)));
    /// ```
    #[must_use]
    pub fn inside(external: Dvh) -> Self {
        let border = external.doses().map_or(Gy(0.0), |doses| doses.border);
        Self { dvh: external, border }
    }

    /// The volume that receives at least `dose`.
    ///
    /// # Errors
    /// Where no dose is known, or the isodose may reach beyond the grid.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::example;
    /// use rt_model::units::Gy;
    ///
    /// // 8 cm³ with 0 to 40 Gy.
    /// assert!((example::body().volume_at_dose(Gy(20.0)).unwrap().0 - 4.0).abs() < 0.01);
    /// ```
    pub fn volume_at_dose(&self, dose: Gy) -> Result<Cm3, Reason> {
        let volume = self.dvh.volume_at_dose(dose).ok_or(Reason::OutsideGrid)?;
        if self.border >= dose { Err(Reason::IsodoseLeavesGrid { border: self.border }) } else { Ok(volume) }
    }
}

/// The grid's box as a ROI: its first and its last plane.
fn outline(dose: &DoseGrid) -> Roi {
    let geometry = dose.geometry();
    let [i, j, k] = geometry.size().map(|count| (count - 1) as f64);
    let contour = |index: usize, k: f64| Contour {
        index,
        kind: ContourKind::ClosedPlanar,
        points: [(0.0, 0.0), (i, 0.0), (i, j), (0.0, j)]
            .map(|(i, j)| geometry.patient_from_grid(GridPoint { i, j, k }))
            .to_vec(),
        slab_thickness: None,
    };
    Roi { name: "dose grid".to_owned(), contours: vec![contour(0, 0.0), contour(1, k)], ..Roi::default() }
}

fn largest_on_border(dose: &DoseGrid) -> Gy {
    let [ni, nj, nk] = dose.geometry().size();
    let mut most = f32::NEG_INFINITY;
    for (row, voxels) in dose.voxels().chunks_exact(ni).enumerate() {
        let (j, k) = (row % nj, row / nj);
        let outer = j == 0 || k == 0 || j + 1 == nj || k + 1 == nk;
        let row_most =
            if outer { voxels.iter().copied().fold(most, f32::max) } else { voxels[0].max(voxels[ni - 1]) };
        most = most.max(row_most);
    }
    Gy(f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_grid_is_its_box() {
        let dose = example::dose();
        let isodose = Isodose::of_grid(&dose, &example::options()).unwrap();
        // 0 to 45 Gy over 45 mm of a grid of 24 by 14 mm across.
        assert!(
            (isodose.dvh.volume().0 - 45.0 * 24.0 * 14.0 / 1000.0).abs() < 1e-9,
            "{}",
            isodose.dvh.volume()
        );
        assert_eq!(isodose.border, Gy(45.0));
        assert!((isodose.dvh.volume_at_dose(Gy(15.0)).unwrap().0 - 30.0 * 24.0 * 14.0 / 1000.0).abs() < 1e-3);
        assert!(isodose.volume_at_dose(Gy(45.1)).is_ok());
        assert!(isodose.volume_at_dose(Gy(45.0)).is_err());
    }
}
