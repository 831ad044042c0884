//! The languages, and how a file says which one it is.

use crate::Carrier;

/// A language that can be lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Python 3.
    Python,
    /// JavaScript with JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// The shells: sh, bash, zsh, ksh.
    Shell,
    /// A file that holds code of another language.
    Carrier(Carrier),
    /// Java.
    Java,
    /// Go.
    Go,
}

/// Languages that share their library, their imports and their semantics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Python.
    Python,
    /// JavaScript and TypeScript, with and without JSX.
    JavaScript,
    /// The shells.
    Shell,
    /// Java.
    Java,
    /// Go.
    Go,
}

impl Family {
    /// All families, in the order of their discriminants.
    pub const ALL: [Self; 5] = [
        Self::Python,
        Self::JavaScript,
        Self::Shell,
        Self::Java,
        Self::Go,
    ];
}

impl Language {
    /// Returns the family that the language belongs to.
    pub fn family(self) -> Family {
        match self {
            Self::Python => Family::Python,
            Self::JavaScript | Self::TypeScript | Self::Tsx => Family::JavaScript,
            Self::Shell => Family::Shell,
            Self::Carrier(carrier) => carrier.family(),
            Self::Java => Family::Java,
            Self::Go => Family::Go,
        }
    }

    /// Returns the language of a file by its name, else by the interpreter its first line asks for.
    pub fn detect(path: &str, first_line: &str) -> Option<Self> {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let extension = file
            .rsplit_once('.')
            .and_then(|(_, extension)| Self::from_extension(extension));
        extension
            .or_else(|| Self::from_file(file))
            .or_else(|| Carrier::detect(path, first_line).map(Self::Carrier))
            .or_else(|| Self::from_shebang(first_line))
    }

    /// Returns the language of a name as people write it: `python`, `py`, `tsx` …
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "python" | "py" => Some(Self::Python),
            "javascript" | "js" | "jsx" => Some(Self::JavaScript),
            "typescript" | "ts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            "shell" | "sh" | "bash" | "zsh" | "ksh" => Some(Self::Shell),
            "java" => Some(Self::Java),
            "go" | "golang" => Some(Self::Go),
            name => Carrier::from_name(name).map(Self::Carrier),
        }
    }

    /// Returns the name as reports show it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::TypeScript => "typescript",
            Self::Tsx => "tsx",
            Self::Shell => "shell",
            Self::Carrier(carrier) => carrier.as_str(),
            Self::Java => "java",
            Self::Go => "go",
        }
    }

    /// Knows the scripts that build tools run by their name alone.
    fn from_file(file: &str) -> Option<Self> {
        match file {
            "wscript" | "SConstruct" | "SConscript" => Some(Self::Python),
            "Jakefile" => Some(Self::JavaScript),
            ".bashrc" | ".bash_profile" | ".bash_login" | ".bash_logout" | ".bash_aliases"
            | ".profile" | ".zshrc" | ".zprofile" | ".zshenv" | ".zlogin" | ".kshrc" | ".envrc"
            | "PKGBUILD" | "APKBUILD" => Some(Self::Shell),
            _ => None,
        }
    }

    fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "py" | "pyi" | "pyw" => Some(Self::Python),
            "js" | "mjs" | "cjs" | "jsx" | "jsm" | "es" | "es6" => Some(Self::JavaScript),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            "java" => Some(Self::Java),
            "go" => Some(Self::Go),
            "sh" | "bash" | "zsh" | "ksh" | "ash" | "dash" | "bats" | "ebuild" => Some(Self::Shell),
            _ => None,
        }
    }

    /// Reads `#!/usr/bin/env -S python3 -u` and the like: the first word that names an interpreter.
    fn from_shebang(first_line: &str) -> Option<Self> {
        let command = first_line
            .trim_start_matches('\u{feff}')
            .strip_prefix("#!")?;
        command.split_whitespace().find_map(|word| {
            let program = word.rsplit(['/', '\\']).next().unwrap_or(word);
            let program = program.strip_suffix(".exe").unwrap_or(program);
            match program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
                // `uv` and `pipx` run scripts that name their packages in a comment.
                "python" | "pythonw" | "pypy" | "uv" | "pipx" => Some(Self::Python),
                "node" | "nodejs" => Some(Self::JavaScript),
                "deno" | "bun" => Some(Self::TypeScript),
                "sh" | "bash" | "zsh" | "ksh" | "ash" | "dash" | "mksh" | "bats" => {
                    Some(Self::Shell)
                }
                _ => None,
            }
        })
    }
}
