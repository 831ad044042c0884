//! Settings of package clients: other indexes, checks switched off, waiting times that do not
//! wait.

use crate::notice::shown;
use tares_model::Notice;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{RepoPath, Span};

/// Judges a file by its name; anything but settings of clients and requirements is silent.
pub(super) fn judge(path: &RepoPath, base: Option<&str>, text: &str) -> Vec<Notice> {
    let lower = path.as_str().to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or("");
    let is_client = matches!(
        name,
        ".npmrc"
            | "pip.conf"
            | "pip.ini"
            | ".pypirc"
            | ".yarnrc"
            | ".yarnrc.yml"
            | "uv.toml"
            | "bunfig.toml"
            | ".pip.conf"
            | "pnpm-workspace.yaml"
            | "nuget.config"
    ) || lower.ends_with(".cargo/config.toml");
    let is_requirements = name.ends_with(".txt") && name.contains("requirements")
        || name == "pyproject.toml"
        || name == "pipfile";
    if !is_client && !is_requirements {
        return Vec::new();
    }
    let mut start = 0;
    let mut notices = scopes(name, base, text);
    for line in text.split_inclusive('\n') {
        let own = start;
        start += line.len();
        let body = line.trim();
        let is_known = base.is_some_and(|base| base.lines().any(|old| old.trim() == body));
        if body.is_empty() || body.starts_with(['#', ';']) || is_known {
            continue;
        }
        if let Some((rule, level, says)) = line_of(name, body, is_client) {
            let from = own + (line.len() - line.trim_start().len());
            notices.push(Notice {
                rule,
                level,
                severity: if level == Level::Note {
                    Severity::Low
                } else {
                    Severity::High
                },
                confidence: Confidence::High,
                span: Span::new(from as u32, (from + body.len()) as u32),
                message: says,
                related: Vec::new(),
                identity: format!("{rule} {body}"),
            });
        }
    }
    notices
}

/// Finds scopes of npm that get a registry of their own, and scopes that lose it: their packages
/// are then taken from the registry of all others, where anybody may own the scope.
fn scopes(name: &str, base: Option<&str>, text: &str) -> Vec<Notice> {
    if name != ".npmrc" {
        return Vec::new();
    }
    let (own, before) = (scoped(text), scoped(base.unwrap_or("")));
    let mut notices = Vec::new();
    for &(scope, address, span) in &own {
        let is_known = before
            .iter()
            .any(|&(other, old, _)| other == scope && old == address);
        if !is_known {
            let says = format!(
                "packages of {} now come from {}",
                shown(scope, 60),
                shown(without_user(address), 100)
            );
            notices.push(index_changed(scope, says, span));
        }
    }
    for &(scope, address, _) in &before {
        if !own.iter().any(|&(other, ..)| other == scope) {
            let says = format!(
                "packages of {} came from {} and now come from the registry of all others, where anybody may own that scope",
                shown(scope, 60),
                shown(without_user(address), 100)
            );
            notices.push(index_changed(scope, says, Span::default()));
        }
    }
    notices
}

/// Returns the scopes that have a registry of their own, with its address.
fn scoped(text: &str) -> Vec<(&str, &str, Span)> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let own = start + (line.len() - line.trim_start().len());
        start += line.len();
        let body = line.trim();
        let scope = body.strip_prefix('@').and_then(|_| body.split_once('='));
        if let Some((key, address)) = scope
            && let Some(scope) = key.trim().strip_suffix(":registry")
        {
            let span = Span::new(own as u32, (own + body.len()) as u32);
            found.push((scope, address.trim().trim_matches('"'), span));
        }
    }
    found
}

fn index_changed(scope: &str, says: String, span: Span) -> Notice {
    Notice {
        rule: "index-changed",
        level: Level::Review,
        severity: Severity::High,
        confidence: Confidence::High,
        span,
        message: says,
        related: Vec::new(),
        identity: format!("index-changed {scope}"),
    }
}

fn line_of(name: &str, body: &str, is_client: bool) -> Option<(&'static str, Level, String)> {
    let (key, value) = body.split_once(['=', ':', ' ']).unwrap_or((body, ""));
    let key = key.trim().trim_matches('"').to_ascii_lowercase();
    // `key = value` is split at its first blank.
    let value = value.trim_start_matches([' ', '=', ':']).trim();
    let value = value.trim_matches(['"', '\'', ',', '[', ']']);
    let plain = key.trim_start_matches('-').replace('_', "-");
    let address = || shown(without_user(value), 100);
    match plain.as_str() {
        "extra-index-url" => Some((
            "index-changed",
            Level::Review,
            format!(
                "a second index beside the first: the higher version of a name wins, wherever it is ({})",
                address()
            ),
        )),
        "index-url" | "registry" | "index" | "default-index" | "npmregistryserver"
        | "find-links"
            if is_address(value) =>
        {
            Some((
                "index-changed",
                Level::Review,
                format!("packages now come from {}", address()),
            ))
        }
        "trusted-host" => Some((
            "client-check-off",
            Level::Review,
            format!("the certificate of {} is not checked", shown(value, 80)),
        )),
        "strict-ssl" | "enablestrictssl" if value == "false" => Some((
            "client-check-off",
            Level::Review,
            "certificates of registries are not checked".to_owned(),
        )),
        "ignore-scripts" | "enablescripts" if is_client && off(&plain, value) => Some((
            "client-check-off",
            Level::Review,
            "install scripts run again".to_owned(),
        )),
        "package-lock" | "frozen-lockfile" | "require-hashes" if value == "false" => Some((
            "client-check-off",
            Level::Review,
            format!("`{plain}` is off: what is installed is no longer what was locked"),
        )),
        "min-release-age" if name == ".npmrc" && !value.bytes().all(|b| b.is_ascii_digit()) => {
            Some((
                "cooldown-misread",
                Level::Review,
                format!(
                    "`{}` is no number of days: the client ignores it or fails",
                    shown(value, 40)
                ),
            ))
        }
        "minimumreleaseage" | "minimum-release-age" | "npmminimalagegate"
            if is_too_short(name, value) =>
        {
            let unit = if name == "bunfig.toml" {
                "seconds"
            } else {
                "minutes"
            };
            Some((
                "cooldown-misread",
                Level::Review,
                format!("{value} is counted in {unit}: new releases wait less than an hour"),
            ))
        }
        "exclude-newer" if is_uv(name) && value.bytes().all(|b| b.is_ascii_digit()) => Some((
            "cooldown-misread",
            Level::Review,
            format!(
                "`{}` has no unit: uv wants a span or a date",
                shown(value, 40)
            ),
        )),
        _ => None,
    }
}

/// Returns whether a number of a client's own unit is less than an hour, and more than nothing.
fn is_too_short(name: &str, value: &str) -> bool {
    let hour = if name == "bunfig.toml" { 3_600 } else { 60 };
    value.parse::<u64>().is_ok_and(|n| n > 0 && n < hour)
}

fn is_uv(name: &str) -> bool {
    matches!(name, "uv.toml" | "pyproject.toml")
}

fn off(key: &str, value: &str) -> bool {
    if key == "ignore-scripts" {
        value == "false"
    } else {
        value == "true"
    }
}

fn is_address(value: &str) -> bool {
    value.contains("://")
}

/// An address may hold a password.
fn without_user(address: &str) -> &str {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => &address[at + 1..],
        _ => address,
    }
}
