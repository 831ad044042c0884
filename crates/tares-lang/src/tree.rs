//! The neutral tree: the one shape in which every language reaches the interpreter.
//!
//! Nodes live in arenas of one [`Tree`] and are named by small ids. Lists of nodes are
//! ranges of a shared vector. Every expression and statement has its span.

use crate::{Language, Sym};
use std::sync::Arc;
pub use tares_model::Span;

/// Names an expression of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExprId(pub u32);

/// Names a statement of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StmtId(pub u32);

/// Names a function of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FuncId(pub u32);

/// Names a class of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClassId(pub u32);

/// A list of expressions: a range of [`Tree::expr_lists`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exprs {
    /// First index.
    pub start: u32,
    /// Number of items.
    pub len: u32,
}

/// A list of statements: a range of [`Tree::stmt_lists`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Block {
    /// First index.
    pub start: u32,
    /// Number of items.
    pub len: u32,
}

/// One file as a neutral tree.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Language of the file.
    pub language: Language,
    /// Statements of the module.
    pub body: Block,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Spans of the expressions, same index.
    pub expr_spans: Vec<Span>,
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// Spans of the statements, same index.
    pub stmt_spans: Vec<Span>,
    /// Storage of expression lists.
    pub expr_lists: Vec<ExprId>,
    /// Storage of blocks.
    pub stmt_lists: Vec<StmtId>,
    /// Functions, lambdas and methods.
    pub funcs: Vec<Func>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Comments, in order: span of the whole comment, markers included.
    pub comments: Vec<Span>,
    /// What could not be understood; everything around it was.
    pub errors: Vec<ErrorNode>,
}

/// A stretch of source that gave no tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorNode {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: ErrorReason,
}

