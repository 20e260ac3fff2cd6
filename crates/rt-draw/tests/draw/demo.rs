//! Scenes and the report of a case, made without the exporter: from its files by the libraries below it.
//!
//! That also draws what must never be exported, for a picture that says so.

use rt_draw::draw::{Painter, palette::Palette};
use rt_draw::labels::CaseLabels;
use rt_draw::report::{Identity, KeySlice, Report, ReportRoi};
use rt_draw::scene::{Outline, SlicePosition, SliceScene};
use rt_draw::style::{DoseUnit, PictureStyle};
use rt_dvh::{DvhOptions, NoDvh, compute};
use rt_geometry::pixel_plane::PixelPlane;
use rt_geometry::resample::{dose_on_plane, grid_edge};
use rt_geometry::sample::trilinear;
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::approval::ApprovalStatus;
use rt_model::derive::{self, RxRule};
use rt_model::dose::DoseGrid;
use rt_model::finding::{Finding, dvh as codes};
use rt_model::image::Image;
use rt_model::matching::{Duplicates, MatchOptions, match_cases};
use rt_model::provenance::Provenance;
use rt_model::read::{ReadOptions, ScanOptions, read_dose, read_image, read_structure_set, scan};
use rt_model::structure_set::StructureSet;
use rt_model::units::Mm;
use rt_phantom::case::Role;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The demo case.
pub(crate) static DEMO: LazyLock<Case> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let demo = rt_phantom::demo::write(folder.path()).unwrap();
    let file = |role| demo.path(role).unwrap();
    let images: Vec<PathBuf> = demo.paths(Role::Image).map(Path::to_owned).collect();
    Case::read(file(Role::StructureSet), file(Role::Dose), &images)
});

pub(crate) struct Case {
    images: Vec<Image>,
    pub(crate) dose: DoseGrid,
    set: StructureSet,
    stacks: Vec<Result<RoiStack, NoDvh>>,
    targets_alone: bool,
}

impl Case {
    pub(crate) fn read(structures: &Path, dose: &Path, images: &[PathBuf]) -> Self {
        let set = read_structure_set(structures, &ReadOptions::default()).unwrap().value;
        let dose = read_dose(dose, &ReadOptions::default()).unwrap().value.grid.unwrap();
        let mut images: Vec<Image> = images.iter().map(|path| read_image(path).unwrap().value).collect();
        images.sort_by(|a, b| a.header.position.unwrap().z.total_cmp(&b.header.position.unwrap().z));
        let (options, planes) = (DvhOptions::preset("dosebridge-2").unwrap(), StructurePlanes::of(&set.rois));
        let build = |roi| RoiStack::build(roi, &options.stack(planes.neighbours_of(roi)));
        let stacks = set.rois.iter().map(|roi| Ok(build(roi)?.value)).collect();
        Self { images, dose, set, stacks, targets_alone: false }
    }

    /// Slice `at` from below with at least 512 pixels along each side.
    pub(crate) fn scene(&self, at: usize) -> SliceScene {
        let image = &self.images[at];
        let [row, column] = image.header.orientation.unwrap();
        let (origin, spacing) = (image.header.position.unwrap(), image.header.spacing.unwrap());
        let factor = 512usize.div_ceil(image.header.size[0].min(image.header.size[1]));
        let plane = PixelPlane { origin, row, column, spacing, size: image.header.size }.refined(factor);
        let mut dose = vec![0.0; plane.size[0] * plane.size[1]];
        dose_on_plane(&self.dose, &plane, &mut dose);
        SliceScene {
            size: plane.size,
            pixel: plane.spacing,
            row,
            column,
            anatomy: Some(gray(image, factor)),
            dose,
            grid_edge: grid_edge(self.dose.geometry(), &plane),
            outlines: self.outlines(&plane),
            position: SlicePosition { number: at + 1, of: self.images.len(), height: Mm(plane.origin.z) },
        }
    }

    /// From now on outlines are drawn as they are by default.
    pub(crate) fn outline_targets_alone(&mut self) {
        self.targets_alone = true;
    }

