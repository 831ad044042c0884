//! The set of rules, and how it is looked up.

use crate::schema::Rule;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;
use tares_model::EffectKind;

/// A set of rules, indexed by the kinds of effect they look at.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    by_id: FxHashMap<String, usize>,
    by_kind: FxHashMap<EffectKind, Vec<Candidate>>,
}

/// The clauses of one rule that look at one kind, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) rule: usize,
    pub(crate) clauses: Vec<usize>,
}

impl Rules {
    /// Returns the rules that are built in; read once, at the first call.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Rules> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));
            Self::new(
                postcard::from_bytes(bytes)
                    .expect("the build wrote these bytes from the same types"),
            )
        })
    }

    /// Builds a set from rules. The last of two rules with one id is found by [`Self::get`].
    pub fn new(rules: Vec<Rule>) -> Self {
        let by_id = rules
            .iter()
            .enumerate()
            .map(|(i, rule)| (rule.id.clone(), i))
            .collect();
        let mut by_kind: FxHashMap<EffectKind, Vec<Candidate>> = FxHashMap::default();
        for (rule, data) in rules.iter().enumerate() {
            for (clause, when) in data.when.iter().enumerate() {
                for kind in &when.conditions.kind {
                    let candidates = by_kind.entry(*kind).or_default();
                    match candidates.last_mut() {
                        Some(last) if last.rule == rule => last.clauses.push(clause),
                        _ => candidates.push(Candidate {
                            rule,
                            clauses: vec![clause],
                        }),
                    }
                }
            }
        }
        Self {
            rules,
            by_id,
            by_kind,
        }
    }

    /// Iterates over all rules, by family and id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// Returns the rule with this id; its page is what `explain` prints.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).map(|&i| &self.rules[i])
    }

    pub(crate) fn at(&self, index: usize) -> &Rule {
        &self.rules[index]
    }

    pub(crate) fn candidates(&self, kind: EffectKind) -> &[Candidate] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }
}