/// Why a stretch gave no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorReason {
    /// The grammar does not accept it. What could be recovered inside was lowered.
    Syntax,
    /// Nested deeper than the limit; nothing below was lowered.
    Depth,
    /// The parser gave up after its step budget.
    Budget,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A name.
    Name(Sym),
    /// `this`, `self` is a plain name in Python.
    This,
    /// `super` as a receiver.
    Super,
    /// Known text, escapes decoded.
    Str(Arc<str>),
    /// Known bytes.
    Bytes(Arc<[u8]>),
    /// Integer that fits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Whole number above 64 bits: its bytes, the highest first.
    Large(Arc<[u8]>),
    /// true, false.
    Bool(bool),
    /// None, null.
    Null,
    /// undefined, void 0.
    Undefined,
    /// `...` as a value.
    Ellipsis,
    /// f-string or template literal: the parts in order, literal text as `Str`.
    Template(Exprs),
    /// Tagged template: the tag, then the parts of the template.
    TaggedTemplate {
        /// The tag function.
        tag: ExprId,
        /// Texts and values in turns, a text (maybe an empty one) first and last.
        parts: Exprs,
    },
    /// Regular-expression literal: pattern and flags, both as written.
    Regex {
        /// Between the slashes.
        pattern: Arc<str>,
        /// After them.
        flags: Arc<str>,
    },
    /// List or array; items may be `Spread`. A hole is `Undefined`.
    List(Exprs),
    /// Tuple.
    Tuple(Exprs),
    /// Set.
    Set(Exprs),
    /// Dict or object literal. Items are `Pair`, `Spread`, or `Method`-like pairs whose value is `Func`.
    Map(Exprs),
    /// `key: value` of a `Map`. A plain JS key is a `Str`; a computed key any expression.
    Pair {
        /// Key.
        key: ExprId,
        /// Value.
        value: ExprId,
    },
    /// `object.name`, `object?.name`.
    Attr {
        /// Receiver.
        object: ExprId,
        /// Attribute.
        name: Sym,
    },
    /// `object[index]`.
    Index {
        /// Receiver.
        object: ExprId,
        /// Index; `Slice` for slices.
        index: ExprId,
    },
    /// `low:high:step` inside an index; absent parts are `Null`.
    Slice {
        /// Lower bound.
        low: ExprId,
        /// Upper bound.
        high: ExprId,
        /// Step.
        step: ExprId,
    },
    /// Call. Arguments are expressions, `Keyword`, `Spread` or `SpreadMap`.
    Call {
        /// What is called.
        callee: ExprId,
        /// Arguments in order.
        args: Exprs,
        /// Whether it is `new callee(args)`.
        new: bool,
    },
    /// `name=value` among arguments.
    Keyword {
        /// Name.
        name: Sym,
        /// Value.
        value: ExprId,
    },
    /// `*x`, `...x`.
    Spread(ExprId),
    /// `**x` among arguments, `**x` or `...x` among the items of a `Map`.
    SpreadMap(ExprId),
    /// Prefix operator.
    Unary {
        /// Operator.
        op: UnaryOp,
        /// Operand.
        operand: ExprId,
    },
    /// Two-sided operator without short circuit.
    Binary {
        /// Operator.
        op: BinaryOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// Comparison chain `a < b < c`, as pairs joined by `and`; one pair in most languages.
    Compare {
        /// Operator.
        op: CompareOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// `and`, `or`, `??`.
    Logic {
        /// Operator.
        op: LogicOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// `a if test else b`, `test ? a : b`.
    Cond {
        /// Condition.
        test: ExprId,
        /// Value if it holds.
        then: ExprId,
        /// Value if not.
        other: ExprId,
    },
    /// Lambda, arrow function, function expression, method value.
    Func(FuncId),
    /// Class expression.
    Class(ClassId),
    /// Comprehension or generator expression.
    Comprehension {
        /// What it builds.
        kind: ComprehensionKind,
        /// Element; a `Pair` for maps.
        element: ExprId,
        /// Clauses in order, outermost first.
        clauses: Exprs,
    },
    /// `for target in iter` or `if test` of a comprehension (`target` is `None` for `if`).
    Clause {
        /// Target pattern.
        target: Option<ExprId>,
        /// Iterated value or condition.
        value: ExprId,
    },
    /// Assignment as an expression: walrus, JS assignment, or `pattern = default` in a pattern.
    Assign {
        /// Target pattern.
        target: ExprId,
        /// Operator of `+=` and the like.
        op: Option<BinaryOp>,
        /// Value.
        value: ExprId,
    },
    /// `await x`.
    Await(ExprId),
    /// `yield x`, `yield* x`, `yield from x`; absent value is `Null`.
    Yield(ExprId),
    /// `a, b` of JavaScript: the last one is the value.
    Sequence(Exprs),
    /// `import(x)` and `require` stays a call; this is only `import(x)`.
    ImportCall(ExprId),
    /// `import.meta`, `new.target`.
    Meta,
    /// JSX element: tag (a `Str` for intrinsic ones, an expression otherwise), attributes as a
    /// `Map`, children.
    Element {
        /// Tag.
        tag: ExprId,
        /// Attributes.
        attributes: ExprId,
        /// Children.
        children: Exprs,
    },
    /// `(T) x` of Java. As a target of an assignment it declares the name with that type.
    Cast {
        /// The type, as an expression that names it.
        kind: ExprId,
        /// The value, or the name.
        value: ExprId,
    },
    /// Something without a shape of its own; its children are evaluated in order, the value is unknown.
    Other(Exprs),
}

/// Prefix operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`, `!`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
    /// `~`.
    Invert,
    /// `typeof`.
    TypeOf,
    /// `void`.
    Void,
    /// `delete`.
    Delete,
}

/// Two-sided operators without short circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    BitAnd,
    BitOr,
    BitXor,
    MatMul,
    /// Logical assignment `||=`; `And` and `Coalesce` likewise.
    LogicOr,
    LogicAnd,
    Coalesce,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum CompareOp {
    Equal,
    NotEqual,
    /// `===` of JavaScript, `is` of Python.
    Identical,
    /// `!==`, `is not`.
    NotIdentical,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    InstanceOf,
}

/// Operators with short circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogicOp {
    And,
    Or,
    Coalesce,
}

