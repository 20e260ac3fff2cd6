//! The dose in gray on the planes of the images, as a derived CT-class series (PS3.3 A.3): what a PACS can
//! fuse, measure and reformat.
//!
//! Stored numbers are at most 32767, so that a viewer that mistakes their sign shows the same; the slope is a
//! power of ten, so that one that ignores it shows centigray or milligray. Both can be given up for the
//! finest steps that 16 bits hold.
//!
//! Units: gray; centigray where asked for. Frame: DICOM patient coordinates (LPS).

use crate::attributes::PLANE;
use crate::case::ExportCase;
use crate::content::{Canonical, options_of};
use crate::error::ExportError;
use crate::error::ExportErrorKind;
use crate::gate::refused;
use crate::header::{self, SeriesFacts};
use crate::series::{Made, Pixels, Series, Syntax};
use crate::uid::Content;
use rt_dicom::{DataSet, Value, Vr, decimal, tags};
use rt_draw::style::DoseUnit;
use rt_geometry::resample::dose_on_plane;
use rt_model::finding::export as codes;
use rt_model::uid::sop_class;

/// How the dose is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuantOptions {
    /// The dose of one stored unit.
    pub slope: Slope,
    /// What a PACS reads.
    pub units: QuantUnits,
}

impl Canonical for QuantOptions {
    fn add_to(&self, content: &mut Content) {
        let Self { slope, units } = self;
        let slope = match slope {
            Slope::PowerOfTen => "power of ten",
            Slope::Full => "full",
        };
        let units = match units {
            QuantUnits::Gray => "Gy",
            QuantUnits::Centigray => "cGy",
        };
        content.text("slope", slope).text("units", units);
    }
}

/// The dose of one stored unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slope {
    /// The finest power of ten, numbers up to 32767.
    #[default]
    PowerOfTen,
    /// The finest there is: the maximum is 65535.
    Full,
}

/// What Rescale Slope makes of stored numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuantUnits {
    /// Gray.
    #[default]
    Gray,
    /// Centigray, no finer than whole ones with a power of ten: for viewers that show whole numbers alone.
    Centigray,
}

impl QuantUnits {
    /// Rescale Type (0028,1054).
    const fn rescale_type(self) -> &'static str {
        match self {
            Self::Gray => "GY",
            Self::Centigray => "CGY",
        }
    }

    /// So many make a gray.
    const fn in_gray(self) -> f64 {
        match self {
            Self::Gray => 1.0,
            Self::Centigray => 100.0,
        }
    }
}

/// Largest stored number of a power of ten.
const LARGEST: f64 = 32767.0;
/// Largest number of 16 bits.
const FULL: f64 = 65535.0;
/// Below this maximum half a unit of window matters: the exact linear window is asked for (PS3.3
/// C.11.2.1.3.2).
const EXACT_BELOW: f64 = 10.0;

