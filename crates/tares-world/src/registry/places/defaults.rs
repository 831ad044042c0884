//! What a client does where nothing is configured: the installed client is asked once.
//!
//! It runs in an empty folder, for a bounded time, without the variables that make its language
//! load code from elsewhere, and is never one that lies in the repository. Its answer is kept
//! until the client's file changes.

use super::Ground;
use crate::Question;
use std::time::UNIX_EPOCH;

/// Returns pip's index: the one that its help names as the default.
pub(super) fn pip(ground: &Ground<'_>) -> Option<String> {
    let help = ["-m", "pip", "download", "--help"];
    let text = ask(
        ground,
        &["python3", "python"],
        &help,
        &[("COLUMNS", "1000")],
        &[],
    )?;
    let at = text.split_once("--index-url")?.1;
    let (_, default) = at.split_once("(default")?;
    address_in(default.split(')').next()?)
}

/// Returns npm's registry, without the user's settings, which are read elsewhere.
pub(super) fn npm(ground: &Ground<'_>) -> Option<String> {
    let nobody = [
        ("NPM_CONFIG_USERCONFIG", "{empty}/npmrc"),
        ("NPM_CONFIG_UPDATE_NOTIFIER", "false"),
    ];
    let text = ask(
        ground,
        &["npm"],
        &["config", "get", "registry"],
        &nobody,
        &[],
    )?;
    text.lines()
        .find(|line| line.starts_with("http"))
        .and_then(address_in)
}

/// Returns cargo's index. cargo does not tell it when asked, but names it when it cannot reach
/// it: it is sent through a proxy that nobody can be behind, without the user's settings.
pub(super) fn cargo(ground: &Ground<'_>) -> Option<String> {
    let vars = [
        ("CARGO_HOME", "{empty}"),
        ("CARGO_HTTP_PROXY", "http://127.0.0.1:9"),
        ("CARGO_NET_RETRY", "0"),
        ("CARGO_HTTP_TIMEOUT", "2"),
        ("CARGO_TERM_COLOR", "never"),
        ("RUSTUP_AUTO_INSTALL", "0"),
    ];
    let without = ["CARGO_NET_OFFLINE"];
    let text = ask(ground, &["cargo"], &["search", "a"], &vars, &without)?;
    let (before, _) = text.split_once("/config.json`")?;
    let index = before.rsplit('`').next()?;
    address_in(index).map(|index| format!("sparse+{index}/"))
}

/// Returns Go's list of proxies.
pub(super) fn go(ground: &Ground<'_>) -> Option<String> {
    let text = ask(
        ground,
        &["go"],
        &["env", "GOPROXY"],
        &[("GOTOOLCHAIN", "local")],
        &[],
    )?;
    let line = text.trim();
    (!line.is_empty() && !line.contains(char::is_whitespace)).then(|| line.to_owned())
}

/// Variables that make Python and Node run code before the client's own.
const LOADERS: [&str; 5] = [
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "NODE_OPTIONS",
    "NODE_PATH",
];

fn ask(
    ground: &Ground<'_>,
    programs: &[&str],
    arguments: &[&str],
    vars: &[(&str, &str)],
    without: &[&str],
) -> Option<String> {
    let system = ground.system;
    let program = programs.iter().find_map(|name| ground.program(name))?;
    let written = system.modified(&program)?;
    let since = written.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let mut key = blake3::Hasher::new();
    for part in [
        "default of a client 1",
        &program.to_string_lossy(),
        &since.to_string(),
    ] {
        key.update(part.as_bytes()).update(b"\0");
    }
    key.update(arguments.join(" ").as_bytes());
    let key = key.finalize();
    if let Some(kept) = ground.cache.get(key.as_bytes()) {
        return String::from_utf8(kept).ok();
    }
    if ground.settings.offline {
        return None;
    }
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let text = system.run(&Question {
        program,
        arguments: owned(arguments),
        vars: vars
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        without: owned(&[without, &LOADERS].concat()),
    });
    let text = text.ok()?;
    ground.cache.put(key.as_bytes(), text.as_bytes());
    Some(text)
}

/// Returns the one address in a text.
fn address_in(text: &str) -> Option<String> {
    let start = text.find("http")?;
    let address = text[start..].split_whitespace().next()?;
    super::Address::parse(address).map(|_| address.to_owned())
}
