//! The node kinds of the Go grammar as a small enum, looked up by number.

use crate::tree::{BinaryOp, CompareOp, LogicOp};
use std::sync::LazyLock;

/// What a syntax node is, as far as the lowering tells nodes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    // Statements.
    ExpressionStatement,
    Send,
    Increment(BinaryOp),
    Assignment,
    ShortVariable,
    Variable,
    Constant,
    TypeDeclaration,
    Return,
    Break,
    Continue,
    Jump,
    Defer,
    Go,
    If,
    For,
    Switch,
    TypeSwitch,
    Select,
    Labeled,
    Block,
    Function,
    Method,
    Import,
    // Parts of statements that are no values.
    StatementList,
    VariableSpec,
    VariableSpecs,
    ConstantSpec,
    TypeSpec,
    ImportSpec,
    ForClause,
    RangeClause,
    Case,
    TypeCase,
    CommunicationCase,
    DefaultCase,
    Receive,
    Parameters,
    Parameter,
    VariadicParameter,
    Arguments,
    LiteralValue,
    LiteralElement,
    KeyedElement,
    ExpressionList,
    FieldList,
    Field,
    Label,
    /// Parts that say nothing to the lowering: type parameters, the package clause.
    Ignored,
    // Values.
    Identifier,
    Integer,
    Float,
    Rune,
    String,
    RawString,
    True,
    False,
    Nil,
    Iota,
    Binary,
    Unary,
    Call,
    Selector,
    Index,
    SliceExpression,
    TypeAssertion,
    Conversion,
    Composite,
    FunctionLiteral,
    Parenthesized,
    VariadicArgument,
    /// Any type.
    Type,
    /// Any other named node.
    Unknown,
    /// A node that the parser made up, to go on.
    Missing,
    // Nodes that may stand anywhere.
    Comment,
    Error,
    // Tokens.
    Operator(BinaryOp),
    Augmented(BinaryOp),
    Compare(CompareOp),
    Logic(LogicOp),
    AndNot,
    AugmentedAndNot,
    Not,
    Caret,
    Arrow,
    Ampersand,
    Star,
    Equal,
    Define,
    Colon,
    Semicolon,
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
    /// Returns whether the node stands for a value.
    pub(super) fn is_value(self) -> bool {
        matches!(
            self,
            Self::Identifier
                | Self::Integer
                | Self::Float
                | Self::Rune
                | Self::String
                | Self::RawString
                | Self::True
                | Self::False
                | Self::Nil
                | Self::Iota
                | Self::Binary
                | Self::Unary
                | Self::Call
                | Self::Selector
                | Self::Index
                | Self::SliceExpression
                | Self::TypeAssertion
                | Self::Conversion
                | Self::Composite
                | Self::FunctionLiteral
                | Self::Parenthesized
                | Self::VariadicArgument
                | Self::Unknown
                | Self::Missing
        )
    }

    /// Returns whether the node is a whole statement or declaration.
    pub(super) fn is_statement(self) -> bool {
        matches!(
            self,
            Self::ExpressionStatement
                | Self::Send
                | Self::Increment(_)
                | Self::Assignment
                | Self::ShortVariable
                | Self::Variable
                | Self::Constant
                | Self::TypeDeclaration
                | Self::Return
                | Self::Break
                | Self::Continue
                | Self::Jump
                | Self::Defer
                | Self::Go
                | Self::If
                | Self::For
                | Self::Switch
                | Self::TypeSwitch
                | Self::Select
                | Self::Labeled
                | Self::Block
                | Self::Function
                | Self::Method
                | Self::Import
        )
    }

    /// Returns whether the node begins with its left operand or receiver, so that chains of
    /// them nest to the left as deep as they are long.
    pub(super) fn is_chain(self) -> bool {
        matches!(
            self,
            Self::Binary
                | Self::Call
                | Self::Selector
                | Self::Index
                | Self::SliceExpression
                | Self::TypeAssertion
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
            "&^" => Self::AndNot,
            "&^=" => Self::AugmentedAndNot,
            "!" => Self::Not,
            "<-" => Self::Arrow,
            "=" => Self::Equal,
            ":=" => Self::Define,
            ":" => Self::Colon,
            ";" => Self::Semicolon,
            "," => Self::Comma,
            "." => Self::Dot,
            "(" => Self::OpenParen,
            ")" => Self::CloseParen,
            "[" => Self::OpenBracket,
            "]" => Self::CloseBracket,
            // Also the grammar's leaves for these words; the named kinds hold them.
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
    let language: tree_sitter::Language = tree_sitter_go::LANGUAGE.into();
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
        "send_statement" => Kind::Send,
        "inc_statement" => Kind::Increment(BinaryOp::Add),
        "dec_statement" => Kind::Increment(BinaryOp::Sub),
        "assignment_statement" => Kind::Assignment,
        "short_var_declaration" => Kind::ShortVariable,
        "var_declaration" => Kind::Variable,
        "const_declaration" => Kind::Constant,
        "type_declaration" => Kind::TypeDeclaration,
        "return_statement" => Kind::Return,
        "break_statement" => Kind::Break,
        "continue_statement" => Kind::Continue,
        "goto_statement" | "fallthrough_statement" | "empty_statement" => Kind::Jump,
        "defer_statement" => Kind::Defer,
        "go_statement" => Kind::Go,
        "if_statement" => Kind::If,
        "for_statement" => Kind::For,
        "expression_switch_statement" => Kind::Switch,
        "type_switch_statement" => Kind::TypeSwitch,
        "select_statement" => Kind::Select,
        "labeled_statement" => Kind::Labeled,
        "block" => Kind::Block,
        "function_declaration" => Kind::Function,
        "method_declaration" => Kind::Method,
        "import_declaration" => Kind::Import,
        _ => return None,
    })
}

