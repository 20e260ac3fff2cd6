//! RT Structure Set (PS3.3 A.19).
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::CaseBuilder;
use super::file::{PhantomFile, Role};
use super::header::{DATE, IMAGE_SERIES, ObjectKind, STRUCTURE_SET, TIME, header};
use super::image::Slice;
use rt_dicom::decimal;
use rt_dicom::tags;
use rt_dicom::{DataSet, Value};
use rt_model::provenance::Tag;
use rt_model::structure_set::{Contour, ContourKind, Roi, SourcePlanes};
use rt_model::uid::sop_class;

/// Retired from the standard, still written.
const CONTOUR_SLAB_THICKNESS: Tag = Tag::new(0x3006, 0x0044);
/// How far a contour's plane may lie from the slice it names, mm.
const SLICE_TOLERANCE: f64 = 0.01;

pub(super) fn file(case: &CaseBuilder, slices: &[Slice]) -> PhantomFile {
    let kind = ObjectKind {
        sop_class: sop_class::RT_STRUCTURE_SET,
        instance_part: STRUCTURE_SET,
        series_part: "structure set series",
        modality: "RTSTRUCT",
        series_number: 2,
        instance_number: 1,
        description: "Structures",
    };
    let frame = case.uid("frame of reference");
    let mut data = header(case, &kind);
    data.text(tags::STRUCTURE_SET_LABEL, "PHANTOM")
        .text(tags::STRUCTURE_SET_DATE, DATE)
        .text(tags::STRUCTURE_SET_TIME, TIME)
        .items(tags::REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, [referenced_frame(case, &frame, slices)])
        .items(
            tags::STRUCTURE_SET_ROI_SEQUENCE,
            case.rois.iter().map(|roi| definition(roi, &frame)).collect::<Vec<_>>(),
        )
        .items(
            tags::ROI_CONTOUR_SEQUENCE,
            case.rois.iter().map(|roi| contours(roi, slices)).collect::<Vec<_>>(),
        )
        .items(tags::RTROI_OBSERVATIONS_SEQUENCE, case.rois.iter().map(observation).collect::<Vec<_>>())
        .text(tags::APPROVAL_STATUS, "UNAPPROVED");
    PhantomFile::new("RS.dcm", Role::StructureSet, data, case.encoding.clone())
}

fn referenced_frame(case: &CaseBuilder, frame: &str, slices: &[Slice]) -> DataSet {
    let mut item = DataSet::default();
    item.text(tags::FRAME_OF_REFERENCE_UID, frame);
    if !slices.is_empty() {
        let images: Vec<_> =
            slices.iter().map(|slice| DataSet::reference(sop_class::CT_IMAGE, &slice.sop_instance)).collect();
        let mut series = DataSet::default();
        series
            .text(tags::SERIES_INSTANCE_UID, case.uid(IMAGE_SERIES))
            .items(tags::CONTOUR_IMAGE_SEQUENCE, images);
        let mut study = DataSet::reference(sop_class::DETACHED_STUDY_MANAGEMENT, &case.uid("study"));
        study.items(tags::RT_REFERENCED_SERIES_SEQUENCE, [series]);
        item.items(tags::RT_REFERENCED_STUDY_SEQUENCE, [study]);
    }
    item
}

fn definition(roi: &Roi, frame: &str) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::ROI_NUMBER, roi.number)
        .text(
            tags::REFERENCED_FRAME_OF_REFERENCE_UID,
            roi.frame_of_reference.as_ref().map_or(frame, |uid| uid.as_str()),
        )
        .text(tags::ROI_NAME, roi.name.as_str())
        .text(tags::ROI_GENERATION_ALGORITHM, "AUTOMATIC");
    item
}

