//! Loads what matching settled on, and compares files that share a SOP Instance UID.
//!
//! Units: millimetres and gray. Frame: DICOM patient coordinates (LPS).

use crate::case::Case;
use crate::derive;
use crate::dose::Dose;
use crate::finding::Parsed;
use crate::finding::dose::DOSE_MAGNITUDE;
use crate::identity;
use crate::image::ImageSeries;
use crate::instance::{Content, Instance, InstanceInfo, Inventory};
use crate::matching::{CaseMatch, DuplicateGroup, Duplicates, repeated_instances};
use crate::read::error::{ReadError, ReadErrorKind};
use crate::read::{ReadOptions, read_dose, read_image, read_structure_set};
use crate::structure_set::StructureSet;
use crate::units::{Gy, Mm};
use rayon::prelude::*;

impl CaseMatch {
    /// Reads the case's files, in parallel on rayon's current pool; `None` where plan, structure set and dose
    /// are not settled.
    ///
    /// ```
    /// use rt_model::matching::{Duplicates, MatchOptions, match_cases};
    /// use rt_model::read::{ReadOptions, ScanOptions, scan};
    /// use std::ops::ControlFlow;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
    /// let inventory = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
    /// let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    /// let case = matching.cases[0].load(&inventory, &ReadOptions::default()).unwrap()?.value;
    /// assert_eq!((case.structure_set.rois.len(), case.doses.len()), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where a file cannot be read, or no longer is the instance that was scanned.
    #[must_use]
    pub fn load(
        &self,
        inventory: &Inventory,
        options: &ReadOptions,
    ) -> Option<Result<Parsed<Case>, ReadError>> {
        let plan = &inventory.instances[self.plan];
        let Content::Plan(content) = &plan.content else { return None };
        let set = &inventory.instances[self.structure_set?];
        if self.doses.is_empty() {
            return None;
        }
        let read_doses = || -> Result<Vec<Parsed<Dose>>, ReadError> {
            let doses =
                self.doses.par_iter().map(|dose| same_dose(&inventory.instances[dose.instance], options));
            doses.collect()
        };
        let (structures, doses) = rayon::join(|| same_structure_set(set, options), read_doses);
        let load = || {
            let structures = structures?;
            let mut findings = structures.findings;
            let mut parts = Vec::new();
            let exempt = derive::magnitude_exempt(content, &plan.info.equipment);
            for dose in doses? {
                findings.extend(
                    dose.findings.into_iter().filter(|finding| !(exempt && finding.code == DOSE_MAGNITUDE)),
                );
                parts.push(dose.value);
            }
            let mut structure_set = structures.value;
            structure_set.mark_foreign(parts.first().and_then(|dose| dose.info.frame_of_reference.as_ref()));
            let value = Case {
                plan_info: plan.info.clone(),
                plan: content.as_ref().clone(),
                structure_set,
                doses: parts,
                images: image_series(inventory, &self.images),
            };
            Ok(Parsed { value, findings })
        };
        Some(load())
    }
}

fn same_structure_set(scanned: &Instance, options: &ReadOptions) -> Result<Parsed<StructureSet>, ReadError> {
    let set = read_structure_set(&scanned.info.path, options)?;
    unchanged(scanned, &set.value.info)?;
    Ok(set)
}

fn same_dose(scanned: &Instance, options: &ReadOptions) -> Result<Parsed<Dose>, ReadError> {
    let dose = read_dose(&scanned.info.path, options)?;
    unchanged(scanned, &dose.value.info)?;
    Ok(dose)
}

/// What matching decided holds for the file as it was scanned.
fn unchanged(scanned: &Instance, loaded: &InstanceInfo) -> Result<(), ReadError> {
    if scanned.info == *loaded {
        return Ok(());
    }
    let detail = "expected the file as it was when the folder was scanned, found it changed";
    Err(ReadError::new(ReadErrorKind::WrongObject, detail)
        .placed(|tag| crate::provenance::Provenance { tag, ..loaded.provenance() }))
}

/// Images in the order of `sorted`, as one series.
fn image_series(inventory: &Inventory, sorted: &[usize]) -> Option<ImageSeries> {
    let images: Vec<&Instance> = sorted.iter().map(|at| &inventory.instances[*at]).collect();
    let first = &images.first()?.info;
    let position = |image: &&Instance| match &image.content {
        Content::Image(header) => {
            let [row, column] = header.orientation?;
            Some(header.position?.along(row.cross(column)))
        }
        _ => None,
    };
    let heights: Vec<f64> = images.iter().filter_map(position).collect();
    let mut gaps: Vec<f64> =
        heights.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0).collect();
    gaps.sort_by(f64::total_cmp);
    let dated = images.iter().find(|image| image.info.study.date.is_some());
    let one_study = images.iter().all(|image| image.info.study.instance_uid == first.study.instance_uid);
    Some(ImageSeries {
        series_instance: first.series_instance.clone()?,
        modality: first.modality.clone(),
        study_instance: first.study.instance_uid.clone().filter(|_| one_study),
        study_date: dated.and_then(|image| image.info.study.date),
        study_date_at: dated.map(|image| image.info.provenance()).unwrap_or_default(),
        instances: images.iter().map(|image| image.info.sop_instance.clone()).collect(),
        slice_spacing: gaps.get(gaps.len() / 2).copied().map(Mm),
    })
}

/// Compares the decoded content of files that share a SOP Instance UID, in parallel on rayon's current pool.
/// Images whose pixels are of a kind that is not read are compared by their headers; any other file that
/// cannot be read equals no other.
///
/// ```
/// use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let inventory = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
/// assert!(duplicates.groups.is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn compare_duplicates(inventory: &Inventory, options: &ReadOptions) -> Duplicates {
    let groups = repeated_instances(inventory).into_par_iter().map(|instances| {
        let contents: Vec<Option<Sameness<'_>>> =
            instances.par_iter().map(|at| sameness(&inventory.instances[*at], options)).collect();
        let equal = contents.iter().all(|content| content.is_some() && *content == contents[0]);
        DuplicateGroup { instances, equal }
    });
    Duplicates { groups: groups.collect() }
}

/// What has to be the same in two files of one instance.
#[derive(PartialEq)]
enum Sameness<'a> {
    Digest(&'a str, [u8; 32]),
    Image(&'a str, &'a Content, Option<[u8; 32]>),
    Header(&'a str, &'a Content),
}

fn sameness<'a>(instance: &'a Instance, options: &ReadOptions) -> Option<Sameness<'a>> {
    let patient = instance.info.patient.id.as_str();
    Some(match &instance.content {
        Content::Plan(plan) => Sameness::Digest(patient, identity::plan_digest(plan)),
        Content::StructureSet(_) => {
            let set = read_structure_set(&instance.info.path, options).ok()?;
            Sameness::Digest(patient, identity::structure_set_digest(&set.value))
        }
        Content::Dose(_) => {
            // Only whether two are equal is asked: any reference dose serves.
            let comparable = ReadOptions { relative_dose_reference: Some(Gy(1.0)), ..*options };
            let dose = read_dose(&instance.info.path, &comparable).ok()?;
            Sameness::Digest(patient, identity::dose_digest(&dose.value))
        }
        Content::Image(_) => {
            let image = read_image(&instance.info.path).ok();
            Sameness::Image(
                patient,
                &instance.content,
                image.map(|image| identity::pixel_digest(&image.value)),
            )
        }
        Content::Other => Sameness::Header(patient, &instance.content),
    })
}
