//! A test that can not run here.
//!
//! Units: none. Frame: none.

/// Reports that the calling test is skipped, with the reason.
///
/// # Panics
/// With `CI=true`: there nothing may be missing.
pub fn skip(reason: &str) {
    assert!(!in_ci(), "{reason}");
    println!("skipped: {reason}");
}

/// Whether everything that a test needs has to be there.
#[must_use]
pub fn in_ci() -> bool {
    std::env::var("CI").as_deref() == Ok("true")
}
