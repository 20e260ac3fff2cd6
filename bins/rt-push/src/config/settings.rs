//! The merged layers as checked values.
//!
//! Units: Gy or percent for levels. Frame: none.

use super::layer::Layer;
use crate::exit::{Failure, chain};
use crate::product::Product;
use rt_dvh::DvhOptions;
use rt_export::case::ExportCase;
use rt_export::case_report::ReportOptions;
use rt_export::draw::palette::{Palette, parse_levels};
use rt_export::isodose_set::{Holes, IsodoseOptions};
use rt_export::outlines::RoiChoice;
use rt_export::quant::{QuantOptions, QuantUnits, Slope};
use rt_export::report::Paper;
use rt_export::series::Syntax;
use rt_export::style::{Level, PictureStyle};
use rt_export::wash::WashOptions;
use rt_model::image::Window;

/// What a command works with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is made, each once, in order.
    pub products: Vec<Product>,
    /// Colours.
    pub palette: Palette,
    /// Levels as the user wrote them; the palette's own where `None`.
    pub levels: Option<String>,
    /// Opacity of the wash.
    pub opacity: f64,
    /// Window of the anatomy.
    pub window: Option<Window>,
    /// ROIs that are outlined.
    pub rois: RoiChoice,
    /// Every slice.
    pub all_slices: bool,
    /// Encoding of pictures.
    pub pictures: Syntax,
    /// Which report.
    pub pdf: PdfKind,
    /// Its paper.
    pub paper: Paper,
    /// How the dose series is stored.
    pub quant: QuantOptions,
    /// Holes of isodose volumes.
    pub holes: Holes,
    /// Short names of isodose volumes.
    pub short_names: bool,
    /// Take plans that are not approved.
    pub allow_unapproved: bool,
    /// How DVHs are computed.
    pub dvh: DvhOptions,
}

/// Which report `pdf` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfKind {
    /// One page as an encapsulated PDF.
    Pacs,
    /// The full report as a plain PDF file: it stays in physics.
    Physics,
}

/// The numbers of each ROI that the full report gives with their intervals.
const METRICS: [&str; 5] = ["D98%", "D95%", "D50%", "D2%", "Mean"];

impl Settings {
    /// The settings that merged layers make.
    ///
    /// # Errors
    /// Where a value is not what its key takes.
    pub fn new(layer: &Layer) -> Result<Self, Failure> {
        let export = &layer.export;
        let wrong = |key: &str, expected: &str, found: &str| {
            Failure::usage(format!("export.{key}: expected {expected}, found {found:?}"))
        };
        fn text(value: &Option<String>) -> &str {
            value.as_deref().unwrap_or_default()
        }
        let mut products = Vec::new();
        for name in export.products.iter().flatten() {
            let known = Product::ALL.map(Product::as_str).join(", ");
            let product = Product::parse(name).ok_or_else(|| wrong("products", &format!("some of {known}"), name))?;
            if !products.contains(&product) {
                products.push(product);
            }
        }
        if products.is_empty() {
            return Err(wrong("products", "one or more", ""));
        }
        let name = text(&export.palette);
        let known = Palette::ALL.map(Palette::as_str).join(", ");
        let palette = Palette::parse(name).ok_or_else(|| wrong("palette", &format!("one of {known}"), name))?;
        let opacity = export.opacity.unwrap_or_default();
        if !(0.0..=1.0).contains(&opacity) {
            return Err(wrong("opacity", "a number from 0 to 1", &opacity.to_string()));
        }
        let window = export.window.as_deref().map(|text| {
            let numbers = text.split_once('/').and_then(|(centre, width)| {
                Some(Window { centre: centre.trim().parse().ok()?, width: width.trim().parse().ok()? })
            });
            let sound = numbers.filter(|window| window.centre.is_finite() && window.width.is_finite() && window.width > 0.0);
            sound.ok_or_else(|| wrong("window", "centre/width such as 40/400", text))
        });
        let rois = match text(&export.rois) {
            "targets" => RoiChoice::Targets,
            "all" => RoiChoice::All,
            "none" | "" => RoiChoice::None,
            names => RoiChoice::Named(names.split(',').map(|name| name.trim().to_owned()).collect()),
        };
        let pictures = match text(&export.compression) {
            "rle" => Syntax::Rle,
            "none" => Syntax::ExplicitLittle,
            other => return Err(wrong("compression", "rle or none", other)),
        };
        let pdf = match text(&export.pdf) {
            "pacs" => PdfKind::Pacs,
            "physics" => PdfKind::Physics,
            other => return Err(wrong("pdf", "pacs or physics", other)),
        };
        let paper = match text(&export.paper) {
            "a4" => Paper::A4,
            "letter" => Paper::Letter,
            other => return Err(wrong("paper", "a4 or letter", other)),
        };
        let slope = match text(&export.slope) {
            "power-of-ten" => Slope::PowerOfTen,
            "full" => Slope::Full,
            other => return Err(wrong("slope", "power-of-ten or full", other)),
        };
        let units = match text(&export.units) {
            "gy" => QuantUnits::Gray,
            "cgy" => QuantUnits::Centigray,
            other => return Err(wrong("units", "gy or cgy", other)),
        };
        let holes = match text(&export.holes) {
            "separate" => Holes::Separate,
            "keyhole" => Holes::Keyhole,
            "xor" => Holes::Xor,
            other => return Err(wrong("holes", "separate, keyhole or xor", other)),
        };
        let preset = text(&export.preset);
        let known = || rt_dvh::preset::names().collect::<Vec<_>>().join(", ");
        let dvh = DvhOptions::preset(preset).ok_or_else(|| wrong("preset", &format!("one of {}", known()), preset))?;
        Ok(Self {
            products,
            palette,
            levels: export.levels.clone(),
            opacity,
            window: window.transpose()?,
            rois,
            all_slices: export.all_slices.unwrap_or_default(),
            pictures,
            pdf,
            paper,
            quant: QuantOptions { slope, units },
            holes,
            short_names: export.short_names.unwrap_or_default(),
            allow_unapproved: export.allow_unapproved.unwrap_or_default(),
            dvh,
        })
    }

