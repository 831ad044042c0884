//! Servers of tools that configurations name.

use crate::body::Body;
use crate::machine::{EntryKind, Machine, Start};
use crate::places::join;
use crate::tool::Evidence;
use tares_guard::Server;
use tares_model::RepoPath;

/// Largest configuration, in bytes.
const LARGEST: u64 = 16 << 20;

/// Most servers of one configuration.
const MOST: usize = 200;

/// Files that one server is taken to be started from.
const FILES: usize = 8;

/// Reads the servers of a configuration; `Err` says why it could not be read.
pub(crate) fn of(machine: &dyn Machine, file: &str) -> Result<Vec<Server>, String> {
    let bytes = machine.read(file, LARGEST).map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    let mut servers = tares_guard::servers(&RepoPath::from(file), &text)?;
    servers.truncate(MOST);
    Ok(servers)
}

/// Returns what a server is, as a text without secrets, and the files that its command names.
pub(crate) fn body(machine: &dyn Machine, server: &Server, folder: &str) -> Body {
    let mut lines = server.without_secrets();
    for (name, value) in server.plain_environment() {
        lines.push(format!("{name}={}", value.unwrap_or("***")));
    }
    let files = server
        .command
        .iter()
        .filter(|word| !word.starts_with('-') && !word.contains("://"))
        .filter_map(|word| resolve(machine, word, folder))
        .take(FILES)
        .collect();
    Body::Definition(lines.join("\n"), files)
}

/// Returns the file that a word of a command names, if it is a script or a program by path.
fn resolve(machine: &dyn Machine, word: &str, folder: &str) -> Option<String> {
    const ENDINGS: [&str; 12] = [
        "js", "mjs", "cjs", "ts", "mts", "py", "sh", "rb", "ps1", "jar", "exe", "json",
    ];
    let word = word.replace('\\', "/");
    let word = word
        .trim_start_matches("${workspaceFolder}/")
        .trim_start_matches("./");
    let name = word.rsplit('/').next()?;
    let is_script = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending));
    if word.split('/').any(|part| part == "..") || !(is_script || word.contains('/')) {
        return None;
    }
    let is_absolute = word.starts_with('/') || word.as_bytes().get(1) == Some(&b':');
    let file = if is_absolute {
        word.to_owned()
    } else {
        join(folder, word)
    };
    let (parent, name) = file.rsplit_once('/')?;
    let parent = if parent.is_empty() { "/" } else { parent };
    machine
        .list(parent)?
        .into_iter()
        .any(|entry| {
            entry.name == name && matches!(entry.kind, EntryKind::File | EntryKind::Link(_))
        })
        .then_some(file)
}

/// Returns the package that a server is run from by name (`npx`, `uvx` and their like).
pub(crate) fn package(server: &Server) -> Option<String> {
    let program = server.command.first()?.rsplit(['/', '\\']).next()?;
    let program = program.trim_end_matches(".cmd").trim_end_matches(".exe");
    if !matches!(
        program,
        "npx" | "bunx" | "pnpx" | "uvx" | "pipx" | "npm" | "pnpm"
    ) {
        return None;
    }
    let word = server.command[1..]
        .iter()
        .find(|word| !word.starts_with('-') && !matches!(word.as_str(), "run" | "dlx" | "exec"))?;
    let name = match word.strip_prefix('@') {
        Some(scoped) => format!("@{}", scoped.split('@').next().unwrap_or(scoped)),
        None => word
            .split(['@', '=', '['])
            .next()
            .unwrap_or(word)
            .to_owned(),
    };
    Some(name)
}

/// Returns what is dangerous about how a server is started.
pub(crate) fn grants(server: &Server, place: &str) -> Vec<Evidence> {
    server
        .dangers()
        .into_iter()
        .map(|(level, says)| Evidence {
            text: format!("the server {says} (mcp-server-unsafe)"),
            level,
            place: place.to_owned(),
        })
        .collect()
}

/// Returns how to start a server, without its secrets; `None` for one that is only reached.
pub(crate) fn start(server: &Server, folder: &str) -> Option<Start> {
    if server.command.is_empty() {
        return None;
    }
    let environment = server.plain_environment();
    Some(Start {
        command: server.command.clone(),
        environment: environment
            .into_iter()
            // A server that wants a secret gets none; most list their tools all the same.
            .map(|(name, value)| (name.to_owned(), value.unwrap_or("not-given").to_owned()))
            .collect(),
        folder: Some(folder.to_owned()),
    })
}
