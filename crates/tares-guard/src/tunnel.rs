//! Addresses that lead to somebody's own machine, or to a catcher of requests.

use crate::notice::shown;
use crate::surface::Kind;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, RepoPath, Span};

/// Hosts below which everybody gets a name within seconds. From the services' own pages.
const TUNNELS: [&str; 22] = [
    ".ngrok.io",
    ".ngrok.app",
    ".ngrok.dev",
    ".ngrok-free.app",
    ".ngrok-free.dev",
    ".trycloudflare.com",
    ".loca.lt",
    ".serveo.net",
    ".lhr.life",
    ".pinggy.link",
    ".devtunnels.ms",
    ".pagekite.me",
    ".requestcatcher.com",
    ".m.pipedream.net",
    ".burpcollaborator.net",
    ".oastify.com",
    ".oast.fun",
    ".oast.pro",
    ".oast.live",
    ".oast.site",
    ".interact.sh",
    "//webhook.site/",
];

/// Most notices of one text.
const MOST: usize = 20;

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(TUNNELS)
        .expect("a few short texts")
});

/// Finds such addresses in settings and in what agents obey.
pub(crate) fn find(path: &RepoPath, text: &str) -> Vec<Notice> {
    if !matches!(Kind::of(path), Kind::Settings | Kind::Instructions) {
        return Vec::new();
    }
    let is_space =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')');
    FINDER
        .find_iter(text)
        .filter_map(|found| {
            let start = text[..found.start()].rfind(is_space).map_or(0, |at| at + 1);
            let tail = &text[found.end()..];
            let end = found.end() + tail.find(is_space).unwrap_or(tail.len());
            let address = text.get(start..end)?;
            let (scheme, rest) = address.split_once("://")?;
            let host = rest.split(['/', ':', '?']).next()?;
            // A pattern for many hosts, a name to be filled in, a host that only begins so.
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            let is_example = ["your", "example", "xxx", "abc123", "my-"]
                .iter()
                .any(|word| host.contains(word));
            let is_whole = tail.is_empty()
                || !tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
            let is_host = host.chars().all(is_plain) && !host.is_empty();
            let is_webhook = TUNNELS[found.pattern().as_usize()].starts_with("//");
            (scheme.starts_with("http") && is_host && !is_example && (is_whole || is_webhook))
                .then(|| notice(address, Span::new(start as u32, end as u32)))
        })
        .take(MOST)
        .collect()
}

fn notice(address: &str, span: Span) -> Notice {
    Notice {
        rule: "tunnel-address",
        level: Level::Review,
        severity: Severity::High,
        confidence: Confidence::Medium,
        span,
        message: format!(
            "`{}` leads to whoever holds the other end, not to a service",
            shown(address, 120)
        ),
        related: Vec::new(),
        identity: address.to_owned(),
    }
}
