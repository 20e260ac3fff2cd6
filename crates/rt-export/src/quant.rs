//! The dose in gray on the planes of the images, as a derived CT-class series (PS3.3 A.3): what a PACS can fuse, measure and
//! reformat.
//!
//! Stored numbers are at most 32767, so that a viewer that mistakes their sign shows the same; the slope is a power of ten, so that
//! one that ignores it shows centigray or milligray.
//!
//! Units: gray. Frame: DICOM patient coordinates (LPS).

use crate::case::ExportCase;
use crate::data_set::DataSet;
use crate::error::ExportError;
use crate::error::ExportErrorKind;
use crate::gate::refused;
use crate::header::{self, PLANE, SeriesFacts};
use crate::series::{Made, Pixels, Series, Syntax};
use crate::style::DoseUnit;
use dicom_core::VR;
use dicom_dictionary_std::tags;
use rt_geometry::resample::dose_on_plane;
use rt_model::uid::sop_class;

/// Largest stored number.
const LARGEST: f64 = 32767.0;
/// Below this maximum half a gray of window matters: the exact linear window is asked for (PS3.3 C.11.2.1.3.2).
const EXACT_BELOW: f64 = 10.0;

impl ExportCase {
    /// The dose in gray on every slice of the planning images.
    ///
    /// # Errors
    /// Where there are no images, or the dose is relative.
    pub fn quant(&self) -> Result<Series<'_>, ExportError> {
        let refuse = |detail: &str| Err(refused(ExportErrorKind::Unsuitable, self.plan_info(), detail));
        if self.labels.unit == DoseUnit::Percent {
            return refuse("a relative dose is shown in pictures alone, not as a series in gray");
        }
        if self.stack.modality.is_none() {
            return refuse("without planning images there is no grid to put the dose on");
        }
        let scale = Scale::for_maximum(self.labels.maximum);
        let facts = SeriesFacts {
            product: "quant",
            options: format!("slope 1e{}", scale.exponent),
            modality: "CT",
            number: 9002,
            suffix: "(dose)",
        };
        let series_instance = header::series_uid(self, &facts);
        let mut common = header::series(self, &facts, &series_instance);
        self.describe_quant(scale, &mut common);
        let derivation = self.derivation();
        let make = move |at: usize| {
            let slice = &self.stack.slices[at];
            let mut data = common.clone();
            data.integer(tags::INSTANCE_NUMBER, at + 1)
                .short(tags::ROWS, slice.plane.size[1] as u16)
                .short(tags::COLUMNS, slice.plane.size[0] as u16);
            header::copy_slice(slice, &PLANE, &mut data);
            header::derived(self, slice, &derivation, &mut data);
            let mut doses = vec![0.0; slice.plane.size[0] * slice.plane.size[1]];
            dose_on_plane(&self.dose, &slice.plane, &mut doses);
            let bytes: Vec<u8> = doses.iter().flat_map(|dose| scale.stored(*dose).to_le_bytes()).collect();
            let pixels = Pixels { frame: bytes.len(), bytes, row: slice.plane.size[0], vr: VR::OW, colours: None };
            Ok(Made { data, pixels: Some(pixels) })
        };
        Ok(Series {
            sop_class: sop_class::CT_IMAGE,
            series_instance,
            description: header::description(self, facts.suffix),
            name: facts.product,
            preferred: Syntax::ExplicitLittle,
            length: self.stack.slices.len(),
            make: Box::new(make),
        })
    }

    /// How the numbers came about, for Derivation Description.
    fn derivation(&self) -> String {
        let (reached, all) = (self.reached, self.stack.slices.len());
        format!(
            "Planned dose (RTDOSE) of plan {}, resampled at the pixel centres of the planning images by trilinear interpolation; \
             0 where the dose grid does not reach: not calculated there, not cold. The grid reaches {reached} of {all} slices \
             ({:.0} %). Total dose {}. Not a CT: values are {}.",
            self.labels.plan,
            100.0 * reached as f64 / all as f64,
            self.labels.total,
            self.labels.unit,
        )
    }

    fn describe_quant(&self, scale: Scale, data: &mut DataSet) {
        let slope = scale.slope;
        data.text(tags::IMAGE_TYPE, "DERIVED\\SECONDARY\\AXIAL")
            .empty(tags::KVP)
            .empty(tags::ACQUISITION_NUMBER)
            .short(tags::SAMPLES_PER_PIXEL, 1)
            .text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
            .short(tags::BITS_ALLOCATED, 16)
            .short(tags::BITS_STORED, 16)
            .short(tags::HIGH_BIT, 15)
            .short(tags::PIXEL_REPRESENTATION, 0)
            .text(tags::BURNED_IN_ANNOTATION, "NO")
            .text(tags::LOSSY_IMAGE_COMPRESSION, "00")
            .text(tags::RESCALE_INTERCEPT, "0")
            .text(tags::RESCALE_SLOPE, scale.text())
            .text(tags::RESCALE_TYPE, "GY");
        if !data.has(tags::PATIENT_POSITION) {
            data.empty(tags::PATIENT_POSITION);
        }
        self.windows(data);
        let weighted = self.labels.unit == DoseUnit::GyRbe;
        let (code, meaning) = if weighted { ("Gy{RBE}", "gray, RBE weighted") } else { ("Gy", "gray") };
        let explanation = if weighted { "Absorbed dose, RBE weighted" } else { "Absorbed dose" };
        let mut mapping = DataSet::default();
        mapping
            .put(tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, VR::US, crate::data_set::Value::Bytes(0u16.to_le_bytes().into()))
            .put(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, VR::US, crate::data_set::Value::Bytes(u16::MAX.to_le_bytes().into()))
            .double(tags::REAL_WORLD_VALUE_INTERCEPT, 0.0)
            .double(tags::REAL_WORLD_VALUE_SLOPE, slope)
            .text(tags::LUT_LABEL, "DOSE_GY")
            .text(tags::LUT_EXPLANATION, explanation)
            .items(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, vec![DataSet::code(code, "UCUM", meaning)]);
        data.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, vec![mapping]);
    }

    /// Windows in gray: all of the dose, and the neighbourhood of a settled prescription.
    fn windows(&self, data: &mut DataSet) {
        let maximum = self.labels.maximum.max(0.0);
        let mut ranges = vec![([0.0, 1.05 * maximum], "Full")];
        if let Some(prescription) = self.labels.prescription {
            ranges.push(([0.8 * prescription, 1.1 * prescription], "High"));
            ranges.push(([0.0, 0.3 * prescription], "Low"));
        }
        let exact = maximum < EXACT_BELOW;
        // The default function maps c - 0.5 - (w - 1)/2 to black and c - 0.5 + (w - 1)/2 to white (PS3.3 C.11.2.1.2.1).
        let unit = if exact { 0.0 } else { 1.0 };
        if exact {
            data.text(tags::VOILUT_FUNCTION, "LINEAR_EXACT");
            ranges.retain(|([low, high], _)| high > low);
        }
        let tidy = |value: f64| (value * 1e4).round() / 1e4;
        if !ranges.is_empty() {
            data.decimals(tags::WINDOW_CENTER, ranges.iter().map(|([low, high], _)| tidy((low + high + unit) / 2.0)))
                .decimals(tags::WINDOW_WIDTH, ranges.iter().map(|([low, high], _)| tidy(high - low + unit)))
                .text(tags::WINDOW_CENTER_WIDTH_EXPLANATION, ranges.iter().map(|range| range.1).collect::<Vec<_>>().join("\\"));
        }
    }
}

