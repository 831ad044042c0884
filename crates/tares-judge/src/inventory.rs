//! All packages that a folder names, where each stands, and what brings it.

use crate::inputs::holds_commands;
use crate::{JudgeError, NoAnswers, Options, Scan};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tares_deps::advisory::{self, Advisories};
use tares_deps::formats::{self, Edges};
use tares_deps::{Origin, Place, Reference, package};
use tares_model::fact::{Artefact, Existence, PackageFacts, PackageName, Packages};
use tares_model::{
    Change, ChangeKind, Ecosystem, FileChange, Finding, Level, LineIndex, Message, Notice,
    RepoPath, Side, Span,
};
use tares_policy::config::Dependencies;

/// Most hands through which a package is followed to the project.
const LONGEST: usize = 64;

/// One package in one version, as files name it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Ecosystem and name in normal form.
    pub name: PackageName,
    /// Version that can be meant; `None` where any may come.
    pub version: Option<String>,
    /// Where it stands.
    pub mentions: Vec<Mention>,
}

/// One place that names a package.
#[derive(Debug, Clone)]
pub struct Mention {
    /// File.
    pub path: RepoPath,
    /// Line, from 1.
    pub line: u32,
    /// What the text says.
    pub reference: Reference,
}

/// Why a package is there: one place, and for a lock file the way from the project to it.
#[derive(Debug, Clone)]
pub struct Reason {
    /// Place.
    pub mention: Mention,
    /// Names from what the project itself needs to the package; empty where that is not told.
    pub chain: Vec<String>,
}

impl Item {
    /// Returns its package URL.
    pub fn purl(&self) -> String {
        self.name
            .ecosystem
            .purl(&self.name.name, self.version.as_deref())
    }

    /// Returns whether its content is pinned by a digest somewhere.
    pub fn has_digest(&self) -> bool {
        self.mentions
            .iter()
            .any(|mention| mention.reference.digest.is_some())
    }

    /// Returns whether a registry hands it out, rather than a repository, an address or a folder.
    pub fn is_from_registry(&self) -> bool {
        self.mentions.iter().any(|mention| {
            matches!(
                mention.reference.origin,
                Origin::Registry | Origin::Resolved(_)
            )
        })
    }
}

/// Returns whether a file may name packages, by its name.
pub fn names_packages(path: &RepoPath) -> bool {
    formats::is_dependency_file(path) || formats::is_page(path) || holds_commands(path).is_some()
}

/// Returns the word for a kind of place.
pub fn word(place: Place) -> &'static str {
    match place {
        Place::Manifest => "manifest",
        Place::Lock => "lock",
        Place::Command => "command",
        Place::RunOnce => "run-once",
        Place::Page => "page",
        Place::Import => "import",
    }
}

/// Returns what these files name, by name and version. What a lock file resolves stands under its
/// version, with the manifests that ask for it.
pub fn inventory(files: &[(RepoPath, String)]) -> Vec<Item> {
    let mut by_name: BTreeMap<PackageName, Vec<Mention>> = BTreeMap::new();
    for (path, text) in files {
        for mention in mentions(path, text) {
            let reference = &mention.reference;
            // A folder of the project itself is no package that comes from outside.
            if matches!(reference.origin, Origin::Path(_)) {
                continue;
            }
            let name = PackageName {
                ecosystem: reference.ecosystem,
                name: reference.normal(),
            };
            by_name.entry(name).or_default().push(mention);
        }
    }
    let mut items = Vec::new();
    for (name, mentions) in by_name {
        let locked: Vec<String> = versions(&mentions, |place| place == Place::Lock);
        let versions = if locked.is_empty() {
            versions(&mentions, |_| true)
        } else {
            locked
        };
        if versions.is_empty() {
            items.push(Item {
                name,
                version: None,
                mentions,
            });
            continue;
        }
        for version in versions {
            let is_of = |mention: &&Mention| {
                let own = &mention.reference.version;
                mention.reference.place != Place::Lock || own.as_ref() == Some(&version)
            };
            items.push(Item {
                name: name.clone(),
                mentions: mentions.iter().filter(is_of).cloned().collect(),
                version: Some(version),
            });
        }
    }
    items
}

fn versions(mentions: &[Mention], of: impl Fn(Place) -> bool) -> Vec<String> {
    let of = mentions.iter().filter(|m| of(m.reference.place));
    let mut versions: Vec<String> = of.filter_map(|m| m.reference.version.clone()).collect();
    versions.sort();
    versions.dedup();
    versions
}

