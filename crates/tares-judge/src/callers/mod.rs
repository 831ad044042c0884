//! Files that the change leaves alone but that import what it changes: they may do something
//! else now.
//!
//! The radius: files of base that import a changed file, and files that import those which hand
//! a changed name on. They are found by what they import and by the names they mention, nearest
//! first; then both sides of them are analysed, and only those stay in which something differs.

mod blocks;
mod imports;
mod search;

use crate::added::AddedLines;
use crate::answers::{Answers, Version};
use crate::cache::Facts;
use crate::delta::Sides;
use crate::engine::{Engine, facts};
use crate::run::CodeFile;
use crate::source::Source;
use blocks::{Changed, words};
use rustc_hash::{FxHashMap, FxHashSet};
use search::{Found, Importer, Search};
use std::sync::Arc;
use tares_lang::Language;
use tares_model::finding::Related;
use tares_model::{Change, Finding, Place, RepoPath};
use tares_policy::Policy;

/// Most importing files that are analysed on both sides.
const MOST_FILES: usize = 40;
/// Most bytes of them.
const MOST_BYTES: usize = 1 << 20;
/// Most importing files that are read to see what they mention.
const MOST_READ: usize = 400;
/// Causes that are kept of one file.
const MOST_CAUSES: usize = 16;

/// What of a changed file a caller mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    /// The name in the caller; empty where the module as a whole changed.
    name: String,
    /// What changed itself, where it has another name.
    origin: String,
    /// Where it changed, in head.
    place: Place,
}

/// Callers that do something else now.
#[derive(Default)]
pub(crate) struct Callers {
    pub(crate) files: Vec<CodeFile>,
    /// Files that import what changed and were not looked at.
    pub(crate) left_out: usize,
}

/// Finds and analyses the files that import what changed.
pub(crate) fn of(
    engine: &Engine,
    files: &[CodeFile],
    change: &Change,
    answers: &dyn Answers,
    sides: &Sides<'_>,
    policy: &Policy,
) -> Callers {
    let modules = modules(files);
    if modules.is_empty() || !change.has_base {
        return Callers::default();
    }
    let own: FxHashSet<&RepoPath> = change
        .files
        .iter()
        .flat_map(|file| [Some(&file.path), file.base_path.as_ref()])
        .flatten()
        .collect();
    let families = modules.iter().map(|module| module.language.family());
    let Some(search) = Search::new(answers, families.collect(), &modules, &own) else {
        return Callers::default();
    };
    let mut gathering = Gathering {
        answers,
        sides,
        policy,
        search,
        taken: FxHashMap::default(),
        read: 0,
        left_out: 0,
    };
    let handed_on = gathering.gather(&modules);
    gathering.gather(&handed_on);
    let Gathering {
        taken,
        mut left_out,
        ..
    } = gathering;
    let mut callers: Vec<Caller> = taken.into_values().collect();
    callers.sort_by(|one, other| one.order.cmp(&other.order));
    let mut bytes = 0;
    let fitting = callers.iter().take(MOST_FILES).take_while(|caller| {
        bytes += caller.size;
        bytes <= MOST_BYTES
    });
    let fitting = fitting.count();
    left_out += callers.len() - fitting;
    callers.truncate(fitting);
    let analysed = engine.map(callers, |caller| analyse(caller, answers, sides));
    Callers {
        files: analysed.into_iter().flatten().collect(),
        left_out,
    }
}

/// A changed module, or one that hands on what changed.
pub(crate) struct Module {
    pub(crate) path: RepoPath,
    pub(crate) base_path: Option<RepoPath>,
    pub(crate) language: Language,
    changed: Changed,
    /// Where the changes stand to which the names lead, by name in this module.
    places: FxHashMap<String, Cause>,
    whole: Option<Cause>,
}

