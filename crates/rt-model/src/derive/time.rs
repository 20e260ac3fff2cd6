//! How long a fraction takes: brachytherapy by its channels, machines that are metered in minutes by their
//! beams.
//!
//! Units: seconds, for one fraction of each group. Frame: none.

use super::is_brachytherapy;
use super::technique::BrachyKind;
use crate::brachy::{ApplicationSetup, BrachyChannel};
use crate::finding::{Finding, plan as code};
use crate::plan::Plan;
use crate::provenance::Provenance;

/// The treatment time of one fraction, seconds. `None` where nothing is metered in time, where an implant
/// stays for good, and where a time is missing.
pub(super) fn treatment_time(plan: &Plan, at: &Provenance, findings: &mut Vec<Finding>) -> Option<f64> {
    let time = if is_brachytherapy(plan) { brachytherapy(plan) } else { minutes(plan) };
    time.unwrap_or_else(|reason| {
        findings.push(Finding::info(
            code::TREATMENT_TIME_UNKNOWN,
            at.clone(),
            format!("no treatment time: {reason}"),
        ));
        None
    })
}

/// Why a plan has no treatment time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NoTime {
    /// Beams of both kinds.
    #[error("some beams are metered in minutes and some are not")]
    MixedMetersets,
    /// Sources that stay.
    #[error("a permanent implant")]
    PermanentImplant,
    /// Channel Total Time is absent.
    #[error("channel {channel} of setup {setup} states none")]
    ChannelTime {
        /// Channel Number.
        channel: i32,
        /// Application Setup Number.
        setup: i32,
    },
    /// Number of Pulses is absent.
    #[error("channel {channel} of setup {setup} states no number of pulses")]
    Pulses {
        /// Channel Number.
        channel: i32,
        /// Application Setup Number.
        setup: i32,
    },
}

/// Minutes of the treatment beams; `None` where they are metered in monitor units.
fn minutes(plan: &Plan) -> Result<Option<f64>, NoTime> {
    let mut total = None;
    let mut others = false;
    for (_, reference) in plan.treatment_beams() {
        let beam = plan.beams.iter().find(|beam| beam.number == reference.beam_number);
        match (beam.and_then(|beam| beam.dosimeter_unit.as_deref()), reference.meterset) {
            (Some("MINUTE"), Some(minutes)) => total = Some(total.unwrap_or(0.0) + 60.0 * minutes),
            _ => others = true,
        }
    }
    if total.is_some() && others {
        return Err(NoTime::MixedMetersets);
    }
    Ok(total)
}

fn brachytherapy(plan: &Plan) -> Result<Option<f64>, NoTime> {
    if plan.brachy_treatment_technique.as_deref() == Some("PERMANENT") {
        return Err(NoTime::PermanentImplant);
    }
    let kind = BrachyKind::of(plan);
    let mut total = None;
    for setup in setups_of_a_fraction(plan) {
        total = Some(total.unwrap_or(0.0) + setup_time(kind, setup)?);
    }
    Ok(total)
}

/// The setups that the fraction groups refer to, each as often as they do; all, where none refers to any.
fn setups_of_a_fraction(plan: &Plan) -> Vec<&ApplicationSetup> {
    let named = |number: &i32| plan.brachy_setups.iter().find(|setup| setup.number == *number);
    let referred: Vec<_> =
        plan.fraction_groups.iter().flat_map(|group| &group.application_setups).filter_map(named).collect();
    if referred.is_empty() { plan.brachy_setups.iter().collect() } else { referred }
}

/// One source visits channel after channel; sources placed by hand, or of low dose rate, are in all of them
/// at once.
fn setup_time(kind: BrachyKind, setup: &ApplicationSetup) -> Result<f64, NoTime> {
    let at_once = matches!(kind, BrachyKind::Ldr | BrachyKind::Manual);
    let mut total: f64 = 0.0;
    for channel in &setup.channels {
        let time = channel_time(kind, setup, channel)?;
        total = if at_once { total.max(time) } else { total + time };
    }
    Ok(total)
}