/// What a comprehension builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ComprehensionKind {
    List,
    Set,
    Map,
    Generator,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Stmt {
    /// Expression for its effect.
    Expr(ExprId),
    /// `a = b = value`, `const a = value`, `a += value`. Targets are patterns. A declaration
    /// without a value has `Undefined` as value.
    Assign {
        /// Targets, in source order.
        targets: Exprs,
        /// Operator of `+=` and the like.
        op: Option<BinaryOp>,
        /// Value.
        value: ExprId,
        /// Type annotation, if there is one.
        annotation: Option<ExprId>,
        /// `let`, `const`, `class`: scoped to the block. False for `var` and Python.
        declares: bool,
    },
    /// Function declaration.
    Func(FuncId),
    /// Class declaration.
    Class(ClassId),
    /// `if`; `elif` is an `If` in `other`.
    If {
        /// Condition.
        test: ExprId,
        /// If it holds.
        then: Block,
        /// If not.
        other: Block,
    },
    /// `while`, `do … while`, three-part `for` (its step stands at the end of `body`).
    While {
        /// Condition.
        test: ExprId,
        /// Body.
        body: Block,
        /// Python's `else`.
        other: Block,
        /// Whether the body runs before the first test.
        test_last: bool,
    },
    /// `for target of iter`.
    For {
        /// Target pattern.
        target: ExprId,
        /// Iterated value.
        iter: ExprId,
        /// Body.
        body: Block,
        /// Python's `else`.
        other: Block,
        /// `for … in` of JavaScript: the target takes the keys.
        keys: bool,
    },
    /// `try`.
    Try {
        /// Body.
        body: Block,
        /// Handlers, in order.
        handlers: Vec<Handler>,
        /// Python's `else`.
        other: Block,
        /// `finally`.
        last: Block,
    },
    /// `with a as b, c:`; items are `Assign` expressions (with target) or plain expressions.
    With {
        /// Items.
        items: Exprs,
        /// Body.
        body: Block,
    },
    /// `switch`, `match`.
    Switch {
        /// Subject.
        subject: ExprId,
        /// Cases in order.
        cases: Vec<Case>,
        /// Whether a case falls into the next one unless it breaks.
        falls_through: bool,
    },
    /// `return`.
    Return(Option<ExprId>),
    /// `raise`, `throw`.
    Raise(Option<ExprId>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `del a, b`.
    Delete(Exprs),
    /// `global a` (or `nonlocal`).
    Global {
        /// Names.
        names: Vec<Sym>,
        /// Whether it is `nonlocal`.
        nonlocal: bool,
    },
    /// `assert test, message`.
    Assert {
        /// Condition.
        test: ExprId,
        /// Message.
        message: Option<ExprId>,
    },
    /// Import.
    Import(Import),
    /// `export { a as b } [from "m"]`, `export * from "m"`. `export <declaration>` is an
    /// `Export` of names after the declaration itself.
    Export {
        /// Module, when re-exporting.
        module: Option<Arc<str>>,
        /// Exported pairs: (local or remote name, exported name). `*` stands as name for all.
        names: Vec<(Sym, Sym)>,
    },
    /// `export default value`.
    ExportDefault(ExprId),
    /// A bare block.
    Block(Block),
    /// Something without a shape of its own; its children are run in order.
    Other {
        /// Expressions inside.
        exprs: Exprs,
        /// Statements inside.
        body: Block,
    },
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Module as written: `a.b` or `./x`; relative Python imports keep their dots (`..a`).
    pub module: Arc<str>,
    /// Name for the module itself: `import a.b as c` binds `c`; `import a.b` binds `a` and has
    /// `None` here with `names` empty; `import * as c` binds `c`; default import stands in
    /// `names` with `default`.
    pub alias: Option<Sym>,
    /// Imported names: (name, local name). `*` as name imports all.
    pub names: Vec<(Sym, Sym)>,
    /// Whether it is only for types (`import type`, inside `if TYPE_CHECKING` stays false).
    pub type_only: bool,
}

/// An exception handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Handler {
    /// Exception types as written, if any; a tuple for several.
    pub kind: Option<ExprId>,
    /// Binding pattern.
    pub name: Option<ExprId>,
    /// Body.
    pub body: Block,
    /// The whole handler.
    pub span: Span,
}

