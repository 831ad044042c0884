//! One file of a patch: its headers and its hunks.

use super::binary::{self, Binary};
use super::path::{self, Name};
use super::{LARGEST_SIDE, Lines, without_end};
use tares_model::RepoPath;
use tares_model::change::{ChangeKind, Entry, Extent, FileChange, Hunk, Side, Unseen};

/// Reads one file.
#[derive(Debug, Default)]
pub(super) struct FileReader {
    names: Option<(Name, Name)>,
    moved: Option<ChangeKind>,
    moved_from: Option<Vec<u8>>,
    moved_to: Option<Vec<u8>>,
    is_new: bool,
    is_deleted: bool,
    is_git: bool,
    base_mode: Option<Vec<u8>>,
    head_mode: Option<Vec<u8>>,
    base: Excerpt,
    head: Excerpt,
    binary: Option<Binary>,
    problems: Vec<String>,
}

/// The text that a patch shows of one side.
#[derive(Debug, Default)]
struct Excerpt {
    bytes: Vec<u8>,
    hunks: Vec<Hunk>,
    /// Hunks seen, those without a line of this side included.
    seen: usize,
}

impl Excerpt {
    fn begin(&mut self, line: u32, count: u32) {
        self.seen += 1;
        if count > 0 {
            self.hunks.push(Hunk {
                offset: self.bytes.len() as u32,
                line: line.max(1),
            });
        }
    }

    /// Takes the line end away that `\ No newline at end of file` denies.
    fn chop(&mut self) {
        if self.bytes.ends_with(b"\n") {
            self.bytes.pop();
        }
    }

    fn side(self, entry: Entry, is_whole: bool) -> Side {
        let starts_first = self.hunks.first().is_none_or(|hunk| hunk.line == 1);
        let is_whole = is_whole && self.seen <= 1 && starts_first;
        let extent = if is_whole {
            Extent::Complete
        } else {
            Extent::Excerpt(self.hunks)
        };
        Side {
            bytes: self.bytes.into(),
            entry,
            extent,
        }
    }
}

/// The counts of one hunk header.
#[derive(Debug, Clone, Copy)]
struct Counts {
    base_line: u32,
    base: u32,
    head_line: u32,
    head: u32,
}

impl FileReader {
    /// Reads from the file header up to the line after the last hunk.
    pub(super) fn read(&mut self, lines: &mut Lines<'_>) {
        if let Some(names) = lines
            .peek()
            .and_then(|line| without_end(line).strip_prefix(b"diff --git "))
        {
            self.is_git = true;
            self.names = path::git_names(names);
            lines.next();
            self.extended(lines);
        }
        self.named(lines);
        while let Some(line) = lines.peek() {
            let text = without_end(line);
            if text.starts_with(b"@@ ") {
                lines.next();
                match counts(text) {
                    Some(counts) => self.hunk(lines, counts),
                    None => self.problem("a hunk header cannot be read: the patch is damaged"),
                }
            } else if self.is_stray(text, lines.after()) {
                self.problem(
                    "there are lines beyond what the hunk headers announce: the patch is damaged",
                );
                lines.next();
            } else {
                break;
            }
        }
    }

    /// Reads git's own header lines, up to the names or the content.
    fn extended(&mut self, lines: &mut Lines<'_>) {
        while let Some(line) = lines.peek() {
            let text = without_end(line);
            let after = |word: &str| text.strip_prefix(word.as_bytes()).map(<[u8]>::to_owned);
            if let Some(mode) = after("old mode ") {
                self.base_mode = Some(mode);
            } else if let Some(mode) = after("new mode ") {
                self.head_mode = Some(mode);
            } else if let Some(mode) = after("deleted file mode ") {
                (self.is_deleted, self.base_mode) = (true, Some(mode));
            } else if let Some(mode) = after("new file mode ") {
                (self.is_new, self.head_mode) = (true, Some(mode));
            } else if let Some(from) = after("rename from ") {
                (self.moved, self.moved_from) =
                    (Some(ChangeKind::Renamed), Some(path::unquote(&from)));
            } else if let Some(from) = after("copy from ") {
                (self.moved, self.moved_from) =
                    (Some(ChangeKind::Copied), Some(path::unquote(&from)));
            } else if let Some(to) = after("rename to ").or_else(|| after("copy to ")) {
                self.moved_to = Some(path::unquote(&to));
            } else if let Some(index) = after("index ") {
                self.index_mode(&index);
            } else if text.starts_with(b"Binary files ") {
                self.problem("binary according to the patch, which does not hold it: judge the change with `--base`");
            } else if text == b"GIT binary patch" {
                lines.next();
                match binary::read(lines) {
                    Ok(binary) => self.binary = Some(binary),
                    Err(reason) => self.problem(reason),
                }
                return;
            } else if !text.starts_with(b"similarity index ")
                && !text.starts_with(b"dissimilarity index ")
            {
                return;
            }
            lines.next();
        }
    }