fn observation(roi: &Roi) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::OBSERVATION_NUMBER, roi.number)
        .integer(tags::REFERENCED_ROI_NUMBER, roi.number)
        .text(tags::RTROI_INTERPRETED_TYPE, roi.interpreted_type.clone().unwrap_or_default())
        .empty(tags::ROI_INTERPRETER);
    item
}

fn contours(roi: &Roi, slices: &[Slice]) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::REFERENCED_ROI_NUMBER, roi.number);
    if let Some(colour) = roi.colour {
        item.put(tags::ROI_DISPLAY_COLOR, Value::integers(&colour.map(i64::from)));
    }
    if let Some(planes) = &roi.source_planes {
        item.items(tags::SOURCE_PIXEL_PLANES_CHARACTERISTICS_SEQUENCE, [source_planes(planes)]);
    }
    if !roi.contours.is_empty() {
        let items: Vec<_> = roi.contours.iter().map(|contour| contour_item(contour, slices)).collect();
        item.items(tags::CONTOUR_SEQUENCE, items);
    }
    item
}

fn contour_item(contour: &Contour, slices: &[Slice]) -> DataSet {
    let mut item = DataSet::default();
    if let Some(slice) = slice_of(contour, slices) {
        item.items(
            tags::CONTOUR_IMAGE_SEQUENCE,
            [DataSet::reference(sop_class::CT_IMAGE, &slice.sop_instance)],
        );
    }
    if let Some(thickness) = contour.slab_thickness {
        item.decimals(CONTOUR_SLAB_THICKNESS, [thickness.0]);
    }
    let coordinates = contour.points.iter().flat_map(|point| [point.x, point.y, point.z]);
    item.text(tags::CONTOUR_GEOMETRIC_TYPE, term(contour.kind))
        .integer(tags::NUMBER_OF_CONTOUR_POINTS, contour.points.len() as i64)
        .text(tags::CONTOUR_DATA, decimal::join(coordinates));
    item
}

/// The slice a contour was drawn on: all of its points lie in it.
fn slice_of<'a>(contour: &Contour, slices: &'a [Slice]) -> Option<&'a Slice> {
    let z = contour.points.first()?.z;
    let axial = contour.points.iter().all(|point| (point.z - z).abs() < SLICE_TOLERANCE);
    slices.iter().find(|slice| axial && (slice.z - z).abs() < SLICE_TOLERANCE)
}

fn source_planes(planes: &SourcePlanes) -> DataSet {
    let normal = planes.normal;
    // Any two directions in the plane will do; the planes are read by their normal.
    let helper = if normal.x.abs() < 0.9 {
        rt_model::frame::PatientVector::new(1.0, 0.0, 0.0)
    } else {
        rt_model::frame::PatientVector::new(0.0, 1.0, 0.0)
    };
    let row = helper.plus(normal.scaled(-helper.dot(normal)));
    let row = row.scaled(1.0 / row.length());
    let column = normal.cross(row);
    let mut item = DataSet::default();
    item.decimals(tags::SPACING_BETWEEN_SLICES, [planes.spacing.0])
        .decimals(tags::IMAGE_POSITION_PATIENT, [planes.origin.x, planes.origin.y, planes.origin.z])
        .decimals(tags::IMAGE_ORIENTATION_PATIENT, [row.x, row.y, row.z, column.x, column.y, column.z])
        .integer(tags::NUMBER_OF_FRAMES, planes.count as i64)
        .short(tags::ROWS, 1)
        .short(tags::COLUMNS, 1)
        .decimals(tags::PIXEL_SPACING, [1.0, 1.0]);
    item
}

const fn term(kind: ContourKind) -> &'static str {
    match kind {
        ContourKind::Point => "POINT",
        ContourKind::OpenPlanar => "OPEN_PLANAR",
        ContourKind::OpenNonplanar => "OPEN_NONPLANAR",
        ContourKind::ClosedPlanar => "CLOSED_PLANAR",
        ContourKind::ClosedPlanarXor => "CLOSEDPLANAR_XOR",
    }
}
