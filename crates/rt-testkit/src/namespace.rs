//! A test that runs itself again where it has a network or a small disk of its own (unshare of util-linux, ip
//! of iproute2).
//!
//! Units: bytes. Frame: none.

use crate::skip::skip;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const OWN_NETWORK: &str = "DOSEBRIDGE_TEST_OWN_NETWORK";
const SMALL_DISK: &str = "DOSEBRIDGE_TEST_SMALL_DISK";

/// Whether this process is the one that has a network of its own, in which nothing but the loopback address
/// exists. Otherwise the test of this name has been run again in one, and there is nothing left to do; what
/// it printed is printed, and it fails here too. Without the tools the test is skipped.
///
/// ```ignore
/// #[test]
/// fn everything_arrives() {
///     if in_own_network("peers::everything_arrives") {
///         let Some(server) = Orthanc::start("") else { return };
///     }
/// }
/// ```
///
/// # Panics
/// Where the test does, and with `CI=true` without the tools.
#[must_use]
pub fn in_own_network(test: &str) -> bool {
    if std::env::var_os(OWN_NETWORK).is_some() {
        return true;
    }
    let inside = |command: &str| {
        let mut unshare =
            unshared("--net", &format!("PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && {command}"));
        unshare.env(OWN_NETWORK, "1");
        unshare
    };
    again(test, inside, "no network namespace (unshare of util-linux, ip of iproute2)");
    false
}

/// A file system of 256 KiB, once this process is the one that has it. Otherwise the test of this name has
/// been run again with one, as [`in_own_network`] does it.
///
/// # Panics
/// Where the test does, and with `CI=true` without the tools.
#[must_use]
pub fn small_disk(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(SMALL_DISK) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let inside = |command: &str| {
        let mut unshare =
            unshared("--mount", &format!("mount -t tmpfs -o size=256k none \"${SMALL_DISK}\" && {command}"));
        unshare.env(SMALL_DISK, folder.path());
        unshare
    };
    again(test, inside, "no mount namespace (unshare of util-linux)");
    None
}

/// A shell command in a namespace of this kind. Who is not root gets a user namespace too.
fn unshared(kind: &str, command: &str) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let mut unshare = Command::new("unshare");
    if !root {
        unshare.args(["--map-root-user", "--user"]);
    }
    unshare.args([kind, "sh", "-c", command]);
    unshare
}

fn again(test: &str, inside: impl Fn(&str) -> Command, missing: &str) {
    if !inside("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return skip(missing);
    }
    let mut again = inside("exec \"$0\" \"$@\"");
    again.arg(std::env::current_exe().unwrap()).args([test, "--exact", "--nocapture", "--include-ignored"]);
    let output = again.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    print!("{printed}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("1 passed"), "no test {test} was run: {printed}");
}
