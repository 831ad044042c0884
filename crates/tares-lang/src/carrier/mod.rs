//! Places around code: files that are no program and hold programs, such as a Dockerfile or a
//! workflow.
//!
//! A carrier is read into [`Piece`]s: texts of a language that is lowered, with a map back to the
//! file. What the carrier itself says (`USER root`, `permissions: write-all`) is written as a
//! command of the same script (`docker.user root`), whose models say what it means. So one tree
//! holds all, variables of the carrier reach its scripts, and nothing beyond knows of carriers.

mod data;
mod docker;
mod json;
mod make;
mod manifest;
mod map;
mod markup;
mod notebook;
mod package;
mod sql;
mod terraform;
mod unit;
mod workflow;
mod yaml;

use crate::builder::Builder;
use crate::tree::{Span, Stmt, Tree};
use crate::{Family, Interner, Language};
use map::{Map, Text};

/// A kind of carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carrier {
    /// Dockerfile, Containerfile.
    Dockerfile,
    /// Workflow or action of GitHub.
    Workflow,
    /// Pipeline of GitLab and others.
    Pipeline,
    /// `package.json`, `composer.json`.
    Package,
    /// Makefile.
    Makefile,
    /// Compose file, manifest of Kubernetes.
    Manifest,
    /// Terraform.
    Terraform,
    /// Statements for a database.
    Sql,
    /// Notebook of Jupyter.
    Notebook,
    /// HTML, Vue, Svelte.
    Markup,
    /// Unit of systemd.
    Unit,
    /// Table of cron.
    Crontab,
    /// What an editor runs when a folder is opened.
    Editor,
}

/// A text of a language that is lowered, and where it stands.
struct Piece {
    text: String,
    map: Map,
}

impl Carrier {
    /// Every carrier with its name.
    const ALL: [(Self, &str); 13] = [
        (Self::Dockerfile, "dockerfile"),
        (Self::Workflow, "workflow"),
        (Self::Pipeline, "pipeline"),
        (Self::Package, "package"),
        (Self::Makefile, "makefile"),
        (Self::Manifest, "manifest"),
        (Self::Terraform, "terraform"),
        (Self::Sql, "sql"),
        (Self::Notebook, "notebook"),
        (Self::Markup, "markup"),
        (Self::Unit, "unit"),
        (Self::Crontab, "crontab"),
        (Self::Editor, "editor"),
    ];

    /// Returns the carrier that a path names, or its first line.
    pub(crate) fn detect(path: &str, first_line: &str) -> Option<Self> {
        let path = path.replace('\\', "/");
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let lower = file.to_ascii_lowercase();
        let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        let is_yaml = matches!(extension, "yml" | "yaml");
        let under = |name: &str| folder == name || folder.ends_with(&format!("/{name}"));
        if lower == "dockerfile"
            || lower == "containerfile"
            || matches!(extension, "dockerfile" | "containerfile")
            || lower.starts_with("dockerfile.")
                && !matches!(extension, "md" | "j2" | "tmpl" | "template")
        {
            return Some(Self::Dockerfile);
        }
        if is_yaml && (under(".github/workflows") || stem == "action" || under(".gitea/workflows"))
        {
            return Some(Self::Workflow);
        }
        if is_yaml
            && (stem == ".gitlab-ci"
                || stem.ends_with(".gitlab-ci")
                || under(".gitlab")
                || under(".gitlab/ci")
                || under(".circleci")
                || matches!(
                    stem,
                    "azure-pipelines"
                        | ".travis"
                        | "bitbucket-pipelines"
                        | ".drone"
                        | ".appveyor"
                        | "cloudbuild"
                ))
        {
            return Some(Self::Pipeline);
        }
        let compose =
            stem.starts_with("docker-compose") || stem == "compose" || stem.starts_with("compose.");
        if is_yaml && (compose || first_line.starts_with("apiVersion:")) {
            return Some(Self::Manifest);
        }
        Some(match (lower.as_str(), extension) {
            ("package.json" | "composer.json", _) => Self::Package,
            ("makefile" | "gnumakefile", _) | (_, "mk") => Self::Makefile,
            ("crontab", _) | (_, "cron" | "crontab") => Self::Crontab,
            (_, "tf") => Self::Terraform,
            (_, "sql") => Self::Sql,
            (_, "ipynb") => Self::Notebook,
            (_, "html" | "htm" | "vue" | "svelte") => Self::Markup,
            (_, "service" | "timer") => Self::Unit,
            ("devcontainer.json" | ".devcontainer.json", _) => Self::Editor,
            ("tasks.json", _) if under(".vscode") => Self::Editor,
            _ if under("cron.d") || folder == "etc/cron.d" => Self::Crontab,
            _ => return None,
        })
    }

