//! The kinds of syntax node and the fields of Java's grammar as small enums.

use std::sync::OnceLock;

macro_rules! kinds {
    (named { $($named:ident $($name:literal)+;)* } tokens { $($token:ident $text:literal;)* }) => {
        /// What a syntax node is. Operand-first expressions come first, then all other
        /// expressions, then statements, then parts, then tokens: see the `is_` methods.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $($named,)*
            /// A named node that needs no lowering of its own.
            Part,
            Error,
            $($token,)*
            /// A token that says nothing.
            Token,
        }

        fn from_name(name: &str, is_named: bool) -> Kind {
            if is_named {
                match name { $($($name)|+ => Kind::$named,)* _ => Kind::Part }
            } else {
                match name { $($text => Kind::$token,)* _ => Kind::Token }
            }
        }
    };
}

kinds! {
    named {
        // Operand-first: a chain of these is lowered in a loop.
        Field "field_access";
        Invoke "method_invocation";
        ArrayAccess "array_access";
        Binary "binary_expression";
        InstanceOf "instanceof_expression";
        Ternary "ternary_expression";
        // Other compound expressions.
        Assign "assignment_expression";
        Update "update_expression";
        Unary "unary_expression";
        Cast "cast_expression";
        Lambda "lambda_expression";
        New "object_creation_expression";
        NewArray "array_creation_expression";
        Paren "parenthesized_expression";
        MethodRef "method_reference";
        ClassLiteral "class_literal";
        TextTemplate "template_expression";
        ArrayInit "array_initializer" "element_value_array_initializer";
        Annotation "annotation" "marker_annotation";
        ScopedName "scoped_identifier";
        // A statement as well, where it stands alone.
        Switch "switch_expression";
        // Leaves.
        String "string_literal";
        Char "character_literal";
        Whole "decimal_integer_literal" "hex_integer_literal" "octal_integer_literal" "binary_integer_literal";
        Float "decimal_floating_point_literal" "hex_floating_point_literal";
        True "true";
        False "false";
        Null "null_literal";
        Identifier "identifier";
        This "this";
        Super "super";
        // Statements.
        ExpressionStatement "expression_statement";
        Variable "local_variable_declaration";
        Block "block" "constructor_body";
        If "if_statement";
        For "for_statement";
        ForEach "enhanced_for_statement";
        While "while_statement";
        Do "do_statement";
        Try "try_statement" "try_with_resources_statement";
        Labeled "labeled_statement";
        Return "return_statement";
        Yield "yield_statement";
        Throw "throw_statement";
        Break "break_statement";
        Continue "continue_statement";
        Assert "assert_statement";
        Synchronized "synchronized_statement";
        ExplicitConstructor "explicit_constructor_invocation";
        Import "import_declaration";
        Package "package_declaration" "module_declaration";
        Class "class_declaration" "interface_declaration" "annotation_type_declaration";
        Enum "enum_declaration";
        Record "record_declaration";
        // Members of classes; statements of a kind.
        Method "method_declaration" "annotation_type_element_declaration";
        Constructor "constructor_declaration" "compact_constructor_declaration";
        FieldDeclaration "field_declaration" "constant_declaration";
        StaticBlock "static_initializer";
        // Types.
        TypeName "type_identifier";
        ScopedType "scoped_type_identifier";
        GenericType "generic_type";
        ArrayType "array_type";
        AnnotatedType "annotated_type";
        Primitive "integral_type" "floating_point_type" "boolean_type" "void_type";
        // Parts.
        Modifiers "modifiers";
        TypeArguments "type_arguments";
        TypeParameters "type_parameters";
        Wildcard "wildcard";
        Superclass "superclass";
        Interfaces "super_interfaces" "extends_interfaces";
        TypeList "type_list";
        ClassBody "class_body" "interface_body" "annotation_type_body" "enum_body" "enum_body_declarations";
        EnumConstant "enum_constant";
        Declarator "variable_declarator";
        Params "formal_parameters" "inferred_parameters";
        Param "formal_parameter";
        Spread "spread_parameter";
        Arguments "argument_list" "annotation_argument_list";
        ElementPair "element_value_pair";
        DimensionsExpr "dimensions_expr";
        SwitchBlock "switch_block";
        SwitchGroup "switch_block_statement_group";
        SwitchRule "switch_rule";
        SwitchLabel "switch_label";
        Pattern "pattern";
        TypePattern "type_pattern";
        RecordPattern "record_pattern";
        RecordBody "record_pattern_body";
        RecordComponent "record_pattern_component";
        Guard "guard";
        Catch "catch_clause";
        CatchParam "catch_formal_parameter";
        CatchType "catch_type";
        Finally "finally_clause";
        Resources "resource_specification";
        Resource "resource";
        Asterisk "asterisk";
        Fragment "string_fragment" "multiline_string_fragment";
        Escape "escape_sequence";
        Interpolation "string_interpolation";
        Comment "line_comment" "block_comment";
    }
    tokens {
        Add "+"; Sub "-"; Mul "*"; Div "/"; Mod "%";
        ShiftLeft "<<"; ShiftRight ">>"; ShiftRightUnsigned ">>>";
        BitAnd "&"; BitOr "|"; BitXor "^"; And "&&"; Or "||";
        Equal "=="; NotEqual "!="; Less "<"; LessEqual "<="; Greater ">"; GreaterEqual ">=";
        AddTo "+="; SubTo "-="; MulTo "*="; DivTo "/="; ModTo "%=";
        ShiftLeftTo "<<="; ShiftRightTo ">>="; ShiftRightUnsignedTo ">>>=";
        BitAndTo "&="; BitOrTo "|="; BitXorTo "^=";
        Increment "++"; Decrement "--"; Not "!"; Invert "~";
        NewWord "new"; Static "static"; DefaultWord "default"; Arrow "->";
        OpenBrace "{"; CloseBrace "}"; ElseWord "else"; CloseParen ")";
    }
}

