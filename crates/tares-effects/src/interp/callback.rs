//! Functions that an API calls back, as its model says.

use super::Interp;
use super::args::Args;
use super::call::Site;
use super::function::Closure;
use crate::models::schema::Callback;
use crate::value::{Kind, SeqSort, Value, Why};
use std::rc::Rc;
use tares_model::Span;

impl Interp<'_> {
    /// Calls (now or later) a function that the library calls.
    pub(super) fn callback(&mut self, callback: &Callback, site: &Site<'_>) -> Option<Value> {
        let (function, _) = self.select(&callback.arg, site)?;
        let mut args = Args::default();
        let own = callback
            .arg
            .split('|')
            .find_map(|s| s.parse::<usize>().ok())
            .unwrap_or(0);
        for param in &callback.params {
            if self.is_absent(param, site) {
                continue;
            }
            let value = self.typed(param, site);
            if param == "*" || param == "arg:*" {
                args.pos.extend(site.args.pos.iter().skip(own + 1).cloned());
                let given = site.args.named.iter();
                let others = given.filter(|(n, ..)| !callback.arg.split('|').any(|s| s == &**n));
                args.named.extend(others.cloned());
            } else if let (Some(_), Kind::Map(_)) = (param.strip_prefix("spread:"), &value.kind) {
                args.spread_map(&value, site.span);
            } else if let (Some(_), Kind::Seq(seq)) = (param.strip_prefix("spread:"), &value.kind) {
                args.pos
                    .extend(seq.items.borrow().iter().map(|v| (v.clone(), site.span)));
            } else {
                args.pos.push((value, site.span));
            }
        }
        if callback
            .params
            .iter()
            .any(|param| param.starts_with("each:"))
        {
            return Some(self.call_for_each(&function, &args, site.span));
        }
        if callback.returned {
            return Some(self.call(&function, args, site.span));
        }
        for one in function.alternatives().to_vec() {
            match &one.kind {
                Kind::Func(_) if self.at_once > 0 => {
                    self.detach(callback.detached, |s| s.call(&one, args.clone(), site.span));
                }
                Kind::Func(closure) => {
                    let args = self.with_error(closure, callback, &args, site.span);
                    self.enqueue(&Rc::clone(closure), args, callback.detached);
                }
                Kind::Unknown(_) | Kind::Null | Kind::Undefined => {}
                Kind::Seq(seq) => {
                    for item in seq.items.borrow().iter() {
                        if let Kind::Func(closure) = &item.kind {
                            let args = self.with_error(closure, callback, &args, site.span);
                            self.enqueue(&Rc::clone(closure), args, callback.detached);
                        }
                    }
                }
                _ => {
                    self.detach(callback.detached, |s| s.call(&one, args.clone(), site.span));
                }
            }
        }
        None
    }

    /// Express hands the error first to a function of four parameters.
    fn with_error(
        &mut self,
        closure: &Closure,
        callback: &Callback,
        args: &Args,
        span: Span,
    ) -> Args {
        let takes = self.units[closure.unit as usize]
            .tree
            .func(closure.func)
            .params
            .len();
        let express = callback
            .params
            .first()
            .is_some_and(|first| first == "express.Request");
        let mut args = args.clone();
        if express && takes == 4 && callback.params.len() == 3 {
            let error = self.typed_at("label:error-detail", span);
            args.pos.insert(0, (error, span));
        }
        args
    }

    /// Calls a function once for each item of its first argument.
    pub(super) fn call_for_each(&mut self, function: &Value, args: &Args, span: Span) -> Value {
        let Some(over) = args.get(0).cloned() else {
            return Value::unknown(Why::Call);
        };
        let call = |s: &mut Self, item: Value| {
            let mut one = Args::of([item]);
            one.pos.extend(args.pos.iter().skip(1).cloned());
            s.call(function, one, span)
        };
        match self.items(&over).filter(|items| items.len() <= 64) {
            Some(items) => {
                let results = items.into_iter().map(|item| call(self, item)).collect();
                Value::seq(SeqSort::List, results)
            }
            None => {
                let item = self.item_of(&over);
                let result = call(self, item);
                Value::seq_with(SeqSort::List, Vec::new(), Some(result))
            }
        }
    }

    /// Whether a parameter stands for arguments that the call does not have.
    pub(super) fn is_absent(&mut self, param: &str, site: &Site<'_>) -> bool {
        let selector = param
            .strip_prefix("arg:")
            .or_else(|| param.strip_prefix("spread:"))
            .or_else(|| param.strip_prefix("each:"));
        let selector = selector.filter(|s| *s != "*" && site.args.is_closed());
        selector.is_some_and(|selector| self.select(selector, site).is_none())
    }
}
