//! The kinds of syntax node of the three grammars as one small enum.
//!
//! Each grammar numbers its kinds differently; a table per grammar, built once, turns a
//! number into a [`Kind`], so that lowering compares no names.

use crate::Language;
use std::sync::OnceLock;

macro_rules! kinds {
    (named { $($named:ident $($name:literal)+;)* } tokens { $($token:ident $text:literal;)* }) => {
        /// What a syntax node is. Operand-first expressions come first, then all other
        /// expressions, then statements, then parts, then tokens: see the `is_` methods.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $($named,)*
            /// A named node that needs no lowering of its own, mostly types.
            Type,
            Error,
            $($token,)*
            /// A token that says nothing.
            Token,
        }

        fn from_name(name: &str, is_named: bool) -> Kind {
            if is_named {
                match name { $($($name)|+ => Kind::$named,)* _ => Kind::Type }
            } else {
                match name { $($text => Kind::$token,)* _ => Kind::Token }
            }
        }
    };
}

kinds! {
    named {
        // Operand-first: a chain of these is lowered in a loop.
        Member "member_expression";
        Call "call_expression";
        Subscript "subscript_expression";
        NonNull "non_null_expression";
        As "as_expression" "satisfies_expression" "instantiation_expression";
        Binary "binary_expression";
        Ternary "ternary_expression";
        Sequence "sequence_expression";
        // Other compound expressions.
        Assign "assignment_expression";
        Augmented "augmented_assignment_expression";
        Update "update_expression";
        Unary "unary_expression";
        Await "await_expression";
        Yield "yield_expression";
        New "new_expression";
        Paren "parenthesized_expression";
        TypeAssertion "type_assertion";
        ArrowFunction "arrow_function";
        FunctionValue "function_expression" "generator_function";
        ClassValue "class";
        JsxElement "jsx_element";
        JsxSelfClosing "jsx_self_closing_element";
        Template "template_string";
        Array "array";
        Object "object";
        ArrayPattern "array_pattern";
        ObjectPattern "object_pattern";
        AssignPattern "assignment_pattern";
        Rest "rest_pattern";
        // Leaves.
        Regex "regex";
        MetaProperty "meta_property";
        String "string";
        Identifier "identifier" "property_identifier" "type_identifier";
        Private "private_property_identifier";
        This "this";
        Super "super";
        True "true";
        False "false";
        Null "null";
        Undefined "undefined";
        Number "number";
        ImportWord "import";
        // Statements.
        ExpressionStatement "expression_statement";
        Variable "lexical_declaration" "variable_declaration" "using_declaration";
        Function "function_declaration" "generator_function_declaration";
        Class "class_declaration" "abstract_class_declaration";
        Block "statement_block";
        If "if_statement";
        For "for_statement";
        ForIn "for_in_statement";
        While "while_statement";
        Do "do_statement";
        Switch "switch_statement";
        Try "try_statement";
        Labeled "labeled_statement";
        Return "return_statement";
        Throw "throw_statement";
        Break "break_statement";
        Continue "continue_statement";
        Debugger "debugger_statement";
        With "with_statement";
        Import "import_statement";
        Export "export_statement";
        Enum "enum_declaration";
        Namespace "internal_module" "module";
        ImportAlias "import_alias";
        // Members of classes and objects; statements of a kind.
        Method "method_definition";
        Field "public_field_definition" "field_definition";
        StaticBlock "class_static_block";
        // Parts.
        Params "formal_parameters";
        Pair "pair" "pair_pattern";
        Shorthand "shorthand_property_identifier" "shorthand_property_identifier_pattern";
        ObjectAssign "object_assignment_pattern";
        Spread "spread_element";
        Computed "computed_property_name";
        Declarator "variable_declarator";
        Else "else_clause";
        SwitchBody "switch_body";
        SwitchCase "switch_case";
        SwitchDefault "switch_default";
        Catch "catch_clause";
        Finally "finally_clause";
        Empty "empty_statement";
        Param "required_parameter" "optional_parameter";
        Accessibility "accessibility_modifier" "override_modifier";
        Arguments "arguments";
        Decorator "decorator";
        Heritage "class_heritage";
        Extends "extends_clause";
        ClassBody "class_body";
        EnumBody "enum_body";
        EnumAssign "enum_assignment";
        ImportClause "import_clause";
        NamedImports "named_imports";
        NamespaceImport "namespace_import";
        ImportSpecifier "import_specifier";
        ImportRequire "import_require_clause";
        ExportClause "export_clause";
        ExportSpecifier "export_specifier";
        NamespaceExport "namespace_export";
        Substitution "template_substitution";
        TypeAnnotation "type_annotation";
        NestedType "nested_type_identifier" "nested_identifier";
        GenericType "generic_type";
        PredefinedType "predefined_type";
        TypeArguments "type_arguments";
        JsxOpening "jsx_opening_element";
        JsxClosing "jsx_closing_element";
        JsxAttribute "jsx_attribute";
        JsxExpression "jsx_expression";
        JsxText "jsx_text";
        JsxNamespace "jsx_namespace_name";
        JsxReference "html_character_reference";
        Comment "comment" "html_comment";
    }
    tokens {
        Add "+"; Sub "-"; Mul "*"; Div "/"; Mod "%"; Pow "**";
        ShiftLeft "<<"; ShiftRight ">>"; ShiftRightUnsigned ">>>";
        BitAnd "&"; BitOr "|"; BitXor "^"; And "&&"; Or "||"; Coalesce "??";
        Equal "=="; NotEqual "!="; Identical "==="; NotIdentical "!==";
        Less "<"; LessEqual "<="; Greater ">"; GreaterEqual ">="; In "in"; InstanceOf "instanceof";
        AddTo "+="; SubTo "-="; MulTo "*="; DivTo "/="; ModTo "%="; PowTo "**=";
        ShiftLeftTo "<<="; ShiftRightTo ">>="; ShiftRightUnsignedTo ">>>=";
        BitAndTo "&="; BitOrTo "|="; BitXorTo "^="; AndTo "&&="; OrTo "||="; CoalesceTo "??=";
        Increment "++"; Decrement "--"; Not "!"; Invert "~"; TypeOf "typeof"; Void "void"; Delete "delete";
        Equals "="; Arrow "=>"; Comma ","; Semicolon ";"; OpenBrace "{"; CloseBrace "}";
        CloseParen ")"; OpenBracket "["; Async "async"; Static "static"; StaticGet "static get";
        Get "get"; Set "set"; Var "var"; TypeWord "type"; DefaultWord "default";
        FunctionWord "function"; NamespaceWord "namespace"; ReadonlyWord "readonly";
    }
}

