//! Texts of a change, code or not: what agents read of them (hidden text, foreign instructions,
//! settings that grant too much), and which packages they name.

use crate::Options;
use crate::advisories::LookedUp;
use crate::answers::Answers;
use crate::classify::{Content, classify};
use crate::decode;
use crate::engine::Engine;
use crate::packages::{Kind, Named};
use crate::source::Source;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use tares_deps::Looked;
use tares_deps::advisory::Advisories;
use tares_lang::MAX_SOURCE;
use tares_model::change::{Entry, Extent, Side};
use tares_model::finding::{Family, Finding, Related, Severity};
use tares_model::{Change, FileChange, LineIndex, Notice, Place, RepoPath, RulePage};
use tares_policy::Policy;

/// Bytes that tell text from binary, as git does.
const SNIFF: usize = 8 << 10;

/// What was found in the texts of a change.
#[derive(Default)]
pub(crate) struct Inputs {
    /// Findings that the change brings.
    pub(crate) findings: Vec<Finding>,
    /// Findings that base has as well.
    pub(crate) known: Vec<Finding>,
    /// Texts that were looked over.
    pub(crate) texts: usize,
    /// Packages that were looked up in advisory data.
    pub(crate) looked_up: LookedUp,
    /// Texts that name packages.
    pub(crate) named: Vec<Named>,
}

/// Looks over all texts of a change.
pub(crate) fn inspect(
    engine: &Engine,
    change: &Change,
    answers: &dyn Answers,
    options: &Options,
) -> Inputs {
    let files: Vec<&FileChange> = change
        .files
        .iter()
        .filter(|file| file.after.is_some() && !options.policy.excludes(&file.path))
        .collect();
    let source = usize::try_from(options.policy.max_file_size)
        .unwrap_or(usize::MAX)
        .min(MAX_SOURCE);
    let lock = usize::try_from(lock_bytes(&options.policy)).unwrap_or(usize::MAX);
    let limit = Limit {
        source,
        lock: source.max(lock),
    };
    let mut all = Inputs {
        findings: words(change),
        ..Inputs::default()
    };
    for found in engine.map(files, |file| {
        one(file, change.has_base, answers, (options, limit))
    }) {
        all.findings.extend(found.findings);
        all.known.extend(found.known);
        all.texts += found.texts;
        all.looked_up.add(found.looked_up);
        all.named.extend(found.named);
    }
    all
}

/// Judges the name of the branch and what the change says of itself: agents are given both
/// without asking.
fn words(change: &Change) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(branch) = &change.branch {
        let notices = tares_guard::inspect_branch(branch);
        findings.extend(said("branch", branch, notices));
    }
    for claim in &change.claims {
        let notices = tares_guard::inspect_message(&claim.text);
        findings.extend(said(&claim.source, &claim.text, notices));
    }
    findings
}

/// Makes findings of notices about words that stand in no file: the source takes the path's place.
fn said(source: &str, text: &str, notices: Vec<Notice>) -> Vec<Finding> {
    let (path, index) = (RepoPath::from(source), LineIndex::new(text));
    let about = |notice: Notice| {
        let message = format!("in the words of the {source}: {}", notice.message);
        let place = |span| index.place(&path, text, span);
        finding(Notice { message, ..notice }, place)
    };
    notices.into_iter().map(about).collect()
}

fn one(
    file: &FileChange,
    has_base: bool,
    answers: &dyn Answers,
    (options, limit): (&Options, Limit),
) -> Inputs {
    let mut inputs = Inputs::default();
    if file.base_path.as_ref() != Some(&file.path) && file.before.is_none() {
        inputs.findings.extend(name(&file.path));
    }
    let Some(head) = file
        .after
        .as_ref()
        .filter(|side| is_text(&file.path, side, limit))
    else {
        return inputs;
    };
    inputs.texts = 1;
    let text = readable(head);
    let base = file
        .before
        .as_ref()
        .filter(|side| is_text(&file.path, side, limit));
    let base = base.map(readable);
    // Pieces of a file are no settings; and without a base nothing in them is new.
    let notices = if matches!(head.extent, Extent::Excerpt(_)) {
        tares_guard::inspect_piece(&file.path, &text)
    } else {
        let before = has_base.then(|| base.as_deref().unwrap_or(""));
        let mut notices = tares_guard::inspect(&file.path, before, &text);
        notices.extend(packages(
            &file.path,
            before,
            &text,
            answers.advisories(),
            &mut inputs,
        ));
        let licences = &options.policy.licences;
        notices.extend(tares_deps::judge_licences(
            &file.path, before, &text, licences,
        ));
        notices
    };
    if notices.is_empty() {
        return inputs;
    }
    let source = Source::new(&file.path, head);
    let mut known: FxHashMap<(&str, String), usize> = FxHashMap::default();
    let before = match &base {
        Some(base) => tares_guard::inspect_piece(&file.path, base),
        None => Vec::new(),
    };
    for notice in before {
        *known.entry((notice.rule, notice.identity)).or_default() += 1;
    }
    for notice in notices {
        let left = known.get_mut(&(notice.rule, notice.identity.clone()));
        let is_known = left.is_some_and(|left| {
            let had = *left > 0;
            *left = left.saturating_sub(1);
            had
        });
        let finding = finding(notice, |span| source.place(span));
        if is_known {
            inputs.known.push(finding);
        } else {
            inputs.findings.push(finding);
        }
    }
    inputs
}

