//! A case small enough to check by hand, for the documentation's examples: the wedge of [`rt_dvh::example`]
//! with a slice of an image.
//!
//! The dose rises by 1 Gy/mm along x, from 0 Gy at x = -10 mm. The ROI `Wedge` is a box of 20 by 20 mm from x
//! = 0 on, with 10 to 30 Gy. The image shows water from x = -10 to 30 mm and air beside it.
//!
//! Units: millimetres, Gy, Hounsfield units. Frame: DICOM patient coordinates (LPS); pixel coordinates of the
//! picture.

use crate::anatomy;
use crate::draw::Painter;
use crate::draw::palette::Palette;
use crate::labels::CaseLabels;
use crate::outlines::{RoiChoice, SliceContours};
use crate::report::{Identity, KeySlice, Report, ReportRoi};
use crate::scene::{SlicePosition, SliceScene};
use crate::style::{DoseUnit, PictureStyle};
use rt_dvh::{Dvh, NoDvh};
use rt_geometry::pixel_plane::PixelPlane;
use rt_geometry::resample::{dose_on_plane, grid_edge};
use rt_geometry::stack::RoiStack;
use rt_model::approval::ApprovalStatus;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::image::{Image, ImageHeader};
use rt_model::instance::{Equipment, InstanceInfo, Study};
use rt_model::patient::Patient;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::uid::Uid;
use rt_model::units::Mm;

/// Pixels of the picture along each side of a pixel of the image.
const FACTOR: usize = 8;

/// The image's plane: 51 by 33 pixels of 1 mm at z = 2.5 mm. The dose grid ends within it on three sides.
#[must_use]
pub fn plane() -> PixelPlane {
    PixelPlane {
        origin: PatientPoint::new(-13.0, -6.0, 2.5),
        row: PatientVector::new(1.0, 0.0, 0.0),
        column: PatientVector::new(0.0, 1.0, 0.0),
        spacing: [Mm(1.0); 2],
        size: [51, 33],
    }
}

/// The image: 0 HU from x = -10 to 30 mm, -1000 HU beside it.
#[must_use]
pub fn image() -> Image {
    let PixelPlane { origin, row, column, spacing, size } = plane();
    let uid = |text| Uid::new(text).unwrap_or_else(|| unreachable!("the identifier is sound"));
    let value = |at: usize| if (3..=43).contains(&(at % size[0])) { 0.0 } else { -1000.0 };
    Image {
        info: InstanceInfo {
            path: "CT.dcm".into(),
            sop_class: uid("1.2.840.10008.5.1.4.1.1.2"),
            sop_instance: uid("2.25.1"),
            modality: "CT".to_owned(),
            patient: Patient::default(),
            study: Study::default(),
            series_instance: None,
            frame_of_reference: None,
            equipment: Equipment::default(),
        },
        header: ImageHeader {
            position: Some(origin),
            orientation: Some([row, column]),
            spacing: Some(spacing),
            size,
            frames: 1,
            ..ImageHeader::default()
        },
        values: (0..size[0] * size[1]).map(value).collect(),
        windows: Vec::new(),
        inverted: false,
    }
}

/// Two ROIs: `Wedge`, a target with one contour on the image's plane and one 5 mm above it, and `Marker`,
/// which has no contour.
#[must_use]
pub fn rois() -> Vec<Roi> {
    let corners = [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)];
    let contour = |index: usize, z: f64| Contour {
        index,
        kind: ContourKind::ClosedPlanar,
        points: corners.map(|(x, y)| PatientPoint::new(x, y, z)).to_vec(),
        slab_thickness: None,
    };
    let wedge = Roi {
        number: 1,
        name: "Wedge".to_owned(),
        interpreted_type: Some("PTV".to_owned()),
        colour: Some([220, 60, 60]),
        contours: vec![contour(0, 2.5), contour(1, 7.5)],
        ..Roi::default()
    };
    vec![wedge, Roi { number: 2, name: "Marker".to_owned(), ..Roi::default() }]
}

/// An approved plan of 20 Gy in 10 fractions.
#[must_use]
pub fn labels() -> CaseLabels {
    CaseLabels {
        plan: "WEDGE".to_owned(),
        prescription: Some(20.0),
        fractions: Some(10),
        maximum: rt_dvh::example::dose().range().1.0,
        unit: DoseUnit::Gy,
        approval: Some(ApprovalStatus::Approved),
        plans: 1,
        total: "confirmed: grid / plan = 1.0000".to_owned(),
        test: false,
    }
}

/// The standard palette with wash, lines and outlines.
#[must_use]
pub fn style() -> PictureStyle {
    let levels = Palette::Standard.levels(labels().maximum, labels().prescription);
    PictureStyle { levels, unit: DoseUnit::Gy, opacity: 0.4, lines: true, outlines: true }
}

/// The image's plane, ready to be drawn in pixels of 1/8 mm.
#[must_use]
pub fn scene() -> SliceScene {
    let (image, rois, dose) = (image(), rois(), rt_dvh::example::dose());
    let fine = plane().refined(FACTOR);
    let mut on_plane = vec![0.0; fine.size[0] * fine.size[1]];
    dose_on_plane(&dose, &fine, &mut on_plane);
    let contours = SliceContours::new(&rois, &[plane()], &RoiChoice::Targets, &Provenance::unknown());
    SliceScene {
        size: fine.size,
        pixel: fine.spacing,
        row: fine.row,
        column: fine.column,
        anatomy: Some(anatomy::gray(&image, anatomy::window(&image), FACTOR)),
        dose: on_plane,
        grid_edge: grid_edge(dose.geometry(), &fine),
        outlines: contours.outlines(0, &fine),
        position: SlicePosition { number: 1, of: 1, height: Mm(fine.origin.z) },
    }
}

/// A report with one DVH, one ROI without a DVH and one key slice.
#[must_use]
pub fn report() -> Report {
    let (labels, scene) = (labels(), scene());
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let roi = |roi: Roi| ReportRoi {
        dvh: dvh(&roi),
        name: roi.name,
        colour: roi.colour,
        interpreted_type: roi.interpreted_type,
        bands: Vec::new(),
    };
    let canvas = Painter::new(&labels, &style(), scene.size).paint(&scene);
    Report {
        plan: vec![fact("Plan", &labels.plan), fact("Prescription", &labels.prescription_text())],
        labels,
        identity: Identity {
            id: "EXAMPLE-1".to_owned(),
            name: "EXAMPLE^WEDGE".to_owned(),
            birth_date: None,
            sex: None,
        },
        rois: rois().into_iter().map(roi).collect(),
        key_slices: vec![KeySlice { caption: "slice 1".to_owned(), canvas }],
        findings: Vec::new(),
        provenance: vec![fact("RT Dose", "2.25.2")],
        dose_date: Some("20260115103000".to_owned()),
    }
}

fn dvh(roi: &Roi) -> Result<Dvh, NoDvh> {
    let options = rt_dvh::example::options();
    let stack = RoiStack::build(roi, &options.stack(None))?;
    Ok(rt_dvh::compute(&stack.value, &rt_dvh::example::dose(), &options)?.value)
}
