//! What is Java's own: where a bare name leads, members beside each other under one name,
//! overloads, declared types.
//!
//! Methods stand in a class under their name with parentheses, `find()`, since a field may have
//! the same name; several methods of one name are alternatives, and a call takes those that
//! accept as many arguments. What a class lies in is its member `this$0`.

mod call;
mod class;
mod types;

use super::Interp;
use super::scope::{ScopeKind, Slot, State as Written};
use crate::value::{ImportVal, Kind, Taint, Value, Why};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_lang::tree::{ExprId, Import};
use tares_model::Span;

/// The member that leads to what a class lies in.
const OUTER: &str = "this$0";
/// How many classes around a method are looked through.
const MAX_OUTER: usize = 4;

/// Classes that every file knows, beside those with a model.
const LANG: &[&str] = &[
    "ArithmeticException",
    "Boolean",
    "Byte",
    "CharSequence",
    "Character",
    "Class",
    "ClassLoader",
    "Comparable",
    "Double",
    "Enum",
    "Error",
    "Exception",
    "Float",
    "IllegalArgumentException",
    "IllegalStateException",
    "Integer",
    "InterruptedException",
    "Iterable",
    "Long",
    "Math",
    "NullPointerException",
    "Number",
    "Object",
    "Process",
    "ProcessBuilder",
    "Record",
    "Runnable",
    "Runtime",
    "RuntimeException",
    "Short",
    "StrictMath",
    "String",
    "StringBuffer",
    "StringBuilder",
    "System",
    "Thread",
    "ThreadLocal",
    "Throwable",
    "UnsupportedOperationException",
    "Void",
];

/// Classes of the standard library that are folded and have no model of their own.
const FOLDED: &[&str] = &[
    "java.net.URLDecoder",
    "java.nio.charset.StandardCharsets",
    "java.nio.file.Paths",
    "java.time.Duration",
    "java.time.LocalDate",
    "java.time.LocalDateTime",
    "java.util.ArrayDeque",
    "java.util.ArrayList",
    "java.util.Arrays",
    "java.util.Base64",
    "java.util.Collections",
    "java.util.HashMap",
    "java.util.HashSet",
    "java.util.HexFormat",
    "java.util.LinkedHashMap",
    "java.util.LinkedList",
    "java.util.List",
    "java.util.Map",
    "java.util.Objects",
    "java.util.Optional",
    "java.util.Set",
    "java.util.StringJoiner",
    "java.util.TreeMap",
    "java.util.Vector",
    "java.util.stream.Collectors",
    "java.util.stream.IntStream",
    "java.util.stream.Stream",
];

/// What the analysis of a Java file keeps beside its scopes.
#[derive(Default)]
pub(crate) struct State {
    /// Packages and classes of which a unit imports everything.
    stars: FxHashMap<u32, Vec<Arc<str>>>,
    /// Annotations of the class whose body runs next.
    annotations: Vec<ExprId>,
    /// Names of methods by their plain names.
    methods: FxHashMap<Sym, Sym>,
    /// Names of classes that lead nowhere, by the unit that uses them.
    unknown: FxHashSet<(u32, Sym)>,
}

