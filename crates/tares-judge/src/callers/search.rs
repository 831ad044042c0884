//! Which files of base import a module. What each file imports is remembered by folder, so
//! that a second look costs little.

use super::Module;
use super::imports::{stem, written};
use crate::answers::{Answers, ContentId, Listing};
use crate::delta::Sides;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use tares_effects::Program as _;
use tares_lang::{Family, Language};
use tares_model::RepoPath;

/// Most folders and files that are looked at, nearest first.
const MOST_FOLDERS: usize = 20_000;
const MOST_FILES: usize = 30_000;
/// Largest file that is read for its imports, in bytes.
const LARGEST: usize = 512 << 10;
/// Changes when what is remembered of a folder changes.
const LAYOUT: u32 = 1;
/// Folders of other people's code, which imports nothing of the repository.
const FOREIGN: [&str; 2] = ["node_modules", ".git"];

/// All files of base that may import something.
pub(crate) struct Search {
    importers: Vec<Importer>,
    /// Which of them import something with such a name.
    by_stem: FxHashMap<String, Vec<(usize, String)>>,
}

/// A file that imports something.
#[derive(Debug, Clone)]
pub(crate) struct Importer {
    pub(crate) path: RepoPath,
    pub(crate) id: ContentId,
    /// Steps from the nearest changed file through folders.
    pub(crate) distance: usize,
}

/// A file that imports some of the modules, by their numbers.
pub(crate) struct Found {
    pub(crate) importer: Importer,
    pub(crate) imports: Vec<usize>,
}

/// What is remembered of the code in one folder.
#[derive(Serialize, Deserialize)]
struct Folder {
    folders: Vec<(String, ContentId)>,
    /// Name, content and imports of each file.
    files: Vec<(String, ContentId, Vec<String>)>,
}

impl Search {
    /// Reads what the files of base import; `None` where base cannot be listed.
    pub(crate) fn new(
        answers: &dyn Answers,
        families: BTreeSet<Family>,
        modules: &[Module],
        own: &FxHashSet<&RepoPath>,
    ) -> Option<Self> {
        let root = answers.root()?;
        let near: BTreeSet<&str> = modules.iter().map(|module| module.path.parent()).collect();
        let mut search = Self {
            importers: Vec::new(),
            by_stem: FxHashMap::default(),
        };
        for family in families {
            for (path, folder) in folders(answers, &root, family, &near) {
                let distance = distance(&path, &near);
                for (name, id, imports) in folder.files {
                    let path = join(&path, &name);
                    if !own.contains(&path) && !imports.is_empty() {
                        search.add(Importer { path, id, distance }, imports, family);
                    }
                }
            }
        }
        Some(search)
    }

    fn add(&mut self, importer: Importer, imports: Vec<String>, family: Family) {
        let number = self.importers.len();
        self.importers.push(importer);
        for import in imports {
            let stem = stem(&import, family).to_owned();
            self.by_stem.entry(stem).or_default().push((number, import));
        }
    }

    /// Returns the files that import these modules on either side, nearest first.
    pub(crate) fn importers(&self, modules: &[Module], sides: &Sides<'_>) -> Vec<Found> {
        let mut hits: FxHashMap<usize, BTreeSet<usize>> = FxHashMap::default();
        for (module, data) in modules.iter().enumerate() {
            let paths = [Some(&data.path), data.base_path.as_ref()];
            let stems: BTreeSet<&str> = paths.into_iter().flatten().flat_map(stems).collect();
            for (number, import) in stems
                .into_iter()
                .filter_map(|stem| self.by_stem.get(stem))
                .flatten()
            {
                let from = &self.importers[*number].path;
                let leads = |files: &crate::program::Files<'_>| {
                    let to = files.resolve(from, import, data.language);
                    to.is_some_and(|to| paths.contains(&Some(&to)))
                };
                if leads(sides.head) || leads(sides.base) {
                    hits.entry(*number).or_default().insert(module);
                }
            }
        }
        let mut found: Vec<Found> = Vec::with_capacity(hits.len());
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for (number, imports) in hits {
            found.push(Found {
                importer: self.importers[number].clone(),
                imports: imports.into_iter().collect(),
            });
        }
        let order = |found: &Found| (found.importer.path.is_test_code(), found.importer.distance);
        found.sort_by(|one, other| {
            order(one)
                .cmp(&order(other))
                .then_with(|| one.importer.path.cmp(&other.importer.path))
        });
        found
    }
}

