//! Matched sets of RTPLAN, RTSTRUCT, RTDOSE and CT, written from a description.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS).

mod brachy_setup;
mod dose;
mod file;
mod header;
mod image;
mod ion_beam;
mod photon_beam;
mod plan;
mod plan_file;
mod structures;

pub use dose::{DoseLayout, DoseSpec};
pub use file::{PhantomCase, PhantomFile, Role, WrittenCase, WrittenFile};
pub use image::{HounsfieldField, ImageSpec};
pub use plan::{BeamSpec, BrachySpec, DosePoint, GantryArc, Leaves, PlanSpec};

use crate::encode::Encoding;
use crate::error::PhantomError;
use crate::position::Position;
use crate::rounding::rounded;
use rt_model::date::Date;
use rt_model::frame::PatientPoint;
use rt_model::patient::{Patient, Sex};
use rt_model::structure_set::Roi;
use std::path::Path;

/// Decimals that contour coordinates are rounded to before they are written: a tenth of a micrometre, as
/// planning systems do at most.
const CONTOUR_DECIMALS: i32 = 4;

/// Describes one matched case: a plan, its structure set, its dose and its planning CT. Everything has a
/// sensible default but the ROIs; identifiers depend on the seed alone.
///
/// ```
/// # fn main() -> Result<(), rt_phantom::PhantomError> {
/// use rt_phantom::case::{CaseBuilder, Role};
/// use rt_phantom::{Contouring, OffsetStyle, Position, Sphere};
/// use rt_model::{frame::PatientPoint, units::Mm};
///
/// let sphere = Sphere { centre: PatientPoint::new(0.0, 0.0, 0.0), radius: Mm(12.0) };
/// let case = CaseBuilder::new("readme")
///     .position(Position::Ffs)
///     .offsets(OffsetStyle::Descending)
///     .roi(Contouring::every(2.0).draw(&sphere, 1, "sphere"))
///     .build()?;
/// assert_eq!(case.files_of(Role::Dose).count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CaseBuilder {
    pub(crate) seed: String,
    pub(crate) patient: Patient,
    pub(crate) equipment: [String; 2],
    pub(crate) position: Position,
    pub(crate) encoding: Encoding,
    pub(crate) plan: PlanSpec,
    pub(crate) dose: DoseSpec,
    pub(crate) image: Option<ImageSpec>,
    pub(crate) rois: Vec<Roi>,
}

impl CaseBuilder {
    /// A head-first supine case without ROIs: one static photon beam, 60 Gy in 30 fractions, a linear dose of
    /// 30 Gy at the origin that rises by 1 Gy per mm along y on a 2 mm grid of 48 mm about the origin, and a
    /// CT around that.
    #[must_use]
    pub fn new(seed: impl Into<String>) -> Self {
        let seed = seed.into();
        let patient = Patient {
            id: format!("PHANTOM-{seed}"),
            name: "PHANTOM^CLOSED FORM".to_owned(),
            birth_date: Date::new(1970, 1, 1),
            sex: Some(Sex::Other),
            ..Patient::default()
        };
        Self {
            seed,
            patient,
            equipment: ["DoseBridge".to_owned(), "rt-phantom".to_owned()],
            position: Position::Hfs,
            encoding: Encoding::default(),
            plan: PlanSpec::default(),
            dose: DoseSpec::default(),
            image: Some(ImageSpec::default()),
            rois: Vec::new(),
        }
    }

    /// Who the case is about, in all its files.
    #[must_use]
    pub fn patient(mut self, patient: Patient) -> Self {
        self.patient = patient;
        self
    }

    /// What wrote the case: Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090) of all its
    /// files.
    #[must_use]
    pub fn equipment(mut self, manufacturer: &str, model: &str) -> Self {
        self.equipment = [manufacturer, model].map(str::to_owned);
        self
    }

