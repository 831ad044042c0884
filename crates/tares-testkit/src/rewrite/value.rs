//! Rewrites of constants.

use super::Rewritten;
use super::edit::Edits;
use super::quote::{halves, quote};
use super::scene::Scene;
use tares_lang::tree::{Expr, ExprId, Stmt};

/// A constant that matters.
pub(super) struct Constant {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Value,
}

pub(super) enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Null,
}

/// `True` as `(1 == 1)`, `511` as `(510 + 1)`.
pub(super) fn folding(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| match constant.value {
        Value::Bool(true) => Some("(1 == 1)".to_owned()),
        Value::Bool(false) => Some("(1 == 2)".to_owned()),
        Value::Int(number) => Some(format!("({} + 1)", number.checked_sub(1)?)),
        Value::Text(_) | Value::Null => None,
    })
}

/// `[None, True][1]`.
pub(super) fn list(scene: &Scene<'_>) -> Option<Rewritten> {
    wrap(
        scene,
        if scene.is_python() {
            "[None, "
        } else {
            "[null, "
        },
        "][1]",
    )
}

/// `{"k": True}["k"]`.
pub(super) fn map(scene: &Scene<'_>) -> Option<Rewritten> {
    wrap(scene, "({\"k\": ", "})[\"k\"]")
}

/// The default of a parameter.
pub(super) fn default(scene: &Scene<'_>) -> Option<Rewritten> {
    if scene.is_python() {
        wrap(scene, "(lambda v=", ": v)()")
    } else {
        wrap(scene, "((v = ", ") => v)()")
    }
}

/// The field of a class.
pub(super) fn class(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, indent| {
        let (declaration, use_) = if scene.is_python() {
            (
                format!("class {name}:\n{indent}    kept = {value}"),
                format!("{name}.kept"),
            )
        } else {
            (
                format!("class {name} {{ get kept() {{ return {value}; }} }}"),
                format!("new {name}().kept"),
            )
        };
        (declaration, use_)
    })
}

/// A constant of the module, before whatever holds the call.
pub(super) fn distant(scene: &Scene<'_>) -> Option<Rewritten> {
    above(scene, |name, value| {
        if scene.is_python() {
            (format!("{name} = {value}"), name.to_owned())
        } else {
            (format!("const {name} = {value};"), name.to_owned())
        }
    })
}

/// `"".join(["sh", "ell"])`.
pub(super) fn joined(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let (first, second) = halves(text);
        let items = format!("[{}, {}]", quote(first), quote(second));
        if scene.is_python() {
            format!("\"\".join({items})")
        } else {
            format!("{items}.join(\"\")")
        }
    })
}

/// `"llehs"[::-1]`.
pub(super) fn reversed(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let reversed = quote(&text.chars().rev().collect::<String>());
        if scene.is_python() {
            format!("{reversed}[::-1]")
        } else {
            format!("{reversed}.split(\"\").reverse().join(\"\")")
        }
    })
}

/// `bytes.fromhex("7368").decode()`.
pub(super) fn decoded(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        if scene.is_python() {
            format!("bytes.fromhex(\"{hex}\").decode()")
        } else {
            format!("Buffer.from(\"{hex}\", \"hex\").toString()")
        }
    })
}

/// Rewrites every text constant of two characters or more.
pub(super) fn text(scene: &Scene<'_>, write: impl Fn(&str) -> String) -> Option<Rewritten> {
    replace(scene, |constant| match &constant.value {
        // Beyond ASCII the languages count and turn characters in different units.
        Value::Text(text) if text.len() > 1 && text.is_ascii() => Some(write(text)),
        _ => None,
    })
}

pub(super) fn replace(
    scene: &Scene<'_>,
    write: impl Fn(&Constant) -> Option<String>,
) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for constant in constants(scene) {
        if let Some(text) = write(&constant) {
            edits.replace(constant.start, constant.end, text);
        }
    }
    scene.finish(edits)
}

pub(super) fn wrap(scene: &Scene<'_>, before: &str, after: &str) -> Option<Rewritten> {
    replace(scene, |constant| {
        Some(format!(
            "{before}{}{after}",
            &scene.source[constant.start..constant.end]
        ))
    })
}

