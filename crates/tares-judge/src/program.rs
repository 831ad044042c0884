//! The files of one side, as the interpreter asks for them: the change first, then the caller.

use crate::answers::{Answers, Version};
use crate::decode;
use crate::source::Source;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tares_effects::Program;
use tares_effects::models::ModelSet;
use tares_effects::program::candidates;
use tares_lang::{Language, MAX_SOURCE};
use tares_model::change::{Entry, Extent, Side};
use tares_model::{Change, ChangeKind, RepoPath};

/// Bytes of texts that are kept for the next question.
const KEPT: usize = 32 << 20;

/// The files of one side.
pub(crate) struct Files<'a> {
    version: Version,
    answers: &'a dyn Answers,
    /// What the change says of its own files; `None` where a side has none.
    own: FxHashMap<&'a RepoPath, Option<&'a Side>>,
    memory: Mutex<Memory>,
    thorough: bool,
    pub(crate) models: &'static ModelSet,
}

/// Answers that were given before.
#[derive(Default)]
struct Memory {
    exists: FxHashMap<RepoPath, bool>,
    texts: FxHashMap<RepoPath, Option<Text>>,
    bytes: usize,
}

/// The text of a file with the hash of its bytes.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) text: Arc<str>,
    pub(crate) hash: [u8; 32],
}

impl<'a> Files<'a> {
    /// Returns the files of one side of a change.
    pub(crate) fn new(
        version: Version,
        change: &'a Change,
        answers: &'a dyn Answers,
        models: &'static ModelSet,
    ) -> Self {
        let mut own: FxHashMap<&RepoPath, Option<&Side>> = FxHashMap::default();
        for file in &change.files {
            let before = file.before.as_ref().filter(|_| file.base_path.is_none());
            let side = match version {
                Version::Base => before,
                Version::Head => file.after.as_ref(),
            };
            own.insert(&file.path, side);
        }
        // Another file may have taken the old place of one that moved.
        for file in &change.files {
            let Some(base_path) = &file.base_path else {
                continue;
            };
            if version == Version::Base {
                own.insert(base_path, file.before.as_ref());
            } else if file.kind == ChangeKind::Renamed {
                own.entry(base_path).or_insert(None);
            }
        }
        Self {
            version,
            answers,
            own,
            memory: Mutex::default(),
            thorough: true,
            models,
        }
    }

    /// Returns the files of a scan, in which every file is analysed where it stands.
    pub(crate) fn of_scan(
        change: &'a Change,
        answers: &'a dyn Answers,
        models: &'static ModelSet,
    ) -> Self {
        Self {
            thorough: false,
            ..Self::new(Version::Head, change, answers, models)
        }
    }

    /// Returns the text of a whole regular file.
    pub(crate) fn text(&self, path: &RepoPath) -> Option<Text> {
        if let Some(known) = self.memory().texts.get(path) {
            return known.clone();
        }
        let text = self
            .bytes(path)
            .filter(|bytes| bytes.len() <= MAX_SOURCE)
            .map(|bytes| Text {
                hash: *blake3::hash(&bytes).as_bytes(),
                text: decode::text(&bytes),
            });
        let mut memory = self.memory();
        let size = text.as_ref().map_or(0, |text| text.text.len());
        if memory.bytes + size > KEPT {
            memory.texts.clear();
            memory.bytes = 0;
        }
        memory.bytes += size;
        memory.texts.insert(path.clone(), text.clone());
        text
    }

