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

/// One server of tools.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server {
    /// Its name, which people approve.
    pub name: String,
    /// The keys that lead to it, from the outside in.
    pub holder: Vec<String>,
    /// The program that is started, with its arguments.
    pub command: Vec<String>,
    /// The address of a server that is reached.
    pub url: Option<String>,
    /// Names and values of its environment and headers, which may be secrets.
    pub environment: Vec<(String, String, Span)>,
    /// Where it stands.
    pub span: Span,
}

impl Server {
    /// Returns command or address with what looks like a secret replaced by `***`.
    pub fn without_secrets(&self) -> Vec<String> {
        let words = match &self.url {
            Some(url) if self.command.is_empty() => std::slice::from_ref(url),
            _ => &self.command,
        };
        let mut is_value = false;
        words
            .iter()
            .map(|word| {
                let masked = is_value || is_token(word);
                let (flag, value) = match word.split_once('=') {
                    Some((flag, value)) => (flag, Some(value)),
                    None => (word.as_str(), None),
                };
                let names_secret = flag.starts_with('-') && is_secret_name(flag);
                is_value = names_secret && value.is_none();
                match value {
                    Some(_) if names_secret => format!("{flag}=***"),
                    _ if masked && !word.starts_with('-') => "***".to_owned(),
                    _ => without_query_secrets(word),
                }
            })
            .collect()
    }

    /// Returns the environment without the values of secrets.
    pub fn plain_environment(&self) -> Vec<(&str, Option<&str>)> {
        self.environment
            .iter()
            .map(|(name, value, _)| {
                let is_hidden = is_secret_name(name) || is_token(value);
                (name.as_str(), (!is_hidden).then_some(value.as_str()))
            })
            .collect()
    }

    /// Returns what is wrong with how it is started or reached, as sentences about it.
    pub fn dangers(&self) -> Vec<(Level, String)> {
        dangers(self)
            .into_iter()
            .map(|danger| (danger.level, crate::notice::shown(&danger.says, 160)))
            .collect()
    }
}

/// Beginnings of tokens that services give out.
const TOKENS: [&str; 10] = [
    "sk-",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "eyJ",
];

fn is_token(word: &str) -> bool {
    word.len() >= 16 && TOKENS.iter().any(|begin| word.starts_with(begin))
}

/// Takes the password and telling parameters out of an address.
fn without_query_secrets(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let authority = match authority.rsplit_once('@') {
        Some((_, host)) => format!("***@{host}"),
        None => authority.to_owned(),
    };
    let tail = match tail.split_once('?') {
        Some((path, query)) => {
            let parts: Vec<String> = query
                .split('&')
                .map(|part| match part.split_once('=') {
                    Some((name, value)) if is_secret_name(name) || is_token(value) => {
                        format!("{name}=***")
                    }
                    _ => part.to_owned(),
                })
                .collect();
            format!("{path}?{}", parts.join("&"))
        }
        None => tail.to_owned(),
    };
    format!("{scheme}://{authority}{tail}")
}

/// Returns the servers of a configuration, by name.
pub(crate) fn servers(settings: &Settings) -> Vec<Server> {
    let mut found: BTreeMap<&[String], Server> = BTreeMap::new();
    for entry in &settings.entries {
        let Some((holder, rest)) = server_of(entry) else {
            continue;
        };
        let server = found.entry(holder).or_insert_with(|| Server {
            name: holder.last().cloned().unwrap_or_default(),
            holder: holder.to_vec(),
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

/// Returns the keys down to the name of the server that an entry belongs to, and those below it.
fn server_of(entry: &Entry) -> Option<(&[String], &[String])> {
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
    entry.path.get(at + 1)?;
    Some(entry.path.split_at(at + 2))
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
    let is_named = is_secret_name(name);
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

/// Whether a name says that its value is a secret.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "token",
        "key",
        "secret",
        "password",
        "passwd",
        "authorization",
        "credential",
    ]
    .iter()
    .any(|word| name.contains(word))
}
