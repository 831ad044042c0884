//! Commands that install or run packages, wherever they stand as text: scripts, Dockerfiles,
//! workflows, documents, skills.

use super::node::split_version;
use super::requirement::requirement;
use super::text::Line;
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use aho_corasick::{AhoCorasick, Input};
use std::sync::LazyLock;
use tares_model::Span;

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 8 << 10;

/// Most commands of one text.
const MOST: usize = 5_000;

/// Beginnings of commands; a line without any is not looked at.
const BEGINNINGS: [&str; 24] = [
    "pip install",
    "pip3 install",
    "pip download",
    "pip3 download",
    "uv add",
    "uv pip",
    "uv tool",
    "uvx ",
    "pipx ",
    "poetry add",
    "pdm add",
    "rye add",
    "easy_install",
    "npm ",
    "npx ",
    "yarn ",
    "pnpm ",
    "bun",
    "cargo ",
    "go ",
    "gem install",
    "bundle add",
    "composer ",
    "dotnet ",
];

static FINDER: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(BEGINNINGS).expect("a few short texts"));

/// Options that take a value which is no package.
const TAKES_VALUE: [&str; 30] = [
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--python",
    "--prefix",
    "--root",
    "--registry",
    "-v",
    "--version",
    "--vers",
    "--git",
    "--branch",
    "--tag",
    "--rev",
    "--path",
    "--features",
    "-F",
    "--source",
    "-s",
    "--group",
    "-G",
    "--workspace",
];

/// Finds the commands of a text.
pub fn commands(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(hit) = FINDER.find(Input::new(text).range(at..)) {
        let bytes = text.as_bytes();
        let start = memchr::memrchr(b'\n', &bytes[..hit.start()]).map_or(0, |i| i + 1);
        let end =
            memchr::memchr(b'\n', &bytes[hit.start()..]).map_or(text.len(), |i| hit.start() + i);
        at = end;
        let line = Line {
            start,
            text: text[start..end].trim_end_matches('\r'),
        };
        if line.text.len() <= LONGEST {
            for command in split(line.text) {
                one(&line, command, &mut found);
            }
        }
        if found.len() > MOST {
            break;
        }
    }
    found
}

/// Splits a line at what ends a command, in a shell and in a document.
fn split(line: &str) -> impl Iterator<Item = &str> {
    line.split(['`', '|', ';', '&', '(', ')', '"', '\'', '<', '>'])
        .map(str::trim)
        .filter(|command| !command.is_empty())
}

/// What a command takes packages for.
struct Verb {
    ecosystem: Ecosystem,
    place: Place,
    /// Words before the packages.
    skip: usize,
    /// Whether only the first word is a package.
    is_single: bool,
}

fn one(line: &Line<'_>, command: &str, found: &mut Vec<Reference>) {
    let mut words: Vec<&str> = command.split_whitespace().collect();
    while let Some(first) = words.first() {
        let is_prompt = matches!(
            *first,
            "$" | "#"
                | ">"
                | "-"
                | "*"
                | "RUN"
                | "run:"
                | "sudo"
                | "exec"
                | "then"
                | "do"
                | "&&"
                | "!"
                | "%"
                | "%pip"
                | "!pip"
                | "time"
                | "env"
        ) || (first.contains('=')
            && !first.starts_with('-')
            && first.chars().next().is_some_and(|c| c.is_ascii_uppercase()))
            || (first.ends_with(':') && words.len() > 1)
            || first.starts_with("--mount");
        if is_prompt && !matches!(*first, "%pip" | "!pip") {
            words.remove(0);
        } else {
            break;
        }
    }
    let Some(verb) = verb(&words) else { return };
    let mut skips_next = false;
    for word in &words[verb.skip..] {
        if skips_next {
            skips_next = false;
            continue;
        }
        if word.starts_with('-') {
            // A chosen package of a run-once tool: `npx -p name`, `uvx --from name`.
            skips_next = TAKES_VALUE.contains(word);
            continue;
        }
        if *word == "\\" || word.contains(['$', '{', '*', '%', '…']) || word.ends_with("...") {
            if verb.is_single {
                return;
            }
            continue;
        }
        let span = line.span_of(word);
        if let Some(reference) = package(&verb, word, span) {
            found.push(reference);
        } else if !verb.is_single && !word.contains('/') {
            // Prose that begins like a command ends where a word can be no package.
            return;
        }
        if verb.is_single {
            return;
        }
    }
}

