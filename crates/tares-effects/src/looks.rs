//! What texts and names say by their look: addresses that stand in the code, names that no person
//! would choose, and ways to write numbers and code that only machines use.
//!
//! These are no acts, so their kind is `literal` and they stand in no delta. What is made of them
//! is the rules' business.

use std::collections::BTreeSet;
use std::sync::Arc;
use tares_lang::tree::{Expr, ExprId, Stmt, Tree, UnaryOp};
use tares_lang::{Family, Interner, Language};
use tares_model::Span;
use tares_model::effect::{Asked, Concealment, Effect, EffectKind, LabelSet, Seen, Site, Target};

/// Effects of one file.
const MAX_LOOKS: usize = 100;
/// Longest text that is searched for addresses.
const MAX_TEXT: usize = 4096;
/// Lines between two names that are told apart: one is enough for a stretch.
const STRETCH: usize = 4;
/// Strange names that a file must have before they count: one may be an accident.
const FEWEST: usize = 3;
/// Letters from which a name of look-alikes counts.
const LONG_NAME: usize = 7;
/// Letters that are hard to tell apart, each row among itself.
const ALIKE: [&str; 5] = ["Oo0Q", "Il1i", "WXwx", "MNmn", "S25s"];

/// Returns what the texts and names of a file say by their look.
pub(crate) fn find(
    language: Language,
    tree: &Tree,
    source: &str,
    interner: &Interner,
) -> Vec<Effect> {
    let mut found = Vec::new();
    let documents: BTreeSet<u32> = tree
        .stmts
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Expr(expr) => Some(expr.0),
            _ => None,
        })
        .collect();
    let mut names = Vec::new();
    for (index, expr) in tree.exprs.iter().enumerate() {
        let span = tree.expr_spans[index];
        match expr {
            Expr::Str(text) if !documents.contains(&(index as u32)) => {
                if let Some(trick) = loader_trick(text) {
                    found.push(look("literal.loader", trick, span));
                }
                for host in hosts_in(text) {
                    found.push(look("literal.address", host, span));
                }
            }
            Expr::Name(name) if is_strange(interner.name(*name)) => {
                names.push((Arc::clone(interner.name(*name)), span));
            }
            Expr::Unary { .. } if is_coerced(tree, expr) => {
                found.push(look("literal.coerced", "a number out of `!` and `+`", span));
            }
            Expr::Call { callee, args, .. } if language.family() == Family::JavaScript => {
                if is_packed(tree, interner, *callee, tree.exprs(*args)) {
                    found.push(look("literal.packed", "code that unpacks code", span));
                }
            }
            _ => {}
        }
    }
    strange(names, source, &mut found);
    found.truncate(MAX_LOOKS);
    found
}

/// One strange name for each stretch of the file, if there are enough of them.
fn strange(mut names: Vec<(Arc<str>, Span)>, source: &str, found: &mut Vec<Effect>) {
    let distinct: BTreeSet<&str> = names.iter().map(|(name, _)| &**name).collect();
    let lines: BTreeSet<&str> = distinct
        .iter()
        .filter(|n| n.bytes().all(|b| b == b'_'))
        .copied()
        .collect();
    if distinct.len() < FEWEST && lines.is_empty() {
        return;
    }
    names.sort_by_key(|(_, span)| span.start);
    let mut last: Option<usize> = None;
    for (name, span) in names {
        let far = last.is_none_or(|last| {
            let between = source.get(last..span.start as usize).unwrap_or("");
            between.bytes().filter(|b| *b == b'\n').count() >= STRETCH
        });
        if far {
            last = Some(span.start as usize);
            found.push(look("literal.mangled", &name, span));
        }
    }
}

