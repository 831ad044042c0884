//! Go's builtins and the standard functions that only compute.

mod builtin;
mod format;
mod package;
mod text;
mod value;

use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::{Kind, Value};
use tares_model::Span;

/// Names that no scope defines: builtin functions, types that convert, and what the lowering
/// spells as a call.
pub(crate) fn is_builtin(name: &str) -> bool {
    builtin::is_number(name)
        || matches!(
            name,
            "append"
                | "cap"
                | "clear"
                | "close"
                | "copy"
                | "delete"
                | "len"
                | "make"
                | "max"
                | "min"
                | "panic"
                | "print"
                | "println"
                | "recover"
                | "string"
                | "bool"
                | "error"
                | "any"
                | "[]byte"
                | "[]rune"
                | "<-"
                | "chan<-"
                | "go"
                | "range"
                | "range key"
                | ".(type)"
                | "cgo"
                | "go:generate"
                | "go:embed"
                | "go:linkname"
        )
}

/// Folds a call of an API path.
pub(crate) fn call(
    interp: &mut Interp<'_>,
    path: &str,
    site: &Site<'_>,
    new: bool,
) -> Option<Value> {
    if new {
        return Some(value::made(interp, site));
    }
    let value = match path.rsplit_once('.') {
        None => builtin::call(interp, path, site),
        Some((package, name)) => package::call(interp, package, name, site),
    }?;
    let keeps = matches!(value.kind, Kind::Unknown(_) | Kind::Pattern(_));
    if keeps && !value.taint.labels().is_empty() {
        return Some(value);
    }
    Some(value)
}

/// Folds a method of a value.
pub(crate) fn method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    value::method(interp, receiver, name, args, span)
}
