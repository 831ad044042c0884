//! What a tool consists of: its files, their digest, and the texts among them.

use crate::archive;
use crate::machine::{EntryKind, Machine, Unread};
use crate::places::join;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest as _;
use std::sync::Arc;

/// Most files of one tool.
const FILES: usize = 60_000;

/// Deepest folder below it.
const DEPTH: usize = 48;

/// Largest text that is looked into, in bytes: what the interpreter takes.
const LARGEST: u64 = tares_lang::MAX_SOURCE as u64;

/// Most bytes of texts that are held for one tool.
const TEXTS: u64 = 48 << 20;

/// Largest archive, in bytes.
const ARCHIVE: u64 = 256 << 20;

/// Folders and files that programs write beside a tool, not in it.
const PASSED: [&str; 4] = [".git", "__pycache__", ".DS_Store", ".cache"];

/// Where the content of a tool stands.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// All below a folder.
    Folder(String),
    /// One file.
    File(String),
    /// The files in an archive.
    Archive(String),
    /// Files below a folder by name, each with the SHA-256 that was written down when it was
    /// installed.
    Installed(String, Vec<(String, Option<String>)>),
    /// A definition, and the files that it starts.
    Definition(String, Vec<String>),
}

/// A file of a tool.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Path below the tool's place.
    pub(crate) path: String,
    /// The text, where it is one that was asked for.
    pub(crate) text: Option<Arc<str>>,
    digest: [u8; 32],
}

/// What was gathered.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) items: Vec<Item>,
    pub(crate) faults: Vec<String>,
    pub(crate) unread: Vec<String>,
    room: u64,
}

impl Content {
    /// Gathers the files of a tool; their texts only where `with_texts` says so.
    pub(crate) fn of(machine: &dyn Machine, body: &Body, with_texts: bool) -> Self {
        let mut content = Self {
            room: if with_texts { TEXTS } else { 0 },
            ..Self::default()
        };
        match body {
            Body::Folder(folder) => content.folder(machine, folder),
            Body::File(file) => content.file(machine, file, name_of(file), None),
            Body::Archive(file) => content.archive(machine, file),
            Body::Installed(folder, files) => {
                for (name, digest) in files {
                    content.file(machine, &join(folder, name), name, digest.as_deref());
                }
            }
            Body::Definition(_, files) => {
                for file in files {
                    content.file(machine, file, name_of(file), None);
                }
            }
        }
        content
            .items
            .sort_by(|one, other| one.path.cmp(&other.path));
        content
    }

    /// Returns the digest of paths and contents, and of a definition.
    pub(crate) fn digest(&self, body: &Body) -> String {
        let mut hasher = blake3::Hasher::new();
        if let Body::Definition(text, _) = body {
            hasher.update(text.as_bytes());
            hasher.update(&[0]);
        }
        for item in &self.items {
            hasher.update(&(item.path.len() as u64).to_le_bytes());
            hasher.update(item.path.as_bytes());
            hasher.update(&item.digest);
        }
        format!("blake3:{}", &hasher.finalize().to_hex()[..40])
    }

    fn folder(&mut self, machine: &dyn Machine, root: &str) {
        let mut queue = vec![(String::new(), 0)];
        while let Some((below, depth)) = queue.pop() {
            let folder = if below.is_empty() {
                root.to_owned()
            } else {
                join(root, &below)
            };
            let Some(entries) = machine.list(&folder) else {
                self.unread
                    .push(format!("`{below}`: the folder cannot be listed"));
                continue;
            };
            for entry in entries {
                if PASSED.contains(&entry.name.as_str()) {
                    continue;
                }
                let path = if below.is_empty() {
                    entry.name.clone()
                } else {
                    join(&below, &entry.name)
                };
                match entry.kind {
                    EntryKind::Folder if depth < DEPTH => queue.push((path, depth + 1)),
                    EntryKind::Folder => {
                        self.unread
                            .push(format!("`{path}`: the folder lies too deep"));
                    }
                    EntryKind::File if self.items.len() == FILES => {
                        self.unread.push(format!("more than {FILES} files"));
                        return;
                    }
                    EntryKind::File => self.file(machine, &join(root, &path), &path, None),
                    EntryKind::Link(to) => self.link(path, &to),
                    EntryKind::Other => {}
                }
            }
        }
    }

