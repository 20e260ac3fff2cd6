//! A pool of threads for one piece of work.
//!
//! Units: none. Frame: none.

use crate::error::{Cause, IngestError};

/// Runs `work` on a pool of `threads` threads; 0 is as many as the computer has.
///
/// ```
/// assert_eq!(rt_ingest::in_pool(2, || 7).unwrap(), 7);
/// ```
///
/// # Errors
/// If threads cannot be had.
pub fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, IngestError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    Ok(pool.map_err(|error| Cause::Threads(error.to_string()))?.install(work))
}
