//! Which engine computed a number.
//!
//! Units: none. Frame: none.

/// The engine's name and version, stored with every result.
///
/// ```
/// assert_eq!(rt_dvh::Engine::current().name, "dosebridge");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Engine {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Engine {
    /// This engine.
    #[must_use]
    pub const fn current() -> Self {
        Self { name: "dosebridge", version: env!("CARGO_PKG_VERSION") }
    }
}