    /// A link is not followed; where it leads is part of the content.
    fn link(&mut self, path: String, to: &str) {
        let depth = path.matches('/').count();
        let ups = to.split(['/', '\\']).filter(|part| *part == "..").count();
        if to.starts_with(['/', '\\']) || to.as_bytes().get(1) == Some(&b':') || ups > depth {
            self.faults
                .push(format!("`{path}` is a link that leads out of it: {to}"));
        }
        self.items.push(Item {
            path,
            text: None,
            digest: *blake3::hash(format!("link {to}").as_bytes()).as_bytes(),
        });
    }

    fn file(&mut self, machine: &dyn Machine, file: &str, path: &str, installed: Option<&str>) {
        let limit = if installed.is_some() {
            ARCHIVE
        } else {
            LARGEST
        };
        let wants_bytes = self.room > 0 || installed.is_some();
        let read = match wants_bytes.then(|| machine.read(file, limit)) {
            Some(Err(Unread::TooLarge(_))) | None => {
                if wants_bytes && may_be_text(path) {
                    self.unread
                        .push(format!("`{path}`: larger than {LARGEST} bytes"));
                }
                machine.digest(file).map(|digest| (digest, None))
            }
            Some(bytes) => bytes.map(|bytes| (*blake3::hash(&bytes).as_bytes(), Some(bytes))),
        };
        match read {
            Ok((digest, bytes)) => {
                if let (Some(bytes), Some(wanted)) = (&bytes, installed)
                    && URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(bytes)) != wanted
                {
                    self.faults
                        .push(format!("`{path}` is not the file that was installed"));
                }
                self.push(path, digest, bytes.unwrap_or_default());
            }
            Err(Unread::Missing) if installed.is_some() => {
                self.faults
                    .push(format!("`{path}` was installed and is gone"));
            }
            Err(why) => self.unread.push(format!("`{path}` {why}")),
        }
    }

    fn archive(&mut self, machine: &dyn Machine, file: &str) {
        let unpacked = match machine.read(file, ARCHIVE) {
            Ok(bytes) => archive::read(&bytes),
            Err(why) => return self.unread.push(format!("the archive {why}")),
        };
        match unpacked {
            Ok(unpacked) => {
                self.faults.extend(unpacked.faults);
                self.unread.extend(unpacked.unread);
                for (path, bytes) in unpacked.files {
                    let digest = *blake3::hash(&bytes).as_bytes();
                    self.push(&path, digest, bytes);
                }
            }
            Err(why) => self.unread.push(format!("the archive {why}")),
        }
    }

    fn push(&mut self, path: &str, digest: [u8; 32], bytes: Vec<u8>) {
        let text = if self.room == 0 || bytes.len() as u64 > LARGEST {
            None
        } else {
            text_of(bytes)
        };
        if let Some(text) = &text {
            self.room = self.room.saturating_sub(text.len() as u64);
            if self.room == 0 {
                self.unread.push(format!(
                    "`{path}` and what follows: more than {TEXTS} bytes of text"
                ));
            }
        }
        self.items.push(Item {
            path: path.to_owned(),
            text,
            digest,
        });
    }
}

/// Returns bytes as text; `None` for what is binary.
fn text_of(bytes: Vec<u8>) -> Option<Arc<str>> {
    if bytes[..bytes.len().min(8 << 10)].contains(&0) {
        return None;
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into(),
    })
}

/// Whether a large file could be code or a prompt by its name.
fn may_be_text(path: &str) -> bool {
    let ending = path.rsplit('/').next().unwrap_or("").rsplit_once('.');
    ending.is_some_and(|(_, ending)| {
        [
            "js", "mjs", "cjs", "ts", "py", "sh", "md", "txt", "json", "ps1",
        ]
        .contains(&ending)
    })
}

/// Returns the last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
