//! One instance to one file: a temporary file first, then the disk, then the name, then the folder's entry,
//! then the answer.
//!
//! Units: bytes. Frame: none.

use super::StoreRequest;
use crate::uids::IMPLEMENTATION;
use rt_dicom::part10::{FileMeta, GROUP_LENGTH_END, data_set_offset};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Pieces between socket and disk.
const PIECES: usize = 4;

/// The folder that instances go to.
#[derive(Debug, Clone)]
pub(super) struct Store {
    folder: Option<PathBuf>,
    part: Arc<AtomicU64>,
    /// Held while a name is looked for and taken.
    naming: Arc<Mutex<()>>,
}

/// An instance that is being written by a thread of its own.
pub(super) struct Writing {
    pieces: mpsc::Sender<Vec<u8>>,
    thread: JoinHandle<std::io::Result<PathBuf>>,
}

impl Store {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, part: Arc::default(), naming: Arc::default() }
    }

    /// Begins a file; `None` where instances are not taken. The SOP instance's identifier becomes its name:
    /// it has to be valid.
    pub(super) fn begin(&self, request: &StoreRequest) -> Option<Writing> {
        let folder = self.folder.clone()?;
        let (pieces, mut taken) = mpsc::channel(PIECES);
        let number = self.part.fetch_add(1, Ordering::Relaxed);
        let part = folder.join(format!(".{}-{number}.part", std::process::id()));
        let (request, naming) = (request.clone(), Arc::clone(&self.naming));
        let thread = tokio::task::spawn_blocking(move || {
            let written = write(&part, &request, &mut taken).and_then(|()| {
                let _held = naming.lock().unwrap_or_else(PoisonError::into_inner);
                name(&folder, &part, request.sop_instance.as_str())
            });
            if written.is_err() {
                // The part is of no use; that it can't be removed changes nothing.
                let _ = std::fs::remove_file(&part);
            }
            written
        });
        Some(Writing { pieces, thread })
    }
}

impl Writing {
    /// Hands over a piece; false where writing has failed already.
    pub(super) async fn piece(&self, bytes: Vec<u8>) -> bool {
        self.pieces.send(bytes).await.is_ok()
    }

    /// Leaves nothing behind of an instance that is not to be taken, before the client has its answer.
    pub(super) async fn give_up(self) {
        drop(self.pieces);
        // It fails, as the data set is not whole.
        let _ = self.thread.await;
    }

    /// Waits until the instance is on the disk under its name.
    pub(super) async fn finish(self) -> std::io::Result<PathBuf> {
        // An empty piece says that the data set is whole: a channel that only closes is a client that went
        // away.
        let _ = self.pieces.send(Vec::new()).await;
        drop(self.pieces);
        self.thread.await.map_err(std::io::Error::other)?
    }
}

fn write(part: &Path, request: &StoreRequest, pieces: &mut mpsc::Receiver<Vec<u8>>) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::with_capacity(1 << 16, options.open(part)?);
    out.write_all(&start(request)?)?;
    loop {
        match pieces.blocking_recv() {
            Some(piece) if piece.is_empty() => break,
            Some(piece) => out.write_all(&piece)?,
            None => {
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the sender went away"));
            }
        }
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
}

/// Preamble, prefix and file meta information of an instance.
fn start(request: &StoreRequest) -> std::io::Result<Vec<u8>> {
    let meta = FileMeta {
        sop_class: request.sop_class.as_str(),
        sop_instance: request.sop_instance.as_str(),
        transfer_syntax: request.transfer_syntax.as_str(),
        implementation: IMPLEMENTATION,
        source: Some(&request.calling),
    };
    meta.start().map_err(std::io::Error::other)
}

/// Gives a written file its name. The same bytes again stay one file; other bytes under the same identifier
/// are kept beside it.
fn name(folder: &Path, part: &Path, instance: &str) -> std::io::Result<PathBuf> {
    let mut path = folder.join(format!("{instance}.dcm"));
    let mut number = 1;
    while path.exists() {
        if same(&path, part)? {
            std::fs::remove_file(part)?;
            return Ok(path);
        }
        number += 1;
        path = folder.join(format!("{instance}.{number}.dcm"));
    }
    std::fs::rename(part, &path)?;
    // The name itself has to be on the disk before the sender may forget the instance.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(path)
}

/// The data sets of two files are equal; who sent them, which the file meta information tells, does not
/// matter.
fn same(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (mut one, mut other) = (data_set(one)?.bytes(), data_set(other)?.bytes());
    loop {
        match (one.next().transpose()?, other.next().transpose()?) {
            (None, None) => return Ok(true),
            (one, other) if one != other => return Ok(false),
            _ => {}
        }
    }
}

/// A file that was written here, from its data set on.
fn data_set(path: &Path) -> std::io::Result<BufReader<File>> {
    let mut file = File::open(path)?;
    let mut start = [0; GROUP_LENGTH_END];
    file.read_exact(&mut start)?;
    file.seek(SeekFrom::Start(data_set_offset(&start)))?;
    Ok(BufReader::new(file))
}
