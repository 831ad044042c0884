//! The node kinds of the Python grammar as a small enum, looked up by number.

use crate::tree::{BinaryOp, CompareOp, LogicOp};
use std::sync::LazyLock;

/// What a syntax node is, as far as the lowering tells nodes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    // Statements.
    ExpressionStatement,
    Return,
    Delete,
    Raise,
    Pass,
    Break,
    Continue,
    Global,
    Nonlocal,
    Import,
    ImportFrom,
    ImportFuture,
    Print,
    Exec,
    Assert,
    TypeAlias,
    If,
    For,
    While,
    Try,
    With,
    FunctionDef,
    ClassDef,
    Decorated,
    Match,
    // Parts of statements that are no values.
    Block,
    Elif,
    Else,
    Except,
    Finally,
    WithClause,
    WithItem,
    Decorator,
    Case,
    CasePattern,
    Assignment,
    AugmentedAssignment,
    Parameters,
    LambdaParameters,
    KeywordSeparator,
    PositionalSeparator,
    TypeParameter,
    AliasedImport,
    RelativeImport,
    Wildcard,
    Chevron,
    ArgumentList,
    FormatSpecifier,
    TypeConversion,
    StringStart,
    StringPart,
    // Values and patterns.
    Identifier,
    Integer,
    Float,
    String,
    Concatenated,
    True,
    False,
    None,
    Ellipsis,
    Attribute,
    Call,
    Subscript,
    Binary,
    Boolean,
    Not,
    Unary,
    Comparison,
    Lambda,
    Conditional,
    Named,
    AsPattern,
    Await,
    Yield,
    List,
    Set,
    Tuple,
    Dictionary,
    Pair,
    Slice,
    ListComprehension,
    SetComprehension,
    DictComprehension,
    Generator,
    ForIn,
    IfClause,
    /// A wrapper around one value: parentheses, the target of `as`.
    Wrapper,
    /// A wrapper around an annotation.
    Type,
    Splat,
    MapSplat,
    KeywordArgument,
    DefaultParameter,
    TypedParameter,
    TypedDefaultParameter,
    GenericType,
    UnionType,
    MemberType,
    ConstrainedType,
    DottedName,
    UnionPattern,
    DictPattern,
    KeywordPattern,
    SplatPattern,
    ClassPattern,
    ComplexPattern,
    Interpolation,
    /// Any other named node.
    Unknown,
    /// A node that the parser made up, to go on.
    Missing,
    // Nodes that may stand anywhere.
    Comment,
    Continuation,
    Error,
    // Tokens.
    Op(BinaryOp),
    Augmented(BinaryOp),
    Compare(CompareOp),
    Logic(LogicOp),
    Tilde,
    Async,
    Arrow,
    Equal,
    Colon,
    Comma,
    Dot,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    /// A word or sign that says nothing more than its parent.
    Token,
}

impl Kind {
    /// Returns whether the node stands for a value, a pattern or an argument.
    pub(super) fn is_value(self) -> bool {
        !self.is_statement()
            && !matches!(
                self,
                Self::Block
                    | Self::Elif
                    | Self::Else
                    | Self::Except
                    | Self::Finally
                    | Self::WithClause
                    | Self::WithItem
                    | Self::Decorator
                    | Self::Case
                    | Self::CasePattern
                    | Self::Parameters
                    | Self::LambdaParameters
                    | Self::KeywordSeparator
                    | Self::PositionalSeparator
                    | Self::TypeParameter
                    | Self::AliasedImport
                    | Self::RelativeImport
                    | Self::Wildcard
                    | Self::Chevron
                    | Self::ArgumentList
                    | Self::FormatSpecifier
                    | Self::TypeConversion
                    | Self::StringStart
                    | Self::StringPart
            )
            && !self.is_token()
    }

    /// Returns whether the node is a word or sign of its parent.
    pub(super) fn is_token(self) -> bool {
        matches!(
            self,
            Self::Op(_)
                | Self::Augmented(_)
                | Self::Compare(_)
                | Self::Logic(_)
                | Self::Tilde
                | Self::Async
                | Self::Arrow
                | Self::Equal
                | Self::Colon
                | Self::Comma
                | Self::Dot
                | Self::OpenParen
                | Self::CloseParen
                | Self::OpenBracket
                | Self::CloseBracket
                | Self::Token
                | Self::Comment
                | Self::Continuation
                | Self::Error
        )
    }

