//! Bytes as calls of the library: contours and a dose grid become a volume, a DVH, metrics and bands; a text
//! becomes a metric. The fuzz targets and the test that replays their corpus share it.

use rt_dvh::{Dvh, DvhOptions, Isodose, Metric, MetricContext, bands, compute, example};
use rt_geometry::stack::{Between, Caps, RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Gy, Mm};

const METRICS: [&str; 14] = [
    "D95%",
    "D0.03cc",
    "D0%[%]",
    "DC1cc",
    "V20Gy[cc]",
    "CV20Gy",
    "V95%",
    "Min",
    "Mean[EQD2]",
    "Max",
    "gEUD(a=-8)",
    "gEUD(a=40)",
    "HI",
    "PCI",
];

/// Numbers from bytes; zeros when they are used up.
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn whole(&mut self) -> i16 {
        i16::from_le_bytes([self.byte(), self.byte()])
    }

    /// A sixteenth of a millimetre is the step; a wild one is any number there is.
    fn coordinate(&mut self, wild: bool) -> f64 {
        if wild {
            f64::from_le_bytes(std::array::from_fn(|_| self.byte()))
        } else {
            f64::from(self.whole()) / 16.0
        }
    }
}

/// Any contours in any dose: no panic, no number that is not finite, no negative volume, no curve that rises.
pub(crate) fn volume(bytes: &[u8]) {
    let mut numbers = Numbers(bytes);
    let flags = numbers.byte();
    let Some(dose) = dose(&mut numbers, flags) else { return };
    let roi = roi(&mut numbers, flags & 1 != 0);
    let between = if flags & 2 == 0 { Between::Prism } else { Between::Interpolated };
    let caps = [Caps::None, Caps::HalfSlice, Caps::HalfSliceCapped(Mm(1.5)), Caps::Rounded]
        [usize::from(flags >> 2 & 3)];
    let name = if flags & 32 == 0 { "dosebridge-2" } else { "dosebridge-1" };
    let Some(preset) = DvhOptions::preset(name) else { return };
    let options = DvhOptions { between, caps, ..preset };
    // A neighbour on even planes, so that it tells of the ROI's own.
    let rois = [roi, even(f64::from(numbers.byte()) / 16.0)];
    let (roi, planes) = (&rois[0], StructurePlanes::of(&rois));
    let neighbours = Some(planes.neighbours(0));
    let Ok(stack) = RoiStack::build(roi, &options.stack(neighbours)) else { return };
    let stack = stack.value;
    assert!(stack.volume().is_finite() && stack.volume().0 >= 0.0, "{}", stack.volume());
    for slab in stack.slabs() {
        assert!(slab.lower <= slab.upper && slab.region.area().0 >= 0.0, "{slab:?}");
    }
    let Ok(dvh) = compute(&stack, &dose, &options) else { return };
    check(&dvh.value);
    let metrics: Vec<Metric> = METRICS.iter().map(|metric| metric.parse().expect("a metric")).collect();
    let isodose = Isodose::of_grid(&dose, &options);
    let context = MetricContext {
        prescription: Ok(Gy(20.0)),
        fractions: Ok(5),
        alpha_beta: Ok(Gy(3.0)),
        isodose: isodose.as_ref().map_err(|_| rt_dvh::Reason::NeedsIsodose),
    };
    for metric in &metrics {
        reported(&dvh.value, metric, &context);
    }
    if flags & 64 != 0 {
        for band in bands(&dvh.value, roi, neighbours, &dose, &metrics, &context) {
            let ends = [band.low, band.value.value, band.high];
            let known: Vec<f64> = ends.into_iter().flatten().collect();
            assert!(known.iter().all(|end| end.is_finite()) && known.is_sorted(), "{band:?}");
        }
    }
}

/// A box on planes so far apart.
fn even(spacing: f64) -> Roi {
    let contour = |n: i8| {
        let mut contour = rt_geometry::example::contour(&CORNERS, f64::from(n) * spacing);
        contour.index = usize::from(n.unsigned_abs());
        contour
    };
    Roi { number: 1, contours: (-8..=8).map(contour).collect(), ..Roi::default() }
}

