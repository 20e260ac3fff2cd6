//! Lines cut into dashes.
//!
//! Units: pixels. Frame: pixel coordinates.

/// The pieces of a line that are drawn when `on` pixels are drawn and `off` pixels are not, over and over
/// from the first point.
pub(crate) fn dashed(points: &[[f64; 2]], closed: bool, on: f64, off: f64) -> Vec<Vec<[f64; 2]>> {
    let mut dashes: Vec<Vec<[f64; 2]>> = Vec::new();
    let (mut drawn, mut left) = (true, on);
    let last = if closed { points.first() } else { None };
    let corners: Vec<[f64; 2]> = points.iter().chain(last).copied().collect();
    if let Some(first) = corners.first() {
        dashes.push(vec![*first]);
    }
    for pair in corners.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let mut done = 0.0;
        // Without end for a length that is not finite.
        while length.is_finite() && length - done > left {
            done += left;
            let at = [a[0] + (b[0] - a[0]) * done / length, a[1] + (b[1] - a[1]) * done / length];
            match dashes.last_mut() {
                Some(dash) if drawn => dash.push(at),
                _ => dashes.push(vec![at]),
            }
            drawn = !drawn;
            left = if drawn { on } else { off };
        }
        left -= length - done;
        if let (Some(dash), true) = (dashes.last_mut(), drawn) {
            dash.push(b);
        }
    }
    dashes.retain(|dash| dash.len() > 1);
    dashes
}

#[cfg(test)]
mod tests {
    use super::dashed;

    #[test]
    fn dashes_go_around_corners() {
        let dashes = dashed(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]], false, 6.0, 2.0);
        let expected = vec![
            vec![[0.0, 0.0], [6.0, 0.0]],
            vec![[8.0, 0.0], [10.0, 0.0], [10.0, 4.0]],
            vec![[10.0, 6.0], [10.0, 10.0]],
        ];
        assert_eq!(dashes, expected);
        assert!(dashed(&[], true, 1.0, 1.0).is_empty());
    }
}
