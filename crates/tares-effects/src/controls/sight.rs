//! Code that eyes do not meet: far to the right of the line, or under a name in foreign letters.

use super::{Pair, Side};
use std::collections::BTreeSet;
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

/// Blanks between two pieces of code that push the second out of sight.
const GAP: usize = 80;

/// Letters of other scripts that look like Latin ones.
const ALIKE: &str = "аеорсухіѕјԁһԛԝАВЕКМНОРСТХІЅЈοαινΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

pub(super) fn find(base: Option<&str>, head: &str, found: &mut Vec<Effect>) {
    let known: BTreeSet<&str> = base.map(|base| base.lines().collect()).unwrap_or_default();
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let text = line.trim_end();
        if text.len() < GAP || known.contains(line.trim_end_matches(['\n', '\r'])) {
            continue;
        }
        if let Some(second) = second(text) {
            let span = Span {
                start: (at + second) as u32,
                end: (at + text.len()) as u32,
            };
            found.push(loose(
                EffectKind::Check,
                "far",
                "code far to the right",
                span,
            ));
        }
    }
}

/// Returns where code goes on after a wide gap, unless that is a comment.
fn second(line: &str) -> Option<usize> {
    let first = line.len() - line.trim_start().len();
    let gap = line[first..].find(&" ".repeat(GAP)).map(|at| first + at)?;
    let rest = line[gap..].trim_start();
    let is_code = !rest.starts_with(['#', '/', '*', '|', '\\', '"', '\''])
        && rest.len() > 3
        && rest.contains(['(', '=', '.', '`']);
    let quoted = line[..gap].matches(['"', '\'', '`']).count() % 2 == 1;
    (is_code && !quoted && first < GAP).then_some(line.len() - rest.len())
}

/// Names that mix scripts, where base did not have them.
pub(super) fn names(base: Option<&str>, head: &str, found: &mut Vec<Effect>) {
    if head.is_ascii() {
        return;
    }
    let side = Side {
        text: head,
        functions: Vec::new(),
        imports: BTreeSet::new(),
    };
    let mut word = 0;
    for (at, c) in head.char_indices().chain([(head.len(), ' ')]) {
        if c.is_alphanumeric() || c == '_' {
            continue;
        }
        let text = side.source(Span {
            start: word as u32,
            end: at as u32,
        });
        let mixed = text.contains(|c: char| c.is_ascii_alphabetic())
            && text.contains(|c: char| ALIKE.contains(c));
        if mixed && base.is_none_or(|base| !base.contains(text)) {
            found.push(loose(
                EffectKind::Check,
                "alike",
                text,
                Span {
                    start: word as u32,
                    end: at as u32,
                },
            ));
        }
        word = at + c.len_utf8();
    }
}

pub(super) fn loose(kind: EffectKind, api: &str, target: &str, span: Span) -> Effect {
    let function = super::Function::default();
    let side = Side {
        text: "",
        functions: Vec::new(),
        imports: BTreeSet::new(),
    };
    let pair = Pair {
        before: None,
        old: None,
        after: &side,
        new: &function,
    };
    pair.effect(kind, api, target, span)
}
