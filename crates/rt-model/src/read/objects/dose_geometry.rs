//! Where the voxels of an RT Dose lie (PS3.3 C.8.8.3.2): the direction cosines alone decide, never the
//! patient position.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::finding::dose;
use crate::frame::{PatientPoint, PatientVector};
use crate::grid::{GridError, GridGeometry};
use crate::read::bytes::node::Node;
use crate::read::error::{ReadError, ReadErrorKind};
use crate::read::options::{AssumeOffsets, ReadOptions};
use crate::units::Mm;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

/// How far the first frame offset may be from a coordinate it repeats, mm: both are rounded decimals.
const SAME_PLACE: f64 = 0.01;

/// The lattice of `size` voxels along i, j, k.
pub(super) fn geometry(
    root: &Node<'_, '_>,
    size: [usize; 3],
    options: &ReadOptions,
) -> Result<GridGeometry, ReadError> {
    let position = tags::IMAGE_POSITION_PATIENT;
    let orientation = tags::IMAGE_ORIENTATION_PATIENT;
    let [x, y, z] = numbers(root, position, ReadErrorKind::Position)?;
    let origin = PatientPoint::new(x, y, z);
    let cosines: [f64; 6] = numbers(root, orientation, ReadErrorKind::Orientation)?;
    let row = PatientVector::new(cosines[0], cosines[1], cosines[2]);
    let column = PatientVector::new(cosines[3], cosines[4], cosines[5]);
    // Distance between rows first (PS3.3 10.7.1.3): that is the spacing along j.
    let [j, i] = numbers(root, tags::PIXEL_SPACING, ReadErrorKind::Spacing)?;
    check_pointer(root, size[2]);
    let frames = Frames { root, count: size[2], z, cosines, normal: row.cross(column) };
    let offsets = frames.offsets(options)?;
    GridGeometry::new(origin, row, column, [Mm(i), Mm(j)], [size[0], size[1]], offsets).map_err(|error| {
        let (kind, tag) = match error {
            GridError::NotOrthonormal => (ReadErrorKind::Orientation, orientation),
            GridError::Spacing(..) => (ReadErrorKind::Spacing, tags::PIXEL_SPACING),
            GridError::Offsets(_) => (ReadErrorKind::FrameOffsetOrder, tags::GRID_FRAME_OFFSET_VECTOR),
            GridError::Origin | GridError::Empty => (ReadErrorKind::Position, position),
        };
        root.error(kind, tag, format!("expected a grid, found none: {error}"))
    })
}

/// Exactly `N` required numbers.
fn numbers<const N: usize>(
    root: &Node<'_, '_>,
    tag: Tag,
    kind: ReadErrorKind,
) -> Result<[f64; N], ReadError> {
    let numbers = root.strict_decimals(tag, kind)?.unwrap_or_default();
    let found = numbers.len();
    numbers.try_into().map_err(|_| root.error(kind, tag, format!("expected {N} numbers, found {found}")))
}

/// Frame Increment Pointer of a grid of several frames points to Grid Frame Offset Vector.
fn check_pointer(root: &Node<'_, '_>, frames: usize) {
    let tag = tags::FRAME_INCREMENT_POINTER;
    let offsets = tags::GRID_FRAME_OFFSET_VECTOR;
    let right = root.element(tag).is_some_and(|element| {
        let [a, b] = [0, 2].map(|at| {
            element
                .value
                .get(at..at + 2)
                .and_then(|two| two.try_into().ok())
                .map(|two| element.encoding.u16(two))
        });
        matches!(element.vr, VR::AT) && a == Some(offsets.0) && b == Some(offsets.1)
    });
    if frames > 1 && !right {
        root.warn(
            dose::FRAME_INCREMENT_POINTER,
            tag,
            "expected (3004,000C) Grid Frame Offset Vector, found another or no value",
        );
    }
}

