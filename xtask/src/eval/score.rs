//! Counting: what a set of findings says about a set of samples. Pure.

use super::classes::{Class, Classes};
use super::record::{Label, Record};
use super::scope;
use crate::report::Finding;
use crate::stats::Rate;
use std::collections::BTreeMap;

/// How far from a marked line a finding may stand.
const NEAR: u32 = 2;

/// The findings on each sample, by its id.
pub(super) type Found = BTreeMap<String, Vec<Finding>>;

/// The counts of one group of samples.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Score {
    /// Bad samples with any finding at review or block.
    pub(super) raised: Rate,
    /// Bad samples with any finding at block.
    pub(super) blocked: Rate,
    /// Bad samples with a finding of the right class, near a marked line where lines are known.
    pub(super) right: Rate,
    /// Bad sides found in the right class whose good sides are silent in that class.
    pub(super) pairs: Rate,
    /// Good samples with a finding of the class that they are good for.
    pub(super) alarms: Rate,
    /// Good samples with any finding at review or block.
    pub(super) alarms_any: Rate,
    /// Good samples with any finding at block.
    pub(super) alarms_block: Rate,
    /// Single expected findings: the right class near the line.
    pub(super) lines: Rate,
    /// The same at any level, notes included.
    pub(super) noted: Rate,
    /// Findings of the class, of all on such samples, on a line that no rule of the upstream tool reports.
    pub(super) extra: Rate,
    /// Single expected findings that name a habit and no weakness, or are left out by the published lists.
    pub(super) style: Rate,
    /// Lines declared good for the class that have a finding of it all the same.
    pub(super) ok_lines: Rate,
    /// The bad samples that were not hit, `id+` where the good side was not silent, `id:line` for lines.
    pub(super) missed: Vec<String>,
}

/// Scores a group of samples; those with a label known to be doubtful are the caller's to keep out.
pub(super) fn score(records: &[&Record], found: &Found, classes: &Classes) -> Score {
    let mut score = Score::default();
    for record in records {
        let class = class(record, classes);
        let findings = raised(found, record);
        match record.label {
            Label::Bad => {
                score.raised.add(!findings.is_empty());
                score
                    .blocked
                    .add(findings.iter().any(|finding| finding.is_block()));
                let right = hit(record, &class, &findings);
                score.right.add(right);
                let goods = goods(record, records);
                if !right && record.findings.is_empty() {
                    score.missed.push(record.id.clone());
                }
                if !goods.is_empty() {
                    let silent = |good: &&Record| {
                        !raised(found, good)
                            .iter()
                            .any(|finding| class.holds(finding))
                    };
                    let correct = right && goods.iter().all(silent);
                    score.pairs.add(correct);
                    if right && !correct {
                        score.missed.push(format!("{}+", record.id));
                    }
                }
            }
            Label::Good => {
                score
                    .alarms
                    .add(findings.iter().any(|finding| class.holds(finding)));
                score.alarms_any.add(!findings.is_empty());
                score
                    .alarms_block
                    .add(findings.iter().any(|finding| finding.is_block()));
            }
        }
        let any: Vec<&Finding> = found.get(&record.id).into_iter().flatten().collect();
        count_lines(record, &class, (&findings, &any), &mut score);
        count_expected(record, found, classes, &mut score);
    }
    score
}

/// Counts findings that an upstream tool reports one by one, and those that it does not report.
fn count_expected(record: &Record, found: &Found, classes: &Classes, score: &mut Score) {
    let fallback = Class::default();
    let any: Vec<&Finding> = found.get(&record.id).into_iter().flatten().collect();
    for expected in &record.findings {
        let class = classes.of_rule(&expected.rule).unwrap_or(&fallback);
        let near = |finding: &&&Finding| finding.is_near(&[expected.line], NEAR);
        if class.style || scope::is_left_out(record, expected.line) {
            score.style.add(any.iter().any(|finding| near(&finding)));
            continue;
        }
        let mut of_class = any.iter().filter(near).filter(|one| class.holds(one));
        let raised = of_class.clone().any(|one| one.is_raised());
        score.lines.add(raised);
        if !raised {
            let place = format!("{}:{}", record.id, expected.line);
            score.missed.push(place);
        }
        score.noted.add(of_class.next().is_some());
    }
    let Some(class) = classes.of_rule(&record.rule_hint) else {
        return;
    };
    let other = &record.lines_other_rules;
    let mut reported = record.reported();
    reported.extend(other.iter().map(|expected| expected.line));
    let raised = any.iter().filter(|one| one.is_raised() && class.holds(one));
    for finding in raised {
        score.extra.add(!finding.is_near(&reported, 0));
    }
}