impl Kind {
    /// Whether the first child is an operand and chains may be thousands long.
    pub(super) fn is_chain(self) -> bool {
        self <= Self::Sequence
    }

    /// Whether it is an expression or a pattern.
    pub(super) fn is_expr(self) -> bool {
        self <= Self::ImportWord
    }

    /// Whether it is an expression that has parts.
    pub(super) fn is_compound(self) -> bool {
        self <= Self::Rest
    }

    /// Whether it is a statement or a member of a class.
    pub(super) fn is_stmt(self) -> bool {
        Self::ExpressionStatement <= self && self <= Self::StaticBlock
    }

    /// Whether it is a function or class value, which takes the comment before it as documentation.
    pub(super) fn is_documented(self) -> bool {
        matches!(
            self,
            Self::ArrowFunction | Self::FunctionValue | Self::ClassValue
        )
    }
}

/// A grammar with its table of kinds.
pub(super) struct Grammar {
    pub(super) language: tree_sitter::Language,
    kinds: Vec<Kind>,
}

impl Grammar {
    /// Returns the grammar of a language; any that is not TypeScript's reads JavaScript.
    pub(super) fn of(language: Language) -> &'static Self {
        static JAVASCRIPT: OnceLock<Grammar> = OnceLock::new();
        static TYPESCRIPT: OnceLock<Grammar> = OnceLock::new();
        static TSX: OnceLock<Grammar> = OnceLock::new();
        match language {
            Language::TypeScript => TYPESCRIPT
                .get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into())),
            Language::Tsx => {
                TSX.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TSX.into()))
            }
            _ => JAVASCRIPT.get_or_init(|| Self::new(tree_sitter_javascript::LANGUAGE.into())),
        }
    }

    fn new(language: tree_sitter::Language) -> Self {
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kinds = (0..count)
            .map(|id| {
                language.node_kind_for_id(id).map_or(Kind::Type, |name| {
                    from_name(name, language.node_kind_is_named(id))
                })
            })
            .collect();
        Self { language, kinds }
    }

    /// Returns the kind of a node.
    pub(super) fn kind(&self, node: tree_sitter::Node<'_>) -> Kind {
        // The one number outside the table is that of error nodes.
        self.kinds
            .get(usize::from(node.kind_id()))
            .copied()
            .unwrap_or(Kind::Error)
    }
}
