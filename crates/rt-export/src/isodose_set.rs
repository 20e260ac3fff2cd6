//! Isodose volumes as a structure set: one ROI of type DOSE_REGION for each level, a closed contour for each
//! loop on each slice (PS3.3 A.19, C.8.8.5, C.8.8.6, C.8.8.8).
//!
//! Units: gray, millimetres. Frame: DICOM patient coordinates (LPS).

use crate::case::ExportCase;
use crate::content::{Canonical, options_of};
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::refused;
use crate::header::{self, SeriesFacts};
use crate::loops::{Loop, joined};
use crate::series::{Made, Series, Syntax};
use crate::uid::Content;
use rayon::prelude::*;
use rt_dicom::{DataSet, tags};
use rt_draw::labels::round;
use rt_draw::style::{DoseUnit, Level};
use rt_geometry::isodose::{Border, DosePlane};
use rt_geometry::resample::dose_on_plane;
use rt_model::uid::sop_class;
use rt_model::units::Gy;

/// How isodose volumes are written.
#[derive(Debug, Clone, PartialEq)]
pub struct IsodoseOptions {
    /// The levels, rising.
    pub levels: Vec<Level>,
    /// What becomes of a cold island in a region.
    pub holes: Holes,
    /// Names of at most 16 characters.
    pub short_names: bool,
}

impl Canonical for IsodoseOptions {
    fn add_to(&self, content: &mut Content) {
        let Self { levels, holes, short_names } = self;
        levels.as_slice().add_to(content);
        let holes = match holes {
            Holes::Separate => "separate",
            Holes::Keyhole => "keyhole",
            Holes::Xor => "xor",
        };
        content.text("holes", holes).flag("short names", *short_names);
    }
}

/// What becomes of a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holes {
    /// A loop of its own; readers take overlapping loops as alternately in and out.
    #[default]
    Separate,
    /// Joined to the loop around it by a channel without width: one contour, for every reader.
    Keyhole,
    /// CLOSEDPLANAR_XOR (PS3.3 C.8.8.6.3): the standard's way, which many readers do not know.
    Xor,
}

/// Contour coordinates are rounded to this many parts of a millimetre.
const PARTS_OF_MM: f64 = 100.0;

