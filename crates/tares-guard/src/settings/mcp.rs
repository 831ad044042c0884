//! Servers of tools that a configuration starts or reaches (Model Context Protocol).

use super::read::{Entry, Settings};
use std::collections::BTreeMap;
use tares_model::{Level, Span};

/// Keys under which clients keep their servers.
const HOLDERS: [&str; 5] = [
    "mcpServers",
    "servers",
    "mcp_servers",
    "context_servers",
    "mcp",
];

/// One server.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) command: Vec<String>,
    pub(crate) url: Option<String>,
    /// Names and values of its environment and headers.
    pub(crate) environment: Vec<(String, String, Span)>,
    pub(crate) span: Span,
}

/// Returns the servers of a configuration, by name.
pub(crate) fn servers(settings: &Settings) -> Vec<Server> {
    let mut found: BTreeMap<&str, Server> = BTreeMap::new();
    for entry in &settings.entries {
        let Some((name, rest)) = server_of(entry) else {
            continue;
        };
        let server = found.entry(name).or_insert_with(|| Server {
            name: name.to_owned(),
            span: entry.span,
            ..Server::default()
        });
        server.span = server.span.cover(entry.span);
        let value = entry.value.text();
        match rest.first().map(String::as_str) {
            Some("command") => {
                let at = if rest.len() == 1 {
                    0
                } else {
                    server.command.len()
                };
                server.command.insert(at, value.to_owned());
            }
            Some("args") => server.command.push(value.to_owned()),
            Some("url" | "httpUrl" | "serverUrl" | "uri") if rest.len() == 1 => {
                server.url = Some(value.to_owned());
            }
            Some("env" | "headers" | "environment" | "http_headers") if rest.len() == 2 => {
                server
                    .environment
                    .push((rest[1].clone(), value.to_owned(), entry.span));
            }
            _ => {}
        }
    }
    found
        .into_values()
        .filter(|server| !server.command.is_empty() || server.url.is_some())
        .collect()
}

/// Returns the name of the server that an entry belongs to, and the keys below it.
fn server_of(entry: &Entry) -> Option<(&str, &[String])> {
    let at = entry
        .path
        .iter()
        .position(|key| HOLDERS.contains(&key.as_str()))?;
    let at = if entry
        .path
        .get(at + 1)
        .is_some_and(|key| HOLDERS.contains(&key.as_str()))
    {
        at + 1
    } else {
        at
    };
    let name = entry.path.get(at + 1)?;
    Some((name, entry.path.get(at + 2..)?))
}

/// What is wrong with how a server is started or reached.
pub(crate) struct Danger {
    pub(crate) level: Level,
    pub(crate) span: Span,
    pub(crate) says: String,
}

/// Judges one server as it stands.
pub(crate) fn dangers(server: &Server) -> Vec<Danger> {
    let mut found = Vec::new();
    let mut add = |level, says: String| {
        found.push(Danger {
            level,
            span: server.span,
            says,
        });
    };
    let line = server.command.join(" ");
    if let Some((level, says)) = command(&server.command, &line) {
        add(level, says);
    }
    if let Some(url) = &server.url
        && url.starts_with("http://")
        && super::matching::is_foreign(url)
    {
        add(
            Level::Review,
            format!("is reached without encryption: {url}"),
        );
    }
    for (name, value, span) in &server.environment {
        if is_secret(name, value) {
            found.push(Danger {
                level: Level::Review,
                span: *span,
                says: format!("holds a secret in `{name}`"),
            });
        }
    }
    found
}

fn command(words: &[String], line: &str) -> Option<(Level, String)> {
    let program = words.first()?.rsplit(['/', '\\']).next().unwrap_or("");
    let program = program.trim_end_matches(".exe").trim_end_matches(".cmd");
    let arguments = &words[1..];
    let has = |wanted: &str| arguments.iter().any(|word| word == wanted);
    if crate::instruction::downloads_and_runs(line) {
        return Some((Level::Block, "downloads a program and runs it".to_owned()));
    }
    if matches!(
        program,
        "sh" | "bash" | "zsh" | "cmd" | "powershell" | "pwsh"
    ) && arguments.iter().any(|word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "-c" | "-lc" | "/c" | "-command" | "-enc" | "-encodedcommand"
        )
    }) && !matches!(arguments.get(1).map(String::as_str), Some("npx" | "uvx"))
    {
        return Some((Level::Review, "is a line of shell".to_owned()));
    }
    if program == "docker"
        && (has("--privileged")
            || line.contains("docker.sock")
            || line.contains("-v /:")
            || line.contains("--network host"))
    {
        return Some((Level::Review, "opens the machine to a container".to_owned()));
    }
    if ["/tmp/", "/var/tmp/", "\\temp\\", "/downloads/"]
        .iter()
        .any(|folder| words[0].to_ascii_lowercase().contains(folder))
    {
        return Some((
            Level::Review,
            "starts a program from a temporary folder".to_owned(),
        ));
    }
    if matches!(program, "npx" | "bunx" | "pnpx" | "uvx" | "pipx") {
        let package = arguments
            .iter()
            .find(|word| !word.starts_with('-') && !matches!(word.as_str(), "run" | "dlx"))?;
        if !is_pinned(package) {
            return Some((
                Level::Note,
                format!("takes whatever version of `{package}` is newest"),
            ));
        }
    }
    None
}

/// Whether a package is named with an exact version.
fn is_pinned(package: &str) -> bool {
    let tail = package.trim_start_matches('@');
    let version = tail
        .split_once("==")
        .or_else(|| tail.rsplit_once('@'))
        .map(|(_, version)| version);
    version.is_some_and(|version| {
        version.starts_with(|c: char| c.is_ascii_digit()) && version != "latest"
    }) || package.starts_with(['.', '/'])
}

/// Whether a value is a secret in clear and not a reference to one.
fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_named = [
        "token",
        "key",
        "secret",
        "password",
        "authorization",
        "credential",
    ]
    .iter()
    .any(|word| name.contains(word));
    let is_reference = value.contains(['$', '{', '<', '%'])
        || value.to_ascii_lowercase().contains("your")
        || value.to_ascii_lowercase().contains("xxx");
    let letters = value.trim_start_matches("Bearer ").trim();
    is_named
        && !is_reference
        && letters.len() >= 12
        && !letters.contains([' ', '/', '\\'])
        && letters.chars().any(|c| c.is_ascii_digit())
}
