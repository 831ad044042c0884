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
            Self::AmazonQ => below(".amazonq/rules/"),
            Self::Other => true,
        }
    }

    /// Returns whether a hidden piece reaches the model. Claude Code takes comments that stand on
    /// lines of their own out of the files it loads; all others get the raw text.
    pub fn reads(self, path: &RepoPath, hidden: &Hidden) -> bool {
        let strips = self == Self::ClaudeCode && self.loads(path);
        !(strips && hidden.carrier == Carrier::Comment && hidden.stands_alone)
    }
}
