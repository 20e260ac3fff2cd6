//! Where reports go: files that only their owner may read, or standard output.
//!
//! Units: none. Frame: none.

use crate::exit::Failure;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Standard output by its usual name.
pub const STANDARD_OUTPUT: &str = "-";

/// `path` means standard output.
#[must_use]
pub fn is_standard_output(path: &Path) -> bool {
    path.as_os_str() == STANDARD_OUTPUT
}

/// Fails early where a report could not be written at the end.
///
/// # Errors
/// Where the folder of `path` does not exist, or `path` is a folder.
pub fn check(path: &Path) -> Result<(), Failure> {
    if is_standard_output(path) {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() || !parent.is_dir() {
        return Err(Failure::usage(format!("{}: expected a file in a folder that exists", path.display())));
    }
    Ok(())
}

/// Writes a report with `fill`: whole or not at all, readable by its owner alone since it holds patient data.
///
/// # Errors
/// Where it can't be written.
pub fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::stopped(format!("{}: {error}", path.display()));
    if is_standard_output(path) {
        return through(std::io::stdout().lock(), fill).or_else(quiet_when_closed).map_err(failed);
    }
    // A pipe or a device is written into: to put a file in its place would take /dev/null from the whole
    // machine.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let into = OpenOptions::new().write(true).open(path).and_then(|out| through(out, fill));
        return into.or_else(quiet_when_closed).map_err(failed);
    }
    // What a link points at is replaced, not the link.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let whole = || {
        through(options.open(&part)?, fill)?;
        std::fs::rename(&part, path)
    };
    whole().map_err(|error| {
        // The part is of no use; that it can't be removed changes nothing.
        let _ = std::fs::remove_file(&part);
        failed(error)
    })
}

fn through(out: impl Write, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut out = BufWriter::new(out);
    fill(&mut out)?;
    out.flush()
}

/// Writes a report as JSON.
///
/// # Errors
/// Where it can't be written.
pub fn write_json(path: &Path, report: &impl serde::Serialize) -> Result<(), Failure> {
    write(path, |out| {
        serde_json::to_writer_pretty(&mut *out, report)?;
        writeln!(out)
    })
}

/// Appends a report as one line of JSON.
///
/// # Errors
/// If it cannot be written.
pub fn append_json(path: &Path, report: &impl serde::Serialize) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::stopped(format!("{}: {error}", path.display()));
    let mut line = serde_json::to_vec(report).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    if is_standard_output(path) {
        return std::io::stdout().lock().write_all(&line).map_err(failed);
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(&line)).map_err(failed)
}

/// Prints text for people: on standard output, or on standard error where a report goes to standard output.
/// Control characters of names in files never reach the terminal.
pub fn print(text: &str, to_standard_error: bool) {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    let result = if to_standard_error {
        std::io::stderr().lock().write_all(text.as_bytes())
    } else {
        std::io::stdout().lock().write_all(text.as_bytes())
    };
    // A reader that went away (`| head`) is not an error.
    let _ = result;
}

fn quiet_when_closed(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.json");
        write(&path, |out| out.write_all(b"{}")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let broken = write(&path, |out| out.write_all(b"half").and(Err(std::io::Error::other("no more"))));
        assert!(broken.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// A report to `/dev/null`, written as root, once replaced the device by a file.
    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_into_and_a_link_stays_one() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        write(&pipe, |out| out.write_all(b"{}")).unwrap();
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(reader.join().unwrap(), b"{}");

        let (file, link) = (folder.path().join("r.json"), folder.path().join("latest.json"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, |out| out.write_all(b"{}")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"{}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_missing_folder_is_told_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check(&folder.path().join("no").join("r.json")).is_err());
        assert!(check(folder.path()).is_err());
        assert!(check(Path::new("-")).is_ok());
    }
}