impl Kind {
    /// Whether the first child is an operand and chains may be thousands long.
    pub(super) fn is_chain(self) -> bool {
        self <= Self::Ternary
    }

    /// Whether it is an expression.
    pub(super) fn is_expr(self) -> bool {
        self <= Self::Super
    }

    /// Whether it is an expression that has parts.
    pub(super) fn is_compound(self) -> bool {
        self <= Self::Switch
    }

    /// Whether it is a statement or a member of a class.
    pub(super) fn is_stmt(self) -> bool {
        Self::ExpressionStatement <= self && self <= Self::StaticBlock || self == Self::Switch
    }

    /// Whether it is a type.
    pub(super) fn is_type(self) -> bool {
        Self::TypeName <= self && self <= Self::Primitive
    }
}

macro_rules! fields {
    ($($field:ident $name:literal;)*) => {
        /// What a child is to its parent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Part {
            $($field,)*
            /// Any other.
            Other,
        }

        fn from_field(name: &str) -> Part {
            match name { $($name => Part::$field,)* _ => Part::Other }
        }
    };
}

fields! {
    Name "name";
    Condition "condition";
    Body "body";
    Init "init";
    Update "update";
    Alternative "alternative";
    Consequence "consequence";
}

/// The grammar with its tables.
pub(super) struct Grammar {
    pub(super) language: tree_sitter::Language,
    kinds: Vec<Kind>,
    parts: Vec<Part>,
}

impl Grammar {
    /// Returns the grammar, its tables built once.
    pub(super) fn get() -> &'static Self {
        static JAVA: OnceLock<Grammar> = OnceLock::new();
        JAVA.get_or_init(|| Self::new(tree_sitter_java::LANGUAGE.into()))
    }

    fn new(language: tree_sitter::Language) -> Self {
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kinds = (0..count)
            .map(|id| {
                language.node_kind_for_id(id).map_or(Kind::Part, |name| {
                    from_name(name, language.node_kind_is_named(id))
                })
            })
            .collect();
        let count = u16::try_from(language.field_count()).unwrap_or(u16::MAX);
        let parts = (0..=count)
            .map(|id| {
                language
                    .field_name_for_id(id)
                    .map_or(Part::Other, from_field)
            })
            .collect();
        Self {
            language,
            kinds,
            parts,
        }
    }

    /// Returns the kind of a node.
    pub(super) fn kind(&self, node: tree_sitter::Node<'_>) -> Kind {
        // The one number outside the table is that of error nodes.
        self.kinds
            .get(usize::from(node.kind_id()))
            .copied()
            .unwrap_or(Kind::Error)
    }

    /// Returns what the node of a cursor is to its parent.
    pub(super) fn part(&self, cursor: &tree_sitter::TreeCursor<'_>) -> Part {
        cursor
            .field_id()
            .and_then(|id| self.parts.get(usize::from(id.get())).copied())
            .unwrap_or(Part::Other)
    }
}
