//! What a file is to an agent and to a person, by its path.

use tares_model::RepoPath;

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Instructions that some agent loads by itself: rules files, skills, prompts.
    Instructions,
    /// Settings, manifests, anything a program reads by keys.
    Settings,
    /// Source code.
    Code,
    /// Documents for people, which agents read as well.
    Prose,
}

/// Words in a path that say: tables or tests of Unicode itself.
const TEST_DATA: [&str; 22] = [
    "unicode",
    "utf8",
    "utf-8",
    "utf_8",
    "utf16",
    "ucd",
    "emoji",
    "idna",
    "punycode",
    "bidi",
    "charset",
    "charmap",
    "codepoint",
    "code_point",
    "grapheme",
    "homoglyph",
    "confusable",
    "normaliz",
    "i18n",
    "locale",
    "trojan",
    "wcwidth",
];

/// Folders and endings that say: inputs of tests.
const TEST_FOLDERS: [&str; 12] = [
    "test",
    "tests",
    "testdata",
    "test-data",
    "test_data",
    "__tests__",
    "fixtures",
    "fixture",
    "snapshots",
    "__snapshots__",
    "spec",
    "corpus",
];

/// Names, in lower case, of files that an agent loads as instructions wherever they stand.
const INSTRUCTION_NAMES: [&str; 19] = [
    "claude.md",
    "claude.local.md",
    "agents.md",
    "agents.override.md",
    "gemini.md",
    "skill.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    ".roorules",
    ".rules",
    "conventions.md",
    "copilot-instructions.md",
    ".goosehints",
    "qwen.md",
    "warp.md",
    "jules.md",
    "replit.md",
    "llms.txt",
];

/// Folders, in lower case, whose documents are instructions.
const INSTRUCTION_FOLDERS: [&str; 22] = [
    ".claude/",
    ".agents/",
    ".agent/",
    ".codex/",
    ".cursor/",
    ".windsurf/",
    ".clinerules/",
    ".roo/",
    ".kilocode/",
    ".gemini/",
    ".kiro/",
    ".opencode/",
    ".amazonq/",
    ".continue/",
    ".junie/",
    ".amp/",
    ".github/instructions/",
    ".github/prompts/",
    ".github/agents/",
    ".github/chatmodes/",
    ".github/skills/",
    ".trae/",
];

impl Kind {
    /// Returns how the file at a path is read.
    pub fn of(path: &RepoPath) -> Self {
        let lower = path.as_str().to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or(&lower);
        let extension = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_document = matches!(
            extension,
            "md" | "mdc" | "mdx" | "markdown" | "txt" | "prompt" | "toml" | ""
        );
        // All of these folders begin with a dot.
        let in_folder = lower.match_indices('.').any(|(at, _)| {
            (at == 0 || lower.as_bytes()[at - 1] == b'/')
                && INSTRUCTION_FOLDERS
                    .iter()
                    .any(|folder| lower[at..].starts_with(folder))
        });
        if INSTRUCTION_NAMES.contains(&name)
            || (in_folder && is_document && extension != "toml")
            || name.ends_with(".instructions.md")
            || name.ends_with(".prompt.md")
            || extension == "mdc"
        {
            return Self::Instructions;
        }
        match extension {
            "md" | "mdx" | "markdown" | "rst" | "adoc" | "txt" | "tex" | "org" | "html" | "htm"
            | "xhtml" | "svg" | "po" | "pot" | "xlf" | "xliff" | "srt" | "vtt" | "csv" | "tsv"
            | "eml" | "" => Self::Prose,
            "json" | "jsonc" | "json5" | "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf"
            | "properties" | "env" | "lock" | "xml" | "plist" => Self::Settings,
            _ => Self::Code,
        }
    }
}

/// Returns whether the path says that a file holds tables or tests of odd characters.
pub fn is_test_data(path: &RepoPath) -> bool {
    let lower = path.as_str().to_ascii_lowercase();
    TEST_DATA.iter().any(|word| lower.contains(word))
        || lower
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| TEST_FOLDERS.contains(&folder))
        || lower.rsplit('/').next().is_some_and(|name| {
            name.starts_with("test_")
                || name.contains("_test.")
                || name.contains(".test.")
                || name.contains(".spec.")
        })
}
