//! Turns the words of the model into the entries of the JSON report.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tares_model::effect::Target;
use tares_model::effect::delta::Delta;
use tares_model::message::{PlacedEffect, Requirement, Summary, Unchecked};
use tares_model::report::{
    AskedEntry, ChangedEntry, ConcealmentEntry, EffectEntry, EffectsDelta, FindingEntry,
    GuardEntry, PathEntry, PlacedEntry, RangeEntry, RelatedEntry, RequirementEntry, SummaryEntry,
    UncheckedEntry,
};
use tares_model::{Effect, Finding, Place, RepoPath};

pub(crate) fn path(path: &RepoPath) -> PathEntry {
    PathEntry {
        path: path.as_str().to_owned(),
        path_bytes: path.raw().map(|b| STANDARD.encode(b)),
    }
}

fn range(place: &Place) -> RangeEntry {
    RangeEntry {
        start_line: place.start_line,
        end_line: place.end_line,
        start_column: place.start_column,
        end_column: place.end_column,
    }
}

pub(crate) fn finding(finding: &Finding) -> FindingEntry {
    let related = finding.related.iter().map(|r| RelatedEntry {
        path: path(&r.place.path),
        range: range(&r.place),
        message: r.message.clone(),
    });
    FindingEntry {
        rule: finding.rule.clone(),
        family: finding.family.as_str().to_owned(),
        cwe: finding.cwe.clone(),
        severity: finding.severity.as_str().to_owned(),
        confidence: finding.confidence.as_str().to_owned(),
        level: finding.level.as_str().to_owned(),
        path: path(&finding.place.path),
        range: range(&finding.place),
        message: finding.message.clone(),
        why: finding.why.clone(),
        fix: finding.fix.clone(),
        effect: finding.effect.as_ref().map(effect),
        related: related.collect(),
        origin: None,
        fingerprint: finding.fingerprint.clone(),
    }
}

fn effect(effect: &Effect) -> EffectEntry {
    let guard = effect.guard.iter().map(|g| GuardEntry {
        class: g.class.as_str().to_owned(),
        text: g.text.clone(),
        holds: g.holds,
    });
    let target_form = match effect.target {
        Target::Exact(_) => "exact",
        Target::Pattern(_) => "pattern",
        Target::Unknown(_) => "unknown",
        Target::None => "none",
    };
    EffectEntry {
        key: effect.key(),
        kind: effect.kind.as_str().to_owned(),
        target: (effect.target != Target::None).then(|| effect.target.text().to_owned()),
        data: effect.data.iter().map(|l| l.as_str().to_owned()).collect(),
        guard: guard.collect(),
        concealment: ConcealmentEntry {
            grade: effect.concealment.grade(),
            devices: effect
                .concealment
                .devices
                .iter()
                .map(|d| d.as_str().to_owned())
                .collect(),
        },
        stealth: effect
            .stealth
            .iter()
            .map(|s| s.as_str().to_owned())
            .collect(),
        asked: AskedEntry {
            verdict: effect.asked.verdict.as_str().to_owned(),
            because: effect.asked.because.clone(),
        },
        seen: effect.seen.as_str().to_owned(),
        target_form: target_form.to_owned(),
        api: effect.api.clone(),
        is_new: effect.is_new,
    }
}

pub(crate) fn delta(delta: &Delta<PlacedEffect>) -> EffectsDelta {
    EffectsDelta {
        added: delta.added.iter().map(placed).collect(),
        removed: delta.removed.iter().map(placed).collect(),
        changed: delta
            .changed
            .iter()
            .map(|(before, after)| ChangedEntry {
                before: placed(before),
                after: placed(after),
            })
            .collect(),
    }
}

fn placed(placed: &PlacedEffect) -> PlacedEntry {
    PlacedEntry {
        effect: effect(&placed.effect),
        path: path(&placed.place.path),
        range: range(&placed.place),
        function: placed
            .effect
            .site
            .as_ref()
            .map(|s| s.function.clone())
            .unwrap_or_default(),
        cause: placed.cause.clone(),
    }
}

pub(crate) fn requirement(requirement: &Requirement) -> RequirementEntry {
    RequirementEntry {
        who: requirement.who.clone(),
        path: path(&requirement.place.path),
        start_line: requirement.place.start_line,
        end_line: requirement.place.end_line,
        why: requirement.why.clone(),
    }
}

pub(crate) fn summary(summary: &Summary) -> SummaryEntry {
    SummaryEntry {
        files: summary.files,
        block: summary.block,
        review: summary.review,
        note: summary.note,
        suppressed: summary.suppressed,
        verdict: summary.verdict.as_str().to_owned(),
        unchecked: summary.unchecked.iter().map(unchecked).collect(),
        not_judged: summary.not_judged.clone(),
        lines: summary.lines,
        texts: summary.texts,
        known: summary.known,
        languages: summary.languages.clone(),
        limits: summary.limits.clone(),
    }
}

fn unchecked(unchecked: &Unchecked) -> UncheckedEntry {
    UncheckedEntry {
        path: path(&unchecked.path),
        reason: unchecked.reason.clone(),
        start_line: unchecked.lines.map(|(first, _)| first),
        end_line: unchecked.lines.map(|(_, last)| last),
    }
}
