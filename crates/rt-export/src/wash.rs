//! Colour-wash pictures: secondary captures in true colour that keep the geometry of the images they are
//! drawn on (PS3.3 A.8.1), so that they scroll with them. One object for each slice, or all in one object of
//! many frames (A.8.5).
//!
//! Units: gray, or percent for a relative dose. Frame: DICOM patient coordinates (LPS); pixel coordinates of
//! the picture.

use crate::attributes::{LOSSY, PLANE};
use crate::case::ExportCase;
use crate::content::{Canonical, options_of};
use crate::error::ExportError;
use crate::header::{self, SeriesFacts};
use crate::series::{Made, Pixels, Series, Syntax};
use crate::shown::{Shown, shown};
use crate::uid::Content;
use rt_dicom::{DataSet, Value, Vr, tags};
use rt_draw::anatomy;
use rt_draw::canvas::Canvas;
use rt_draw::draw::{Painter, letters};
use rt_draw::outlines::{RoiChoice, SliceContours};
use rt_draw::scene::{SlicePosition, SliceScene};
use rt_draw::style::PictureStyle;
use rt_geometry::pixel_plane::PixelPlane;
use rt_geometry::resample::{dose_on_plane, grid_edge};
use rt_model::finding::{Finding, Parsed};
use rt_model::image::Window;
use rt_model::read::read_image;
use rt_model::uid::sop_class;
use rt_model::units::Mm;

/// How pictures are made.
#[derive(Debug, Clone, PartialEq)]
pub struct WashOptions {
    /// Levels, colours, opacity, lines.
    pub style: PictureStyle,
    /// Window of the anatomy; the images' own where `None`.
    pub window: Option<Window>,
    /// ROIs whose outlines are drawn.
    pub rois: RoiChoice,
    /// Every slice of the images, not only those the dose reaches.
    pub all_slices: bool,
}

impl Canonical for WashOptions {
    fn add_to(&self, content: &mut Content) {
        let Self { style, window, rois, all_slices } = self;
        style.add_to(content);
        window.add_to(content);
        rois.add_to(content);
        content.flag("all slices", *all_slices);
    }
}

/// Pictures have at least this many pixels along their longer side, so that lines and words can be read.
const READABLE: usize = 512;

/// Secondary Capture Image Storage.
const SINGLE_FRAME: &str = sop_class::SECONDARY_CAPTURE;
/// Multi-frame True Color Secondary Capture Image Storage.
const MULTI_FRAME: &str = sop_class::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE;

/// The pictures of a case, painted one by one.
pub struct Pictures<'a> {
    case: &'a ExportCase,
    options: WashOptions,
    window: Option<Window>,
    painter: Painter,
    outlines: SliceContours<'a>,
    factor: usize,
    slices: Vec<usize>,
    beyond: Option<Finding>,
}

