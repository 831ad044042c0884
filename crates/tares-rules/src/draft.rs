//! What a rule says of an effect, before the judge makes a finding of it, and the chain of
//! places that carries the evidence.

use crate::matching::role::unsafe_labels;
use crate::schema::{Clause, Conditions, Rule};
use tares_model::effect::{Effect, GuardClass, LabelSet, Role, Source, Step};
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{RepoPath, Span};

/// Longest evidence chain that is reported.
const MAX_EVIDENCE: usize = 12;

/// What one rule says of one effect. Knows spans, no lines and no texts of files.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Index of the effect it rests on, in what was judged.
    pub effect: usize,
    /// What the gate does, before policy.
    pub level: Level,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence about this code.
    pub message: String,
    /// The evidence chain, in order: sources and their steps, calls that led here, guards, sink.
    pub related: Vec<Evidence>,
}

/// A place that carries a part of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// File, where it is not the file of the effect.
    pub path: Option<RepoPath>,
    /// Where.
    pub span: Span,
    /// What happens there.
    pub message: String,
}

impl From<&Step> for Evidence {
    fn from(step: &Step) -> Self {
        Self {
            path: step.path.clone(),
            span: step.span,
            message: step.what.clone(),
        }
    }
}

/// The roles that a clause looks at, and what of their data matters to it.
pub(crate) struct Relevant<'a> {
    pub(crate) labels: LabelSet,
    pub(crate) sources: Vec<&'a Source>,
}

impl<'a> Relevant<'a> {
    /// Collects labels and sources of the roles that the conditions name, or of all roles
    /// where the conditions are about the effect's data.
    pub(crate) fn new(clause: &Clause, effect: &'a Effect) -> Self {
        let mut found = Self {
            labels: LabelSet::EMPTY,
            sources: Vec::new(),
        };
        let wanted = wanted_data(&clause.conditions);
        if !wanted.is_empty() {
            found.labels = effect.data.intersection(wanted);
            effect
                .roles
                .iter()
                .for_each(|role| found.add_sources(role, found.labels));
        }
        found.add_roles(&clause.conditions, effect);
        found
    }

    fn add_roles(&mut self, conditions: &Conditions, effect: &'a Effect) {
        for (name, wanted) in &conditions.role {
            let Some(role) = effect.role(name) else {
                continue;
            };
            let labels = match wanted.unsafe_for {
                Some(sink) => unsafe_labels(role, sink),
                None if wanted.labels.is_empty() => LabelSet::EMPTY,
                None => role.labels,
            };
            self.labels = self.labels.union(labels);
            self.add_sources(role, labels);
        }
        conditions
            .any
            .iter()
            .for_each(|c| self.add_roles(c, effect));
    }

    fn add_sources(&mut self, role: &'a Role, labels: LabelSet) {
        for source in &role.sources {
            if labels.has(source.label) && !self.sources.contains(&source) {
                self.sources.push(source);
            }
        }
    }
}

fn wanted_data(conditions: &Conditions) -> LabelSet {
    let own: LabelSet = conditions
        .data
        .iter()
        .chain(&conditions.data_all)
        .copied()
        .collect();
    conditions
        .any
        .iter()
        .fold(own, |set, c| set.union(wanted_data(c)))
}

/// Returns the evidence chain of an effect: sources, calls that led here, guards, the act itself.
pub(crate) fn evidence(relevant: &Relevant<'_>, effect: &Effect) -> Vec<Evidence> {
    let mut chain: Vec<Evidence> = Vec::new();
    let mut add = |evidence: Evidence| {
        if chain.len() < MAX_EVIDENCE && !chain.contains(&evidence) {
            chain.push(evidence);
        }
    };
    relevant
        .sources
        .iter()
        .flat_map(|s| &s.steps)
        .for_each(|step| add(step.into()));
    let Some(site) = &effect.site else {
        return chain;
    };
    site.via.iter().for_each(|step| add(step.into()));
    for guard in effect.guard.iter().filter(|g| g.class != GuardClass::Plain) {
        let sense = if guard.holds {
            "only if"
        } else {
            "only unless"
        };
        let text = crate::matching::text::clip(&guard.text, 60);
        add(Evidence {
            path: site.path.clone(),
            span: guard.span,
            message: format!("{sense} `{text}`"),
        });
    }
    if !chain.is_empty() && chain.len() < MAX_EVIDENCE {
        let message = format!(
            "reaches `{}` here",
            crate::matching::text::clip(&effect.api, 60)
        );
        chain.push(Evidence {
            path: site.path.clone(),
            span: site.span,
            message,
        });
    }
    chain
}
