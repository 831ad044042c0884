//! Targets that a text names: hosts, services, paths, commands, libraries.

use super::lexicon::Service;
use super::said::Said;
use super::words::Word;
use tares_model::effect::{Effect, EffectKind, Target};

/// Words that are both an everyday noun and the name of a library.
const EVERYDAY: &[&str] = &[
    "requests", "request", "http", "https", "files", "process", "builtins", "django", "flask",
    "express", "console",
];

/// Parts of hosts that name nobody.
const NOBODY: &[&str] = &[
    "www",
    "api",
    "com",
    "org",
    "net",
    "dev",
    "test",
    "example",
    "local",
    "localhost",
    "cloud",
    "data",
    "app",
    "mail",
    "service",
    "server",
    "web",
    "code",
    "info",
    "site",
    "online",
];

/// A name in a text that fits the target of an effect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The name as written.
    pub(super) name: String,
    /// Whether a negation precedes it.
    pub(super) negated: bool,
}

/// Returns the first name in a text that fits what the effect acts on. A negated one wins.
pub(super) fn mention(said: &Said, effect: &Effect, services: &[Service]) -> Option<Mention> {
    let fits: Box<dyn Fn(&Word) -> bool> = match effect.kind {
        kind if talks(kind) => {
            let host = host(&effect.target)?;
            Box::new(move |word| names_host(word, host, services))
        }
        EffectKind::Process => {
            let command = effect.target.text().split_whitespace().next()?;
            let command = command.rsplit('/').next()?;
            let program = |word: &Word| word.text.rsplit('/').next() == Some(command);
            Box::new(move |word| command.len() >= 2 && program(word))
        }
        EffectKind::Environment | EffectKind::Setting => {
            let target = known(&effect.target)?;
            Box::new(move |word| names_variable(&word.text, target))
        }
        _ => {
            let target = known(&effect.target)?;
            Box::new(move |word| names_path(&word.text, target))
        }
    };
    let hits = said.words.iter().filter(|(word, _)| fits(word));
    let mention = hits.max_by_key(|(_, negated)| *negated);
    mention.map(|(word, negated)| Mention {
        name: word.text.clone(),
        negated: *negated,
    })
}

/// Returns the library of the effect's API where a text names it.
pub(super) fn library(said: &Said, effect: &Effect) -> Option<Mention> {
    let library = effect
        .api
        .split('.')
        .next()
        .filter(|name| name.len() >= 4 && !EVERYDAY.contains(name))?;
    let hit = said.words.iter().find(|(word, _)| word.text == library)?;
    Some(Mention {
        name: library.to_owned(),
        negated: hit.1,
    })
}

/// Returns the first host that a text names and does not deny, whatever the effect.
pub(super) fn first_host(said: &Said, services: &[Service]) -> Option<String> {
    said.words
        .iter()
        .filter(|(_, negated)| !negated)
        .find_map(|(word, _)| {
            let text = word.text.as_str();
            let is_url = text.starts_with("http://") || text.starts_with("https://");
            let is_service = services.iter().any(|s| s.words.iter().any(|w| w == text));
            (is_url || is_service || is_host(text)).then(|| word.text.clone())
        })
}

/// Returns whether a word is a host rather than a file or a module: `hooks.example.com`.
fn is_host(word: &str) -> bool {
    const ENDS: &[&str] = &[
        ".com",
        ".org",
        ".net",
        ".dev",
        ".app",
        ".cloud",
        ".example",
        ".test",
        ".internal",
        ".co",
        ".ai",
        ".de",
        ".eu",
        ".uk",
        ".fr",
        ".gov",
        ".edu",
        ".info",
        ".local",
    ];
    let is_name = word
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'));
    let is_address =
        word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u8>().is_ok());
    is_address
        || is_name
            && ENDS.iter().any(|end| {
                word.split(':')
                    .next()
                    .is_some_and(|host| host.ends_with(end))
            })
}

/// Returns whether effects of this kind have a host as target.
pub(super) fn talks(kind: EffectKind) -> bool {
    matches!(
        kind,
        EffectKind::Network | EffectKind::NameLookup | EffectKind::Mail
    )
}

/// Returns the host of a target where it is known: without scheme, user, port and path.
pub(super) fn host(target: &Target) -> Option<&str> {
    let text = known(target)?;
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next()?;
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let text = text.split(':').next()?;
    (!text.is_empty() && !text.contains('*')).then_some(text)
}

fn known(target: &Target) -> Option<&str> {
    match target {
        Target::Exact(text) | Target::Pattern(text) => Some(text),
        Target::Unknown(_) | Target::None => None,
    }
}

/// Returns whether a word names a host: the host itself, a domain above it, or its owner.
/// A well-known service is named only where the host is really its own.
fn names_host(named: &Word, host: &str, services: &[Service]) -> bool {
    let word = named.text.as_str();
    let host = host.to_ascii_lowercase();
    let below = |domain: &str| {
        host == domain || host.strip_suffix(domain).is_some_and(|h| h.ends_with('.'))
    };
    if let Some(service) = services.iter().find(|s| s.words.iter().any(|w| w == word)) {
        // Clients of a service are made by its name: `boto3.client("s3")`.
        return host == word || service.domains.iter().any(|d| below(d));
    }
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    // An address of mail and a place for `scp` have a user before the host.
    let word = word.split(['/', '?']).next().unwrap_or(word);
    let word = word.rsplit_once('@').map_or(word, |(_, host)| host);
    let word = word.split(':').next().unwrap_or(word);
    if word.contains('.') {
        return below(word);
    }
    let owner = host.rsplit('.').nth(1).unwrap_or(&host);
    // A common noun is no owner: whoever picks the host could pick a noun of the task.
    named.proper && word.len() >= 4 && !NOBODY.contains(&word) && owner == word
}

/// Returns whether a word names a variable, with or without the value that it gets: `X_VERIFY=0`.
fn names_variable(word: &str, target: &str) -> bool {
    let name = word.split('=').next().unwrap_or(word);
    let is_telling = name.contains('_') || name.len() >= 8;
    is_telling && name.eq_ignore_ascii_case(target) || names_path(word, target)
}

fn names_path(word: &str, target: &str) -> bool {
    let word = word.trim_start_matches("./");
    word.len() >= 4 && word.contains(['/', '.', '~']) && target.contains(word)
}
