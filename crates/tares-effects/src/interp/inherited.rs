//! Calls of what a class inherits: `super`, and the methods that the language gives to every class.

use super::args::Args;
use super::call::Site;
use super::{Exp, Interp};
use crate::value::{Kind, Taint, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::Expr;
use tares_lang::{Sym, Tree};
use tares_model::Span;

impl Interp<'_> {
    pub(super) fn is_super_call(&self, t: &Tree, object: Exp) -> bool {
        match t.expr(object) {
            Expr::Call { callee, .. } => {
                matches!(t.expr(*callee), Expr::Name(n) if &**self.interner.name(*n) == "super")
            }
            _ => false,
        }
    }

    pub(super) fn super_call(&mut self, args: Args, span: Span) -> Value {
        let name = self.interner.intern("constructor");
        self.super_method(name, args, span)
    }

    pub(super) fn super_method(&mut self, name: Sym, args: Args, span: Span) -> Value {
        let Some(class) = self.frame.class.clone() else {
            return self.call_unknown(&Value::unknown(Why::Name), &args);
        };
        let this = self
            .frame
            .this
            .clone()
            .unwrap_or_else(|| Value::unknown(Why::Parameter));
        let method = match &this.kind {
            Kind::Object(object) => object.class.after(&class, name),
            Kind::Class(own) => own.after(&class, name),
            _ => class.inherited(name),
        };
        if let Some(method) = method {
            return self.call_bound(&this, &method, args);
        }
        let base = self.base_text(&class).unwrap_or_else(|| "object".into());
        let text = self.text(name);
        if let Some(value) = self.basic_method(&base, &text, &this, &args, span) {
            return value;
        }
        if let Some(base) = class.api_base() {
            let text = self.text(name);
            let path = if matches!(&*text, "__init__" | "constructor") {
                base
            } else {
                self.paths.child(base, &text)
            };
            let site = Site {
                path,
                receiver: Some(&this),
                args: &args,
                callee_taint: &Taint::NONE,
                span,
            };
            return self.call_api(&site, false);
        }
        self.call_unknown(&Value::unknown(Why::Name), &args)
    }

    /// The methods that `object`, `type` and the builtin containers give to every class.
    pub(crate) fn basic_method(
        &mut self,
        base: &str,
        name: &str,
        this: &Value,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        let null = Some(Value::new(Kind::Null));
        if super::protocol::is_container(base) {
            match (&this.kind, name) {
                (Kind::Object(object), "__init__" | "constructor") => {
                    let class = Rc::clone(&object.class);
                    self.fill_inner(&class, this, args);
                    return null;
                }
                (Kind::Object(_), _) if name != "__new__" => {
                    let name = self.interner.intern(name);
                    let inner = self.inner(this)?;
                    return Some(self.method(&inner, None, name, args.clone(), span, false));
                }
                _ => {}
            }
        }
        match (base, name) {
            ("type", "__new__") => {
                let mut rest = args.clone();
                if rest.pos.is_empty() {
                    return None;
                }
                let (metaclass, at) = rest.pos.remove(0);
                rest.pos.truncate(3);
                rest.pos.push((metaclass, at));
                self.make_class(&rest)
            }
            ("type", "__call__") => {
                let Kind::Class(class) = &this.kind else {
                    return None;
                };
                let class = Rc::clone(class);
                Some(self.make_instance(&class, args.clone(), span))
            }
            (_, "__new__") => {
                let Kind::Class(class) = &args.get(0)?.kind else {
                    return None;
                };
                let class = Rc::clone(class);
                let object = super::record::new_object(&class);
                let mut rest = args.clone();
                rest.pos.remove(0);
                self.fill_inner(&class, &object, &rest);
                Some(object)
            }
            ("type" | "object", "__init__" | "__init_subclass__" | "__set_name__") => null,
            ("type" | "object", "__setattr__") => {
                let name = self.interner.intern(&Arc::clone(args.get(0)?.as_str()?));
                self.put_attr(this, name, args.get(1)?.clone(), span);
                null
            }
            ("type" | "object", "__getattribute__") => {
                let name = self.interner.intern(&Arc::clone(args.get(0)?.as_str()?));
                self.field(this, name)
            }
            _ => None,
        }
    }
}
