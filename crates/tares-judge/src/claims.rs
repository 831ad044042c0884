//! What code says of itself around an effect: the name of its function, the documentation of
//! function and module, the comments beside it. A claim, taken from the text as it stands.

use crate::source::Source;
use tares_lang::{Family, Language};
use tares_model::effect::Site;

/// Lines that are searched upwards for the head of a function.
const REACH: u32 = 400;
/// Lines of one documentation.
const LINES: u32 = 40;

/// Returns the words around a place of `source`, clause by clause.
pub(crate) fn around(source: &Source, site: &Site, language: Language) -> String {
    let is_python = language.family() == Family::Python;
    let mut words = site.function.replace(['_', '.'], " ");
    let (first, last) = source.line_range(site.span);
    for line in first..=last.min(first + 3) {
        add(&mut words, trailing(source.line_text(line), is_python));
    }
    let above = comments_above(source, first, is_python);
    add(&mut words, &above);
    if !site.function.is_empty()
        && let Some(head) = head_above(source, first, &site.function)
    {
        if is_python {
            add(&mut words, &docstring(source, head + 1));
        }
        add(&mut words, &comments_above(source, head, is_python));
    }
    add(&mut words, &module(source, is_python));
    words
}

fn add(words: &mut String, text: &str) {
    // A licence says what nobody may do, not what the code does.
    let is_licence = ["icense", "opyright", "WARRANT"]
        .iter()
        .any(|sign| text.contains(sign));
    if !text.trim().is_empty() && !is_licence {
        words.push_str(". ");
        words.push_str(text.trim());
    }
}

/// Returns the comment at the end of a line; rather none than a piece of a text.
fn trailing(line: &str, is_python: bool) -> &str {
    let sign = if is_python { "# " } else { "// " };
    let Some((code, comment)) = line.rsplit_once(sign) else {
        return "";
    };
    let is_text = code.matches(['"', '\'', '`']).count() % 2 == 1 || code.ends_with(':');
    if is_text { "" } else { comment }
}

fn comments_above(source: &Source, line: u32, is_python: bool) -> String {
    let mut found = Vec::new();
    let is_comment = |text: &str| {
        if is_python {
            text.starts_with('#') && !text.starts_with("#!")
        } else {
            text.starts_with("//") || text.starts_with("/*") || text.starts_with('*')
        }
    };
    let is_decorator = |text: &str| text.starts_with('@');
    for at in (1..line).rev().take(LINES as usize) {
        let text = source.line_text(at).trim();
        if is_decorator(text) {
            continue;
        }
        if !is_comment(text) {
            break;
        }
        found.push(text.trim_matches(|c: char| matches!(c, '#' | '/' | '*' | ' ')));
    }
    found.reverse();
    found.join(" ")
}

/// Returns the line on which the function that holds a line begins: the nearest one above that
/// has its name and stands further to the left.
fn head_above(source: &Source, line: u32, function: &str) -> Option<u32> {
    let name = function.rsplit('.').next()?;
    let indent = |text: &str| text.len() - text.trim_start().len();
    let own = indent(source.line_text(line));
    let lowest = line.saturating_sub(REACH).max(1);
    (lowest..=line).rev().find(|&at| {
        let text = source.line_text(at);
        let is_left = indent(text) < own || at == line;
        let is_head = ["def ", "function", "=>", "class ", "async ", "= (", "{"]
            .iter()
            .any(|sign| text.contains(sign));
        is_left && is_head && text.contains(name)
    })
}

/// Returns the documentation that begins on the first line of code from `line` on.
fn docstring(source: &Source, line: u32) -> String {
    let mut found = String::new();
    let mut quote = None;
    for at in line..source.lines().min(line + LINES) + 1 {
        let text = source.line_text(at).trim();
        let rest = match quote {
            Some(_) => text,
            None => {
                let text = text.trim_start_matches(['r', 'R', 'u', 'U']);
                let Some(open) = ["\"\"\"", "'''"]
                    .into_iter()
                    .find(|open| text.starts_with(open))
                else {
                    // The head of a function may go on over some lines.
                    let is_head = text.is_empty()
                        || text.ends_with([',', '('])
                        || text.ends_with("):")
                        || text.contains(") ->");
                    if is_head && at < line + 12 {
                        continue;
                    }
                    return found;
                };
                quote = Some(open);
                &text[3..]
            }
        };
        let end = quote.and_then(|open| rest.find(open));
        found.push_str(&rest[..end.unwrap_or(rest.len())]);
        found.push(if rest.is_empty() { '.' } else { ' ' });
        if end.is_some() {
            return found;
        }
    }
    found
}

/// Returns the documentation that the file begins with.
fn module(source: &Source, is_python: bool) -> String {
    let lines = source.lines().min(8);
    let is_code = |text: &str| !text.is_empty() && !text.starts_with('#');
    if is_python {
        let first = (1..=lines).find(|&at| is_code(source.line_text(at).trim()));
        return match first {
            Some(at) if source.line_text(at).trim_start().starts_with(['"', '\'']) => {
                docstring(source, at)
            }
            _ => String::new(),
        };
    }
    let begins = (1..=lines).find(|&at| source.line_text(at).trim_start().starts_with("/**"));
    let Some(begin) = begins else {
        return String::new();
    };
    let end =
        (begin..=source.lines().min(begin + LINES)).find(|&at| source.line_text(at).contains("*/"));
    // Documentation that a function follows at once is the function's.
    let is_own = |end: u32| {
        source
            .line_text((end + 1).min(source.lines().max(1)))
            .trim()
            .is_empty()
    };
    match end.filter(|&end| is_own(end)) {
        Some(end) => comments_above(source, end + 1, false),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tares_model::{RepoPath, Span};

    fn words(path: &str, text: &str, at: &str, function: &str, language: Language) -> String {
        let source = Source::whole(&RepoPath::from(path), Arc::from(text));
        let start = text.find(at).unwrap() as u32;
        let site = Site {
            span: Span::new(start, start + at.len() as u32),
            function: function.to_owned(),
            ..Site::default()
        };
        around(&source, &site, language)
    }

    #[test]
    fn documentation_and_comments_are_found() {
        let text = "# Copyright 2020\n\n'''Local statistics.'''\nimport os\n\n# Never sends.\n@cached\ndef save_all(\n    path,\n):\n    '''Works offline.\n\n    And fast.\n    '''\n    x = 1\n    # to disk only\n    send(path)  # warm up\n";
        let found = words(
            "a.py",
            text,
            "send(path)",
            "Store.save_all",
            Language::Python,
        );
        assert_eq!(
            found,
            "Store save all. warm up. to disk only. Works offline. .And fast.. Never sends.. Local statistics."
        );
        let text = "/** Pure helpers. */\n\n/**\n * Does not send data.\n */\nfunction mix(a) {\n  // quick\n  fetch(a); // a: 'x'\n}\n";
        let found = words("a.js", text, "fetch(a)", "mix", Language::JavaScript);
        assert_eq!(
            found,
            "mix. a: 'x'. quick. Does not send data.. Pure helpers."
        );
    }
}
