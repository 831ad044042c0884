//! Words: quoting, escapes, braces, and what is put together from several of these.

use super::{Lower, children};
use crate::builder::span;
use crate::tree::{Expr, ExprId, Span};
use tree_sitter::Node;

/// Most words that braces give.
const MAX_BRACES: usize = 64;

/// The parts of a word: neighbouring texts are one.
#[derive(Default)]
pub(super) struct Pieces {
    parts: Vec<Result<(String, Span), ExprId>>,
}

impl Pieces {
    pub(super) fn text(&mut self, text: &str, place: Span) {
        if text.is_empty() {
            return;
        }
        if let Some(Ok((last, at))) = self.parts.last_mut() {
            last.push_str(text);
            at.end = place.end;
        } else {
            self.parts.push(Ok((text.to_owned(), place)));
        }
    }

    pub(super) fn value(&mut self, value: ExprId) {
        self.parts.push(Err(value));
    }
}

impl Lower<'_, '_> {
    /// One argument, which may be several words: `$x` without quotes, `"$@"`, `{a,b}`.
    pub(super) fn argument(&mut self, node: Node<'_>, args: &mut Vec<ExprId>) {
        let place = span(node);
        let text = self.text(node);
        match node.kind() {
            "simple_expansion" | "expansion" | "command_substitution" => {
                let value = self.word(node);
                args.push(self.split(value, place));
            }
            "string" if matches!(text, "\"$@\"" | "\"${@}\"") || text.ends_with("[@]}\"") => {
                let value = self.word(node);
                args.push(self.expr(Expr::Spread(value), place));
            }
            "word" | "concatenation" if text.starts_with('{') && text.contains(',') => {
                match braces(text) {
                    Some(words) => {
                        for word in words {
                            args.push(self.str(&word, place));
                        }
                    }
                    None => args.push(self.word(node)),
                }
            }
            "comment" => self.b.tree.comments.push(place),
            _ if !node.is_named() && node.kind() != "$" => {}
            _ => args.push(self.word(node)),
        }
    }

    /// The words of a value that stands without quotes.
    fn split(&mut self, value: ExprId, place: Span) -> ExprId {
        let words = self.call("$split", &[value], place);
        self.expr(Expr::Spread(words), place)
    }

    /// A word as one value.
    pub(super) fn word(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(node, |lower| lower.word_inner(node))
            .unwrap_or_else(|| self.other(&[], span(node)))
    }

    fn word_inner(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        match node.kind() {
            "simple_expansion" => self.simple_expansion(node),
            "expansion" => self.expansion(node),
            "command_substitution" => self.substitution(node),
            "process_substitution" => {
                let inner = self.substitution(node);
                let name = if self.text(node).starts_with('<') {
                    "<("
                } else {
                    ">("
                };
                self.call(name, &[inner], place)
            }
            "arithmetic_expansion" => self.arithmetic_expansion(node),
            "array" => self.assigned(node),
            "variable_name" => self.variable(self.text(node), place),
            "string" if self.is_parameters(node) => {
                let inner = node.named_child(0).map(|inner| self.word(inner));
                inner.unwrap_or_else(|| self.other(&[], place))
            }
            "ansi_c_string" => {
                let (text, codes) = ansi(self.text(node));
                let value = self.str(&text, place);
                if codes {
                    self.call("$'", &[value], place)
                } else {
                    value
                }
            }
            _ => {
                let mut pieces = Pieces::default();
                self.collect(node, &mut pieces);
                self.pieces(pieces, place)
            }
        }
    }

    /// Whether a string is `"$@"` or `"${x[@]}"`, which is not joined.
    fn is_parameters(&self, node: Node<'_>) -> bool {
        let text = self.text(node);
        node.named_child_count() == 1
            && (matches!(text, "\"$@\"" | "\"${@}\"") || text.ends_with("[@]}\""))
            && text.starts_with("\"$")
    }