    /// Returns whether the node is a whole statement.
    pub(super) fn is_statement(self) -> bool {
        matches!(
            self,
            Self::ExpressionStatement
                | Self::Return
                | Self::Delete
                | Self::Raise
                | Self::Pass
                | Self::Break
                | Self::Continue
                | Self::Global
                | Self::Nonlocal
                | Self::Import
                | Self::ImportFrom
                | Self::ImportFuture
                | Self::Print
                | Self::Exec
                | Self::Assert
                | Self::TypeAlias
                | Self::If
                | Self::For
                | Self::While
                | Self::Try
                | Self::With
                | Self::FunctionDef
                | Self::ClassDef
                | Self::Decorated
                | Self::Match
        )
    }

    /// Returns whether the node begins with its left operand or receiver, so that chains of
    /// them nest to the left as deep as they are long.
    pub(super) fn is_chain(self) -> bool {
        matches!(
            self,
            Self::Attribute | Self::Call | Self::Subscript | Self::Binary | Self::Boolean
        )
    }

    fn named(name: &str) -> Self {
        statement(name)
            .or_else(|| part(name))
            .or_else(|| value(name))
            .unwrap_or(Self::Unknown)
    }

    fn token(name: &str) -> Self {
        operator(name).unwrap_or(match name {
            "~" => Self::Tilde,
            "async" => Self::Async,
            "->" => Self::Arrow,
            "=" => Self::Equal,
            ":" => Self::Colon,
            "," => Self::Comma,
            "." => Self::Dot,
            "(" => Self::OpenParen,
            ")" => Self::CloseParen,
            "[" => Self::OpenBracket,
            "]" => Self::CloseBracket,
            _ => Self::Token,
        })
    }
}

/// The grammar, and its kinds by number.
pub(super) struct Grammar {
    pub(super) language: tree_sitter::Language,
    kinds: Vec<Kind>,
}

impl Grammar {
    /// Returns the kind of a node number. Errors have the largest number, outside of the table.
    pub(super) fn kind(&self, id: u16) -> Kind {
        self.kinds
            .get(usize::from(id))
            .copied()
            .unwrap_or(Kind::Error)
    }
}

pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let language: tree_sitter::Language = tree_sitter_python::LANGUAGE.into();
    let kinds = (0..language.node_kind_count() as u16)
        .map(|id| {
            match (
                language.node_kind_for_id(id),
                language.node_kind_is_named(id),
            ) {
                (Some(name), true) => Kind::named(name),
                (Some(name), false) => Kind::token(name),
                (None, _) => Kind::Token,
            }
        })
        .collect();
    Grammar { language, kinds }
});

fn statement(name: &str) -> Option<Kind> {
    Some(match name {
        "expression_statement" => Kind::ExpressionStatement,
        "return_statement" => Kind::Return,
        "delete_statement" => Kind::Delete,
        "raise_statement" => Kind::Raise,
        "pass_statement" => Kind::Pass,
        "break_statement" => Kind::Break,
        "continue_statement" => Kind::Continue,
        "global_statement" => Kind::Global,
        "nonlocal_statement" => Kind::Nonlocal,
        "import_statement" => Kind::Import,
        "import_from_statement" => Kind::ImportFrom,
        "future_import_statement" => Kind::ImportFuture,
        "print_statement" => Kind::Print,
        "exec_statement" => Kind::Exec,
        "assert_statement" => Kind::Assert,
        "type_alias_statement" => Kind::TypeAlias,
        "if_statement" => Kind::If,
        "for_statement" => Kind::For,
        "while_statement" => Kind::While,
        "try_statement" => Kind::Try,
        "with_statement" => Kind::With,
        "function_definition" => Kind::FunctionDef,
        "class_definition" => Kind::ClassDef,
        "decorated_definition" => Kind::Decorated,
        "match_statement" => Kind::Match,
        _ => return None,
    })
}

fn part(name: &str) -> Option<Kind> {
    Some(match name {
        "block" => Kind::Block,
        "elif_clause" => Kind::Elif,
        "else_clause" => Kind::Else,
        "except_clause" => Kind::Except,
        "finally_clause" => Kind::Finally,
        "with_clause" => Kind::WithClause,
        "with_item" => Kind::WithItem,
        "decorator" => Kind::Decorator,
        "case_clause" => Kind::Case,
        "case_pattern" => Kind::CasePattern,
        "assignment" => Kind::Assignment,
        "augmented_assignment" => Kind::AugmentedAssignment,
        "parameters" => Kind::Parameters,
        "lambda_parameters" => Kind::LambdaParameters,
        "keyword_separator" => Kind::KeywordSeparator,
        "positional_separator" => Kind::PositionalSeparator,
        "type_parameter" => Kind::TypeParameter,
        "aliased_import" => Kind::AliasedImport,
        "relative_import" => Kind::RelativeImport,
        "wildcard_import" => Kind::Wildcard,
        "chevron" => Kind::Chevron,
        "argument_list" => Kind::ArgumentList,
        "format_specifier" => Kind::FormatSpecifier,
        "type_conversion" => Kind::TypeConversion,
        "string_start" => Kind::StringStart,
        "string_content"
        | "string_end"
        | "escape_sequence"
        | "escape_interpolation"
        | "import_prefix" => Kind::StringPart,
        "comment" => Kind::Comment,
        "line_continuation" => Kind::Continuation,
        _ => return None,
    })
}

