//! Opens regular files and reads them whole, or their headers alone.
//!
//! Units: bytes. Frame: none.

use super::element_header::{self, Header};
use super::encoding::Encoding;
use super::limits::MAX_BYTES;
use super::part10;
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// How much is read at first: the header of an image, with room.
const FIRST: usize = 1 << 14;

/// What a header needs not: contours, stored DVHs, and what comes with contours.
const BULK: [Tag; 3] = [tags::ROI_CONTOUR_SEQUENCE, tags::RTROI_OBSERVATIONS_SEQUENCE, tags::DVH_SEQUENCE];

/// Opens a regular file. A pipe would block for ever, a device might never end: neither is opened.
fn open(path: &Path) -> Result<(File, u64), ReadError> {
    let cannot_open = |error| ReadError::io("open", error);
    if !std::fs::metadata(path).map_err(cannot_open)?.is_file() {
        return Err(ReadError::new(
            ReadErrorKind::NotRegularFile,
            "expected a regular file, found something else",
        ));
    }
    let file = File::open(path).map_err(cannot_open)?;
    let metadata = file.metadata().map_err(cannot_open)?;
    if !metadata.is_file() {
        return Err(ReadError::new(
            ReadErrorKind::NotRegularFile,
            "expected a regular file, found something else",
        ));
    }
    Ok((file, metadata.len()))
}

/// Reads a whole file.
pub(in crate::read) fn read_whole(path: &Path) -> Result<Vec<u8>, ReadError> {
    let (file, length) = open(path)?;
    if length > MAX_BYTES {
        let detail = format!("expected a file of at most {MAX_BYTES} bytes, found {length}");
        return Err(ReadError::new(ReadErrorKind::TooLarge, detail));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes).map_err(|error| ReadError::io("read", error))?;
    Ok(bytes)
}

/// A file without its bulk.
#[derive(Debug, Default)]
pub(in crate::read) struct Skimmed {
    /// The file's bytes up to Pixel Data; bulk of stated length is cut out with its header.
    pub(in crate::read) bytes: Vec<u8>,
    /// What was cut out, if it was not empty.
    pub(in crate::read) cut: Vec<Tag>,
    /// Pixel Data that was cut out, where it is plain.
    pub(in crate::read) pixels: Option<StoredPixels>,
}

/// Plain Pixel Data that is still in its file.
#[derive(Debug)]
pub(in crate::read) struct StoredPixels {
    file: Mutex<File>,
    at: u64,
    /// Bytes.
    pub(in crate::read) length: u64,
    pub(in crate::read) encoding: Encoding,
}

impl StoredPixels {
    /// Fills `buffer` with the bytes from `offset` on.
    pub(in crate::read) fn read(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at + offset))?;
        file.read_exact(buffer)
    }
}

/// Reads as much of a file as its header needs: it stops before Pixel Data and jumps over contours.
pub(in crate::read) fn skim(path: &Path) -> Result<Skimmed, ReadError> {
    let (file, length) = open(path)?;
    Skim { file, length, read: 0, bulk: &BULK, skimmed: Skimmed::default() }.run()
}

/// Reads a file up to its Pixel Data.
pub(in crate::read) fn read_before_pixels(path: &Path) -> Result<Skimmed, ReadError> {
    let (file, length) = open(path)?;
    Skim { file, length, read: 0, bulk: &[], skimmed: Skimmed::default() }.run()
}

struct Skim {
    file: File,
    length: u64,
    /// Where in the file the next byte comes from.
    read: u64,
    /// Sequences that are cut out.
    bulk: &'static [Tag],
    skimmed: Skimmed,
}

