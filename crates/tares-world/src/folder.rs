//! A folder of small files that is read as a whole, from disk or as a commit has it.

use std::io;
use std::path::Path;

/// How deep files may stand below the folder: beside each other, or one folder further down.
pub(crate) const DEPTH: usize = 2;

/// What of a folder is read.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How the names of the files end; others are passed over.
    pub ending: &'static str,
    /// The most files.
    pub files: usize,
    /// The largest file, in bytes.
    pub bytes: u64,
}

impl Bounds {
    /// Returns why a folder is refused that has too many files.
    pub(crate) fn too_many(&self, folder: &str) -> String {
        let Self { ending, files, .. } = self;
        format!("`{folder}` has more than {files} files `*{ending}`")
    }

    /// Returns why a file is refused.
    pub(crate) fn too_large(&self, file: &str) -> String {
        format!("`{file}` is larger than {} bytes", self.bytes)
    }
}

/// Files by their path below the folder, with `/` between its parts.
pub type FolderFiles = Vec<(String, Vec<u8>)>;

/// Reads a folder that the user named; the link that it may be is followed, others are not.
///
/// # Errors
/// When something cannot be read, and beyond the bounds: part of a folder must never look like
/// the whole.
pub fn read(folder: &Path, bounds: &Bounds) -> io::Result<FolderFiles> {
    let mut found = Vec::new();
    below(folder, "", DEPTH, bounds, &mut found)?;
    found.sort();
    Ok(found)
}

fn below(
    folder: &Path,
    prefix: &str,
    depth: usize,
    bounds: &Bounds,
    found: &mut FolderFiles,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let (kind, path) = (entry.file_type()?, format!("{prefix}{name}"));
        if kind.is_dir() && depth > 1 {
            below(&entry.path(), &format!("{path}/"), depth - 1, bounds, found)?;
        } else if kind.is_file() && name.ends_with(bounds.ending) {
            if found.len() == bounds.files {
                let shown = folder.display().to_string();
                return Err(io::Error::other(bounds.too_many(&shown)));
            }
            let bytes = crate::System::read(&crate::Os, &entry.path(), bounds.bytes);
            let bytes =
                bytes.map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
            found.push((path, bytes));
        }
    }
    Ok(())
}
