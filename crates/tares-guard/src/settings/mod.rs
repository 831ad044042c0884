//! Agent configuration as code: what a file lets an agent do, and what a change newly grants.
//!
//! Which settings are dangerous is data (`settings/*.toml`). Nothing that a configuration names
//! is started or reached.

mod matching;
mod mcp;
mod read;

use crate::notice::shown;
pub use mcp::Server;
use read::{Entry, Settings};
use tares_model::Notice;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{RepoPath, Span};

/// Names of files, in lower case, that list servers of tools.
const SERVER_FILES: [&str; 14] = [
    "mcp.json",
    ".mcp.json",
    "mcp_config.json",
    "cline_mcp_settings.json",
    "mcp-config.json",
    "claude_desktop_config.json",
    "settings.json",
    "config.toml",
    ".claude.json",
    "gemini-extension.json",
    "opencode.json",
    "opencode.jsonc",
    "plugin.json",
    "managed-mcp.json",
];

/// Returns whether a path is a settings file of an agent or of an editor with one.
pub fn is_agent_settings(path: &RepoPath) -> bool {
    let extension = path.extension();
    let could_be = matches!(
        extension.as_deref(),
        Some("json" | "jsonc" | "toml" | "code-workspace")
    );
    could_be && is_in_table(path)
}

fn is_in_table(path: &RepoPath) -> bool {
    !matching::of_file(path.as_str()).is_empty() || lists_servers(path)
}

fn lists_servers(path: &RepoPath) -> bool {
    let lower = path.as_str().to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or("");
    let is_common = matches!(name, "settings.json" | "config.toml" | "plugin.json");
    SERVER_FILES.contains(&name)
        && (!is_common
            || lower
                .split('/')
                .any(|part| part.len() > 1 && part.starts_with('.')))
}

/// Returns the servers of tools that a settings file names, in the order of their keys.
///
/// # Errors
/// Where the file is neither JSON nor TOML, with why.
pub fn servers(path: &RepoPath, text: &str) -> Result<Vec<Server>, String> {
    let settings = read::read(&path.as_str().to_ascii_lowercase(), text)?;
    Ok(mcp::servers(&settings))
}

/// Judges a settings file. With `base`, the text before the change, what is new counts in full
/// and what stood there before is silent; without one everything counts one level less.
pub fn settings(path: &RepoPath, base: Option<&str>, text: &str) -> Vec<Notice> {
    if !is_agent_settings(path) {
        return Vec::new();
    }
    let name = path.as_str().to_ascii_lowercase();
    let head = match read::read(&name, text) {
        Ok(head) => head,
        Err(why) => return vec![unreadable(text, &why)],
    };
    let before = base.and_then(|text| read::read(&name, text).ok());
    let mut notices = Vec::new();
    for (key, span) in &head.repeated {
        notices.push(repeated(key, *span));
    }
    dangerous(path, &head, before.as_ref(), &mut notices);
    if lists_servers(path) {
        compare_servers(&head, before.as_ref(), base.is_some(), &mut notices);
    }
    if base.is_none() {
        notices.iter_mut().for_each(lower);
    }
    notices
}

/// A setting that stood there before this look is no news: it weighs one level less.
fn lower(notice: &mut Notice) {
    notice.level = match notice.level {
        Level::Block => Level::Review,
        Level::Review | Level::Note => Level::Note,
    };
}

fn dangerous(path: &RepoPath, head: &Settings, before: Option<&Settings>, out: &mut Vec<Notice>) {
    let lines = matching::of_file(path.as_str());
    for entry in &head.entries {
        let is_known = before.is_some_and(|before| has(before, entry));
        let found = lines
            .iter()
            .filter(|line| line.speaks_of(&entry.path, &entry.value))
            .max_by_key(|line| line.level);
        let Some(line) = found.filter(|_| !is_known) else {
            continue;
        };
        let value = shown(entry.value.text(), 120);
        let level = if crate::instruction::downloads_and_runs(entry.value.text()) {
            Level::Block
        } else {
            line.level
        };
        out.push(notice(
            line.rule,
            level,
            entry.span,
            format!(
                "`{}` {}",
                key_of(entry),
                line.says.replace("{value}", &value)
            ),
            format!("{} {}", key_of(entry), entry.value.text()),
        ));
    }
}

