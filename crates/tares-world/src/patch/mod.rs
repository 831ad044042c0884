//! A reader of unified diffs, as `git diff`, `git format-patch`, `git log -p` and `diff -u`
//! write them.
//!
//! A patch shows pieces of files, so sides are excerpts with the real line numbers, except for
//! files that it adds or deletes whole. Whatever looks like a part of the change and cannot be
//! understood is reported as unseen; only text between files is passed over. Counts in hunk
//! headers are believed as `git apply` believes them: a line is content because its hunk still
//! lacks one, whatever it looks like.

mod binary;
mod file;
mod mail;
mod path;

use file::FileReader;
use mail::MailReader;
use tares_model::change::Unseen;
use tares_model::{Change, RepoPath};

/// Largest patch that is read.
pub const LARGEST: usize = 256 * 1024 * 1024;
/// Largest excerpt of one file, like the limit for whole files.
const LARGEST_SIDE: usize = 4 * 1024 * 1024;

/// Why a patch could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// Above [`LARGEST`].
    #[error("the patch has {0} bytes, more than the limit of {LARGEST}")]
    TooLarge(usize),
    /// Not one file header was found.
    #[error("this is no unified diff: no file header (`diff --git`, or `---` and `+++`) was found")]
    NotAPatch,
}

impl PatchError {
    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => {
                "judge the change in a repository with `--base`, or in smaller patches"
            }
            Self::NotAPatch => "make one with `git diff`, `git format-patch --stdout` or `diff -u`",
        }
    }
}

/// Reads a patch. Nothing but white space is an empty change.
///
/// The order of files with the same path, as in a series of patches, is kept.
pub fn read(bytes: &[u8]) -> Result<Change, PatchError> {
    if bytes.len() > LARGEST {
        return Err(PatchError::TooLarge(bytes.len()));
    }
    let mut reader = Reader {
        lines: Lines::new(bytes),
        change: Change {
            name: "patch".to_owned(),
            has_base: true,
            ..Change::default()
        },
        mail: MailReader::default(),
    };
    let has_header = reader.run();
    let mut change = reader.change;
    change.claims = reader.mail.finish();
    if !has_header && !bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(PatchError::NotAPatch);
    }
    change.files.sort_by(|one, other| one.path.cmp(&other.path));
    change
        .unseen
        .sort_by(|one, other| one.path.cmp(&other.path));
    Ok(change)
}

struct Reader<'a> {
    lines: Lines<'a>,
    change: Change,
    mail: MailReader,
}

impl<'a> Reader<'a> {
    /// Reads everything; returns whether there was at least one file.
    fn run(&mut self) -> bool {
        let mut has_header = false;
        while let Some(line) = self.lines.peek() {
            let text = without_end(line);
            let is_file = text.starts_with(b"diff --git ") || self.is_plain_header(text);
            if is_file {
                has_header = true;
                self.mail.end_message();
                self.file();
            } else if let Some(path) = strip_any(text, &[b"diff --cc ", b"diff --combined "]) {
                has_header = true;
                self.mail.end_message();
                self.combined(path);
            } else {
                has_header |= self.between(text);
                self.lines.next();
            }
        }
        has_header
    }

    fn is_plain_header(&self, text: &[u8]) -> bool {
        text.starts_with(b"--- ")
            && self
                .lines
                .after()
                .is_some_and(|next| next.starts_with(b"+++ "))
    }

    fn file(&mut self) {
        let mut file = FileReader::default();
        file.read(&mut self.lines);
        let (change, unseen) = file.finish();
        self.change.files.extend(change);
        self.change.unseen.extend(unseen);
    }

    /// Passes over a combined diff, which shows a merge against several bases at once.
    fn combined(&mut self, name: &[u8]) {
        self.lines.next();
        while let Some(line) = self.lines.peek() {
            if line.starts_with(b"diff ")
                || line.starts_with(b"From ")
                || line.starts_with(b"commit ")
            {
                break;
            }
            self.lines.next();
        }
        let reason = "the combined diff of a merge cannot be judged: make the patch with `git diff BASE...HEAD`";
        self.change.unseen.push(Unseen {
            path: RepoPath::from_bytes(&path::unquote(name)),
            reason: reason.to_owned(),
        });
    }

    /// Takes a line outside of files; returns whether it stood for one nevertheless.
    fn between(&mut self, text: &[u8]) -> bool {
        let unseen = if text.starts_with(b"@@ ") {
            Some((
                RepoPath::default(),
                "a hunk without a file header: the patch is damaged".to_owned(),
            ))
        } else if text.starts_with(b"Binary files ") && text.ends_with(b" differ") {
            Some((
                RepoPath::default(),
                String::from_utf8_lossy(text).into_owned(),
            ))
        } else {
            only_in(text).map(|path| {
                (
                    path,
                    "the patch only says that this file exists: make it with `diff -ruN`"
                        .to_owned(),
                )
            })
        };
        let Some((path, reason)) = unseen else {
            self.mail.line(text);
            return false;
        };
        self.change.unseen.push(Unseen { path, reason });
        true
    }
}

/// Returns the path that `diff -r` says is on one side only.
fn only_in(text: &[u8]) -> Option<RepoPath> {
    let rest = text.strip_prefix(b"Only in ")?;
    let at = rest.windows(2).position(|pair| pair == b": ")?;
    let joined = [&rest[..at], b"/", &rest[at + 2..]].concat();
    Some(RepoPath::from_bytes(&joined))
}

fn strip_any<'a>(text: &'a [u8], prefixes: &[&[u8]]) -> Option<&'a [u8]> {
    prefixes
        .iter()
        .find_map(|prefix| text.strip_prefix(*prefix))
}

/// Returns a line without its end, CRLF included.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Lines with their ends, one and two ahead.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn peek(&self) -> Option<&'a [u8]> {
        (!self.rest.is_empty()).then(|| &self.rest[..line_length(self.rest)])
    }

    fn after(&self) -> Option<&'a [u8]> {
        Self::new(&self.rest[line_length(self.rest)..]).peek()
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.peek()?;
        self.rest = &self.rest[line.len()..];
        Some(line)
    }
}

fn line_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&b| b == b'\n')
        .map_or(bytes.len(), |at| at + 1)
}