/// Counts what is marked line by line, and lines that must stay silent.
fn count_lines(
    record: &Record,
    class: &Class,
    (findings, noted): (&[&Finding], &[&Finding]),
    score: &mut Score,
) {
    if record.findings.is_empty() && record.pair_id.is_none() {
        for line in &record.lines {
            let near = |finding: &&&Finding| finding.is_near(&[*line], NEAR);
            let is_hit = |all: &[&Finding]| {
                let mut close = all.iter().filter(near);
                close.any(|finding| class.holds(finding))
            };
            score.lines.add(is_hit(findings));
            score.noted.add(is_hit(noted));
            if !is_hit(noted) {
                let place = format!("{}:{line}", record.id);
                score.missed.push(place);
            }
        }
    }
    for line in &record.ok_lines {
        let on = |finding: &&&Finding| finding.is_near(&[*line], 0);
        score.ok_lines.add(
            findings
                .iter()
                .filter(on)
                .any(|finding| class.holds(finding)),
        );
    }
}

fn raised<'a>(found: &'a Found, record: &Record) -> Vec<&'a Finding> {
    let all = found.get(&record.id).into_iter().flatten();
    all.filter(|finding| finding.is_raised()).collect()
}

fn hit(record: &Record, class: &Class, findings: &[&Finding]) -> bool {
    let marked = record.marked();
    findings.iter().any(|finding| {
        class.holds(finding) && (marked.is_empty() || finding.is_near(&marked, NEAR))
    })
}

fn goods<'a>(record: &Record, records: &[&'a Record]) -> Vec<&'a Record> {
    let twin = |other: &&&Record| {
        record.pair_id.is_some() && other.pair_id == record.pair_id && other.label == Label::Good
    };
    records.iter().filter(twin).copied().collect()
}

/// Returns what counts for a sample: its upstream rule, else its weaknesses, else its technique.
fn class(record: &Record, classes: &Classes) -> Class {
    if let Some(class) = classes
        .of_rule(&record.rule_hint)
        .filter(|class| !class.style)
    {
        return class.clone();
    }
    if record.cwe.is_empty() {
        return classes.of_technique(&record.rule_hint);
    }
    classes.of_cwes(record.cwe.iter().chain(&record.cwe_also))
}

#[cfg(test)]
mod tests {
    use super::{Found, score};
    use crate::eval::classes::Classes;
    use crate::eval::record::Record;
    use crate::stats::Rate;
    use serde_json::json;

    fn record(id: &str, label: &str) -> Record {
        let value = json!({
            "id": id, "language": "python", "cwe": ["CWE-78"], "label": label,
            "pair_id": "p", "lines": if label == "bad" { vec![10] } else { vec![] },
            "filename": "a.py", "code": "",
        });
        serde_json::from_value(value).unwrap()
    }

    fn found(entries: &[(&str, &str, u32)]) -> Found {
        let mut found = Found::new();
        for (id, cwe, line) in entries {
            let value = json!({
                "rule": "r", "cwe": [cwe], "level": "review", "path": "x",
                "start_line": line, "end_line": line,
            });
            let finding = serde_json::from_value(value).unwrap();
            found.entry((*id).to_owned()).or_default().push(finding);
        }
        found
    }

    fn pairs(entries: &[(&str, &str, u32)]) -> (Rate, Rate) {
        let (bad, good) = (record("bad", "bad"), record("good", "good"));
        let classes = Classes::read().unwrap();
        let score = score(&[&bad, &good], &found(entries), &classes);
        (score.right, score.pairs)
    }

    #[test]
    fn a_pair_needs_the_class_near_the_line_and_silence_beside_it() {
        let (hit, miss) = (Rate { hits: 1, of: 1 }, Rate { hits: 0, of: 1 });
        assert_eq!(pairs(&[("bad", "CWE-88", 12)]), (hit, hit));
        assert_eq!(pairs(&[("bad", "CWE-88", 13)]), (miss, miss));
        assert_eq!(pairs(&[("bad", "CWE-79", 10)]), (miss, miss));
        assert_eq!(
            pairs(&[("bad", "CWE-78", 10), ("good", "CWE-77", 99)]),
            (hit, miss)
        );
        assert_eq!(
            pairs(&[("bad", "CWE-78", 10), ("good", "CWE-79", 99)]),
            (hit, hit)
        );
    }
}
