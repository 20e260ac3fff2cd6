//! The merged layers as checked values.
//!
//! Units: Gy or percent for levels. Frame: none.

use super::layer::Layer;
use rt_cli::exit::Failure;
use rt_deliver::{Product, ProductOptions, presets};
use rt_draw::draw::palette::Palette;
use rt_draw::outlines::RoiChoice;
use rt_draw::report::{Paper, ReportKind};
use rt_export::isodose_set::Holes;
use rt_export::quant::{QuantUnits, Slope};
use rt_export::series::Syntax;
use rt_model::image::Window;

/// What a command works with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// What is made, each once, in order.
    pub(crate) products: Vec<Product>,
    /// How it is made.
    pub(crate) making: ProductOptions,
    /// Take plans that are not approved.
    pub(crate) allow_unapproved: bool,
}

impl Settings {
    /// The settings that merged layers make.
    pub(crate) fn new(layer: &Layer) -> Result<Self, Failure> {
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
            let product =
                Product::parse(name).ok_or_else(|| wrong("products", &format!("some of {known}"), name))?;
            if !products.contains(&product) {
                products.push(product);
            }
        }
        if products.is_empty() {
            return Err(wrong("products", "one or more", ""));
        }
        let name = text(&export.palette);
        let known = Palette::ALL.map(Palette::as_str).join(", ");
        let palette =
            Palette::parse(name).ok_or_else(|| wrong("palette", &format!("one of {known}"), name))?;
        let opacity = export.opacity.unwrap_or_default();
        if !(0.0..=1.0).contains(&opacity) {
            return Err(wrong("opacity", "a number from 0 to 1", &opacity.to_string()));
        }
        let window = export.window.as_deref().map(|text| {
            let numbers = text.split_once('/').and_then(|(centre, width)| {
                Some(Window { centre: centre.trim().parse().ok()?, width: width.trim().parse().ok()? })
            });
            let sound = numbers
                .filter(|window| window.centre.is_finite() && window.width.is_finite() && window.width > 0.0);
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
            "pacs" => ReportKind::Pacs,
            "physics" => ReportKind::Physics,
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
        let known = || presets().collect::<Vec<_>>().join(", ");
        let making = ProductOptions::of_preset(preset);
        let mut making = making.ok_or_else(|| wrong("preset", &format!("one of {}", known()), preset))?;
        (making.palette, making.opacity, making.levels) = (palette, opacity, export.levels.clone());
        (making.window, making.rois, making.pictures) = (window.transpose()?, rois, pictures);
        (making.pdf, making.paper, making.holes) = (pdf, paper, holes);
        (making.quant.slope, making.quant.units) = (slope, units);
        making.all_slices = export.all_slices.unwrap_or_default();
        making.short_names = export.short_names.unwrap_or_default();
        Ok(Self { products, making, allow_unapproved: export.allow_unapproved.unwrap_or_default() })
    }
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
        let making = settings.making;
        assert_eq!(
            (making.pictures, making.pdf, making.rois),
            (Syntax::Rle, ReportKind::Pacs, RoiChoice::Targets)
        );
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
}