    fn outlines(&self, plane: &PixelPlane) -> Vec<Outline> {
        let height = plane.height();
        let outline = |(roi, stack): (&rt_model::structure_set::Roi, &Result<RoiStack, NoDvh>)| {
            let stack = stack.as_ref().ok()?;
            let slab = stack.slabs().iter().find(|slab| slab.lower <= height && height < slab.upper)?;
            let pixel =
                |uv: &[f64; 2]| plane.pixel_from_patient(stack.frame().patient_from_plane(*uv, height));
            let rings =
                slab.region.rings().iter().map(|ring| ring.points().iter().map(pixel).collect()).collect();
            Some(Outline { name: roi.name.clone(), colour: roi.colour.unwrap_or([200; 3]), rings })
        };
        let target = |roi: &rt_model::structure_set::Roi| {
            ["GTV", "CTV", "PTV"].contains(&roi.interpreted_type.as_deref().unwrap_or(""))
        };
        let drawn =
            self.set.rois.iter().zip(&self.stacks).filter(|(roi, _)| !self.targets_alone || target(roi));
        drawn.filter_map(outline).collect()
    }

    /// Labels of an approved plan with a settled prescription.
    pub(crate) fn labels(&self, plan: &str, prescription: f64) -> CaseLabels {
        CaseLabels {
            plan: plan.to_owned(),
            prescription: Some(prescription),
            fractions: Some(35),
            maximum: self.dose.range().1.0,
            unit: DoseUnit::Gy,
            approval: Some(ApprovalStatus::Approved),
            plans: 1,
            total: "confirmed: grid / plan = 1.0000".to_owned(),
            test: false,
        }
    }