impl ExportCase {
    /// Isodose volumes as a structure set on the planning images, or on the dose grid's planes.
    ///
    /// # Errors
    /// Where the dose is relative, or reaches none of the levels.
    pub fn isodose(&self, options: &IsodoseOptions) -> Result<Series<'_>, ExportError> {
        let refuse = |detail: &str| Err(refused(ExportErrorKind::Unsuitable, self.plan_info(), detail));
        if self.labels.unit == DoseUnit::Percent {
            return refuse("a relative dose is shown in pictures alone, not as isodose volumes");
        }
        let volumes = self.volumes(options);
        if volumes.iter().all(|(_, slices)| slices.iter().all(Vec::is_empty)) {
            return refuse("the dose reaches none of the levels");
        }
        let facts = SeriesFacts {
            product: "isodose",
            options: options_of(&[options]),
            modality: "RTSTRUCT",
            number: 9004,
            suffix: "(isodose)",
        };
        let series_instance = header::series_uid(self, &facts);
        let mut data = header::series(self, &facts, &series_instance);
        self.structure_set(options, &volumes, &mut data);
        let make = move |_: usize| Ok(Made { data: data.clone(), pixels: None });
        Ok(Series {
            sop_class: sop_class::RT_STRUCTURE_SET,
            series_instance,
            description: header::description(self, facts.suffix),
            name: facts.product,
            // Contour data may be longer than explicit VR can say (PS3.5 6.2.2).
            preferred: Syntax::ImplicitLittle,
            length: 1,
            make: Box::new(make),
        })
    }

    /// For each level, the loops on each slice.
    fn volumes(&self, options: &IsodoseOptions) -> Vec<(Level, Vec<Vec<Loop>>)> {
        let on_slices: Vec<Vec<Vec<Loop>>> = self
            .stack
            .slices
            .par_iter()
            .map(|slice| {
                let plane = &slice.plane;
                let mut dose = vec![0.0; plane.size[0] * plane.size[1]];
                dose_on_plane(self.dose(), plane, &mut dose);
                let nodes = DosePlane::new(plane.size, &dose);
                let level = |level: &Level| {
                    let lines = nodes.lines(Gy(level.dose), Border::Closed);
                    let loops = lines.iter().filter_map(Loop::new).collect();
                    if options.holes == Holes::Keyhole { joined(loops) } else { loops }
                };
                options.levels.iter().map(level).collect()
            })
            .collect();
        let of_level = |at: usize| on_slices.iter().map(|levels| levels[at].clone()).collect();
        options.levels.iter().enumerate().map(|(at, level)| (*level, of_level(at))).collect()
    }

    fn structure_set(
        &self,
        options: &IsodoseOptions,
        volumes: &[(Level, Vec<Vec<Loop>>)],
        data: &mut DataSet,
    ) {
        let frame = self.stack.header.get(tags::FRAME_OF_REFERENCE_UID).cloned();
        let frame = |item: &mut DataSet, tag| {
            if let Some(rt_model::attribute::AttributeValue::Text { raw, .. }) =
                frame.as_ref().map(|frame| &frame.value)
            {
                item.bytes(tag, raw.clone());
            }
        };
        let (date, time) = &self.date;
        data.exclude(tags::CONTENT_DATE)
            .exclude(tags::CONTENT_TIME)
            .empty(tags::OPERATORS_NAME)
            .text(tags::STRUCTURE_SET_LABEL, "ISODOSES")
            .text(
                tags::STRUCTURE_SET_NAME,
                header::fitting(&format!("Isodoses of plan {}", self.labels.plan), 64),
            )
            .text(
                tags::STRUCTURE_SET_DESCRIPTION,
                header::fitting(
                    &format!(
                        "Planned dose. Total dose {}. {}",
                        self.labels.total,
                        rt_draw::labels::REFERENCE_ONLY
                    ),
                    1024,
                ),
            )
            .text(tags::STRUCTURE_SET_DATE, date)
            .text(tags::STRUCTURE_SET_TIME, time)
            .text(tags::APPROVAL_STATUS, "UNAPPROVED")
            .integer(tags::INSTANCE_NUMBER, 1);
        let mut referenced = DataSet::default();
        frame(&mut referenced, tags::FRAME_OF_REFERENCE_UID);
        if let Some(study) = self.referenced_study() {
            referenced.items(tags::RT_REFERENCED_STUDY_SEQUENCE, vec![study]);
        }
        let (mut rois, mut contours, mut observations) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (level, slices)) in volumes.iter().enumerate() {
            let mut roi = DataSet::default();
            roi.integer(tags::ROI_NUMBER, number + 1);
            frame(&mut roi, tags::REFERENCED_FRAME_OF_REFERENCE_UID);
            roi.text(tags::ROI_NAME, self.level_name(level, options.short_names))
                .text(tags::ROI_GENERATION_ALGORITHM, "AUTOMATIC")
                .text(
                    tags::ROI_GENERATION_DESCRIPTION,
                    "Marching squares on the trilinear dose of each slice",
                );
            rois.push(roi);
            let mut drawn = DataSet::default();
            let [red, green, blue] = level.colour;
            drawn
                .text(tags::ROI_DISPLAY_COLOR, format!("{red}\\{green}\\{blue}"))
                .integer(tags::REFERENCED_ROI_NUMBER, number + 1);
            let items: Vec<DataSet> = slices
                .iter()
                .enumerate()
                .flat_map(|(at, loops)| loops.iter().map(move |ring| (at, loops, ring)))
                .filter_map(|(at, loops, ring)| {
                    self.contour(at, ring, options.holes == Holes::Xor && loops.iter().any(Loop::is_hole))
                })
                .collect();
            if !items.is_empty() {
                drawn.items(tags::CONTOUR_SEQUENCE, items);
            }
            contours.push(drawn);
            let mut observation = DataSet::default();
            observation
                .integer(tags::OBSERVATION_NUMBER, number + 1)
                .integer(tags::REFERENCED_ROI_NUMBER, number + 1)
                .text(tags::RTROI_INTERPRETED_TYPE, "DOSE_REGION")
                .empty(tags::ROI_INTERPRETER);
            observations.push(observation);
        }
        data.items(tags::REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, vec![referenced])
            .items(tags::STRUCTURE_SET_ROI_SEQUENCE, rois)
            .items(tags::ROI_CONTOUR_SEQUENCE, contours)
            .items(tags::RTROI_OBSERVATIONS_SEQUENCE, observations);
    }

    /// The images as the structure set's study and series; `None` where there are none.
    fn referenced_study(&self) -> Option<DataSet> {
        let text = |tag| self.stack.header.text(tag).map(str::to_owned);
        let images = self.stack.slices.iter().filter_map(|slice| {
            Some(DataSet::reference(
                slice.sop_class.as_ref()?.as_str(),
                slice.sop_instance.as_ref()?.as_str(),
            ))
        });
        let images: Vec<DataSet> = images.collect();
        let series_instance = self.facts().images.as_ref().map(|images| images.series_instance.clone())?;
        if images.is_empty() {
            return None;
        }
        let mut series = DataSet::default();
        series.uid(tags::SERIES_INSTANCE_UID, &series_instance).items(tags::CONTOUR_IMAGE_SEQUENCE, images);
        let mut study = DataSet::default();
        // Detached Study Management, retired: what structure sets have always named here.
        study
            .text(tags::REFERENCED_SOP_CLASS_UID, sop_class::DETACHED_STUDY_MANAGEMENT)
            .text_if(tags::REFERENCED_SOP_INSTANCE_UID, text(tags::STUDY_INSTANCE_UID))
            .items(tags::RT_REFERENCED_SERIES_SEQUENCE, vec![series]);
        Some(study)
    }

    /// `ISO 62.70 Gy (95%)`; percent only of a settled prescription.
    fn level_name(&self, level: &Level, short: bool) -> String {
        let unit = self.labels.unit;
        if short {
            return header::fitting(&format!("ISO {} {unit}", round(level.dose)), 16);
        }
        let percent = self
            .labels
            .prescription
            .map(|rx| format!(" ({}%)", round(100.0 * level.dose / rx)))
            .unwrap_or_default();
        format!("ISO {:.2} {unit}{percent}", level.dose)
    }

    /// A loop as a contour item; `None` where rounding leaves fewer than three points.
    fn contour(&self, at: usize, ring: &Loop, exclusive: bool) -> Option<DataSet> {
        let slice = &self.stack.slices[at];
        let rounded = |value: f64| (value * PARTS_OF_MM).round() / PARTS_OF_MM;
        let mut points: Vec<[f64; 3]> = Vec::with_capacity(ring.points.len());
        for point in &ring.points {
            let point = slice.plane.patient_from_pixel(*point);
            let point = [rounded(point.x), rounded(point.y), rounded(point.z)];
            if points.last() != Some(&point) {
                points.push(point);
            }
        }
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        if points.len() < 3 {
            return None;
        }
        let mut item = DataSet::default();
        if let (Some(class), Some(instance)) = (&slice.sop_class, &slice.sop_instance) {
            item.items(
                tags::CONTOUR_IMAGE_SEQUENCE,
                vec![DataSet::reference(class.as_str(), instance.as_str())],
            );
        }
        item.text(tags::CONTOUR_GEOMETRIC_TYPE, if exclusive { "CLOSEDPLANAR_XOR" } else { "CLOSED_PLANAR" })
            .integer(tags::NUMBER_OF_CONTOUR_POINTS, points.len())
            .decimals(tags::CONTOUR_DATA, points.into_iter().flatten());
        Some(item)
    }
}