const CORNERS: [(f64, f64); 4] = [(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)];

/// Any text as a metric, read from a DVH.
pub(crate) fn metric(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(metric) = text.parse::<Metric>() else { return };
    assert_eq!(metric.to_string().parse(), Ok(metric));
    let (dvh, isodose) = (example::wedge(), example::body());
    let context = MetricContext {
        prescription: Ok(Gy(20.0)),
        fractions: Ok(5),
        alpha_beta: Ok(Gy(3.0)),
        isodose: Ok(&isodose),
    };
    reported(&dvh, &metric, &context);
}

fn reported(dvh: &Dvh, metric: &Metric, context: &MetricContext<'_>) {
    let reported = dvh.evaluate(metric, context);
    assert!(
        [reported.value, reported.low, reported.high].into_iter().flatten().all(f64::is_finite),
        "{metric}: {reported:?}"
    );
    assert_eq!(
        reported.value.is_none(),
        reported.value.is_none() && reported.reason.is_some(),
        "{metric}: {reported:?}"
    );
}

fn check(dvh: &Dvh) {
    assert!((0.0..=100.0).contains(&dvh.coverage().0), "{}", dvh.coverage());
    assert!(dvh.differential().iter().all(|volume| volume.is_finite() && *volume >= 0.0));
    if let Some(doses) = dvh.doses() {
        assert!(
            doses.covered <= dvh.volume() && doses.min <= doses.mean && doses.mean <= doses.max,
            "{doses:?}"
        );
    }
    if let Some(curve) = dvh.cumulative() {
        assert!(curve.windows(2).all(|pair| pair[1] <= pair[0]) && curve.last() == Some(&0.0));
    }
}

fn dose(numbers: &mut Numbers<'_>, flags: u8) -> Option<DoseGrid> {
    let mut size = || usize::from(numbers.byte() % 7) + 1;
    let size = [size(), size(), size()];
    let origin =
        PatientPoint::new(numbers.coordinate(false), numbers.coordinate(false), numbers.coordinate(false));
    let mut spacing = || Mm(f64::from(numbers.byte()) / 16.0);
    let (row, column) = match flags >> 4 & 3 {
        0 => (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0)),
        1 => (PatientVector::new(0.0, 1.0, 0.0), PatientVector::new(0.0, 0.0, -1.0)),
        2 => (PatientVector::new(-1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0)),
        _ => (PatientVector::new(0.6, 0.8, 0.0), PatientVector::new(-0.8, 0.6, 0.0)),
    };
    let spacing = [spacing(), spacing()];
    let mut offset = 0.0;
    let offsets = (0..size[2]).map(|k| {
        if k > 0 {
            offset += f64::from(numbers.byte()) / 16.0;
        }
        offset
    });
    let offsets = offsets.collect();
    let geometry = GridGeometry::new(origin, row, column, spacing, [size[0], size[1]], offsets).ok()?;
    let voxels = (0..geometry.voxel_count()).map(|_| {
        if flags & 128 != 0 {
            f32::from_le_bytes(std::array::from_fn(|_| numbers.byte()))
        } else {
            f32::from(numbers.byte())
        }
    });
    // A dose of 1e30 Gy is as many bins as one of 655 Gy, but no sum of it is finite in f32.
    DoseGrid::new(geometry, voxels.map(|gy| gy.clamp(-1e6, 1e6)).collect(), Gy(0.01)).ok()
}

fn roi(numbers: &mut Numbers<'_>, wild: bool) -> Roi {
    let mut contours = Vec::new();
    for index in 0..usize::from(numbers.byte() % 24) {
        let kind = match numbers.byte() % 8 {
            0 => ContourKind::ClosedPlanarXor,
            1 => ContourKind::OpenPlanar,
            _ => ContourKind::ClosedPlanar,
        };
        let z = numbers.coordinate(wild);
        let count = numbers.byte() % 32;
        let points = (0..count)
            .map(|_| PatientPoint::new(numbers.coordinate(wild), numbers.coordinate(wild), z))
            .collect();
        contours.push(Contour { index, kind, points, slab_thickness: None });
    }
    Roi { contours, ..Roi::default() }
}
