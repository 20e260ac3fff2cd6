//! The files of a case before and after they are written.
//!
//! Units: none. Frame: none.

use crate::encode::{Encoding, Fault};
use crate::error::PhantomError;
use rt_dicom::{DataSet, Value};
use rt_model::structure_set::Roi;
use rt_model::uid::Uid;
use std::fs;
use std::path::{Path, PathBuf};

/// What a file is in its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// RT Plan or RT Ion Plan.
    Plan,
    /// RT Structure Set.
    StructureSet,
    /// RT Dose.
    Dose,
    /// CT image.
    Image,
    /// Anything that a fixture put beside them.
    Other,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct PhantomFile {
    /// Path inside the case's folder, with forward slashes.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its data set.
    pub data: DataSet,
    /// How the data set becomes bytes.
    pub encoding: Encoding,
    /// What is wrong with elements when they are written.
    pub(crate) faults: Vec<Fault>,
    /// Written in place of the encoded data set, where a fixture damaged the bytes.
    pub raw: Option<Vec<u8>>,
}

impl PhantomFile {
    pub(crate) fn new(name: impl Into<String>, role: Role, data: DataSet, encoding: Encoding) -> Self {
        Self { name: name.into(), role, data, encoding, faults: Vec::new(), raw: None }
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.raw.clone().unwrap_or_else(|| self.encoding.encode_with(&self.data, &self.faults))
    }

    /// Writes `length` in the length field of the element at an attribute path, whatever its value's length
    /// is.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn declare_length(&mut self, path: &str, length: u32) -> Result<&mut Self, PhantomError> {
        self.faults.push(Fault::declared_length(&self.data, path, length)?);
        Ok(self)
    }

    /// Repeats the element at an attribute path behind itself with another value.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn repeat(&mut self, path: &str, value: Value) -> Result<&mut Self, PhantomError> {
        self.faults.push(Fault::repeated(&self.data, path, value)?);
        Ok(self)
    }

    /// Replaces the bytes by what `damage` makes of them.
    pub fn damage(&mut self, damage: impl FnOnce(Vec<u8>) -> Vec<u8>) -> &mut Self {
        self.raw = Some(damage(self.bytes()));
        self
    }

    /// Cuts the file after its first `length` bytes.
    pub fn truncate(&mut self, length: usize) -> &mut Self {
        self.damage(|mut bytes| {
            bytes.truncate(length);
            bytes
        })
    }

    fn sop_instance(&self) -> Option<Uid> {
        match self.data.get("SOPInstanceUID") {
            Some(Value::Text(text)) => Uid::new(text),
            _ => None,
        }
    }
}

/// A case's files, open to edits.
///
/// ```
/// # fn main() -> Result<(), rt_phantom::PhantomError> {
/// use rt_phantom::{Value, case::CaseBuilder};
///
/// let mut case = CaseBuilder::new("edits").build()?;
/// case.file("RD.dcm")?.data.set("DoseUnits", Value::text("CGY"))?.remove("ReferencedRTPlanSequence")?;
/// case.file("RS.dcm")?.truncate(400);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PhantomCase {
    /// The files in the order they are written: plan, structure set, doses, images.
    pub files: Vec<PhantomFile>,
    /// The ROIs with their coordinates as they are written, whatever edits follow.
    pub rois: Vec<Roi>,
}

impl PhantomCase {
    /// The file of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn file(&mut self, name: &str) -> Result<&mut PhantomFile, PhantomError> {
        self.files.iter_mut().find(|file| file.name == name).ok_or_else(|| PhantomError::file(name))
    }

    /// The files of one role, in order.
    pub fn files_of(&self, role: Role) -> impl Iterator<Item = &PhantomFile> {
        self.files.iter().filter(move |file| file.role == role)
    }

    /// Drops the file of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn remove(&mut self, name: &str) -> Result<&mut Self, PhantomError> {
        let place =
            self.files.iter().position(|file| file.name == name).ok_or_else(|| PhantomError::file(name))?;
        self.files.remove(place);
        Ok(self)
    }

    /// Adds a second copy of a file under another name.
    ///
    /// # Errors
    /// Where there is no file of the first name.
    pub fn copy(&mut self, name: &str, copy: &str) -> Result<&mut PhantomFile, PhantomError> {
        let second = PhantomFile { name: copy.to_owned(), ..self.file(name)?.clone() };
        self.files.push(second);
        self.file(copy)
    }

    /// Adds a file that is no data set.
    pub fn add_raw(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        let mut file = PhantomFile::new(name, Role::Other, DataSet::default(), Encoding::default());
        file.raw = Some(bytes.into());
        self.files.push(file);
        self
    }

    /// Writes the files into a folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where a file can't be written.
    pub fn write(&self, folder: &Path) -> Result<WrittenCase, PhantomError> {
        let mut files = Vec::new();
        for file in &self.files {
            let path = folder.join(&file.name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(|e| PhantomError::write(parent, e))?;
            fs::write(&path, file.bytes()).map_err(|e| PhantomError::write(&path, e))?;
            files.push(WrittenFile { path, role: file.role, sop_instance: file.sop_instance() });
        }
        Ok(WrittenCase { files, rois: self.rois.clone() })
    }
}

/// A case on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenCase {
    /// Its files in the order plan, structure set, doses, images.
    pub files: Vec<WrittenFile>,
    /// The ROIs with their coordinates as they were written.
    pub rois: Vec<Roi>,
}

/// A file on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub role: Role,
    /// Its SOP Instance UID, where it has one.
    pub sop_instance: Option<Uid>,
}

impl WrittenCase {
    /// The first file of a role.
    #[must_use]
    pub fn path(&self, role: Role) -> Option<&Path> {
        self.paths(role).next()
    }

    /// The files of a role, in order.
    pub fn paths(&self, role: Role) -> impl Iterator<Item = &Path> {
        self.files.iter().filter(move |file| file.role == role).map(|file| file.path.as_path())
    }
}
