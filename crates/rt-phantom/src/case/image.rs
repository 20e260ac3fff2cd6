//! CT images of a phantom (PS3.3 A.3).
//!
//! Units: millimetres, Hounsfield units. Frame: DICOM patient coordinates (LPS).

use super::CaseBuilder;
use super::file::{PhantomFile, Role};
use super::header::{IMAGE_SERIES, ObjectKind, header};
use rt_dicom::Value;
use rt_dicom::tags;
use rt_model::frame::PatientPoint;
use rt_model::uid::sop_class;
use std::sync::Arc;

/// Hounsfield units at a point.
pub type HounsfieldField = Arc<dyn Fn(PatientPoint) -> i16 + Send + Sync>;

/// Square axial CT slices.
#[derive(Clone)]
pub struct ImageSpec {
    /// Centre of the slices in x and y.
    pub centre: [f64; 2],
    /// Positions of the slices along z.
    pub planes: Vec<f64>,
    /// Pixels along each side.
    pub pixels: u16,
    /// Distance of pixel centres.
    pub spacing: f64,
    /// Slice Thickness (0018,0050).
    pub thickness: f64,
    /// What the slices show.
    pub hounsfield: HounsfieldField,
}

impl Default for ImageSpec {
    /// 40 slices of 2 mm about the origin, 64 pixels of 2 mm, with a water cylinder of 50 mm radius in air.
    fn default() -> Self {
        Self {
            centre: [0.0, 0.0],
            planes: (0..40).map(|k| f64::from(k) * 2.0 - 39.0).collect(),
            pixels: 64,
            spacing: 2.0,
            thickness: 2.0,
            hounsfield: Arc::new(|point| if point.x.hypot(point.y) < 50.0 { 0 } else { -1000 }),
        }
    }
}

/// A slice and what contours have to know of it.
pub(super) struct Slice {
    pub(super) z: f64,
    pub(super) sop_instance: String,
    pub(super) file: PhantomFile,
}

/// The slices in the order of the patient position's normal.
pub(super) fn slices(case: &CaseBuilder, image: &ImageSpec) -> Vec<Slice> {
    let mut planes = image.planes.clone();
    planes.sort_by(f64::total_cmp);
    if case.position.normal_z() < 0.0 {
        planes.reverse();
    }
    planes.into_iter().zip(1..).map(|(z, number)| slice(case, image, z, number)).collect()
}

fn slice(case: &CaseBuilder, image: &ImageSpec, z: f64, number: i64) -> Slice {
    let part = format!("image {number}");
    let kind = ObjectKind {
        sop_class: sop_class::CT_IMAGE,
        instance_part: &part,
        series_part: IMAGE_SERIES,
        modality: "CT",
        series_number: 1,
        instance_number: number,
        description: "Planning CT",
    };
    let [row, column] = case.position.cosines();
    let half = f64::from(image.pixels - 1) / 2.0 * image.spacing;
    let first = PatientPoint::new(image.centre[0], image.centre[1], z)
        .moved(row.scaled(-half))
        .moved(column.scaled(-half));
    let pixel = |i: u16, j: u16| {
        let point = first
            .moved(row.scaled(f64::from(i) * image.spacing))
            .moved(column.scaled(f64::from(j) * image.spacing));
        (image.hounsfield)(point).cast_unsigned()
    };
    let pixels = (0..image.pixels)
        .flat_map(|j| (0..image.pixels).map(move |i| (i, j)))
        .map(|(i, j)| pixel(i, j))
        .collect();
    let mut data = header(case, &kind);
    data.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL")
        .text(tags::BODY_PART_EXAMINED, "HEADNECK")
        .decimals(tags::SLICE_THICKNESS, [image.thickness])
        .text(tags::KVP, "120")
        .text(tags::PATIENT_POSITION, case.position.term())
        .text(tags::ACQUISITION_NUMBER, "1")
        .decimals(tags::IMAGE_POSITION_PATIENT, [first.x, first.y, first.z])
        .decimals(tags::IMAGE_ORIENTATION_PATIENT, [row.x, row.y, row.z, column.x, column.y, column.z])
        .decimals(tags::SLICE_LOCATION, [z])
        .short(tags::SAMPLES_PER_PIXEL, 1)
        .text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .short(tags::ROWS, image.pixels)
        .short(tags::COLUMNS, image.pixels)
        .decimals(tags::PIXEL_SPACING, [image.spacing, image.spacing])
        .short(tags::BITS_ALLOCATED, 16)
        .short(tags::BITS_STORED, 16)
        .short(tags::HIGH_BIT, 15)
        .short(tags::PIXEL_REPRESENTATION, 1)
        .text(tags::RESCALE_INTERCEPT, "0")
        .text(tags::RESCALE_SLOPE, "1")
        .text(tags::RESCALE_TYPE, "HU")
        .put(tags::PIXEL_DATA, Value::Words(pixels));
    let name = format!("CT/CT.{number:04}.dcm");
    let file = PhantomFile::new(name, Role::Image, data, case.encoding.clone());
    Slice { z, sop_instance: case.uid(&part), file }
}