    /// Takes the mode that `index 1a2b..3c4d 100644` gives to both sides.
    fn index_mode(&mut self, index: &[u8]) {
        if let Some(at) = index.iter().position(|&b| b == b' ') {
            let mode = index[at + 1..].to_owned();
            self.base_mode.get_or_insert_with(|| mode.clone());
            self.head_mode.get_or_insert(mode);
        }
    }

    /// Reads the `---` and `+++` lines, if both are there.
    fn named(&mut self, lines: &mut Lines<'_>) {
        let base = lines
            .peek()
            .and_then(|line| without_end(line).strip_prefix(b"--- "));
        let head = lines
            .after()
            .and_then(|line| without_end(line).strip_prefix(b"+++ "));
        if let (Some(base), Some(head)) = (base, head) {
            self.names = Some((Name::new(base), Name::new(head)));
            lines.next();
            lines.next();
        }
    }

    fn hunk(&mut self, lines: &mut Lines<'_>, counts: Counts) {
        self.base.begin(counts.base_line, counts.base);
        self.head.begin(counts.head_line, counts.head);
        let (mut base, mut head) = (counts.base, counts.head);
        while base > 0 || head > 0 {
            let Some(line) = lines.peek() else {
                return self.problem("the last hunk is cut off: the patch is truncated");
            };
            match line {
                [b' ', text @ ..] if base > 0 && head > 0 => {
                    self.base.bytes.extend_from_slice(text);
                    self.head.bytes.extend_from_slice(text);
                    (base, head) = (base - 1, head - 1);
                }
                // Mail programs strip the space of an empty context line.
                b"\n" | b"\r\n" if base > 0 && head > 0 => {
                    self.base.bytes.extend_from_slice(line);
                    self.head.bytes.extend_from_slice(line);
                    (base, head) = (base - 1, head - 1);
                }
                [b'-', text @ ..] if base > 0 => {
                    self.base.bytes.extend_from_slice(text);
                    base -= 1;
                }
                [b'+', text @ ..] if head > 0 => {
                    self.head.bytes.extend_from_slice(text);
                    head -= 1;
                }
                [b'\\', ..] => {}
                _ => {
                    return self
                        .problem("a hunk ends before its announced length: the patch is damaged");
                }
            }
            lines.next();
            self.no_newline(lines, line);
        }
    }

    /// Applies a following `\ No newline at end of file` to the sides that `line` belongs to.
    fn no_newline(&mut self, lines: &mut Lines<'_>, line: &[u8]) {
        if !lines.peek().is_some_and(|next| next.starts_with(b"\\")) {
            return;
        }
        lines.next();
        if !line.starts_with(b"+") {
            self.base.chop();
        }
        if !line.starts_with(b"-") {
            self.head.chop();
        }
    }

    /// Returns whether a line after the hunks looks like a part of one.
    fn is_stray(&self, text: &[u8], next: Option<&[u8]>) -> bool {
        if self.base.seen == 0 {
            return false;
        }
        let is_header =
            text.starts_with(b"--- ") && next.is_some_and(|next| next.starts_with(b"+++ "));
        // `-- ` ends a mail; `---` alone parts the mails of a series.
        let is_mail = matches!(text, b"-- " | b"--" | b"---");
        matches!(text.first(), Some(b'+' | b'-' | b' ' | b'\\')) && !is_header && !is_mail
    }

    fn problem(&mut self, reason: &str) {
        if !self.problems.iter().any(|known| known == reason) {
            self.problems.push(reason.to_owned());
        }
    }

