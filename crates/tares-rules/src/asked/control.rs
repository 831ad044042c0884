//! Whether a task asks for what a change does to a control: words of the control and a word
//! that loosens.

use tares_model::effect::{Asked, AskedVerdict, Effect, Shape};

/// Words that say that something ends or opens.
const LOOSENS: &[&str] = &[
    "remove",
    "drop",
    "take",
    "without",
    "disable",
    "everybody",
    "everyone",
    "anyone",
    "longer",
    "move",
    "moved",
    "replace",
    "relax",
    "skip",
    "instead",
    "turn off",
    "switch off",
    "delete",
    "exempt",
    "bypass",
    "public",
    "optional",
    "less",
    "no more",
    "lift",
    "ignore",
    "tolerate",
    "any more",
    "not fail",
    "shall not stop",
    "continue",
    "open to",
    "may",
];

/// Words that ask for each of these without naming a control.
const ASKS: &[(&str, &[&str])] = &[
    (
        "control.way",
        &[
            "bypass",
            "skip",
            "exempt",
            "emergency",
            "anyone",
            "everyone",
            "everybody",
            "break-glass",
            "impersonat",
            "fail open",
            "fail-open",
            "allow the request",
            "allow requests",
            "let the request",
            "let requests",
            "availab",
            "demo",
        ],
    ),
    (
        "control.fixed",
        &[
            "disable",
            "switch off",
            "turn off",
            "skip",
            "always",
            "everybody",
            "everyone",
            "anyone",
            "anonymous",
            "without a login",
            "without login",
        ],
    ),
    (
        "control.lost.protection",
        &[
            "certificate",
            "self-signed",
            "tls",
            "ssl",
            "https",
            "verif",
            "insecure",
            "local",
            "development",
            "staging",
            "lab",
            "stateless",
            "frame",
            "embed",
            "iframe",
            "markup",
            "html",
            "script",
        ],
    ),
    (
        "control.gap",
        &[
            "slash",
            "path",
            "folder",
            "director",
            "quote",
            "apostrophe",
            "html",
            "markup",
            "tag",
            "semicolon",
            "ampersand",
            "any character",
            "all characters",
        ],
    ),
    ("control.part", &["prefix", "short", "partial", "truncat"]),
    (
        "control.rights",
        &[
            "admin",
            "grant",
            "privilege",
            "superuser",
            "role",
            "seed",
            "owner",
        ],
    ),
    (
        "control.wipe",
        &[
            "drop", "truncate", "delete", "purge", "clear", "wipe", "reset", "remove", "clean",
        ],
    ),
    (
        "control.amount",
        &[
            "discount",
            "fee",
            "rate",
            "percent",
            "commission",
            "markup",
            "surcharge",
            "%",
        ],
    ),
    ("control.rounding", &["round", "cent", "ceil", "floor"]),
    (
        "control.recipient",
        &[
            "copy",
            "copies",
            "cc",
            "bcc",
            "recipient",
            "mail to",
            "e-mail to",
            "email to",
            "notify",
            "notification",
        ],
    ),
    (
        "control.payee",
        &[
            "destination",
            "account",
            "payee",
            "recipient",
            "address",
            "wallet",
            "payout",
            "fee",
            "behalf",
        ],
    ),
    (
        "control.share",
        &[
            "charge", "deduct", "withhold", "credit", "split", "transfer", "book", "collect",
            "donat", "levy",
        ],
    ),
    (
        "control.raw",
        &[
            "markdown",
            "html",
            "markup",
            "rich text",
            "bold",
            "link",
            "embed",
            "format",
        ],
    ),
    (
        "control.rows",
        &[
            "shared",
            "all users",
            "everyone",
            "everybody",
            "admin",
            "any user",
            "all orders",
        ],
    ),
    ("control.hole", &["allow", "trusted", "raw", "keep"]),
    (
        "control.lost.chance",
        &["predictable", "deterministic", "reproducible", "seed"],
    ),
    (
        "workflow.right",
        &[
            "release",
            "publish",
            "deploy",
            "push",
            "commit",
            "tag",
            "comment",
            "label",
            "page",
            "permission",
            "right",
            "oidc",
            "attest",
            "sign",
            "scan",
            "bump",
            "changelog",
            "format",
            "pull request",
            "merge",
            "image",
            "package",
        ],
    ),
    ("docker.user", &["root", "user", "privilege", "right"]),
    (
        "control.record",
        &["mask", "anonym", "hide", "redact", "system"],
    ),
];

/// Words that ask for an effect that is not below `control.`: a fixed credential, a log entry.
const OTHERS: &[&str] = &[
    "master password",
    "default password",
    "test token",
    "demo",
    "fixed",
    "hard-coded",
    "static token",
    "recovery code",
    "log the password",
    "log the token",
    "log all headers",
    "log the headers",
    "log request headers",
    "log the request body",
    "log the body",
];

/// Decides for an effect below `control.`; its target names the control.
pub fn asked_of_control(effect: &Effect, task: Option<&str>) -> Asked {
    let Some(task) = task.filter(|task| !task.trim().is_empty()) else {
        return Asked::default();
    };
    let task = task.to_lowercase();
    if let Some(value) = values(effect).find(|value| task.contains(value.as_str())) {
        return answer(AskedVerdict::Asked, format!("the task says `{value}`"));
    }
    let named = words(effect.target.text()).find(|word| task.contains(word.as_str()));
    let loosens = LOOSENS.iter().find(|word| contains(&task, word));
    if let (Some(named), Some(word)) = (&named, loosens) {
        return answer(
            AskedVerdict::Asked,
            format!("the task says `{word}` and `{named}`"),
        );
    }
    let mut asks = ASKS
        .iter()
        .filter(|(api, _)| effect.api.starts_with(api))
        .flat_map(|(_, words)| *words);
    if let Some(word) = asks.find(|word| begins(&task, word)) {
        return answer(AskedVerdict::Asked, format!("the task says `{word}`"));
    }
    let others = if effect.api.starts_with("control.") {
        &[]
    } else {
        OTHERS
    };
    if let Some(word) = others.iter().find(|word| begins(&task, word)) {
        return answer(AskedVerdict::Asked, format!("the task says `{word}`"));
    }
    answer(
        AskedVerdict::Unexplained,
        "nothing in the task asks for it".to_owned(),
    )
}

fn answer(verdict: AskedVerdict, because: String) -> Asked {
    Asked { verdict, because }
}

/// Returns the texts that an effect is given, as a task would write them.
fn values(effect: &Effect) -> impl Iterator<Item = String> {
    let texts = effect
        .roles
        .iter()
        .flat_map(|role| role.shape.alternatives());
    let texts: Vec<String> = texts
        .filter_map(Shape::as_str)
        .filter(|text| text.len() >= 4)
        .map(str::to_lowercase)
        .collect();
    texts.into_iter()
}

/// Returns the words of a control's name that could stand in a task.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
    }
    let words: Vec<String> = spaced
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 4)
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Whether a word of a text begins so.
fn begins(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word)
        .any(|(at, _)| !is_letter(text[..at].chars().next_back()))
}

/// Whether a word or phrase stands in a text, as a whole.
fn contains(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + word.len()..].chars().next())
    })
}
