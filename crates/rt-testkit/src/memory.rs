//! The memory of this process, as Linux counts it.
//!
//! Units: KiB. Frame: none.

/// A value of `/proc/self/status` in KiB: `VmHWM` is the peak, `VmRSS` what is held now.
///
/// # Panics
/// Where the system has no such value.
#[must_use]
pub fn kib(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
