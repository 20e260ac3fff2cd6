//! Isodose lines of a plane, by marching squares.
//!
//! A [`DosePlane`] holds the dose at the nodes of a plane's lattice. Along the lattice's edges dose is
//! linear, inside a cell bilinear; a line of [`DosePlane::lines`] crosses each edge exactly where the level
//! is met. A cell whose corners are high, low, high, low is a saddle: the two high corners are joined where
//! the bilinear dose at its saddle point reaches the level (the asymptotic decider, Nielson and Hamann, Proc.
//! Visualization 1991: 83), which is the topology of the bilinear dose itself.
//!
//! Every line has the higher dose on the same side: a loop around a hot region turns from +i towards +j
//! (positive area in lattice coordinates), a loop around a cold island in it turns the other way. Holes are
//! loops of their own.
//!
//! Units: gray; lattice coordinates in nodes. Frame: lattice coordinates (i, j) of the plane;
//! [`IsodoseLine::in_patient`] gives DICOM patient coordinates (LPS).

mod trace;

use rt_model::frame::{GridPoint, PatientPoint};
use rt_model::grid::GridGeometry;
use rt_model::units::Gy;
use std::fmt;
use std::str::FromStr;

/// What becomes of a line that reaches the end of the known dose.
///
/// Written as `closed` or `open`; reading takes what writing gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// It runs on along the outermost known nodes, so that every line is a loop and encloses what is known to
    /// reach the level.
    Closed,
    /// It ends there: beyond, dose is unknown, not low.
    Open,
}

/// A name of what becomes of a line at the border that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected closed or open, found {0:?}")]
pub struct ParseBorderError(String);

impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
        })
    }
}

impl FromStr for Border {
    type Err = ParseBorderError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "closed" => Ok(Self::Closed),
            "open" => Ok(Self::Open),
            _ => Err(ParseBorderError(text.to_owned())),
        }
    }
}

/// A line of equal dose.
#[derive(Debug, Clone, PartialEq)]
pub struct IsodoseLine {
    /// Vertices as (i, j), whole numbers at the nodes; no two neighbours are equal.
    pub points: Vec<[f64; 2]>,
    /// The last vertex joins the first, which is not repeated.
    pub closed: bool,
}

impl IsodoseLine {
    /// The vertices in the patient; `plane` has the lattice's nodes as frame `k`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, isodose::{Border, DosePlane}};
    /// use rt_model::units::Gy;
    ///
    /// let dose = example::dose();
    /// let frame = DosePlane::new([46, 13], &dose.voxels()[..46 * 13]);
    /// let line = &frame.lines(Gy(20.0), Border::Open)[0];
    /// // The dose rises by 1 Gy/mm along x from -10 mm on.
    /// assert!(line.in_patient(dose.geometry(), 0).iter().all(|point| point.x == 10.0 && point.z == -2.0));
    /// ```
    #[must_use]
    pub fn in_patient(&self, plane: &GridGeometry, k: usize) -> Vec<PatientPoint> {
        let at = |&[i, j]: &[f64; 2]| plane.patient_from_grid(GridPoint { i, j, k: k as f64 });
        self.points.iter().map(at).collect()
    }

    /// Enclosed area in squared node distances: positive around a hot region, negative around a cold one, 0
    /// for an open line.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::isodose::{Border, DosePlane};
    /// use rt_model::units::Gy;
    ///
    /// // One hot node among cold ones.
    /// let mut dose = [0.0; 25];
    /// dose[12] = 10.0;
    /// let lines = DosePlane::new([5, 5], &dose).lines(Gy(5.0), Border::Closed);
    /// assert_eq!(lines[0].area(), 0.5);
    /// ```
    #[must_use]
    pub fn area(&self) -> f64 {
        let Some(first) = self.points.first().filter(|_| self.closed) else { return 0.0 };
        let twice = |pair: &[[f64; 2]]| {
            let [a, b] = [pair[0], pair[1]].map(|p| [p[0] - first[0], p[1] - first[1]]);
            a[0] * b[1] - a[1] * b[0]
        };
        self.points.windows(2).map(twice).sum::<f64>() / 2.0
    }
}

/// Dose at the nodes of a plane, ready for lines to be drawn through it.
#[derive(Debug, Clone)]
pub struct DosePlane {
    /// Nodes with a rim of unknown ones around them; unknown is minus infinity, below every level.
    nodes: Vec<f32>,
    /// Nodes along a row with the rim.
    stride: usize,
    /// Smallest and largest node of each row: rows that no line crosses are passed over.
    ranges: Vec<(f32, f32)>,
}

/// The dose of an unknown node.
const UNKNOWN: f32 = f32::NEG_INFINITY;

impl DosePlane {
    /// Dose in Gy at `size` nodes along i and j, i running fastest; NaN where it is unknown.
    ///
    /// # Panics
    /// Where `dose` does not hold as many values as there are nodes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::isodose::{Border, DosePlane};
    /// use rt_model::units::Gy;
    ///
    /// let plane = DosePlane::new([2, 2], &[1.0, 1.0, 1.0, f32::NAN]);
    /// assert_eq!(plane.lines(Gy(2.0), Border::Closed), []);
    /// ```
    #[must_use]
    pub fn new(size: [usize; 2], dose: &[f32]) -> Self {
        assert_eq!(dose.len(), size[0] * size[1], "one dose for each node");
        let stride = size[0] + 2;
        let mut nodes = vec![UNKNOWN; stride * (size[1] + 2)];
        if size[0] > 0 {
            for (row, from) in nodes.chunks_exact_mut(stride).skip(1).zip(dose.chunks_exact(size[0])) {
                for (node, dose) in row[1..].iter_mut().zip(from) {
                    *node = if dose.is_nan() { UNKNOWN } else { *dose };
                }
            }
        }
        let range = |row: &[f32]| {
            row.iter().fold((f32::INFINITY, UNKNOWN), |(low, high), d| (low.min(*d), high.max(*d)))
        };
        let ranges = nodes.chunks_exact(stride).map(range).collect();
        Self { nodes, stride, ranges }
    }

    /// The lines where the dose is `level`; what reaches the level is inside. The order depends on the plane
    /// alone: by the first cell met row by row.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::isodose::{Border, DosePlane};
    /// use rt_model::units::Gy;
    ///
    /// // One hot node among cold ones.
    /// let mut dose = [0.0; 25];
    /// dose[12] = 10.0;
    /// let lines = DosePlane::new([5, 5], &dose).lines(Gy(5.0), Border::Closed);
    /// // A diamond half-way to the neighbours.
    /// assert_eq!(lines.len(), 1);
    /// assert!(lines[0].closed && lines[0].points.contains(&[2.5, 2.0]));
    /// ```
    #[must_use]
    pub fn lines(&self, level: Gy, border: Border) -> Vec<IsodoseLine> {
        trace::lines(self, level.0 as f32, border)
    }
}

#[cfg(test)]
mod tests;