/// Puts a declaration before the statement of each constant and uses it there.
pub(super) fn before(
    scene: &Scene<'_>,
    write: impl Fn(&str, &str, &str) -> (String, String),
) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, constant) in constants(scene).iter().enumerate() {
        let Some(line) = scene
            .line_around(constant.start, constant.end)
            .filter(|line| !scene.is_in_class_body(line.start))
        else {
            continue;
        };
        let value = written(scene, constant);
        let (declaration, use_) = write(&scene.fresh(number), &value, &line.indent);
        edits.insert(line.start, format!("{declaration}\n{}", line.indent));
        edits.replace(constant.start, constant.end, use_);
    }
    scene.finish(edits)
}

/// Puts a declaration before the module's statement around each constant and uses it there.
pub(super) fn above(
    scene: &Scene<'_>,
    write: impl Fn(&str, &str) -> (String, String),
) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, constant) in constants(scene).iter().enumerate() {
        let (declaration, use_) = write(&scene.fresh(number), &written(scene, constant));
        edits.insert(top_of(scene, constant.start)?, format!("{declaration}\n"));
        edits.replace(constant.start, constant.end, use_);
    }
    scene.finish(edits)
}

/// Returns a constant as it is written; one of several lines in brackets, as it was in the call.
fn written(scene: &Scene<'_>, constant: &Constant) -> String {
    let text = &scene.source[constant.start..constant.end];
    if text.contains('\n') {
        format!("({text})")
    } else {
        text.to_owned()
    }
}

/// Returns the start of the module's statement around a place, decorators and comments included.
fn top_of(scene: &Scene<'_>, place: usize) -> Option<usize> {
    let body = scene.tree.block(scene.tree.body);
    let spans = body.iter().map(|id| scene.tree.stmt_span(*id));
    let holds = |start: u32, end: u32| start as usize <= place && place < end as usize;
    let span = spans.into_iter().find(|span| holds(span.start, span.end))?;
    let mut start = scene.source[..span.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    if !scene.source[start..span.start as usize].trim().is_empty() && scene.is_python() {
        return None;
    }
    // A decorator above belongs to what follows it.
    while let Some(above) = scene.source[..start].strip_suffix('\n') {
        let line = above.rfind('\n').map_or(0, |at| at + 1);
        if !above[line..].starts_with('@') {
            break;
        }
        start = line;
    }
    Some(start)
}

/// Returns the constants that matter, each once: among the arguments of calls, in the values of
/// assignments, in conditions.
fn constants(scene: &Scene<'_>) -> Vec<Constant> {
    let calls = scene.calls();
    let arguments = calls
        .iter()
        .map(|call| (call.open, call.end.saturating_sub(1)));
    let values = scene.tree.stmts.iter().filter_map(|statement| {
        let (Stmt::Assign { value: id, .. } | Stmt::If { test: id, .. }) = statement else {
            return None;
        };
        Some(scene.range(*id)).filter(|(start, _)| scene.is_focus(*start))
    });
    let mut constants: Vec<Constant> = arguments
        .chain(values)
        .flat_map(|(start, end)| scene.inside(start, end))
        .filter_map(|id| constant(scene, id))
        .collect();
    constants.sort_by_key(|constant| (constant.start, constant.end));
    constants.dedup_by_key(|constant| (constant.start, constant.end));
    constants
}

fn constant(scene: &Scene<'_>, id: ExprId) -> Option<Constant> {
    let ((start, end), text) = (scene.range(id), scene.text(id));
    let written = |words: [&str; 2]| words.contains(&text);
    let value = match scene.tree.expr(id) {
        Expr::Bool(value) if written(["True", "true"]) || written(["False", "false"]) => {
            Value::Bool(*value)
        }
        Expr::Int(value) if text.starts_with(|c: char| c.is_ascii_digit()) => Value::Int(*value),
        Expr::Str(value) if is_quoted(text) => Value::Text(value.to_string()),
        Expr::Null if written(["None", "null"]) => Value::Null,
        _ => return None,
    };
    // Inside a template, a function or markup the text is not a place for an expression.
    let carried = scene.is_within(start, end, |expr| {
        matches!(
            expr,
            Expr::Template(_) | Expr::TaggedTemplate { .. } | Expr::Element { .. } | Expr::Func(_)
        )
    });
    let key = !scene.is_python() && scene.source[end..].trim_start().starts_with(':');
    (!carried && !key).then_some(Constant { start, end, value })
}

fn is_quoted(text: &str) -> bool {
    let quote = |c: char| c == '"' || c == '\'';
    text.ends_with(quote)
        && text
            .trim_start_matches(['r', 'R', 'u', 'U'])
            .starts_with(quote)
}