fn mentions(path: &RepoPath, text: &str) -> Vec<Mention> {
    let mut references = match formats::read(path, text) {
        Some(Ok(references)) => references,
        Some(Err(_)) | None => Vec::new(),
    };
    if holds_commands(path).is_some() {
        references.extend(formats::commands(text));
    }
    if formats::is_page(path) {
        references.extend(formats::page(text));
    }
    if references.is_empty() {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    references
        .into_iter()
        .filter(|reference| !reference.name.is_empty())
        .map(|reference| Mention {
            path: path.clone(),
            line: index.line(reference.span.start),
            reference,
        })
        .collect()
}

/// Returns every place of these files that names a package, with the way to it. A name counts as
/// written or in the normal form of its ecosystem.
pub fn why(files: &[(RepoPath, String)], name: &str) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (path, text) in files {
        let own = mentions(path, text);
        let of_name = own.into_iter().filter(|mention| {
            let reference = &mention.reference;
            reference.name == name || reference.normal() == reference.ecosystem.normal(name)
        });
        let mut edges = None;
        for mention in of_name {
            let chain = if mention.reference.place == Place::Lock {
                let edges = edges.get_or_insert_with(|| formats::edges(path, text));
                let chain = edges
                    .as_ref()
                    .map(|e| chain(e, &mention.reference.normal()));
                chain.unwrap_or_default()
            } else {
                Vec::new()
            };
            reasons.push(Reason { mention, chain });
        }
    }
    reasons
}

/// Returns the shortest way from the project, or from an entry that nothing needs, to a name.
fn chain(edges: &Edges, name: &str) -> Vec<String> {
    let mut needed_by: FxHashMap<&str, Vec<Option<&str>>> = FxHashMap::default();
    for (from, to) in &edges.needs {
        needed_by.entry(to).or_default().push(from.as_deref());
    }
    let mut towards: FxHashMap<&str, &str> = FxHashMap::default();
    let mut open: VecDeque<&str> = VecDeque::from([name]);
    let mut last = name;
    'search: while let Some(at) = open.pop_front() {
        last = at;
        let Some(needing) = needed_by.get(at) else {
            break;
        };
        for from in needing {
            match from {
                None => break 'search,
                Some(from) if *from != name && !towards.contains_key(from) => {
                    towards.insert(from, at);
                    open.push_back(from);
                }
                Some(_) => {}
            }
        }
    }
    let mut chain = vec![last.to_owned()];
    while let Some(next) = towards.get(last).filter(|_| chain.len() < LONGEST) {
        chain.push((*next).to_owned());
        last = next;
    }
    chain
}

/// What is known and said of one package.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// What is known; `None` where nobody is asked about it: private, or not from a registry.
    pub facts: Option<PackageFacts>,
    /// What advisories say; `None` where nothing was looked up.
    pub known: Option<Known>,
    /// What is wrong with it, the worst first.
    pub notices: Vec<Notice>,
}

/// What advisories say of a package, by the worst of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// It is recorded as malware.
    Malware,
    /// It has known flaws.
    Flawed,
    /// Nobody maintains it, or it has a notice.
    Unmaintained,
    /// Whether this version is meant cannot be told.
    Undecided,
}

impl Known {
    fn of(notices: &[Notice]) -> Self {
        let has = |rule: &str| notices.iter().any(|notice| notice.rule == rule);
        match () {
            () if has("malicious-package") => Self::Malware,
            () if has("vulnerable-dependency") => Self::Flawed,
            () if has("advisory-undecided") => Self::Undecided,
            () if has("dependency-unmaintained") => Self::Unmaintained,
            () => Self::Nothing,
        }
    }

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Malware => "malware",
            Self::Flawed => "flawed",
            Self::Unmaintained => "unmaintained",
            Self::Undecided => "undecided",
        }
    }
}

impl Judged {
    /// Returns the worst level that was found.
    pub fn level(&self) -> Option<Level> {
        self.notices.first().map(|notice| notice.level)
    }

    /// Returns whether it could not be found out whether the package exists.
    pub fn is_unknown(&self) -> bool {
        let facts = self.facts.as_ref();
        facts.is_some_and(|facts| matches!(facts.existence, Existence::Unknown(_)))
    }
}

/// All that is known of some packages.
#[derive(Debug, Default)]
pub struct Inventory {
    /// In the order of the items.
    pub judged: Vec<Judged>,
    /// How much advisory data was there and how old it is, by ecosystem; empty where none is.
    pub data: Vec<String>,
    /// What is wrong with the data itself.
    pub stale: Option<Notice>,
}

