//! Types of parameters: from annotations, handlers and telling names.

use super::call::Site;
use super::function::Closure;
use super::{Exp, Interp};
use crate::paths::PathId;
use crate::value::{Key, Kind, Taint, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{Expr, Param};
use tares_lang::{Sym, Tree};
use tares_model::effect::SinkSet;
use tares_model::{Label, LabelSet, Span};

impl Interp<'_> {
    /// Returns the value of a parameter that no caller has given.
    pub(crate) fn param_value(
        &mut self,
        t: &Tree,
        param: &Param,
        handler: Option<PathId>,
        i: usize,
        closure: &Rc<Closure>,
    ) -> Value {
        if self.is_java() {
            return self.java_param(t, param, handler, i, closure);
        }
        let span = t.span(param.pattern);
        let default = closure
            .defaults
            .get(i + usize::from(self.is_python() && closure.class.borrow().is_some()));
        let default = default.cloned().flatten();
        let annotated = param.annotation.and_then(|a| self.type_of_annotation(t, a));
        if let Some(given) = handler.and_then(|h| self.handler_param(h, i, span)) {
            // `db: Session = Depends(get_db)` is given by the framework, not by the user.
            let injected = default.as_ref().is_some_and(|d| self.is_injected(d));
            return match annotated {
                _ if injected => annotated.unwrap_or_else(|| Value::unknown(Why::Call)),
                Some(Value {
                    kind: kind @ Kind::Api(_),
                    taint,
                }) => Value { kind, taint },
                Some(number) if number.is_unknown() => {
                    number.tainted(&given.taint.cleaned(SinkSet::ALL))
                }
                _ if self.is_number_in_route(t, param, closure) => {
                    Value::unknown_with(Why::Parameter, given.taint.cleaned(SinkSet::ALL))
                }
                _ => given,
            };
        }
        if let Some(value) = annotated {
            return value;
        }
        if i == 0
            && let Some(value) = self.entry_param(t, param, closure, span)
        {
            return value;
        }
        let mut value = Value::unknown_with(Why::Parameter, Taint::label(Label::Parameter));
        let Expr::Name(name) = t.expr(param.pattern) else {
            return value;
        };
        let text = self.text(*name);
        if let Some(hinted) = self.hinted(&text, span) {
            return hinted;
        }
        let named = self.named_taint(&text, span);
        value = value.tainted(&named);
        match default {
            // An unsafe default is a statement of the definition itself.
            Some(default) if matches!(default.kind, Kind::Func(_) | Kind::Api(_)) => default,
            _ => value,
        }
    }

    /// Whether the route of a handler only lets a number through for a parameter:
    /// `@app.get("/orders/<int:order_id>")`.
    fn is_number_in_route(&mut self, t: &Tree, param: &Param, closure: &Closure) -> bool {
        let Expr::Name(name) = t.expr(param.pattern) else {
            return false;
        };
        let name = self.text(*name);
        let is_one = |converter: &str, text: &str| text.contains(&format!("<{converter}:{name}>"));
        t.exprs(t.func(closure.func).decorators).iter().any(|id| {
            let Expr::Call { args, .. } = t.expr(*id) else {
                return false;
            };
            let route = t.exprs(*args).first();
            route.is_some_and(|route| match t.expr(*route) {
                Expr::Str(text) => ["int", "float", "uuid"]
                    .iter()
                    .any(|converter| is_one(converter, text)),
                _ => false,
            })
        })
    }

    /// Returns what a framework gives to a function that it finds by its name: a cloud's handler, a
    /// route of Next, a loader of Remix or SvelteKit.
    fn entry_param(
        &mut self,
        t: &Tree,
        param: &Param,
        closure: &Rc<Closure>,
        span: Span,
    ) -> Option<Value> {
        let name = closure.name.rsplit('.').next().unwrap_or_default();
        match t.expr(param.pattern) {
            Expr::Name(own) if &*self.text(*own) == "event" => {
                let source = &self.units[closure.unit as usize].source;
                let handler = if self.is_python() {
                    matches!(name, "lambda_handler" | "handler")
                } else {
                    [
                        "exports.handler",
                        "export const handler",
                        "function handler",
                    ]
                    .iter()
                    .any(|word| source.contains(word))
                };
                handler.then(|| self.typed_at("label:user-input", span))
            }
            Expr::Name(_) if self.is_js() => {
                matches!(name, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")
                    .then(|| self.typed_at("next/server.NextRequest", span))
            }
            Expr::Map(_) if matches!(name, "loader" | "action" | "load" | "getServerSideProps") => {
                let request = self.typed_at("next/server.NextRequest", span);
                let sent = self.typed_at("label:user-input", span);
                let named = ["request", "params", "query", "url"];
                let entries = named.into_iter().map(|name| {
                    let value = if name == "request" { &request } else { &sent };
                    (Key::Text(name.into()), value.clone())
                });
                let rest = Value::unknown_with(Why::Parameter, Taint::label(Label::Parameter));
                Some(Value::map(entries.collect(), Some(rest)))
            }
            _ => None,
        }
    }

    fn is_injected(&self, default: &Value) -> bool {
        let path = match &default.kind {
            Kind::Instance(instance) => self.paths.text(instance.path),
            Kind::Api(path) => self.paths.text(*path),
            _ => return false,
        };
        path.contains("Depends") || path.contains("Security")
    }

    pub(super) fn handler_param(&mut self, handler: PathId, i: usize, span: Span) -> Option<Value> {
        let model = self.paths.node(handler).handler?;
        let spec = model.params.get(i).or(model.rest.as_ref())?;
        Some(self.typed_at(spec, span))
    }

    /// Returns a value for a type word of a model: `label:x`, `_`, `arg:x` or an API type.
    pub(crate) fn typed(&mut self, spec: &str, site: &Site<'_>) -> Value {
        if let Some(selector) = spec
            .strip_prefix("arg:")
            .or_else(|| spec.strip_prefix("spread:"))
            .or_else(|| spec.strip_prefix("each:"))
        {
            return self
                .select(selector, site)
                .map_or_else(|| Value::unknown(Why::Call), |(v, _)| v);
        }
        self.typed_at(spec, site.span)
    }

    pub(super) fn typed_at(&mut self, spec: &str, span: Span) -> Value {
        if let Some(label) = spec.strip_prefix("label:") {
            let Ok(label) = label.parse::<Label>() else {
                return Value::unknown(Why::Call);
            };
            let what = format!("this is {}", crate::names::describe(label));
            return Value::unknown_with(
                Why::Call,
                self.taint_here(LabelSet::of(label), span, &what),
            );
        }
        if spec == "_" {
            return Value::unknown(Why::Call);
        }
        let path = self.paths.get(spec);
        let taint = self.type_taint(path, span);
        Value {
            kind: Kind::Api(path),
            taint,
        }
    }

    pub(super) fn type_taint(&mut self, path: PathId, span: Span) -> Taint {
        let Some(kind) = self.paths.node(path).kind else {
            return Taint::NONE;
        };
        if kind.labels.is_empty() {
            return Taint::NONE;
        }
        let labels: LabelSet = kind.labels.iter().copied().collect();
        let what = format!("`{}` is {}", kind.name, crate::names::describe_all(labels));
        self.taint_here(labels, span, &what)
    }

    /// Returns the thing that a telling name stands for, such as `req` in a file that imports express.
    ///
    /// `nothing` among the packages means a file that imports nothing: a piece of a file.
    pub(crate) fn hinted(&mut self, name: &str, span: Span) -> Option<Value> {
        let kind = self
            .paths
            .models()
            .param(name)
            .iter()
            .find(|(_, needs)| {
                needs.is_empty()
                    || needs.iter().any(|p| self.packages.contains(p.as_str()))
                    || self.packages.is_empty() && needs.iter().any(|p| p == "nothing")
            })
            .map(|(kind, _)| kind.clone())?;
        let path = self.paths.get(&kind);
        let taint = self.type_taint(path, span);
        Some(Value {
            kind: Kind::Api(path),
            taint,
        })
    }

    /// Returns what `self.request` is in a piece of a class that does not say what it extends.
    pub(super) fn own_request(
        &mut self,
        object: &Value,
        object_name: Option<Sym>,
        name: Sym,
        span: Span,
    ) -> Option<Value> {
        let unknown = matches!(object.kind, Kind::Unknown(Why::Parameter));
        if !unknown || !self.is_python() || !self.packages.is_empty() {
            return None;
        }
        let own = &*self.text(object_name?) == "self" && &*self.text(name) == "request";
        own.then(|| self.hinted("request", span)).flatten()
    }

    /// Returns an instance of the type that an annotation names, if a model knows it.
    pub(crate) fn type_of_annotation(&mut self, t: &Tree, annotation: Exp) -> Option<Value> {
        if self.is_go() {
            return self.go_type(t, annotation);
        }
        if self.is_java() {
            return self.java_type(t, annotation);
        }
        let value = match t.expr(annotation) {
            Expr::Name(name) => self.lookup(*name)?,
            Expr::Attr { object, name } => {
                let object = match t.expr(*object) {
                    Expr::Name(name) => self.lookup(*name)?,
                    _ => return None,
                };
                let Kind::Api(path) = object.kind else {
                    return None;
                };
                let text = self.text(*name);
                let child = self.paths.child(path, &text);
                Value::new(Kind::Api(child))
            }
            Expr::Str(text) => {
                let name = self.interner.find(text)?;
                self.lookup(name)?
            }
            Expr::Index { object, .. } => return self.type_of_annotation(t, *object),
            _ => return None,
        };
        let span = t.span(annotation);
        match &value.kind {
            Kind::Api(path) => {
                let path = *path;
                let text = Arc::clone(self.paths.text(path));
                if matches!(
                    &*text,
                    "int"
                        | "float"
                        | "bool"
                        | "number"
                        | "boolean"
                        | "uuid.UUID"
                        | "decimal.Decimal"
                ) {
                    return Some(Value::unknown_with(
                        Why::Parameter,
                        Taint::label(Label::Parameter).cleaned(SinkSet::ALL),
                    ));
                }
                self.paths.node(path).kind?;
                let taint = self.type_taint(path, span);
                Some(Value {
                    kind: Kind::Api(path),
                    taint,
                })
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                (class.unit == 0 || !self.units[class.unit as usize].tree.classes.is_empty())
                    .then(|| self.sample(&class))
            }
            _ => None,
        }
    }
}
