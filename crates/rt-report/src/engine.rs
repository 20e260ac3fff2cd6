//! What computed the numbers of a report.
//!
//! Units: none. Frame: none.

use serde::Serialize;

/// What computed the numbers of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Engine {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Engine {
    /// The engine that this program computes with.
    #[must_use]
    pub const fn current() -> Self {
        let engine = rt_dvh::Engine::current();
        Self { name: engine.name, version: engine.version }
    }
}
