//! Finds a file that was written from the network and is run in the same function.

use crate::matching::function_of;
use crate::matching::text::{clip, known_text};
use tares_model::effect::{Effect, EffectKind, Label, Shape, Target};

pub(super) fn runs_download(effect: &Effect, all: &[Effect]) -> Option<String> {
    let command = match &effect.role("command")?.shape {
        Shape::Seq(members) => members
            .iter()
            .filter_map(known_text)
            .collect::<Vec<_>>()
            .join(" "),
        shape => known_text(shape)?,
    };
    let written = all
        .iter()
        .filter(|other| is_download(other) && function_of(other) == function_of(effect));
    let mut paths = written.filter_map(|other| match &other.target {
        Target::Exact(path) if path.len() > 3 => Some(path),
        _ => None,
    });
    let path = paths.find(|path| is_run(&command, path))?;
    Some(format!("`{}`", clip(path, 60)))
}

/// Programs that read, move or remove what they are given, and run nothing of it.
const READERS: &[&str] = &[
    "echo", "printf", "cat", "ls", "rm", "mv", "cp", "tar", "unzip", "gunzip", "gzip", "stat",
    "file", "head", "tail", "grep", "wc", "test", "cmp", "diff", "sha256sum", "sha1sum", "shasum",
    "md5sum", "gpg", "mkdir", "touch", "less", "more", "jq", "sed", "awk", "scp", "rsync", "open",
];

/// Whether a command line runs a file, and does not only name it to a program that reads it.
fn is_run(command: &str, path: &str) -> bool {
    command.split(['|', ';', '&']).any(|part| {
        let mut words = part.split_whitespace();
        let program = words.next().unwrap_or("");
        let name = program.rsplit('/').next().unwrap_or(program);
        program == path || (!READERS.contains(&name) && words.any(|word| word == path))
    })
}

fn is_download(effect: &Effect) -> bool {
    effect.kind == EffectKind::FileWrite
        && (effect.data.has(Label::RemoteContent) || effect.api.ends_with("urlretrieve"))
}