impl Skim {
    fn run(mut self) -> Result<Skimmed, ReadError> {
        self.more(FIRST)?;
        let start = loop {
            match part10::start(&self.skimmed.bytes) {
                Err(error) if error.kind() == ReadErrorKind::Truncated && !self.at_end() => {
                    self.more_by_half()?
                }
                other => break other?,
            }
        };
        if start.deflated {
            while !self.at_end() {
                self.more_by_half()?;
            }
            return Ok(self.skimmed);
        }
        let mut at = start.data_set;
        while let Some(header) = self.header_at(at, start.encoding)? {
            if header.tag.0 >= tags::PIXEL_DATA.0 {
                self.check_fits(&header)?;
                if header.length != Some(0) {
                    self.skimmed.cut.push(header.tag);
                }
                let value_at = self.read - (self.skimmed.bytes.len() - header.body) as u64;
                self.skimmed.bytes.truncate(at);
                if let (Some(length), tags::PIXEL_DATA) = (header.length, header.tag) {
                    let (file, length) = (Mutex::new(self.file), length as u64);
                    self.skimmed.pixels =
                        Some(StoredPixels { file, at: value_at, length, encoding: start.encoding });
                }
                break;
            }
            let bulk = self.bulk.contains(&header.tag) || header.tag.0 % 2 == 1;
            match header.length {
                Some(length) => {
                    self.check_fits(&header)?;
                    let end = header.body + length;
                    if bulk && end > self.skimmed.bytes.len() {
                        let beyond = (end - self.skimmed.bytes.len()) as u64;
                        self.read = self
                            .file
                            .seek(SeekFrom::Start(self.read + beyond))
                            .map_err(|error| ReadError::io("read", error))?;
                        self.skimmed.bytes.truncate(at);
                        self.skimmed.cut.push(header.tag);
                        self.more(FIRST)?;
                        continue;
                    }
                    if end > self.skimmed.bytes.len() {
                        self.more((end - self.skimmed.bytes.len()).max(FIRST))?;
                    }
                    at = end;
                }
                None => match header.element(&self.skimmed.bytes, 0) {
                    Err(error) if error.kind() == ReadErrorKind::Truncated && !self.at_end() => {
                        self.more_by_half()?
                    }
                    // The walker meets the same damage and tells it with its place.
                    Err(_) => break,
                    // It is in memory by now: nothing is won by cutting it out.
                    Ok((_, next)) => at = next,
                },
            }
        }
        Ok(self.skimmed)
    }

    fn at_end(&self) -> bool {
        self.read >= self.length
    }

    /// Reads at least half as much again, so that going back to an element's start stays cheap.
    fn more_by_half(&mut self) -> Result<(), ReadError> {
        self.more((self.skimmed.bytes.len() / 2).max(FIRST))
    }

    fn more(&mut self, wanted: usize) -> Result<(), ReadError> {
        let held = self.skimmed.bytes.len();
        if held as u64 + wanted as u64 > MAX_BYTES {
            return Err(ReadError::new(
                ReadErrorKind::TooLarge,
                format!("expected a header of at most {MAX_BYTES} bytes, found more"),
            ));
        }
        let read = (&mut self.file)
            .take(wanted as u64)
            .read_to_end(&mut self.skimmed.bytes)
            .map_err(|error| ReadError::io("read", error))?;
        self.read += read as u64;
        if read == 0 {
            // The file became shorter since it was opened.
            self.length = self.read;
        }
        Ok(())
    }

    /// The header at `at`; `None` at the end, or where the walker is to say what is wrong.
    fn header_at(&mut self, at: usize, encoding: Encoding) -> Result<Option<Header>, ReadError> {
        while self.skimmed.bytes.len() < at + 12 && !self.at_end() {
            self.more(FIRST)?;
        }
        Ok(element_header::header(&self.skimmed.bytes, at, encoding).ok())
    }

    /// The value ends inside the file.
    fn check_fits(&self, header: &Header) -> Result<(), ReadError> {
        let Some(length) = header.length else {
            return Ok(());
        };
        let left = (self.skimmed.bytes.len().saturating_sub(header.body)) as u64
            + self.length.saturating_sub(self.read);
        if length as u64 > left {
            return Err(ReadError::at_tag(
                ReadErrorKind::Truncated,
                header.tag,
                format!(
                    "the data ends inside a value: expected {length} bytes, found {left} ({} missing)",
                    length as u64 - left
                ),
            ));
        }
        Ok(())
    }
}
