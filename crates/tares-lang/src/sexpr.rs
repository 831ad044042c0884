//! A neutral tree as text, for tests and for pages that explain what was understood.

use crate::tree::{
    BinaryOp, Block, Case, ClassId, CompareOp, ComprehensionKind, Expr, ExprId, Exprs, FuncId,
    Handler, Import, LogicOp, Param, ParamKind, Stmt, StmtId, Tree, UnaryOp,
};
use crate::{Interner, Sym};
use std::fmt::{self, Write as _};

/// Nesting below this is written as `…`: a chain of operators may be as deep as a file is long.
const MAX_DEPTH: u32 = 200;

/// Returns the tree as s-expressions: one statement per line, blocks indented below it.
///
/// It is meant to be read, not to be parsed, and may change at any time.
pub fn sexpr(tree: &Tree, interner: &Interner) -> String {
    let mut writer = Writer {
        tree,
        interner,
        out: String::new(),
        indent: 0,
        depth: 0,
    };
    for &id in tree.block(tree.body) {
        writer
            .stmt(id)
            .and_then(|()| writer.out.write_char('\n'))
            .expect("a String takes any text");
    }
    writer.out
}

struct Writer<'a> {
    tree: &'a Tree,
    interner: &'a Interner,
    out: String,
    indent: usize,
    depth: u32,
}

