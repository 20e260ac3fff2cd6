//! Dose at the pixels of a plane.
//!
//! Trilinear between voxel centres, unknown (NaN) beyond the outermost of them. Where the plane's rows and
//! columns run along the grid's axes the interpolation falls apart into one along each axis: a row of dose is
//! blended from four rows of voxels and then read at every pixel.
//!
//! Units: gray. Frame: DICOM patient coordinates (LPS); pixel coordinates as in [`crate::pixel_plane`].

use crate::linear::{grid_axes, position, vector};
use crate::pixel_plane::PixelPlane;
use crate::sample::{BORDER, trilinear_at};
use nalgebra::Vector3;
use rt_model::dose::DoseGrid;
use rt_model::frame::GridPoint;
use rt_model::grid::GridGeometry;

/// Writes the dose at each pixel centre of `plane` into `doses`, row by row; NaN outside the grid.
///
/// # Panics
/// Where `doses` has not one place for each pixel.
///
/// # Example
/// ```
/// use rt_geometry::{example, resample::dose_on_plane};
///
/// let mut doses = vec![0.0; 100];
/// dose_on_plane(&example::dose(), &example::plane(), &mut doses);
/// // Pixels lie 2 mm apart, the first at x = 1 mm.
/// assert_eq!(doses[..3], [11.0, 13.0, 15.0]);
/// ```
pub fn dose_on_plane(dose: &DoseGrid, plane: &PixelPlane, doses: &mut [f32]) {
    assert_eq!(doses.len(), plane.size[0] * plane.size[1], "one place for each pixel");
    let affine = GridFromPixel::new(dose.geometry(), plane);
    match affine.separated(plane.size) {
        Some(axes) => separable(dose, &affine, axes, plane.size, doses),
        None => general(dose, &affine, plane.size, doses),
    }
}

/// Continuous grid position of pixel (x, y): a constant and a slope along x and y for i, j (voxels) and the
/// offset along the normal (mm).
struct GridFromPixel<'a> {
    geometry: &'a GridGeometry,
    constant: Vector3<f64>,
    along_x: Vector3<f64>,
    along_y: Vector3<f64>,
}

/// The grid's axes along x, along y, and across the plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Axes {
    x: usize,
    y: usize,
    across: usize,
}

impl<'a> GridFromPixel<'a> {
    fn new(geometry: &'a GridGeometry, plane: &PixelPlane) -> Self {
        let [si, sj] = geometry.spacing();
        let (axes, steps) = (grid_axes(geometry), Vector3::new(si.0, sj.0, 1.0));
        let project = |v: Vector3<f64>| (axes * v).component_div(&steps);
        Self {
            geometry,
            constant: project(position(plane.origin) - position(geometry.origin())),
            along_x: project(vector(plane.row) * plane.spacing[0].0),
            along_y: project(vector(plane.column) * plane.spacing[1].0),
        }
    }

    /// Which axis is which, where each depends on x alone, on y alone, or on neither.
    fn separated(&self, size: [usize; 2]) -> Option<Axes> {
        let varies = |slope: Vector3<f64>, pixels: usize| {
            <[f64; 3]>::from(slope * pixels as f64).map(|by| by.abs() > BORDER)
        };
        let only = |varies: [bool; 3]| varies.iter().filter(|v| **v).count() == 1;
        let (x, y) = (varies(self.along_x, size[0]), varies(self.along_y, size[1]));
        if !only(x) || !only(y) {
            return None;
        }
        let (x, y) = (x.iter().position(|v| *v)?, y.iter().position(|v| *v)?);
        (x != y).then_some(Axes { x, y, across: 3 - x - y })
    }

    /// The grid coordinate of `axis` for its value in voxels or, across the frames, in mm.
    fn coordinate(&self, axis: usize, value: f64) -> f64 {
        if axis == 2 { self.geometry.frame_at(value) } else { value }
    }

    fn at(&self, x: f64, y: f64) -> GridPoint {
        let [i, j, offset] = (self.constant + self.along_x * x + self.along_y * y).into();
        GridPoint { i, j, k: self.geometry.frame_at(offset) }
    }
}

/// A place between two voxels of an axis.
#[derive(Debug, Clone, Copy)]
struct Between {
    low: usize,
    high: usize,
    part: f32,
}

fn between(size: usize, at: f64) -> Option<Between> {
    let last = (size - 1) as f64;
    if !(-BORDER..=last + BORDER).contains(&at) {
        return None;
    }
    let at = at.clamp(0.0, last);
    let low = (at as usize).min(size.saturating_sub(2));
    Some(Between { low, high: (low + 1).min(size - 1), part: (at - low as f64) as f32 })
}

/// Exact for equal doses, whatever the part.
fn blend(low: f32, high: f32, part: f32) -> f32 {
    low + part * (high - low)
}