/// Returns the changed files of which something shows from outside.
fn modules(files: &[CodeFile]) -> Vec<Module> {
    let mut modules = Vec::new();
    for file in files {
        let is_excerpt = |source: &Option<Source>| source.as_ref().is_some_and(Source::is_excerpt);
        if is_excerpt(&file.head) || is_excerpt(&file.base) {
            continue;
        }
        let text = |source: &Option<Source>| source.as_ref().map(|source| Arc::clone(&source.text));
        let (base, head) = (text(&file.base), text(&file.head));
        let moved = file.base.as_ref().filter(|base| base.path != *file.path());
        if base == head && moved.is_none() {
            continue;
        }
        let is_added = |line| file.added.has_real(line);
        let changed = Changed::between(
            base.as_deref(),
            head.as_deref(),
            file.language.family(),
            is_added,
        );
        if changed.is_empty() && moved.is_none() {
            continue;
        }
        let cause = |name: &str, origin: &str, line| Cause {
            name: name.to_owned(),
            origin: origin.to_owned(),
            place: line_of(file.path(), line),
        };
        modules.push(Module {
            path: file.path().clone(),
            base_path: moved.map(|base| base.path.clone()),
            language: file.language,
            places: changed
                .names
                .iter()
                .map(|(name, origin)| (name.clone(), cause(name, &origin.name, origin.line)))
                .collect(),
            whole: match (changed.whole, moved) {
                (Some(line), _) => Some(cause("", "", line)),
                (None, Some(_)) => Some(cause("", "", 1)),
                (None, None) => None,
            },
            changed,
        });
    }
    modules
}

fn line_of(path: &RepoPath, line: u32) -> Place {
    Place {
        path: path.clone(),
        start_line: line,
        end_line: line,
        start_column: 1,
        end_column: 1,
    }
}

/// A file that imports what changed.
struct Caller {
    path: RepoPath,
    size: usize,
    causes: Vec<Cause>,
    /// Its place in the order in which files are looked at.
    order: (usize, bool, usize, RepoPath),
}

struct Gathering<'a> {
    answers: &'a dyn Answers,
    sides: &'a Sides<'a>,
    policy: &'a Policy,
    search: Search,
    taken: FxHashMap<RepoPath, Caller>,
    read: usize,
    left_out: usize,
}

impl Gathering<'_> {
    /// Takes the files that import one of these modules and mention what changed there. Returns
    /// those that hand it on.
    fn gather(&mut self, modules: &[Module]) -> Vec<Module> {
        let hop = usize::from(!self.taken.is_empty() || self.read > 0);
        let mut handed_on = Vec::new();
        for Found { importer, imports } in self.search.importers(modules, self.sides) {
            if self.policy.excludes(&importer.path) {
                continue;
            }
            if self.read >= MOST_READ {
                self.left_out += 1;
                continue;
            }
            self.read += 1;
            let Some(bytes) = self.answers.content(&importer.id) else {
                continue;
            };
            let text = String::from_utf8_lossy(&bytes);
            let causes = causes(&text, &imports, modules);
            if causes.is_empty() {
                continue;
            }
            if hop == 0 {
                handed_on.extend(hand_on(&importer, &text, &causes));
            }
            let order = (
                hop,
                importer.path.is_test_code(),
                importer.distance,
                importer.path.clone(),
            );
            let caller = self.taken.entry(importer.path.clone()).or_insert(Caller {
                path: importer.path,
                size: bytes.len(),
                causes: Vec::new(),
                order,
            });
            caller.causes.extend(causes);
            caller.causes.truncate(MOST_CAUSES);
        }
        handed_on
    }
}

/// Returns what changed in the modules that a text imports, as far as the text mentions it.
fn causes(text: &str, imports: &[usize], modules: &[Module]) -> Vec<Cause> {
    // Who takes all names of a module, or asks for names by text, mentions none of them.
    let is_blind = ["import *", "getattr(", "export *", "vars(", "__dict__"]
        .iter()
        .any(|sign| text.contains(sign));
    let mentioned: FxHashSet<&str> = words(text).collect();
    let mut causes = Vec::new();
    for module in imports.iter().map(|&i| &modules[i]) {
        let before = causes.len();
        let named = module
            .changed
            .names
            .keys()
            .filter(|name| mentioned.contains(name.as_str()));
        causes.extend(named.map(|name| module.places[name].clone()));
        if causes.len() == before {
            let mut blind: Vec<&Cause> = module.places.values().filter(|_| is_blind).collect();
            blind.sort_by_key(|cause| (cause.place.start_line, &cause.name));
            causes.extend(module.whole.iter().chain(blind).cloned());
        }
    }
    causes.truncate(MOST_CAUSES);
    causes
}

