//! Names of a module searched by a test: `Object.keys(m).find(name => name === "f")`.
//!
//! What a module holds is not known here, but a test that is to find something names it. So the
//! texts that stand in the test are tried in turn.

use super::list;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::{Kind, Taint, Value};
use std::sync::Arc;
use tares_lang::tree::Expr;
use tares_model::effect::Device;

/// Texts of a test that are tried.
const MAX_NAMES: usize = 8;

/// Folds `find` and `filter` on the names, or the entries, of a module.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let (listing, method) = path.rsplit_once("().")?;
    let entries = match listing {
        "Object.entries" => true,
        "Object.keys" | "Object.getOwnPropertyNames" | "Reflect.ownKeys" => false,
        _ => return None,
    };
    if !matches!(method, "find" | "filter") {
        return None;
    }
    let Kind::Instance(listed) = &site.receiver?.kind else {
        return None;
    };
    let module = listed.args.first()?.clone();
    if !matches!(module.kind, Kind::Api(_) | Kind::Module(_)) {
        return None;
    }
    let test = site.args.get(0)?.clone();
    let mut found = Vec::new();
    for name in names_in(interp, &test)? {
        let name = Value::str(name);
        let item = if entries {
            let value = interp.attr_by_text(&module, &name, site.span);
            let value = value.tainted(&Taint::device(Device::Reflection));
            list(vec![name, value])
        } else {
            name.tainted(&Taint::device(Device::Transformed))
        };
        let answer = interp.call(&test, Args::of([item.clone()]), site.span);
        if interp.truth(&answer) == Some(true) {
            found.push(item);
        }
    }
    if method == "find" {
        found.into_iter().next()
    } else {
        (!found.is_empty()).then(|| list(found))
    }
}

/// Returns the texts that stand in a function.
fn names_in(interp: &Interp<'_>, test: &Value) -> Option<Vec<Arc<str>>> {
    let Kind::Func(closure) = &test.kind else {
        return None;
    };
    let tree = &interp.units[closure.unit as usize].tree;
    let span = tree.funcs.get(closure.func.0 as usize)?.span;
    let inside = tree
        .exprs
        .iter()
        .zip(&tree.expr_spans)
        .filter(|(_, at)| span.start <= at.start && at.end <= span.end);
    let texts = inside.filter_map(|(expr, _)| match expr {
        Expr::Str(text) if !text.is_empty() && text.len() <= 80 => Some(Arc::clone(text)),
        _ => None,
    });
    Some(texts.take(MAX_NAMES).collect())
}