impl ExportCase {
    /// The dose in gray on every slice of the planning images.
    ///
    /// # Errors
    /// Where there are no images, or the dose is relative.
    pub fn quant(&self, options: &QuantOptions) -> Result<Series<'_>, ExportError> {
        let options = *options;
        let refuse = |detail: &str| Err(refused(ExportErrorKind::Unsuitable, self.plan_info(), detail));
        if self.labels.unit == DoseUnit::Percent {
            return refuse("a relative dose is shown in pictures alone, not as a series in gray");
        }
        if self.stack.modality.is_none() {
            let why = self.findings().iter().find(|finding| finding.code == codes::NO_IMAGES);
            let why = why.map(|finding| format!(": {}", finding.text)).unwrap_or_default();
            return refuse(&format!("without planning images there is no grid to put the dose on{why}"));
        }
        let scale = Scale::new(self.labels.maximum, options);
        let facts = SeriesFacts {
            product: "quant",
            options: options_of(&[&options, &scale]),
            modality: "CT",
            number: 9002,
            suffix: "(dose)",
        };
        let series_instance = header::series_uid(self, &facts);
        let mut common = header::series(self, &facts, &series_instance);
        self.describe_quant(&scale, options.units, &mut common);
        let derivation = self.derivation(options.units);
        let make = move |at: usize| {
            let slice = &self.stack.slices[at];
            let mut data = common.clone();
            data.integer(tags::INSTANCE_NUMBER, at + 1)
                .short(tags::ROWS, slice.plane.size[1] as u16)
                .short(tags::COLUMNS, slice.plane.size[0] as u16);
            header::copy_slice(slice, &PLANE, &mut data);
            header::derived(self, slice, &derivation, &mut data);
            let mut doses = vec![0.0; slice.plane.size[0] * slice.plane.size[1]];
            dose_on_plane(self.dose(), &slice.plane, &mut doses);
            let words = doses.iter().map(|dose| scale.stored(*dose).to_le_bytes());
            let bytes = words.collect::<Vec<[u8; 2]>>().into_flattened();
            let pixels =
                Pixels { frame: bytes.len(), bytes, row: slice.plane.size[0], vr: Vr::OW, colours: None };
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
    fn derivation(&self, units: QuantUnits) -> String {
        let hundredths = if units == QuantUnits::Centigray { "hundredths of " } else { "" };
        let (reached, all) = (self.reached, self.stack.slices.len());
        format!(
            "Planned dose (RTDOSE) of plan {}, resampled at the pixel centres of the planning images by trilinear interpolation; \
             0 where the dose grid does not reach: not calculated there, not cold. The grid reaches {reached} of {all} slices \
             ({:.0} %). Total dose {}. Not a CT: values are {hundredths}{}.",
            self.labels.plan,
            100.0 * reached as f64 / all as f64,
            self.labels.total,
            self.labels.unit,
        )
    }

    fn describe_quant(&self, scale: &Scale, units: QuantUnits, data: &mut DataSet) {
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
            .text(tags::RESCALE_SLOPE, &scale.text)
            .text(tags::RESCALE_TYPE, units.rescale_type());
        if !data.has(tags::PATIENT_POSITION) {
            data.empty(tags::PATIENT_POSITION);
        }
        self.windows(units, data);
        let weighted = self.labels.unit == DoseUnit::GyRbe;
        let (code, meaning) = if weighted { ("Gy{RBE}", "gray, RBE weighted") } else { ("Gy", "gray") };
        let explanation = if weighted { "Absorbed dose, RBE weighted" } else { "Absorbed dose" };
        let mut mapping = DataSet::default();
        mapping
            .put_as(tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, Vr::US, Value::Words(vec![0]))
            .put_as(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, Vr::US, Value::Words(vec![u16::MAX]))
            .double(tags::REAL_WORLD_VALUE_INTERCEPT, 0.0)
            .double(tags::REAL_WORLD_VALUE_SLOPE, scale.step)
            .text(tags::LUT_LABEL, "DOSE_GY")
            .text(tags::LUT_EXPLANATION, explanation)
            .items(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, vec![DataSet::code(code, "UCUM", meaning)]);
        data.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, vec![mapping]);
    }

    /// Windows in what is read: all of the dose, and the neighbourhood of a settled prescription.
    fn windows(&self, units: QuantUnits, data: &mut DataSet) {
        let maximum = self.labels.maximum.max(0.0) * units.in_gray();
        let mut ranges = vec![([0.0, 1.05 * maximum], "Full")];
        if let Some(prescription) = self.labels.prescription.map(|dose| dose * units.in_gray()) {
            ranges.push(([0.8 * prescription, 1.1 * prescription], "High"));
            ranges.push(([0.0, 0.3 * prescription], "Low"));
        }
        let exact = maximum < EXACT_BELOW;
        // The default function maps c - 0.5 - (w - 1)/2 to black and c - 0.5 + (w - 1)/2 to white (PS3.3
        // C.11.2.1.2.1).
        let unit = if exact { 0.0 } else { 1.0 };
        if exact {
            data.text(tags::VOILUT_FUNCTION, "LINEAR_EXACT");
            ranges.retain(|([low, high], _)| high > low);
        }
        let tidy = |value: f64| (value * 1e4).round() / 1e4;
        if !ranges.is_empty() {
            data.decimals(
                tags::WINDOW_CENTER,
                ranges.iter().map(|([low, high], _)| tidy((low + high + unit) / 2.0)),
            )
            .decimals(tags::WINDOW_WIDTH, ranges.iter().map(|([low, high], _)| tidy(high - low + unit)))
            .text(
                tags::WINDOW_CENTER_WIDTH_EXPLANATION,
                ranges.iter().map(|range| range.1).collect::<Vec<_>>().join("\\"),
            );
        }
    }
}

/// How a dose becomes a stored number.
#[derive(Debug, Clone, PartialEq)]
struct Scale {
    /// Rescale Slope as it is written.
    text: String,
    /// Gray of one stored unit: what the text reads as, so that writer and readers multiply by the same.
    step: f64,
    /// The largest stored number.
    largest: f64,
}

impl Canonical for Scale {
    fn add_to(&self, content: &mut Content) {
        let Self { text, step: _, largest } = self;
        content.text("slope", text).number("largest", *largest);
    }
}