/// The dose of one stored unit: a power of ten.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    exponent: i32,
    /// 10 to the exponent.
    slope: f64,
}

impl Scale {
    /// The finest that stores `maximum` in at most 32767.
    fn for_maximum(maximum: f64) -> Self {
        let mut exponent = -6;
        while maximum > LARGEST * 10f64.powi(exponent) {
            exponent += 1;
        }
        Self::of(exponent)
    }

    fn of(exponent: i32) -> Self {
        // The number that the decimal string reads as, so that writer and readers multiply by the same.
        let slope = power_of_ten(exponent).parse().unwrap_or(f64::NAN);
        Self { exponent, slope }
    }

    /// The slope as a decimal string that is exact.
    fn text(self) -> String {
        power_of_ten(self.exponent)
    }

    /// The number for a dose; unknown and negative doses are 0.
    fn stored(self, dose: f32) -> u16 {
        // Rounded by the cast, which is several times as fast as a call of round; a comparison with NaN is false.
        let number = f64::from(dose) / self.slope + 0.5;
        if number >= 1.0 { number.min(LARGEST) as u16 } else { 0 }
    }
}

/// A power of ten as a decimal string.
fn power_of_ten(exponent: i32) -> String {
    match exponent {
        0.. => format!("1{}", "0".repeat(exponent as usize)),
        below => format!("0.{}1", "0".repeat(-below as usize - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_the_finest_power_of_ten() {
        for (maximum, text) in
            [(66.0, "0.01"), (20.0, "0.001"), (32.767, "0.001"), (32.768, "0.01"), (400.0, "0.1"), (0.0, "0.000001")]
        {
            assert_eq!(Scale::for_maximum(maximum).text(), text, "{maximum}");
        }
        assert_eq!(Scale::of(2).text(), "100");
    }

    #[test]
    fn doses_round_to_the_nearest_step() {
        let scale = Scale::for_maximum(66.0);
        for (dose, stored) in [(0.004, 0), (0.006, 1), (65.999, 6600), (-3.0, 0), (f32::NAN, 0), (1e9, 32767)] {
            assert_eq!(scale.stored(dose), stored, "{dose}");
        }
    }
}
