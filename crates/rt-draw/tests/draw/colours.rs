//! The colour of every pixel follows from its dose alone.

use rt_draw::draw::Painter;
use rt_draw::labels::CaseLabels;
use rt_draw::scene::{SlicePosition, SliceScene};
use rt_draw::style::{DoseUnit, Level, PictureStyle};
use rt_model::approval::ApprovalStatus;
use rt_model::frame::PatientVector;
use rt_model::units::Mm;

const SIZE: usize = 600;

/// A dose that falls by 0.1 Gy a pixel from 40 Gy at `centre`; unknown beyond column `known`.
fn cone(centre: [f64; 2], known: usize) -> SliceScene {
    let dose = |n: usize| {
        let (x, y) = (n % SIZE, n / SIZE);
        let away = (x as f64 - centre[0]).hypot(y as f64 - centre[1]);
        if x < known { (40.0 - 0.1 * away) as f32 } else { f32::NAN }
    };
    SliceScene {
        size: [SIZE, SIZE],
        pixel: [Mm(0.5); 2],
        row: PatientVector::new(1.0, 0.0, 0.0),
        column: PatientVector::new(0.0, 1.0, 0.0),
        anatomy: Some(vec![100; SIZE * SIZE]),
        dose: (0..SIZE * SIZE).map(dose).collect(),
        grid_edge: Vec::new(),
        outlines: Vec::new(),
        position: SlicePosition { number: 1, of: 1, height: Mm(0.0) },
    }
}

fn labels() -> CaseLabels {
    CaseLabels {
        plan: "P".to_owned(),
        prescription: None,
        fractions: None,
        maximum: 40.0,
        unit: DoseUnit::Gy,
        approval: Some(ApprovalStatus::Approved),
        plans: 1,
        total: "confirmed".to_owned(),
        test: false,
    }
}

fn style(lines: bool, opacity: f64) -> PictureStyle {
    let levels = vec![Level { dose: 28.0, colour: [0, 0, 250] }, Level { dose: 34.0, colour: [200, 100, 0] }];
    PictureStyle { levels, unit: DoseUnit::Gy, opacity, lines, outlines: false }
}

#[test]
fn known_points_have_the_colour_of_their_level() {
    let scene = cone([300.0, 300.0], SIZE);
    let canvas = Painter::new(&labels(), &style(false, 0.5), scene.size).paint(&scene);
    // 40, 35, 33 and 27 Gy: half anatomy, half the level's colour.
    assert_eq!(canvas.at(300, 300), Some([150, 100, 50]));
    assert_eq!(canvas.at(300, 250), Some([150, 100, 50]));
    assert_eq!(canvas.at(300, 370), Some([50, 50, 175]));
    assert_eq!(canvas.at(430, 300), Some([100; 3]));
    // The level itself is inside: 34 Gy at 60 pixels.
    assert_eq!(canvas.at(240, 300), Some([150, 100, 50]));
    assert_eq!(canvas.at(239, 300), Some([50, 50, 175]));
}

#[test]
fn unknown_dose_has_no_colour_and_no_line_at_its_border() {
    let scene = cone([300.0, 300.0], 330);
    let canvas = Painter::new(&labels(), &style(true, 0.5), scene.size).paint(&scene);
    for x in 330..360 {
        assert_eq!(canvas.at(x, 300), Some([100; 3]), "column {x}");
    }
    assert_eq!(canvas.at(329, 300), Some([150, 100, 50]), "known up to the border, and no line along it");
}

#[test]
fn without_anatomy_the_ground_is_black() {
    let scene = SliceScene { anatomy: None, ..cone([300.0, 300.0], SIZE) };
    let painter = Painter::new(&labels(), &style(false, 0.5), scene.size);
    assert_eq!(painter.paint(&scene).at(300, 300), Some([100, 50, 0]));
    assert!(painter.words(&scene).iter().any(|word| word == "no planning image: planes of the dose grid"));
}

#[test]
fn a_circle_of_known_isodose_is_drawn_within_half_a_pixel() {
    let centre = [300.4, 299.7];
    let scene = cone(centre, SIZE);
    let with = Painter::new(&labels(), &style(true, 0.0), scene.size).paint(&scene);
    for (level, radius) in [(0, 120.0), (1, 60.0)] {
        let colour = style(true, 0.0).levels[level].colour;
        for degrees in (0..360).step_by(5) {
            let (sine, cosine) = f64::from(degrees).to_radians().sin_cos();
            // Where the line's colour lies along a ray, weighted by how much of it there is.
            let (mut sum, mut weight) = (0.0, 0.0);
            for step in -40..=40 {
                let away = radius + f64::from(step) * 0.1;
                let at = [centre[0] + away * cosine, centre[1] + away * sine].map(|side| side.round());
                let pixel = with.at(at[0] as usize, at[1] as usize).unwrap();
                let along = (at[0] - centre[0]) * cosine + (at[1] - centre[1]) * sine;
                let near = (0..3).map(|n| f64::from(pixel[n].abs_diff(colour[n]))).sum::<f64>();
                let share = (1.0 - near / 120.0).max(0.0);
                sum += share * along;
                weight += share;
            }
            assert!(weight > 0.0, "no line at {degrees} degrees");
            assert!((sum / weight - radius).abs() < 0.5, "{degrees} degrees: {}", sum / weight);
        }
    }
}
