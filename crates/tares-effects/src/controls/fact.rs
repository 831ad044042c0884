//! What stands in a function, as far as controls are made of it.

use tares_model::Span;

/// A function and what stands in it; the first one is the module.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Dotted name; of a route its registration: `app.get(/x)`.
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) params: Vec<String>,
    /// Parameters with their declared types.
    pub(super) types: Vec<(String, String)>,
    pub(super) facts: Vec<Fact>,
}

/// One thing that stands in a function.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) what: What,
    pub(super) span: Span,
    pub(super) statement: Span,
    /// Conditions around it, outermost first, without those of the function around.
    pub(super) conditions: Vec<Span>,
    /// Inside a handler of errors.
    pub(super) in_handler: bool,
    /// In a `try` whose handlers do nothing.
    pub(super) swallowed: bool,
    /// Part of a condition or of what is returned.
    pub(super) decides: bool,
    /// Name, key or parameter that takes the value.
    pub(super) slot: String,
}

/// What a fact is.
#[derive(Debug)]
pub(super) enum What {
    /// A call, or a function that is handed to a registration.
    Call {
        callee: String,
        awaited: bool,
        /// Nothing takes the result.
        bare: bool,
    },
    /// `return`, with the span of its value.
    Return(Option<Span>),
    /// `raise`, `throw`.
    Raise,
    /// A comparison of which a side is a piece of something, or a test of how a text begins.
    PartCompare { begins: bool },
    /// A choice whose result is fixed: `x && false`.
    Fixed,
    /// Text.
    Text(String),
    /// Pattern of a regular expression.
    Regex(String),
    /// `key: value` of a map, keyword or field that is set, with its literal value.
    Entry {
        value: Span,
        literal: Option<String>,
    },
    /// A function put into a named place: `module.name = function`.
    Replaced(String),
    /// A number near one that something is multiplied by.
    Scaled,
    /// A few hundredths that are taken off.
    Nudged,
    /// `a if b else c`: spans of both values.
    Choice(Span, Span),
}