impl Writer<'_> {
    fn name(&mut self, sym: Sym) -> fmt::Result {
        self.out.write_str(self.interner.name(sym))
    }

    fn line(&mut self) -> fmt::Result {
        self.out.write_char('\n')?;
        (0..self.indent).try_for_each(|_| self.out.write_str("  "))
    }

    fn block(&mut self, label: &str, block: Block) -> fmt::Result {
        if block.len == 0 && !label.is_empty() {
            return Ok(());
        }
        self.indent += 1;
        if !label.is_empty() {
            self.line()?;
            self.out.write_str(label)?;
            self.indent += 1;
        }
        for &id in self.tree.block(block) {
            self.line()?;
            self.stmt(id)?;
        }
        self.indent -= if label.is_empty() { 1 } else { 2 };
        Ok(())
    }

    fn items(&mut self, list: Exprs) -> fmt::Result {
        for &id in self.tree.exprs(list) {
            self.out.write_char(' ')?;
            self.expr(id)?;
        }
        Ok(())
    }

    fn form(&mut self, head: &str, parts: &[ExprId]) -> fmt::Result {
        write!(self.out, "({head}")?;
        for &id in parts {
            self.out.write_char(' ')?;
            self.expr(id)?;
        }
        self.out.write_char(')')
    }

    fn list(&mut self, head: &str, list: Exprs) -> fmt::Result {
        write!(self.out, "({head}")?;
        self.items(list)?;
        self.out.write_char(')')
    }

    fn expr(&mut self, id: ExprId) -> fmt::Result {
        if self.depth >= MAX_DEPTH {
            return self.out.write_str("…");
        }
        self.depth += 1;
        let done = self.literal(id).unwrap_or_else(|| self.compound(id));
        self.depth -= 1;
        done
    }

    fn literal(&mut self, id: ExprId) -> Option<fmt::Result> {
        Some(match self.tree.expr(id) {
            Expr::Name(sym) => self.name(*sym),
            Expr::This => self.out.write_str("this"),
            Expr::Super => self.out.write_str("super"),
            Expr::Str(text) => write!(self.out, "{text:?}"),
            Expr::Bytes(bytes) => write!(self.out, "b\"{}\"", bytes.escape_ascii()),
            Expr::Int(value) => write!(self.out, "{value}"),
            Expr::Large(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                write!(self.out, "0x{}", digits.trim_start_matches('0'))
            }
            Expr::Float(value) => write!(self.out, "{value:?}"),
            Expr::Bool(value) => write!(self.out, "{value}"),
            Expr::Null => self.out.write_str("null"),
            Expr::Undefined => self.out.write_str("undefined"),
            Expr::Ellipsis => self.out.write_str("..."),
            Expr::Meta => self.out.write_str("meta"),
            Expr::Regex { pattern, flags } => write!(self.out, "/{pattern}/{flags}"),
            _ => return None,
        })
    }

    fn compound(&mut self, id: ExprId) -> fmt::Result {
        match *self.tree.expr(id) {
            Expr::Template(parts) => self.list("template", parts),
            Expr::TaggedTemplate { tag, parts } => {
                self.out.write_str("(tagged ")?;
                self.expr(tag)?;
                self.items(parts)?;
                self.out.write_char(')')
            }
            Expr::List(items) => self.list("list", items),
            Expr::Tuple(items) => self.list("tuple", items),
            Expr::Set(items) => self.list("set", items),
            Expr::Map(items) => self.list("map", items),
            Expr::Sequence(items) => self.list("seq", items),
            Expr::Cast { kind, value } => self.form("cast", &[kind, value]),
            Expr::Other(items) => self.list("other", items),
            Expr::Pair { key, value } => self.form("pair", &[key, value]),
            Expr::Attr { object, name } => {
                self.expr(object)?;
                self.out.write_char('.')?;
                self.name(name)
            }
            Expr::Index { object, index } => self.form("index", &[object, index]),
            Expr::Slice { low, high, step } => self.form("slice", &[low, high, step]),
            Expr::Call { callee, args, new } => {
                self.out.write_str(if new { "(new " } else { "(call " })?;
                self.expr(callee)?;
                self.items(args)?;
                self.out.write_char(')')
            }
            Expr::Keyword { name, value } => {
                self.name(name)?;
                self.out.write_char('=')?;
                self.expr(value)
            }
            Expr::Spread(value) => self.form("*", &[value]),
            Expr::SpreadMap(value) => self.form("**", &[value]),
            Expr::Unary { op, operand } => self.form(unary(op), &[operand]),
            Expr::Binary { op, left, right } => self.form(binary(op), &[left, right]),
            Expr::Compare { op, left, right } => self.form(compare(op), &[left, right]),
            Expr::Logic { op, left, right } => self.form(logic(op), &[left, right]),
            Expr::Cond { test, then, other } => self.form("cond", &[test, then, other]),
            Expr::Func(func) => self.func(func),
            Expr::Class(class) => self.class(class),
            Expr::Comprehension {
                kind,
                element,
                clauses,
            } => {
                write!(self.out, "({} ", comprehension(kind))?;
                self.expr(element)?;
                self.items(clauses)?;
                self.out.write_char(')')
            }
            Expr::Clause {
                target: Some(target),
                value,
            } => self.form("for", &[target, value]),
            Expr::Clause {
                target: None,
                value,
            } => self.form("if", &[value]),
            Expr::Assign { target, op, value } => {
                let head = op.map_or_else(|| ":=".into(), |op| format!("{}=", binary(op)));
                self.form(&head, &[target, value])
            }
            Expr::Await(value) => self.form("await", &[value]),
            Expr::Yield(value) => self.form("yield", &[value]),
            Expr::ImportCall(value) => self.form("import", &[value]),
            Expr::Element {
                tag,
                attributes,
                children,
            } => {
                self.out.write_str("(element ")?;
                self.expr(tag)?;
                self.out.write_char(' ')?;
                self.expr(attributes)?;
                self.items(children)?;
                self.out.write_char(')')
            }
            _ => self.out.write_str("?"),
        }
    }

    fn func(&mut self, id: FuncId) -> fmt::Result {
        let func = self.tree.func(id);
        self.out.write_str("(def")?;
        let flags = [
            (func.flags.is_async, " async"),
            (func.flags.is_generator, " generator"),
            (func.flags.is_arrow, " arrow"),
            (func.flags.is_static, " static"),
            (func.flags.is_getter, " get"),
            (func.flags.is_setter, " set"),
        ];
        for (_, flag) in flags.into_iter().filter(|&(on, _)| on) {
            self.out.write_str(flag)?;
        }
        if let Some(name) = func.name {
            self.out.write_char(' ')?;
            self.name(name)?;
        }
        self.out.write_str(" (")?;
        for (i, param) in func.params.iter().enumerate() {
            self.out.write_str(if i > 0 { " " } else { "" })?;
            self.param(param)?;
        }
        self.out.write_char(')')?;
        if let Some(returns) = func.returns {
            self.out.write_str(" -> ")?;
            self.expr(returns)?;
        }
        self.decorators(func.decorators)?;
        if let Some(doc) = &func.doc {
            write!(self.out, " doc={doc:?}")?;
        }
        self.block("", func.body)?;
        self.out.write_char(')')
    }

    fn param(&mut self, param: &Param) -> fmt::Result {
        self.out.write_str(match param.kind {
            ParamKind::Plain => "",
            ParamKind::Keyword => "kw:",
            ParamKind::Rest => "*",
            ParamKind::KeywordRest => "**",
        })?;
        self.expr(param.pattern)?;
        if let Some(annotation) = param.annotation {
            self.out.write_char(':')?;
            self.expr(annotation)?;
        }
        if let Some(default) = param.default {
            self.out.write_char('=')?;
            self.expr(default)?;
        }
        Ok(())
    }

    fn decorators(&mut self, decorators: Exprs) -> fmt::Result {
        for &id in self.tree.exprs(decorators) {
            self.out.write_str(" @")?;
            self.expr(id)?;
        }
        Ok(())
    }

    fn class(&mut self, id: ClassId) -> fmt::Result {
        let class = self.tree.class(id);
        self.out.write_str("(class")?;
        if let Some(name) = class.name {
            self.out.write_char(' ')?;
            self.name(name)?;
        }
        self.out.write_str(" (")?;
        for (i, &base) in self.tree.exprs(class.bases).iter().enumerate() {
            self.out.write_str(if i > 0 { " " } else { "" })?;
            self.expr(base)?;
        }
        self.out.write_char(')')?;
        self.decorators(class.decorators)?;
        if let Some(doc) = &class.doc {
            write!(self.out, " doc={doc:?}")?;
        }
        self.block("", class.body)?;
        self.out.write_char(')')
    }

    fn stmt(&mut self, id: StmtId) -> fmt::Result {
        if self.depth >= MAX_DEPTH {
            return self.out.write_str("…");
        }
        self.depth += 1;
        let tree = self.tree;
        let done = match tree.stmt(id) {
            Stmt::Expr(value) => self.expr(*value),
            Stmt::Func(func) => self.func(*func),
            Stmt::Class(class) => self.class(*class),
            Stmt::Import(import) => self.import(import),
            Stmt::Export { module, names } => {
                write!(
                    self.out,
                    "(export {:?}",
                    module.as_deref().unwrap_or_default()
                )?;
                self.pairs(names)?;
                self.out.write_char(')')
            }
            Stmt::Break => self.out.write_str("(break)"),
            Stmt::Continue => self.out.write_str("(continue)"),
            Stmt::Return(None) => self.out.write_str("(return)"),
            Stmt::Return(Some(value)) => self.form("return", &[*value]),
            Stmt::Raise(None) => self.out.write_str("(raise)"),
            Stmt::Raise(Some(value)) => self.form("raise", &[*value]),
            Stmt::Delete(targets) => self.list("del", *targets),
            Stmt::ExportDefault(value) => self.form("export-default", &[*value]),
            Stmt::Assert {
                test,
                message: None,
            } => self.form("assert", &[*test]),
            Stmt::Assert {
                test,
                message: Some(message),
            } => self.form("assert", &[*test, *message]),
            Stmt::Global { names, nonlocal } => {
                self.out
                    .write_str(if *nonlocal { "(nonlocal" } else { "(global" })?;
                for &name in names {
                    self.out.write_char(' ')?;
                    self.name(name)?;
                }
                self.out.write_char(')')
            }
            other => self.compound_stmt(other),
        };
        self.depth -= 1;
        done
    }

    fn compound_stmt(&mut self, stmt: &Stmt) -> fmt::Result {
        match *stmt {
            Stmt::Assign {
                targets,
                op,
                value,
                annotation,
                declares,
            } => {
                let op = op.map_or("", binary);
                write!(self.out, "({}{op}=", if declares { "let " } else { "" })?;
                self.items(targets)?;
                if let Some(annotation) = annotation {
                    self.out.write_str(" :")?;
                    self.expr(annotation)?;
                }
                self.out.write_char(' ')?;
                self.expr(value)?;
            }
            Stmt::If { test, then, other } => {
                self.head("if", &[test])?;
                self.block("", then)?;
                self.block("else", other)?;
            }
            Stmt::While {
                test,
                body,
                other,
                test_last,
            } => {
                self.head(if test_last { "do-while" } else { "while" }, &[test])?;
                self.block("", body)?;
                self.block("else", other)?;
            }
            Stmt::For {
                target,
                iter,
                body,
                other,
                keys,
            } => {
                self.head(if keys { "for-keys" } else { "for" }, &[target, iter])?;
                self.block("", body)?;
                self.block("else", other)?;
            }
            Stmt::Try {
                body,
                ref handlers,
                other,
                last,
            } => {
                self.out.write_str("(try")?;
                self.block("", body)?;
                handlers
                    .iter()
                    .try_for_each(|handler| self.handler(handler))?;
                self.block("else", other)?;
                self.block("finally", last)?;
            }
            Stmt::With { items, body } => {
                self.out.write_str("(with")?;
                self.items(items)?;
                self.block("", body)?;
            }
            Stmt::Switch {
                subject,
                ref cases,
                falls_through,
            } => {
                self.head(
                    if falls_through {
                        "switch-through"
                    } else {
                        "switch"
                    },
                    &[subject],
                )?;
                cases.iter().try_for_each(|case| self.case(case))?;
            }
            Stmt::Block(body) => {
                self.out.write_str("(block")?;
                self.block("", body)?;
            }
            Stmt::Other { exprs, body } => {
                self.out.write_str("(other")?;
                self.items(exprs)?;
                self.block("", body)?;
            }
            _ => self.out.write_str("(?")?,
        }
        self.out.write_char(')')
    }

    fn head(&mut self, head: &str, parts: &[ExprId]) -> fmt::Result {
        write!(self.out, "({head}")?;
        for &id in parts {
            self.out.write_char(' ')?;
            self.expr(id)?;
        }
        Ok(())
    }

    fn handler(&mut self, handler: &Handler) -> fmt::Result {
        self.indent += 1;
        self.line()?;
        self.out.write_str("(except")?;
        for part in [handler.kind, handler.name].into_iter().flatten() {
            self.out.write_char(' ')?;
            self.expr(part)?;
        }
        self.block("", handler.body)?;
        self.indent -= 1;
        self.out.write_char(')')
    }

    fn case(&mut self, case: &Case) -> fmt::Result {
        self.indent += 1;
        self.line()?;
        self.out.write_str("(case")?;
        self.items(case.tests)?;
        if let Some(guard) = case.guard {
            self.out.write_str(" if ")?;
            self.expr(guard)?;
        }
        self.block("", case.body)?;
        self.indent -= 1;
        self.out.write_char(')')
    }

    fn import(&mut self, import: &Import) -> fmt::Result {
        write!(
            self.out,
            "(import{} {}",
            if import.type_only { "-type" } else { "" },
            import.module
        )?;
        if let Some(alias) = import.alias {
            self.out.write_str(" as ")?;
            self.name(alias)?;
        }
        self.pairs(&import.names)?;
        self.out.write_char(')')
    }

    fn pairs(&mut self, names: &[(Sym, Sym)]) -> fmt::Result {
        for &(name, local) in names {
            self.out.write_char(' ')?;
            self.name(name)?;
            if local != name {
                self.out.write_char(':')?;
                self.name(local)?;
            }
        }
        Ok(())
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not",
        UnaryOp::Minus => "-",
        UnaryOp::Plus => "+",
        UnaryOp::Invert => "~",
        UnaryOp::TypeOf => "typeof",
        UnaryOp::Void => "void",
        UnaryOp::Delete => "delete",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::ShiftRightUnsigned => ">>>",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::MatMul => "@",
        BinaryOp::LogicOr => "||",
        BinaryOp::LogicAnd => "&&",
        BinaryOp::Coalesce => "??",
    }
}

fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Identical => "is",
        CompareOp::NotIdentical => "is-not",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::In => "in",
        CompareOp::NotIn => "not-in",
        CompareOp::InstanceOf => "instanceof",
    }
}

fn logic(op: LogicOp) -> &'static str {
    match op {
        LogicOp::And => "and",
        LogicOp::Or => "or",
        LogicOp::Coalesce => "??",
    }
}

fn comprehension(kind: ComprehensionKind) -> &'static str {
    match kind {
        ComprehensionKind::List => "list-of",
        ComprehensionKind::Set => "set-of",
        ComprehensionKind::Map => "map-of",
        ComprehensionKind::Generator => "generator-of",
    }
}