    /// The levels for a case: the user's, else the palette's.
    ///
    /// # Errors
    /// Where the user's are no levels, or percent of a prescription that is not settled.
    pub fn levels(&self, case: &ExportCase) -> Result<Vec<Level>, Failure> {
        let labels = case.labels();
        match &self.levels {
            None => Ok(self.palette.levels(labels.maximum, labels.prescription)),
            Some(text) => {
                let doses = parse_levels(text, labels.prescription);
                Ok(self.palette.colour(&doses.map_err(|error| Failure::usage(format!("export.levels: {}", chain(&error))))?))
            }
        }
    }

    /// How pictures of a case are made.
    ///
    /// # Errors
    /// As [`Self::levels`].
    pub fn wash(&self, case: &ExportCase) -> Result<WashOptions, Failure> {
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
    pub fn isodose(&self, case: &ExportCase) -> Result<IsodoseOptions, Failure> {
        Ok(IsodoseOptions { levels: self.levels(case)?, holes: self.holes, short_names: self.short_names })
    }

    /// How the report of a case is made.
    ///
    /// # Errors
    /// As [`Self::levels`].
    pub fn report(&self, case: &ExportCase) -> Result<ReportOptions, Failure> {
        let metrics = METRICS.iter().filter_map(|metric| metric.parse().ok()).collect();
        Ok(ReportOptions { pictures: self.wash(case)?, dvh: self.dvh.clone(), metrics })
    }
}

/// The merged layers as a configuration file.
#[must_use]
pub fn print(layer: &Layer) -> String {
    toml::to_string(layer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Settings, Failure> {
        Settings::new(&Layer::defaults().under(toml::from_str(text).unwrap()))
    }

    #[test]
    fn the_defaults_are_sound() {
        let settings = settings("").unwrap();
        assert_eq!(settings.products, [Product::Wash, Product::Pdf]);
        assert_eq!((settings.pictures, settings.pdf, settings.rois), (Syntax::Rle, PdfKind::Pacs, RoiChoice::Targets));
        assert_eq!(METRICS.iter().filter(|metric| metric.parse::<rt_dvh::metric::Metric>().is_ok()).count(), METRICS.len());
    }

    #[test]
    fn values_are_checked_and_named() {
        for (text, key) in [
            ("products = ['wash', 'film']", "export.products"),
            ("products = []", "export.products"),
            ("palette = 'pink'", "export.palette"),
            ("opacity = 2.0", "export.opacity"),
            ("window = '40'", "export.window"),
            ("window = '40/-1'", "export.window"),
            ("compression = 'jpeg'", "export.compression"),
            ("pdf = 'both'", "export.pdf"),
            ("paper = 'a5'", "export.paper"),
            ("slope = 'steep'", "export.slope"),
            ("units = 'rad'", "export.units"),
            ("holes = 'none'", "export.holes"),
            ("preset = 'x'", "export.preset"),
        ] {
            let failure = settings(&format!("[export]\n{text}\n")).unwrap_err();
            assert!(failure.text.starts_with(key), "{failure}");
        }
    }

    #[test]
    fn the_printed_configuration_reads_back() {
        let layer = Layer::defaults();
        let back: Layer = toml::from_str(&print(&layer)).unwrap();
        assert_eq!(back.export, layer.export);
    }
}
