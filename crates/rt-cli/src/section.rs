//! A section of the configuration. [`section!`](crate::section!) declares each key once: its default, its
//! place in the file and its variable of the environment. Which flag sets it stands at the program's command
//! line.
//!
//! Units: as the keys say. Frame: none.

use crate::exit::Failure;
use crate::expected::Unexpected;
use std::ffi::OsString;
use std::path::PathBuf;

/// What all variables of the environment begin with.
const PREFIX: &str = "DOSEBRIDGE_";

/// A section whose keys variables of the environment can set.
pub trait Section {
    /// Its name in the environment, `DOSEBRIDGE_<NAME>_<KEY>`.
    fn name(&self) -> &'static str;

    /// Its keys as the file has them.
    fn keys(&self) -> &'static [&'static str];

    /// Sets a key, named as the environment has it; `None` where there is no such key.
    fn set(&mut self, key: &str, value: &str) -> Option<Result<(), Unexpected>>;
}

/// A value that a variable of the environment can state.
pub trait FromVariable: Sized {
    /// The value of the text.
    ///
    /// # Errors
    /// Where the text is none.
    fn from_variable(text: &str) -> Result<Self, Unexpected>;
}

/// Sets the keys that the environment states. Variables of other sections are left alone.
///
/// # Errors
/// Where a section has no such key, or a value is none of its kind.
pub fn from_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
    sections: &mut [&mut dyn Section],
) -> Result<(), Failure> {
    for (name, value) in variables {
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        let of_section = |section: &&mut &mut dyn Section| {
            rest.strip_prefix(section.name()).is_some_and(|key| key.starts_with('_'))
        };
        let Some(section) = sections.iter_mut().find(of_section) else { continue };
        let wrong = |problem: &dyn std::fmt::Display| Failure::usage(format!("{PREFIX}{rest}: {problem}"));
        let value = value.to_str().ok_or_else(|| wrong(&"expected UTF-8 text"))?;
        let set = section.set(&rest[section.name().len() + 1..], value);
        set.ok_or_else(|| wrong(&"no such key"))?.map_err(|problem| wrong(&problem))?;
    }
    Ok(())
}

impl FromVariable for String {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        Ok(text.to_owned())
    }
}

impl FromVariable for PathBuf {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        Ok(text.into())
    }
}

impl FromVariable for bool {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        text.trim().parse().map_err(|_| Unexpected::new("true or false", text))
    }
}

impl FromVariable for f64 {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        text.trim().parse().map_err(|_| Unexpected::new("a number", text))
    }
}

impl FromVariable for usize {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        text.trim().parse().map_err(|_| Unexpected::new("a number", text))
    }
}

/// A list, its entries parted by commas.
impl FromVariable for Vec<String> {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        Ok(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect())
    }
}

/// Declares a section of the configuration, `struct NAME in "NAME IN THE ENVIRONMENT"`, each key with its
/// type and, where it has one, its default. In the struct every key may be absent: it is one layer.
///
/// ```
/// rt_cli::section! {
///     /// `[import]`
///     pub struct Import in "IMPORT" {
///         /// Threads; 0 is as many as the computer has.
///         jobs: usize = 0,
///         /// Pairs `PLAN_UID=DOSE`.
///         rx: Vec<String>,
///     }
/// }
///
/// let mut environment = Import::default();
/// let variables = [("DOSEBRIDGE_IMPORT_RX".into(), "1.2=60Gy, 1.3=50Gy".into())];
/// rt_cli::section::from_environment(variables.into_iter(), &mut [&mut environment])?;
/// let merged = Import::defaults().under(environment);
/// assert_eq!((merged.jobs, merged.rx.map(|list| list.len())), (Some(0), Some(2)));
/// # Ok::<(), rt_cli::exit::Failure>(())
/// ```
#[macro_export]
macro_rules! section {
    (
        $(#[$meta:meta])*
        $visible:vis struct $name:ident in $section:literal {
            $($(#[$key_meta:meta])* $key:ident: $type:ty $(= $default:expr)?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, $crate::serde::Deserialize, $crate::serde::Serialize)]
        #[serde(crate = "rt_cli::serde", deny_unknown_fields, default)]
        $visible struct $name {
            $($(#[$key_meta])* $visible $key: Option<$type>,)*
        }

        impl $name {
            /// What holds where nothing is stated.
            #[must_use]
            $visible fn defaults() -> Self {
                Self { $($key: $crate::section!(@default $($default)?),)* }
            }

            /// This layer with what `upper` states on top.
            #[must_use]
            $visible fn under(self, upper: Self) -> Self {
                Self { $($key: upper.$key.or(self.$key),)* }
            }
        }

        impl $crate::section::Section for $name {
            fn name(&self) -> &'static str {
                $section
            }

            fn keys(&self) -> &'static [&'static str] {
                &[$(stringify!($key)),*]
            }

            fn set(&mut self, key: &str, value: &str) -> Option<Result<(), $crate::expected::Unexpected>> {
                $(if key == stringify!($key).to_ascii_uppercase() {
                    let read = <$type as $crate::section::FromVariable>::from_variable(value);
                    return Some(read.map(|value| self.$key = Some(value)));
                })*
                None
            }
        }
    };
    (@default) => {
        None
    };
    (@default $default:expr) => {
        Some($default)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::section! {
        /// A section.
        struct Export in "EXPORT" {
            /// A list.
            products: Vec<String> = vec!["wash".to_owned()],
            /// A number.
            opacity: f64 = 0.4,
            /// A switch.
            all_slices: bool,
        }
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Export, Failure> {
        let mut layer = Export::default();
        let variables = pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        from_environment(variables, &mut [&mut layer])?;
        Ok(layer)
    }

    #[test]
    fn variables_set_keys_and_strangers_are_left_alone() {
        let layer = read(&[
            ("DOSEBRIDGE_EXPORT_PRODUCTS", "wash, quant,"),
            ("DOSEBRIDGE_EXPORT_ALL_SLICES", " true "),
            ("DOSEBRIDGE_EXPORTS_COLOUR", "x"),
            ("DOSEBRIDGE_PACS_MAIN_HOST", "x"),
            ("HOME", "/"),
        ]);
        let expected = Export {
            products: Some(vec!["wash".into(), "quant".into()]),
            opacity: None,
            all_slices: Some(true),
        };
        assert_eq!(layer.unwrap(), expected);
    }

    #[test]
    fn unknown_and_unreadable_variables_are_named() {
        for (name, value, problem) in [
            ("DOSEBRIDGE_EXPORT_COLOUR", "x", "no such key"),
            ("DOSEBRIDGE_EXPORT_OPACITY", "thick", "expected a number, found \"thick\""),
            ("DOSEBRIDGE_EXPORT_ALL_SLICES", "yes", "expected true or false, found \"yes\""),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().text, format!("{name}: {problem}"));
        }
    }

    #[test]
    fn upper_layers_win_key_by_key() {
        let file: Export = toml::from_str("opacity = 0.5\n").unwrap();
        let merged = Export::defaults().under(file);
        assert_eq!(
            (merged.opacity, merged.products.map(|list| list.len()), merged.all_slices),
            (Some(0.5), Some(1), None)
        );
        assert!(toml::from_str::<Export>("colour = 1\n").is_err());
        assert_eq!(Export::default().keys(), ["products", "opacity", "all_slices"]);
    }
}
