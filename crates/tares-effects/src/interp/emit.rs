//! Recording effects.

use super::args::Args;
use super::call::Site;
use super::{Exp, Interp, ResultSink};
use crate::models::schema::Call;
use crate::paths::PathId;
use crate::target;
use crate::value::shape::shape;
use crate::value::{Kind, Taint, Value, Why};
use std::sync::Arc;
use tares_lang::Tree;
use tares_lang::tree::{CompareOp, Expr};
use tares_model::Span;
use tares_model::effect::label::Sink;
use tares_model::effect::{
    Asked, Concealment, Device, Effect, EffectKind, Guard, Label, LabelSet, Role, Seen, Shape,
    SinkSet, Site as Place, Source, Stealth, Target,
};

/// Most variants of an effect that are kept for one place.
const MAX_VARIANTS: usize = 6;
/// Most effects with another target or other data that are kept for one place.
const MAX_ACTS: usize = 64;
/// Most effects of one file.
const MAX_EFFECTS: usize = 20_000;
/// Longest text of a condition that is kept.
const MAX_GUARD_TEXT: usize = 120;

/// What is being recorded.
pub(super) struct Draft {
    pub(super) kind: EffectKind,
    pub(super) api: Arc<str>,
    pub(super) target: Target,
    pub(super) data: Taint,
    pub(super) roles: Vec<Role>,
    pub(super) devices: Vec<Device>,
    pub(super) span: Span,
}

