//! What runs later, and what is kept for later: coroutines, context variables, queues and the
//! context managers that only hold something.

use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::{InstanceVal, Kind, SeqSort, Value};
use std::rc::Rc;
use std::sync::Arc;

/// The field of an instance that holds what was put into it.
const HELD: &str = "";

/// Folds a call.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    awaited(path, site.args)
        .or_else(|| kept(interp, path, site))
        .or_else(|| managed(interp, path, site))
}

/// A coroutine has run where it was called; these hand its value on.
fn awaited(path: &str, args: &Args) -> Option<Value> {
    match path.strip_prefix("asyncio.")? {
        "run"
        | "create_task"
        | "ensure_future"
        | "wait_for"
        | "shield"
        | "Loop.run_until_complete"
        | "Loop.create_task"
        | "run_coroutine_threadsafe"
        | "TaskGroup.create_task" => args.get(0).cloned(),
        "gather" | "as_completed" if args.more.is_none() => {
            let items = args.pos.iter().map(|(v, _)| v.clone());
            match (path, args.get(0)) {
                ("asyncio.as_completed", Some(list)) => Some(list.clone()),
                _ => Some(Value::seq(SeqSort::List, items.collect())),
            }
        }
        _ => None,
    }
}

/// Things that are put somewhere and taken out again.
fn kept(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    if path == "contextvars.ContextVar" {
        let value = interp.instance(site.path, args, args.taint());
        if let Some(default) = args.name("default") {
            hold(&value, default.clone());
        }
        return Some(value);
    }
    let (owner, name) = path.rsplit_once('.')?;
    let receiver = site.receiver?;
    let Kind::Instance(instance) = &receiver.kind else {
        return None;
    };
    match owner {
        "contextvars.ContextVar" => match name {
            "get" => held(instance).or_else(|| args.get(0).cloned()),
            "set" => {
                put(interp, instance, args.get(0)?.clone());
                Some(Value::new(Kind::Null))
            }
            _ => None,
        },
        "queue.Queue"
        | "queue.LifoQueue"
        | "queue.SimpleQueue"
        | "queue.PriorityQueue"
        | "asyncio.Queue"
        | "multiprocessing.Queue" => match name {
            "put" | "put_nowait" => {
                let item = args.get(0)?.clone();
                let all = match held(instance) {
                    Some(old) => crate::value::join::join(&old, &item),
                    None => item,
                };
                put(interp, instance, all);
                Some(Value::new(Kind::Null))
            }
            "get" | "get_nowait" => held(instance),
            _ => None,
        },
        _ => None,
    }
}

/// Context managers of the library that give what they were given.
fn managed(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    match path {
        "contextlib.nullcontext"
        | "contextlib.closing"
        | "contextlib.aclosing"
        | "asyncio.timeout" => args.get(0).cloned(),
        "contextlib.ExitStack.enter_context" | "contextlib.AsyncExitStack.enter_async_context" => {
            let manager = args.get(0)?.clone();
            let entered = interp.enter(&manager, site.span);
            interp.exit(&manager);
            Some(entered)
        }
        "contextlib.ExitStack.callback" | "weakref.finalize" => {
            let mut rest = args.clone();
            let skip = usize::from(path.starts_with("weakref"));
            if rest.pos.len() <= skip {
                return None;
            }
            rest.pos.drain(..skip);
            let (callee, _) = rest.pos.remove(0);
            interp.call(&callee, rest, site.span);
            Some(callee)
        }
        "contextlib.ExitStack.push" => {
            interp.exit(&args.get(0)?.clone());
            args.get(0).cloned()
        }
        _ => None,
    }
}

fn hold(value: &Value, held: Value) {
    if let Kind::Instance(instance) = &value.kind {
        instance.fields.borrow_mut().push((HELD.into(), held));
    }
}

fn held(instance: &InstanceVal) -> Option<Value> {
    let fields = instance.fields.borrow();
    let mut all = fields.iter().rev();
    all.find(|(name, _)| &**name == HELD)
        .map(|(_, v)| v.clone())
}

fn put(interp: &mut Interp<'_>, instance: &Rc<InstanceVal>, value: Value) {
    let slot = crate::interp::scope::Slot::Instance(Rc::clone(instance), Arc::from(HELD));
    interp
        .journal
        .write(slot, crate::interp::scope::State::Value(Some(value)));
}