fn verb(words: &[&str]) -> Option<Verb> {
    use Ecosystem::{Cargo, Composer, Go, Npm, NuGet, PyPi, RubyGems};
    let program = words
        .first()?
        .rsplit('/')
        .next()
        .unwrap_or("")
        .trim_start_matches(['%', '!']);
    let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let at = |i: usize| words.get(i).copied().unwrap_or("");
    let many = |ecosystem, skip| {
        Some(Verb {
            ecosystem,
            place: Place::Command,
            skip,
            is_single: false,
        })
    };
    let once = |ecosystem, skip| {
        Some(Verb {
            ecosystem,
            place: Place::RunOnce,
            skip,
            is_single: true,
        })
    };
    match (program, at(1), at(2)) {
        ("pip", "install" | "download", _) => many(PyPi, 2),
        ("python" | "py", "-m", "pip") if at(3) == "install" => many(PyPi, 4),
        ("uv", "add", _) => many(PyPi, 2),
        ("uv", "pip", "install") | ("uv", "tool", "install") => many(PyPi, 3),
        ("uv", "tool", "run") => once(PyPi, 3),
        ("uvx", ..) => once(PyPi, 1),
        ("pipx", "run", _) => once(PyPi, 2),
        ("pipx", "install", _) | ("poetry" | "pdm" | "rye", "add", _) => many(PyPi, 2),
        ("easy_install", ..) => many(PyPi, 1),
        ("npm", "install" | "i" | "add" | "in", _)
        | ("pnpm", "add" | "install" | "i", _)
        | ("yarn" | "bun", "add", _) => many(Npm, 2),
        ("bun", "install" | "i", _) => many(Npm, 2),
        ("yarn", "global", "add") => many(Npm, 3),
        ("npx" | "bunx" | "pnpx", ..) => once(Npm, 1),
        ("npm", "exec" | "x", _) | ("pnpm" | "yarn", "dlx", _) | ("bun", "x", _) => once(Npm, 2),
        ("npm" | "pnpm" | "yarn" | "bun", "create" | "init", name)
            if !name.is_empty() && !name.starts_with('-') =>
        {
            None
        }
        ("cargo", "add", _) => many(Cargo, 2),
        ("cargo", "install" | "binstall", _) => many(Cargo, 2),
        ("go", "get" | "install", _) => many(Go, 2),
        ("go", "run", name) if name.contains('@') => once(Go, 2),
        ("gem", "install", _) => many(RubyGems, 2),
        ("bundle", "add", _) => many(RubyGems, 2),
        ("composer", "require", _) => many(Composer, 2),
        ("composer", "global", "require") => many(Composer, 3),
        ("dotnet", "add", _) if words.contains(&"package") => {
            let skip = words.iter().position(|word| *word == "package")? + 1;
            Some(Verb {
                ecosystem: NuGet,
                place: Place::Command,
                skip,
                is_single: true,
            })
        }
        ("dotnet", "tool", "install") => Some(Verb {
            ecosystem: NuGet,
            place: Place::Command,
            skip: 3,
            is_single: true,
        }),
        _ => None,
    }
}

fn package(verb: &Verb, word: &str, span: Span) -> Option<Reference> {
    let word = word.trim_end_matches([',', '.', ':']);
    let (name, version) = match verb.ecosystem {
        Ecosystem::PyPi => {
            let word = word.replacen('@', "==", usize::from(verb.place == Place::RunOnce));
            return requirement(&word, span, verb.place);
        }
        Ecosystem::Npm => split_version(word),
        Ecosystem::Composer => word.split_once(':').unwrap_or((word, "")),
        _ => word.split_once('@').unwrap_or((word, "")),
    };
    let is_address =
        word.contains("://") || word.starts_with("git+") || word.starts_with("github:");
    if word.starts_with(['.', '/', '~']) || (!is_address && !verb.ecosystem.is_name(name)) {
        return None;
    }
    let version = match verb.ecosystem {
        Ecosystem::Npm => super::node::exact(version),
        _ => Some(version.trim_start_matches('=').to_owned())
            .filter(|version| version.starts_with(|c: char| c.is_ascii_digit() || c == 'v')),
    };
    Some(Reference {
        ecosystem: verb.ecosystem,
        name: name.to_owned(),
        requirement: word[name.len()..].trim_start_matches(['@', ':']).to_owned(),
        version,
        origin: if is_address {
            super::requirement::origin(word)
        } else {
            Origin::Registry
        },
        place: verb.place,
        digest: None,
        span: Span::new(span.start, span.start + name.len() as u32),
    })
}
