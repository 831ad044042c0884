//! Agents, and what each of them reads of a file.
//!
//! Which files an agent loads by itself follows its documentation and, for Claude Code 2.1 and
//! Codex 0.16x, what was seen in recorded requests. An agent that is not known reads all.

use crate::view::{Carrier, Hidden};
use tares_model::RepoPath;

/// An agent that reads files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agent {
    /// Claude Code.
    ClaudeCode,
    /// Codex.
    Codex,
    /// Cursor.
    Cursor,
    /// GitHub Copilot.
    Copilot,
    /// Gemini CLI.
    Gemini,
    /// Windsurf.
    Windsurf,
    /// Amazon Q Developer.
    AmazonQ,
    /// Any other: it gets the raw text.
    #[default]
    Other,
}

impl Agent {
    /// All agents with the words by which people name them.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::ClaudeCode, "claude-code"),
        (Self::Codex, "codex"),
        (Self::Cursor, "cursor"),
        (Self::Copilot, "copilot"),
        (Self::Gemini, "gemini"),
        (Self::Windsurf, "windsurf"),
        (Self::AmazonQ, "amazon-q"),
        (Self::Other, "any"),
    ];

    /// Returns the agent of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(agent, _)| *agent)
    }

    /// Returns whether the agent loads a file by itself, without being asked to read it.
    pub fn loads(self, path: &RepoPath) -> bool {
        let lower = path.as_str().to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or("");
        let below =
            |folder: &str| lower.starts_with(folder) || lower.contains(&format!("/{folder}"));
        match self {
            Self::ClaudeCode => {
                matches!(name, "claude.md" | "claude.local.md")
                    || (below(".claude/") && name.ends_with(".md"))
            }
            Self::Codex => {
                matches!(name, "agents.md" | "agents.override.md")
                    || ((below(".agents/") || below(".codex/")) && name.ends_with(".md"))
            }
            Self::Cursor => {
                matches!(name, ".cursorrules" | "agents.md")
                    || (below(".cursor/") && (name.ends_with(".mdc") || name.ends_with(".md")))
            }
            Self::Copilot => {
                matches!(
                    name,
                    "copilot-instructions.md" | "agents.md" | "claude.md" | "gemini.md"
                ) || name.ends_with(".instructions.md")
                    || name.ends_with(".prompt.md")
                    || (below(".github/")
                        && (below(".github/agents/") || below(".github/chatmodes/")))
            }
            Self::Gemini => {
                matches!(name, "gemini.md" | "agents.md")
                    || (below(".gemini/") && !name.ends_with(".json"))
            }
            Self::Windsurf => {
                matches!(name, ".windsurfrules" | "agents.md")
                    || (below(".windsurf/") && name.ends_with(".md"))
            }
            Self::AmazonQ => {
                (below(".amazonq/rules/") && name.ends_with(".md"))
                    || matches!(lower.as_str(), "amazonq.md" | "readme.md")
            }
            Self::Other => true,
        }
    }

    /// Returns when a file reaches the model, by its path and what its front matter says.
    pub fn reach(self, path: &RepoPath, text: &str) -> Reach {
        if self == Self::Other || !self.loads(path) {
            return Reach::Opened;
        }
        let lower = path.as_str().to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or("");
        let said = |key: &str| front_matter(text, key);
        let is_skill = name == "skill.md"
            || [
                "/commands/",
                "/agents/",
                "/prompts/",
                "/chatmodes/",
                "/output-styles/",
            ]
            .iter()
            .any(|folder| lower.contains(folder));
        // What stands in a folder of an agent is no rule of that folder alone.
        let folder = lower.strip_suffix(name).unwrap_or("").trim_end_matches('/');
        let is_below = !folder.is_empty() && !folder.contains("/.") && !folder.starts_with('.');
        match self {
            Self::Cursor if name.ends_with(".mdc") => match (said("alwaysapply"), said("globs")) {
                (Some("true"), _) => Reach::AtStart,
                (_, Some(globs)) if !globs.is_empty() => Reach::InScope,
                _ => Reach::Description,
            },
            Self::Windsurf if lower.contains(".windsurf/rules/") => match said("trigger") {
                Some("glob") => Reach::InScope,
                Some("model_decision") => Reach::Description,
                Some("manual") => Reach::Opened,
                _ => Reach::AtStart,
            },
            Self::Copilot if name.ends_with(".instructions.md") => match said("applyto") {
                Some("**" | "**/*" | "*") => Reach::AtStart,
                Some(_) => Reach::InScope,
                None => Reach::Opened,
            },
            Self::Copilot if name.ends_with(".prompt.md") => Reach::Opened,
            _ if is_skill => Reach::Description,
            _ if is_below => Reach::InScope,
            _ => Reach::AtStart,
        }
    }

    /// Returns whether a hidden piece reaches the model. Claude Code takes comments that stand on
    /// lines of their own out of the files it loads; all others get the raw text.
    pub fn reads(self, path: &RepoPath, hidden: &Hidden) -> bool {
        let strips = self == Self::ClaudeCode && self.loads(path);
        !(strips && hidden.carrier == Carrier::Comment && hidden.stands_alone)
    }
}

/// When a file reaches the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// With the first question of every session.
    AtStart,
    /// Its description with the first question, the rest when it is used.
    Description,
    /// When the agent works on files that it names, or in its folder.
    InScope,
    /// When somebody opens it.
    Opened,
}

impl Reach {
    /// Returns the words that people read; empty for what is only opened.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtStart => "loaded by itself",
            Self::Description => "its description is loaded by itself, the rest when it is used",
            Self::InScope => "loaded when the agent works on what it is about",
            Self::Opened => "",
        }
    }
}

/// Returns a plain value of the front matter, its key in lower case.
fn front_matter<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut lines = text.trim_start_matches('\u{FEFF}').lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    lines
        .take(100)
        .take_while(|line| line.trim_end() != "---")
        .find_map(|line| {
            let (found, value) = line.split_once(':')?;
            let is_it = found.trim().eq_ignore_ascii_case(key);
            is_it.then(|| value.trim().trim_matches(['"', '\'']))
        })
}
