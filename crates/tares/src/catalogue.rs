//! All rules of all rooms, as people list and look them up.

use tares_model::finding::Level;
use tares_rules::{Rule, Rules};

/// One rule, wherever it is judged.
pub(crate) struct Entry {
    pub(crate) id: &'static str,
    pub(crate) family: &'static str,
    pub(crate) cwe: Vec<String>,
    pub(crate) severity: &'static str,
    /// Word of the highest level at which it reports, before policy.
    pub(crate) level: &'static str,
    pub(crate) title: &'static str,
    pub(crate) since: &'static str,
    pub(crate) page: &'static str,
}

/// Returns all rules, family by family.
pub(crate) fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Rules::embedded().iter().map(of_effects).collect();
    let pages = tares_guard::rules().iter().chain(tares_deps::rules());
    entries.extend(pages.map(of_page));
    entries.sort_by_key(|entry| (entry.family, entry.id));
    entries
}

/// Returns the rule with this id.
pub(crate) fn entry(id: &str) -> Option<Entry> {
    let page = || tares_guard::rule(id).or_else(|| tares_deps::rule(id));
    Rules::embedded()
        .get(id)
        .map(of_effects)
        .or_else(|| page().map(of_page))
}

fn of_effects(rule: &'static Rule) -> Entry {
    let level = rule.when.iter().map(|clause| clause.outcome.level).max();
    Entry {
        id: &rule.id,
        family: rule.family.as_str(),
        cwe: classes(&rule.cwe),
        severity: rule.severity.as_str(),
        level: level.unwrap_or(Level::Note).as_str(),
        title: &rule.title,
        since: &rule.since,
        page: &rule.page,
    }
}

fn of_page(rule: &'static tares_model::RulePage) -> Entry {
    Entry {
        id: &rule.id,
        family: &rule.family,
        cwe: classes(&rule.cwe),
        severity: &rule.severity,
        level: &rule.level,
        title: &rule.title,
        since: &rule.since,
        page: &rule.page,
    }
}

fn classes(numbers: &[u32]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| format!("CWE-{number}"))
        .collect()
}
