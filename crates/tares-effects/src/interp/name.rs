//! Names: what they stand for, and what a path of an API is as a value.

use super::Interp;
use super::args::Args;
use crate::paths::PathId;
use crate::value::{InstanceVal, Key, Kind, Taint, Value, Why};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_model::effect::{SinkSet, Target};
use tares_model::{LabelSet, Span};

impl Interp<'_> {
    /// Returns the value that a name has in the scopes, if any gives it one.
    pub(crate) fn lookup(&self, name: Sym) -> Option<Value> {
        if let Some(scope) = self.frame.outer.get(&name) {
            return scope.get(name);
        }
        let mut scope = Some(&self.frame.scope);
        while let Some(s) = scope {
            if let Some(value) = s.get(name) {
                return Some(value);
            }
            scope = s.parent.as_ref();
        }
        None
    }

    pub(crate) fn name(&mut self, name: Sym, span: Span) -> Value {
        if self.is_java() {
            return self.java_name(name, span);
        }
        if let Some(value) = self.lookup(name) {
            return self.constant_of(value);
        }
        let text = self.text(name);
        self.global(&text, span)
    }

    /// Returns the value of a name that no scope defines: a builtin, a module used without its
    /// import (an excerpt), or unknown.
    pub(crate) fn global(&mut self, text: &Arc<str>, span: Span) -> Value {
        if self.is_go() {
            return self.go_global(text, span);
        }
        match &**text {
            "__file__" => return Value::unknown(Why::Name),
            "__name__" if self.is_python() => return self.api("__name__"),
            "NaN" => return Value::new(Kind::Float(f64::NAN)),
            "Infinity" => return Value::new(Kind::Float(f64::INFINITY)),
            "TYPE_CHECKING" => return Value::bool(false),
            name if self.is_python()
                && name.ends_with("Error")
                && name.starts_with(|c: char| c.is_ascii_uppercase()) =>
            {
                return self.api(name);
            }
            _ if self.is_shell() => return self.shell_variable(text, span),
            _ => {}
        }
        if !self.journal.overrides.is_empty() {
            // `builtins.name = …` gives a name to everybody.
            let path = self.paths.get(text);
            if self.journal.overrides.contains_key(&path) {
                return self.read_path(path, &Taint::NONE, span);
            }
        }
        if crate::fold::is_builtin(self.is_js(), text)
            || self.paths.models().knows_root(text)
            || self.paths.models().knows_root(&format!("{text}()"))
        {
            let path = self.paths.get(text);
            return self.read_path(path, &Taint::NONE, span);
        }
        for path in self.units[self.unit as usize].stars.clone() {
            let child = self.paths.child(path, text);
            let node = self.paths.node(child);
            if node.calls.is_some() || node.read.is_some() || node.kind.is_some() {
                return self.read_path(child, &Taint::NONE, span);
            }
        }
        Value::unknown_with(Why::Name, self.named_taint(text, span))
    }

    /// Returns the value of a variable that the script does not set: the models know some, the
    /// others come from whoever runs it.
    pub(super) fn shell_variable(&mut self, text: &Arc<str>, span: Span) -> Value {
        if self.paths.models().knows_root(text) {
            let path = self.paths.get(text);
            let value = self.read_path(path, &Taint::NONE, span);
            return match value.kind {
                Kind::Api(_) => Value::unknown_with(Why::Name, value.taint),
                _ => value,
            };
        }
        let mut taint = self.named_taint(text, span);
        if let Some(secret) = text.strip_prefix("$secret_") {
            let what = format!("the secret `{secret}`");
            taint = taint.merge(&self.taint_here(
                LabelSet::of(tares_model::Label::Credential),
                span,
                &what,
            ));
        }
        Value::unknown_with(Why::Name, taint)
    }

    /// Returns the taint that a telling name gives: credentials, personal data.
    pub(crate) fn named_taint(&mut self, name: &str, span: Span) -> Taint {
        match self.names.label(name) {
            Some(label) => {
                let what = format!("`{name}` holds {}", crate::names::describe(label));
                self.taint_here(LabelSet::of(label), span, &what)
            }
            None => Taint::NONE,
        }
    }

    /// Returns the value of a path: what it was changed to, what the models say, or itself.
    pub(crate) fn read_path(&mut self, path: PathId, taint: &Taint, span: Span) -> Value {
        if let Some(value) = self.journal.overrides.get(&path) {
            return value.clone().tainted(taint);
        }
        let node = self.paths.node(path);
        let Some(read) = node.read else {
            return self.api_value(path, taint);
        };
        let text = Arc::clone(&node.text);
        let mut taint = taint.clone();
        if !read.labels.is_empty() {
            let labels: LabelSet = read.labels.iter().copied().collect();
            let what = format!("`{text}` is {}", crate::names::describe_all(labels));
            taint = taint.merge(&self.taint_here(labels, span, &what));
        }
        if !read.clean.is_empty() {
            taint = taint.cleaned(
                read.clean
                    .iter()
                    .fold(SinkSet::NONE, |set, sink| set.union(SinkSet::of(*sink))),
            );
        }
        if let Some(kind) = read.effect {
            self.emit_read(kind, path, span, Target::None);
        }
        if let Some(value) = &read.value {
            return crate::value_of_fixed(value).tainted(&taint);
        }
        let path = match &read.kind {
            Some(kind) => self.paths.get(kind),
            None => path,
        };
        Value {
            kind: Kind::Api(path),
            taint,
        }
    }

    /// Returns a thing of an API, with the labels of its type.
    pub(crate) fn api_value(&mut self, path: PathId, taint: &Taint) -> Value {
        Value {
            kind: Kind::Api(path),
            taint: taint.clone(),
        }
    }

    /// Returns an instance that an API makes.
    pub(crate) fn instance(&mut self, path: PathId, args: &Args, taint: Taint) -> Value {
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        // Options given to the constructor are fields of what it makes.
        if let Some(Kind::Map(map)) = args
            .pos
            .last()
            .filter(|_| self.is_js())
            .map(|(v, _)| &v.kind)
        {
            for (key, value) in map.entries.borrow().iter() {
                if let Key::Text(name) = key {
                    fields.push((Arc::clone(name), value.clone()));
                }
            }
        }
        fields.extend(
            args.named
                .iter()
                .map(|(name, value, _)| (Arc::clone(name), value.clone())),
        );
        let constant =
            !args.pos.is_empty() && args.is_closed() && args.values().all(Value::is_scalar);
        let args = args.pos.iter().map(|(v, _)| v.clone()).collect();
        let instance = InstanceVal {
            path,
            fields: RefCell::new(fields),
            args,
            constant,
        };
        Value {
            kind: Kind::Instance(Rc::new(instance)),
            taint,
        }
    }
}
