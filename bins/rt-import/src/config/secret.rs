//! A text that is never shown.
//!
//! Units: none. Frame: none.

use rt_cli::expected::Unexpected;
use rt_cli::section::FromVariable;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A text that is never shown.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}

impl FromVariable for Secret {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        Ok(Self(text.to_owned()))
    }
}