impl Scale {
    /// The scale that holds `maximum` gray.
    fn new(maximum: f64, options: QuantOptions) -> Self {
        let maximum = maximum * options.units.in_gray();
        let (text, largest) = match options.slope {
            Slope::Full if maximum > 0.0 => (finest(maximum), FULL),
            Slope::Full | Slope::PowerOfTen => {
                let mut exponent = if options.units == QuantUnits::Centigray { 0 } else { -6 };
                while maximum > LARGEST * 10f64.powi(exponent) {
                    exponent += 1;
                }
                (power_of_ten(exponent), LARGEST)
            }
        };
        let step = text.parse().unwrap_or(f64::NAN) / options.units.in_gray();
        Self { text, step, largest }
    }

    /// The number for a dose: the nearest, halves up. Unknown and negative doses are 0.
    ///
    /// Written without a cast and a branch, so that the compiler makes vector instructions of it: a double
    /// between 2^52 and 2^53 is a whole number, and its lowest bits are that number's.
    fn stored(&self, dose: f32) -> u16 {
        const WHOLE: f64 = 4_503_599_627_370_496.0;
        let number = f64::from(dose) / self.step + 0.5;
        // A comparison with NaN is false.
        let number = if number >= 1.0 { number } else { 0.0 };
        let number = if number < self.largest { number } else { self.largest };
        let nearest = (number + WHOLE) - WHOLE;
        let floor = if nearest > number { nearest - 1.0 } else { nearest };
        (floor + WHOLE).to_bits() as u16
    }
}

/// The smallest slope that a decimal string can say and that stores `maximum` in 16 bits.
fn finest(maximum: f64) -> String {
    let slope = maximum / FULL;
    let holds = |text: &String| text.parse::<f64>().is_ok_and(|read| read * FULL >= maximum);
    // A decimal string may round down in its last digit.
    let mut texts = (0..).map(|step| decimal::text(slope * (1.0 + f64::from(step) * 1e-9)));
    texts.find(holds).unwrap_or_default()
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

    const PLAIN: QuantOptions = QuantOptions { slope: Slope::PowerOfTen, units: QuantUnits::Gray };

    #[test]
    fn the_slope_is_the_finest_power_of_ten() {
        for (maximum, text) in [
            (66.0, "0.01"),
            (20.0, "0.001"),
            (32.767, "0.001"),
            (32.768, "0.01"),
            (400.0, "0.1"),
            (0.0, "0.000001"),
        ] {
            assert_eq!(Scale::new(maximum, PLAIN).text, text, "{maximum}");
        }
        for (maximum, text) in [(66.0, "1"), (0.2, "1"), (400.0, "10")] {
            let scale = Scale::new(maximum, QuantOptions { units: QuantUnits::Centigray, ..PLAIN });
            assert_eq!(
                (scale.text.as_str(), scale.stored(0.1)),
                (text, (10.0 / text.parse::<f64>().unwrap()) as u16),
                "{maximum}"
            );
        }
    }

    #[test]
    fn the_full_slope_holds_the_maximum_and_no_more() {
        for units in [QuantUnits::Gray, QuantUnits::Centigray] {
            for maximum in [66.0f32, 71.63, 1.0 / 3.0, 89.721_09, 2e-5, 4321.5] {
                let scale = Scale::new(f64::from(maximum), QuantOptions { slope: Slope::Full, units });
                assert!(scale.text.len() <= 16, "{scale:?}");
                assert_eq!(scale.stored(maximum), 65535, "{scale:?}");
                assert!(scale.step * 65535.0 / f64::from(maximum) < 1.0 + 1e-8, "{scale:?}");
            }
            assert_eq!(Scale::new(0.0, QuantOptions { slope: Slope::Full, units }).stored(1.0).min(1), 1);
        }
    }

    #[test]
    fn doses_round_to_the_nearest_step() {
        let scale = Scale::new(66.0, PLAIN);
        for (dose, stored) in [(0.004, 0), (0.006, 1), (65.999, 6600), (-3.0, 0), (f32::NAN, 0), (1e9, 32767)]
        {
            assert_eq!(scale.stored(dose), stored, "{dose}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_number_is_the_floor_of_the_quotient_and_a_half(
            dose in proptest::prelude::any::<f32>(),
            near in 0.0f32..70.0,
            step in 1e-6f64..10.0,
            largest in proptest::sample::select(vec![LARGEST, FULL]),
        ) {
            let scale = Scale { text: String::new(), step, largest };
            for dose in [dose, near] {
                let floor = (f64::from(dose) / step + 0.5).floor().min(largest).max(0.0);
                let floor = if dose.is_nan() { 0.0 } else { floor };
                proptest::prop_assert_eq!(f64::from(scale.stored(dose)), floor);
            }
        }
    }
}
