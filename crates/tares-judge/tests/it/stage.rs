//! Changes and answers in memory.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use tares_judge::{Answers, ContentId, Listing, Options, Outcome, Version, check};
use tares_model::change::{ChangeKind, FileChange, Side, Task};
use tares_model::message::{DeltaReport, FindingReport, Message, Requirement, Summary};
use tares_model::{Change, RepoPath};

/// A file of a change: path, base, head.
pub(crate) type Pair<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

pub(crate) fn change(files: &[Pair<'_>]) -> Change {
    let side = |text: &str| Side::file(text.as_bytes());
    let file = |&(path, before, after): &Pair<'_>| FileChange {
        path: RepoPath::from(path),
        base_path: None,
        kind: match (before, after) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Deleted,
            _ => ChangeKind::Modified,
        },
        before: before.map(side),
        after: after.map(side),
    };
    let mut files: Vec<FileChange> = files.iter().map(file).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Change {
        name: "test".to_owned(),
        files,
        has_base: true,
        ..Change::default()
    }
}

pub(crate) fn with_task(mut change: Change, task: &str) -> Change {
    change.task = Some(Task {
        text: task.to_owned(),
        source: "test".to_owned(),
    });
    change
}

/// Files that the change leaves alone, and a cache.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) keeps: bool,
    pub(crate) kept: Mutex<BTreeMap<[u8; 32], Vec<u8>>>,
    pub(crate) hits: Mutex<usize>,
}

impl Memory {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        Self {
            files,
            ..Self::default()
        }
    }

    pub(crate) fn keeping(mut self) -> Self {
        self.keeps = true;
        self
    }

    /// Names a folder by its path and all that is below.
    fn folder_id(&self, folder: &str) -> ContentId {
        let below = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(folder));
        let mut id = format!("{folder}\n");
        below.for_each(|(path, text)| writeln!(id, "{path}\n{text}").unwrap());
        id.into_bytes()
    }

    pub(crate) fn hits(&self) -> usize {
        std::mem::take(&mut *self.hits.lock().unwrap())
    }
}

fn split(id: &ContentId) -> Option<(&str, &str)> {
    std::str::from_utf8(id).ok()?.split_once('\n')
}

impl Answers for Memory {
    fn file(&self, _: Version, path: &RepoPath) -> Option<Arc<[u8]>> {
        self.files
            .get(path.as_str())
            .map(|text| text.as_bytes().into())
    }

    fn exists(&self, _: Version, path: &RepoPath) -> bool {
        self.files.contains_key(path.as_str())
    }

    fn root(&self) -> Option<ContentId> {
        Some(self.folder_id(""))
    }

    fn list(&self, folder: &ContentId) -> Option<Listing> {
        let (folder, _) = split(folder)?;
        let mut listing = Listing::default();
        for (path, text) in &self.files {
            let Some(rest) = path.strip_prefix(folder) else {
                continue;
            };
            match rest.split_once('/') {
                None => listing
                    .files
                    .push((rest.to_owned(), format!("{path}\n{text}").into_bytes())),
                Some((name, _)) => listing
                    .folders
                    .push((name.to_owned(), self.folder_id(&format!("{folder}{name}/")))),
            }
        }
        listing.folders.dedup();
        Some(listing)
    }

    fn content(&self, file: &ContentId) -> Option<Arc<[u8]>> {
        Some(split(file)?.1.as_bytes().into())
    }

    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let value = self.kept.lock().unwrap().get(key).cloned();
        *self.hits.lock().unwrap() += usize::from(value.is_some());
        value
    }

    fn keep(&self, key: &[u8; 32], value: &[u8]) {
        self.kept.lock().unwrap().insert(*key, value.to_vec());
    }

    fn keeps(&self) -> bool {
        self.keeps
    }
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) outcome: Outcome,
    pub(crate) delta: DeltaReport,
    pub(crate) findings: Vec<FindingReport>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) summary: Summary,
    /// Everything but progress, word by word.
    pub(crate) words: String,
}

impl Said {
    /// Returns the rules of the findings that count.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let counting = self
            .findings
            .iter()
            .filter(|report| report.finding.suppressed.is_none());
        counting
            .map(|report| report.finding.rule.as_str())
            .collect()
    }

    pub(crate) fn has(&self, rule: &str) -> bool {
        self.rules().contains(&rule)
    }

    pub(crate) fn finding(&self, rule: &str) -> &FindingReport {
        self.findings
            .iter()
            .find(|report| report.finding.rule == rule)
            .unwrap()
    }
}

pub(crate) fn judge(change: &Change, answers: &dyn Answers) -> Said {
    judge_with(change, answers, &Options::default())
}

pub(crate) fn judge_with(change: &Change, answers: &dyn Answers, options: &Options) -> Said {
    let mut messages = Vec::new();
    let outcome = check(change, answers, options, &mut |message| {
        messages.push(message);
    })
    .unwrap();
    assert!(matches!(messages.first(), Some(Message::Run(_))));
    let Some(Message::Summary(summary)) = messages.last() else {
        panic!("the summary comes last")
    };
    let mut said = Said {
        outcome,
        delta: DeltaReport::default(),
        findings: Vec::new(),
        requirements: Vec::new(),
        summary: summary.clone(),
        words: String::new(),
    };
    for message in messages {
        if !matches!(message, Message::Progress(_)) {
            writeln!(said.words, "{message:?}").unwrap();
        }
        match message {
            Message::Delta(delta) => said.delta = delta,
            Message::Finding(report) => said.findings.push(*report),
            Message::Requirement(requirement) => said.requirements.push(requirement),
            _ => {}
        }
    }
    said
}
