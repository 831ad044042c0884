//! Classes whose instances are made by rule: enumerations, named tuples and data classes.

use super::Interp;
use super::args::Args;
use super::class::{ClassVal, ObjectVal};
use crate::value::{Key, Kind, SeqSort, Value, Why};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_model::Span;

impl Interp<'_> {
    /// Finishes a class after its body has run: what enumerations and named tuples make of it.
    pub(crate) fn finish_class(&mut self, class: &Rc<ClassVal>) {
        if self.is_python() && self.is_enumeration(class) {
            self.make_members(class);
        }
    }

    pub(crate) fn is_enumeration(&self, class: &ClassVal) -> bool {
        let base = self.base_text(class);
        base.is_some_and(|base| base.starts_with("enum.") || base.starts_with("aenum."))
    }

    fn is_named_tuple(&self, class: &ClassVal) -> bool {
        self.base_text(class).is_some_and(|base| {
            matches!(
                &*base,
                "typing.NamedTuple" | "typing_extensions.NamedTuple" | "tuple"
            )
        })
    }

    /// Turns the values of an enumeration's body into its members.
    fn make_members(&mut self, class: &Rc<ClassVal>) {
        let mut count = 0;
        for &name in &class.declared {
            let text = self.text(name);
            let Some(value) = class.members.borrow().get(&name).cloned() else {
                continue;
            };
            let plain = matches!(value.kind, Kind::Func(_) | Kind::Class(_) | Kind::Object(_));
            if plain || text.starts_with('_') {
                continue;
            }
            count += 1;
            let value = self.automatic(value, count, &text);
            let member = self.enum_member(class, &text, value);
            class.members.borrow_mut().insert(name, member);
        }
    }

    /// `auto()` counts from one; in an enumeration of text it is the name.
    fn automatic(&self, value: Value, count: i64, name: &str) -> Value {
        match &value.kind {
            Kind::Instance(instance) if self.paths.text(instance.path).starts_with("enum.auto") => {
                let _ = name;
                Value::int(count)
            }
            _ => value,
        }
    }

    fn enum_member(&mut self, class: &Rc<ClassVal>, name: &Arc<str>, value: Value) -> Value {
        let object = new_object(class);
        let text = Value::str(Arc::clone(name));
        let given = match &value.kind {
            Kind::Seq(seq) if seq.sort == SeqSort::Tuple => {
                Args::of(seq.items.borrow().iter().cloned())
            }
            _ => Args::of([value.clone()]),
        };
        for (field, value) in [
            ("name", &text),
            ("_name_", &text),
            ("value", &value),
            ("_value_", &value),
        ] {
            self.set_field(&object, field, value.clone());
        }
        let mixed = class.bases.len() > 1
            || self.base_text(class).is_some_and(|base| {
                base.ends_with("IntEnum") || base.ends_with("StrEnum") || base.ends_with("Flag")
            });
        if mixed && value.is_scalar() {
            self.set_inner(&object, value.clone());
        }
        let init = self.interner.find("__init__").and_then(|i| class.member(i));
        if let Some(init) = init {
            self.call_bound(&object, &init, given);
        }
        object
    }

    fn set_field(&mut self, object: &Value, name: &str, value: Value) {
        if let Kind::Object(object) = &object.kind {
            let name = self.interner.intern(name);
            object.fields.borrow_mut().insert(name, value);
        }
    }

    /// Returns the members of an enumeration in their order.
    pub(crate) fn enumerated(&mut self, class: &Rc<ClassVal>) -> Option<Vec<Value>> {
        if !self.is_enumeration(class) {
            return None;
        }
        let members = class.members.borrow();
        let all = class.declared.iter().filter_map(|name| members.get(name));
        let all = all.filter(|value| matches!(value.kind, Kind::Object(_)));
        Some(all.cloned().collect())
    }

    /// `Colour("red")` is the member that has the value.
    pub(crate) fn member_of_value(&mut self, class: &Rc<ClassVal>, args: &Args) -> Option<Value> {
        let wanted = args.get(0)?.clone();
        let members = self.enumerated(class)?;
        let value_name = self.interner.intern("value");
        let mut known = true;
        for member in &members {
            let value = self.field(member, value_name)?;
            match crate::value::join::equal(&value, &wanted) {
                Some(true) => return Some(member.clone()),
                Some(false) => {}
                None => known = false,
            }
        }
        if known {
            return None;
        }
        // Which one is not known: it may be any of them.
        members
            .into_iter()
            .reduce(|a, b| crate::value::join::join(&a, &b))
    }

    /// `namedtuple("P", "a b")`, `make_dataclass("P", ["a"])` and `Enum("E", {"A": 1})`.
    pub(crate) fn record_class(&mut self, path: &str, args: &Args) -> Option<Value> {
        let name = Arc::clone(args.get(0)?.as_str()?);
        let spec = args.get(1)?.clone();
        let (fields, values) = self.field_names(&spec)?;
        let declared: Vec<Sym> = fields.iter().map(|f| self.interner.intern(f)).collect();
        let base = match path {
            "collections.namedtuple" | "typing.NamedTuple" => Some("typing.NamedTuple"),
            "dataclasses.make_dataclass" => None,
            _ => Some(path),
        };
        let bases = base.map(|base| self.api(base)).into_iter().collect();
        let class = ClassVal::new(
            name.as_ref().into(),
            self.unit,
            bases,
            None,
            declared.clone(),
        );
        let class = Rc::new(class);
        if base == Some(path) && path != "typing.NamedTuple" {
            for (i, &field) in declared.iter().enumerate() {
                let value = values
                    .get(i)
                    .cloned()
                    .unwrap_or_else(|| Value::int(i as i64 + 1));
                class.members.borrow_mut().insert(field, value);
            }
            self.finish_class(&class);
        } else if let Some(defaults) = args.name("defaults").cloned() {
            let defaults = self.items(&defaults)?;
            let from = declared.len().saturating_sub(defaults.len());
            for (&field, value) in declared[from..].iter().zip(defaults) {
                class.members.borrow_mut().insert(field, value);
            }
        }
        Some(Value::new(Kind::Class(class)))
    }

    /// Reads names (and values) from `"a b"`, `["a", "b"]`, `[("a", int)]` or `{"a": 1}`.
    fn field_names(&mut self, spec: &Value) -> Option<(Vec<Arc<str>>, Vec<Value>)> {
        if let Some(text) = spec.as_str() {
            let words = text.split(|c: char| c == ',' || c.is_whitespace());
            let names = words.filter(|w| !w.is_empty()).map(Arc::from).collect();
            return Some((names, Vec::new()));
        }
        let (mut names, mut values) = (Vec::new(), Vec::new());
        if let Kind::Map(map) = &spec.kind {
            for (key, value) in map.entries.borrow().iter() {
                let Key::Text(name) = key else { return None };
                names.push(Arc::clone(name));
                values.push(value.clone());
            }
            return Some((names, values));
        }
        for item in self.items(spec)? {
            match &item.kind {
                Kind::Str(name) => names.push(Arc::clone(name)),
                Kind::Seq(pair) => {
                    let pair = pair.items.borrow();
                    names.push(Arc::clone(pair.first()?.as_str()?));
                    values.extend(pair.get(1).cloned());
                }
                _ => return None,
            }
        }
        Some((names, values))
    }

    /// Returns the fields that instances of a record have, those of its bases first.
    pub(crate) fn record_fields(&self, class: &Rc<ClassVal>) -> Vec<Sym> {
        let mut fields: Vec<Sym> = Vec::new();
        for class in class.from_the_root() {
            for &field in &class.declared {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        fields
    }

    /// Fills the fields of an instance whose class has no initialiser of its own.
    pub(crate) fn fill_record(
        &mut self,
        class: &Rc<ClassVal>,
        object: &Value,
        args: Args,
        span: Span,
    ) {
        let fields = self.record_fields(class);
        let mut all = Vec::new();
        for (i, &field) in fields.iter().enumerate() {
            let text = self.text(field);
            let given = args.get(i).or_else(|| args.name(&text)).cloned();
            let value = match given {
                Some(value) => value,
                None => match args.more.as_ref().or(args.more_named.as_ref()) {
                    Some(open) => open.clone(),
                    None => match self.default_of(class, field) {
                        Some(value) => value,
                        None => continue,
                    },
                },
            };
            all.push(value.clone());
            self.set_attr(object, field, value, span);
        }
        for (name, given, _) in &args.named {
            let name = self.interner.intern(name);
            if !fields.contains(&name) {
                self.set_attr(object, name, given.clone(), span);
            }
        }
        if self.is_named_tuple(class) && !fields.is_empty() {
            self.set_inner(object, Value::seq(SeqSort::Tuple, all));
        } else {
            self.fill_inner(class, object, &args);
        }
        if fields.is_empty() {
            return;
        }
        for name in ["__post_init__", "__attrs_post_init__", "model_post_init"] {
            self.special(object, name, Args::default());
        }
    }

    /// Returns the default of a field: what the body says, or what `field(…)` describes.
    fn default_of(&mut self, class: &Rc<ClassVal>, field: Sym) -> Option<Value> {
        let value = class.member(field)?;
        let Kind::Instance(instance) = &value.kind else {
            return Some(value);
        };
        if !is_field_maker(self.paths.text(instance.path)) {
            return Some(value);
        }
        let fields = instance.fields.borrow().clone();
        let named = |names: &[&str]| {
            let mut found = fields.iter().filter(|(name, _)| names.contains(&&**name));
            found.next().map(|(_, value)| value.clone())
        };
        if let Some(value) = named(&["default"]).or_else(|| instance.args.first().cloned()) {
            return Some(value);
        }
        match named(&["default_factory", "factory"]) {
            Some(factory) => {
                let span = self.statement;
                Some(self.call(&factory, Args::default(), span))
            }
            None => Some(Value::unknown(Why::Call)),
        }
    }

    /// The methods that records have of themselves, and the functions that work on them.
    pub(crate) fn record_method(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match (&receiver.kind, name) {
            (Kind::Object(object), "_asdict" | "dict" | "model_dump" | "asdict")
                if !object.class.declared.is_empty() =>
            {
                self.record_map(receiver)
            }
            (Kind::Object(object), "_replace" | "model_copy" | "replace")
                if !object.class.declared.is_empty() =>
            {
                let class = Rc::clone(&object.class);
                let copy = new_object(&class);
                if let Kind::Object(copied) = &copy.kind {
                    copied
                        .fields
                        .borrow_mut()
                        .clone_from(&object.fields.borrow());
                }
                let span = self.statement;
                for (name, value, _) in &args.named {
                    let name = self.interner.intern(name);
                    self.set_attr(&copy, name, value.clone(), span);
                }
                if self.inner(&copy).is_some() {
                    let values = self.record_values(&copy)?;
                    self.set_inner(&copy, Value::seq(SeqSort::Tuple, values));
                }
                Some(copy)
            }
            (Kind::Class(class), "_make") => {
                let class = Rc::clone(class);
                let items = self.items(args.get(0)?)?;
                let span = self.statement;
                Some(self.instantiate(&class, Args::of(items), span))
            }
            _ => None,
        }
    }

    pub(crate) fn record_values(&mut self, object: &Value) -> Option<Vec<Value>> {
        let Kind::Object(inner) = &object.kind else {
            return None;
        };
        let fields = self.record_fields(&inner.class);
        fields
            .into_iter()
            .map(|field| self.field(object, field))
            .collect()
    }

    /// Returns the fields of a record as a map, in their order.
    pub(crate) fn record_map(&mut self, object: &Value) -> Option<Value> {
        let Kind::Object(inner) = &object.kind else {
            return None;
        };
        let fields = self.record_fields(&inner.class);
        let mut entries = Vec::new();
        for field in fields {
            let value = self.field(object, field)?;
            entries.push((Key::Text(self.text(field)), value));
        }
        Some(Value::map(entries, None))
    }
}

/// Returns an instance without fields.
pub(crate) fn new_object(class: &Rc<ClassVal>) -> Value {
    Value::new(Kind::Object(Rc::new(ObjectVal {
        class: Rc::clone(class),
        fields: RefCell::new(FxHashMap::default()),
        weak: false,
    })))
}

fn is_field_maker(path: &str) -> bool {
    matches!(
        path.trim_end_matches("()"),
        "dataclasses.field"
            | "attr.ib"
            | "attr.attrib"
            | "attrs.field"
            | "attr.field"
            | "pydantic.Field"
    )
}
