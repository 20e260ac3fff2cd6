//! A terminal for a program that asks a person. `script` (util-linux, Debian package bsdutils) gives it one.
//!
//! Units: none. Frame: none.

use crate::program::program;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs a command at a terminal, types `answer` once it has printed `question`, and returns its exit code and
/// all it printed.
/// `None` where there is no `script`.
///
/// # Panics
/// Where the command does not start or is ended by a signal.
#[must_use]
pub fn typed(command: &Command, question: &str, answer: &str) -> Option<(i32, String)> {
    let mut terminal = program("script", "bsdutils")?;
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words =
        words.map(|word| format!("'{}'", word.to_str().expect("arguments are UTF-8").replace('\'', r"'\''")));
    terminal.args(["--quiet", "--return", "--command", &words.collect::<Vec<_>>().join(" "), "/dev/null"]);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => terminal.env(name, value),
            None => terminal.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        terminal.current_dir(folder);
    }
    let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut printed = Vec::new();
    let mut part = [0; 1024];
    let mut answered = false;
    while let count @ 1.. = output.read(&mut part).unwrap_or(0) {
        printed.extend_from_slice(&part[..count]);
        if !answered && String::from_utf8_lossy(&printed).contains(question) {
            answered = true;
            if question.starts_with("Password") {
                // A program hides what is typed after it has shown the question: nobody types as fast.
                std::thread::sleep(Duration::from_secs(1));
            }
            input.write_all(answer.as_bytes()).unwrap();
        }
    }
    Some((child.wait().unwrap().code().unwrap(), String::from_utf8_lossy(&printed).into_owned()))
}
