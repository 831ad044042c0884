//! The files of the repository as the tidy tests see them: whatever git would not ignore.

use std::path::{Path, PathBuf};

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Returns every file that is not ignored, as sorted paths from the root with `/` between parts.
pub(crate) fn files() -> Vec<String> {
    let root = root();
    let walk = ignore::WalkBuilder::new(&root)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut files: Vec<String> = walk
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| slashed(entry.path().strip_prefix(&root).unwrap()))
        .collect();
    files.sort();
    assert!(
        files.len() > 40,
        "only {} files found: the walk is broken",
        files.len()
    );
    files
}

/// Returns the files whose name ends in `end`.
pub(crate) fn files_ending(end: &str) -> Vec<String> {
    files()
        .into_iter()
        .filter(|file| file.ends_with(end))
        .collect()
}

/// Reads a file as text; `None` when it is not UTF-8.
pub(crate) fn text(file: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).unwrap()).ok()
}

/// Fails with every complaint at once, so that one run shows all there is to do.
#[track_caller]
pub(crate) fn assert_none(rule: &str, complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{rule}:\n  {}",
        complaints.join("\n  ")
    );
}

fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
