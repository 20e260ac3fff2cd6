//! `CI`, `PCI`, `GI`, `R50`: how closely an isodose follows a target.
//!
//! With TV the ROI's volume, PIV the volume of the prescription's isodose (over the whole dose grid, inside
//! EXTERNAL where there is one; an [`Isodose`](crate::Isodose)), TV_PIV the ROI's volume inside that isodose
//! and V50 the volume of the isodose of half the prescription:
//!
//! | | formula | ideal | source |
//! |---|---|---|---|
//! | `CI` | PIV / TV | 1 | Shaw et al., IJROBP 1993; 27: 1231 (RTOG) |
//! | `PCI` | TV_PIV² / (TV · PIV) | 1 | Paddick, J Neurosurg 2000; 93 (suppl 3): 219 |
//! | `GI` | V50 / PIV | small | Paddick and Lippitz, J Neurosurg 2006; 105 (suppl): 194 |
//! | `R50` | V50 / TV | small | RTOG 0813, 0915 |
//!
//! None has a unit. They have no value where several targets share the isodose ([`Reason::SharedIsodose`],
//! the caller's to find) or where it reaches the border of the dose grid ([`Reason::IsodoseLeavesGrid`]).
//!
//! ```
//! use rt_dvh::{MetricContext, example};
//! use rt_model::units::Gy;
//!
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy over 20 mm, in a body of 8 cm³ that begins 10 mm before it, with 0 to 40 Gy.
//! let (dvh, isodose) = (example::wedge(), example::body());
//! let context = MetricContext { prescription: Ok(Gy(20.0)), isodose: Ok(&isodose), ..Default::default() };
//! let reported = |metric: &str| dvh.evaluate(&metric.parse().unwrap(), &context).value.unwrap();
//! // 20 Gy and more: 4 cm³ of the body, 2 of them in the ROI. 10 Gy and more: 6 cm³.
//! assert!((reported("CI") - 4.0 / 4.0).abs() < 0.01);
//! assert!((reported("PCI") - 2.0 * 2.0 / (4.0 * 4.0)).abs() < 0.01);
//! assert!((reported("GI") - 6.0 / 4.0).abs() < 0.01);
//! assert!((reported("R50") - 6.0 / 4.0).abs() < 0.01);
//! ```
//!
//! Units: cm³ inside. Frame: none.

use super::known::Known;
use super::value::Reported;
use super::{MetricContext, Reason};

/// Which index.
#[derive(Clone, Copy)]
pub(super) enum Index {
    Rtog,
    Paddick,
    Gradient,
    R50,
}

impl Known<'_> {
    pub(super) fn index(&self, index: Index, context: &MetricContext<'_>) -> Result<Reported, Reason> {
        let prescription = context.settled_prescription()?;
        let isodose = context.isodose?;
        let (covered, whole) = (self.doses.covered.0, self.dvh.volume().0);
        // What an isodose encloses is known where it stays inside the grid; the target outside the grid is
        // then outside the isodose.
        let over_target =
            |volume: f64| Reported { value: volume / covered, low: volume / whole, high: volume / whole };
        let some = |volume: f64| if volume > 0.0 { Ok(volume) } else { Err(Reason::NoIsodose) };
        match index {
            Index::Rtog => Ok(over_target(isodose.volume_at_dose(prescription)?.0)),
            Index::R50 => Ok(over_target(isodose.volume_at_dose(prescription * 0.5)?.0)),
            Index::Paddick => {
                let enclosed = some(isodose.volume_at_dose(prescription)?.0)?;
                let target = self.volume_at_cm3(prescription);
                Ok(Reported {
                    value: target.value * target.value / (covered * enclosed),
                    low: target.low * target.low / (whole * enclosed),
                    high: target.high * target.high / (whole * enclosed),
                })
            }
            Index::Gradient => {
                let enclosed = some(isodose.volume_at_dose(prescription)?.0)?;
                Ok(Reported::certain(isodose.volume_at_dose(prescription * 0.5)?.0 / enclosed))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::metric::{Metric, MetricContext, Reason};
    use crate::{Isodose, example};
    use rt_model::units::Gy;

    fn reason(metric: &str, prescription: f64, isodose: &Isodose) -> Option<Reason> {
        let context = MetricContext {
            prescription: Ok(Gy(prescription)),
            isodose: Ok(isodose),
            ..MetricContext::default()
        };
        let metric: Metric = metric.parse().unwrap();
        let reported = example::wedge().evaluate(&metric, &context);
        assert_eq!(reported.value.is_none(), reported.reason.is_some());
        reported.reason
    }

    #[test]
    fn an_isodose_that_leaves_the_grid_has_no_volume() {
        let (dvh_options, dose) = (example::options(), example::dose());
        let grid = Isodose::of_grid(&dose, &dvh_options).unwrap();
        assert!(matches!(reason("CI", 20.0, &grid), Some(Reason::IsodoseLeavesGrid { .. })));
        assert!(matches!(reason("GI", 20.0, &grid), Some(Reason::IsodoseLeavesGrid { .. })));
    }

    #[test]
    fn what_nobody_receives_is_no_divisor() {
        assert_eq!(
            reason("CI", 45.0, &example::body()),
            None,
            "an isodose of no volume is 0 of the target's"
        );
        assert_eq!(reason("PCI", 45.0, &example::body()), Some(Reason::NoIsodose));
        assert_eq!(reason("GI", 45.0, &example::body()), Some(Reason::NoIsodose));
    }
}
