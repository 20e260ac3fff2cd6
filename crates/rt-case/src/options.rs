//! Everything that decides what a case's results are, in one value.
//!
//! Units: as the parts state. Frame: none.

use crate::basis::Basis;
use crate::evaluate_options::EvaluateOptions;
use crate::metric::AskedMetric;
use crate::prepare::PrepareOptions;
use rt_model::matching::MatchOptions;
use rt_model::uid::Uid;

/// Everything besides the files that decides what a case's results are.
#[derive(Debug, Clone)]
pub struct CaseOptions {
    /// Which files belong together.
    pub matching: MatchOptions,
    /// How they are read and the prescription derived.
    pub prepare: PrepareOptions,
    /// What is computed.
    pub evaluate: EvaluateOptions,
}

impl CaseOptions {
    /// What the results of the plan `uid` rest on besides its files.
    #[must_use]
    pub fn basis(&self, uid: &Uid) -> Basis {
        Basis {
            dvh: self.evaluate.dvh.to_string(),
            prescription: self.prepare.prescription_of(uid),
            alpha_beta: self.evaluate.alpha_beta.clone(),
            bands: self.evaluate.bands,
        }
    }

    /// Repeats what stored results asked for: first their metrics, then those of these options; their α/β and
    /// intervals where these options state none. What was asked by a flag of the import stands in no file.
    pub fn repeat(&mut self, asked: &[String], stored: &Basis) {
        let again = asked.iter().filter_map(|text| text.parse().ok());
        let own = self.evaluate.metrics.iter().filter(|own| !asked.contains(&own.text)).cloned();
        self.evaluate.metrics = again.chain(own).collect::<Vec<AskedMetric>>();
        if self.evaluate.alpha_beta.texts().is_empty() {
            self.evaluate.alpha_beta.clone_from(&stored.alpha_beta);
        }
        self.evaluate.bands |= stored.bands;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AlphaBeta;
    use rt_dvh::DvhOptions;

    fn options() -> CaseOptions {
        let mut evaluate = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
        evaluate.metrics = vec!["D95%".parse().unwrap()];
        CaseOptions { matching: MatchOptions::default(), prepare: PrepareOptions::default(), evaluate }
    }

    #[test]
    fn what_was_asked_by_flags_is_asked_again() {
        let mut repeated = options();
        let line = format!("{}, alpha/beta 3, cord=2 by the user, with bands", repeated.evaluate.dvh);
        repeated.repeat(&["D2cc".into(), "V20Gy".into()], &Basis::read(&line));
        let asked: Vec<&str> = repeated.evaluate.metrics.iter().map(|asked| asked.text.as_str()).collect();
        assert_eq!(asked, ["D2cc", "V20Gy", "D95%"]);
        assert_eq!(repeated.evaluate.alpha_beta, AlphaBeta::read(&["3".into(), "cord=2".into()]).unwrap());
        assert!(repeated.evaluate.bands);
    }

    #[test]
    fn plain_results_ask_for_nothing() {
        let mut repeated = options();
        repeated.repeat(&[], &Basis::read(&options().evaluate.dvh.to_string()));
        let evaluate = repeated.evaluate;
        assert_eq!(
            (evaluate.metrics.len(), evaluate.alpha_beta, evaluate.bands),
            (1, AlphaBeta::default(), false)
        );
    }
}