impl ExportCase {
    /// The pictures of this case.
    ///
    /// # Errors
    /// Where no dose reaches the lowest level, or the image that gives the window cannot be read.
    pub fn pictures(&self, options: &WashOptions) -> Result<Pictures<'_>, ExportError> {
        let lowest = options.style.levels.first().map_or(f64::INFINITY, |level| level.dose);
        let Shown { slices: near, beyond } = shown(self, lowest)?;
        let slices = if options.all_slices { (0..self.stack.slices.len()).collect() } else { near };
        // One window for all, so that nothing flickers: that of the middle slice.
        let middle = &self.stack.slices[self.stack.slices.len() / 2];
        let window = match (&options.window, &middle.path) {
            (Some(window), _) => Some(*window),
            (None, Some(path)) => Some(anatomy::window(&read_image(path)?.value)),
            (None, None) => None,
        };
        let size = self.stack.slices[0].plane.size;
        let factor = READABLE.div_ceil(size[0].max(size[1]));
        let painter = Painter::new(&self.labels, &options.style, size.map(|pixels| pixels * factor));
        let place = self.facts().structure_set_info.provenance();
        let outlines = SliceContours::new(self.prepared.rois(), &self.stack.planes(), &options.rois, &place);
        Ok(Pictures {
            case: self,
            options: options.clone(),
            window,
            painter,
            outlines,
            factor,
            slices,
            beyond,
        })
    }

    /// The pictures as secondary captures, one for each slice.
    ///
    /// # Errors
    /// As [`Self::pictures`].
    pub fn wash(&self, options: &WashOptions) -> Result<Parsed<Series<'_>>, ExportError> {
        let pictures = self.pictures(options)?;
        let findings = pictures.findings().cloned().collect();
        let facts = pictures.facts("wash", 9001);
        let series_instance = header::series_uid(self, &facts);
        let mut common = header::series(self, &facts, &series_instance);
        secondary_capture(&mut common);
        let (name, length) = (facts.product, pictures.slices.len());
        let make = move |at: usize| pictures.single_frame(&common, at);
        Ok(Parsed {
            value: self.picture_series(SINGLE_FRAME, name, series_instance, length, Box::new(make)),
            findings,
        })
    }

    /// The pictures as frames of one secondary capture.
    ///
    /// # Errors
    /// As [`Self::pictures`].
    pub fn wash_multi_frame(&self, options: &WashOptions) -> Result<Parsed<Series<'_>>, ExportError> {
        let pictures = self.pictures(options)?;
        let findings = pictures.findings().cloned().collect();
        let facts = pictures.facts("wash-multiframe", 9005);
        let series_instance = header::series_uid(self, &facts);
        let mut common = header::series(self, &facts, &series_instance);
        secondary_capture(&mut common);
        let name = facts.product;
        let make = move |_: usize| pictures.many_frames(&common);
        Ok(Parsed {
            value: self.picture_series(MULTI_FRAME, name, series_instance, 1, Box::new(make)),
            findings,
        })
    }

    fn picture_series<'a>(
        &self,
        sop_class: &'static str,
        name: &'static str,
        series_instance: rt_model::uid::Uid,
        length: usize,
        make: Box<dyn Fn(usize) -> Result<Made, ExportError> + Send + Sync + 'a>,
    ) -> Series<'a> {
        let description = header::description(self, "");
        Series { sop_class, series_instance, description, name, preferred: Syntax::Rle, length, make }
    }
}

/// What all pictures share as DICOM objects.
fn secondary_capture(data: &mut DataSet) {
    data.text(tags::CONVERSION_TYPE, "WSD")
        .text(tags::IMAGE_TYPE, "DERIVED\\SECONDARY")
        .text(tags::BURNED_IN_ANNOTATION, "YES")
        .text(tags::LOSSY_IMAGE_COMPRESSION, "00")
        .short(tags::SAMPLES_PER_PIXEL, 3)
        .text(tags::PHOTOMETRIC_INTERPRETATION, "RGB")
        .short(tags::PLANAR_CONFIGURATION, 0)
        .short(tags::BITS_ALLOCATED, 8)
        .short(tags::BITS_STORED, 8)
        .short(tags::HIGH_BIT, 7)
        .short(tags::PIXEL_REPRESENTATION, 0);
}

