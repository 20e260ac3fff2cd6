//! Turns instances into blocks of PDUs ahead of the socket, on a thread of its own: while a block is written
//! the next is read from its file, straight into the buffer that will be written. A few blocks at most are in
//! memory, whatever the object's size.
//!
//! Units: bytes. Frame: none.

use super::Supply;
use crate::message::Command;
use crate::pdu::Layout;
use rt_model::encoded::Body;
use rt_model::uid::Uid;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Bytes of a block, so that a write is worth its system call.
const BLOCK: usize = 1 << 18;
/// Blocks between file and socket.
pub(super) const BLOCKS: usize = 4;

/// An instance whose context is agreed.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) index: usize,
    pub(super) message_id: u16,
    pub(super) sop_class: Uid,
    pub(super) sop_instance: Uid,
    pub(super) transfer_syntax: Uid,
    pub(super) layout: Layout,
}

/// What comes next for the socket.
#[derive(Debug)]
pub(super) enum Fed {
    /// Bytes to write.
    Block {
        bytes: Vec<u8>,
        /// The instance begins with it.
        begins: Option<Job>,
        /// The instance ends with it; bytes of its data set.
        ends: Option<u64>,
    },
    /// The instance can't be had.
    Failed {
        index: usize,
        problem: String,
        /// Part of it is on its way already: the association can't go on.
        begun: bool,
    },
}

/// Feeds all jobs, in order; ends early where nobody takes the blocks any more. Written blocks come back
/// through `used`.
pub(super) fn feed(
    jobs: Vec<Job>,
    supply: &Arc<dyn Supply>,
    blocks: &mpsc::Sender<Fed>,
    used: &mut mpsc::Receiver<Vec<u8>>,
) {
    for job in jobs {
        let (index, mut begun) = (job.index, false);
        let fed = feed_one(job, supply, blocks, used, &mut begun);
        if let Err(problem) = fed {
            let failed = Fed::Failed { index, problem: problem.to_string(), begun };
            if blocks.blocking_send(failed).is_err() || begun {
                return;
            }
        }
        if blocks.is_closed() {
            return;
        }
    }
}

fn feed_one(
    job: Job,
    supply: &Arc<dyn Supply>,
    blocks: &mpsc::Sender<Fed>,
    used: &mut mpsc::Receiver<Vec<u8>>,
    begun: &mut bool,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let instance = supply.instance(job.index, &job.transfer_syntax)?;
    if instance.sop_instance != job.sop_instance
        || instance.sop_class != job.sop_class
        || instance.transfer_syntax != job.transfer_syntax
    {
        return Err(format!(
            "expected instance {} as it was announced, found {}",
            job.sop_instance, instance.sop_instance
        )
        .into());
    }
    let mut left = instance.body.len();
    if left == 0 || left % 2 == 1 {
        return Err(format!("expected a data set of an even length, found {left} bytes").into());
    }
    let (total, layout) = (left, job.layout);
    let mut source: Box<dyn Read> = match instance.body {
        Body::Bytes(bytes) => Box::new(std::io::Cursor::new(bytes)),
        Body::File { path, offset, .. } => {
            let in_file = |error: std::io::Error| format!("{}: {error}", path.display());
            let mut file = File::open(&path).map_err(in_file)?;
            file.seek(SeekFrom::Start(offset)).map_err(in_file)?;
            Box::new(file)
        }
    };
    let command = Command::store(job.message_id, &job.sop_class, &job.sop_instance).encode();
    let mut begins = Some(job);
    while left > 0 {
        let mut bytes = used.try_recv().unwrap_or_else(|_| Vec::with_capacity(BLOCK));
        bytes.clear();
        if begins.is_some() {
            layout.whole(&mut bytes, &command, true);
        }
        layout.fill(&mut bytes, BLOCK, &mut source, &mut left)?;
        let block = Fed::Block { bytes, begins: begins.take(), ends: (left == 0).then_some(total) };
        if blocks.blocking_send(block).is_err() {
            return Ok(());
        }
        *begun = true;
    }
    Ok(())
}