    /// Returns whether the change has a file below a folder.
    pub(crate) fn has_below(&self, folder: &str) -> bool {
        self.paths().any(|path| {
            let rest = path.as_str().strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Returns whether the change has a file or folder of this name, without its ending.
    pub(crate) fn has_part(&self, name: &str) -> bool {
        let is_name = |part: &str| part.split('.').next() == Some(name);
        self.paths()
            .any(|path| path.as_str().split('/').any(is_name))
    }

    fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        let own = self.own.iter().filter(|(_, side)| side.is_some());
        own.map(|(path, _)| *path)
    }

    /// Returns the source of a whole regular file.
    pub(crate) fn source(&self, path: &RepoPath) -> Option<Source> {
        Some(Source::whole(path, self.text(path)?.text))
    }

    fn bytes(&self, path: &RepoPath) -> Option<Arc<[u8]>> {
        match self.own.get(path) {
            Some(Some(side)) if side.extent == Extent::Complete => {
                is_file(side).then(|| Arc::clone(&side.bytes))
            }
            Some(None) => None,
            // Of an excerpt the caller may have the whole.
            Some(Some(_)) | None => self.answers.file(self.version, path),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_file(side: &Side) -> bool {
    side.entry != Entry::Symlink
}

impl Program for Files<'_> {
    fn is_thorough(&self) -> bool {
        self.thorough
    }

    fn exists(&self, path: &RepoPath) -> bool {
        match self.own.get(path) {
            Some(Some(side)) if side.extent == Extent::Complete => return is_file(side),
            Some(None) => return false,
            Some(Some(_)) | None => {}
        }
        if let Some(&known) = self.memory().exists.get(path) {
            return known;
        }
        let exists = self.answers.exists(self.version, path);
        self.memory().exists.insert(path.clone(), exists);
        exists
    }

    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        self.text(path).map(|text| text.text)
    }

    fn resolve(&self, from: &RepoPath, written: &str, language: Language) -> Option<RepoPath> {
        // A scan may show absolute paths, of which resolving loses the beginning.
        let is_absolute = from.as_str().starts_with('/');
        candidates(from, written, language)
            .into_iter()
            .find_map(|path| {
                if self.exists(&path) {
                    return Some(path);
                }
                let absolute = is_absolute.then(|| RepoPath::from(format!("/{path}")));
                absolute.filter(|path| self.exists(path))
            })
    }
}

/// What an analysis learned from other files: what it asked, and what it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Trace {
    /// Imports: the file that imports (`None` for the analysed one), what is written there, where
    /// it leads.
    pub(crate) imports: Vec<(Option<RepoPath>, String, Option<RepoPath>)>,
    /// Files that were read, by the hash of their bytes.
    pub(crate) read: Vec<(RepoPath, Option<[u8; 32]>)>,
}

/// Passes questions on and writes down the answers.
pub(crate) struct Tracer<'a> {
    files: &'a Files<'a>,
    path: &'a RepoPath,
    trace: Mutex<Trace>,
}

impl<'a> Tracer<'a> {
    pub(crate) fn new(files: &'a Files<'a>, path: &'a RepoPath) -> Self {
        Self {
            files,
            path,
            trace: Mutex::default(),
        }
    }

    pub(crate) fn finish(self) -> Trace {
        self.trace
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn trace(&self) -> MutexGuard<'_, Trace> {
        self.trace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Program for Tracer<'_> {
    fn is_thorough(&self) -> bool {
        self.files.is_thorough()
    }

    fn exists(&self, path: &RepoPath) -> bool {
        self.files.exists(path)
    }

    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        let text = self.files.text(path);
        self.trace()
            .read
            .push((path.clone(), text.as_ref().map(|text| text.hash)));
        text.map(|text| text.text)
    }

    fn resolve(&self, from: &RepoPath, written: &str, language: Language) -> Option<RepoPath> {
        let to = self.files.resolve(from, written, language);
        let from = (from != self.path).then(|| from.clone());
        self.trace()
            .imports
            .push((from, written.to_owned(), to.clone()));
        to
    }
}

impl Trace {
    /// Returns whether the analysis learned nothing from any other file.
    pub(crate) fn stands_alone(&self) -> bool {
        self.read.is_empty()
            && self
                .imports
                .iter()
                .all(|(from, _, to)| from.is_none() && to.is_none())
    }

    /// Returns whether the same questions get the same answers.
    pub(crate) fn holds(&self, files: &Files<'_>, path: &RepoPath, language: Language) -> bool {
        let import = |(from, written, to): &(Option<RepoPath>, String, Option<RepoPath>)| {
            files.resolve(from.as_ref().unwrap_or(path), written, language) == *to
        };
        self.imports.iter().all(import)
            && self
                .read
                .iter()
                .all(|(path, hash)| files.text(path).map(|text| text.hash) == *hash)
    }
}
