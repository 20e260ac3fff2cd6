//! One layer of configuration: every key may be absent. Each key of `[export]` is declared here, with its
//! default; its variable of the environment is `DOSEBRIDGE_EXPORT_<KEY>`, lists parted by commas.
//!
//! Units: as each key says. Frame: none.

use rt_cli::config_file::{find, from_file};
use rt_cli::exit::Failure;
use rt_cli::section::from_environment;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::Path;

rt_cli::section! {
    /// `[export]`
    pub(crate) struct Export in "EXPORT" {
        /// Products: wash, wash-multiframe, quant, pdf, isodose, png, svg, csv.
        products: Vec<String> = vec!["wash".into(), "pdf".into()],
        /// Levels, such as `95%` or `20Gy`; the palette's own where absent.
        levels: String,
        /// `standard`, `mim3` or `colour-blind`.
        palette: String = "standard".into(),
        /// Opacity of the wash, 0 to 1.
        opacity: f64 = 0.4,
        /// Window of the anatomy as `centre/width`; the images' own where absent.
        window: String,
        /// ROIs that are outlined: `targets`, `all`, `none`, or names parted by commas.
        rois: String = "targets".into(),
        /// Every slice, not only those the dose reaches.
        all_slices: bool = false,
        /// Run-length encoding of pictures: `rle` or `none`.
        compression: String = "rle".into(),
        /// `pacs` or `physics`.
        pdf: String = "pacs".into(),
        /// `a4` or `letter`.
        paper: String = "a4".into(),
        /// One unit of the dose series: `power-of-ten` or `full`.
        slope: String = "power-of-ten".into(),
        /// What the dose series is in: `gy` or `cgy`.
        units: String = "gy".into(),
        /// Holes of isodose volumes: `separate`, `keyhole` or `xor`.
        holes: String = "separate".into(),
        /// Names of isodose volumes of at most 16 characters.
        short_names: bool = false,
        /// Take plans that are not approved.
        allow_unapproved: bool = false,
        /// Name of a preset of the DVH engine.
        preset: String = rt_deliver::DEFAULT_PRESET.into(),
    }
}

/// A layer: what one source says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Layer {
    /// What is made of a dose.
    pub(crate) export: Export,
    /// Nodes of the network by name, `[pacs.<name>]`; read by the commands that send.
    #[serde(skip_serializing)]
    pub(crate) pacs: toml::Table,
    /// Sections of other programs that share the file.
    #[serde(skip_serializing)]
    database: toml::Table,
    /// See `database`.
    #[serde(skip_serializing)]
    import: toml::Table,
    /// See `database`.
    #[serde(skip_serializing)]
    dvh: toml::Table,
}

impl Layer {
    /// What holds where nothing is said.
    #[must_use]
    pub(crate) fn defaults() -> Self {
        Self { export: Export::defaults(), ..Self::default() }
    }

    /// This layer with what `upper` says on top.
    #[must_use]
    pub(crate) fn under(self, upper: Self) -> Self {
        let pacs = if upper.pacs.is_empty() { self.pacs } else { upper.pacs };
        Self { export: self.export.under(upper.export), pacs, ..Self::default() }
    }
}

/// The layers below the flags, merged: defaults, the file at `path` or the first that is found, the
/// environment.
pub(crate) fn load(path: Option<&Path>) -> Result<Layer, Failure> {
    let file = match path {
        Some(path) => from_file(path)?,
        None => find().map_or_else(|| Ok(Layer::default()), |path| from_file(&path))?,
    };
    Ok(Layer::defaults().under(file).under(variables(std::env::vars_os())?))
}

/// What the environment says.
fn variables(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    from_environment(variables, &mut [&mut layer.export])?;
    Ok(layer)
}

/// The merged layers as a configuration file.
#[must_use]
pub(crate) fn print(layer: &Layer) -> String {
    toml::to_string(layer).unwrap_or_default()
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

    fn layer(pairs: &[(&str, &str)]) -> Result<Layer, Failure> {
        variables(pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    #[test]
    fn variables_are_keys() {
        let layer = layer(&[
            ("DOSEBRIDGE_EXPORT_PRODUCTS", "wash, quant"),
            ("DOSEBRIDGE_EXPORT_OPACITY", "0.5"),
            ("DOSEBRIDGE_DATABASE_URL", "sqlite:x"),
        ]);
        let export = layer.unwrap().export;
        assert_eq!((export.products, export.opacity), (Some(vec!["wash".into(), "quant".into()]), Some(0.5)));
    }

    #[test]
    fn unknown_and_wrong_ones_are_named() {
        for (name, value) in [("DOSEBRIDGE_EXPORT_COLOUR", "x"), ("DOSEBRIDGE_EXPORT_OPACITY", "thick")] {
            assert!(layer(&[(name, value)]).unwrap_err().text.starts_with(name));
        }
    }

    #[test]
    fn the_printed_configuration_reads_back() {
        let layer = Layer::defaults();
        let back: Layer = toml::from_str(&print(&layer)).unwrap();
        assert_eq!(back.export, layer.export);
    }
}
