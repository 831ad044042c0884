//! Waiting times for new releases: whether a client has one, and whether a change takes it away.
//!
//! Hostile releases are mostly found within hours. A client that waits some days never sees them.

use crate::notice::shown;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, RepoPath, Span};

/// What a client calls its waiting time, by the file in which it reads it, and whether it is told
/// where it is missing. npm counts days, pnpm and Yarn minutes, Bun seconds; uv, pip and Cargo
/// take spans or moments. pnpm waits for a day by itself (version 11), and most of what stands in
/// cargo's file is about other things.
const CLIENTS: [(&str, &[&str], bool); 9] = [
    (
        ".npmrc",
        &["min-release-age", "minimum-release-age", "before"],
        true,
    ),
    ("pnpm-workspace.yaml", &["minimumReleaseAge"], false),
    (".yarnrc.yml", &["npmMinimalAgeGate"], true),
    ("bunfig.toml", &["minimumReleaseAge"], true),
    ("uv.toml", &["exclude-newer"], true),
    ("pyproject.toml", &["exclude-newer"], true),
    ("pip.conf", &["uploaded-prior-to"], true),
    ("pip.ini", &["uploaded-prior-to"], true),
    (
        ".cargo/config.toml",
        &["min-publish-age", "global-min-publish-age"],
        false,
    ),
];

/// Judges the settings of a client. Where the file is new, or everything is judged as it stands,
/// a waiting time that is missing is told; one that a change takes away always.
pub(super) fn judge(path: &RepoPath, base: Option<&str>, text: &str) -> Option<Notice> {
    let is_of = |name: &str| {
        let rest = path.as_str().strip_suffix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let (name, keys, is_told) = CLIENTS.into_iter().find(|(name, ..)| is_of(name))?;
    // Other tools keep their settings in the same file.
    if name == "pyproject.toml" && !text.contains("[tool.uv]") {
        return None;
    }
    let own = keys.iter().find_map(|key| value_of(text, key));
    let before = base.and_then(|base| keys.iter().find_map(|key| value_of(base, key)));
    let waits = |value: &Option<(Span, &str)>| matches!(value, Some((_, value)) if !is_off(value));
    let is_new = base.is_none_or(|base| base.trim().is_empty());
    let (level, says) = match own {
        _ if waits(&own) => return None,
        _ if waits(&before) => {
            let (_, was) = before?;
            let says = format!(
                "the waiting time for new releases, `{}`, is gone",
                shown(was, 40)
            );
            (Level::Review, says)
        }
        Some(_) if before.is_none() => {
            let says = "the waiting time for new releases is switched off".to_owned();
            (Level::Review, says)
        }
        None if is_new && is_told => {
            let says = format!(
                "the client of this file waits for nothing: a release of today is installed today (`{}`)",
                keys[0]
            );
            (Level::Note, says)
        }
        _ => return None,
    };
    Some(Notice {
        rule: "cooldown-missing",
        level,
        severity: Severity::Low,
        confidence: Confidence::High,
        span: own.map_or_else(|| first_line(text), |(span, _)| span),
        message: says,
        related: Vec::new(),
        identity: format!("cooldown-missing {name}"),
    })
}

/// Returns the value of a setting, by lines: `key = value` and `key: value`.
fn value_of<'t>(text: &'t str, key: &str) -> Option<(Span, &'t str)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let own = start;
        start += line.len();
        let rest = line.trim_start().strip_prefix(key);
        let value = rest.and_then(|rest| rest.trim_start().strip_prefix(['=', ':']));
        if let Some(value) = value {
            let from = own + (line.len() - line.trim_start().len());
            let span = Span::new(from as u32, (own + line.trim_end().len()) as u32);
            let value = value.split(" #").next().unwrap_or(value).trim();
            return Some((span, value.trim_matches(['"', '\''])));
        }
    }
    None
}

fn is_off(value: &str) -> bool {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    matches!(digits, "" | "0") || value == "false"
}

fn first_line(text: &str) -> Span {
    let end = text.find('\n').unwrap_or(text.len());
    Span::new(0, end as u32)
}
