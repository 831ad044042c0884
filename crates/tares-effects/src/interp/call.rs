//! Calls.

use super::args::Args;
use super::expr::last_name;
use super::function::Closure;
use super::scope::{Slot, State};
use super::{Exp, Interp};
use crate::models::schema::Call;
use crate::paths::PathId;
use crate::value::{Kind, SeqSort, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{Expr, Exprs};
use tares_lang::{Sym, Tree};
use tares_model::effect::label::Sink;
use tares_model::effect::{Label, SinkSet};
use tares_model::{LabelSet, Span};

/// A call of an API.
pub(crate) struct Site<'s> {
    pub(crate) path: PathId,
    pub(crate) receiver: Option<&'s Value>,
    pub(crate) args: &'s Args,
    pub(crate) callee_taint: &'s Taint,
    pub(crate) span: Span,
}

/// Whether a text or pattern that is replaced stands for line ends.
fn takes_line_ends(needle: &Value) -> bool {
    let text = match &needle.kind {
        Kind::Instance(made) => made.args.first().and_then(Value::as_str),
        _ => needle.as_str(),
    };
    text.is_some_and(|text| text.contains('\n') || text.contains("\\n") || text.contains("[^"))
}

impl Interp<'_> {
    pub(crate) fn call_expr(
        &mut self,
        t: &Tree,
        e: Exp,
        callee: Exp,
        args: Exprs,
        new: bool,
    ) -> Value {
        if self.is_java() {
            return self.java_call(t, e, callee, args, new);
        }
        if self.is_go() {
            return self.go_call(t, e, callee, args, new);
        }
        let span = t.span(e);
        let Expr::Attr { object, name } = t.expr(callee) else {
            let function = self.eval(t, callee);
            let args = self.args(t, args);
            if matches!(t.expr(callee), Expr::Super) {
                return self.super_call(args, span);
            }
            return self.call_new(&function, args, span, new);
        };
        let receiver_name = last_name(t, *object);
        if matches!(t.expr(*object), Expr::Super) || self.is_super_call(t, *object) {
            let args = self.args(t, args);
            return self.super_method(*name, args, span);
        }
        let receiver = self.eval(t, *object);
        let args = self.args(t, args);
        let text = self.text(*name);
        let first = args
            .get(0)
            .filter(|_| matches!(&*text, "replace" | "replaceAll" | "sub"));
        let one_line = first.is_some_and(takes_line_ends);
        let value = self.method(&receiver, receiver_name, *name, args, span, new);
        let opaque = matches!(
            value.kind,
            Kind::Unknown(_) | Kind::OneOf(_) | Kind::Instance(_) | Kind::Api(_)
        );
        if opaque && crate::names::is_question(&text) {
            let taint = value.taint.of_answer().cleaned(SinkSet::ALL);
            return Value::unknown_with(Why::Operation, taint);
        }
        if one_line {
            return super::branch::cleaned(&value, SinkSet::of(Sink::Line));
        }
        value
    }

    /// Evaluates arguments, laying out spreads.
    pub(crate) fn args(&mut self, t: &Tree, list: Exprs) -> Args {
        let mut args = Args::default();
        for &arg in t.exprs(list) {
            let span = t.span(arg);
            match t.expr(arg) {
                Expr::Keyword { name, value } => {
                    let value = self.eval(t, *value);
                    let name = self.text(*name);
                    self.note_secret_named(&name, &value, span);
                    self.note_any_address(&value, span);
                    args.named.push((name, value, span));
                }
                Expr::Spread(inner) => {
                    let mut value = self.eval(t, *inner);
                    if matches!(
                        value.kind,
                        Kind::Object(_) | Kind::Map(_) | Kind::Str(_) | Kind::Class(_)
                    ) && let Some(items) = self.items(&value)
                    {
                        value = Value::seq(SeqSort::Tuple, items);
                    }
                    args.spread(&value, span);
                }
                Expr::SpreadMap(inner) => {
                    let value = self.eval(t, *inner);
                    let value = self.as_mapping(&value);
                    args.spread_map(&value, span);
                }
                _ => {
                    let value = self.eval(t, arg);
                    self.note_any_address(&value, span);
                    args.pos.push((value, span));
                }
            }
        }
        args
    }

    /// Calls `receiver.name(args)`.
    pub(crate) fn method(
        &mut self,
        receiver: &Value,
        receiver_name: Option<Sym>,
        name: Sym,
        args: Args,
        span: Span,
        new: bool,
    ) -> Value {
        let text = self.text(name);
        if matches!(receiver.kind, Kind::Import(_)) {
            let known = self.force_for(receiver, &args);
            if !known.is_unknown() {
                return self.method(&known, receiver_name, name, args, span, new);
            }
            let unknown = Value::unknown_with(Why::Name, receiver.taint.clone());
            return self.call_member(&unknown, receiver_name, &text, &args, span);
        }
        if self.is_java()
            && let Some(value) = self.java_method(receiver, name, &args, span)
        {
            return value;
        }
        if self.is_js() && matches!(receiver.kind, Kind::Instance(_) | Kind::Object(_)) {
            // What listens is called besides what the method does otherwise.
            crate::fold::objects::listener(self, receiver, &text, &args, span);
        }
        if let Some(value) = crate::fold::method(self, receiver, &text, &args, span) {
            return value;
        }
        self.disturb(receiver, &text);
        if let Kind::OneOf(values) = &receiver.kind {
            let values: Vec<Value> = values
                .iter()
                .map(|v| self.method(v, receiver_name, name, args.clone(), span, new))
                .collect();
            return values
                .into_iter()
                .reduce(|a, b| join::join(&a, &b))
                .unwrap_or_else(|| Value::unknown(Why::Join));
        }
        let function = self.attr(receiver, receiver_name, name, span);
        match &function.kind {
            Kind::Api(path) if matches!(receiver.kind, Kind::Api(_) | Kind::Instance(_)) => {
                let site = Site {
                    path: *path,
                    receiver: Some(receiver),
                    args: &args,
                    callee_taint: &function.taint,
                    span,
                };
                self.call_api(&site, new)
            }
            Kind::Func(closure) if self.is_js() => {
                let closure = Rc::clone(closure);
                self.call_closure(&closure, Some(receiver.clone()), args, span)
            }
            Kind::Unknown(_) => self.call_member(receiver, receiver_name, &text, &args, span),
            _ => self.call_new(&function, args, span, new),
        }
    }

    /// Forgets what a container holds when a method that nobody knows was called on it.
    fn disturb(&mut self, receiver: &Value, name: &str) {
        if matches!(
            name,
            "index"
                | "count"
                | "copy"
                | "sort"
                | "indexOf"
                | "join"
                | "map"
                | "filter"
                | "reduce"
                | "find"
        ) {
            return;
        }
        match &receiver.kind {
            Kind::Seq(seq) if seq.sort != SeqSort::Tuple => {
                self.journal.touch(Slot::Seq(Rc::clone(seq)));
                let taint = receiver.deep_taint();
                seq.items.borrow_mut().clear();
                *seq.rest.borrow_mut() = Some(Value::unknown_with(Why::Operation, taint));
            }
            Kind::Map(map) if self.is_python() => {
                self.journal.touch(Slot::Map(Rc::clone(map)));
                let taint = receiver.deep_taint();
                map.entries.borrow_mut().clear();
                *map.rest.borrow_mut() = Some(Value::unknown_with(Why::Operation, taint));
            }
            _ => {}
        }
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, function: &Value, args: Args, span: Span) -> Value {
        self.call_new(function, args, span, false)
    }

    pub(crate) fn call_new(
        &mut self,
        function: &Value,
        args: Args,
        span: Span,
        new: bool,
    ) -> Value {
        // What is called may lead back to itself without any call that is written out, as an
        // object does whose class has it for its `__call__`.
        if !self.step() {
            return Value::unknown(Why::Fuel);
        }
        self.deeper(Value::unknown(Why::Fuel), |interp| {
            interp.call_value(function, args, span, new)
        })
    }

    fn call_value(&mut self, function: &Value, args: Args, span: Span, new: bool) -> Value {
        if self.is_shell() && !matches!(function.kind, Kind::Func(_)) {
            return crate::fold::command(self, function, &args, span);
        }
        if self.is_java()
            && let Some(value) = self.java_call_value(function, &args, span, new)
        {
            return value;
        }
        match &function.kind {
            Kind::Func(closure) => {
                let closure = Rc::clone(closure);
                if new && self.is_js() {
                    return self.construct_with(&closure, args, span);
                }
                self.call_closure(&closure, None, args, span)
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                if self.is_go() {
                    return self.go_make(&class, args, span);
                }
                self.instantiate(&class, args, span)
            }
            Kind::Bound(bound) => {
                let (receiver, method) = (&bound.0, &bound.1);
                match &method.kind {
                    Kind::Api(path) => {
                        let site = Site {
                            path: *path,
                            receiver: Some(receiver),
                            args: &args,
                            callee_taint: &function.taint,
                            span,
                        };
                        self.call_api(&site, new)
                    }
                    _ => {
                        let (receiver, method) = (receiver.clone(), method.clone());
                        self.call_bound(&receiver, &method, args)
                    }
                }
            }
            Kind::Partial(partial) => {
                let callee = partial.callee.clone();
                let all = partial.args.with(args);
                self.call(&callee, all, span)
            }
            Kind::Api(path) => {
                let site = Site {
                    path: *path,
                    receiver: None,
                    args: &args,
                    callee_taint: &function.taint,
                    span,
                };
                self.call_api(&site, new)
            }
            Kind::Instance(instance) => {
                let path = self.paths.result(instance.path);
                let site = Site {
                    path,
                    receiver: Some(function),
                    args: &args,
                    callee_taint: &function.taint,
                    span,
                };
                self.call_api(&site, false)
            }
            Kind::Import(_) => {
                let known = self.force_for(function, &args);
                if known.is_unknown() {
                    return self.call_unknown(function, &args);
                }
                self.call_new(&known, args, span, new)
            }
            Kind::Member(member) => {
                let member = Rc::clone(member);
                let name = self.text(member.name);
                if let Some(value) = crate::fold::method(self, &member.receiver, &name, &args, span)
                {
                    return value;
                }
                self.call_member(&member.receiver, member.receiver_name, &name, &args, span)
            }
            Kind::Map(map) if self.is_js() => match map.behind() {
                Some(crate::value::Behind::Proxy(target, handler)) => {
                    crate::fold::objects::call_proxy(self, &target, &handler, args, span, new)
                }
                _ => self.call_unknown(function, &args),
            },
            Kind::Object(_) => match self.special(function, "__call__", args.clone()) {
                Some(value) => value,
                None => self.call_unknown(function, &args),
            },
            Kind::OneOf(values) => {
                let values: Vec<Value> = values
                    .iter()
                    .map(|v| self.call_new(v, args.clone(), span, new))
                    .collect();
                values
                    .into_iter()
                    .reduce(|a, b| join::join(&a, &b))
                    .unwrap_or_else(|| Value::unknown(Why::Join))
            }
            _ => self.call_unknown(function, &args),
        }
    }

    /// `new f(…)` of a function of JavaScript.
    fn construct_with(&mut self, closure: &Rc<Closure>, args: Args, span: Span) -> Value {
        let object = Value::map(Vec::new(), None);
        if let (Kind::Map(map), Some(parent)) = (&object.kind, closure.field("prototype")) {
            map.set_behind(crate::value::Behind::Prototype(parent));
        }
        let made = self.call_closure(closure, Some(object.clone()), args, span);
        match made.kind {
            Kind::Map(_) | Kind::Object(_) => made,
            _ => object,
        }
    }

    /// Calls something without a model: labels pass, functions among the arguments may be called.
    pub(crate) fn call_unknown(&mut self, function: &Value, args: &Args) -> Value {
        if function.taint.has(Label::Parameter)
            || matches!(function.kind, Kind::Unknown(Why::Parameter))
        {
            self.react();
        }
        self.note_page("", args, self.statement);
        let taint = args.taint().merge(&function.taint.without_devices());
        self.call_back(args, &taint);
        self.lend(args);
        Value::unknown_with(Why::Call, taint)
    }

    /// Forgets that a container was empty once somebody unknown was handed it: what is handed out
    /// empty is there to be filled.
    pub(crate) fn lend(&mut self, args: &Args) {
        if !self.is_python() {
            return;
        }
        for value in args.values() {
            match &value.kind {
                Kind::Map(map)
                    if map.entries.borrow().is_empty() && map.rest.borrow().is_none() =>
                {
                    self.journal.touch(Slot::Map(Rc::clone(map)));
                    *map.rest.borrow_mut() = Some(Value::unknown(Why::Call));
                }
                Kind::Seq(seq)
                    if seq.sort != SeqSort::Tuple
                        && seq.items.borrow().is_empty()
                        && seq.rest.borrow().is_none() =>
                {
                    self.journal.touch(Slot::Seq(Rc::clone(seq)));
                    *seq.rest.borrow_mut() = Some(Value::unknown(Why::Call));
                }
                _ => {}
            }
        }
    }

    /// Gives functions among the arguments the labels of the other arguments.
    fn call_back(&mut self, args: &Args, taint: &Taint) {
        let labels = taint.labels().without(LabelSet::of(Label::Parameter));
        if labels.is_empty() {
            return;
        }
        for value in args.values() {
            if let Kind::Func(closure) = &value.kind {
                let given = Value::unknown_with(Why::Call, taint.clone());
                self.enqueue(&Rc::clone(closure), Args::of([given.clone(), given]), false);
            }
        }
    }

    /// Calls a method of a receiver whose type is not known.
    fn call_member(
        &mut self,
        receiver: &Value,
        receiver_name: Option<Sym>,
        name: &Arc<str>,
        args: &Args,
        span: Span,
    ) -> Value {
        if let Some(value) = self.method_on_unknown(receiver, name, args, span) {
            return value;
        }
        self.note_page(name, args, span);
        if let Some(models) = self.paths.models().methods(name) {
            let hint = receiver_name
                .map(|n| self.text(n).to_lowercase())
                .unwrap_or_default();
            let path = self.paths.get(&format!("?.{name}"));
            for model in models {
                if !model.receiver.is_empty()
                    && !model
                        .receiver
                        .iter()
                        .any(|r| crate::names::has_word(&hint, r))
                {
                    continue;
                }
                let site = Site {
                    path,
                    receiver: Some(receiver),
                    args,
                    callee_taint: &Taint::NONE,
                    span,
                };
                if self.model_applies(model, &site) {
                    return self.apply(model, &site);
                }
            }
        }
        if receiver.taint.has(Label::Parameter) {
            self.react();
        }
        self.note_statement(name, args, span);
        self.note_host_test(name, receiver_name, receiver, args.get(0), span);
        let mut taint = receiver.deep_taint().merge(&args.taint());
        if &**name == "keys" && args.len() == 0 {
            taint = crate::value::names_only(&taint);
        }
        // Mutable receivers keep what they are given: `hasher.update(secret)`.
        self.call_back(args, &taint);
        self.lend(args);
        let why = if matches!(receiver.kind, Kind::Unknown(Why::Parameter)) {
            Why::Parameter
        } else {
            Why::Call
        };
        Value::unknown_with(why, taint)
    }

    /// Promises and the like: what is chained to an unknown value runs on it.
    fn method_on_unknown(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        if self.is_python() {
            return None;
        }
        match name {
            "then" => {
                let callee = args.get(0)?.clone();
                let result = self.call(&callee, Args::of([receiver.clone()]), span);
                if let Some(rejected) = args.get(1).cloned() {
                    self.call(&rejected, Args::default(), span);
                }
                Some(result)
            }
            "catch" | "finally" => {
                if let Some(callee) = args.get(0).cloned() {
                    let reason = match &receiver.kind {
                        Kind::Instance(made)
                            if self.paths.text(made.path).starts_with("Promise.reject") =>
                        {
                            made.args.first().cloned()
                        }
                        _ => None,
                    };
                    let error = || Value::unknown_with(Why::Call, Taint::label(Label::ErrorDetail));
                    let reason = reason.unwrap_or_else(error);
                    self.call(&callee, Args::of([reason]), span);
                }
                Some(receiver.clone())
            }
            _ => None,
        }
    }

    /// Calls a thing of an API.
    pub(crate) fn call_api(&mut self, site: &Site<'_>, new: bool) -> Value {
        let path = Arc::clone(self.paths.text(site.path));
        let name = path.rsplit(['.', '/']).next().unwrap_or(&path);
        self.note_page(name, site.args, site.span);
        self.note_message_listener(&path, site.args, site.span);
        if let Some(value) = crate::fold::call(self, site, new) {
            return value;
        }
        // Taken out while it is followed: what replaces an API may lead back to it.
        if let Some(changed) = self.journal.overrides.remove(&site.path) {
            let value = self.call(&changed, site.args.clone(), site.span);
            self.journal.overrides.entry(site.path).or_insert(changed);
            return value;
        }
        self.call_modelled(site)
    }

    /// Calls a thing of an API by its models.
    pub(crate) fn call_modelled(&mut self, site: &Site<'_>) -> Value {
        if let Some(models) = self.paths.node(site.path).calls {
            let mut result: Option<Value> = None;
            for model in models {
                if self.model_applies(model, site) {
                    let mut value = self.apply(model, site);
                    if self.is_java() {
                        value = self.java_carried(value, site);
                    }
                    result = Some(result.map_or(value.clone(), |old| {
                        if old.is_unknown() { value } else { old }
                    }));
                }
            }
            if let Some(value) = result {
                return value;
            }
        }
        self.unmodelled(site)
    }

    fn unmodelled(&mut self, site: &Site<'_>) -> Value {
        let text = Arc::clone(self.paths.text(site.path));
        let name = text.rsplit(['.', '/']).next().unwrap_or(&text).to_owned();
        self.note_statement(&name, site.args, site.span);
        self.note_host_method(&text, &name, site);
        let mut taint = site.args.taint();
        if let Some(receiver) = site.receiver {
            taint = taint.merge(&receiver.deep_taint());
        }
        taint = taint.merge(&site.callee_taint.without_devices());
        if self.is_js() {
            let text = Arc::clone(self.paths.text(site.path));
            let (object, name) = text.rsplit_once('.').unwrap_or(("", &text));
            if matches!(name, "then" | "catch" | "finally") && !object.is_empty() {
                let receiver = site
                    .receiver
                    .cloned()
                    .unwrap_or_else(|| Value::unknown(Why::Call));
                if let Some(value) = self.method_on_unknown(&receiver, name, site.args, site.span) {
                    return value;
                }
            }
        }
        self.call_back(site.args, &taint);
        let result = self.paths.result(site.path);
        let text = self.paths.text(result);
        let root = crate::models::root_of(text);
        let known = self.paths.models().knows_root(root)
            || crate::fold::is_builtin(self.is_js(), root)
            || crate::fold::is_folded_module(self.is_js(), root)
            || text.ends_with("Error");
        if known || self.paths.node(result).kind.is_some() {
            return self.instance(result, site.args, taint);
        }
        self.lend(site.args);
        Value::unknown_with(Why::Call, taint)
    }

    /// Records what a modelled call does, and returns its result.
    pub(crate) fn apply(&mut self, model: &'static Call, site: &Site<'_>) -> Value {
        if let Some(kind) = model.effect {
            self.emit_call(model, kind, site);
        }
        let mut returned = None;
        for callback in &model.calls {
            if let Some(value) = self.callback(callback, site) {
                returned = Some(value);
            }
        }
        let mut taint = match &model.passes {
            None => {
                let own = site.receiver.map_or(Taint::NONE, Value::deep_taint);
                site.args.taint().merge(&own)
            }
            Some(selectors) => selectors
                .iter()
                .filter_map(|s| self.select(s, site))
                .fold(Taint::NONE, |taint, (value, _)| {
                    taint.merge(&value.deep_taint())
                }),
        };
        taint = taint.without_devices();
        if model.effect == Some(tares_model::EffectKind::Network) && model.passes.is_none() {
            // What comes back is not what was sent.
            taint = taint.of_answer();
        }
        if model.normalises {
            taint = taint.normalised();
        }
        if !model.labels.is_empty() {
            let labels: LabelSet = model.labels.iter().copied().collect();
            let what = format!(
                "`{}` gives {}",
                self.paths.text(site.path),
                crate::names::describe_all(labels)
            );
            taint = taint.merge(&self.taint_here(labels, site.span, &what));
        }
        if let Some((name, _)) = model.named.as_ref().and_then(|s| self.select(s, site))
            && let Kind::Str(name) = &name.kind
        {
            taint = taint.merge(&self.named_taint(name, site.span));
        }
        for selector in &model.keeps {
            if let (Some(receiver), Some((value, _))) = (site.receiver, self.select(selector, site))
            {
                self.keep(receiver, &value);
            }
        }
        // Last: what the function returns is safe wherever it comes from.
        if !model.clean.is_empty() {
            let sinks = model
                .clean
                .iter()
                .fold(SinkSet::NONE, |set, sink| set.union(SinkSet::of(*sink)));
            taint = taint.cleaned(sinks);
        }
        if let Some(value) = returned {
            return value.tainted(&taint);
        }
        match model.returns.as_deref() {
            Some("self") => site
                .receiver
                .cloned()
                .unwrap_or_else(|| Value::unknown(Why::Call))
                .tainted(&taint),
            Some(kind) => {
                let path = self.paths.get(kind);
                self.instance(path, site.args, taint)
            }
            None => {
                let result = self.paths.result(site.path);
                if self.paths.node(result).kind.is_some() {
                    return self.instance(result, site.args, taint);
                }
                if model.labels.is_empty() && !model.clean.is_empty() {
                    return Value::unknown_with(Why::Call, taint);
                }
                self.instance(result, site.args, taint)
            }
        }
    }

    /// Lets a thing of an API hold what it was handed: `params.set("t", token)`.
    fn keep(&mut self, receiver: &Value, value: &Value) {
        let Kind::Instance(instance) = &receiver.kind else {
            return;
        };
        let held = receiver.deep_taint().merge(&value.deep_taint());
        let slot = Slot::Instance(Rc::clone(instance), "<held>".into());
        let held = Value::unknown_with(Why::Call, held);
        self.journal.write(slot, State::Value(Some(held)));
    }
}