    /// Labels of what the files of a folder say, whether or not the case may be exported, with the facts that
    /// reports give.
    pub(crate) fn stated(&self, folder: &Path) -> (CaseLabels, Vec<(String, String)>) {
        let parts = ["RP.dcm", "RS.dcm", "RD.dcm", "CT"].map(|name| folder.join(name));
        let inventory = scan(&parts, &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap();
        let matching = MatchOptions { include_qa: true, ..MatchOptions::default() };
        let matched = match_cases(&inventory, &Duplicates::default(), &matching);
        let case = matched.cases[0].load(&inventory, &ReadOptions::default()).unwrap().unwrap().value;
        let total = derive::check(&case.plan, false, |point| trilinear(&self.dose, point));
        let rule = RxRule { stated: None, fall_back_to_maximum: false };
        let summary = derive::summarise(&case, Some(&self.dose), rule).value;
        let labels = CaseLabels {
            plan: case.plan.label.clone(),
            prescription: summary.prescription.settled.map(|dose| dose.0),
            fractions: summary.fractions.map(|fractions| fractions.value),
            maximum: self.dose.range().1.0,
            unit: DoseUnit::Gy,
            approval: case.plan.approval_status,
            plans: 1,
            total: total.in_words(),
            test: false,
        };
        let chosen = summary.prescription.candidates.iter().find(|candidate| candidate.chosen);
        let rows = [
            ("Plan", labels.plan.clone()),
            ("Prescription", labels.prescription_text()),
            ("Source of prescription", chosen.map_or("none", |chosen| chosen.source.in_words()).to_owned()),
            ("Approval", labels.approval_text().to_owned()),
            ("Total dose", labels.total.clone()),
            ("Maximum of the grid", format!("{:.2} Gy", labels.maximum)),
        ];
        (labels, rows.map(|(label, value)| (label.to_owned(), value)).to_vec())
    }

    pub(crate) fn report(&self, labels: &CaseLabels, slices: &[usize]) -> Report {
        let options = DvhOptions::preset("dosebridge-2").unwrap();
        let dvh = |stack: &RoiStack| {
            compute(stack, &self.dose, &options).map(|parsed| parsed.value).map_err(NoDvh::from)
        };
        let roi = |(roi, stack): (&rt_model::structure_set::Roi, &Result<RoiStack, NoDvh>)| ReportRoi {
            name: roi.name.clone(),
            colour: roi.colour,
            interpreted_type: roi.interpreted_type.clone(),
            dvh: stack.as_ref().map_err(Clone::clone).and_then(dvh),
            bands: Vec::new(),
        };
        let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        Report {
            labels: labels.clone(),
            identity: Identity {
                id: "DEMO-0001".to_owned(),
                name: "DEMO^HEAD AND NECK".to_owned(),
                birth_date: Some("1960-02-29".to_owned()),
                sex: Some('O'),
            },
            plan: vec![
                fact("Plan", &labels.plan),
                fact("Prescription", &labels.prescription_text()),
                fact("Its source", "dose reference 1 (PTV_7000), linked from fraction group 1"),
                fact("Approval", labels.approval_text()),
                fact("Total dose", &labels.total),
                fact("Dose", "PHYSICAL, PLAN, voxels of 3.00 x 3.00 x 3.00 mm"),
                fact("Technique", "VMAT, 2 beams, 520.3 MU per fraction"),
                fact("Planning system", "DoseBridge phantom"),
                fact("Dose calculated", "2026-01-15 10:30"),
                fact("Structure set", "HN_DEMO, 2026-01-14"),
            ],
            rois: self.set.rois.iter().zip(&self.stacks).map(roi).collect(),
            key_slices: self.key_slices(labels, slices),
            findings: vec![Finding::warning(
                codes::GAP_BRIDGED,
                Provenance::unknown(),
                "Larynx: a gap of 6 mm was bridged with 0.41 cm3",
            )],
            provenance: vec![
                fact("Program", "DoseBridge 0.1.0"),
                fact("Engine", &options.to_string()),
                fact("RTPLAN", "2.25.120044530022340915530911437340224312"),
                fact("RTDOSE", "2.25.220044530022340915530911437340224312"),
                fact("RTSTRUCT", "2.25.320044530022340915530911437340224312"),
                fact("Images", "60 CT, series 2.25.420044530022340915530911437340224312"),
            ],
            dose_date: Some("20260115103000".to_owned()),
        }
    }

    pub(crate) fn key_slices(&self, labels: &CaseLabels, slices: &[usize]) -> Vec<KeySlice> {
        let style = style(labels, Palette::Standard);
        let slice = |at: &usize| {
            let scene = self.scene(*at);
            let canvas = Painter::new(labels, &style, scene.size).paint(&scene);
            KeySlice { caption: format!("slice {}, z {:.1} mm", at + 1, scene.position.height.0), canvas }
        };
        slices.iter().map(slice).collect()
    }
}

/// Everything that can be shown, in the colours of a palette.
pub(crate) fn style(labels: &CaseLabels, palette: Palette) -> PictureStyle {
    let levels = palette.levels(labels.maximum, labels.prescription);
    PictureStyle { levels, unit: labels.unit, opacity: 0.4, lines: true, outlines: true }
}

/// Soft-tissue window, bilinear.
fn gray(image: &Image, factor: usize) -> Vec<u8> {
    let [columns, rows] = image.header.size;
    let shade = |x: i64, y: i64| {
        let (x, y) = (x.clamp(0, columns as i64 - 1) as usize, y.clamp(0, rows as i64 - 1) as usize);
        (f64::from(image.values[y * columns + x] + 160.0) / 400.0 * 255.0).clamp(0.0, 255.0)
    };
    let coarse = |at: usize| {
        let place = (at as f64 + 0.5) / factor as f64 - 0.5;
        (place.floor() as i64, place - place.floor())
    };
    let pixel = |x: usize, y: usize| {
        let ((i, s), (j, t)) = (coarse(x), coarse(y));
        let along = |j: i64| shade(i, j) * (1.0 - s) + shade(i + 1, j) * s;
        (along(j) * (1.0 - t) + along(j + 1) * t).round() as u8
    };
    (0..rows * factor)
        .flat_map(|y| (0..columns * factor).map(move |x| (x, y)))
        .map(|(x, y)| pixel(x, y))
        .collect()
}
