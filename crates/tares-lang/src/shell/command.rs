//! Commands and pipes.

use super::statement::is_word;
use super::{INPUT, Lower, PARAMETERS, children};
use crate::builder::span;
use crate::tree::{Expr, ExprId, Span, Stmt};
use tree_sitter::Node;

/// Commands that read the input of the group they stand in.
const READERS: [&str; 15] = [
    "read",
    "mapfile",
    "readarray",
    "cat",
    "sh",
    "bash",
    "zsh",
    "xargs",
    "tee",
    "base64",
    "tar",
    "grep",
    "sed",
    "awk",
    "while",
];

impl Lower<'_, '_> {
    /// A command that stands as a statement; some of them are statements of the language.
    pub(super) fn command_statement(&mut self, node: Node<'_>) {
        let place = span(node);
        let name = node
            .child_by_field_name("name")
            .map_or("", |n| self.text(n));
        match name {
            "exit" | "return" | "break" | "continue" if self.recovers => self.run_arguments(node),
            "exit" => {
                self.run_arguments(node);
                self.push(Stmt::Raise(None), place);
            }
            "return" => {
                self.run_arguments(node);
                self.push(Stmt::Return(None), place);
            }
            "break" => self.push(Stmt::Break, place),
            "continue" => self.push(Stmt::Continue, place),
            "shift" => self.shift(node),
            "set" if self.sets_parameters(node) => {}
            "export" | "local" | "declare" | "readonly" | "typeset" => self.exported(node),
            _ => {
                let value = self.printed(node);
                self.push(Stmt::Expr(value), place);
            }
        }
    }

    fn run_arguments(&mut self, node: Node<'_>) {
        let mut args = Vec::new();
        for child in children(node).into_iter().skip(1) {
            self.argument(child, &mut args);
        }
        if !args.is_empty() {
            let value = self.other(&args, span(node));
            self.push(Stmt::Expr(value), span(node));
        }
    }

    /// `shift [n]`: the parameters from `n` on.
    fn shift(&mut self, node: Node<'_>) {
        let place = span(node);
        let by = node
            .child_by_field_name("argument")
            .and_then(|n| self.text(n).parse().ok())
            .unwrap_or(1);
        let object = self.variable(PARAMETERS, place);
        let low = self.expr(Expr::Int(by), place);
        let nothing = self.expr(Expr::Null, place);
        let index = self.expr(
            Expr::Slice {
                low,
                high: nothing,
                step: nothing,
            },
            place,
        );
        let value = self.expr(Expr::Index { object, index }, place);
        self.set_parameters(value, place);
    }

    /// `set -- a b`.
    fn sets_parameters(&mut self, node: Node<'_>) -> bool {
        let args: Vec<Node<'_>> = super::fields(node, "argument");
        if args.first().is_none_or(|first| self.text(*first) != "--") {
            return false;
        }
        let mut items = Vec::new();
        for &arg in &args[1..] {
            self.argument(arg, &mut items);
        }
        let items = self.b.exprs(&items);
        let value = self.expr(Expr::List(items), span(node));
        self.set_parameters(value, span(node));
        true
    }