fn value(name: &str) -> Option<Kind> {
    Some(match name {
        "identifier" => Kind::Identifier,
        "integer" => Kind::Integer,
        "float" => Kind::Float,
        "string" => Kind::String,
        "concatenated_string" => Kind::Concatenated,
        "true" => Kind::True,
        "false" => Kind::False,
        "none" => Kind::None,
        "ellipsis" => Kind::Ellipsis,
        "attribute" => Kind::Attribute,
        "call" => Kind::Call,
        "subscript" => Kind::Subscript,
        "binary_operator" => Kind::Binary,
        "boolean_operator" => Kind::Boolean,
        "not_operator" => Kind::Not,
        "unary_operator" => Kind::Unary,
        "comparison_operator" => Kind::Comparison,
        "lambda" => Kind::Lambda,
        "conditional_expression" => Kind::Conditional,
        "named_expression" => Kind::Named,
        "as_pattern" => Kind::AsPattern,
        "await" => Kind::Await,
        "yield" => Kind::Yield,
        "list" | "list_pattern" => Kind::List,
        "set" => Kind::Set,
        "tuple" | "tuple_pattern" | "expression_list" | "pattern_list" => Kind::Tuple,
        "dictionary" => Kind::Dictionary,
        "pair" => Kind::Pair,
        "slice" => Kind::Slice,
        "list_comprehension" => Kind::ListComprehension,
        "set_comprehension" => Kind::SetComprehension,
        "dictionary_comprehension" => Kind::DictComprehension,
        "generator_expression" => Kind::Generator,
        "for_in_clause" => Kind::ForIn,
        "if_clause" => Kind::IfClause,
        "parenthesized_expression" | "as_pattern_target" => Kind::Wrapper,
        "type" => Kind::Type,
        "list_splat" | "list_splat_pattern" => Kind::Splat,
        "dictionary_splat" | "dictionary_splat_pattern" => Kind::MapSplat,
        "keyword_argument" => Kind::KeywordArgument,
        "default_parameter" => Kind::DefaultParameter,
        "typed_parameter" => Kind::TypedParameter,
        "typed_default_parameter" => Kind::TypedDefaultParameter,
        "generic_type" => Kind::GenericType,
        "union_type" => Kind::UnionType,
        "member_type" => Kind::MemberType,
        "constrained_type" => Kind::ConstrainedType,
        "dotted_name" => Kind::DottedName,
        "union_pattern" => Kind::UnionPattern,
        "dict_pattern" => Kind::DictPattern,
        "keyword_pattern" => Kind::KeywordPattern,
        "splat_pattern" | "splat_type" => Kind::SplatPattern,
        "class_pattern" => Kind::ClassPattern,
        "complex_pattern" => Kind::ComplexPattern,
        "interpolation" | "format_expression" => Kind::Interpolation,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Kind> {
    if let Some(op) = name.strip_suffix('=').and_then(arithmetic) {
        return Some(Kind::Augmented(op));
    }
    if let Some(op) = arithmetic(name) {
        return Some(Kind::Op(op));
    }
    Some(match name {
        "and" => Kind::Logic(LogicOp::And),
        "or" => Kind::Logic(LogicOp::Or),
        "==" => Kind::Compare(CompareOp::Equal),
        "!=" | "<>" => Kind::Compare(CompareOp::NotEqual),
        "<" => Kind::Compare(CompareOp::Less),
        "<=" => Kind::Compare(CompareOp::LessEqual),
        ">" => Kind::Compare(CompareOp::Greater),
        ">=" => Kind::Compare(CompareOp::GreaterEqual),
        "is" => Kind::Compare(CompareOp::Identical),
        "is not" => Kind::Compare(CompareOp::NotIdentical),
        "in" => Kind::Compare(CompareOp::In),
        "not in" => Kind::Compare(CompareOp::NotIn),
        _ => return None,
    })
}

fn arithmetic(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "//" => BinaryOp::FloorDiv,
        "%" => BinaryOp::Mod,
        "**" => BinaryOp::Pow,
        "@" => BinaryOp::MatMul,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        "&" => BinaryOp::BitAnd,
        "|" => BinaryOp::BitOr,
        "^" => BinaryOp::BitXor,
        _ => return None,
    })
}
