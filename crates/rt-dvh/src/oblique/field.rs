//! Dose read at points of a stack's frame.
//!
//! Units: Gy, mm. Frame: the stack's (u, v, w) outside; inside, distances along the grid's axes from its
//! first voxel centre.

use rt_geometry::plane::StackFrame;
use rt_geometry::transform::GridFromStack;
use rt_model::dose::DoseGrid;

/// Positions this close to the grid's border, in voxels, count as inside: coordinates are rounded when they
/// are written.
const BORDER: f64 = 1e-6;

/// Where a box lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Inside,
    OnBorder,
    Outside,
}

/// A dose grid as seen from a stack's frame.
pub(super) struct Field<'d> {
    dose: &'d DoseGrid,
    frame: StackFrame,
    axes: GridFromStack,
    /// The smallest and largest distance along each axis.
    ends: [(f64, f64); 3],
}

impl<'d> Field<'d> {
    pub(super) fn new(dose: &'d DoseGrid, frame: &StackFrame) -> Self {
        let geometry = dose.geometry();
        let [ni, nj, _] = geometry.size();
        let [si, sj] = geometry.spacing();
        let offsets = geometry.offsets().iter().copied();
        let through =
            offsets.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        Self {
            dose,
            frame: *frame,
            axes: GridFromStack::new(geometry, frame),
            ends: [(0.0, (ni - 1) as f64 * si.0), (0.0, (nj - 1) as f64 * sj.0), through],
        }
    }

    /// The smallest distance of neighbouring voxel centres, mm.
    pub(super) fn finest_spacing(&self) -> f64 {
        self.spacings().fold(f64::INFINITY, f64::min)
    }

    /// The largest distance of neighbouring voxel centres, mm.
    pub(super) fn widest_spacing(&self) -> f64 {
        self.spacings().fold(0.0, f64::max)
    }

    fn spacings(&self) -> impl Iterator<Item = f64> {
        let geometry = self.dose.geometry();
        let gaps = geometry.offsets().windows(2).map(|pair| (pair[1] - pair[0]).abs());
        geometry.spacing().into_iter().map(|spacing| spacing.0).chain(gaps)
    }

    /// The dose at a point, trilinear between voxel centres; `None` beyond them.
    pub(super) fn dose(&self, point: [f64; 3]) -> Option<f64> {
        let geometry = self.dose.geometry();
        let size = geometry.size();
        let [x, y, z] = self.axes.distances(point);
        let [si, sj] = geometry.spacing();
        let mut low = [0usize; 3];
        let mut part = [0.0; 3];
        for (axis, at) in [x / si.0, y / sj.0, geometry.frame_at(z)].into_iter().enumerate() {
            let last = (size[axis] - 1) as f64;
            if !(-BORDER..=last + BORDER).contains(&at) {
                return None;
            }
            let at = at.clamp(0.0, last);
            low[axis] = (at as usize).min(size[axis] - 2);
            part[axis] = at - low[axis] as f64;
        }
        let (row, plane) = (size[0], size[0] * size[1]);
        let corner = low[0] + low[1] * row + low[2] * plane;
        let voxels = self.dose.voxels();
        let line = |at: usize| {
            let (a, b) = (f64::from(voxels[at]), f64::from(voxels[at + 1]));
            a + part[0] * (b - a)
        };
        let face = |at: usize| {
            let (a, b) = (line(at), line(at + row));
            a + part[1] * (b - a)
        };
        let (below, above) = (face(corner), face(corner + plane));
        Some(below + part[2] * (above - below))
    }

    /// Where a box lies that reaches `half` along u, v and w from its centre.
    pub(super) fn place(&self, centre: [f64; 3], half: [f64; 3]) -> Place {
        let mut place = Place::Inside;
        let (distances, reaches) = (self.axes.distances(centre), self.axes.reach(half));
        for ((at, reach), (low, high)) in distances.into_iter().zip(reaches).zip(self.ends) {
            if at + reach < low || at - reach > high {
                return Place::Outside;
            }
            let slack = BORDER * (high - low);
            if at - reach < low - slack || at + reach > high + slack {
                place = Place::OnBorder;
            }
        }
        place
    }

    /// Calls `visit(point, dose)` for every voxel centre.
    pub(super) fn each_voxel(&self, visit: impl FnMut([f64; 3], f64)) {
        self.each_voxel_where(|_| true, visit);
    }

    /// Calls `visit(point, dose)` for every voxel centre on the grid's border.
    pub(super) fn each_border_voxel(&self, visit: impl FnMut([f64; 3], f64)) {
        let size = self.dose.geometry().size();
        self.each_voxel_where(
            |index| (0..3).any(|axis| index[axis] == 0 || index[axis] == size[axis] - 1),
            visit,
        );
    }

    fn each_voxel_where(&self, wanted: impl Fn([usize; 3]) -> bool, mut visit: impl FnMut([f64; 3], f64)) {
        let geometry = self.dose.geometry();
        let [ni, nj, nk] = geometry.size();
        let mut doses = self.dose.voxels().iter();
        for k in 0..nk {
            for j in 0..nj {
                for (i, dose) in doses.by_ref().take(ni).enumerate() {
                    if wanted([i, j, k]) {
                        let index = rt_model::frame::GridPoint { i: i as f64, j: j as f64, k: k as f64 };
                        let point = geometry.patient_from_grid(index);
                        let [u, v] = self.frame.plane_from_patient(point);
                        visit([u, v, self.frame.height(point)], f64::from(*dose));
                    }
                }
            }
        }
    }
}