    fn set_parameters(&mut self, value: ExprId, place: Span) {
        let target = self.variable(PARAMETERS, place);
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: None,
                value,
                annotation: None,
                declares: false,
            },
            place,
        );
    }

    /// A declaration that the grammar took for a command: `command export A=b`, or in a stretch
    /// that is broken.
    fn exported(&mut self, node: Node<'_>) {
        for arg in super::fields(node, "argument") {
            let text = self.text(arg);
            if let Some((name, value)) = text.split_once('=')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            {
                let target = self.variable(name, span(arg));
                let value = self.str(value.trim_matches(['"', '\'']), span(arg));
                let targets = self.b.exprs(&[target]);
                self.push(
                    Stmt::Assign {
                        targets,
                        op: None,
                        value,
                        annotation: None,
                        declares: false,
                    },
                    span(arg),
                );
            }
        }
    }

    /// What a statement prints, as a value; `input` is what it reads.
    pub(super) fn output(&mut self, node: Node<'_>, input: Option<ExprId>) -> ExprId {
        self.deeper(node, |lower| lower.output_inner(node, input))
            .unwrap_or_else(|| self.other(&[], span(node)))
    }

    fn output_inner(&mut self, node: Node<'_>, input: Option<ExprId>) -> ExprId {
        let place = span(node);
        match node.kind() {
            "command" => self.command(node, input),
            "pipeline" => {
                let mut input = input;
                for stage in children(node) {
                    if stage.is_named() && stage.kind() != "comment" {
                        input = Some(self.output(stage, input));
                    }
                }
                input.unwrap_or_else(|| self.other(&[], place))
            }
            "redirected_statement" => self.redirected_output(node, input),
            "negated_command" => match node.named_child(0) {
                Some(inner) => self.output(inner, input),
                None => self.other(&[], place),
            },
            _ => self.group(input, place, |lower| {
                lower.inputs += u32::from(input.is_some());
                lower.statement(node);
                lower.inputs -= u32::from(input.is_some());
            }),
        }
    }

    /// One command with its arguments.
    pub(super) fn command(&mut self, node: Node<'_>, input: Option<ExprId>) -> ExprId {
        let place = span(node);
        let mut args = Vec::new();
        let mut input = input;
        let mut outputs = Vec::new();
        let mut callee = None;
        for child in children(node) {
            match child.kind() {
                "command_name" => callee = Some(child),
                "variable_assignment" => self.environment(child, &mut args),
                "herestring_redirect" => input = self.herestring(child).or(input),
                "file_redirect" => {
                    if let Some(from) = self.input_of(child) {
                        input = Some(from);
                    } else {
                        outputs.push(child);
                    }
                }
                "subshell" => {
                    let inner = self.output(child, None);
                    args.push(inner);
                }
                "comment" => self.b.tree.comments.push(span(child)),
                "ERROR" => self.b.error(span(child), crate::tree::ErrorReason::Syntax),
                kind if is_word(kind) => self.argument(child, &mut args),
                _ => {}
            }
        }
        let Some(name) = callee else {
            return self.other(&args, place);
        };
        let (mut args, rest) = self.own_words(name, args);
        let text = self.text(name);
        if input.is_none() && self.inputs > 0 && READERS.contains(&text) {
            input = Some(self.variable(INPUT, span(name)));
        }
        let value = match text {
            "read" | "mapfile" | "readarray" => self.read(node, args, input),
            _ => {
                if let Some(input) = input {
                    args.push(self.keyword("<", input, place));
                }
                self.call_word(name, &args, place)
            }
        };
        let value = outputs
            .into_iter()
            .fold(value, |value, to| self.written(to, value));
        match rest.split_first() {
            Some((&callee, args)) => self.next_command(value, callee, args),
            None => value,
        }
    }

    /// The words that stand on the line of their command. The grammar runs on over the end of a
    /// line where a redirection follows further down.
    fn own_words(&self, name: Node<'_>, args: Vec<ExprId>) -> (Vec<ExprId>, Vec<ExprId>) {
        let mut end = name.end_byte() as u32;
        let own = args.iter().position(|&arg| {
            let at = self.b.tree.span(arg);
            let apart = at.start > end && self.ends_line(Span::new(end, at.start));
            end = end.max(at.end);
            apart
        });
        let mut args = args;
        let rest = own.map_or_else(Vec::new, |at| args.split_off(at));
        (args, rest)
    }

    /// Whether a line ends in a gap between words.
    fn ends_line(&self, gap: Span) -> bool {
        let text = self.b.text(gap);
        let mut before = ' ';
        text.chars().any(|c| {
            let ends = c == '\n' && before != '\\' && before != '\r';
            before = c;
            ends
        })
    }

    /// Runs what stands on the next line after a command.
    fn next_command(&mut self, before: ExprId, callee: ExprId, args: &[ExprId]) -> ExprId {
        let place = self.b.tree.span(before);
        let value = self.expr(Expr::Yield(before), place);
        self.push(Stmt::Expr(value), place);
        let start = self.b.tree.span(callee);
        let end = args.last().map_or(start.end, |&a| self.b.tree.span(a).end);
        let args = self.b.exprs(args);
        self.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            Span::new(start.start, end.max(start.end)),
        )
    }

    /// Calls what a word names.
    fn call_word(&mut self, name: Node<'_>, args: &[ExprId], place: Span) -> ExprId {
        let mut words = Vec::new();
        match name.named_child(0) {
            Some(word) => {
                self.argument(word, &mut words);
                // `c"ur"l`: quotes inside a name are there to break it up.
                let text = self.text(word);
                let broken = word.kind() == "concatenation" || text.contains('\\');
                if let [one] = words[..]
                    && broken
                    && matches!(self.b.tree.expr(one), Expr::Str(plain) if plain.chars().all(char::is_alphanumeric))
                    && !text.starts_with('\\')
                {
                    words[0] = self.call("$quoted", &[one], span(word));
                }
            }
            None => words.push(self.str(self.text(name), span(name))),
        }
        let mut words = words.into_iter();
        let callee = words.next().unwrap_or_else(|| self.other(&[], span(name)));
        let callee = match *self.b.tree.expr(callee) {
            // Words of a variable: the first is the command, the others are arguments.
            Expr::Spread(inner) => inner,
            _ => callee,
        };
        let args: Vec<ExprId> = words.chain(args.iter().copied()).collect();
        let args = self.b.exprs(&args);
        self.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            place,
        )
    }

    /// `NAME=value command`: a variable of that command alone.
    fn environment(&mut self, node: Node<'_>, args: &mut Vec<ExprId>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let value = match node.child_by_field_name("value") {
            Some(value) => self.assigned(value),
            None => self.str("", span(node)),
        };
        let name = format!("${}", self.text(name));
        args.push(self.keyword(&name, value, span(node)));
    }

    /// `read a b`: each name takes what was read.
    fn read(&mut self, node: Node<'_>, args: Vec<ExprId>, input: Option<ExprId>) -> ExprId {
        let place = span(node);
        let mut parts = args;
        let mut skip = false;
        for arg in super::fields(node, "argument") {
            let text = self.text(arg);
            if std::mem::take(&mut skip) {
                continue;
            }
            if let Some(options) = text.strip_prefix('-') {
                skip = options.ends_with(['d', 'n', 'N', 'p', 't', 'u', 'i', 'c', 'C', 's'])
                    && !options.ends_with('s')
                    && options != "r";
                continue;
            }
            if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            let mut given = Vec::new();
            if let Some(input) = input {
                given.push(self.keyword("<", input, place));
            }
            let value = self.call("read", &given, place);
            let target = self.variable(text, span(arg));
            parts.push(self.expr(
                Expr::Assign {
                    target,
                    op: None,
                    value,
                },
                place,
            ));
        }
        self.other(&parts, place)
    }
}
