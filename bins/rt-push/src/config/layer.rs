//! One layer of configuration: every key may be absent.
//!
//! Units: as each key says. Frame: none.

use serde::{Deserialize, Serialize};

/// A layer: what one source says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layer {
    /// What is made of a dose.
    pub export: Export,
    /// Nodes of the network by name, `[pacs.<name>]`; read by the commands that send.
    #[serde(skip_serializing)]
    pub pacs: toml::Table,
    /// Sections of other programs that share the file.
    #[serde(skip_serializing)]
    pub database: toml::Table,
    /// See `database`.
    #[serde(skip_serializing)]
    pub import: toml::Table,
    /// See `database`.
    #[serde(skip_serializing)]
    pub dvh: toml::Table,
}

/// `[export]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Export {
    /// Products: wash, wash-multiframe, quant, pdf, isodose, png, svg, csv.
    pub products: Option<Vec<String>>,
    /// Levels, such as `95%` or `20Gy`; the palette's own where absent.
    pub levels: Option<String>,
    /// `standard`, `mim3` or `colour-blind`.
    pub palette: Option<String>,
    /// Opacity of the wash, 0 to 1.
    pub opacity: Option<f64>,
    /// Window of the anatomy as `centre/width`; the images' own where absent.
    pub window: Option<String>,
    /// ROIs that are outlined: `targets`, `all`, `none`, or names parted by commas.
    pub rois: Option<String>,
    /// Every slice, not only those the dose reaches.
    pub all_slices: Option<bool>,
    /// Run-length encoding of pictures: `rle` or `none`.
    pub compression: Option<String>,
    /// `pacs` or `physics`.
    pub pdf: Option<String>,
    /// `a4` or `letter`.
    pub paper: Option<String>,
    /// One unit of the dose series: `power-of-ten` or `full`.
    pub slope: Option<String>,
    /// What the dose series is in: `gy` or `cgy`.
    pub units: Option<String>,
    /// Holes of isodose volumes: `separate`, `keyhole` or `xor`.
    pub holes: Option<String>,
    /// Names of isodose volumes of at most 16 characters.
    pub short_names: Option<bool>,
    /// Take plans that are not approved.
    pub allow_unapproved: Option<bool>,
    /// Name of a preset of the DVH engine.
    pub preset: Option<String>,
}

impl Layer {
    /// What holds where nothing is said.
    #[must_use]
    pub fn defaults() -> Self {
        let export = Export {
            products: Some(vec!["wash".into(), "pdf".into()]),
            palette: Some("standard".into()),
            opacity: Some(0.4),
            rois: Some("targets".into()),
            all_slices: Some(false),
            compression: Some("rle".into()),
            pdf: Some("pacs".into()),
            paper: Some("a4".into()),
            slope: Some("power-of-ten".into()),
            units: Some("gy".into()),
            holes: Some("separate".into()),
            short_names: Some(false),
            allow_unapproved: Some(false),
            preset: Some("dosebridge-1".into()),
            ..Export::default()
        };
        Self { export, ..Self::default() }
    }

    /// This layer with what `upper` says on top.
    #[must_use]
    pub fn under(self, upper: Self) -> Self {
        let (low, high) = (self.export, upper.export);
        let export = Export {
            products: high.products.or(low.products),
            levels: high.levels.or(low.levels),
            palette: high.palette.or(low.palette),
            opacity: high.opacity.or(low.opacity),
            window: high.window.or(low.window),
            rois: high.rois.or(low.rois),
            all_slices: high.all_slices.or(low.all_slices),
            compression: high.compression.or(low.compression),
            pdf: high.pdf.or(low.pdf),
            paper: high.paper.or(low.paper),
            slope: high.slope.or(low.slope),
            units: high.units.or(low.units),
            holes: high.holes.or(low.holes),
            short_names: high.short_names.or(low.short_names),
            allow_unapproved: high.allow_unapproved.or(low.allow_unapproved),
            preset: high.preset.or(low.preset),
        };
        let pacs = if upper.pacs.is_empty() { self.pacs } else { upper.pacs };
        Self { export, pacs, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_layers_win_and_the_sections_of_others_are_let_be() {
        let text = "[export]\npalette = 'mim3'\n[pacs.main]\nhost = 'x'\n[import]\nstrict = true\n";
        let merged = Layer::defaults().under(toml::from_str(text).unwrap());
        assert_eq!((merged.export.palette.as_deref(), merged.export.opacity), (Some("mim3"), Some(0.4)));
        assert!(merged.pacs.contains_key("main"));
        assert!(toml::from_str::<Layer>("[export]\ncolour = 1\n").is_err());
    }
}
