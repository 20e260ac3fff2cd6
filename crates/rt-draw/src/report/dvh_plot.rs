//! The plot of cumulative DVHs.
//!
//! Curves differ in colour and dash (Okabe and Ito's set, 2008, without its yellow, on white), and the legend
//! lists them from the hottest to the coldest, as they lie from right to left. Targets are drawn heavier.
//!
//! Units: points; dose in the case's unit, volume in percent of the ROI. Frame: as [`super::drawing`].

use super::drawing::{Drawing, GRAY, INK, PALE, RULE, Style};
use super::metrics::{is_target, with_dose};
use super::{Report, ReportRoi};
use crate::draw::Anchor;
use crate::draw::typeface::{CAP_HEIGHT, Weight, fitted};
use crate::labels::round;
use rt_dvh::Dvh;
use rt_model::units::Gy;

const COLOURS: [[u8; 3]; 7] =
    [[0, 114, 178], [213, 94, 0], [0, 158, 115], [148, 60, 140], [230, 159, 0], [86, 180, 233], [40, 40, 40]];
const DASHES: [&[f64]; 5] = [&[], &[6.0, 2.2], &[1.6, 1.8], &[3.2, 1.4], &[11.0, 2.4]];
/// Curves in a column of the legend.
const LEGEND_ROWS: usize = 20;
/// Points of a curve over the whole axis.
const STEPS: usize = 420;

struct Curve<'r> {
    name: &'r str,
    dvh: &'r Dvh,
    target: bool,
    colour: [u8; 3],
    dash: &'static [f64],
}

/// The plot as a figure of its own.
pub(super) fn alone(report: &Report, size: [f64; 2]) -> Drawing {
    let mut drawing = Drawing::new(size);
    draw(&mut drawing, report, [8.0, 8.0], [size[0] - 8.0, size[1] - 8.0], 1.35);
    drawing
}

/// The plot between two corners; `scale` 1 is for print.
pub(super) fn draw(drawing: &mut Drawing, report: &Report, low: [f64; 2], high: [f64; 2], scale: f64) {
    let curves = curves(report);
    let small = Style::regular(7.5 * scale, GRAY);
    if curves.is_empty() {
        let middle = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0];
        drawing.text("no ROI has a dose", small, middle, Anchor::Middle);
        return;
    }
    let columns = curves.len().div_ceil(LEGEND_ROWS).max(1);
    let legend_width = if columns == 1 { 120.0 } else { 88.0 * columns as f64 } * scale;
    let area = Area::new(
        [low[0] + 34.0 * scale, low[1] + 14.0 * scale],
        [high[0] - legend_width - 10.0 * scale, high[1] - 28.0 * scale],
        &curves,
    );
    axes(drawing, report, &area, small, scale);
    for curve in curves.iter().rev() {
        let width = if curve.target { 1.7 } else { 1.1 };
        drawing.line(area.points(curve.dvh), width * scale, curve.colour, curve.dash);
    }
    let each = legend_width / columns as f64;
    for (at, part) in curves.chunks(LEGEND_ROWS.min(curves.len().div_ceil(columns))).enumerate() {
        let corner = [high[0] - legend_width + at as f64 * each, area.top];
        legend(drawing, part, corner, area.bottom - area.top, each, scale);
    }
    let x = high[0] - legend_width - 5.0 * scale;
    drawing.line(vec![[x, area.top], [x, area.bottom]], 0.4 * scale, RULE, &[]);
}

/// Curves from the hottest mean dose to the coldest; equal ones in the report's order.
fn curves<'r>(report: &'r Report) -> Vec<Curve<'r>> {
    let mean = |dvh: &Dvh| dvh.doses().map_or(0.0, |doses| doses.mean.0);
    let mut sorted: Vec<_> = with_dose(&report.rois).collect();
    sorted.sort_by(|(_, a), (_, b)| mean(b).total_cmp(&mean(a)));
    let curve = |(at, (roi, dvh)): (usize, (&'r ReportRoi, &'r Dvh))| Curve {
        name: &roi.name,
        dvh,
        target: is_target(roi),
        colour: COLOURS[at % COLOURS.len()],
        dash: DASHES[at / COLOURS.len() % DASHES.len()],
    };
    sorted.into_iter().enumerate().map(curve).collect()
}

/// Where the axes lie.
struct Area {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Dose at the right end.
    most: f64,
    /// Dose between grid lines.
    step: f64,
}