fn separable(
    dose: &DoseGrid,
    affine: &GridFromPixel<'_>,
    axes: Axes,
    [nx, ny]: [usize; 2],
    doses: &mut [f32],
) {
    let size = affine.geometry.size();
    let stride = [1, size[0], size[0] * size[1]];
    let place = |axis: usize, value: f64| between(size[axis], affine.coordinate(axis, value));
    doses.fill(f32::NAN);
    let Some(across) = place(axes.across, affine.constant[axes.across]) else { return };
    let columns: Vec<Option<Between>> =
        (0..nx).map(|x| place(axes.x, affine.constant[axes.x] + x as f64 * affine.along_x[axes.x])).collect();
    // Inside a convex grid the known columns are one run.
    let Some(first) = columns.iter().position(Option::is_some) else { return };
    let columns: Vec<Between> = columns[first..].iter().map_while(|place| *place).collect();
    let voxels = dose.voxels();
    let mut line = vec![0.0f32; size[axes.x]];
    for (y, row) in doses.chunks_exact_mut(nx).enumerate().take(ny) {
        let Some(down) = place(axes.y, affine.constant[axes.y] + y as f64 * affine.along_y[axes.y]) else {
            continue;
        };
        let start = |down: usize, across: usize| down * stride[axes.y] + across * stride[axes.across];
        let [a, b, c, d] = [
            start(down.low, across.low),
            start(down.high, across.low),
            start(down.low, across.high),
            start(down.high, across.high),
        ];
        for (n, blended) in line.iter_mut().enumerate() {
            let along = n * stride[axes.x];
            let low = blend(voxels[a + along], voxels[b + along], down.part);
            let high = blend(voxels[c + along], voxels[d + along], down.part);
            *blended = blend(low, high, across.part);
        }
        for (pixel, column) in row[first..].iter_mut().zip(&columns) {
            *pixel = blend(line[column.low], line[column.high], column.part);
        }
    }
}

fn general(dose: &DoseGrid, affine: &GridFromPixel<'_>, [nx, _]: [usize; 2], doses: &mut [f32]) {
    for (y, row) in doses.chunks_exact_mut(nx).enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = trilinear_at(dose, affine.at(x as f64, y as f64)).map_or(f32::NAN, |dose| dose as f32);
        }
    }
}

/// Where the grid ends on a plane: the polygon through the outermost voxel centres, in pixel coordinates,
/// empty where the plane misses the grid. A grid of one frame has no extent across it: its polygon is empty
/// on every plane but its own.
///
/// # Example
/// ```
/// use rt_geometry::{example, resample::grid_edge};
///
/// let edge = grid_edge(example::dose().geometry(), &example::plane());
/// // The grid ends at x = 35 mm, pixel 17.
/// assert!(edge.iter().any(|[x, _]| (x - 17.0).abs() < 1e-5) && edge.iter().all(|[x, _]| *x < 17.1));
/// ```
#[must_use]
pub fn grid_edge(geometry: &GridGeometry, plane: &PixelPlane) -> Vec<[f64; 2]> {
    let affine = GridFromPixel::new(geometry, plane);
    let size = geometry.size();
    let offsets = geometry.offsets();
    let ends = [offsets[0], offsets[size[2] - 1]];
    let ranges = [
        [0.0, (size[0] - 1) as f64],
        [0.0, (size[1] - 1) as f64],
        [ends[0].min(ends[1]), ends[0].max(ends[1])],
    ];
    // A square that holds the grid wherever it lies: its diagonal about its first voxel's pixel.
    let [si, sj] = geometry.spacing();
    let diagonal = (ranges[0][1] * si.0).hypot(ranges[1][1] * sj.0).hypot(ranges[2][1] - ranges[2][0]) + 1.0;
    let [x, y] = plane.pixel_from_patient(geometry.origin());
    let reach = plane.spacing.map(|spacing| 2.0 * diagonal / spacing.0);
    let mut polygon = vec![
        [x - reach[0], y - reach[1]],
        [x + reach[0], y - reach[1]],
        [x + reach[0], y + reach[1]],
        [x - reach[0], y + reach[1]],
    ];
    for (axis, [low, high]) in ranges.into_iter().enumerate() {
        let value =
            |[x, y]: [f64; 2]| affine.constant[axis] + x * affine.along_x[axis] + y * affine.along_y[axis];
        polygon = clipped(&polygon, |at| value(at) - low + BORDER);
        polygon = clipped(&polygon, |at| high - value(at) + BORDER);
    }
    polygon
}