/// Whether a name is one that a machine made so that nobody can read it.
fn is_strange(name: &str) -> bool {
    let hex = name
        .strip_prefix("_0x")
        .or_else(|| name.strip_prefix("a0_0x"));
    if let Some(digits) = hex {
        return (4..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if name.len() >= 4 && name.bytes().all(|b| b == b'_') {
        return true;
    }
    name.len() >= LONG_NAME
        && ALIKE.iter().any(|row| {
            name.chars().all(|c| row.contains(c)) && name.chars().collect::<BTreeSet<_>>().len() > 1
        })
}

/// Whether a number is written as `![]`, `+!!x` or `+[]`.
fn is_coerced(tree: &Tree, expr: &Expr) -> bool {
    let Expr::Unary { op, operand } = expr else {
        return false;
    };
    match (op, tree.expr(*operand)) {
        (UnaryOp::Not | UnaryOp::Plus, Expr::List(items)) => items.len == 0,
        (
            UnaryOp::Plus,
            Expr::Unary {
                op: UnaryOp::Not,
                operand,
            },
        ) => {
            matches!(
                tree.expr(*operand),
                Expr::Unary {
                    op: UnaryOp::Not,
                    ..
                }
            )
        }
        _ => false,
    }
}

/// Whether `eval` is given what a function written in place makes: the form of packers.
fn is_packed(tree: &Tree, interner: &Interner, callee: ExprId, args: &[ExprId]) -> bool {
    let Expr::Name(name) = tree.expr(callee) else {
        return false;
    };
    let [only] = args else {
        return false;
    };
    let Expr::Call { callee, args, .. } = tree.expr(*only) else {
        return false;
    };
    &**interner.name(*name) == "eval"
        && args.len >= 4
        && matches!(tree.expr(*callee), Expr::Func(_))
}

/// Returns what makes a system load foreign code, where a text spells it.
fn loader_trick(text: &str) -> Option<&'static str> {
    if text.len() > MAX_TEXT || text.len() < 8 {
        return None;
    }
    for trick in ["LD_PRELOAD", "DYLD_INSERT_LIBRARIES"] {
        // As a word of a command, or as the name that is set.
        if text.contains(trick) && text.len() > trick.len() {
            return Some(trick);
        }
    }
    let lower = text.to_ascii_lowercase();
    ["rundll32", "regsvr32"].into_iter().find(|trick| {
        lower.contains(&format!("{trick} ")) || lower.contains(&format!("{trick}.exe "))
    })
}

/// Returns the hosts of the addresses that a text holds.
fn hosts_in(text: &str) -> Vec<&str> {
    if text.len() > MAX_TEXT || text.len() < 6 {
        return Vec::new();
    }
    let mut hosts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        rest = &rest[at + 3..];
        let end = rest.find([
            '/', '\'', '"', ' ', '?', '#', '\\', '`', ')', '\n', '<', '>',
        ]);
        let authority = &rest[..end.unwrap_or(rest.len())];
        let host = authority.rsplit('@').next().unwrap_or(authority);
        if is_host(host) {
            hosts.push(host);
        }
    }
    if hosts.is_empty()
        && let Some((host, _)) = text.split_once('/')
        && host.contains('.')
        && is_host(host)
    {
        hosts.push(host);
    }
    hosts
}

/// Whether a text can be a host, with or without a port.
fn is_host(text: &str) -> bool {
    let bare = text.starts_with('[') && text.contains("]");
    (4..=100).contains(&text.len())
        && (bare || text.contains('.'))
        && text.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_')
        })
}

fn look(api: &str, target: &str, span: Span) -> Effect {
    Effect {
        kind: EffectKind::Literal,
        api: api.to_owned(),
        target: Target::Exact(target.chars().take(80).collect()),
        data: LabelSet::EMPTY,
        roles: Vec::new(),
        guard: Vec::new(),
        concealment: Concealment::default(),
        stealth: Vec::new(),
        asked: Asked::default(),
        site: Some(Site {
            span,
            statement: span,
            ..Site::default()
        }),
        seen: Seen::Predicted,
        is_new: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{hosts_in, is_strange, loader_trick};

    #[test]
    fn hosts_are_taken_out_of_texts() {
        assert_eq!(
            hosts_in("see http://u:p@192.0.2.7:42/x and ftp://a.example"),
            ["192.0.2.7:42", "a.example"]
        );
        assert_eq!(hosts_in("abc.example/track"), ["abc.example"]);
        assert_eq!(hosts_in("and/or"), Vec::<&str>::new());
    }

    #[test]
    fn names_of_machines_are_strange() {
        for name in ["_0x1a2b3c", "____", "O0oO0oOo", "lIlIIlIl"] {
            assert!(is_strange(name), "{name}");
        }
        for name in [
            "__", "ill", "_0xyz", "mnemonic", "xxx", "Illinois", "OOOOOOOO",
        ] {
            assert!(!is_strange(name), "{name}");
        }
    }

    #[test]
    fn loaders_are_commands_and_not_words() {
        assert!(loader_trick("LD_PRELOAD=/tmp/x.so ls").is_some());
        assert!(loader_trick("RUNDLL32.EXE some.dll, f").is_some());
        assert!(loader_trick("LD_PRELOAD").is_none());
        assert!(loader_trick("rundll32").is_none());
    }
}
