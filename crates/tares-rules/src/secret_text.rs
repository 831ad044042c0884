//! Whether a literal looks like a real secret rather than a placeholder, a word or a path.

use crate::matching::text::masked;
use tares_model::effect::{Effect, EffectKind, GuardClass, Shape};

/// Fewest characters of a random-looking text that counts as a key.
const MIN_KEY: usize = 16;
/// Bits per character from which a text of at least [`MIN_KEY`] characters looks random.
/// English words lie near 3, hex digits near 3.6, base64 near 4.5 (measured on texts of 20–40 characters).
const RANDOM_BITS: f64 = 3.2;

/// The API path of literals that only their look makes a secret.
pub(crate) const UNNAMED: &str = "token";

/// Prefixes of well-known tokens, with what they are.
const PROVIDERS: &[(&str, usize, &str)] = &[
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS session key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("xoxb-", 24, "a Slack token"),
    ("xoxp-", 24, "a Slack token"),
    ("sk_live_", 24, "a Stripe key"),
    ("rk_live_", 24, "a Stripe key"),
    ("SG.", 40, "a SendGrid key"),
    ("AIza", 35, "a Google key"),
    ("npm_", 36, "an npm token"),
    ("pypi-", 40, "a PyPI token"),
    ("sk-ant-", 30, "a model-service key"),
    ("sk-proj-", 30, "a model-service key"),
    ("dop_v1_", 40, "a DigitalOcean token"),
    ("hf_", 30, "a Hugging Face token"),
    ("ghu_", 36, "a GitHub token"),
    ("ghr_", 36, "a GitHub token"),
    ("xoxa-", 24, "a Slack token"),
    ("xoxs-", 24, "a Slack token"),
    ("xapp-", 40, "a Slack token"),
    ("whsec_", 32, "a webhook secret"),
    ("shpat_", 38, "a Shopify token"),
    ("shpss_", 38, "a Shopify secret"),
    ("sq0csp-", 40, "a Square secret"),
    ("ya29.", 60, "a Google access token"),
    ("GOCSPX-", 30, "a Google client secret"),
    ("glsa_", 40, "a Grafana token"),
    ("lin_api_", 40, "a Linear key"),
    ("hvs.", 60, "a Vault token"),
    ("dckr_pat_", 30, "a Docker token"),
    ("figd_", 40, "a Figma token"),
    ("PMAK-", 60, "a Postman key"),
    ("ntn_", 40, "a Notion token"),
    ("r8_", 38, "a model-service key"),
    ("gsk_", 50, "a model-service key"),
    ("xai-", 60, "a model-service key"),
    ("sk-or-v1-", 60, "a model-service key"),
    ("rubygems_", 50, "a RubyGems token"),
    ("dapi", 36, "a Databricks token"),
    ("AGE-SECRET-KEY-1", 70, "an age key"),
];

/// Words that make a text an example and not a secret.
const EXAMPLES: &[&str] = &[
    "example",
    "sample",
    "dummy",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "your",
    "xxxx",
    "fake",
    "test",
    "todo",
    "replace",
    "insert",
    "redacted",
    "secret_key_here",
    "foobar",
    "lorem",
    "default",
    "12345678",
    "abcdefgh",
    "insecure",
    "not-set",
    "undefined",
    "<",
    "${",
    "{{",
    "%(",
    "****",
    "....",
];

/// Returns what a text is if it has the shape of a well-known token or key.
pub(crate) fn provider(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") && text.len() > 100 {
        return Some("a private key");
    }
    let found = PROVIDERS.iter().find(|(prefix, least, _)| {
        text.len() >= *least
            && text.strip_prefix(prefix).is_some_and(|rest| {
                rest.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
            })
    });
    found
        .map(|(_, _, what)| *what)
        .or_else(|| structured(text))
        .filter(|_| !is_example(text))
}

/// Returns what a text is by its structure: fields of fixed length and alphabet.
fn structured(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split('.').collect();
    let base64 = |part: &&str| {
        part.len() >= 10
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    if let [head, body, sign] = parts[..]
        && head.starts_with("eyJ")
        && body.starts_with("eyJ")
        && [head, body, sign].iter().all(base64)
    {
        return Some("a signed token (JWT)");
    }
    let (id, key) = text.split_once(':')?;
    let is_bot = (8..=10).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_digit())
        && key.len() == 35
        && key.starts_with("AA");
    is_bot.then_some("a Telegram bot token")
}

/// Returns whether a text says that it stands for something else.
pub(crate) fn is_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.chars().next();
    lower.is_empty()
        || lower.chars().all(|c| Some(c) == first)
        || EXAMPLES.iter().any(|word| lower.contains(word))
}

/// Returns whether a text looks like a random key.
pub(crate) fn is_random(text: &str) -> bool {
    let in_alphabet = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-' | b'.'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() >= MIN_KEY
        && in_alphabet
        && digits >= 2
        && entropy(text) >= RANDOM_BITS
        && !is_example(text)
}