/// Channel Total Time is that of one pulse where there are pulses (PS3.3 C.8.8.15).
fn channel_time(kind: BrachyKind, setup: &ApplicationSetup, channel: &BrachyChannel) -> Result<f64, NoTime> {
    let (channel_number, setup) = (channel.number, setup.number);
    let time = channel.total_time.ok_or(NoTime::ChannelTime { channel: channel_number, setup })?;
    match (kind, channel.pulses) {
        (BrachyKind::Pdr, Some(pulses)) => Ok(time * f64::from(pulses)),
        (BrachyKind::Pdr, None) => Err(NoTime::Pulses { channel: channel_number, setup }),
        _ => Ok(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Beam, BeamReference, FractionGroup};

    fn channel(number: i32, time: Option<f64>, pulses: Option<u32>) -> BrachyChannel {
        BrachyChannel { number, total_time: time, pulses, ..BrachyChannel::default() }
    }

    fn brachy(kind: &str, channels: Vec<BrachyChannel>) -> Plan {
        let setup = ApplicationSetup { number: 1, channels, ..ApplicationSetup::default() };
        Plan {
            brachy_treatment_type: Some(kind.into()),
            application_setups: 1,
            brachy_setups: vec![setup],
            ..Plan::default()
        }
    }

    fn time(plan: &Plan) -> (Option<f64>, usize) {
        let mut findings = Vec::new();
        (treatment_time(plan, &Provenance::unknown(), &mut findings), findings.len())
    }

    #[test]
    fn an_afterloaders_channels_follow_each_other_and_placed_sources_do_not() {
        let channels =
            || vec![channel(1, Some(40.5), None), channel(2, Some(20.0), None), channel(3, Some(0.0), None)];
        assert_eq!(time(&brachy("HDR", channels())), (Some(60.5), 0));
        assert_eq!(time(&brachy("LDR", channels())), (Some(40.5), 0));
        assert_eq!(time(&brachy("MANUAL", channels())), (Some(40.5), 0));
    }

    #[test]
    fn a_pulse_counts_as_often_as_there_are_pulses() {
        assert_eq!(
            time(&brachy("PDR", vec![channel(1, Some(300.0), Some(24)), channel(2, Some(60.0), Some(24))])),
            (Some(8640.0), 0)
        );
        assert_eq!(time(&brachy("PDR", vec![channel(1, Some(300.0), None)])), (None, 1));
    }

    #[test]
    fn what_is_not_stated_is_not_made_up() {
        assert_eq!(
            time(&brachy("HDR", vec![channel(1, Some(10.0), None), channel(2, None, None)])),
            (None, 1)
        );
        let permanent = Plan {
            brachy_treatment_technique: Some("PERMANENT".into()),
            ..brachy("LDR", vec![channel(1, None, None)])
        };
        assert_eq!(time(&permanent), (None, 1));
        assert_eq!(time(&Plan::default()), (None, 0));
    }

    #[test]
    fn a_fraction_has_the_setups_its_group_names() {
        let mut plan = brachy("HDR", vec![channel(1, Some(10.0), None)]);
        plan.brachy_setups.push(ApplicationSetup {
            number: 2,
            channels: vec![channel(1, Some(5.0), None)],
            ..ApplicationSetup::default()
        });
        assert_eq!(time(&plan).0, Some(15.0));
        plan.fraction_groups =
            vec![FractionGroup { application_setups: vec![2], ..FractionGroup::default() }];
        assert_eq!(time(&plan).0, Some(5.0));
    }

    #[test]
    fn minutes_are_time_and_monitor_units_are_not() {
        let beam = |number, unit: &str| Beam { number, dosimeter_unit: Some(unit.into()), ..Beam::default() };
        let reference =
            |number| BeamReference { beam_number: number, meterset: Some(1.5), ..BeamReference::default() };
        let group = FractionGroup { beams: vec![reference(1), reference(2)], ..FractionGroup::default() };
        let plan = |units: [&str; 2]| Plan {
            beams: vec![beam(1, units[0]), beam(2, units[1])],
            fraction_groups: vec![group.clone()],
            ..Plan::default()
        };
        assert_eq!(time(&plan(["MINUTE", "MINUTE"])), (Some(180.0), 0));
        assert_eq!(time(&plan(["MU", "MU"])), (None, 0));
        assert_eq!(time(&plan(["MINUTE", "MU"])), (None, 1));
    }
}
