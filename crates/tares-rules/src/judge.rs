//! Tries the rules on effects and keeps one draft per rule and place.

use crate::draft::{Draft, Relevant, evidence};
use crate::matching::{Subject, function_of, holds};
use crate::message::fill;
use crate::rules::{Candidate, Rules};
use crate::schema::Per;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use tares_model::effect::Effect;
use tares_model::finding::{Family, Level};
use tares_model::{RepoPath, Span};

/// Where one finding of a rule speaks for others.
#[derive(PartialEq, Eq, Hash)]
enum Scope<'a> {
    Site(Option<&'a RepoPath>, Span),
    Function(Option<&'a RepoPath>, &'a str),
    File(Option<&'a RepoPath>),
    Unplaced(usize),
}

impl Rules {
    /// Judges the effects of one file: one draft per rule and place, the strongest, in the
    /// order of the effects.
    pub fn judge(&self, effects: &[Effect]) -> Vec<Draft<'_>> {
        let mut drafts: Vec<Draft<'_>> = Vec::new();
        let mut places = FxHashMap::default();
        for (i, effect) in effects.iter().enumerate() {
            for candidate in self.candidates(effect.kind) {
                let Some(draft) = self.try_rule(candidate, i, effects) else {
                    continue;
                };
                let scope = (candidate.rule, scope(draft.rule.per, effect, i));
                match places.get(&scope) {
                    Some(&at) if rank(&draft) <= rank(&drafts[at]) => {}
                    Some(&at) => drafts[at] = draft,
                    None => {
                        places.insert(scope, drafts.len());
                        drafts.push(draft);
                    }
                }
            }
        }
        silence_superseded(&mut drafts, effects);
        drafts.sort_by_key(|draft| (draft.effect, Reverse(draft.level)));
        drafts
    }

    /// Judges the effects of the file at `path`. In test code an honest mistake weighs one
    /// level less; what was put there on purpose weighs the same.
    pub fn judge_at(&self, path: &RepoPath, effects: &[Effect]) -> Vec<Draft<'_>> {
        let mut drafts = self.judge(effects);
        if path.is_test_code() {
            for draft in &mut drafts {
                let is_honest = matches!(draft.rule.family, Family::Weakness | Family::Secret);
                if is_honest || draft.rule.less_in_tests {
                    draft.level = match draft.level {
                        Level::Block => Level::Review,
                        Level::Review | Level::Note => Level::Note,
                    };
                }
            }
        }
        drafts
    }

    fn try_rule(
        &self,
        candidate: &Candidate,
        index: usize,
        effects: &[Effect],
    ) -> Option<Draft<'_>> {
        let rule = self.at(candidate.rule);
        let effect = &effects[index];
        let subject = Subject {
            rule: &rule.id,
            effect,
            all: effects,
        };
        let (clause, detail) = candidate.clauses.iter().find_map(|&c| {
            let clause = &rule.when[c];
            holds(&clause.conditions, &subject).map(|detail| (clause, detail))
        })?;
        let relevant = Relevant::new(clause, effect);
        Some(Draft {
            rule,
            effect: index,
            level: clause.outcome.level,
            severity: clause.outcome.severity.unwrap_or(rule.severity),
            confidence: clause.outcome.confidence,
            message: fill(&clause.outcome.message, effect, &relevant, &detail),
            related: evidence(&relevant, effect),
        })
    }
}

fn rank(draft: &Draft<'_>) -> impl Ord {
    (
        draft.level,
        draft.severity,
        draft.confidence,
        draft.related.len(),
    )
}

fn scope(per: Per, effect: &Effect, index: usize) -> Scope<'_> {
    let Some(site) = &effect.site else {
        return Scope::Unplaced(index);
    };
    match per {
        Per::Site => Scope::Site(site.path.as_ref(), site.span),
        Per::Function => Scope::Function(site.path.as_ref(), function_of(effect)),
        Per::File => Scope::File(site.path.as_ref()),
    }
}

/// Takes out drafts of rules that another rule supersedes at the same place and at least as loudly.
fn silence_superseded(drafts: &mut Vec<Draft<'_>>, effects: &[Effect]) {
    let place = |draft: &Draft<'_>| {
        effects[draft.effect]
            .site
            .as_ref()
            .map(|site| (site.path.clone(), site.span))
    };
    let mut silenced: FxHashMap<_, Level> = FxHashMap::default();
    for draft in drafts.iter().filter(|d| !d.rule.supersedes.is_empty()) {
        let Some(place) = place(draft) else { continue };
        for id in &draft.rule.supersedes {
            let level = silenced
                .entry((id.clone(), place.clone()))
                .or_insert(draft.level);
            *level = (*level).max(draft.level);
        }
    }
    if silenced.is_empty() {
        return;
    }
    let gone: FxHashSet<usize> = (0..drafts.len())
        .filter(|&i| {
            place(&drafts[i]).is_some_and(|place| {
                let key = (drafts[i].rule.id.clone(), place);
                silenced
                    .get(&key)
                    .is_some_and(|level| *level >= drafts[i].level)
            })
        })
        .collect();
    let mut index = 0;
    drafts.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
}
