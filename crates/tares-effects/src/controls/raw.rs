//! What a page escaped in base and writes as markup in head.

use super::sight::loose;
use std::collections::BTreeSet;
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

/// What stands around an expression that is written into a page as markup.
const RAW: &[(&str, &str)] = &[
    ("__html: ", "}"),
    ("v-html=\"", "\""),
    ("[innerHTML]=\"", "\""),
    (".innerHTML = ", ";"),
    ("{@html ", "}"),
    ("{{{", "}}}"),
    ("<%- ", "%>"),
    ("{!! ", "!!}"),
    ("{{", "| safe }}"),
    ("{{", "|safe }}"),
    ("mark_safe(", ")"),
    ("Markup(", ")"),
    ("template.HTML(", ")"),
];

/// What stands around an expression that is escaped.
const ESCAPED: &[(&str, &str)] = &[
    ("{", "}"),
    ("{{ ", " }}"),
    ("v-text=\"", "\""),
    ("<%= ", " %>"),
    ("textContent = ", ";"),
    ("innerText = ", ";"),
    ("createTextNode(", ")"),
    ("escape(", ")"),
    (".text(", ")"),
];

pub(super) fn find(base: Option<&str>, head: &str, found: &mut Vec<Effect>) {
    let Some(base) = base else { return };
    if !RAW.iter().any(|(before, _)| head.contains(before)) {
        return;
    }
    let known: BTreeSet<&str> = base.lines().map(str::trim).collect();
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if known.contains(line.trim()) {
            continue;
        }
        let mut spots = RAW.iter().filter_map(|around| inside(line, around));
        let gone = |expression: &&str| {
            let count = |text: &str| escapes(text, expression);
            count(base) > count(head)
        };
        if let Some(expression) = spots.find(gone) {
            let span = Span {
                start: at as u32,
                end: (at + line.trim_end().len()) as u32,
            };
            found.push(loose(EffectKind::Sanitiser, "raw", expression, span));
        }
    }
}

/// Returns the expression between two marks of a line, where it is a plain path.
fn inside<'a>(line: &'a str, (before, after): &(&str, &str)) -> Option<&'a str> {
    let (_, rest) = line.split_once(before)?;
    let end = rest.find(after)?;
    let expression = rest[..end].trim();
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '[' | ']' | '?');
    let is_named = expression.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$'));
    (is_named && expression.chars().all(is_path)).then_some(expression)
}

/// Returns how often a text escapes an expression.
fn escapes(text: &str, expression: &str) -> usize {
    ESCAPED
        .iter()
        .map(|(before, after)| {
            text.matches(&format!("{before}{expression}{after}"))
                .count()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn only_what_was_escaped_before_is_told() {
        let count = |base: &str, head: &str| {
            let mut found = Vec::new();
            find(Some(base), head, &mut found);
            found.len()
        };
        assert_eq!(count("<p>{{ c.body }}</p>", "<p v-html=\"c.body\"></p>"), 1);
        assert_eq!(count("e.textContent = t;", "e.innerHTML = t;"), 1);
        assert_eq!(
            count(
                "<p>{{ c.body }}</p>",
                "<p>{{ c.body }}</p>\n<i v-html=\"icon\" />"
            ),
            0
        );
        assert_eq!(count("<p>{a}</p>", "<p>{a}</p><b>{b}</b>"), 0);
    }
}
