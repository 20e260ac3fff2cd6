use crate::support::{Scripted, ct, files, node, receiver, send};
use rt_net::status::Status;
use rt_net::{Outcome, ReceiverOptions};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

const INSIDE: &str = "DOSEBRIDGE_TEST_SMALL_DISK";

/// A file system of 256 KiB, once this process is the one that has it: otherwise the test is run again with one. Without the
/// tools the test is skipped, visibly; in CI it fails.
fn small_disk(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let with_disk = |command: &str| {
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
        let mut unshare = Command::new("unshare");
        unshare.args(if root { &["--mount"][..] } else { &["--map-root-user", "--user", "--mount"] });
        let mount = format!("mount -t tmpfs -o size=256k none \"${INSIDE}\" && {command}");
        unshare.args(["sh", "-c", &mount]).env(INSIDE, folder.path());
        unshare
    };
    if !with_disk("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no mount namespace");
        println!("skipped: no mount namespace (unshare of util-linux)");
        return None;
    }
    let mut again = with_disk("exec \"$0\" \"$@\"");
    again.arg(std::env::current_exe().unwrap()).args([test, "--exact", "--nocapture"]);
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    None
}

#[test]
fn a_full_disk_is_answered_and_nothing_half_is_left() {
    let Some(folder) = small_disk("full_disk::a_full_disk_is_answered_and_nothing_half_is_left") else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let handler: Arc<Scripted> = Arc::default();
        let place = folder.clone();
        let (address, _unused) = receiver(|o| ReceiverOptions { folder: Some(place), ..o }, &handler).await;
        let sent = send(&node(address.port()), vec![ct(1, 100_000), ct(2, 1_000_000), ct(3, 100_000)]).await;
        assert_eq!(sent.outcomes[&0], Outcome::Taken);
        assert_eq!(sent.outcomes[&1], Outcome::Refused { status: Status::OUT_OF_RESOURCES, comment: None });
        assert_eq!(sent.outcomes[&2], Outcome::Taken, "room for a small one is there again");
        let stored = files(&folder);
        assert_eq!(stored.len(), 2, "{stored:?}");
        assert!(handler.errors.lock().unwrap()[0].contains("No space left"), "{:?}", handler.errors);
    });
}
