//! Imports and exports.

use super::{Frame, Interp, Unit};
use crate::value::{ImportVal, Kind, SeqSort, Taint, Value, Why};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_lang::tree::Import;
use tares_model::effect::Device;
use tares_model::{RepoPath, Span};

/// Most modules of the repository that one analysis reads.
const MAX_MODULES: usize = 64;
/// How far imports of imports are followed.
const MAX_RADIUS: usize = 3;
/// How many imports that lead to imports are followed at once.
const MAX_FORCING: u32 = 12;

impl Interp<'_> {
    pub(crate) fn import(&mut self, import: &Import, _span: Span) {
        if self.is_java() {
            return self.java_import(import);
        }
        if import.type_only && self.is_js() {
            // Types still say what parameters are.
            self.note_package(&import.module);
        }
        let module = self.module(&import.module);
        if let Some(alias) = import.alias {
            self.declare_name(alias, module.clone());
        } else if import.names.is_empty() && self.is_python() {
            // `import a.b` binds `a`.
            let root = import.module.split('.').next().unwrap_or(&import.module);
            let name = self.interner.intern(root);
            let value = if root == &*import.module {
                module.clone()
            } else {
                self.module(root)
            };
            self.declare_name(name, value);
        }
        for &(name, local) in &import.names {
            if &**self.interner.name(name) == "*" {
                self.import_all(&module);
                continue;
            }
            let value = self.import_member(&module, name);
            self.declare_name(local, value);
        }
    }

    fn import_member(&mut self, module: &Value, name: Sym) -> Value {
        let text = self.text(name);
        match &module.kind {
            Kind::Import(import) => self.lead_on(import, &text),
            Kind::Module(index) => self
                .export_of(*index, &text)
                .unwrap_or_else(|| Value::unknown(Why::Name)),
            Kind::Api(path) => {
                let child = self.paths.child(*path, &text);
                let span = self.statement;
                self.read_path(child, &Taint::NONE, span)
            }
            _ => Value::unknown_with(Why::Name, self.named_taint(&text, self.statement)),
        }
    }

    /// Returns what a name of something imported leads to, without looking.
    pub(crate) fn lead_on(&mut self, import: &Rc<ImportVal>, name: &Arc<str>) -> Value {
        if import.names.len() >= 6 {
            return Value::unknown(Why::Name);
        }
        let mut names = import.names.clone();
        names.push(Arc::clone(name));
        let next = ImportVal {
            unit: import.unit,
            written: Arc::clone(&import.written),
            names,
            known: OnceCell::new(),
        };
        Value::new(Kind::Import(Rc::new(next))).tainted(&self.named_taint(name, self.statement))
    }

    /// Looks at something imported.
    pub(crate) fn force(&mut self, value: &Value) -> Value {
        let Kind::Import(import) = &value.kind else {
            return value.clone();
        };
        if let Some(known) = import.known.get() {
            return known.clone().tainted(&value.taint);
        }
        if self.forcing >= MAX_FORCING {
            return Value::unknown_with(Why::Name, value.taint.clone());
        }
        if self.is_java() {
            self.forcing += 1;
            let known = self.java_force(import);
            self.forcing -= 1;
            return import
                .known
                .get_or_init(|| known)
                .clone()
                .tainted(&value.taint);
        }
        self.forcing += 1;
        let unit = std::mem::replace(&mut self.unit, import.unit);
        let mut known = match self.repository_module(&import.written) {
            Some(index) => Value::new(Kind::Module(index)),
            None if import.written.starts_with('.') => Value::unknown(Why::Name),
            None => {
                let path = self.paths.get(&import.written);
                Value::new(Kind::Api(path))
            }
        };
        let mut written = import.written.to_string();
        let span = self.statement;
        for name in &import.names {
            written = if written.ends_with('.') {
                format!("{written}{name}")
            } else {
                format!("{written}.{name}")
            };
            known = match &known.kind {
                Kind::Module(index) => match self.export_of(*index, name) {
                    // `from . import low` in a package leads to itself; what is meant is the module.
                    Some(value) if !is_same_import(&value, import) => self.force(&value),
                    Some(_) if self.is_python() => self.submodule(&written),
                    Some(_) => Value::unknown(Why::Name),
                    None if self.is_js() => Value::unknown(Why::Name),
                    // `from package import module`.
                    None => self.submodule(&written),
                },
                Kind::Unknown(_) if self.is_python() => self.submodule(&written),
                // A folder without a module of its own still holds modules.
                _ => match self.submodule(&written) {
                    found if !found.is_unknown() && self.is_python() => found,
                    _ => {
                        let name = self.interner.intern(name);
                        self.attr(&known, None, name, span)
                    }
                },
            };
        }
        let known = self.without_imports(known);
        self.unit = unit;
        self.forcing -= 1;
        let known = import.known.get_or_init(|| known).clone();
        known.tainted(&value.taint)
    }

    /// Looks at the alternatives that are imports, so that what an import leads to never leads
    /// back to it.
    fn without_imports(&mut self, value: Value) -> Value {
        let Kind::OneOf(values) = &value.kind else {
            return value;
        };
        if !values.iter().any(|v| matches!(v.kind, Kind::Import(_))) {
            return value;
        }
        let plain = values.iter().map(|v| match self.force(v) {
            known if !matches!(known.kind, Kind::OneOf(_) | Kind::Import(_)) => known,
            known => Value::unknown_with(Why::Join, known.deep_taint()),
        });
        let plain: Vec<Value> = plain.collect();
        Value {
            kind: Kind::OneOf(plain.into()),
            taint: value.taint,
        }
    }

    fn submodule(&mut self, written: &str) -> Value {
        match self.repository_module(written) {
            Some(index) => Value::new(Kind::Module(index)),
            None => Value::unknown(Why::Name),
        }
    }

    /// Returns the constant that something imported is, where every import is followed; what it
    /// is besides (a function, a class, a module) stays an import until it is used.
    pub(crate) fn constant_of(&mut self, value: Value) -> Value {
        if !matches!(value.kind, Kind::Import(_)) || !self.program.is_thorough() {
            return value;
        }
        let known = self.force(&value);
        let holds = matches!(known.kind, Kind::Pattern(_) | Kind::Seq(_) | Kind::Map(_));
        let constant = holds || known.is_scalar();
        if constant { known } else { value }
    }

    /// Looks at something imported that is called with these arguments, if that may show more.
    pub(crate) fn force_for(&mut self, value: &Value, args: &super::args::Args) -> Value {
        let plain = |v: &Value| {
            super::entry::is_boring(v)
                || matches!(v.kind, Kind::Str(_) | Kind::Pattern(_) | Kind::Int(_))
                    && v.taint.labels().is_empty()
        };
        if matches!(value.kind, Kind::Import(_))
            && (self.program.is_thorough() || !args.values().all(plain))
        {
            return self.force(value);
        }
        value.clone()
    }

    fn import_all(&mut self, module: &Value) {
        let module = if self.program.is_thorough() {
            self.force(module)
        } else {
            module.clone()
        };
        if let Kind::Api(path) = module.kind {
            let unit = &mut self.units[self.unit as usize];
            if unit.stars.len() < 16 && !unit.stars.contains(&path) {
                unit.stars.push(path);
            }
        }
        if let Kind::Module(index) = module.kind {
            let scope = Rc::clone(&self.units[index as usize].scope);
            for name in scope.names() {
                if let Some(value) = scope.get(name) {
                    self.declare_name(name, value);
                }
            }
        }
    }

    fn note_package(&mut self, module: &str) {
        let module = module.strip_prefix("node:").unwrap_or(module);
        let root = if self.is_js() {
            let parts = if module.starts_with('@') { 2 } else { 1 };
            module.split('/').take(parts).collect::<Vec<_>>().join("/")
        } else {
            module.split('.').next().unwrap_or(module).to_owned()
        };
        self.packages.insert(root.into());
        if self.unit == 0 && !self.imports.iter().any(|i| i == module) && self.imports.len() < 4096
        {
            self.imports.push(module.to_owned());
        }
    }

    /// Returns a module by the name it is imported under.
    pub(crate) fn module(&mut self, written: &str) -> Value {
        let written = written.strip_prefix("node:").unwrap_or(written);
        if written == "__main__" && self.is_python() {
            return self.api("globals()");
        }
        self.note_package(written);
        if self.is_go() {
            return self.go_module(written);
        }
        let root = written.split(['.', '/']).next().unwrap_or(written);
        let modelled = self.paths.models().knows_root(root)
            || crate::fold::is_builtin(self.is_js(), root)
            || crate::fold::is_folded_module(self.is_js(), root);
        let known = !written.starts_with(['.', '@', '~']) && (self.is_js() || modelled);
        if !known {
            let import = ImportVal {
                unit: self.unit,
                written: written.into(),
                names: Vec::new(),
                known: OnceCell::new(),
            };
            return Value::new(Kind::Import(Rc::new(import)));
        }
        let path = self.paths.get(written);
        Value::new(Kind::Api(path))
    }

    /// Loads a module of the repository, without recording what it does: that is judged where
    /// it stands.
    pub(super) fn repository_module(&mut self, written: &str) -> Option<u32> {
        let from = self.units[self.unit as usize]
            .path
            .clone()
            .unwrap_or_else(|| self.path.clone());
        let radius = self.units.iter().filter(|u| u.path.is_some()).count();
        if radius >= MAX_MODULES || self.active_modules >= MAX_RADIUS {
            return None;
        }
        let file = self.program.resolve(&from, written, self.language)?;
        if file == self.path {
            return Some(0);
        }
        if let Some(known) = self.modules.get(&file) {
            return *known;
        }
        self.modules.insert(file.clone(), None);
        let source = self.program.read(&file)?;
        let language = tares_lang::Language::detect(file.as_str(), "")?;
        if language.family() != self.family {
            return None;
        }
        let tree = self.trees.parse(&file, language, &source, self.interner);
        let index = self.add_unit(tree, source, None, Some(file.clone()), 0);
        self.modules.insert(file, Some(index));
        self.muted(|s| s.run_unit(index));
        Some(index)
    }

    /// Adds a unit with a module scope of its own.
    pub(crate) fn add_unit(
        &mut self,
        tree: Arc<tares_lang::Tree>,
        source: Arc<str>,
        inside: Option<(u32, Span)>,
        path: Option<RepoPath>,
        depth: u32,
    ) -> u32 {
        let scope = super::scope::Scope::new(super::scope::ScopeKind::Module, None);
        let is_ascii = source.is_ascii();
        let mentions_arguments = self.is_js() && source.contains("arguments");
        self.units.push(Unit {
            tree,
            source,
            scope,
            inside,
            path,
            depth,
            exports: Vec::new(),
            is_ascii,
            mentions_arguments,
            stars: Vec::new(),
        });
        (self.units.len() - 1) as u32
    }

    fn run_unit(&mut self, index: u32) {
        let unit = &self.units[index as usize];
        let (tree, scope) = (Arc::clone(&unit.tree), Rc::clone(&unit.scope));
        let outer = std::mem::replace(&mut self.frame, Frame::new(scope, "".into()));
        let unit = std::mem::replace(&mut self.unit, index);
        let guards = self.take_guards();
        let statement = self.statement;
        self.active_modules += 1;
        // What a module is does not hang on the condition under which it is looked at.
        let open = self.journal.suspend();
        self.hoist(&tree, tree.body);
        self.block(&tree, tree.body);
        self.journal.resume(open);
        self.active_modules -= 1;
        self.statement = statement;
        self.put_guards(guards);
        self.unit = unit;
        self.frame = outer;
    }

    pub(crate) fn module_attr(&mut self, index: u32, name: Sym, span: Span) -> Value {
        let text = self.text(name);
        self.export_of(index, &text)
            .unwrap_or_else(|| Value::unknown_with(Why::Name, self.named_taint(&text, span)))
    }

    /// Returns what a module of the repository offers under a name.
    fn export_of(&mut self, index: u32, name: &str) -> Option<Value> {
        let unit = &self.units[index as usize];
        if let Some((_, value)) = unit.exports.iter().rev().find(|(n, _)| &**n == name) {
            return Some(value.clone());
        }
        if let Some((_, whole)) = unit
            .exports
            .iter()
            .rev()
            .find(|(n, _)| &**n == "module.exports")
        {
            if let Kind::Map(map) = &whole.kind {
                return map.get_text(name);
            }
            if name == "default" {
                return Some(whole.clone());
            }
        }
        let scope = Rc::clone(&unit.scope);
        let name = self.interner.find(name)?;
        scope.get(name)
    }

    /// Notes `module.exports = x` and `exports.x = …`.
    pub(crate) fn export_member(
        &mut self,
        path: crate::paths::PathId,
        name: &Arc<str>,
        value: &Value,
    ) {
        if self.is_python() {
            return;
        }
        let text = self.paths.text(path);
        let name = match &**text {
            "module.exports" => "module.exports".into(),
            _ if text.starts_with("exports.") || text.starts_with("module.exports.") => {
                Arc::clone(name)
            }
            _ => return,
        };
        self.units[self.unit as usize]
            .exports
            .push((name, value.clone()));
    }

    pub(crate) fn export(&mut self, module: Option<&str>, names: &[(Sym, Sym)]) {
        let from = module.map(|m| self.module(m));
        for &(name, exported) in names {
            let value = match &from {
                Some(module) => match &self.force(module).kind {
                    Kind::Module(index) if &*self.text(name) == "*" => {
                        let inner = self.units[*index as usize].exports.clone();
                        self.units[self.unit as usize].exports.extend(inner);
                        continue;
                    }
                    _ => self.import_member(&module.clone(), name),
                },
                None => self
                    .lookup(name)
                    .unwrap_or_else(|| Value::unknown(Why::Name)),
            };
            let exported = self.text(exported);
            self.units[self.unit as usize]
                .exports
                .push((exported, value));
        }
    }

    /// Imports a module whose name is a value.
    pub(crate) fn import_value(&mut self, name: &Value, span: Span, ordinary: bool) -> Value {
        if matches!(name.kind, Kind::Api(path) if &**self.paths.text(path) == "__name__") {
            return self.api("globals()");
        }
        match name.as_str() {
            Some(text) => {
                let text = Arc::clone(text);
                let mut devices = super::attr::device_taint(name);
                if !ordinary || !devices.is_none() {
                    devices = devices.merge(&Taint::device(Device::ImportByText));
                }
                self.module(&text).tainted(&devices)
            }
            None => {
                self.emit_import(name, span);
                Value::unknown_with(Why::Reflection, name.deep_taint())
            }
        }
    }

    /// Enters a context manager.
    pub(crate) fn enter(&mut self, manager: &Value, _span: Span) -> Value {
        match &manager.kind {
            Kind::Object(_) => self
                .special(manager, "__enter__", super::args::Args::default())
                .or_else(|| self.special(manager, "__aenter__", super::args::Args::default()))
                .unwrap_or_else(|| manager.clone()),
            Kind::Seq(seq) if seq.sort == SeqSort::List => {
                // A generator used as context manager: what it yields.
                seq.items
                    .borrow()
                    .first()
                    .cloned()
                    .unwrap_or_else(|| manager.clone())
            }
            _ => manager.clone(),
        }
    }
}

fn is_same_import(value: &Value, import: &Rc<ImportVal>) -> bool {
    matches!(&value.kind, Kind::Import(other) if Rc::ptr_eq(other, import)
        || (other.unit == import.unit && other.written == import.written && other.names == import.names))
}
