//! Models that users write in a folder of their own: text in, checked libraries out.

use super::schema::Library;
use std::fmt;
use tares_lang::{Family, Language};
use tares_model::RepoPath;
use tares_model::effect::label::Label;

/// The most files in a folder of models.
pub const MAX_FILES: usize = 200;

/// The largest file of models, in bytes.
pub const MAX_TEXT: usize = 256 << 10;

/// The most paths of a folder, each alternative counted: every one is kept in memory.
pub const MAX_PATHS: usize = 20_000;

/// The longest path of an API, in bytes; the engine makes no longer ones.
const LONGEST_PATH: usize = 200;

/// Folders by language, as those of the embedded models are called, with the language in which
/// examples are read.
const LANGUAGES: [(&str, Family, Language); Family::ALL.len()] = [
    ("python", Family::Python, Language::Python),
    ("javascript", Family::JavaScript, Language::Tsx),
    ("shell", Family::Shell, Language::Shell),
    ("java", Family::Java, Language::Java),
    ("go", Family::Go, Language::Go),
];

/// One file of a user's models.
#[derive(Debug, Clone)]
pub struct Own {
    /// Its path, as the user knows it.
    pub file: String,
    /// The languages that it speaks of.
    pub family: Family,
    /// The language of its examples.
    pub language: Language,
    /// What it says.
    pub library: Library,
}

impl Own {
    /// Returns a path that a file of the examples' language could have.
    pub fn sample_path(&self) -> RepoPath {
        RepoPath::from(match self.family {
            Family::Python => "example.py",
            Family::JavaScript => "example.tsx",
            Family::Shell => "example.sh",
            Family::Java => "Example.java",
            Family::Go => "example.go",
        })
    }
}

/// What is wrong with a file of models, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelError {
    /// The file, as the user knows it.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for ModelError {}

/// Reads all files of a folder.
pub(super) fn read(folder: &str, files: &[&(String, Vec<u8>)]) -> Result<Vec<Own>, ModelError> {
    let mut own: Vec<Own> = Vec::with_capacity(files.len());
    let mut paths = 0;
    for (at, (path, text)) in files.iter().enumerate() {
        let (read, count) = one(folder, path, text)?;
        paths += count;
        let problem = if at >= MAX_FILES {
            format!("a folder of models has at most {MAX_FILES} files")
        } else if paths > MAX_PATHS {
            format!("a folder of models names at most {MAX_PATHS} paths")
        } else {
            own.push(read);
            continue;
        };
        return Err(ModelError {
            file: read.file,
            line: 1,
            message: problem,
        });
    }
    Ok(own)
}

/// Checks one file of a folder of models; `path` is the one below `folder`.
///
/// # Errors
/// The first thing in it that is not in the format of `specs/models.md`.
pub fn check(folder: &str, path: &str, text: &[u8]) -> Result<(), ModelError> {
    one(folder, path, text).map(|_| ())
}

/// Reads one file, and counts its paths.
fn one(folder: &str, path: &str, text: &[u8]) -> Result<(Own, usize), ModelError> {
    let file = format!("{}/{path}", folder.trim_end_matches('/'));
    let wrong = |line: u32, message: String| ModelError {
        file: file.clone(),
        line,
        message,
    };
    let words = || LANGUAGES.map(|(word, ..)| word).join(", ");
    let (word, _) = path.split_once('/').unwrap_or(("", path));
    let Some(&(_, family, language)) = LANGUAGES.iter().find(|(name, ..)| *name == word) else {
        let message = format!("models stand in a folder for their language: {}", words());
        return Err(wrong(1, message));
    };
    if text.len() > MAX_TEXT {
        let message = format!("a file of models has at most {} KiB", MAX_TEXT >> 10);
        return Err(wrong(1, message));
    }
    let text = std::str::from_utf8(text).map_err(|error| {
        wrong(
            line(text, error.valid_up_to()),
            "this is not UTF-8".to_owned(),
        )
    })?;
    let library: Library = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        wrong(line(text.as_bytes(), at), message)
    })?;
    let paths = validate(&library).map_err(|(subject, message)| {
        let at = text.find(&format!("\"{subject}\"")).unwrap_or(0);
        wrong(line(text.as_bytes(), at), message)
    })?;
    let own = Own {
        file,
        family,
        language,
        library,
    };
    Ok((own, paths))
}