impl Area {
    fn new(low: [f64; 2], high: [f64; 2], curves: &[Curve<'_>]) -> Self {
        let max =
            curves.iter().filter_map(|curve| curve.dvh.doses()).map(|doses| doses.max.0).fold(0.0, f64::max);
        let most = if max > 0.0 { max * 1.04 } else { 1.0 };
        let power = 10f64.powf((most / 10.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
        let step = steps.into_iter().find(|step| most / step <= 10.0).unwrap_or(10.0 * power);
        Self { left: low[0], right: high[0], top: low[1], bottom: high[1], most, step }
    }

    fn x(&self, dose: f64) -> f64 {
        self.left + (self.right - self.left) * dose / self.most
    }

    fn y(&self, percent: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * percent / 100.0
    }

    /// The curve with its exact ends, without points in the middle of a level run.
    fn points(&self, dvh: &Dvh) -> Vec<[f64; 2]> {
        let Some(doses) = dvh.doses() else { return Vec::new() };
        let percent =
            |dose: f64| dvh.volume_at_dose(Gy(dose)).map_or(0.0, |volume| 100.0 * (volume / dvh.volume()));
        let steps = (0..=STEPS).map(|at| self.most * at as f64 / STEPS as f64);
        let mut knots: Vec<f64> =
            steps.filter(|dose| *dose < doses.max.0).chain([doses.min.0.max(0.0), doses.max.0]).collect();
        knots.sort_by(f64::total_cmp);
        let mut points: Vec<[f64; 2]> = Vec::with_capacity(knots.len());
        for dose in knots {
            let point = [self.x(dose), self.y(percent(dose))];
            if let [.., before, last] = points.as_mut_slice()
                && before[1] == last[1]
                && last[1] == point[1]
            {
                *last = point;
            } else {
                points.push(point);
            }
        }
        points
    }
}

fn axes(drawing: &mut Drawing, report: &Report, area: &Area, small: Style, scale: f64) {
    let unit = report.labels.unit;
    for n in 0..=(area.most / area.step + 1e-9) as usize {
        let dose = n as f64 * area.step;
        drawing.line(vec![[area.x(dose), area.top], [area.x(dose), area.bottom]], 0.5 * scale, PALE, &[]);
        drawing.text(&round(dose), small, [area.x(dose), area.bottom + 10.5 * scale], Anchor::Middle);
    }
    for percent in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
        drawing.rule(area.left, area.right, area.y(percent), 0.5 * scale, PALE);
        drawing.text(
            &format!("{percent}"),
            small,
            [area.left - 5.0 * scale, area.y(percent) + 2.7 * scale],
            Anchor::End,
        );
    }
    let frame = vec![[area.left, area.top], [area.left, area.bottom], [area.right, area.bottom]];
    drawing.line(frame, 0.8 * scale, GRAY, &[]);
    let label = Style { colour: INK, ..small };
    let middle = [(area.left + area.right) / 2.0, area.bottom + 22.0 * scale];
    drawing.text(&format!("dose ({unit})"), label, middle, Anchor::Middle);
    let beside = [area.left - 25.0 * scale, (area.top + area.bottom) / 2.0];
    drawing.upright("volume (%)", label, beside, Anchor::Middle);
    if let Some(prescription) = report.labels.prescription.filter(|dose| *dose < area.most) {
        let x = area.x(prescription);
        drawing.line(vec![[x, area.top], [x, area.bottom]], 0.8 * scale, GRAY, &[2.0, 2.0]);
        let text = format!("prescription {} {unit}", round(prescription));
        drawing.text(&text, small, [x + 2.0 * scale, area.top - 4.0 * scale], Anchor::End);
    }
}

fn legend(drawing: &mut Drawing, curves: &[Curve<'_>], low: [f64; 2], height: f64, width: f64, scale: f64) {
    let row = (height / curves.len() as f64).min(12.0 * scale);
    let sample = (0.22 * width).min(20.0 * scale);
    for (at, curve) in curves.iter().enumerate() {
        let y = low[1] + (at as f64 + 0.5) * row;
        let heavy = if curve.target { 1.7 } else { 1.2 };
        drawing.line(vec![[low[0], y], [low[0] + sample, y]], heavy * scale, curve.colour, curve.dash);
        let weight = if curve.target { Weight::Bold } else { Weight::Regular };
        let style = Style { weight, size: (0.78 * row).min(7.5 * scale), colour: INK };
        let name = fitted(curve.name, weight, style.size, width - sample - 6.0 * scale);
        drawing.text(
            &name,
            style,
            [low[0] + sample + 5.0 * scale, y + 0.5 * CAP_HEIGHT * style.size],
            Anchor::Start,
        );
    }
}
