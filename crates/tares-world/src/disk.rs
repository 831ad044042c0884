//! Reading one file from disk: bounded, and never through a symbolic link.

use std::fs::Metadata;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// How many bytes of a file that is too large are kept, to tell text from binary.
pub const SNIFF: usize = 8 * 1024;

/// What stands at a path.
#[derive(Debug)]
pub enum Found {
    /// A regular file that was read whole.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether the owner may execute it; false where the system has no such bit.
        executable: bool,
    },
    /// A regular file above the limit.
    Large {
        /// Its first [`SNIFF`] bytes.
        head: Vec<u8>,
        /// Its size in bytes.
        size: u64,
        /// Whether the owner may execute it.
        executable: bool,
    },
    /// A symbolic link with its text, which was not followed.
    Link(Vec<u8>),
    /// A folder, pipe, socket or device, or nothing at all.
    Nothing,
}

/// Reads what stands at `path` below `root`, following no symbolic link below `root`.
///
/// A path that would leave `root`, or that leads through a link, holds [`Found::Nothing`].
/// A process that swaps folders for links while this runs could still win a race for a
/// parent folder; the last part of the path is opened without following links.
pub fn read_below(root: &Path, path: &[u8], limit: u64) -> io::Result<Found> {
    let Some(file) = resolve(root, path)? else {
        return Ok(Found::Nothing);
    };
    read(&file, limit)
}

/// Returns whether a regular file stands at `path` below `root`, by the rules of [`read_below`].
pub fn is_file_below(root: &Path, path: &[u8]) -> bool {
    let file = resolve(root, path).ok().flatten();
    file.and_then(|file| file.symlink_metadata().ok())
        .is_some_and(|meta| meta.is_file())
}

/// Reads what stands at `file` itself, without following it if it is a link.
pub fn read(file: &Path, limit: u64) -> io::Result<Found> {
    let Some(meta) = metadata(file)? else {
        return Ok(Found::Nothing);
    };
    if meta.is_symlink() {
        let target = std::fs::read_link(file)?;
        return Ok(Found::Link(path_bytes(&target)));
    }
    if !meta.is_file() {
        return Ok(Found::Nothing);
    }
    let gix::fs::FileOrSymlink::File(open) = gix::fs::open_read_only_no_follow(file)? else {
        return Ok(Found::Nothing);
    };
    let executable = is_executable(&meta);
    let size = meta.len();
    // One byte more than the limit tells a file that grew since it was measured.
    let wanted = if size > limit {
        SNIFF as u64
    } else {
        limit.saturating_add(1)
    };
    let mut bytes = Vec::with_capacity(size.min(wanted) as usize);
    open.take(wanted).read_to_end(&mut bytes)?;
    if size > limit || bytes.len() as u64 > limit {
        bytes.truncate(SNIFF);
        return Ok(Found::Large {
            head: bytes,
            size,
            executable,
        });
    }
    Ok(Found::File { bytes, executable })
}

/// Returns whether bytes look like text: no NUL among the first [`SNIFF`], as git decides it.
pub fn is_text(bytes: &[u8]) -> bool {
    !bytes[..bytes.len().min(SNIFF)].contains(&0)
}

/// Files that a walk reads unasked where it finds them in a folder.
const UNASKED: [&str; 5] = [
    ".gitignore",
    ".gitattributes",
    ".ignore",
    ".git/info/exclude",
    ".git/info/attributes",
];

/// Returns the first file that a walk would read in `folder` unasked and that has no end: a
/// pipe, socket or device, also behind a link. Reading it would wait, or fill the memory.
pub(crate) fn endless(folder: &Path) -> Option<PathBuf> {
    let files = UNASKED.iter().map(|name| folder.join(name));
    files.into_iter().find(|file| {
        let meta = std::fs::metadata(file);
        meta.is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
    })
}

/// Joins `path` to `root` if every part is a plain name and no parent is a symbolic link.
fn resolve(root: &Path, path: &[u8]) -> io::Result<Option<PathBuf>> {
    let Some(relative) = plain_path(path) else {
        return Ok(None);
    };
    let mut file = root.to_owned();
    let mut parts = relative.components().peekable();
    while let Some(part) = parts.next() {
        file.push(part);
        if parts.peek().is_some() && !metadata(&file)?.is_some_and(|meta| meta.is_dir()) {
            return Ok(None);
        }
    }
    Ok(Some(file))
}

/// Turns bytes with `/` between the parts into a relative path of plain names only.
pub(crate) fn plain_path(path: &[u8]) -> Option<PathBuf> {
    if path.is_empty() || path.contains(&0) {
        return None;
    }
    let relative = bytes_path(path)?;
    let is_plain = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    is_plain.then_some(relative)
}

/// Returns a path for bytes; `None` where the system cannot express them.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "systems without byte paths cannot express all"
)]
fn bytes_path(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
}

/// Returns a path for bytes; `None` where the system cannot express them.
#[cfg(not(unix))]
fn bytes_path(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(PathBuf::from)
}

/// Returns the bytes of a path, with `/` between its parts.
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        path.as_os_str().as_bytes().to_owned()
    }
    #[cfg(not(unix))]
    {
        path.to_string_lossy().replace('\\', "/").into_bytes()
    }
}

/// Returns the metadata of `file` itself, or `None` where nothing is there.
fn metadata(file: &Path) -> io::Result<Option<Metadata>> {
    match file.symlink_metadata() {
        Ok(meta) => Ok(Some(meta)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_executable(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}
