//! Drafts of rules to findings: places, fingerprints, excerpts.

use crate::program::Files;
use crate::source::Source;
use rustc_hash::FxHashMap;
use tares_model::effect::{Effect, Site};
use tares_model::finding::{Finding, Related};
use tares_model::message::{Excerpt, FindingReport, PlacedEffect};
use tares_model::{Level, Place, RepoPath, Span};
use tares_rules::{Draft, Rules};

/// Lines of a place that its fingerprint is made of.
const FINGERPRINT_LINES: u32 = 20;

/// The texts that places of one file may lead to: its own, and others of the same side.
pub(crate) struct Texts<'a> {
    own: Option<&'a Source>,
    files: &'a Files<'a>,
    others: FxHashMap<RepoPath, Option<Source>>,
    /// The file whose findings are told.
    of: Option<RepoPath>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(own: Option<&'a Source>, files: &'a Files<'a>) -> Self {
        Self {
            own,
            files,
            others: FxHashMap::default(),
            of: None,
        }
    }

    /// Goes on to the findings of a file; texts are kept only as long as it stays the same, so
    /// that a hundred findings in one lock file read it once.
    pub(crate) fn turn_to(&mut self, path: &RepoPath, own: Option<&'a Source>) {
        if self.of.as_ref() != Some(path) {
            *self = Self::new(own, self.files);
            self.of = Some(path.clone());
        }
    }

    /// Returns the text of a file; `None` as a path means the file under analysis.
    fn get(&mut self, path: Option<&RepoPath>) -> Option<&Source> {
        let Some(path) = path.filter(|path| self.own.is_none_or(|own| own.path != **path)) else {
            return self.own;
        };
        if !self.others.contains_key(path) {
            let source = self.files.source(path);
            self.others.insert(path.clone(), source);
        }
        self.others.get(path)?.as_ref()
    }

    fn place(&mut self, path: Option<&RepoPath>, span: Span) -> Place {
        if let Some(source) = self.get(path) {
            return source.place(span);
        }
        let path = path.cloned().unwrap_or_default();
        Place {
            path,
            start_line: 1,
            end_line: 1,
            start_column: 1,
            end_column: 1,
        }
    }

    /// Returns an effect with its place, without what only rules read.
    pub(crate) fn placed(&mut self, effect: &Effect) -> PlacedEffect {
        let site = effect.site.as_ref();
        let place = self.place(site.and_then(|site| site.path.as_ref()), span_of(site));
        let site = site.map(|site| Site {
            via: Vec::new(),
            ..site.clone()
        });
        PlacedEffect {
            effect: Effect {
                roles: Vec::new(),
                site,
                ..effect.clone()
            },
            place,
            cause: String::new(),
        }
    }

    /// Returns a finding with the lines that it and its evidence stand on.
    pub(crate) fn report(&mut self, finding: Finding) -> FindingReport {
        let mut excerpts: Vec<Excerpt> = Vec::new();
        let places = std::iter::once(&finding.place)
            .chain(finding.related.iter().map(|related| &related.place));
        for place in places {
            let excerpt = self
                .get(Some(&place.path))
                .and_then(|source| source.excerpt(place));
            excerpts.extend(excerpt.filter(|excerpt| !excerpts.contains(excerpt)));
        }
        FindingReport { finding, excerpts }
    }
}

fn span_of(site: Option<&Site>) -> Span {
    site.map_or(Span::default(), |site| site.span)
}

/// Judges the effects of one side of a file.
pub(crate) fn judge(path: &RepoPath, effects: &[Effect], texts: &mut Texts<'_>) -> Vec<Finding> {
    if effects.is_empty() {
        return Vec::new();
    }
    let drafts = Rules::embedded().judge_at(path, effects);
    drafts
        .into_iter()
        .map(|draft| finding(draft, effects, texts))
        .collect()
}

fn finding(draft: Draft<'_>, effects: &[Effect], texts: &mut Texts<'_>) -> Finding {
    let effect = &effects[draft.effect];
    let site = effect.site.as_ref();
    let place_path = site.and_then(|site| site.path.as_ref());
    let place = texts.place(place_path, span_of(site));
    let fingerprint = fingerprint(draft.rule.id.as_str(), effect, texts.get(place_path));
    let related = draft.related.into_iter().map(|evidence| Related {
        place: texts.place(evidence.path.as_ref(), evidence.span),
        message: evidence.message,
    });
    Finding {
        related: related.collect(),
        rule: draft.rule.id.clone(),
        family: draft.rule.family,
        cwe: draft
            .rule
            .cwe
            .iter()
            .map(|number| format!("CWE-{number}"))
            .collect(),
        severity: draft.severity,
        confidence: draft.confidence,
        level: draft.level,
        place,
        message: draft.message,
        why: draft.rule.text.why.clone(),
        fix: draft.rule.text.fix.clone(),
        effect: Some(effect.clone()),
        fingerprint,
        suppressed: None,
    }
}

/// Returns the identity of a finding: rule, its lines without white space, API and target. No
/// path and no line number, so that code that moves keeps it.
fn fingerprint(rule: &str, effect: &Effect, source: Option<&Source>) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    part(rule);
    part(&effect.api);
    part(effect.target.text());
    if let Some(source) = source {
        let (first, last) = source.line_range(span_of(effect.site.as_ref()));
        for line in first..=last.min(first + FINGERPRINT_LINES) {
            source
                .line_text(line)
                .split_whitespace()
                .for_each(&mut part);
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Keeps one of the findings that say the same of the same place, as two files that lead to one
/// do: the loudest, and one that was said before only if it is louder now.
#[derive(Debug, Default)]
pub(crate) struct Once {
    said: FxHashMap<u64, Level>,
}

impl Once {
    pub(crate) fn keep(&mut self, findings: &mut Vec<Finding>) {
        let mut best: FxHashMap<u64, usize> = FxHashMap::default();
        let keys: Vec<u64> = findings.iter().map(key).collect();
        let rank = |i: usize| {
            (
                findings[i].level,
                findings[i].confidence,
                findings[i].related.len(),
            )
        };
        for (i, key) in keys.iter().enumerate() {
            let before = self.said.get(key).copied();
            if before.is_some_and(|level| level >= findings[i].level) {
                continue;
            }
            let at = best.entry(*key).or_insert(i);
            if rank(i) > rank(*at) {
                *at = i;
            }
        }
        let mut number = 0;
        findings.retain(|finding| {
            let i = number;
            number += 1;
            let is_best = best.get(&keys[i]) == Some(&i);
            if is_best {
                self.said.insert(keys[i], finding.level);
            }
            is_best
        });
    }
}

fn key(finding: &Finding) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(finding.rule.as_bytes());
    hasher.update(&[0]);
    let place = &finding.place;
    hasher.update(place.path.as_bytes());
    for number in [
        place.start_line,
        place.end_line,
        place.start_column,
        place.end_column,
    ] {
        hasher.update(&number.to_le_bytes());
    }
    let hash = hasher.finalize();
    u64::from_le_bytes(
        hash.as_bytes()[..8]
            .try_into()
            .expect("a hash has 32 bytes"),
    )
}

/// The order in which findings are shown: the worst first, then by place.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let rank = |f: &Finding| std::cmp::Reverse((f.level, f.severity, f.confidence));
        rank(one)
            .cmp(&rank(other))
            .then_with(|| one.place.cmp(&other.place))
            .then_with(|| one.rule.cmp(&other.rule))
            .then_with(|| one.fingerprint.cmp(&other.fingerprint))
    });
}