    /// Adds the parts of a word.
    fn collect(&mut self, node: Node<'_>, pieces: &mut Pieces) {
        let place = span(node);
        let text = self.text(node);
        match node.kind() {
            "word" | "number" | "variable_name" | "regex" | "extglob_pattern" | "test_operator"
            | "command_name" => {
                if node.named_child_count() > 0 && node.kind() != "word" {
                    for child in children(node) {
                        self.collect(child, pieces);
                    }
                    return;
                }
                pieces.text(&unescaped(text, false), place);
            }
            "raw_string" => {
                let inner = text.strip_prefix('\'').unwrap_or(text);
                pieces.text(inner.strip_suffix('\'').unwrap_or(inner), place);
            }
            "string" | "translated_string" => {
                self.collect_string(node, pieces);
            }
            "concatenation" => {
                for child in children(node) {
                    self.collect(child, pieces);
                }
            }
            "string_content" => pieces.text(&unescaped(text, true), place),
            "$" => pieces.text("$", place),
            "simple_expansion"
            | "expansion"
            | "command_substitution"
            | "process_substitution"
            | "arithmetic_expansion"
            | "ansi_c_string"
            | "array" => {
                let value = self.word(node);
                pieces.value(value);
            }
            _ if node.named_child_count() == 0 => pieces.text(text, place),
            _ => {
                for child in children(node) {
                    self.collect(child, pieces);
                }
            }
        }
    }

    /// A string in double quotes; blanks between its parts belong to it.
    fn collect_string(&mut self, node: Node<'_>, pieces: &mut Pieces) {
        let nodes = children(node);
        let mut at = None;
        for &child in &nodes {
            if let Some(at) = at.filter(|&at| at < child.start_byte()) {
                let gap = Span::new(at as u32, child.start_byte() as u32);
                pieces.text(self.b.text(gap), gap);
            }
            at = Some(child.end_byte());
            if child.kind() != "\"" {
                self.collect(child, pieces);
            }
        }
    }

    /// The value of a word that was put together.
    pub(super) fn pieces(&mut self, pieces: Pieces, place: Span) -> ExprId {
        let mut ids = Vec::with_capacity(pieces.parts.len());
        for part in pieces.parts {
            ids.push(match part {
                Ok((text, at)) => self.str(&text, at),
                Err(value) => value,
            });
        }
        match ids[..] {
            [] => self.str("", place),
            [one] => one,
            _ => {
                let parts = self.b.exprs(&ids);
                self.expr(Expr::Template(parts), place)
            }
        }
    }
}

/// Takes backslashes out: before any character, or in double quotes only before special ones.
fn unescaped(text: &str, quoted: bool) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('\n') => {}
            Some(next) => {
                if quoted && !matches!(next, '$' | '`' | '"' | '\\') {
                    out.push('\\');
                }
                out.push(next);
            }
            None => out.push('\\'),
        }
    }
    out
}

/// Decodes `$'…'`; also says whether characters are given by their codes.
fn ansi(text: &str) -> (String, bool) {
    let inner = text.strip_prefix("$'").unwrap_or(text);
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    decode(inner)
}

/// Decodes the escapes of `$'…'`, of `echo -e` and of `printf`.
pub fn decode(text: &str) -> (String, bool) {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut codes = false;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            out.push(b'\\');
            break;
        };
        let plain = match c {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'e' | 'E' => Some('\u{1b}'),
            'f' => Some('\u{c}'),
            'v' => Some('\u{b}'),
            '\\' | '\'' | '"' | '?' => Some(c),
            _ => None,
        };
        let (skip, radix, most) = match c {
            'x' => (1, 16, 2),
            'u' => (1, 16, 4),
            'U' => (1, 16, 8),
            '0'..='7' => (0, 8, if c == '0' { 4 } else { 3 }),
            _ => (0, 0, 0),
        };
        let digits = rest[skip.min(rest.len())..]
            .chars()
            .take(most)
            .take_while(|d| radix > 0 && d.is_digit(radix))
            .count();
        if let Some(plain) = plain {
            let mut buffer = [0; 4];
            out.extend_from_slice(plain.encode_utf8(&mut buffer).as_bytes());
            rest = &rest[c.len_utf8()..];
        } else if digits > 0 {
            let code = u32::from_str_radix(&rest[skip..skip + digits], radix).unwrap_or(0);
            codes |= (0x20..0x7f).contains(&code);
            if c == 'u' || c == 'U' {
                let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                let mut buffer = [0; 4];
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
            } else {
                out.push((code & 0xff) as u8);
            }
            rest = &rest[skip + digits..];
        } else {
            out.push(b'\\');
            let mut buffer = [0; 4];
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            rest = &rest[c.len_utf8()..];
        }
    }
    out.extend_from_slice(rest.as_bytes());
    (String::from_utf8_lossy(&out).into_owned(), codes)
}

/// The words of `{a,b,c}`, where nothing in it has to be expanded.
fn braces(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    if inner.contains(['{', '}', '$', '`', '"', '\'', '\\']) {
        return None;
    }
    let words: Vec<String> = inner.split(',').map(str::to_owned).collect();
    (words.len() <= MAX_BRACES).then_some(words)
}