/// Returns whether the literal of a secret stands here, or is met here first; another name that
/// it is handed on under is not another finding.
pub(crate) fn stands_first(effect: &Effect, all: &[Effect]) -> bool {
    if is_written_out(effect) {
        return true;
    }
    let value = |effect: &'_ Effect| effect.role("value").map(|role| role.shape.clone());
    let before = all.iter().take_while(|other| !std::ptr::eq(*other, effect));
    // What only looks like a token says less than a name, wherever it stands.
    let says_more = |other: &Effect| other.api != UNNAMED || effect.api == UNNAMED;
    let mut secrets = before.filter(|other| other.kind == EffectKind::Secret && says_more(other));
    secrets.all(|other| value(other) != value(effect))
}

/// Returns whether a token under a name that says nothing is used where another effect tells more.
pub(crate) fn is_spoken_for(effect: &Effect, all: &[Effect]) -> bool {
    let value = effect.role("value").map(|role| &role.shape);
    effect.kind == EffectKind::Secret
        && effect.api == UNNAMED
        && all.iter().any(|other| {
            let mut roles = other.roles.iter();
            other.api != UNNAMED && roles.any(|role| Some(&role.shape) == value)
        })
}

/// Returns whether the value is a literal at this very place: as long as its text with quotes.
fn is_written_out(effect: &Effect) -> bool {
    let Some(role) = effect.role("value") else {
        return false;
    };
    let (Some(span), Some(text)) = (role.span, role.shape.as_str()) else {
        return false;
    };
    (span.end - span.start) as usize == text.len() + 2
}

/// Returns whether a text may be a password or a key: long enough, one word, and with more in
/// it than the names of modes, schemes and types have (`same-origin`, `Bearer`).
pub(crate) fn is_chosen(text: &str) -> bool {
    let has_more = text
        .chars()
        .any(|c| c.is_ascii_digit() || "!#$%&*+?@^~".contains(c));
    text.len() >= 6
        && has_more
        && !text.contains(char::is_whitespace)
        && !text.contains("://")
        && !text.ends_with([':', '='])
        && ![
            "base64",
            "sha1",
            "sha-",
            "sha2",
            "sha5",
            "rs256",
            "hs256",
            "es256",
            "oauth2",
            "pkcs1",
            "pkcs8",
            "md5",
            "hmac",
            "utf-8",
            "tag:",
            "curve25519",
            "ed25519",
            "nistp",
        ]
        .iter()
        .any(|name| text.to_lowercase().contains(name))
}

/// Returns, masked, a literal that could be a key and that a guard compares user input with: an action's
/// or a field's name (`"delete"`, `"_continue" in request.POST`) opens nothing.
pub(crate) fn key_in_guard(effect: &Effect) -> Option<String> {
    let magic = effect.guard.iter().filter(|g| g.class == GuardClass::Magic);
    magic
        .flat_map(|guard| quoted(&guard.text))
        .find_map(|text| {
            (is_chosen(text) || is_random(text)).then(|| masked(&Shape::Str(text.to_owned())))
        })
}

/// Returns the texts between equal quotes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'', '`']) {
        let quote = &rest[start..=start];
        let body = &rest[start + 1..];
        let Some(end) = body.find(quote) else { break };
        found.push(&body[..end]);
        rest = &body[end + 1..];
    }
    found
}

/// Returns Shannon's entropy in bits per byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|b| counts[b as usize] += 1);
    let total = text.len() as f64;
    let terms = counts.iter().filter(|&&n| n > 0).map(|&n| {
        let share = f64::from(n) / total;
        -share * share.log2()
    });
    terms.sum()
}

#[cfg(test)]
mod tests {
    use super::{is_example, is_random, provider};

    #[test]
    fn random_texts_are_told_from_words() {
        assert!(is_random("f3a9c1d27b604e58a1c2"));
        assert!(!is_random("correct horse battery staple"));
        assert!(!is_random("application/json"));
        assert!(!is_random("configuration_of_the_server"));
    }

    #[test]
    fn structure_tells_tokens() {
        let part = "eyJzdWIiOiI0NzExIn0";
        assert!(provider(&format!("eyJhbGciOiJIUzI1NiJ9.{part}.c2lnbmF0dXJl-_1")).is_some());
        assert_eq!(provider("eyJhbGciOiJIUzI1NiJ9.module.name"), None);
        assert!(provider(&format!("710394826:AA{}", &"Hx_3kQ-9b".repeat(4)[..33])).is_some());
        assert_eq!(provider("10:30"), None);
    }

    #[test]
    fn examples_are_no_secrets() {
        assert!(
            is_example("changeme") && is_example("AKIAIOSFODNN7EXAMPLE") && is_example("xxxxxxxx")
        );
        assert_eq!(provider("AKIAIOSFODNN7EXAMPLE"), None);
        assert!(provider(&format!("ghp_{}", "a1B2c3D4".repeat(5))).is_some());
    }
}