fn part(name: &str) -> Option<Kind> {
    Some(match name {
        "statement_list" => Kind::StatementList,
        "var_spec" => Kind::VariableSpec,
        "var_spec_list" => Kind::VariableSpecs,
        "const_spec" => Kind::ConstantSpec,
        "type_spec" | "type_alias" => Kind::TypeSpec,
        "import_spec" => Kind::ImportSpec,
        "import_spec_list" => Kind::StatementList,
        "for_clause" => Kind::ForClause,
        "range_clause" => Kind::RangeClause,
        "expression_case" => Kind::Case,
        "type_case" => Kind::TypeCase,
        "communication_case" => Kind::CommunicationCase,
        "default_case" => Kind::DefaultCase,
        "receive_statement" => Kind::Receive,
        "parameter_list" => Kind::Parameters,
        "parameter_declaration" => Kind::Parameter,
        "variadic_parameter_declaration" => Kind::VariadicParameter,
        "argument_list" => Kind::Arguments,
        "literal_value" => Kind::LiteralValue,
        "literal_element" => Kind::LiteralElement,
        "keyed_element" => Kind::KeyedElement,
        "expression_list" => Kind::ExpressionList,
        "field_declaration_list" => Kind::FieldList,
        "field_declaration" => Kind::Field,
        "label_name" => Kind::Label,
        "type_parameter_list"
        | "type_parameter_declaration"
        | "type_arguments"
        | "package_clause"
        | "escape_sequence"
        | "interpreted_string_literal_content"
        | "raw_string_literal_content"
        | "dot" => Kind::Ignored,
        "comment" => Kind::Comment,
        _ => return None,
    })
}

fn value(name: &str) -> Option<Kind> {
    Some(match name {
        "identifier" | "field_identifier" | "package_identifier" | "blank_identifier" => {
            Kind::Identifier
        }
        "int_literal" => Kind::Integer,
        "float_literal" | "imaginary_literal" => Kind::Float,
        "rune_literal" => Kind::Rune,
        "interpreted_string_literal" => Kind::String,
        "raw_string_literal" => Kind::RawString,
        "true" => Kind::True,
        "false" => Kind::False,
        "nil" => Kind::Nil,
        "iota" => Kind::Iota,
        "binary_expression" => Kind::Binary,
        "unary_expression" => Kind::Unary,
        "call_expression" => Kind::Call,
        "selector_expression" => Kind::Selector,
        "index_expression" => Kind::Index,
        "slice_expression" => Kind::SliceExpression,
        "type_assertion_expression" => Kind::TypeAssertion,
        "type_conversion_expression" => Kind::Conversion,
        "composite_literal" => Kind::Composite,
        "func_literal" => Kind::FunctionLiteral,
        "parenthesized_expression" => Kind::Parenthesized,
        "variadic_argument" => Kind::VariadicArgument,
        "type_identifier"
        | "pointer_type"
        | "qualified_type"
        | "generic_type"
        | "slice_type"
        | "array_type"
        | "implicit_length_array_type"
        | "map_type"
        | "channel_type"
        | "function_type"
        | "interface_type"
        | "struct_type"
        | "negated_type"
        | "parenthesized_type"
        | "type_elem"
        | "type_constraint"
        | "type_instantiation_expression" => Kind::Type,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Kind> {
    if let Some(op) = name.strip_suffix('=').and_then(arithmetic) {
        return Some(Kind::Augmented(op));
    }
    Some(match name {
        "*" => Kind::Star,
        "&" => Kind::Ampersand,
        "^" => Kind::Caret,
        "&&" => Kind::Logic(LogicOp::And),
        "||" => Kind::Logic(LogicOp::Or),
        "==" => Kind::Compare(CompareOp::Equal),
        "!=" => Kind::Compare(CompareOp::NotEqual),
        "<" => Kind::Compare(CompareOp::Less),
        "<=" => Kind::Compare(CompareOp::LessEqual),
        ">" => Kind::Compare(CompareOp::Greater),
        ">=" => Kind::Compare(CompareOp::GreaterEqual),
        _ => return arithmetic(name).map(Kind::Operator),
    })
}

fn arithmetic(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "%" => BinaryOp::Mod,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        "&" => BinaryOp::BitAnd,
        "|" => BinaryOp::BitOr,
        "^" => BinaryOp::BitXor,
        _ => return None,
    })
}
