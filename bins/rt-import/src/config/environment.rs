//! Configuration from the environment: `DOSEBRIDGE_<SECTION>_<KEY>`, lists parted by commas.
//!
//! Units: Gy for the bin width. Frame: none.

use super::layer::{Layer, Secret};
use crate::exit::Failure;
use std::ffi::OsString;
use std::str::FromStr;

/// What the variables say.
///
/// # Errors
/// Where a variable of a section of ours is unknown or none of its kind.
pub fn from_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        let Some(key) = name.strip_prefix("DOSEBRIDGE_") else { continue };
        let ours = ["DATABASE_", "IMPORT_", "DVH_"].iter().any(|section| key.starts_with(section));
        if !ours {
            continue;
        }
        let value = value.into_string().map_err(|_| Failure::usage(format!("{name}: expected UTF-8 text")))?;
        set(&mut layer, key, value).map_err(|problem| Failure::usage(format!("{name}: {problem}")))?;
    }
    Ok(layer)
}

fn set(layer: &mut Layer, key: &str, value: String) -> Result<(), String> {
    match key {
        "DATABASE_URL" => layer.database.url = Some(value),
        "DATABASE_PASSWORD" => layer.database.password = Some(Secret(value)),
        "DATABASE_PASSWORD_FILE" => layer.database.password_file = Some(value.into()),
        "DATABASE_TLS" => layer.database.tls = Some(value),
        "DATABASE_TLS_AUTHORITY" => layer.database.tls_authority = Some(value.into()),
        "IMPORT_METRICS" => layer.import.metrics = Some(list(&value)),
        "IMPORT_CURVES" => layer.import.curves = Some(parse(&value, "true or false")?),
        "IMPORT_STRICT" => layer.import.strict = Some(parse(&value, "true or false")?),
        "IMPORT_JOBS" => layer.import.jobs = Some(parse(&value, "a number")?),
        "IMPORT_INCLUDE_QA" => layer.import.include_qa = Some(parse(&value, "true or false")?),
        "IMPORT_ACCEPT_PATIENT_MISMATCH" => layer.import.accept_patient_mismatch = Some(list(&value)),
        "IMPORT_RX_FALLBACK" => layer.import.rx_fallback = Some(value),
        "IMPORT_RX" => layer.import.rx = Some(list(&value)),
        "IMPORT_RELATIVE_DOSE_GY" => layer.import.relative_dose_gy = Some(parse(&value, "a number")?),
        "DVH_PRESET" => layer.dvh.preset = Some(value),
        "DVH_BIN_GY" => layer.dvh.bin_gy = Some(parse(&value, "a number")?),
        "DVH_BANDS" => layer.dvh.bands = Some(parse(&value, "true or false")?),
        "DVH_ALPHA_BETA" => layer.dvh.alpha_beta = Some(list(&value)),
        _ => return Err("no such key".to_owned()),
    }
    Ok(())
}

fn parse<T: FromStr>(value: &str, expected: &str) -> Result<T, String> {
    value.trim().parse().map_err(|_| format!("expected {expected}, found {value:?}"))
}

fn list(value: &str) -> Vec<String> {
    value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Layer, Failure> {
        from_environment(pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    #[test]
    fn variables_set_keys_and_strangers_are_left_alone() {
        let layer =
            read(&[("DOSEBRIDGE_IMPORT_METRICS", "D95%, V20Gy"), ("DOSEBRIDGE_DVH_BIN_GY", "0.05"), ("HOME", "/")]).unwrap();
        assert_eq!(layer.import.metrics, Some(vec!["D95%".to_owned(), "V20Gy".to_owned()]));
        assert_eq!(layer.dvh.bin_gy, Some(0.05));
        assert_eq!(read(&[("DOSEBRIDGE_PACS_MAIN_HOST", "x")]).unwrap(), Layer::default());
    }

    #[test]
    fn unknown_and_unreadable_variables_are_named() {
        for (name, value) in [("DOSEBRIDGE_DVH_BINS", "1"), ("DOSEBRIDGE_IMPORT_JOBS", "many")] {
            assert!(read(&[(name, value)]).unwrap_err().text.contains(name));
        }
    }

    #[test]
    fn every_variable_is_documented() {
        let page = include_str!("../../../../docs/configuration.md");
        for key in page.lines().filter_map(|line| line.split('`').find(|part| part.starts_with("DOSEBRIDGE_"))) {
            let value = if key.ends_with("GY") || key.ends_with("JOBS") { "1" } else { "true" };
            assert!(read(&[(key, value)]).is_ok_and(|layer| layer != Layer::default()), "{key} is no key");
        }
        let documented = page.matches("`DOSEBRIDGE_").count();
        let is_key = |line: &&str| line.trim_start().starts_with('"') && line.contains("\" => layer.");
        let keys = include_str!("environment.rs").lines().filter(is_key).count();
        assert_eq!(documented, keys);
    }
}
