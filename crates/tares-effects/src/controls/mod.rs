//! What a change does to controls, seen from both sides of a file: a check that is gone, comes
//! too late or can be gone around, a comparison of a part, a cleaner with a hole, a host in the
//! place of another.
//!
//! The interpreter says what code does; this says what it no longer does. It reads names and
//! shapes of the tree, believes no name to be true, and only speaks of what base had otherwise.
//! Its effects are of the kinds of controls (and of the network, for hosts), with an API below
//! `control.` that rules match.

mod around;
mod fact;
mod host;
mod lost;
mod outline;
mod quiet;
mod raw;
mod rows;
mod sight;
mod sums;
mod weaker;
mod words;
mod written;

use fact::{Fact, Function, What};
use outline::outline;
pub use quiet::quiet;
use std::collections::BTreeSet;
use tares_lang::{Interner, Language, parse};
use tares_model::Span;
use tares_model::effect::{Asked, Concealment, Effect, EffectKind, LabelSet, Seen, Site, Target};
use words::Control;

/// Effects that one file can give.
const MAX_EFFECTS: usize = 200;

/// Returns what a change of one file does to controls. Without a base all of it is new.
pub fn changes(language: Language, base: Option<&str>, head: &str) -> Vec<Effect> {
    if base.is_some_and(|base| base == head) {
        return Vec::new();
    }
    let mut interner = Interner::default();
    let after = Side::new(language, head, &mut interner);
    let before = base.map(|base| Side::new(language, base, &mut interner));
    let mut found = Vec::new();
    for function in &after.functions {
        let old = before
            .as_ref()
            .map(|before| before.function(&function.name));
        let pair = Pair {
            before: before.as_ref(),
            old: old.flatten(),
            after: &after,
            new: function,
        };
        around::find(&pair, &mut found);
        written::find(&pair, &mut found);
        weaker::find(&pair, &mut found);
        sums::find(&pair, &mut found);
        if let (Some(before), Some(old)) = (&before, pair.old) {
            lost::find(&pair, before, old, &mut found);
            rows::find(&pair, before, old, &mut found);
            host::find(&pair, before, old, &mut found);
        }
    }
    sight::find(base, head, &mut found);
    sight::names(base, head, &mut found);
    raw::find(base, head, &mut found);
    found.truncate(MAX_EFFECTS);
    found
}

/// One side of a file.
struct Side<'a> {
    text: &'a str,
    functions: Vec<Function>,
    /// Names that belong to modules.
    imports: BTreeSet<String>,
}

/// A function on both sides.
struct Pair<'a> {
    before: Option<&'a Side<'a>>,
    old: Option<&'a Function>,
    after: &'a Side<'a>,
    new: &'a Function,
}

impl<'a> Side<'a> {
    fn new(language: Language, text: &'a str, interner: &mut Interner) -> Self {
        let tree = parse(language, text, interner);
        let (functions, imports) = outline(&tree, text, interner);
        Self {
            text,
            functions,
            imports,
        }
    }

    /// Returns the function of this name where there is exactly one.
    fn function(&self, name: &str) -> Option<&Function> {
        let mut all = self
            .functions
            .iter()
            .filter(|function| function.name == name);
        all.next().filter(|_| all.next().is_none())
    }

    fn source(&self, span: Span) -> &'a str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }
}

impl Pair<'_> {
    /// Returns whether the function had this text in base: then it is not the change's.
    fn had(&self, span: Span) -> bool {
        let (Some(before), Some(old)) = (self.before, self.old) else {
            return false;
        };
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = squeeze(self.after.source(span));
        squeeze(before.source(old.span)).contains(&wanted)
            || (old.span == Span::default() && squeeze(before.text).contains(&wanted))
    }

    fn effect(&self, kind: EffectKind, api: &str, target: &str, span: Span) -> Effect {
        Effect {
            kind,
            api: format!("control.{api}"),
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
                function: self.new.name.clone(),
                ..Site::default()
            }),
            seen: Seen::Predicted,
            is_new: None,
        }
    }
}

/// Returns the name of a call as it is compared: without what stands before it.
fn callee(fact: &Fact) -> Option<&str> {
    match &fact.what {
        What::Call { callee, .. } => Some(callee),
        _ => None,
    }
}
