//! How products are made.
//!
//! Units: percent of the prescription or Gy for levels. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use crate::product::Product;
use rt_draw::draw::palette::{Palette, parse_levels};
use rt_draw::outlines::RoiChoice;
use rt_draw::report::{Paper, ReportKind};
use rt_draw::style::{Level, PictureStyle};
use rt_dvh::DvhOptions;
use rt_export::case::ExportCase;
use rt_export::case_report::ReportOptions;
use rt_export::error::ExportError;
use rt_export::isodose_set::{Holes, IsodoseOptions};
use rt_export::quant::QuantOptions;
use rt_export::series::{Series, Syntax};
use rt_export::wash::WashOptions;
use rt_model::finding::Parsed;
use rt_model::image::Window;

/// How products of a case are made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProductOptions {
    /// Colours.
    pub palette: Palette,
    /// Levels such as `95%,20Gy`, resolved for each case since percent is of its prescription; the palette's
    /// own where `None`.
    pub levels: Option<String>,
    /// Opacity of the wash, 0 to 1.
    pub opacity: f64,
    /// Window of the anatomy; the images' own where `None`.
    pub window: Option<Window>,
    /// ROIs that are outlined.
    pub rois: RoiChoice,
    /// Every slice, not only those the dose reaches.
    pub all_slices: bool,
    /// Encoding of pictures: run-length encoded, or plain.
    pub pictures: Syntax,
    /// Which report; the full one is never sent.
    pub pdf: ReportKind,
    /// Its paper.
    pub paper: Paper,
    /// How the dose series is stored.
    pub quant: QuantOptions,
    /// Holes of isodose volumes.
    pub holes: Holes,
    /// Names of isodose volumes of at most 16 characters.
    pub short_names: bool,
    /// How DVHs of the report are computed.
    pub dvh: DvhOptions,
}

/// The numbers of each ROI that the full report gives with their intervals.
const METRICS: [&str; 5] = ["D98%", "D95%", "D50%", "D2%", "Mean"];

/// The preset of those who choose none.
pub const DEFAULT_PRESET: &str = rt_dvh::preset::DEFAULT;

/// The names of the presets of the DVH engine, our own first.
pub fn presets() -> impl Iterator<Item = &'static str> {
    rt_dvh::preset::names()
}

impl ProductOptions {
    /// The usual options with a preset of the DVH engine; `None` where it is none of [`presets`].
    ///
    /// ```
    /// use rt_deliver::{ProductOptions, presets};
    ///
    /// let options = ProductOptions::of_preset("dosebridge-2").expect("a preset");
    /// assert_eq!(options.opacity, 0.4);
    /// assert!(presets().all(|name| ProductOptions::of_preset(name).is_some()));
    /// assert!(ProductOptions::of_preset("dosebridge-0").is_none());
    /// ```
    #[must_use]
    pub fn of_preset(name: &str) -> Option<Self> {
        Some(Self {
            palette: Palette::Standard,
            levels: None,
            opacity: 0.4,
            window: None,
            rois: RoiChoice::Targets,
            all_slices: false,
            pictures: Syntax::Rle,
            pdf: ReportKind::Pacs,
            paper: Paper::A4,
            quant: QuantOptions::default(),
            holes: Holes::Separate,
            short_names: false,
            dvh: DvhOptions::preset(name)?,
        })
    }

    /// The levels for a case: those that are stated, else the palette's.
    ///
    /// # Errors
    /// [`DeliverErrorKind::Levels`] where the text states no levels, or percent of a prescription that is not
    /// settled.
    pub fn levels(&self, case: &ExportCase) -> Result<Vec<Level>, DeliverError> {
        let labels = case.labels();
        let Some(text) = &self.levels else {
            return Ok(self.palette.levels(labels.maximum, labels.prescription));
        };
        let doses = parse_levels(text, labels.prescription).map_err(|error| {
            DeliverError::new(
                DeliverErrorKind::Levels,
                "levels",
                format!("expected levels of this case, found {text:?}"),
            )
            .caused(error)
        })?;
        Ok(self.palette.colour(&doses))
    }

    /// How pictures of a case are made.
    ///
    /// # Errors
    /// As [`Self::levels`].
    pub fn wash(&self, case: &ExportCase) -> Result<WashOptions, DeliverError> {
        let style = PictureStyle {
            levels: self.levels(case)?,
            unit: case.labels().unit,
            opacity: self.opacity,
            lines: true,
            outlines: self.rois != RoiChoice::None,
        };
        Ok(WashOptions { style, window: self.window, rois: self.rois.clone(), all_slices: self.all_slices })
    }

    /// How isodose volumes of a case are made.
    ///
    /// # Errors
    /// As [`Self::levels`].
    pub fn isodose(&self, case: &ExportCase) -> Result<IsodoseOptions, DeliverError> {
        Ok(IsodoseOptions { levels: self.levels(case)?, holes: self.holes, short_names: self.short_names })
    }

    /// How the report of a case is made.
    ///
    /// # Errors
    /// As [`Self::levels`].
    pub fn report(&self, case: &ExportCase) -> Result<ReportOptions, DeliverError> {
        let metrics = METRICS.iter().filter_map(|metric| metric.parse().ok()).collect();
        Ok(ReportOptions { pictures: self.wash(case)?, dvh: self.dvh.clone(), metrics })
    }

    /// The instances of a product that is DICOM objects, and what was noticed about it.
    ///
    /// # Errors
    /// Where the case allows no such product, or it is plain files.
    pub(crate) fn series<'a>(
        &self,
        product: Product,
        case: &'a ExportCase,
    ) -> Result<Parsed<Series<'a>>, DeliverError> {
        let plain = |series: Result<Series<'a>, ExportError>| {
            series.map(|value| Parsed { value, findings: Vec::new() })
        };
        let series = match product {
            Product::Wash => case.wash(&self.wash(case)?),
            Product::WashMultiframe => case.wash_multi_frame(&self.wash(case)?),
            Product::Quant => plain(case.quant(&self.quant)),
            Product::Isodose => plain(case.isodose(&self.isodose(case)?)),
            Product::Pdf => plain(case.pdf(&self.report(case)?, self.paper)),
            Product::Png | Product::Svg | Product::Csv => {
                let text = "expected a product for a PACS, found files";
                return Err(DeliverError::new(DeliverErrorKind::NotForNode(product), product.as_str(), text));
            }
        };
        series.map_err(DeliverError::product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_of_the_full_report_is_one() {
        assert_eq!(
            METRICS.iter().filter(|metric| metric.parse::<rt_dvh::metric::Metric>().is_ok()).count(),
            METRICS.len()
        );
    }
}