/// Returns the last parts of names by which a file is imported.
fn stems(path: &RepoPath) -> impl Iterator<Item = &str> {
    let name = path.name();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let whole = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let folder = path.parent().rsplit('/').next().unwrap_or("");
    let is_folder = matches!(stem, "__init__" | "index");
    // `from . import x` and `require('.')` name the folder itself by nothing.
    let more = [folder, "", ".", ".."]
        .into_iter()
        .filter(move |_| is_folder);
    [stem, whole].into_iter().chain(more)
}

/// Returns the folders of base with the code in them, nearest first.
fn folders(
    answers: &dyn Answers,
    root: &ContentId,
    family: Family,
    near: &BTreeSet<&str>,
) -> Vec<(String, Folder)> {
    let wait = |path: String, id: &ContentId| Reverse((distance(&path, near), path, id.clone()));
    let mut waiting = BinaryHeap::from([wait(String::new(), root)]);
    let mut found: Vec<(String, Folder)> = Vec::new();
    let mut files = 0;
    while let Some(Reverse((_, path, id))) = waiting.pop() {
        if found.len() >= MOST_FOLDERS || files >= MOST_FILES {
            break;
        }
        let Some(folder) = folder(answers, &id, family) else {
            continue;
        };
        files += folder.files.len();
        for (name, id) in &folder.folders {
            waiting.push(wait(join(&path, name).as_str().to_owned(), id));
        }
        found.push((path, folder));
    }
    found
}

fn folder(answers: &dyn Answers, id: &ContentId, family: Family) -> Option<Folder> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"tares imports");
    hasher.update(&LAYOUT.to_le_bytes());
    hasher.update(format!("{family:?}").as_bytes());
    hasher.update(id);
    let key = *hasher.finalize().as_bytes();
    let known = answers.recall(&key).filter(|_| answers.keeps());
    if let Some(folder) = known.and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
        return Some(folder);
    }
    let Listing { files, folders } = answers.list(id)?;
    let is_code =
        |name: &str| Language::detect(name, "").is_some_and(|language| language.family() == family);
    let folder = Folder {
        folders: folders
            .into_iter()
            .filter(|(name, _)| !FOREIGN.contains(&name.as_str()))
            .collect(),
        files: files
            .into_iter()
            .filter(|(name, _)| is_code(name))
            .map(|(name, id)| {
                let bytes = answers.content(&id).filter(|bytes| bytes.len() <= LARGEST);
                let imports = bytes.map_or_else(Vec::new, |bytes| written(&bytes, family));
                (name, id, imports)
            })
            .collect(),
    };
    if answers.keeps()
        && let Ok(bytes) = postcard::to_stdvec(&folder)
    {
        answers.keep(&key, &bytes);
    }
    Some(folder)
}

fn join(folder: &str, name: &str) -> RepoPath {
    RepoPath::from(if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    })
}

/// Returns the steps from a folder to the nearest of others.
fn distance(folder: &str, near: &BTreeSet<&str>) -> usize {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).count();
    let to = |other: &str| {
        let both = folder.split('/').zip(other.split('/'));
        let common = both
            .take_while(|(one, other)| one == other && !one.is_empty())
            .count();
        parts(folder) + parts(other) - 2 * common
    };
    near.iter().map(|other| to(other)).min().unwrap_or(0)
}