/// A case of a switch.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Values or patterns; empty for the default. In patterns a `Name` captures, literals and dotted
    /// names are compared, `Ellipsis` is any value; `List`, `Map` and `Call` take sequences, mappings
    /// and instances apart, a `Set` is a choice, and `Assign` gives a name to what its value matches.
    pub tests: Exprs,
    /// Guard of a pattern.
    pub guard: Option<ExprId>,
    /// Body.
    pub body: Block,
}

/// A function, method or lambda.
#[derive(Debug, Clone, PartialEq)]
pub struct Func {
    /// Name, if it has one.
    pub name: Option<Sym>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Body; a lambda's or arrow's expression stands as a `Return`.
    pub body: Block,
    /// Decorators, in source order.
    pub decorators: Exprs,
    /// Documentation text.
    pub doc: Option<Arc<str>>,
    /// Return annotation.
    pub returns: Option<ExprId>,
    /// What it is.
    pub flags: FuncFlags,
    /// The whole definition.
    pub span: Span,
    /// Number of expressions and statements inside, nested functions included.
    pub size: u32,
}

/// What a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of a function"
)]
pub struct FuncFlags {
    /// `async`.
    pub is_async: bool,
    /// Contains `yield`.
    pub is_generator: bool,
    /// Arrow function or lambda: no own `this`.
    pub is_arrow: bool,
    /// `static` method or `@staticmethod` is a decorator; this is JavaScript's keyword.
    pub is_static: bool,
    /// `get x()`.
    pub is_getter: bool,
    /// `set x(v)`.
    pub is_setter: bool,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Pattern: a `Name`, or a destructuring pattern.
    pub pattern: ExprId,
    /// Default value.
    pub default: Option<ExprId>,
    /// Type annotation.
    pub annotation: Option<ExprId>,
    /// Annotations of the parameter (Java), as calls.
    pub decorators: Exprs,
    /// How it takes arguments.
    pub kind: ParamKind,
}

/// How a parameter takes arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// By position or name.
    Plain,
    /// By name only (after `*`).
    Keyword,
    /// `*args`, `...args`.
    Rest,
    /// `**kwargs`.
    KeywordRest,
}

/// A class.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Name, if it has one.
    pub name: Option<Sym>,
    /// Base classes and class keywords.
    pub bases: Exprs,
    /// Body: methods are `Func` statements, fields are `Assign` (JavaScript instance fields too).
    pub body: Block,
    /// Decorators, in source order.
    pub decorators: Exprs,
    /// Documentation text.
    pub doc: Option<Arc<str>>,
    /// The whole definition.
    pub span: Span,
}

impl Tree {
    /// Returns the expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// Returns the span of an expression.
    pub fn span(&self, id: ExprId) -> Span {
        self.expr_spans[id.0 as usize]
    }

    /// Returns the statement.
    pub fn stmt(&self, id: StmtId) -> &Stmt {
        &self.stmts[id.0 as usize]
    }

    /// Returns the span of a statement.
    pub fn stmt_span(&self, id: StmtId) -> Span {
        self.stmt_spans[id.0 as usize]
    }

    /// Returns the items of an expression list.
    pub fn exprs(&self, list: Exprs) -> &[ExprId] {
        &self.expr_lists[list.start as usize..(list.start + list.len) as usize]
    }

    /// Returns the statements of a block.
    pub fn block(&self, block: Block) -> &[StmtId] {
        &self.stmt_lists[block.start as usize..(block.start + block.len) as usize]
    }

    /// Returns the function.
    pub fn func(&self, id: FuncId) -> &Func {
        &self.funcs[id.0 as usize]
    }

    /// Returns the class.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }
}