    /// Returns the carrier of a name as reports show it.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(carrier, _)| *carrier)
    }

    /// Returns the name as reports show it.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(carrier, _)| *carrier == self)
            .map_or("carrier", |(_, name)| name)
    }

    /// Returns a path that names the carrier, for text that has none.
    pub fn sample_path(self) -> &'static str {
        match self {
            Self::Dockerfile => "Dockerfile",
            Self::Workflow => ".github/workflows/stdin.yml",
            Self::Pipeline => ".gitlab-ci.yml",
            Self::Package => "package.json",
            Self::Makefile => "Makefile",
            Self::Manifest => "compose.yml",
            Self::Terraform => "main.tf",
            Self::Sql => "stdin.sql",
            Self::Notebook => "stdin.ipynb",
            Self::Markup => "stdin.html",
            Self::Unit => "stdin.service",
            Self::Crontab => "crontab",
            Self::Editor => "devcontainer.json",
        }
    }

    /// Returns the family of what it holds.
    pub fn family(self) -> Family {
        match self {
            Self::Notebook => Family::Python,
            Self::Markup => Family::JavaScript,
            _ => Family::Shell,
        }
    }

    fn pieces(self, source: &str) -> Vec<Piece> {
        match self {
            Self::Dockerfile => docker::pieces(source),
            Self::Workflow => workflow::github(source),
            Self::Pipeline => workflow::pipeline(source),
            Self::Package => package::pieces(source),
            Self::Makefile => make::pieces(source),
            Self::Manifest => manifest::pieces(source),
            Self::Terraform => terraform::pieces(source),
            Self::Sql => sql::pieces(source),
            Self::Notebook => notebook::pieces(source),
            Self::Markup => markup::pieces(source),
            Self::Unit => unit::systemd(source),
            Self::Crontab => unit::cron(source),
            Self::Editor => unit::editor(source),
        }
    }
}

/// Parses a carrier: all its pieces as one tree, whose spans are those of the file.
pub(crate) fn parse(carrier: Carrier, source: &str, interner: &mut Interner) -> Tree {
    let mut pieces = carrier.pieces(source);
    let language = match carrier.family() {
        Family::Python => Some(Language::Python),
        Family::JavaScript => Some(Language::TypeScript),
        _ => None,
    };
    if let (Some(language), Some(piece)) = (language, pieces.first()) {
        let mut tree = crate::parse(language, &piece.text, interner);
        Marks::default().remap(&mut tree, |span| piece.map.span(span));
        return tree;
    }
    for piece in &mut pieces {
        if let std::borrow::Cow::Owned(text) = crate::shell::readable(&piece.text) {
            piece.text = text;
        }
    }
    let mut builder = Builder::new(Language::Shell, "", interner);
    let mut stmts = Vec::new();
    for piece in &pieces {
        builder.source = &piece.text;
        let before = Marks::of(&builder.tree);
        stmts.extend(crate::shell::lower(&mut builder).unwrap_or_default());
        before.remap(&mut builder.tree, |span| piece.map.span(span));
    }
    let body = builder.block(&stmts);
    builder.finish(body)
}

/// How much of a tree was there before a piece.
#[derive(Default)]
pub(crate) struct Marks {
    exprs: usize,
    stmts: usize,
    funcs: usize,
    classes: usize,
    comments: usize,
    errors: usize,
}

impl Marks {
    pub(crate) fn of(tree: &Tree) -> Self {
        Self {
            exprs: tree.exprs.len(),
            stmts: tree.stmts.len(),
            funcs: tree.funcs.len(),
            classes: tree.classes.len(),
            comments: tree.comments.len(),
            errors: tree.errors.len(),
        }
    }

    /// Gives what was added the places that it has in the file.
    pub(crate) fn remap(self, tree: &mut Tree, place: impl Fn(Span) -> Span) {
        let move_all = |spans: &mut [Span]| {
            for span in spans {
                *span = place(*span);
            }
        };
        move_all(&mut tree.expr_spans[self.exprs..]);
        move_all(&mut tree.stmt_spans[self.stmts..]);
        move_all(&mut tree.comments[self.comments..]);
        for func in &mut tree.funcs[self.funcs..] {
            func.span = place(func.span);
        }
        for class in &mut tree.classes[self.classes..] {
            class.span = place(class.span);
        }
        for error in &mut tree.errors[self.errors..] {
            error.span = place(error.span);
        }
        for stmt in &mut tree.stmts[self.stmts..] {
            if let Stmt::Try { handlers, .. } = stmt {
                for handler in handlers {
                    handler.span = place(handler.span);
                }
            }
        }
    }
}

/// Collects the pieces of a carrier.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    /// Adds a script.
    fn script(&mut self, text: Text) {
        let (text, map) = text.finish();
        self.0.push(Piece { text, map });
    }

    /// Adds what the carrier itself says: a command with its words, each with its place.
    fn fact(&mut self, name: &str, words: &[(&str, Span)], at: Span) {
        let mut text = Text::default();
        text.written(name, at);
        for (word, place) in words {
            text.written(" ", at);
            text.quoted(word, *place);
        }
        self.script(text);
    }

    /// Adds a variable that the scripts see.
    fn variable(&mut self, name: &str, value: Text, at: Span) {
        let is_name = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return;
        }
        let mut text = Text::default();
        text.written(name, at);
        text.written("=", at);
        text.append(value);
        self.script(text);
    }
}