/// Asks about packages and judges them, all in one question, and looks them up in advisory data.
pub fn judge(
    items: &[Item],
    packages: &dyn Packages,
    advisories: Option<&dyn Advisories>,
    wanted: &Dependencies,
) -> Inventory {
    let is_asked = |item: &Item| {
        let name = &item.name;
        item.is_from_registry()
            && !matches!(name.ecosystem, Ecosystem::Action | Ecosystem::Image)
            && name.ecosystem.is_name(&name.name)
            && !wanted.is_private(name.ecosystem, &name.name)
    };
    let names: BTreeSet<&PackageName> = items
        .iter()
        .filter(|item| is_asked(item))
        .map(|item| &item.name)
        .collect();
    let names: Vec<PackageName> = names.into_iter().cloned().collect();
    let answered = if names.is_empty() {
        Vec::new()
    } else {
        packages.facts(&names)
    };
    let facts: FxHashMap<&PackageName, PackageFacts> = names.iter().zip(answered).collect();
    let rules = package::Rules {
        on_unknown: wanted.on_unknown,
        age_review_days: wanted.age_review_days,
    };
    let mut looked_up = advisory::Judged::default();
    let mut judged = Vec::with_capacity(items.len());
    for item in items {
        let facts = facts.get(&item.name).filter(|_| is_asked(item)).cloned();
        let mut notices = facts
            .as_ref()
            .map_or_else(Vec::new, |facts| item.judge(facts, &rules));
        let about = advisories.and_then(|data| item.look_up(facts.as_ref(), data));
        let known = about.as_ref().map(|about| Known::of(&about.notices));
        if let Some(about) = about {
            looked_up.count(&about);
            notices.extend(about.notices);
        }
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.level));
        judged.push(Judged {
            facts,
            known,
            notices,
        });
    }
    Inventory {
        judged,
        data: advisories.map_or_else(Vec::new, |data| looked_up.data(data)),
        stale: advisories.and_then(|data| looked_up.stale(data)),
    }
}

impl Item {
    /// Returns a package that a person names, in one version or in any.
    pub fn named(ecosystem: Ecosystem, name: &str, version: Option<&str>) -> Self {
        let reference = Reference {
            ecosystem,
            name: name.to_owned(),
            requirement: String::new(),
            version: version.map(str::to_owned),
            origin: Origin::Registry,
            place: Place::Command,
            digest: None,
            span: Span::default(),
        };
        Self {
            name: PackageName {
                ecosystem,
                name: reference.normal(),
            },
            version: reference.version.clone(),
            mentions: vec![Mention {
                path: RepoPath::from("command line"),
                line: 1,
                reference,
            }],
        }
    }

    /// Looks it up in advisory data in the version that is meant: where none is, in the one that
    /// would be installed today. `None` where the data has nothing of its ecosystem.
    fn look_up(
        &self,
        facts: Option<&PackageFacts>,
        data: &dyn Advisories,
    ) -> Option<advisory::Judged> {
        data.contents().of(self.name.ecosystem)?;
        let mention = self.mentions.iter().find(|mention| {
            let origin = &mention.reference.origin;
            matches!(origin, Origin::Registry | Origin::Resolved(_))
        })?;
        let today = || facts.and_then(|facts| package::newest(facts).map(str::to_owned));
        let reference = Reference {
            version: self.version.clone().or_else(today),
            ..mention.reference.clone()
        };
        Some(advisory::judge(&[&reference], data))
    }

    fn judge(&self, facts: &PackageFacts, rules: &package::Rules) -> Vec<Notice> {
        let digests = self
            .mentions
            .iter()
            .filter_map(|m| m.reference.digest.as_deref());
        let first = self.mentions.first();
        let asked = package::Asked {
            name: first.map_or(&self.name.name, |mention| &mention.reference.name),
            version: self.version.as_deref(),
            digests: digests.filter(|digest| !digest.is_empty()).collect(),
            similar: None,
        };
        package::judge(&asked, facts, rules)
    }
}

/// Judges the code of an archive that runs when it is installed: it is analysed, never run.
///
/// # Errors
/// When no thread can be started.
pub fn install_code(artefact: &Artefact, options: &Options) -> Result<Vec<Finding>, JudgeError> {
    let called = called_at_install(artefact);
    let files = artefact.files.iter().filter(|(path, _)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        matches!(
            name,
            "setup.py" | "build.rs" | "package.json" | "binding.gyp"
        ) || name.ends_with(".pth")
            || called.iter().any(|called| path.ends_with(called.as_str()))
    });
    let files: Vec<FileChange> = files
        .map(|(path, bytes)| FileChange {
            path: RepoPath::from(path.as_str()),
            base_path: None,
            kind: ChangeKind::Added,
            before: None,
            after: Some(Side::file(bytes.as_slice())),
        })
        .collect();
    let change = Change {
        name: artefact.file.clone(),
        files,
        ..Change::default()
    };
    let mut findings = Vec::new();
    let mut sink = |message: Message| {
        if let Message::Finding(report) = message {
            findings.push(report.finding);
        }
    };
    let mut scan = Scan::new(
        &change.name,
        change.files.len(),
        &NoAnswers,
        options,
        &mut sink,
    )?;
    scan.batch(&change, &mut sink);
    scan.finish(&mut sink);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Ok(findings)
}

/// Returns the files that scripts of package.json name, which clients run at installation.
fn called_at_install(artefact: &Artefact) -> Vec<String> {
    let is_manifest = |path: &str| path.rsplit('/').next() == Some("package.json");
    let manifest = artefact.files.iter().find(|(path, _)| is_manifest(path));
    let Some(text) = manifest.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok()) else {
        return Vec::new();
    };
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | '|'));
    words
        .map(|word| word.trim_start_matches("./"))
        .filter(|word| word.ends_with(".js") || word.ends_with(".cjs") || word.ends_with(".sh"))
        .map(|word| format!("/{word}"))
        .collect()
}