impl Interp<'_> {
    /// Whether the file is Java.
    pub(crate) fn is_java(&self) -> bool {
        self.family == tares_lang::Family::Java
    }

    /// Returns the value of a bare name: local, field, enclosing class, import, class of the
    /// package or of `java.lang`.
    pub(crate) fn java_name(&mut self, name: Sym, span: Span) -> Value {
        if let Some(value) = self.java_local(name) {
            return value;
        }
        if let Some((_, value)) = self.java_member(name) {
            return value;
        }
        let module = Rc::clone(&self.units[self.unit as usize].scope);
        if let Some(value) = module.get(name) {
            return value;
        }
        let text = self.text(name);
        let key = (self.unit, name);
        if !self.java.unknown.contains(&key) {
            if let Some(value) = self.java_class(&text) {
                self.journal
                    .write(Slot::Var(module, name), Written::Value(Some(value.clone())));
                return value;
            }
            self.java.unknown.insert(key);
        }
        if let Some(value) = self.java_static_star(&text, span) {
            return value;
        }
        if let Some(this) = self.frame.this.clone()
            && let Some(base) = self.java_api_base(&this)
        {
            let child = self.paths.child(base, &text);
            if self.paths.node(child).read.is_some() {
                return self.read_path(child, &Taint::NONE, span);
            }
        }
        // The first part of a written-out path: `java.util.Base64`.
        if self.paths.models().knows_root(&text) && text.starts_with(|c: char| c.is_lowercase()) {
            return self.api(&text);
        }
        let taint = self.named_taint(&text, span);
        Value::unknown_with(Why::Name, taint)
    }

    /// Returns the value of a name in the scopes inside the file.
    pub(crate) fn java_local(&self, name: Sym) -> Option<Value> {
        let mut scope = Some(&self.frame.scope);
        while let Some(s) = scope {
            if s.kind == ScopeKind::Module {
                return None;
            }
            if let Some(value) = s.get(name) {
                return Some(value);
            }
            scope = s.parent.as_ref();
        }
        None
    }

    /// Looks a member up in `this` and in what it lies in; returns who has it, and what it is.
    pub(crate) fn java_member(&mut self, name: Sym) -> Option<(Value, Value)> {
        let outer = self.interner.find(OUTER);
        let mut holder = self.frame.this.clone()?;
        for _ in 0..MAX_OUTER {
            let (found, class) = match &holder.kind {
                Kind::Object(object) => {
                    let field = object.fields.borrow().get(&name).cloned();
                    (
                        field.or_else(|| object.class.member(name)),
                        Rc::clone(&object.class),
                    )
                }
                Kind::Class(class) => (class.member(name), Rc::clone(class)),
                _ => return None,
            };
            if let Some(found) = found {
                return Some((holder, found));
            }
            holder = class.member(outer?)?;
        }
        None
    }

    /// Writes a name that no scope declares: a field, if the class or one around it has it.
    pub(crate) fn java_write(&mut self, name: Sym, value: &Value, span: Span) -> bool {
        if self.java_local(name).is_some() {
            return false;
        }
        let Some((holder, _)) = self.java_member(name) else {
            return false;
        };
        self.put_attr(&holder, name, value.clone(), span);
        true
    }

    pub(crate) fn java_import(&mut self, import: &Import) {
        let module = &import.module;
        let package = module.split('.').take(3).collect::<Vec<_>>().join(".");
        if self.unit == 0 && !self.imports.contains(&package) && self.imports.len() < 4096 {
            self.imports.push(package);
        }
        for &(name, local) in &import.names {
            let text = self.text(name);
            if &*text == "*" {
                let unit = self.unit;
                let stars = self.java.stars.entry(unit).or_default();
                if stars.len() < 64 {
                    stars.push(Arc::clone(module));
                }
                continue;
            }
            let whole = if module.is_empty() {
                text.to_string()
            } else {
                format!("{module}.{text}")
            };
            let value = self.java_path(&whole);
            if is_class_name(&text) {
                self.declare_name(local, value);
                continue;
            }
            // A static member: field or method, whichever is asked for.
            let method = self.interner.intern(&format!("{text}()"));
            let called = self.leading_to(&value, method);
            self.declare_name(method, called.unwrap_or_else(|| value.clone()));
            self.declare_name(local, value);
        }
    }

    /// The same thing imported, its last name another one.
    fn leading_to(&self, value: &Value, name: Sym) -> Option<Value> {
        let Kind::Import(import) = &value.kind else {
            return None;
        };
        let mut names = import.names.clone();
        *names.last_mut()? = self.text(name);
        Some(Value::new(Kind::Import(Rc::new(ImportVal {
            unit: import.unit,
            written: Arc::clone(&import.written),
            names,
            known: OnceCell::new(),
        }))))
    }

    /// Returns what a full path leads to: a thing of a modelled library, or of the repository.
    fn java_path(&mut self, whole: &str) -> Value {
        let class = class_part(whole);
        if self.paths.models().knows_class(class) || is_platform(whole) {
            return self.api(whole);
        }
        let rest = &whole[class.len()..];
        let simple = class.rsplit('.').next().unwrap_or(class);
        let mut names: Vec<Arc<str>> = vec![simple.into()];
        names.extend(rest.split('.').filter(|n| !n.is_empty()).map(Arc::from));
        names.truncate(6);
        Value::new(Kind::Import(Rc::new(ImportVal {
            unit: self.unit,
            written: class.into(),
            names,
            known: OnceCell::new(),
        })))
    }

    /// Returns the class that a simple name means where nothing declares it.
    pub(crate) fn java_class(&mut self, text: &str) -> Option<Value> {
        if !is_class_name(text) {
            return None;
        }
        let lang = format!("java.lang.{text}");
        if LANG.contains(&text) || self.paths.models().knows_class(&lang) {
            return Some(self.api(&lang));
        }
        let stars = self.java.stars.get(&self.unit).cloned().unwrap_or_default();
        for star in &stars {
            let whole = format!("{star}.{text}");
            if self.paths.models().knows_class(&whole) || FOLDED.contains(&&*whole) {
                return Some(self.api(&whole));
            }
        }
        let from = self.units[self.unit as usize]
            .path
            .clone()
            .unwrap_or_else(|| self.path.clone());
        let packages = stars.iter().filter(|s| !is_platform(s));
        let packages = packages.map(|star| format!("{star}.{text}"));
        for written in std::iter::once(format!(".{text}")).chain(packages) {
            let found = self.program.resolve(&from, &written, self.language);
            if found.is_some_and(|file| file != from) {
                return Some(Value::new(Kind::Import(Rc::new(ImportVal {
                    unit: self.unit,
                    written: written.into(),
                    names: vec![text.into()],
                    known: OnceCell::new(),
                }))));
            }
        }
        // An excerpt without its imports.
        let folded = FOLDED
            .iter()
            .find(|path| path.ends_with(&format!(".{text}")));
        let path = match folded {
            Some(path) => (*path).to_owned(),
            None => self.paths.models().class_named(text)?.to_owned(),
        };
        Some(self.api(&path))
    }

    /// Looks at what an import leads to.
    pub(crate) fn java_force(&mut self, import: &ImportVal) -> Value {
        let unit = std::mem::replace(&mut self.unit, import.unit);
        let module = self.repository_module(&import.written);
        self.unit = unit;
        let Some(index) = module else {
            if import.written.starts_with('.') {
                return Value::unknown(Why::Name);
            }
            let mut path = import.written.to_string();
            for name in import.names.iter().skip(1) {
                path = format!("{path}.{}", name.trim_end_matches("()"));
            }
            return self.api(&path);
        };
        let mut known = Value::new(Kind::Module(index));
        for name in &import.names {
            let name = self.interner.intern(name);
            known = match &known.kind {
                Kind::Module(index) => {
                    let scope = Rc::clone(&self.units[*index as usize].scope);
                    scope.get(name).unwrap_or_else(|| Value::unknown(Why::Name))
                }
                Kind::Class(class) => class
                    .member(name)
                    .unwrap_or_else(|| Value::unknown(Why::Name)),
                _ => Value::unknown(Why::Name),
            };
        }
        match known.kind {
            Kind::Import(_) => Value::unknown(Why::Name),
            _ => known,
        }
    }

    /// A name of a class whose members are all imported.
    fn java_static_star(&mut self, text: &str, span: Span) -> Option<Value> {
        let stars = self.java.stars.get(&self.unit)?.clone();
        for star in stars {
            let whole = format!("{star}.{}", text.trim_end_matches("()"));
            let class = class_part(&star);
            if class.len() == star.len() && self.paths.models().has(&whole) {
                let path = self.paths.get(&whole);
                return Some(self.read_path(path, &Taint::NONE, span));
            }
        }
        None
    }

    /// The class of an API that `this` derives from.
    pub(crate) fn java_api_base(&self, this: &Value) -> Option<crate::paths::PathId> {
        match &this.kind {
            Kind::Object(object) => object.class.api_base(),
            Kind::Class(class) => class.api_base(),
            _ => None,
        }
    }
}

pub(crate) use class::property;

/// Returns the value with all its parts marked safe for sinks.
pub(crate) fn cleaned(value: &Value, sinks: tares_model::effect::SinkSet) -> Value {
    super::branch::cleaned(value, sinks)
}

/// Returns the devices of a text as a taint of their own.
pub(crate) fn devices_of(value: &Value) -> Taint {
    super::attr::device_taint(value)
}

/// Whether a name is written as classes are.
pub(crate) fn is_class_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Returns a path up to its first class: `a.b.C` of `a.b.C.d`.
pub(crate) fn class_part(path: &str) -> &str {
    let mut end = 0;
    for part in path.split('.') {
        end += part.len();
        if is_class_name(part) {
            return &path[..end];
        }
        end += 1;
    }
    path
}

/// Whether a path belongs to the language's own library.
fn is_platform(path: &str) -> bool {
    ["java.", "javax.", "jdk.", "sun.", "com.sun."]
        .iter()
        .any(|p| path.starts_with(p))
}