/// Returns the 1-based line of a byte.
fn line(text: &[u8], at: usize) -> u32 {
    let before = &text[..at.min(text.len())];
    before.iter().filter(|&&b| b == b'\n').count() as u32 + 1
}

/// What is wrong: a text of the file that it is about, and a message.
type Wrong = (String, String);

/// Checks what the types cannot say, and counts paths.
fn validate(library: &Library) -> Result<usize, Wrong> {
    let mut paths = 0;
    let lists = [
        library.calls.iter().map(|e| &e.path).collect::<Vec<_>>(),
        library.reads.iter().map(|e| &e.path).collect(),
        library.writes.iter().map(|e| &e.path).collect(),
        library.handlers.iter().map(|e| &e.path).collect(),
        library.commands.iter().map(|e| &e.name).collect(),
    ];
    for list in lists.iter().flatten() {
        if list.is_empty() {
            let message = "an entry names no path, so it can never count".to_owned();
            return Err((String::new(), message));
        }
        for path in *list {
            paths += alternatives(path)?;
        }
    }
    for name in library.types.iter().map(|kind| &kind.name) {
        paths += alternatives(name)?;
    }
    for (from, to) in &library.alias {
        paths += alternatives(from)?.max(alternatives(to)?);
        if from == to {
            return Err((from.clone(), format!("`{from}` is an alias of itself")));
        }
    }
    for call in &library.calls {
        let is_role =
            |name: &String| call.roles.contains_key(name) || call.fixed.contains_key(name);
        if let Some(target) = call.target.as_ref().filter(|target| !is_role(target)) {
            let message = format!(
                "the target `{target}` is no role of the call of `{}`",
                call.path[0]
            );
            return Err((call.path[0].clone(), message));
        }
    }
    let params = library.calls.iter().flat_map(|call| &call.calls);
    let params = params.flat_map(|callback| &callback.params);
    let handled = library.handlers.iter();
    let handled = handled.flat_map(|handler| handler.params.iter().chain(&handler.rest));
    for word in params.chain(handled) {
        if let Some(label) = word.strip_prefix("label:")
            && label.parse::<Label>().is_err()
        {
            return Err((word.clone(), format!("there is no label `{label}`")));
        }
    }
    Ok(paths)
}

/// Returns how many paths a path with alternatives stands for.
fn alternatives(path: &str) -> Result<usize, Wrong> {
    let wrong = |message: &str| Err((path.to_owned(), format!("`{path}` {message}")));
    if path.trim().is_empty() {
        return Err((path.to_owned(), "a path is empty".to_owned()));
    }
    if path.len() > LONGEST_PATH * 4 {
        return Err((
            path.to_owned(),
            "a path is longer than any that is looked up".to_owned(),
        ));
    }
    if path.chars().any(char::is_control) {
        return Err((path.to_owned(), "a path has control characters".to_owned()));
    }
    let (mut count, mut rest) = (1_usize, path);
    while let Some((head, tail)) = rest.split_once('{') {
        let Some((choices, after)) = tail.split_once('}') else {
            return wrong("has a `{` that nothing closes");
        };
        if head.contains('}') || choices.contains('{') {
            return wrong("has braces that do not match");
        }
        count = count.saturating_mul(choices.split(',').count());
        rest = after;
    }
    if rest.contains('}') {
        return wrong("has braces that do not match");
    }
    if count > MAX_PATHS {
        return wrong("stands for too many paths");
    }
    Ok(count)
}
