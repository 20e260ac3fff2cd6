//! Reads DICOM files: headers of whole folders, and plans, structure sets and doses in full.
//!
//! A walker over the file's own bytes. Each length is checked against what is left before anything is
//! allocated, nesting and counts are capped, and no input makes it panic or run for ever. What a clinician
//! can still use comes with findings; what cannot be used is a [`ReadError`] that names file, SOP instance
//! and attribute.
//!
//! Units: millimetres and gray; centigray and relative doses are converted or refused here. Frame: DICOM
//! patient coordinates (LPS).

mod bytes;
mod error;
mod objects;
mod options;
mod scan;
mod stored;

pub use error::{ReadError, ReadErrorKind};
pub use objects::case::compare_duplicates;
pub use options::{AssumeOffsets, AssumeOffsetsError, ReadOptions};
pub use scan::{
    ScanError, ScanErrorKind, ScanOptions, ScanProgress, read_instance_header,
    read_instance_header_from_bytes, scan,
};
pub use stored::{encoded_instance, stored_instance};

use crate::attribute::CopiedAttributes;
use crate::dose::Dose;
use crate::finding::Parsed;
use crate::image::Image;
use crate::instance::InstanceInfo;
use crate::plan::Plan;
use crate::provenance::Tag;
use crate::structure_set::StructureSet;
use crate::uid::sop_class;
use bytes::file;
use objects::object::{Object, Source, read_object};
use objects::{attributes, dose, image_pixels, plan, structure_set};
use std::path::Path;

/// Reads an RT Plan or RT Ion Plan.
///
/// ```
/// use rt_model::read::{ReadOptions, read_plan};
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let (info, plan) = read_plan(written.path(Role::Plan).unwrap(), &ReadOptions::default())?.value;
/// assert_eq!((info.modality.as_str(), plan.fraction_groups.len()), ("RTPLAN", 1));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file cannot be read, holds another object, or lacks what a plan needs.
pub fn read_plan(path: &Path, options: &ReadOptions) -> Result<Parsed<(InstanceInfo, Plan)>, ReadError> {
    read_plan_from_bytes(&whole(path)?, path, options)
}

/// Reads an RT Plan or RT Ion Plan from a file's bytes; `path` names it in messages.
///
/// ```
/// use rt_model::read::{ReadOptions, read_plan_from_bytes};
/// use rt_phantom::case::Role;
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = rt_phantom::fixtures::sound("documentation").build()?;
/// let bytes = case.files_of(Role::Plan).next().unwrap().bytes();
/// let read = read_plan_from_bytes(&bytes, Path::new("in memory"), &ReadOptions::default())?;
/// assert!(read.value.1.beams.len() == 1);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_plan`].
pub fn read_plan_from_bytes(
    bytes: &[u8],
    path: &Path,
    _: &ReadOptions,
) -> Result<Parsed<(InstanceInfo, Plan)>, ReadError> {
    read_object(bytes.into(), path, |object| {
        expect(object, "an RT Plan or RT Ion Plan", plan::is_plan(object))?;
        Ok((object.info.clone(), plan::plan(object)?))
    })
}

/// Reads an RT Structure Set with its contours.
///
/// A contour that cannot be used is left out with an error among the findings and counted in
/// [`crate::structure_set::Roi::unusable_contours`].
///
/// ```
/// use rt_model::read::{ReadOptions, read_structure_set};
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let set = read_structure_set(written.path(Role::StructureSet).unwrap(), &ReadOptions::default())?.value;
/// assert!(set.rois.iter().all(|roi| roi.unusable_contours == 0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file cannot be read, holds another object, or two ROIs have one number.
pub fn read_structure_set(path: &Path, options: &ReadOptions) -> Result<Parsed<StructureSet>, ReadError> {
    read_structure_set_from_bytes(&whole(path)?, path, options)
}

/// Reads an RT Structure Set from a file's bytes; `path` names it in messages.
///
/// ```
/// use rt_model::read::{ReadOptions, read_structure_set_from_bytes};
/// use rt_phantom::case::Role;
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = rt_phantom::fixtures::sound("documentation").build()?;
/// let bytes = case.files_of(Role::StructureSet).next().unwrap().bytes();
/// let read = read_structure_set_from_bytes(&bytes, Path::new("in memory"), &ReadOptions::default())?;
/// assert!(read.value.rois.len() == 2);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_structure_set`].
pub fn read_structure_set_from_bytes(
    bytes: &[u8],
    path: &Path,
    _: &ReadOptions,
) -> Result<Parsed<StructureSet>, ReadError> {
    read_object(bytes.into(), path, |object| {
        expect(object, "an RT Structure Set", object.info.sop_class.as_str() == sop_class::RT_STRUCTURE_SET)?;
        structure_set::structure_set(object)
    })
}