    /// Returns the file, unless none of it can be judged, and what could not be seen.
    pub(super) fn finish(mut self) -> (Option<FileChange>, Vec<Unseen>) {
        let (base_path, path) = self.paths();
        let shown = RepoPath::from_bytes(&path);
        if path.is_empty() {
            self.problem("the header names no file: the patch is damaged");
        }
        if [&self.base_mode, &self.head_mode]
            .iter()
            .any(|mode| mode.as_deref() == Some(b"160000"))
        {
            self.problem(
                "submodule: its files belong to another repository; run `tares check` inside it",
            );
        }
        if self.base.bytes.len().max(self.head.bytes.len()) > LARGEST_SIDE {
            self.problem("the excerpt is larger than 4 MiB: judge the change with `--base`");
            (self.base, self.head) = (Excerpt::default(), Excerpt::default());
        }
        let unseen: Vec<Unseen> = self
            .problems
            .iter()
            .map(|reason| Unseen {
                path: shown.clone(),
                reason: reason.clone(),
            })
            .collect();
        // Without one good hunk there is nothing to judge, and an empty side would look judged.
        if !unseen.is_empty() && self.base.hunks.is_empty() && self.head.hunks.is_empty() {
            return (None, unseen);
        }
        let base_path =
            (base_path != path && self.moved.is_some()).then(|| RepoPath::from_bytes(&base_path));
        let kind = self.kind();
        let (before, after) = self.sides(kind, unseen.is_empty());
        (
            Some(FileChange {
                path: shown,
                base_path,
                kind,
                before,
                after,
            }),
            unseen,
        )
    }

    /// Returns both sides; those of a file that is added or deleted whole are complete.
    fn sides(self, kind: ChangeKind, is_whole: bool) -> (Option<Side>, Option<Side>) {
        let (base_entry, head_entry) = (
            entry(self.base_mode.as_deref()),
            entry(self.head_mode.as_deref()),
        );
        let (before, after) = match self.binary {
            Some(binary) => (
                binary.base.map(|side| Side {
                    entry: base_entry,
                    ..side
                }),
                Some(Side {
                    entry: head_entry,
                    ..binary.head
                }),
            ),
            None => (
                Some(
                    self.base
                        .side(base_entry, is_whole && kind == ChangeKind::Deleted),
                ),
                Some(
                    self.head
                        .side(head_entry, is_whole && kind == ChangeKind::Added),
                ),
            ),
        };
        (
            before.filter(|_| kind != ChangeKind::Added),
            after.filter(|_| kind != ChangeKind::Deleted),
        )
    }

    fn kind(&self) -> ChangeKind {
        let absent = |pick: fn(&(Name, Name)) -> &Name| {
            self.names
                .as_ref()
                .is_some_and(|names| pick(names).is_absent)
        };
        let is_lone = self.base.seen == 1 && !self.is_git;
        if self.is_new || absent(|names| &names.0) || (is_lone && self.base.hunks.is_empty()) {
            ChangeKind::Added
        } else if self.is_deleted
            || absent(|names| &names.1)
            || (is_lone && self.head.hunks.is_empty())
        {
            ChangeKind::Deleted
        } else if let Some(moved) = self.moved {
            moved
        } else if self.base.seen == 0 && self.binary.is_none() {
            ChangeKind::Mode
        } else {
            ChangeKind::Modified
        }
    }

    /// Returns the paths of both sides; that of a deleted file stands for both.
    fn paths(&self) -> (Vec<u8>, Vec<u8>) {
        let (base, head) = self
            .names
            .as_ref()
            .map_or_else(Default::default, |(base, head)| {
                let (one, other) = path::without_prefixes(base, head);
                match (base.is_absent, head.is_absent) {
                    (true, _) => (other.clone(), other),
                    (false, true) => (one.clone(), one),
                    (false, false) => (one, other),
                }
            });
        (
            self.moved_from.clone().unwrap_or(base),
            self.moved_to.clone().unwrap_or(head),
        )
    }
}

fn entry(mode: Option<&[u8]>) -> Entry {
    match mode {
        Some(b"120000") => Entry::Symlink,
        Some(b"100755") => Entry::Executable,
        _ => Entry::File,
    }
}

/// Reads `@@ -1,2 +3,4 @@`.
fn counts(text: &[u8]) -> Option<Counts> {
    let text =
        std::str::from_utf8(text.strip_prefix(b"@@ -")?.split(|&b| b == b'@').next()?).ok()?;
    let (base, head) = text.trim_end().split_once(" +")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        let (line, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((line.parse().ok()?, count.parse().ok()?))
    };
    let ((base_line, base), (head_line, head)) = (range(base)?, range(head)?);
    Some(Counts {
        base_line,
        base,
        head_line,
        head,
    })
}
