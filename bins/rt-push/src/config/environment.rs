//! Configuration from the environment: `DOSEBRIDGE_EXPORT_<KEY>`, lists parted by commas.
//!
//! Units: as the keys have them. Frame: none.

use super::layer::Layer;
use crate::exit::Failure;
use std::ffi::OsString;
use std::str::FromStr;

/// What the variables say.
///
/// # Errors
/// Where a variable of our section is unknown or none of its kind.
pub fn from_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        let Some(key) = name.strip_prefix("DOSEBRIDGE_EXPORT_") else { continue };
        let value = value.into_string().map_err(|_| Failure::usage(format!("{name}: expected UTF-8 text")))?;
        set(&mut layer, key, value).map_err(|problem| Failure::usage(format!("{name}: {problem}")))?;
    }
    Ok(layer)
}

fn set(layer: &mut Layer, key: &str, value: String) -> Result<(), String> {
    let export = &mut layer.export;
    match key {
        "PRODUCTS" => {
            let products = value.split(',').map(|product| product.trim().to_owned());
            export.products = Some(products.filter(|product| !product.is_empty()).collect());
        }
        "LEVELS" => export.levels = Some(value),
        "PALETTE" => export.palette = Some(value),
        "OPACITY" => export.opacity = Some(parse(&value, "a number")?),
        "WINDOW" => export.window = Some(value),
        "ROIS" => export.rois = Some(value),
        "ALL_SLICES" => export.all_slices = Some(parse(&value, "true or false")?),
        "COMPRESSION" => export.compression = Some(value),
        "PDF" => export.pdf = Some(value),
        "PAPER" => export.paper = Some(value),
        "SLOPE" => export.slope = Some(value),
        "UNITS" => export.units = Some(value),
        "HOLES" => export.holes = Some(value),
        "SHORT_NAMES" => export.short_names = Some(parse(&value, "true or false")?),
        "ALLOW_UNAPPROVED" => export.allow_unapproved = Some(parse(&value, "true or false")?),
        "PRESET" => export.preset = Some(value),
        _ => return Err("no such key".to_owned()),
    }
    Ok(())
}

fn parse<T: FromStr>(value: &str, expected: &str) -> Result<T, String> {
    value.trim().parse().map_err(|_| format!("expected {expected}, found {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(pairs: &[(&str, &str)]) -> Result<Layer, Failure> {
        from_environment(pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
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
}