/// Reads an RT Dose with its grid in Gy.
///
/// ```
/// use rt_model::read::{ReadOptions, read_dose};
/// use rt_model::units::Gy;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let dose = read_dose(written.path(Role::Dose).unwrap(), &ReadOptions::default())?.value;
/// assert!(dose.grid.is_some_and(|grid| grid.range().1 > Gy(0.0)));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file cannot be read, holds another object, or has a grid whose doses or places are in doubt:
/// scaling, units, frame offsets, orientation, length of the voxels. [`ReadOptions`] settles some of these.
pub fn read_dose(path: &Path, options: &ReadOptions) -> Result<Parsed<Dose>, ReadError> {
    match file::read_before_pixels(path) {
        // Voxels that are plain and whole are decoded straight from the file; anything else is read at once.
        Ok(skimmed) if skimmed.pixels.is_some() => read_dose_of(Source::from(&skimmed), path, options),
        Err(error) if !error.kind().is_damage() => Err(error.in_file(path)),
        _ => read_dose_from_bytes(&whole(path)?, path, options),
    }
}

/// Reads an RT Dose from a file's bytes; `path` names it in messages.
///
/// ```
/// use rt_model::read::{ReadOptions, read_dose_from_bytes};
/// use rt_phantom::case::Role;
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = rt_phantom::fixtures::sound("documentation").build()?;
/// let bytes = case.files_of(Role::Dose).next().unwrap().bytes();
/// let read = read_dose_from_bytes(&bytes, Path::new("in memory"), &ReadOptions::default())?;
/// assert!(read.value.grid.is_some());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_dose`].
pub fn read_dose_from_bytes(
    bytes: &[u8],
    path: &Path,
    options: &ReadOptions,
) -> Result<Parsed<Dose>, ReadError> {
    read_dose_of(bytes.into(), path, options)
}

fn read_dose_of(source: Source<'_>, path: &Path, options: &ReadOptions) -> Result<Parsed<Dose>, ReadError> {
    read_object(source, path, |object| {
        expect(object, "an RT Dose", object.info.sop_class.as_str() == sop_class::RT_DOSE)?;
        dose::dose(object, options)
    })
}

/// Reads a CT, MR or PET image of one frame with its pixels. They may be plain, run-length encoded, or in
/// JPEG (baseline or lossless).
///
/// ```
/// use rt_model::read::read_image;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let image = read_image(written.path(Role::Image).unwrap())?.value;
/// assert!(!image.values.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file cannot be read, holds another object, or has pixels of a form that is not read: JPEG 2000,
/// JPEG-LS, more than one frame, colour, a lookup table.
pub fn read_image(path: &Path) -> Result<Parsed<Image>, ReadError> {
    match file::read_before_pixels(path) {
        Ok(skimmed) if skimmed.pixels.is_some() => read_image_of(Source::from(&skimmed), path),
        Err(error) if !error.kind().is_damage() => Err(error.in_file(path)),
        _ => read_image_from_bytes(&whole(path)?, path),
    }
}

/// Reads a CT, MR or PET image from a file's bytes; `path` names it in messages.
///
/// ```
/// use rt_model::read::read_image_from_bytes;
/// use rt_phantom::case::Role;
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = rt_phantom::fixtures::sound("documentation").build()?;
/// let bytes = case.files_of(Role::Image).next().unwrap().bytes();
/// assert!(!read_image_from_bytes(&bytes, Path::new("in memory"))?.value.values.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_image`].
pub fn read_image_from_bytes(bytes: &[u8], path: &Path) -> Result<Parsed<Image>, ReadError> {
    read_image_of(bytes.into(), path)
}

fn read_image_of(source: Source<'_>, path: &Path) -> Result<Parsed<Image>, ReadError> {
    read_object(source, path, |object| {
        let classes = [sop_class::CT_IMAGE, sop_class::MR_IMAGE, sop_class::PET_IMAGE];
        expect(object, "a CT, MR or PET image", classes.contains(&object.info.sop_class.as_str()))?;
        image_pixels::image(object)
    })
}

/// Reads the attributes of `wanted` that lie before the pixels of any object, as they are.
///
/// ```
/// use rt_model::provenance::Tag;
/// use rt_model::read::read_attributes;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let label = Tag::new(0x300A, 0x0002);
/// let (_, copied) = read_attributes(written.path(Role::Plan).unwrap(), &[label])?.value;
/// assert!(copied.text(label).is_some());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file cannot be read.
pub fn read_attributes(
    path: &Path,
    wanted: &[Tag],
) -> Result<Parsed<(InstanceInfo, CopiedAttributes)>, ReadError> {
    let skimmed = file::skim(path).map_err(|error| error.in_file(path))?;
    read_object(Source::from(&skimmed), path, |object| {
        Ok((object.info.clone(), attributes::copied(object, wanted)?))
    })
}

fn whole(path: &Path) -> Result<Vec<u8>, ReadError> {
    file::read_whole(path).map_err(|error| error.in_file(path))
}

fn expect(object: &Object<'_, '_>, expected: &str, right: bool) -> Result<(), ReadError> {
    if right {
        return Ok(());
    }
    let detail = format!(
        "expected {expected}, found SOP class {} of modality {:?}",
        object.info.sop_class, object.info.modality
    );
    Err(object.root.error(ReadErrorKind::WrongObject, dicom_dictionary_std::tags::SOP_CLASS_UID, detail))
}