impl Pictures<'_> {
    /// Number of pictures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slices.len()
    }

    /// There are no pictures.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Place of picture `at` in the stack, from 1: the number that the slice has on the picture.
    #[must_use]
    pub fn number(&self, at: usize) -> usize {
        self.slices[at] + 1
    }

    /// Picture `at`, counted from 0.
    ///
    /// # Errors
    /// Where its image cannot be read.
    pub fn paint(&self, at: usize) -> Result<Canvas, ExportError> {
        self.paint_slice(self.slices[at])
    }

    /// The picture of any slice of the stack.
    pub(crate) fn paint_slice(&self, slice: usize) -> Result<Canvas, ExportError> {
        Ok(self.painter.paint(&self.scene(slice)?))
    }

    /// What pictures do not show: dose beyond the images, contours that lie on no slice.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.beyond.iter().chain(self.outlines.left_out())
    }

    fn plane(&self, slice: usize) -> PixelPlane {
        self.case.stack.slices[slice].plane.refined(self.factor)
    }

    fn scene(&self, slice: usize) -> Result<SliceScene, ExportError> {
        let source = &self.case.stack.slices[slice];
        let plane = self.plane(slice);
        let anatomy = match (&source.path, self.window) {
            (Some(path), Some(window)) => Some(anatomy::gray(&read_image(path)?.value, window, self.factor)),
            _ => None,
        };
        let mut dose = vec![0.0; plane.size[0] * plane.size[1]];
        dose_on_plane(self.case.dose(), &plane, &mut dose);
        let axial = plane.normal().z.abs() > 1.0 - 1e-6;
        Ok(SliceScene {
            size: plane.size,
            pixel: plane.spacing,
            row: plane.row,
            column: plane.column,
            anatomy,
            dose,
            grid_edge: grid_edge(self.case.dose().geometry(), &plane),
            outlines: self.outlines.outlines(slice, &plane),
            position: SlicePosition {
                number: slice + 1,
                of: self.case.stack.slices.len(),
                height: Mm(if axial { plane.origin.z } else { plane.height() }),
            },
        })
    }

    fn facts(&self, product: &'static str, number: usize) -> SeriesFacts<'static> {
        let options = options_of(&[&self.options, &self.window]);
        SeriesFacts { product, options, modality: "OT", number, suffix: "" }
    }

    fn derivation(&self) -> String {
        let labels = &self.case.labels;
        format!(
            "Planned dose (RTDOSE) of plan {} drawn on the planning images: colour wash from {} {} on, trilinear; nothing is shown \
             below. A dashed frame shows where the dose grid ends: beyond, dose is not calculated, not cold. Total dose {}.",
            labels.plan,
            rt_draw::labels::round(self.options.style.levels.first().map_or(f64::NAN, |level| level.dose)),
            labels.unit,
            labels.total,
        )
    }

    fn single_frame(&self, common: &DataSet, at: usize) -> Result<Made, ExportError> {
        let number = self.slices[at];
        let slice = &self.case.stack.slices[number];
        let canvas = self.paint(at)?;
        let mut data = common.clone();
        data.integer(tags::INSTANCE_NUMBER, number + 1)
            .short(tags::ROWS, canvas.height as u16)
            .short(tags::COLUMNS, canvas.width as u16);
        header::copy_slice(slice, &PLANE, &mut data);
        header::copy_slice(slice, &LOSSY, &mut data);
        let plane = self.plane(number);
        data.text(tags::PATIENT_ORIENTATION, format!("{}\\{}", letters(plane.row), letters(plane.column)));
        if self.factor > 1 || slice.path.is_none() {
            let origin = plane.origin;
            data.decimals(tags::IMAGE_POSITION_PATIENT, [origin.x, origin.y, origin.z])
                .decimals(tags::PIXEL_SPACING, [plane.spacing[1].0, plane.spacing[0].0]);
        }
        if slice.path.is_none() {
            self.own_plane(&plane, number, &mut data);
        }
        header::derived(self.case, slice, &self.derivation(), &mut data);
        Ok(Made { data, pixels: Some(pixels(vec![canvas])) })
    }

    /// Orientation and thickness where no image states them.
    fn own_plane(&self, plane: &PixelPlane, number: usize, data: &mut DataSet) {
        let (row, column) = (plane.row, plane.column);
        data.decimals(tags::IMAGE_ORIENTATION_PATIENT, [row.x, row.y, row.z, column.x, column.y, column.z]);
        match self.case.stack.distance(number) {
            Some(distance) => data.decimals(tags::SLICE_THICKNESS, [(distance * 1e6).round() / 1e6]),
            None => data.empty(tags::SLICE_THICKNESS),
        };
    }

    fn many_frames(&self, common: &DataSet) -> Result<Made, ExportError> {
        use rayon::prelude::*;
        let canvases =
            (0..self.slices.len()).into_par_iter().map(|at| self.paint(at)).collect::<Result<Vec<_>, _>>()?;
        let first = &self.case.stack.slices[self.slices[0]];
        let planes: Vec<PixelPlane> = self.slices.iter().map(|slice| self.plane(*slice)).collect();
        let mut data = common.clone();
        data.integer(tags::INSTANCE_NUMBER, 1)
            .integer(tags::NUMBER_OF_FRAMES, self.slices.len())
            .short(tags::ROWS, canvases[0].height as u16)
            .short(tags::COLUMNS, canvases[0].width as u16);
        data.text(
            tags::PATIENT_ORIENTATION,
            format!("{}\\{}", letters(planes[0].row), letters(planes[0].column)),
        );
        header::copy_slice(first, &LOSSY, &mut data);
        header::derived(self.case, first, &self.derivation(), &mut data);
        let sources = self.slices.iter().filter_map(|slice| {
            let slice = &self.case.stack.slices[*slice];
            Some(DataSet::reference(
                slice.sop_class.as_ref()?.as_str(),
                slice.sop_instance.as_ref()?.as_str(),
            ))
        });
        let sources: Vec<DataSet> = sources.collect();
        if !sources.is_empty() {
            data.items(tags::SOURCE_IMAGE_SEQUENCE, sources);
        }
        self.functional_groups(first, &planes, &mut data);
        Ok(Made { data, pixels: Some(pixels(canvases)) })
    }

    /// Where each frame lies (PS3.3 A.8.5.4): exactly pixel measures, orientation and position.
    fn functional_groups(&self, first: &crate::slices::Slice, planes: &[PixelPlane], data: &mut DataSet) {
        // The slice location vector makes the frames a stack in space, not a film that plays.
        if planes.len() > 1 {
            data.put(tags::FRAME_INCREMENT_POINTER, Value::Tags(vec![tags::SLICE_LOCATION_VECTOR])).decimals(
                tags::SLICE_LOCATION_VECTOR,
                planes.iter().map(|plane| (plane.height() * 1e6).round() / 1e6),
            );
        }
        let mut measures = DataSet::default();
        measures.decimals(tags::PIXEL_SPACING, [planes[0].spacing[1].0, planes[0].spacing[0].0]);
        let mut orientation = DataSet::default();
        if first.path.is_some() {
            header::copy_slice(first, &[tags::IMAGE_ORIENTATION_PATIENT], &mut orientation);
            header::copy_slice(first, &[tags::SLICE_THICKNESS], &mut measures);
        } else {
            let (row, column) = (planes[0].row, planes[0].column);
            orientation.decimals(
                tags::IMAGE_ORIENTATION_PATIENT,
                [row.x, row.y, row.z, column.x, column.y, column.z],
            );
        }
        if !measures.has(tags::SLICE_THICKNESS)
            && let Some(distance) = self.case.stack.distance(self.slices[0])
        {
            measures.decimals(tags::SLICE_THICKNESS, [(distance * 1e6).round() / 1e6]);
        }
        let mut shared = DataSet::default();
        shared
            .items(tags::PIXEL_MEASURES_SEQUENCE, vec![measures])
            .items(tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
        let frames = planes.iter().zip(&self.slices).map(|(plane, slice)| {
            let mut position = DataSet::default();
            let slice = &self.case.stack.slices[*slice];
            if self.factor == 1 && slice.path.is_some() {
                header::copy_slice(slice, &[tags::IMAGE_POSITION_PATIENT], &mut position);
            } else {
                position
                    .decimals(tags::IMAGE_POSITION_PATIENT, [plane.origin.x, plane.origin.y, plane.origin.z]);
            }
            let mut frame = DataSet::default();
            frame.items(tags::PLANE_POSITION_SEQUENCE, vec![position]);
            frame
        });
        data.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared])
            .items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames.collect::<Vec<_>>());
    }
}

fn pixels(canvases: Vec<Canvas>) -> Pixels {
    let (frame, row) = canvases.first().map_or((1, 1), |canvas| (canvas.rgb.len(), canvas.width));
    let mut canvases = canvases.into_iter();
    let mut bytes = canvases.next().map(|canvas| canvas.rgb).unwrap_or_default();
    canvases.for_each(|canvas| bytes.extend_from_slice(&canvas.rgb));
    Pixels { bytes, frame, row, vr: Vr::OB, colours: Some(3) }
}