/// The frames of a grid, to find the distance of each from the first along the normal.
struct Frames<'n, 'a, 's> {
    root: &'n Node<'a, 's>,
    count: usize,
    /// z of the first voxel, mm.
    z: f64,
    cosines: [f64; 6],
    normal: PatientVector,
}

impl Frames<'_, '_, '_> {
    fn offsets(&self, options: &ReadOptions) -> Result<Vec<f64>, ReadError> {
        let tag = tags::GRID_FRAME_OFFSET_VECTOR;
        let Some(mut stored) = self.root.strict_decimals(tag, ReadErrorKind::Value)? else {
            return self.without_vector(options);
        };
        if stored.len() != self.count {
            let text = format!("expected {} offsets for as many frames, found {}", self.count, stored.len());
            if self.count > 1 {
                return Err(self.root.error(ReadErrorKind::FrameOffsetCount, tag, text));
            }
            self.root.warn(dose::SINGLE_FRAME_OFFSETS, tag, text);
            stored.truncate(1);
        }
        let first = stored[0];
        let along = self.direction(first, options)?;
        Ok(stored.into_iter().map(|offset| (offset - first) * along).collect())
    }

    /// What a step of 1 in the vector is along the normal: 1 for distances, the z of the normal for z
    /// coordinates.
    fn direction(&self, first: f64, options: &ReadOptions) -> Result<f64, ReadError> {
        let tag = tags::GRID_FRAME_OFFSET_VECTOR;
        let starts_at_z = (first - self.z).abs() <= SAME_PLACE;
        if first == 0.0 {
            return Ok(1.0);
        }
        if starts_at_z && self.cosines == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0] {
            self.root.info(
                dose::ABSOLUTE_FRAME_OFFSETS,
                tag,
                format!("starts at z = {first} mm: the values are z coordinates"),
            );
            return Ok(1.0);
        }
        let axial = (self.normal.z.abs() - 1.0).abs() < 1e-6;
        let (along, reading) = match options.assume_offsets {
            Some(AssumeOffsets::Relative) => (1.0, "distances from the first frame"),
            Some(AssumeOffsets::Absolute) if axial && starts_at_z => {
                (self.normal.z.signum(), "z coordinates")
            }
            _ => {
                if starts_at_z {
                    let [a, b, c, d, e, f] = self.cosines;
                    let detail = format!(
                        "expected row and column exactly along x and y, where the first offset is the first voxel's z = {first}, \
                         found the cosines {a}\\{b}\\{c}\\{d}\\{e}\\{f}: say whether the offsets are relative or absolute"
                    );
                    return Err(self.root.error(ReadErrorKind::FrameOffsetStart, tag, detail));
                }
                let detail = format!(
                    "expected a first offset of 0, or of the first voxel's z = {} with row and column along x and y, found {first}: \
                     say whether the offsets are relative or absolute",
                    self.z
                );
                return Err(self.root.error(ReadErrorKind::FrameOffsetStart, tag, detail));
            }
        };
        self.root.warn(
            dose::FRAME_OFFSETS_ASSUMED,
            tag,
            format!("starts at {first}: the values were taken as {reading}, as the user said"),
        );
        Ok(along)
    }

    fn without_vector(&self, options: &ReadOptions) -> Result<Vec<f64>, ReadError> {
        if self.count == 1 {
            return Ok(vec![0.0]);
        }
        let tag = tags::GRID_FRAME_OFFSET_VECTOR;
        let thickness = self.root.decimal(tags::SLICE_THICKNESS).filter(|thickness| *thickness > 0.0);
        match thickness {
            Some(thickness) if options.assume_spacing => {
                let text = format!(
                    "expected {} offsets, found none: frames were put {thickness} mm apart, as the user asked",
                    self.count
                );
                self.root.warn(dose::FRAME_SPACING_ASSUMED, tag, text);
                Ok((0..self.count).map(|k| k as f64 * thickness).collect())
            }
            _ => {
                let detail = format!("expected {} offsets for as many frames, found none", self.count);
                Err(self.root.error(ReadErrorKind::NoFrameOffsets, tag, detail))
            }
        }
    }
}
