//! Curves as CSV in long form: one row for each ROI and dose.
//!
//! Units: Gy, cm3. Frame: none.

use rt_case::RoiResult;
use rt_sql::DvhRow;
use rt_sql::record::PlanId;
use std::io::Write;

/// Writes the cumulative curves of `rois`: the volume that receives at least a dose.
///
/// # Errors
/// Where `out` can't be written.
pub(crate) fn write_curves(rois: &[RoiResult], out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "roi_number,roi_name,dose_gy,volume_cm3")?;
    for roi in rois {
        let Some((dvh, curve)) = roi.dvh.as_ref().ok().and_then(|dvh| Some((dvh, dvh.cumulative()?))) else {
            continue;
        };
        let name = quoted(&roi.name);
        // The dose is i times the width, written with the digits that the width has.
        let digits = decimals(dvh.bin().0);
        for (i, volume) in curve.iter().enumerate() {
            writeln!(out, "{},{name},{:.digits$},{volume:.6}", roi.number, dvh.bin().0 * i as f64)?;
        }
    }
    Ok(())
}

/// Writes the cumulative curve of a stored DVH, if it has one.
pub(crate) fn write_stored_curve(
    mrn: &str,
    plan: PlanId,
    dvh: &DvhRow,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let Some(curve) = &dvh.curve else { return Ok(()) };
    let (mrn, name, digits) = (quoted(mrn), quoted(&dvh.roi_name), decimals(curve.bin.0));
    for (at, volume) in curve.cumulative.iter().enumerate() {
        writeln!(out, "{mrn},{plan},{name},{:.digits$},{volume}", curve.bin.0 * at as f64)?;
    }
    Ok(())
}

/// A field by RFC 4180: quoted where it holds a comma, a quote or a line end.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Decimals that a width has, at most 9.
fn decimals(width: f64) -> usize {
    (0..9).find(|digits| (width * 10f64.powi(*digits)).fract().abs() < 1e-9).unwrap_or(9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_must_be() {
        assert_eq!(quoted("PTV"), "PTV");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn doses_have_the_digits_of_their_width() {
        assert_eq!((decimals(0.01), decimals(1.0), decimals(0.125)), (2, 0, 3));
    }
}
