//! Draws the cumulative DVHs of the demo case as SVG: `cargo run --example draw_demo_dvh > demo-dvh.svg`.

use rt_dvh::{Dvh, DvhOptions, compute};
use rt_geometry::stack::{RoiStack, nominal_spacing};
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_model::units::Gy;
use rt_phantom::case::Role;
use std::error::Error;
use std::fmt::Write;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 470.0;
/// Room for the axes' labels (left, bottom) and the legend (right).
const LEFT: f64 = 62.0;
const RIGHT: f64 = 170.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 48.0;
const MOST_GY: f64 = 75.0;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", drawing()?);
    Ok(())
}

fn drawing() -> Result<String, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let demo = rt_phantom::demo::write(folder.path())?;
    let file = |role| demo.path(role).ok_or("the demo case lacks a file");
    let set = read_structure_set(file(Role::StructureSet)?, &ReadOptions::default())?.value;
    let dose = read_dose(file(Role::Dose)?, &ReadOptions::default())?.value.grid.ok_or("no dose grid")?;
    let options = DvhOptions::preset("dosebridge-1").ok_or("no such preset")?;
    let stack_options = options.stack(nominal_spacing(&set.rois));

    let mut svg = frame()?;
    let drawn = set.rois.iter().filter(|roi| roi.interpreted_type.as_deref() != Some("EXTERNAL"));
    for (row, roi) in drawn.enumerate() {
        let dvh = compute(&RoiStack::build(roi, &stack_options)?.value, &dose, &options)?.value;
        let [red, green, blue] = roi.colour.unwrap_or([90, 90, 90]);
        let colour = format!("rgb({red},{green},{blue})");
        writeln!(svg, r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="1.8"/>"#, points(&dvh))?;
        let (x, y) = (WIDTH - RIGHT + 16.0, TOP + 14.0 + 21.0 * row as f64);
        writeln!(svg, r#"<line x1="{x}" y1="{y}" x2="{}" y2="{y}" stroke="{colour}" stroke-width="3"/>"#, x + 22.0)?;
        writeln!(svg, r#"<text x="{}" y="{}">{}</text>"#, x + 30.0, y + 4.5, roi.name)?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Axes, grid and labels.
fn frame() -> Result<String, std::fmt::Error> {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\" \
         fill=\"#222\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
    );
    for gy in (0..=70).step_by(10) {
        let x = x_of(f64::from(gy));
        writeln!(svg, r##"<line x1="{x:.1}" y1="{TOP}" x2="{x:.1}" y2="{}" stroke="#ddd"/>"##, y_of(0.0))?;
        writeln!(svg, r#"<text x="{x:.1}" y="{}" text-anchor="middle">{gy}</text>"#, y_of(0.0) + 18.0)?;
    }
    for percent in (0..=100).step_by(20) {
        let y = y_of(f64::from(percent));
        writeln!(svg, r##"<line x1="{LEFT}" y1="{y:.1}" x2="{:.1}" y2="{y:.1}" stroke="#ddd"/>"##, x_of(MOST_GY))?;
        writeln!(svg, r#"<text x="{}" y="{:.1}" text-anchor="end">{percent}</text>"#, LEFT - 8.0, y + 4.5)?;
    }
    let middle = (y_of(0.0) + y_of(100.0)) / 2.0;
    writeln!(svg, r#"<text x="{:.1}" y="{}" text-anchor="middle">dose (Gy)</text>"#, x_of(MOST_GY / 2.0), HEIGHT - 10.0)?;
    writeln!(svg, r#"<text transform="translate(18 {middle:.1}) rotate(-90)" text-anchor="middle">volume (%)</text>"#)?;
    Ok(svg)
}

fn points(dvh: &Dvh) -> String {
    let percent = |gy: f64| dvh.volume_at_dose(Gy(gy)).map_or(0.0, |volume| 100.0 * (volume / dvh.volume()));
    (0..=300).map(|at| f64::from(at) * 0.25).map(|gy| format!("{:.1},{:.1} ", x_of(gy), y_of(percent(gy)))).collect()
}

fn x_of(gy: f64) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * gy / MOST_GY
}

fn y_of(percent: f64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - percent / 100.0)
}

#[cfg(test)]
#[test]
fn every_roi_but_the_body_has_a_curve() {
    let svg = drawing().unwrap();
    assert_eq!(svg.matches("<polyline").count(), 13);
}