/// Judges how a text names packages, as a manifest or lock file and by the commands in it, and
/// what advisories say of them. Each is read once.
fn packages(
    path: &RepoPath,
    before: Option<&str>,
    text: &str,
    data: Option<&dyn Advisories>,
    inputs: &mut Inputs,
) -> Vec<Notice> {
    let commands = holds_commands(path);
    let mut file = tares_deps::look(path, before, text);
    let mut run = match commands {
        Some(is_document) => tares_deps::look_for_commands(before, text, is_document),
        None if tares_deps::formats::is_page(path) => tares_deps::look_at_page(before, text),
        None => Looked::default(),
    };
    let mut notices = std::mem::take(&mut file.notices);
    notices.append(&mut run.notices);
    let is_document = commands == Some(true);
    let looked_up = &mut inputs.looked_up;
    notices.extend(looked_up.text(path, &[&file, &run], is_document, data));
    if !file.head.is_empty() || !file.before.is_empty() {
        inputs.named.push(Named::new(path, Kind::File, file));
    }
    if !run.head.is_empty() {
        inputs.named.push(Named::new(path, Kind::Commands, run));
    }
    notices
}

/// Whether commands in a file are run, or only read by people and agents; `None` where neither.
pub(crate) fn holds_commands(path: &RepoPath) -> Option<bool> {
    let name = path.name().to_ascii_lowercase();
    match path.extension().as_deref() {
        Some("sh" | "bash" | "zsh" | "ps1" | "yml" | "yaml" | "mk" | "dockerfile") => Some(false),
        Some("md" | "mdx" | "mdc" | "rst" | "txt" | "ipynb") => Some(true),
        _ if name.starts_with("dockerfile") || name == "makefile" || name == "justfile" => {
            Some(false)
        }
        _ => None,
    }
}

/// Returns the text of a side as [`Source`] has it, without a copy where the bytes are plain.
fn readable(side: &Side) -> Cow<'_, str> {
    match std::str::from_utf8(&side.bytes) {
        Ok(text) if !decode::has_nul(&side.bytes) => Cow::Borrowed(text),
        _ => Cow::Owned(decode::text(&side.bytes).to_string()),
    }
}

/// Returns how many bytes a lock file may have: more than what people write, unless the policy
/// wants less than usual of every file.
pub fn lock_bytes(policy: &Policy) -> u64 {
    if policy.max_file_size < MAX_SOURCE as u64 {
        policy.max_file_size
    } else {
        tares_deps::formats::LARGEST as u64
    }
}

/// Largest texts that are looked over, in bytes.
#[derive(Clone, Copy)]
struct Limit {
    source: usize,
    lock: usize,
}

fn is_text(path: &RepoPath, side: &Side, limit: Limit) -> bool {
    let limit = if tares_deps::formats::is_lock_file(path.as_bytes()) {
        limit.lock
    } else {
        limit.source
    };
    let is_readable = match classify(path, side) {
        Content::Code(_) => true,
        Content::Other(kind) => !matches!(kind, "image" | "font" | "media" | "archive" | "binary"),
        Content::Unreadable(_) | Content::Loadable(_) => false,
    };
    (is_readable || path.extension().as_deref() == Some("svg"))
        && side.entry != Entry::Symlink
        && side.bytes.len() <= limit
        && (decode::is_utf16(&side.bytes)
            || !side.bytes[..side.bytes.len().min(SNIFF)].contains(&0))
}

/// Judges the name of a new file. It is shown escaped wherever a report names it.
fn name(path: &RepoPath) -> Vec<Finding> {
    if path.as_str().is_ascii() && !path.as_str().bytes().any(|b| b.is_ascii_control()) {
        return Vec::new();
    }
    let place = |_| Place {
        path: path.clone(),
        start_line: 1,
        end_line: 1,
        start_column: 1,
        end_column: 1,
    };
    tares_guard::hidden_name(path.as_str())
        .into_iter()
        .map(|mut notice| {
            notice.message = format!("in the name of the file: {}", notice.message);
            finding(notice, place)
        })
        .collect()
}

pub(crate) fn finding(notice: Notice, place: impl Fn(tares_model::Span) -> Place) -> Finding {
    let page = tares_guard::rule(notice.rule).or_else(|| tares_deps::rule(notice.rule));
    let text = |of: fn(&RulePage) -> &String| page.map(of).cloned().unwrap_or_default();
    // The decoded content and no path: the same payload in many places is one incident.
    let mut hasher = blake3::Hasher::new();
    hasher.update(notice.rule.as_bytes());
    hasher.update(&[0]);
    hasher.update(notice.identity.as_bytes());
    let related = notice.related.into_iter().map(|(span, message)| Related {
        place: place(span),
        message,
    });
    Finding {
        rule: notice.rule.to_owned(),
        family: page
            .and_then(|page| page.family.parse().ok())
            .unwrap_or(Family::HiddenText),
        cwe: page
            .map(|page| {
                page.cwe
                    .iter()
                    .map(|number| format!("CWE-{number}"))
                    .collect()
            })
            .unwrap_or_default(),
        severity: notice.severity.max(Severity::Low),
        confidence: notice.confidence,
        level: notice.level,
        related: related.collect(),
        place: place(notice.span),
        message: notice.message,
        why: text(|page| &page.why),
        fix: text(|page| &page.fix),
        effect: None,
        fingerprint: hasher.finalize().to_hex()[..32].to_owned(),
        suppressed: None,
    }
}