/// Returns a file as a module that leads to what changed elsewhere.
fn hand_on(importer: &Importer, text: &str, causes: &[Cause]) -> Option<Module> {
    let language = Language::detect(importer.path.as_str(), "")?;
    let names = causes.iter().map(|cause| {
        let origin = blocks::Origin {
            name: cause.name.clone(),
            line: cause.place.start_line,
        };
        (cause.name.clone(), origin)
    });
    let changed = Changed::through(text, language.family(), &names.collect());
    let first = causes.first()?;
    let places = changed.names.iter().map(|(name, origin)| {
        let cause = causes
            .iter()
            .find(|cause| cause.name == origin.name)
            .unwrap_or(first);
        let origin = if cause.origin.is_empty() {
            &cause.name
        } else {
            &cause.origin
        };
        let cause = Cause {
            name: name.clone(),
            origin: origin.clone(),
            place: cause.place.clone(),
        };
        (name.clone(), cause)
    });
    Some(Module {
        places: places.collect(),
        // A package that takes in all of a changed module is changed as much.
        whole: causes.iter().find(|cause| cause.name.is_empty()).cloned(),
        path: importer.path.clone(),
        base_path: None,
        language,
        changed,
    })
}

/// Analyses both sides of a file whose text is the same on both.
fn analyse(caller: Caller, answers: &dyn Answers, sides: &Sides<'_>) -> Option<CodeFile> {
    let language = Language::detect(caller.path.as_str(), "")?;
    let (base, head) = (
        sides.base.source(&caller.path)?,
        sides.head.source(&caller.path)?,
    );
    let base_facts = facts(answers, sides.get(Version::Base), &base, language);
    let head_facts = facts(answers, sides.get(Version::Head), &head, language);
    let is_same =
        |one: &Facts, other: &Facts| one.effects == other.effects && one.gaps == other.gaps;
    (!is_same(&base_facts, &head_facts)).then(|| {
        CodeFile::of_caller(
            caller.path,
            language,
            (base, base_facts),
            (head, head_facts),
            caller.causes,
        )
    })
}

/// Says in a finding of a caller what changed, and points at the changed line where the way to
/// the finding passes through one.
pub(crate) fn explain(
    finding: &mut Finding,
    file: &CodeFile,
    added: &FxHashMap<&RepoPath, &AddedLines>,
) {
    let is_changed = |place: &Place| {
        added.get(&place.path).is_some_and(|lines| {
            (place.start_line..=place.end_line).any(|line| lines.has_real(line))
        })
    };
    if is_changed(&finding.place) {
        return;
    }
    if let Some(at) = finding
        .related
        .iter()
        .position(|related| is_changed(&related.place))
    {
        let place = finding.related[at].place.clone();
        let caller = std::mem::replace(&mut finding.place, place);
        finding.related.push(Related {
            place: caller,
            message: "this is where it happens; the line itself did not change".to_owned(),
        });
        return;
    }
    let Some(cause) = file.cause_of(&finding.place) else {
        return;
    };
    finding.message = format!("{}, because {}", finding.message, cause.text());
    finding.related.push(Related {
        place: cause.place.clone(),
        message: "changed here".to_owned(),
    });
}

impl Cause {
    /// Returns the cause in words: "`fetch` changed, through `VERIFY`".
    pub(crate) fn text(&self) -> String {
        let path = &self.place.path;
        if self.name.is_empty() {
            return format!("`{path}` changed");
        }
        if self.origin.is_empty() || self.origin == self.name {
            return format!("`{}` in {path} changed", self.name);
        }
        format!(
            "`{}` leads to `{}` in {path}, which changed",
            self.name, self.origin
        )
    }

    /// Returns whether a line mentions it.
    pub(crate) fn is_in(&self, line: &str) -> bool {
        words(line).any(|word| word == self.name)
    }
}