/// The part of a convex polygon where `side`, linear in x and y, is not negative.
fn clipped(polygon: &[[f64; 2]], side: impl Fn([f64; 2]) -> f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (at, here) in polygon.iter().enumerate() {
        let next = polygon[(at + 1) % polygon.len()];
        let (a, b) = (side(*here), side(next));
        if a >= 0.0 {
            kept.push(*here);
        }
        if (a >= 0.0) != (b >= 0.0) {
            let part = a / (a - b);
            kept.push([here[0] + part * (next[0] - here[0]), here[1] + part * (next[1] - here[1])]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::trilinear;
    use rt_model::frame::{PatientPoint, PatientVector};
    use rt_model::units::{Gy, Mm};

    fn vector(x: f64, y: f64, z: f64) -> PatientVector {
        PatientVector::new(x, y, z)
    }

    /// A linear dose on a 7 x 6 x 5 grid of uneven frames, rows along `row`.
    fn dose(row: PatientVector, column: PatientVector) -> DoseGrid {
        let origin = PatientPoint::new(-6.0, 3.0, 11.0);
        let offsets = vec![0.0, -2.0, -5.0, -6.5, -9.0];
        let geometry = GridGeometry::new(origin, row, column, [Mm(2.5), Mm(3.0)], [7, 6], offsets).unwrap();
        let mut voxels = Vec::new();
        for k in 0..5 {
            for j in 0..6 {
                for i in 0..7 {
                    let at = geometry.patient_from_grid(GridPoint {
                        i: f64::from(i),
                        j: f64::from(j),
                        k: f64::from(k),
                    });
                    voxels.push((40.0 + at.x - 0.5 * at.y + 0.75 * at.z) as f32);
                }
            }
        }
        DoseGrid::new(geometry, voxels, Gy(0.0)).unwrap()
    }

    fn planes(dose: &DoseGrid) -> Vec<PixelPlane> {
        let middle = dose.geometry().patient_from_grid(GridPoint { i: 3.2, j: 2.4, k: 1.7 });
        let axes =
            [vector(1.0, 0.0, 0.0), vector(0.0, 1.0, 0.0), vector(0.0, 0.0, 1.0), vector(0.0, -0.6, 0.8)];
        let mut planes = Vec::new();
        for row in axes {
            for column in axes.map(|axis| axis.scaled(-1.0)) {
                if row.dot(column).abs() < 1e-12 {
                    let plane = PixelPlane {
                        origin: middle,
                        row,
                        column,
                        spacing: [Mm(0.7), Mm(1.1)],
                        size: [31, 23],
                    };
                    planes.push(PixelPlane { origin: plane.patient_from_pixel([-15.0, -11.0]), ..plane });
                }
            }
        }
        planes
    }

    #[test]
    fn every_pixel_has_the_trilinear_dose_of_its_place() {
        for (row, column) in
            [(vector(1.0, 0.0, 0.0), vector(0.0, 1.0, 0.0)), (vector(0.0, -1.0, 0.0), vector(0.0, 0.0, 1.0))]
        {
            let dose = dose(row, column);
            let planes = planes(&dose);
            assert!(planes.len() >= 8);
            for plane in planes {
                let mut doses = vec![0.0; 31 * 23];
                dose_on_plane(&dose, &plane, &mut doses);
                let mut known = 0;
                for (at, found) in doses.iter().enumerate() {
                    let point = plane.patient_from_pixel([(at % 31) as f64, (at / 31) as f64]);
                    match trilinear(&dose, point) {
                        None => assert!(found.is_nan(), "{plane:?} {at}"),
                        Some(expected) => {
                            known += 1;
                            let linear = 40.0 + point.x - 0.5 * point.y + 0.75 * point.z;
                            assert!((f64::from(*found) - expected.0).abs() < 1e-5, "{found} {expected:?}");
                            assert!((f64::from(*found) - linear).abs() < 1e-4, "{found} {linear}");
                        }
                    }
                }
                assert!(known > 50, "{plane:?} {known}");
            }
        }
    }

    #[test]
    fn an_even_dose_stays_even() {
        let ramp = dose(vector(1.0, 0.0, 0.0), vector(0.0, 1.0, 0.0));
        let even = DoseGrid::new(ramp.geometry().clone(), vec![0.1; ramp.voxels().len()], Gy(0.0)).unwrap();
        for plane in planes(&even).into_iter().filter(|plane| plane.column.y == -1.0 && plane.row.x == 1.0) {
            let mut doses = vec![0.0; 31 * 23];
            dose_on_plane(&even, &plane, &mut doses);
            assert!(doses.iter().all(|dose| dose.is_nan() || *dose == 0.1));
        }
    }

    #[test]
    fn the_edge_parts_known_from_unknown() {
        let dose = dose(vector(1.0, 0.0, 0.0), vector(0.0, 1.0, 0.0));
        for plane in planes(&dose) {
            let edge = grid_edge(dose.geometry(), &plane);
            let inside = |[x, y]: [f64; 2]| {
                let turns = (0..edge.len()).map(|at| {
                    let ([ax, ay], [bx, by]) = (edge[at], edge[(at + 1) % edge.len()]);
                    (bx - ax) * (y - ay) - (by - ay) * (x - ax)
                });
                let turns: Vec<f64> = turns.collect();
                turns.iter().all(|turn| *turn >= -1e-3) || turns.iter().all(|turn| *turn <= 1e-3)
            };
            let mut doses = vec![0.0; 31 * 23];
            dose_on_plane(&dose, &plane, &mut doses);
            for (at, dose) in doses.iter().enumerate() {
                assert_eq!(
                    inside([(at % 31) as f64, (at / 31) as f64]),
                    !dose.is_nan(),
                    "{plane:?} {at} {edge:?}"
                );
            }
        }
        let far = PixelPlane { origin: PatientPoint::new(0.0, 0.0, 80.0), ..planes(&dose)[0] };
        assert!(grid_edge(dose.geometry(), &far).is_empty());
    }
}
