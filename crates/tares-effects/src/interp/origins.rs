//! What a variable was taken out of: `parts = urlparse(url)`, `full = abspath(base + name)`. What a
//! test says about `parts.hostname` or `full` it says about `url` and `name` too.

use super::{Exp, Interp};
use crate::value::{Kind, Value};
use tares_lang::tree::Expr;
use tares_lang::{Sym, Tree};
use tares_model::effect::SinkSet;
use tares_model::effect::label::Sink;

/// Most steps back, and most names of one step.
const MAX_STEPS: u8 = 4;
const MAX_NAMES: usize = 4;
/// Longest expression that is remembered by its text.
const MAX_BELIEVED: usize = 80;

impl Interp<'_> {
    /// Remembers what the name `target` is made of, or that it is something else now.
    pub(crate) fn note_origin(&mut self, t: &Tree, target: Exp, value: Exp) {
        let Expr::Name(name) = t.expr(target) else {
            return;
        };
        let mut found = Vec::new();
        self.taken_from(t, value, false, &mut found, MAX_STEPS);
        found.retain(|origin| origin != name);
        found.truncate(MAX_NAMES);
        if found.is_empty() {
            self.frame.origins.remove(name);
        } else {
            self.frame.origins.insert(*name, found);
        }
    }

    /// Collects the names that an expression takes apart; `inside` below a function that does so.
    fn taken_from(&self, t: &Tree, e: Exp, inside: bool, found: &mut Vec<Sym>, depth: u8) {
        if depth == 0 {
            return;
        }
        let mut each = |e: Exp, inside| self.taken_from(t, e, inside, found, depth - 1);
        match t.expr(e) {
            Expr::Name(name) if inside => found.push(*name),
            Expr::Attr { object, name } if inside || is_part(&self.text(*name)) => {
                each(*object, true);
            }
            Expr::Attr { object, .. } | Expr::Index { object, .. } => each(*object, inside),
            Expr::Await(inner) => each(*inner, inside),
            Expr::Call { callee, args, .. } => {
                let Some((receiver, name)) = self.callee_name(t, *callee) else {
                    return;
                };
                let owner = receiver.and_then(|e| super::expr::last_name(t, e));
                let owner = owner.map_or_else(String::new, |owner| self.text(owner).to_lowercase());
                let takes = takes_apart(&owner, &name);
                if inside || takes {
                    t.exprs(*args).iter().for_each(|&arg| each(arg, true));
                }
                if let Some(receiver) = receiver {
                    each(receiver, inside || takes);
                }
            }
            Expr::Binary { left, right, .. } if inside => {
                each(*left, true);
                each(*right, true);
            }
            Expr::Template(parts) if inside => {
                t.exprs(*parts).iter().for_each(|&part| each(part, true));
            }
            Expr::List(items) | Expr::Tuple(items) if inside => {
                t.exprs(*items).iter().for_each(|&item| each(item, true));
            }
            _ => {}
        }
    }

    /// Lets tests add to what is believed; returns what `end_belief` sets back.
    pub(super) fn begin_belief(&mut self) -> (bool, usize) {
        let before = std::mem::replace(&mut self.frame.believes, true);
        (before, self.frame.believed.len())
    }

    /// Forgets what was believed since.
    pub(super) fn end_belief(&mut self, (believes, before): (bool, usize)) {
        self.frame.believes = believes;
        self.frame.believed.truncate(before);
    }

    /// Remembers that a test found an expression safe that has no place to keep the mark.
    pub(super) fn believe(&mut self, t: &Tree, e: Exp, sinks: SinkSet) {
        if !self.frame.believes || matches!(t.expr(e), Expr::Name(_)) {
            return;
        }
        let text = self.source(t.span(e));
        if text.len() <= MAX_BELIEVED && self.frame.believed.len() < 16 {
            let text = text.to_owned();
            self.frame.believed.push((text, sinks));
        }
    }

    /// Marks the value of an expression that a test on this path has found safe.
    pub(super) fn as_believed(&self, t: &Tree, e: Exp, value: Value) -> Value {
        let same = matches!(
            t.expr(e),
            Expr::Attr { .. } | Expr::Index { .. } | Expr::Call { .. }
        );
        if !same || value.taint.is_none() && !matches!(value.kind, Kind::Pattern(_)) {
            return value;
        }
        let text = self.source(t.span(e));
        let mut found = self
            .frame
            .believed
            .iter()
            .filter(|(known, _)| known == text);
        match found.next() {
            Some((_, sinks)) => super::branch::cleaned(&value, *sinks),
            None => value,
        }
    }

    /// Whether a value is a thing of a library, such as a whole request, rather than data from it.
    pub(super) fn is_whole(&self, value: &Value) -> bool {
        match &value.kind {
            Kind::Api(path) => self.paths.node(*path).kind.is_some(),
            Kind::Func(_) | Kind::Class(_) => true,
            _ => false,
        }
    }

    /// Marks what a variable was taken out of as safe for `sinks`.
    pub(super) fn clean_origins(&mut self, name: Sym, sinks: SinkSet, depth: u8) {
        if depth == 0 || sinks == SinkSet::NONE {
            return;
        }
        for origin in self.frame.origins.get(&name).cloned().unwrap_or_default() {
            let value = self.lookup(origin);
            if let Some(value) = value.filter(|v| !v.taint.is_none() && !self.is_whole(v)) {
                self.set_name(origin, super::branch::cleaned(&value, sinks));
            }
            self.clean_origins(origin, sinks, depth - 1);
        }
    }
}

/// Whether a function takes an address or a path apart, or resolves it.
fn takes_apart(owner: &str, name: &str) -> bool {
    let owner_says = || ["path", "paths", "filepath", "url", "uri"].contains(&owner);
    match name {
        "urlparse" | "urlsplit" | "URL" | "URI" | "Url" | "abspath" | "realpath" | "normpath"
        | "relpath" | "commonpath" | "commonprefix" | "Path" | "PurePath" | "joinpath"
        | "gethostbyname" | "ip_address" => true,
        "resolve" | "normalize" => owner != "promise",
        "parse" | "Parse" | "join" | "Join" | "Clean" | "Abs" | "Rel" | "relative" | "of"
        | "get" | "create" => owner_says(),
        _ => false,
    }
}

/// Whether an attribute is a part of an address or a path.
pub(super) fn is_part(name: &str) -> bool {
    matches!(
        name,
        "hostname" | "netloc" | "host" | "origin" | "Host" | "parent" | "parents"
    ) || is_scheme(name)
}

/// Whether an attribute is the scheme of an address, which says nothing about its host.
pub(super) fn is_scheme(name: &str) -> bool {
    matches!(name, "scheme" | "protocol" | "Scheme")
}

/// Returns what a test of the part `name` proves about the whole.
pub(super) fn proven_by(name: &str) -> SinkSet {
    if is_scheme(name) {
        SinkSet::of(Sink::Html)
    } else {
        SinkSet::ALL
    }
}