impl Interp<'_> {
    /// Records the effect of a modelled call.
    pub(crate) fn emit_call(&mut self, model: &'static Call, kind: EffectKind, site: &Site<'_>) {
        self.react();
        if self.is_muted() {
            return;
        }
        let mut roles = Vec::with_capacity(model.roles.len() + model.fixed.len());
        let mut data = Taint::NONE;
        let mut target = Target::None;
        let mut devices: Vec<Device> = site.callee_taint.devices().collect();
        for (name, selector) in &model.roles {
            let mut selected = self.select(selector, site);
            if kind == EffectKind::Log && self.is_js() {
                selected = selected.map(|(value, span)| (logged(&value), span));
            }
            if let Some((value, span)) = &selected {
                if model
                    .data
                    .as_ref()
                    .is_none_or(|d| d.iter().any(|r| r == name))
                {
                    data = data.merge(&value.deep_taint());
                }
                if model.target.as_deref() == Some(name.as_str()) {
                    target = self.target(kind, value, *span);
                }
                if matches!(
                    name.as_str(),
                    "url" | "host" | "command" | "code" | "path" | "name" | "shell" | "verify"
                ) {
                    devices.extend(value.taint.devices().filter(|d| d.grade() >= 2));
                }
            }
            roles.push(self.role(name, selected));
        }
        for (name, value) in &model.fixed {
            let value = crate::value_of_fixed(value);
            if model.target.as_deref() == Some(name.as_str()) {
                target = self.target(kind, &value, site.span);
            }
            roles.push(self.role(name, Some((value, site.span))));
        }
        let api = Arc::clone(self.paths.text(site.path));
        self.record(Draft {
            kind,
            api,
            target,
            data,
            roles,
            devices,
            span: site.span,
        });
    }

    pub(super) fn role(&self, name: &str, selected: Option<(Value, Span)>) -> Role {
        let Some((value, span)) = selected else {
            return Role {
                name: name.to_owned(),
                shape: Shape::Absent,
                labels: LabelSet::EMPTY,
                clean: SinkSet::NONE,
                devices: Vec::new(),
                sources: Vec::new(),
                span: None,
            };
        };
        if matches!(value.kind, Kind::Unknown(Why::Fuel)) {
            self.cut_short.set(true);
        }
        let taint = value.deep_taint();
        Role {
            name: name.to_owned(),
            shape: shape(&value, self.paths),
            labels: taint.labels(),
            clean: taint.clean(),
            devices: taint.devices().collect(),
            sources: self.sources(&taint),
            span: (span != Span::default()).then(|| self.outer(self.unit, span).1),
        }
    }

    fn sources(&self, taint: &Taint) -> Vec<Source> {
        taint
            .sources()
            .iter()
            .map(|chain| {
                let mut steps = Vec::new();
                let mut at = Some(chain);
                while let Some(link) = at {
                    steps.push(self.place(link.unit, link.span, &link.what));
                    at = link.prev.as_ref();
                }
                steps.reverse();
                Source {
                    label: chain.label,
                    steps,
                }
            })
            .collect()
    }

    fn target(&self, kind: EffectKind, value: &Value, span: Span) -> Target {
        target::of(kind, value, self.paths).unwrap_or_else(|| {
            let text = self.source(span);
            let cut = text.char_indices().nth(100).map_or(text.len(), |(i, _)| i);
            Target::Unknown(text[..cut].to_owned())
        })
    }

    pub(super) fn record(&mut self, draft: Draft) {
        if self.is_muted() {
            return;
        }
        if self.effects.len() >= MAX_EFFECTS {
            self.dropped = true;
            return;
        }
        let Draft {
            kind,
            api,
            target,
            data,
            roles,
            mut devices,
            span,
        } = draft;
        devices.extend(self.code_devices());
        if !self.units[self.unit as usize].is_ascii && is_disguised(self.source(span)) {
            devices.push(Device::Confusable);
        }
        devices.sort_unstable();
        devices.dedup();
        let (unit, at) = self.outer(self.unit, span);
        let (_, statement) = self.outer(self.unit, self.statement);
        let effect = Effect {
            kind,
            api: api.to_string(),
            target,
            data: data.labels(),
            stealth: self.stealth_of(&roles, kind),
            roles,
            guard: self.guard_list(),
            concealment: Concealment { devices },
            asked: Asked::default(),
            site: Some(Place {
                path: self.units[unit as usize].path.clone(),
                span: at,
                statement: if statement.contains(at) {
                    statement
                } else {
                    at
                },
                function: self.frame.name.to_string(),
                caller: self.caller().map_or_else(String::new, ToString::to_string),
                via: self.via_steps(),
            }),
            seen: Seen::Predicted,
            is_new: None,
        };
        if matches!(kind, EffectKind::Environment | EffectKind::Credential) {
            self.refine(unit, at, kind);
        }
        let known = self.sites.entry((unit, at, kind)).or_default();
        if known.iter().any(|&i| alike(&self.effects[i], &effect)) {
            return;
        }
        if known.len() >= MAX_VARIANTS {
            // What differs only in how it is done has been seen often enough; another target or
            // other data is another effect.
            if known.iter().any(|&i| same_act(&self.effects[i], &effect)) {
                return;
            }
            if known.len() >= MAX_ACTS {
                self.dropped = true;
                return;
            }
        }
        known.push(self.effects.len());
        self.effects.push(effect);
    }

    /// Drops a record that the next one says more precisely: the environment as a whole, when
    /// the variable in it is known.
    fn refine(&mut self, unit: u32, at: Span, kind: EffectKind) {
        let Some(last) = self.effects.last() else {
            return;
        };
        let Some(site) = &last.site else { return };
        if last.kind == kind
            && last.target == Target::None
            && at.contains(site.span)
            && at != site.span
        {
            let key = (unit, site.span, kind);
            self.effects.pop();
            if let Some(known) = self.sites.get_mut(&key) {
                known.pop();
            }
        }
    }

    /// Code given as text is a device of everything in it.
    fn code_devices(&self) -> Vec<Device> {
        // `sh -c '…'` is how a script starts another.
        if self.units[self.unit as usize].inside.is_some() && !self.is_shell() {
            vec![Device::CodeAsText]
        } else {
            Vec::new()
        }
    }

    fn stealth_of(&self, roles: &[Role], kind: EffectKind) -> Vec<Stealth> {
        let (swallowed, detached) = self.stealth();
        let mut stealth = Vec::new();
        if swallowed {
            stealth.push(Stealth::SwallowedErrors);
        }
        if detached {
            stealth.push(Stealth::Detached);
        }
        if self.importing && kind != EffectKind::Secret && !self.is_program() {
            stealth.push(Stealth::ImportTime);
        }
        let tiny = roles.iter().any(|r| {
            r.name == "timeout"
                && match r.shape {
                    // Seconds in Python, milliseconds in JavaScript, nanoseconds in Go.
                    Shape::Int(n) => {
                        if self.is_go() {
                            n > 0 && n <= 1_500_000_000
                        } else if self.is_js() {
                            n > 0 && n <= 1500
                        } else {
                            n > 0 && n <= 1
                        }
                    }
                    Shape::Float(f) => self.is_python() && f > 0.0 && f < 1.6,
                    _ => false,
                }
        });
        if tiny && kind == EffectKind::Network {
            stealth.push(Stealth::TinyTimeout);
        }
        if kind == EffectKind::Process {
            let discards = |r: &Role| {
                matches!(&r.shape, Shape::Api(path) if path.ends_with("DEVNULL"))
                    || r.shape.as_str() == Some("ignore")
            };
            if roles
                .iter()
                .any(|r| matches!(r.name.as_str(), "stdout" | "stderr" | "stdio") && discards(r))
            {
                stealth.push(Stealth::DiscardedOutput);
            }
        }
        stealth
    }

    /// Whether what runs here runs only when the file is the program itself.
    fn is_program(&self) -> bool {
        self.guards().iter().any(|entry| {
            let text = entry.span.text(&self.units[entry.unit as usize].source);
            entry.holds && (text.contains("__main__") || text.contains("require.main"))
        })
    }

    fn guard_list(&self) -> Vec<Guard> {
        let mut guards: Vec<Guard> = Vec::new();
        for entry in self.guards() {
            let (_, span) = self.outer(entry.unit, entry.span);
            let text = entry.span.text(&self.units[entry.unit as usize].source);
            let cut = text
                .char_indices()
                .nth(MAX_GUARD_TEXT)
                .map_or(text.len(), |(i, _)| i);
            let text = text[..cut].split_whitespace().collect::<Vec<_>>().join(" ");
            guards.push(Guard {
                class: entry.class,
                text,
                holds: entry.holds,
                span,
            });
        }
        guards
    }

    /// Names the item that was read: `os.environ["HOME"]` after `os.environ`.
    pub(crate) fn emit_item(&mut self, path: PathId, key: &str, span: Span) {
        if let Some(kind) = self.paths.node(path).read.and_then(|r| r.effect) {
            self.emit_read(kind, path, span, Target::Exact(key.to_owned()));
        }
    }

    /// Records the effect of reading a name, such as the environment.
    pub(crate) fn emit_read(&mut self, kind: EffectKind, path: PathId, span: Span, target: Target) {
        self.react();
        if self.is_muted() {
            return;
        }
        let api = Arc::clone(self.paths.text(path));
        self.record(Draft {
            kind,
            target,
            api,
            data: Taint::NONE,
            roles: Vec::new(),
            devices: Vec::new(),
            span,
        });
    }

    /// Records a write to a modelled attribute.
    pub(crate) fn emit_write(&mut self, path: PathId, name: &str, value: &Value, span: Span) {
        let model = match self.paths.node(path).write {
            Some(model) => model,
            None => match self.paths.models().field_write(name) {
                Some(model) => model,
                None => return,
            },
        };
        if model.effect == EffectKind::Html && name == "body" && matches!(value.kind, Kind::Map(_))
        {
            // An object is sent as JSON.
            return;
        }
        self.react();
        let role = model.role.as_deref().unwrap_or("value");
        // What is sent by a write goes to the place that is written: `image.src = url`.
        let target = match (&model.target, model.effect) {
            (None, EffectKind::Network) => self.target(model.effect, value, span),
            (text, _) => Target::Exact(text.clone().unwrap_or_else(|| name.to_owned())),
        };
        let roles = vec![self.role(role, Some((value.clone(), span)))];
        let api = Arc::clone(self.paths.text(path));
        self.record(Draft {
            kind: model.effect,
            api,
            target,
            data: value.deep_taint(),
            roles,
            devices: Vec::new(),
            span: self.statement,
        });
    }

    /// Records a write to an attribute of something without a path.
    pub(crate) fn emit_field_write(&mut self, name: &str, value: &Value, span: Span) {
        if self.paths.models().field_write(name).is_some() {
            let path = self.paths.get(&format!("?.{name}"));
            self.emit_write(path, name, value, span);
        }
    }

    /// Records that a handler returns a value to a browser or peer.
    pub(crate) fn emit_result(&mut self, sink: ResultSink, value: &Value) {
        if self.is_muted() {
            return;
        }
        self.react();
        let value = match &value.kind {
            // `return body, status, headers`
            Kind::Seq(seq) if self.is_python() => seq
                .items
                .borrow()
                .first()
                .cloned()
                .unwrap_or_else(|| value.clone()),
            // Maps become JSON, and things of an API know what they are.
            Kind::Map(_) | Kind::Instance(_) | Kind::Api(_) | Kind::Object(_) => return,
            _ => value.clone(),
        };
        if value.is_scalar() {
            return;
        }
        let span = self.statement;
        let role = if sink.kind == EffectKind::Html {
            "html"
        } else {
            "value"
        };
        let roles = vec![self.role(role, Some((value.clone(), span)))];
        let api: Arc<str> = format!("{} result", self.paths.text(sink.path)).into();
        self.record(Draft {
            kind: sink.kind,
            api,
            target: Target::None,
            data: value.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records code that is chosen by a value: an attribute of a module looked up by unknown text.
    pub(crate) fn emit_reflection(&mut self, object: &Value, key: &Value, span: Span) {
        let Kind::Api(path) = object.kind else { return };
        let api: Arc<str> = format!("{}[…]", self.paths.text(path)).into();
        let target = Target::Exact(self.paths.text(path).to_string());
        let roles = vec![self.role("name", Some((key.clone(), span)))];
        self.record(Draft {
            kind: EffectKind::DynamicCode,
            api,
            target,
            data: key.deep_taint(),
            roles,
            devices: vec![Device::Reflection],
            span,
        });
    }

    /// Records an import whose module is chosen by a value.
    pub(crate) fn emit_import(&mut self, name: &Value, span: Span) {
        let roles = vec![self.role("name", Some((name.clone(), span)))];
        let target = self.target(EffectKind::DynamicCode, name, span);
        self.react();
        self.record(Draft {
            kind: EffectKind::DynamicCode,
            api: "import".into(),
            target,
            data: name.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records code given as text.
    pub(crate) fn emit_code(&mut self, site: &Site<'_>, code: &Value, span: Span) {
        self.react();
        let roles = vec![self.role("code", Some((code.clone(), span)))];
        let devices = site
            .callee_taint
            .devices()
            .chain(code.taint.devices())
            .collect();
        let api = Arc::clone(self.paths.text(site.path));
        let target = match code.as_str() {
            Some(_) => Target::Exact("constant text".to_owned()),
            None => self.target(EffectKind::DynamicCode, &Value::unknown(Why::Name), span),
        };
        self.record(Draft {
            kind: EffectKind::DynamicCode,
            api,
            target,
            data: code.deep_taint(),
            roles,
            devices,
            span: site.span,
        });
    }

    /// Runs with effects marked as detached.
    pub(crate) fn detach<T>(&mut self, detached: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        self.detached += u32::from(detached);
        let out = run(self);
        self.detached -= u32::from(detached);
        out
    }

    /// Runs with what is put off run at once.
    pub(crate) fn at_once<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.at_once += 1;
        let out = run(self);
        self.at_once -= 1;
        out
    }

    /// Notes an assignment: literal credentials, and settings that a model knows.
    pub(crate) fn note_assignment(&mut self, t: &Tree, target: Exp, value: &Value, span: Span) {
        match t.expr(target) {
            Expr::Name(name) => {
                let text = self.text(*name);
                if self.frame.code.is_none() && self.call_free() {
                    let path = self.paths.get(&format!("global.{text}"));
                    if self.paths.node(path).write.is_some() {
                        self.emit_write(path, &text, value, span);
                    }
                }
                self.note_secret_named(&text, value, span);
            }
            Expr::Attr { name, .. } => {
                let text = self.text(*name);
                self.note_secret_named(&text, value, span);
            }
            _ => {}
        }
    }

    fn call_free(&self) -> bool {
        self.frame.name.is_empty()
    }

    /// Notes `{"password": "…"}` and `config["password"] = "…"`.
    pub(crate) fn note_secret_key(&mut self, key: &Value, value: &Value, span: Span) {
        if let (Some(key), Some(_)) = (key.as_str(), value.as_str()) {
            let key = Arc::clone(key);
            self.note_secret_named(&key, value, span);
        }
    }

    /// Records a literal that a name calls a credential.
    pub(crate) fn note_secret_named(&mut self, name: &str, value: &Value, span: Span) {
        let Some(text) = value.as_str() else { return };
        let is_named = self.names.label(name) == Some(Label::Credential);
        if text.len() < 3
            || self.is_muted()
            || !is_named && !crate::names::begins_like_token(text)
            || !super::built::is_plain(value)
        {
            return;
        }
        if span == Span::default() {
            return;
        }
        let name_role = Value::str(name);
        let roles = vec![
            self.role("value", Some((value.clone(), span))),
            self.role("name", Some((name_role, span))),
        ];
        let target = Target::Exact(name.to_owned());
        self.record(Draft {
            kind: EffectKind::Secret,
            api: if is_named { "literal" } else { "token" }.into(),
            target,
            data: Taint::NONE,
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records an SQL statement built from parts that goes to a function nobody has modelled: what
    /// takes a finished statement is there to run it.
    pub(crate) fn note_statement(&mut self, name: &str, args: &Args, span: Span) {
        let Some((query, at)) = args.pos.first() else {
            return;
        };
        if query
            .as_str()
            .is_some_and(|text| crate::names::begins_like_token(text))
        {
            self.note_secret_named(name, query, *at);
        }
        self.note_markup(query, *at);
        if !matches!(query.kind, Kind::Pattern(_)) || crate::names::only_passes_text(name) {
            return;
        }
        if !crate::value::text::skeleton(query).is_some_and(|s| crate::names::is_statement(&s)) {
            return;
        }
        self.react();
        let (query, at) = (query.clone(), *at);
        let params = args.pos.get(1).cloned();
        let roles = vec![
            self.role("query", Some((query.clone(), at))),
            self.role("params", params),
        ];
        let target = self.target(EffectKind::Sql, &query, at);
        let api: Arc<str> = format!("?.{name}").into();
        self.record(Draft {
            kind: EffectKind::Sql,
            api,
            target,
            data: query.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records a comparison that decides about access: a credential, or input against a literal.
    pub(crate) fn note_comparison(
        &mut self,
        t: &Tree,
        op: CompareOp,
        left: (Exp, &Value),
        right: (Exp, &Value),
        span: Span,
    ) {
        self.note_membership(t, op, left.1, right, span);
        self.note_trusted_cookie(op, left.1, right.1, span);
        if !matches!(
            op,
            CompareOp::Equal | CompareOp::NotEqual | CompareOp::Identical | CompareOp::NotIdentical
        ) || self.is_muted()
        {
            return;
        }
        let secret = |v: &Value| {
            v.taint.has(Label::Credential)
                || v.taint.has(Label::WeakHash)
                || v.taint.has(Label::Session)
                || self.is_mac(v)
        };
        if !secret(left.1) && !secret(right.1) {
            return self.note_compared_literal(t, left, right);
        }
        // Comparing with null or an empty text asks whether there is one, not which one.
        let trivial = |v: &Value| match &v.kind {
            Kind::Null | Kind::Undefined | Kind::Bool(_) | Kind::Int(_) => true,
            Kind::Str(text) => text.is_empty(),
            _ => false,
        };
        if trivial(left.1) || trivial(right.1) {
            return;
        }
        let roles = vec![
            self.role("left", Some((left.1.clone(), span))),
            self.role("right", Some((right.1.clone(), span))),
            self.role(
                "op",
                Some((Value::str(format!("{op:?}").to_lowercase()), span)),
            ),
        ];
        let data = left.1.deep_taint().merge(&right.1.deep_taint());
        self.record(Draft {
            kind: EffectKind::Check,
            api: "comparison".into(),
            target: Target::None,
            data,
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records a literal that is compared with a variable whose name calls it a credential, and whose
    /// own value is known as well.
    fn note_compared_literal(&mut self, t: &Tree, left: (Exp, &Value), right: (Exp, &Value)) {
        let named = match t.expr(left.0) {
            Expr::Name(name) | Expr::Attr { name, .. } => *name,
            _ => return,
        };
        if matches!(t.expr(right.0), Expr::Str(_)) && left.1.as_str().is_some() {
            let name = self.text(named);
            self.note_secret_named(&name, right.1, t.span(right.0));
        }
    }

    /// Whether a value is the code that proves who wrote a message.
    fn is_mac(&self, value: &Value) -> bool {
        let path = match &value.kind {
            Kind::Api(path) => *path,
            Kind::Instance(instance) => instance.path,
            _ => return false,
        };
        self.paths.text(path).ends_with(".HmacDigest")
    }

    pub(crate) fn guard_of(
        &mut self,
        t: &Tree,
        test: Exp,
        value: &Value,
    ) -> tares_model::effect::GuardClass {
        self.guard_class(t, test, value)
    }
}

/// What a logger of JavaScript writes: objects are printed with their line breaks escaped.
fn logged(value: &Value) -> Value {
    match &value.kind {
        Kind::Seq(seq) => {
            let items = seq.items.borrow().iter().map(logged).collect();
            let rest = seq.rest.borrow().as_ref().map(logged);
            Value::seq_with(seq.sort, items, rest)
        }
        Kind::Map(_) => {
            let taint = value.deep_taint().cleaned(SinkSet::of(Sink::Line));
            Value::unknown_with(Why::Operation, taint)
        }
        _ => value.clone(),
    }
}

/// Whether the name of what is called is written with letters that only look like others: letters
/// of a compatibility form, or of another alphabet beside Latin ones.
fn is_disguised(call: &str) -> bool {
    let callee = call.split('(').next().unwrap_or("");
    callee.split(|c: char| !c.is_alphanumeric() && c != '_').any(|name| {
        let latin = name.contains(|c: char| c.is_ascii_alphabetic());
        name.chars().any(|c| {
            let other = matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{531}'..='\u{587}');
            is_compatibility_letter(c) || (latin && other)
        })
    })
}

/// Whether a letter is another form of a common one (fullwidth, mathematical, enclosed, raised).
fn is_compatibility_letter(c: char) -> bool {
    matches!(
        c,
        'ª' | 'º'
            | '\u{1d2c}'..='\u{1d6a}'
            | '\u{2070}'..='\u{209c}'
            | '\u{2100}'..='\u{214f}'
            | '\u{2460}'..='\u{24ff}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{ff21}'..='\u{ff5a}'
            | '\u{1d400}'..='\u{1d7ff}'
    )
}

/// Returns what is quiet about an effect, whenever it happens.
fn quiet(effect: &Effect) -> impl Iterator<Item = &Stealth> {
    effect
        .stealth
        .iter()
        .filter(|stealth| **stealth != Stealth::ImportTime)
}

/// Whether two effects of one place do the same to the same with the same data.
fn same_act(a: &Effect, b: &Effect) -> bool {
    a.api == b.api && a.target == b.target && a.data == b.data && quiet(a).eq(quiet(b))
}

/// Whether two effects of one place say the same.
fn caller(effect: &Effect) -> &str {
    effect.site.as_ref().map_or("", |site| &site.caller)
}

fn alike(a: &Effect, b: &Effect) -> bool {
    a.api == b.api
        && caller(a) == caller(b)
        && a.target == b.target
        && a.data == b.data
        && quiet(a).eq(quiet(b))
        && a.concealment == b.concealment
        && a.guard.len() == b.guard.len()
        && a.roles.len() == b.roles.len()
        && a.roles
            .iter()
            .zip(&b.roles)
            .all(|(x, y)| x.shape == y.shape && x.labels == y.labels && x.clean == y.clean)
}