    /// How the patient lay: decides the cosines of the CT and of a dose grid that names none, and what the
    /// plan says.
    #[must_use]
    pub fn position(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// How all files are encoded.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// The plan.
    #[must_use]
    pub fn plan(mut self, plan: PlanSpec) -> Self {
        self.plan = plan;
        self
    }

    /// The dose.
    #[must_use]
    pub fn dose(mut self, dose: DoseSpec) -> Self {
        self.dose = dose;
        self
    }

    /// The planning CT; `None` writes none.
    #[must_use]
    pub fn image(mut self, image: Option<ImageSpec>) -> Self {
        self.image = image;
        self
    }

    /// Adds a ROI. Its coordinates are rounded to 0.0001 mm.
    #[must_use]
    pub fn roi(mut self, mut roi: Roi) -> Self {
        for point in roi.contours.iter_mut().flat_map(|contour| &mut contour.points) {
            let round = |c| rounded(c, CONTOUR_DECIMALS);
            *point = PatientPoint::new(round(point.x), round(point.y), round(point.z));
        }
        self.rois.push(roi);
        self
    }

    /// Adds ROIs as [`Self::roi`] does.
    #[must_use]
    pub fn rois(self, rois: impl IntoIterator<Item = Roi>) -> Self {
        rois.into_iter().fold(self, Self::roi)
    }

    /// How the dose's frame offsets are written.
    #[must_use]
    pub fn offsets(mut self, offsets: crate::grid::OffsetStyle) -> Self {
        self.dose.grid.offsets = offsets;
        self
    }

    /// The files of the case, not yet written: open to edits.
    ///
    /// # Errors
    /// Where the description contradicts itself: an empty grid, a dose below 0, no beam.
    pub fn build(&self) -> Result<PhantomCase, PhantomError> {
        let lattice = self.dose.grid.lattice(self.position)?;
        let images = self.image.as_ref().map(|image| image::slices(self, image)).unwrap_or_default();
        let mut files = vec![plan_file::file(self, &lattice)?, structures::file(self, &images)];
        files.extend(dose::files(self, &lattice)?);
        files.extend(images.into_iter().map(|slice| slice.file));
        Ok(PhantomCase { files, rois: self.rois.clone() })
    }

    /// Writes the case's files into a folder, which is made where it is missing: `RP.dcm`, `RS.dcm`, `RD.dcm`
    /// (or `RD.<beam>.dcm`),
    /// `CT/CT.0001.dcm` and so on. Files of the same names are replaced.
    ///
    /// # Errors
    /// As [`Self::build`], and where a file can't be written.
    pub fn write(&self, folder: &Path) -> Result<WrittenCase, PhantomError> {
        self.build()?.write(folder)
    }

    pub(crate) fn uid(&self, part: &str) -> String {
        crate::uid::derived_uid(&self.seed, part).as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dose::LinearDose;
    use crate::grid::GridSpec;
    use rt_model::frame::PatientVector;
    use rt_model::units::Gy;
    use std::sync::Arc;

    fn reason(case: CaseBuilder) -> String {
        case.build().unwrap_err().to_string()
    }

    #[test]
    fn descriptions_that_contradict_themselves_are_refused() {
        let case = || CaseBuilder::new("refused");
        let negative = LinearDose { at_origin: Gy(10.0), gradient: PatientVector::new(0.0, 1.0, 0.0) };
        let negative = DoseSpec { field: Arc::new(negative), ..DoseSpec::default() };
        assert_eq!(reason(case().dose(negative)), "expected doses of 0 Gy or more in the grid, found -14");
        let grid =
            GridSpec::covering(PatientPoint::new(5.0, 0.0, 0.0), PatientPoint::new(-5.0, 0.0, 0.0), 1.0);
        assert!(
            reason(case().dose(DoseSpec { grid, ..DoseSpec::default() })).starts_with("expected a grid box")
        );
        assert_eq!(
            reason(case().dose(DoseSpec { bits: 8, ..DoseSpec::default() })),
            "expected 16 or 32 bits, found 8"
        );
        let unplanned = PlanSpec { fractions: 0, ..PlanSpec::default() };
        assert!(reason(case().plan(unplanned)).starts_with("expected a plan with fractions"));
    }

    #[test]
    fn identifiers_depend_on_the_seed_alone() {
        let uids = |case: CaseBuilder| {
            let case = case.build().unwrap();
            case.files.iter().map(|file| file.data.get("SOPInstanceUID").cloned()).collect::<Vec<_>>()
        };
        let first = uids(CaseBuilder::new("a"));
        assert_eq!(first, uids(CaseBuilder::new("a").position(Position::Ffp)));
        assert!(uids(CaseBuilder::new("b")).iter().all(|uid| !first.contains(uid)));
    }

    #[test]
    fn files_can_be_dropped_copied_and_cut() {
        let mut case = CaseBuilder::new("files").image(None).build().unwrap();
        case.copy("RD.dcm", "RD.2.dcm").unwrap().truncate(10);
        case.remove("RS.dcm").unwrap().add_raw("notes.txt", *b"note");
        let names: Vec<_> = case.files.iter().map(|file| (file.name.as_str(), file.role)).collect();
        let expected = [
            ("RP.dcm", Role::Plan),
            ("RD.dcm", Role::Dose),
            ("RD.2.dcm", Role::Dose),
            ("notes.txt", Role::Other),
        ];
        assert_eq!(names, expected);
        assert_eq!(case.file("RD.2.dcm").unwrap().bytes().len(), 10);
        let error = case.remove("RS.dcm").unwrap_err();
        assert_eq!(error.to_string(), "RS.dcm: expected a file of the case, found none of this name");
    }
}
