//! Every tolerance of the geometry, by name, with its reason.
//!
//! Units: as each name says. Frame: none.

/// Planes closer than this are one plane, mm: coordinates are written with 0.01 mm at the coarsest.
pub const SAME_PLANE_MM: f64 = 0.01;

/// A contour's points may leave their plane by this much before a finding reports it, mm. A contour that
/// stays this close to an axial plane is read as axial: a smaller tilt cannot be distinguished from
/// coordinates that were rounded, and shrinks a ROI of 8 mm by 4e-4 of its volume.
pub const OFF_PLANE_MM: f64 = 0.1;

/// How far the sine of the angle between two normals may be from 0 for planes to count as parallel: a plane
/// 300 mm wide then departs by 0.03 mm.
pub const PARALLEL_SINE: f64 = 1e-4;

/// Boundaries that cross by less than this only touch, mm: keyhole channels and shared walls are drawn so.
pub const TOUCH_MM: f64 = 1e-6;

/// A gap between planes over this multiple of the nominal spacing is looked at.
pub const GAP_NOTICED: f64 = 1.5;

/// A gap over this multiple of the nominal spacing is never bridged.
pub const GAP_BRIDGED: f64 = 2.5;

/// Covered volume over this part of the whole is all of it: what is missing is rounding.
pub const WHOLE: f64 = 1.0 - 1e-9;
