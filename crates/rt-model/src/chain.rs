//! An error and its causes as one line.
//!
//! Units: none. Frame: none.

/// An error and its causes on one line. Some crates print their cause within their own text: such a cause is
/// not repeated.
///
/// ```
/// use rt_model::chain::chain;
///
/// let error = "x".parse::<i32>().unwrap_err();
/// assert_eq!(chain(&error), "invalid digit found in string");
/// ```
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.map(ToString::to_string).fold(error.to_string(), |text, cause| {
        if text.ends_with(&cause) { text } else { format!("{text}: {cause}") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Step(&'static str, #[source] Option<Box<Step>>);

    #[test]
    fn a_cause_is_printed_once() {
        let error = Step(
            "can't open",
            Some(Box::new(Step("refused: os error 111", Some(Box::new(Step("os error 111", None)))))),
        );
        assert_eq!(chain(&error), "can't open: refused: os error 111");
    }
}
