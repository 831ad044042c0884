//! Types that a file declares, and the literals that make values of types.

use super::kind::Kind;
use super::{Lower, Made, Span};
use crate::Sym;
use crate::builder;
use crate::tree::{Block, Class, Expr, ExprId, Exprs, Stmt};
use tree_sitter::Node;

impl<'t> Lower<'_, 't> {
    /// Notes what the types at the top of the file are made of: literals of them come before
    /// or after.
    pub(super) fn note_types(&mut self, root: Node<'t>) {
        let mut cursor = root.walk();
        let mut more = cursor.goto_first_child();
        while more {
            let node = cursor.node();
            if node.kind() == "type_declaration" {
                for i in 0..node.named_child_count() {
                    if let Some(spec) = node.named_child(i as u32) {
                        self.note_type(spec);
                    }
                }
            }
            more = cursor.goto_next_sibling();
        }
    }

    fn note_type(&mut self, spec: Node<'t>) {
        let (Some(name), Some(kind)) = (
            spec.child_by_field_name("name"),
            spec.child_by_field_name("type"),
        ) else {
            return;
        };
        let name = self.name(builder::span(name));
        let made = self.made_of(kind);
        self.shapes.insert(name, made);
    }

    fn made_of(&mut self, kind: Node<'t>) -> Made {
        match kind.kind() {
            "struct_type" => Made::Struct(self.field_names(kind)),
            "map_type" => Made::Map,
            "slice_type" | "array_type" => Made::Slice,
            _ => Made::Other,
        }
    }

    fn fields(kind: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = kind.walk();
        let Some(list) = kind
            .named_children(&mut cursor)
            .find(|n| n.kind() == "field_declaration_list")
        else {
            return Vec::new();
        };
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .filter(|n| n.kind() == "field_declaration")
            .collect()
    }

    fn field_names(&mut self, kind: Node<'t>) -> Vec<Sym> {
        let mut names = Vec::new();
        for field in Self::fields(kind) {
            names.extend(self.names_of_field(field).into_iter().map(|(name, _)| name));
        }
        names
    }

    /// Returns the names of a field declaration; an embedded type is a field of its name.
    fn names_of_field(&mut self, field: Node<'t>) -> Vec<(Sym, Span)> {
        let mut cursor = field.walk();
        let names: Vec<Span> = field
            .children_by_field_name("name", &mut cursor)
            .filter(|n| n.kind() == "field_identifier")
            .map(builder::span)
            .collect();
        if !names.is_empty() {
            return names
                .into_iter()
                .map(|span| (self.name(span), span))
                .collect();
        }
        let kind = field.child_by_field_name("type");
        let name = kind.and_then(|kind| Some((self.type_name(kind)?, builder::span(kind))));
        name.into_iter().collect()
    }

    /// Lowers a type declaration: a struct is a class, its fields are set on it, so that they
    /// may be of types that come later.
    pub(super) fn type_declaration(&mut self) {
        let mut specs = Vec::new();
        self.each(|lower| {
            if lower.kind == Kind::TypeSpec {
                specs.push(lower.node);
                // Steps over what is inside, for its comments.
                lower.each(|_| {});
            }
        });
        for spec in specs {
            self.type_spec(spec, &[]);
        }
    }

    /// Lowers one declared type with its methods.
    pub(super) fn type_spec(&mut self, spec: Node<'t>, methods: &[crate::tree::StmtId]) {
        let span = builder::span(spec);
        let (Some(name), Some(kind)) = (
            spec.child_by_field_name("name"),
            spec.child_by_field_name("type"),
        ) else {
            return;
        };
        let place = builder::span(name);
        let name = self.name(place);
        if self.b.text(span).contains('=') && spec.kind() == "type_alias" {
            let value = self.type_expr(kind);
            return self.declare(name, place, value, None, span);
        }
        let is_open = matches!(kind.kind(), "interface_type" | "function_type");
        if is_open && methods.is_empty() {
            // What stands behind an interface is not known.
            let value = self.nothing(builder::span(kind));
            return self.declare(name, place, value, None, span);
        }
        let made = self.made_of(kind);
        let bases = match made {
            Made::Struct(_) => self.embedded(kind),
            // Methods of the type it is made from are not its own, its fields are.
            _ if matches!(kind.kind(), "qualified_type" | "type_identifier") => {
                vec![self.type_expr(kind)]
            }
            _ => Vec::new(),
        };
        self.class(name, &bases, methods, span);
        if let Made::Struct(_) = made {
            self.declare_fields(name, place, kind);
        }
    }

    /// Puts a class on the open block.
    pub(super) fn class(
        &mut self,
        name: Sym,
        bases: &[ExprId],
        methods: &[crate::tree::StmtId],
        span: Span,
    ) {
        let bases = self.b.exprs(bases);
        let body = self.b.block(methods);
        let class = self.b.class(Class {
            name: Some(name),
            bases,
            body,
            decorators: Exprs::default(),
            doc: None,
            span,
        });
        self.push(Stmt::Class(class), span);
    }

    fn embedded(&mut self, kind: Node<'t>) -> Vec<ExprId> {
        let mut bases = Vec::new();
        for field in Self::fields(kind) {
            if field.child_by_field_name("name").is_none()
                && let Some(kind) = field.child_by_field_name("type")
            {
                bases.push(self.type_expr(kind));
            }
        }
        bases
    }

    /// `Type.field: T`, for every field.
    fn declare_fields(&mut self, class: Sym, place: Span, kind: Node<'t>) {
        for field in Self::fields(kind) {
            let span = builder::span(field);
            for (name, at) in self.names_of_field(field) {
                let object = self.b.expr(Expr::Name(class), place);
                let target = self.b.expr(Expr::Attr { object, name }, at);
                let targets = self.b.exprs(&[target]);
                let value = self.nothing(at);
                let annotation = field
                    .child_by_field_name("type")
                    .map(|kind| self.type_expr(kind));
                self.push(
                    Stmt::Assign {
                        targets,
                        op: None,
                        value,
                        annotation,
                        declares: false,
                    },
                    span,
                );
            }
        }
    }

    /// `name := value`.
    pub(super) fn declare(
        &mut self,
        name: Sym,
        place: Span,
        value: ExprId,
        annotation: Option<ExprId>,
        span: Span,
    ) {
        let target = self.b.expr(Expr::Name(name), place);
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: None,
                value,
                annotation,
                declares: true,
            },
            span,
        );
    }

    /// `T{…}`.
    pub(super) fn composite(&mut self, span: Span) -> ExprId {
        let kind = self.node.child_by_field_name("type");
        let mut value = None;
        self.each(|lower| {
            if lower.kind == Kind::LiteralValue {
                value = Some(lower.literal_value(kind, span));
            }
        });
        value.unwrap_or_else(|| self.nothing(span))
    }

    /// What stands between braces, as a value of the type, which an outer literal may have named.
    fn literal_value(&mut self, kind: Option<Node<'t>>, span: Span) -> ExprId {
        if !self.b.enter(span) {
            return self.nothing(span);
        }
        let id = self.literal_of(kind, span);
        self.b.leave();
        id
    }

    fn literal_of(&mut self, kind: Option<Node<'t>>, span: Span) -> ExprId {
        let Some(kind) = kind else {
            return self.open_literal(span);
        };
        match kind.kind() {
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                self.elements(kind.child_by_field_name("element"), span)
            }
            "map_type" => self.map(kind.child_by_field_name("value"), span),
            "struct_type" => {
                let fields = self.field_names(kind);
                self.record(&fields, span)
            }
            "pointer_type" => self.literal_of(kind.named_child(0), span),
            "type_identifier" => {
                let name = self.name(builder::span(kind));
                match self.shapes.get(&name).cloned() {
                    Some(Made::Map) => self.map(None, span),
                    Some(Made::Slice) => self.elements(None, span),
                    Some(Made::Struct(fields)) => self.instance(kind, &fields, span),
                    _ => self.instance(kind, &[], span),
                }
            }
            _ => self.instance(kind, &[], span),
        }
    }

    fn elements(&mut self, element: Option<Node<'t>>, span: Span) -> ExprId {
        let mark = self.items.len();
        self.each(|lower| match lower.kind {
            Kind::LiteralElement => {
                let id = lower.element(element);
                lower.items.push(id);
            }
            // `5: x` leaves holes; where it stands is nearly what it is.
            Kind::KeyedElement => {
                let [_, value] = lower.pair(None, element);
                lower.items.push(value);
            }
            _ => {}
        });
        let items = self.take(mark);
        self.b.expr(Expr::List(items), span)
    }

    fn map(&mut self, element: Option<Node<'t>>, span: Span) -> ExprId {
        let mark = self.items.len();
        // Keys of an anonymous struct are names, keys of a map are values.
        let names = element.is_none();
        self.each(|lower| {
            if lower.kind == Kind::KeyedElement {
                let place = lower.span();
                let [key, value] = lower.pair(None, element);
                let key = match lower.b.tree.expr(key) {
                    Expr::Name(name) if names => {
                        let text = std::sync::Arc::clone(lower.b.interner.name(*name));
                        let at = lower.b.tree.span(key);
                        lower.b.expr(Expr::Str(text), at)
                    }
                    _ => key,
                };
                let pair = lower.b.expr(Expr::Pair { key, value }, place);
                lower.items.push(pair);
            } else if lower.kind == Kind::LiteralElement {
                let id = lower.element(None);
                lower.items.push(id);
            }
        });
        let items = self.take(mark);
        self.b.expr(Expr::Map(items), span)
    }

    /// A literal of a struct without a name: a map by the names of its fields.
    fn record(&mut self, fields: &[Sym], span: Span) -> ExprId {
        let map = self.map(None, span);
        let Expr::Map(items) = *self.b.tree.expr(map) else {
            return map;
        };
        let items = self.b.tree.exprs(items).to_vec();
        let mut pairs = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            let pair = match (self.b.tree.expr(item), fields.get(i)) {
                (Expr::Pair { .. }, _) | (_, None) => item,
                (_, Some(&name)) => {
                    let at = self.b.tree.span(item);
                    let text = std::sync::Arc::clone(self.b.interner.name(name));
                    let key = self.b.expr(Expr::Str(text), at);
                    self.b.expr(Expr::Pair { key, value: item }, at)
                }
            };
            pairs.push(pair);
        }
        let pairs = self.b.exprs(&pairs);
        self.b.expr(Expr::Map(pairs), span)
    }

    /// `{…}` of a type that is not in sight: a map if its elements have keys.
    fn open_literal(&mut self, span: Span) -> ExprId {
        let mut cursor = self.node.walk();
        let keyed = self
            .node
            .named_children(&mut cursor)
            .any(|n| n.kind() == "keyed_element");
        if keyed {
            self.map(None, span)
        } else {
            self.elements(None, span)
        }
    }

    /// `T{a: 1}` is a call with keywords, `T{"a": 1}` one with a map.
    fn instance(&mut self, kind: Node<'t>, fields: &[Sym], span: Span) -> ExprId {
        let callee = self.type_expr(kind);
        let mark = self.items.len();
        let mut entries = Vec::new();
        let mut at = 0;
        self.each(|lower| match lower.kind {
            Kind::KeyedElement => {
                let place = lower.span();
                let [key, value] = lower.pair(None, None);
                let item = match *lower.b.tree.expr(key) {
                    Expr::Name(name) => lower.b.expr(Expr::Keyword { name, value }, place),
                    _ => {
                        let pair = lower.b.expr(Expr::Pair { key, value }, place);
                        entries.push(pair);
                        return;
                    }
                };
                lower.items.push(item);
            }
            Kind::LiteralElement => {
                let place = lower.span();
                let value = lower.element(None);
                let item = match fields.get(at) {
                    Some(&name) => lower.b.expr(Expr::Keyword { name, value }, place),
                    None => value,
                };
                at += 1;
                lower.items.push(item);
            }
            _ => {}
        });
        if !entries.is_empty() {
            let entries = self.b.exprs(&entries);
            let map = self.b.expr(Expr::Map(entries), span);
            self.items.insert(mark, map);
        }
        let args = self.take(mark);
        self.made(callee, args, span)
    }

    fn element(&mut self, kind: Option<Node<'t>>) -> ExprId {
        let span = self.span();
        let mut value = None;
        self.each(|lower| {
            if lower.kind == Kind::LiteralValue {
                let place = lower.span();
                value = Some(lower.literal_value(kind, place));
            } else if lower.kind.is_value() {
                value = Some(lower.expr());
            }
        });
        value.unwrap_or_else(|| self.nothing(span))
    }

    fn pair(&mut self, key: Option<Node<'t>>, kind: Option<Node<'t>>) -> [ExprId; 2] {
        let span = self.span();
        let mut parts = [None; 2];
        self.each(|lower| {
            if lower.kind == Kind::LiteralElement {
                let at = usize::from(parts[0].is_some());
                parts[at] = Some(lower.element(if at == 0 { key } else { kind }));
            }
        });
        parts.map(|id| id.unwrap_or_else(|| self.nothing(span)))
    }
}

/// An empty block.
pub(super) const NONE: Block = Block { start: 0, len: 0 };