/// Whether a file held the same value under the same keys; a place in a list is no key.
fn has(settings: &Settings, wanted: &Entry) -> bool {
    let keys = |entry: &Entry| -> Vec<String> {
        let is_place = |key: &&String| !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
        entry
            .path
            .iter()
            .filter(|key| !is_place(key))
            .cloned()
            .collect()
    };
    let own = keys(wanted);
    settings
        .entries
        .iter()
        .any(|entry| entry.value == wanted.value && keys(entry) == own)
}

fn compare_servers(
    head: &Settings,
    before: Option<&Settings>,
    has_base: bool,
    out: &mut Vec<Notice>,
) {
    let old = before.map(mcp::servers).unwrap_or_default();
    for server in mcp::servers(head) {
        let known = old.iter().find(|other| other.name == server.name);
        let is_same = known.is_some_and(|other| is_same(other, &server));
        if is_same {
            continue;
        }
        let dangers = mcp::dangers(&server);
        let worst = dangers.iter().map(|danger| danger.level).max();
        if has_base {
            let (rule, says) = match known {
                Some(_) => (
                    "mcp-server-changed",
                    "starts something else under a name that people approved",
                ),
                None => ("mcp-server-added", "gives agents a new server of tools"),
            };
            let level = worst.unwrap_or(Level::Review).max(Level::Review);
            let message = format!(
                "`{}` {says}: {}",
                shown(&server.name, 60),
                describe(&server)
            );
            out.push(notice(rule, level, server.span, message, describe(&server)));
        }
        for danger in dangers {
            let message = format!(
                "the server `{}` {}",
                shown(&server.name, 60),
                shown(&danger.says, 160)
            );
            let identity = format!("{} {}", server.name, danger.says);
            out.push(notice(
                "mcp-server-unsafe",
                danger.level,
                danger.span,
                message,
                identity,
            ));
        }
    }
}

fn is_same(one: &Server, other: &Server) -> bool {
    let names = |server: &Server| -> Vec<(String, String)> {
        server
            .environment
            .iter()
            .map(|(name, value, _)| (name.clone(), value.clone()))
            .collect()
    };
    one.command == other.command && one.url == other.url && names(one) == names(other)
}

fn describe(server: &Server) -> String {
    match &server.url {
        Some(url) => shown(url, 120),
        None => shown(&server.command.join(" "), 160),
    }
}

fn key_of(entry: &Entry) -> String {
    shown(&entry.path.join("."), 80)
}

fn notice(
    rule: &'static str,
    level: Level,
    span: Span,
    message: String,
    identity: String,
) -> Notice {
    Notice {
        rule,
        level,
        severity: match level {
            Level::Block => Severity::Critical,
            Level::Review => Severity::High,
            Level::Note => Severity::Low,
        },
        confidence: Confidence::High,
        span,
        message,
        related: Vec::new(),
        identity,
    }
}

fn repeated(key: &str, span: Span) -> Notice {
    notice(
        "settings-key-twice",
        Level::Review,
        span,
        format!(
            "`{}` stands twice in one object: most clients take the last one",
            shown(key, 60)
        ),
        key.to_owned(),
    )
}

fn unreadable(text: &str, why: &str) -> Notice {
    notice(
        "agent-settings-unreadable",
        Level::Review,
        Span::new(0, text.lines().next().map_or(0, str::len) as u32),
        format!(
            "settings of an agent that cannot be read: {}",
            shown(why, 160)
        ),
        why.to_owned(),
    )
}
