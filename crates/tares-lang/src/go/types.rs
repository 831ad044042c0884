//! Types: as names for annotations, and as the zero values of what they declare.

use super::{Lower, Made};
use crate::Sym;
use crate::builder;
use crate::tree::{Expr, ExprId, Exprs, Span};
use tree_sitter::Node;

/// Deepest nesting of types that is read.
const MAX_TYPE_DEPTH: u32 = 16;

impl<'t> Lower<'_, 't> {
    /// Returns a type as an expression: the name of its value's type where it has one.
    /// Pointers are what they point to; slices are lists of their element.
    pub(super) fn type_expr(&mut self, node: Node<'t>) -> ExprId {
        self.type_to(node, MAX_TYPE_DEPTH)
    }

    fn type_to(&mut self, node: Node<'t>, depth: u32) -> ExprId {
        let span = builder::span(node);
        let Some(depth) = depth.checked_sub(1) else {
            return self.nothing(span);
        };
        match node.kind() {
            "type_identifier" | "identifier" | "package_identifier" | "field_identifier" => {
                let name = self.name(span);
                self.b.expr(Expr::Name(name), span)
            }
            "qualified_type" | "selector_expression" => self.qualified(node, span),
            "pointer_type" | "parenthesized_type" | "type_elem" | "type_constraint" => {
                match node.named_child(0) {
                    Some(inner) => self.type_to(inner, depth),
                    None => self.nothing(span),
                }
            }
            "generic_type" | "type_instantiation_expression" => {
                match node.child_by_field_name("type") {
                    Some(inner) => self.type_to(inner, depth),
                    None => self.nothing(span),
                }
            }
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                match node.child_by_field_name("element") {
                    Some(inner) => {
                        let item = self.type_to(inner, depth);
                        let items = self.b.exprs(&[item]);
                        self.b.expr(Expr::List(items), span)
                    }
                    None => self.nothing(span),
                }
            }
            _ => self.nothing(span),
        }
    }

    fn qualified(&mut self, node: Node<'t>, span: Span) -> ExprId {
        let (Some(package), Some(name)) = (node.named_child(0), node.named_child(1)) else {
            return self.nothing(span);
        };
        let place = builder::span(package);
        let package = self.name(place);
        let object = self.b.expr(Expr::Name(package), place);
        let name = self.name(builder::span(name));
        self.b.expr(Expr::Attr { object, name }, span)
    }

    /// Returns what a variable of a type holds before anything is assigned to it. What may be
    /// nil is unknown: somebody else will have set it.
    pub(super) fn zero(&mut self, node: Node<'t>) -> ExprId {
        let span = builder::span(node);
        let zero = match node.kind() {
            "type_identifier" | "identifier" => {
                return self.zero_of_name(node, span);
            }
            "qualified_type" | "generic_type" | "selector_expression" => {
                let callee = self.type_expr(node);
                return self.made(callee, Exprs::default(), span);
            }
            "slice_type" | "array_type" => return self.zero_of_list(node, span),
            "map_type" | "struct_type" => Expr::Map(Exprs::default()),
            "channel_type" => Expr::List(Exprs::default()),
            _ => return self.nothing(span),
        };
        self.b.expr(zero, span)
    }

    fn zero_of_name(&mut self, node: Node<'t>, span: Span) -> ExprId {
        let zero = match self.b.text(span) {
            "string" => Expr::Str("".into()),
            name if is_integer(name) => Expr::Int(0),
            "float64" | "float32" => Expr::Float(0.0),
            "bool" | "error" | "any" | "complex128" | "complex64" => {
                return self.nothing(span);
            }
            _ => {
                let name = self.name(span);
                match self.shapes.get(&name) {
                    Some(Made::Map) => Expr::Map(Exprs::default()),
                    Some(Made::Slice) => Expr::List(Exprs::default()),
                    Some(Made::Other) => return self.nothing(span),
                    _ => {
                        let callee = self.type_expr(node);
                        return self.made(callee, Exprs::default(), span);
                    }
                }
            }
        };
        self.b.expr(zero, span)
    }

    /// Returns the first argument of `make`: an empty slice shows the zero of its items.
    pub(super) fn made_zero(&mut self, node: Node<'t>) -> ExprId {
        let element = match node.kind() {
            "slice_type" => node.child_by_field_name("element"),
            _ => None,
        };
        let Some(element) = element else {
            return self.zero(node);
        };
        let span = builder::span(node);
        let zero = match self.b.text(builder::span(element)) {
            "string" => Expr::Str("".into()),
            name if is_integer(name) => Expr::Int(0),
            _ => return self.b.expr(Expr::List(Exprs::default()), span),
        };
        let zero = self.b.expr(zero, span);
        let items = self.b.exprs(&[zero]);
        self.b.expr(Expr::List(items), span)
    }

    /// An array of known length holds that many zeros, a slice none.
    fn zero_of_list(&mut self, node: Node<'t>, span: Span) -> ExprId {
        let list = self.b.expr(Expr::List(Exprs::default()), span);
        let element = node.child_by_field_name("element");
        let length = node
            .child_by_field_name("length")
            .and_then(|n| self.b.text(builder::span(n)).parse::<i64>().ok());
        let numbers = element.is_some_and(|e| is_integer(self.b.text(builder::span(e))));
        match length.filter(|_| numbers) {
            Some(length) => {
                let zero = self.b.expr(Expr::Int(0), span);
                let items = self.b.exprs(&[zero]);
                let list = self.b.expr(Expr::List(items), span);
                let length = self.b.expr(Expr::Int(length), span);
                self.built_in("make", &[list, length], span)
            }
            None => list,
        }
    }

    /// A value of a type, made of what stands between its braces.
    pub(super) fn made(&mut self, callee: ExprId, args: Exprs, span: Span) -> ExprId {
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: true,
            },
            span,
        )
    }

    /// Returns the last name of a type: what an embedded field is called.
    pub(super) fn type_name(&mut self, node: Node<'t>) -> Option<Sym> {
        let mut node = node;
        for _ in 0..MAX_TYPE_DEPTH {
            node = match node.kind() {
                "type_identifier" => return Some(self.name(builder::span(node))),
                "qualified_type" => {
                    let name = node.child_by_field_name("name")?;
                    return Some(self.name(builder::span(name)));
                }
                "generic_type" => node.child_by_field_name("type")?,
                _ => node.named_child(0)?,
            };
        }
        None
    }
}

/// Whether a word is the name of an integer type.
pub(super) fn is_integer(name: &str) -> bool {
    matches!(
        name,
        "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uintptr"
            | "byte"
            | "rune"
    )
}
