//! What telling names say: credentials, personal data, validators.

use rustc_hash::FxHashMap;
use std::borrow::Cow;
use tares_model::{Label, LabelSet};

/// Remembers what names say, so that each is looked at once.
#[derive(Default)]
pub(crate) struct Names {
    labels: FxHashMap<Box<str>, Option<Label>>,
}

/// Words that name a credential when they are the last word of a name, or the whole of it.
const CREDENTIAL: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "access_key",
    "secret_key",
    "private_key",
    "signing_key",
    "encryption_key",
    "auth_key",
    "master_key",
    "credential",
    "credentials",
    "passcode",
    "jwt",
    "client_secret",
    "api_token",
    "auth_token",
    "access_token",
    "refresh_token",
    "bearer",
    "session_token",
    "secretkey",
    "privatekey",
    "accesskey",
    "authtoken",
    "accesstoken",
    "passwort",
    "api_secret",
    "db_pass",
    "user_pass",
    "smtp_pass",
    "mail_pass",
    "admin_pass",
    "root_pass",
    "ftp_pass",
    "mysql_pass",
    "pg_pass",
];

/// Words that take the meaning back: `password_field`, `token_type`.
const NOT_CREDENTIAL: &[&str] = &[
    "field",
    "type",
    "name",
    "url",
    "uri",
    "path",
    "file",
    "length",
    "len",
    "min",
    "max",
    "count",
    "form",
    "label",
    "placeholder",
    "hint",
    "regex",
    "pattern",
    "error",
    "message",
    "expires",
    "expiry",
    "ttl",
    "lifetime",
    "id",
    "header",
    "param",
    "prefix",
    "class",
    "validator",
    "policy",
    "reset",
    "change",
    "input",
    "hasher",
    "hashers",
    "kind",
    "endpoint",
    "env",
    "var",
    "key_name",
    "required",
    "template",
    "help",
    "prompt",
    "column",
    "attr",
    "attribute",
    "title",
    "text",
    "status",
];

const PERSONAL: &[&str] = &[
    "email",
    "phone",
    "ssn",
    "birthday",
    "date_of_birth",
    "dob",
    "credit_card",
    "card_number",
    "iban",
    "passport",
    "home_address",
];

impl Names {
    /// Returns what a name says about its value.
    pub(crate) fn label(&mut self, name: &str) -> Option<Label> {
        if let Some(&label) = self.labels.get(name) {
            return label;
        }
        let label = label_of(name);
        self.labels.insert(name.into(), label);
        label
    }
}

fn label_of(name: &str) -> Option<Label> {
    if name.len() < 3 || name.len() > 64 {
        return None;
    }
    // The folder that a shell is in.
    if matches!(name, "$PWD" | "$OLDPWD" | "$pwd") {
        return None;
    }
    let snake = snake(name.trim_start_matches('$'));
    let words: Vec<&str> = snake.split('_').filter(|w| !w.is_empty()).collect();
    let last = *words.last()?;
    let first = words.first().copied().unwrap_or("");
    // `with_credentials`, `has_password`, `use_token` are flags.
    let flag = words.len() > 1
        && matches!(
            first,
            "with"
                | "has"
                | "is"
                | "use"
                | "allow"
                | "require"
                | "requires"
                | "should"
                | "can"
                | "needs"
                | "no"
                | "enable"
                | "disable"
                | "show"
                | "hide"
        );
    if NOT_CREDENTIAL.contains(&last) || flag {
        return None;
    }
    let plain = words.join("_");
    let ends = |word: &str| {
        plain == word
            || plain
                .strip_suffix(word)
                .is_some_and(|head| head.ends_with('_'))
            || plain.strip_suffix('s').is_some_and(|p| {
                p == word || p.strip_suffix(word).is_some_and(|h| h.ends_with('_'))
            })
    };
    if plain == "pass" || CREDENTIAL.iter().any(|w| ends(w)) {
        // Parsers have tokens of another kind, and a CSRF token is no credential of a user.
        let lexer = last.starts_with("token")
            && words.iter().any(|w| {
                matches!(
                    *w,
                    "next"
                        | "current"
                        | "peek"
                        | "start"
                        | "end"
                        | "prev"
                        | "previous"
                        | "last"
                        | "first"
                        | "expected"
                        | "line"
                        | "parse"
                        | "csrf"
                        | "eos"
                        | "bos"
                        | "pad"
                        | "num"
                )
            });
        return (!lexer && plain != "tokens").then_some(Label::Credential);
    }
    PERSONAL
        .iter()
        .any(|w| ends(w))
        .then_some(Label::PersonalData)
}

/// Turns `apiKey` and `API-Key` into `api_key`.
fn snake(name: &str) -> Cow<'_, str> {
    let is_kept = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.bytes().all(is_kept) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower_before = false;
    for c in name.chars() {
        if c == '-' || c == ' ' || c == '.' {
            out.push('_');
            lower_before = false;
            continue;
        }
        if c.is_ascii_uppercase() && lower_before {
            out.push('_');
        }
        lower_before = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
    Cow::Owned(out)
}

/// Whether `name` has `word` as one of its words.
pub(crate) fn has_word(name: &str, word: &str) -> bool {
    snake(name)
        .split('_')
        .any(|w| w == word || w.trim_end_matches(|c: char| c.is_ascii_digit()) == word)
        || name == word
}

/// Whether a function of this name checks its argument and says whether it is acceptable.
pub(crate) fn is_validator(name: &str) -> bool {
    let name = snake(name);
    name.split('_').any(|w| {
        matches!(
            w,
            "valid"
                | "validate"
                | "validated"
                | "allowed"
                | "allow"
                | "safe"
                | "permitted"
                | "trusted"
                | "whitelisted"
                | "whitelist"
                | "allowlist"
                | "sanitize"
                | "sanitized"
                | "local"
                | "public"
                | "internal"
                | "relative"
                | "within"
                | "inside"
                | "known"
                | "supported"
                | "registered"
                | "isvalid"
                | "issafe"
                | "isallowed"
        )
    })
}

/// Whether a method of this name answers yes or no.
pub(crate) fn is_question(name: &str) -> bool {
    let name = snake(name);
    let mut words = name.split('_');
    matches!(words.next(), Some("is" | "has" | "can" | "should" | "was")) && words.next().is_some()
}

/// Whether a function of this name refuses a value that is not acceptable: `validate_path(p)`. One
/// that looks at who asks, at a whole record or at how much there is says nothing about a value.
pub(crate) fn is_assertion(name: &str) -> bool {
    const OTHER: &[&str] = &[
        "permission",
        "permissions",
        "access",
        "auth",
        "authenticated",
        "login",
        "logged",
        "csrf",
        "token",
        "signature",
        "password",
        "rights",
        "role",
        "roles",
        "user",
        "admin",
        "session",
        "rate",
        "limit",
        "quota",
        "exists",
        "exist",
        "type",
        "types",
        "length",
        "size",
        "schema",
        "data",
        "payload",
        "body",
        "form",
        "json",
        "request",
        "params",
        "args",
        "config",
        "options",
        "equal",
        "equals",
        "true",
        "false",
        "none",
        "call",
        "called",
        "output",
        "dir",
        "directory",
        "status",
        "update",
        "updates",
        "version",
    ];
    let name = snake(name);
    let mut words = name.trim_start_matches('_').split('_');
    let first = words.next().unwrap_or_default();
    let verb = matches!(
        first,
        "validate" | "check" | "ensure" | "assert" | "verify" | "reject" | "forbid"
    );
    verb && words.next().is_some() && !name.split('_').any(|word| OTHER.contains(&word))
}

/// Whether a function of this name collects or shows text rather than running it.
pub(crate) fn only_passes_text(name: &str) -> bool {
    let name = snake(name);
    name.split('_').any(|w| {
        matches!(
            w,
            "print"
                | "log"
                | "debug"
                | "info"
                | "warn"
                | "warning"
                | "error"
                | "exception"
                | "critical"
                | "trace"
                | "format"
                | "append"
                | "push"
                | "extend"
                | "join"
                | "write"
                | "gettext"
                | "echo"
                | "message"
                | "msg"
                | "fail"
                | "assert"
                | "equal"
                | "text"
                | "add"
                | "str"
                | "replace"
                | "split"
                | "strip"
                | "dedent"
                | "puts"
                | "notify"
                | "send"
                | "get"
                | "parse"
                | "tokenize"
                | "escape"
                | "quote"
                | "encode"
                | "hash"
                | "md5"
                | "sha1"
                | "sha256"
                | "update"
                | "raise"
                | "throw"
        )
    }) || name == "_"
        || name.is_empty()
}

/// Whether a text (U+FFFC for its unknown parts) is an SQL statement: a verb with its companion,
/// and, unless written in capitals, a sign that no sentence has.
pub(crate) fn is_statement(text: &str) -> bool {
    let trimmed = text.trim_start();
    let upper = trimmed.to_ascii_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .take(64)
        .collect();
    let has = |word: &str| words.contains(&word);
    let shaped = match words.first().copied() {
        Some("SELECT") => has("FROM"),
        Some("INSERT" | "REPLACE") => {
            words.get(1) == Some(&"INTO") && (has("VALUES") || has("SELECT"))
        }
        Some("UPDATE") => has("SET"),
        Some("DELETE") => words.get(1) == Some(&"FROM"),
        _ => false,
    };
    let capitals = trimmed.starts_with(|c: char| c.is_ascii_uppercase())
        && trimmed.chars().take(6).all(|c| c.is_ascii_uppercase());
    shaped && (capitals || text.contains(['=', '*', '\'', '(', '`']))
}

/// Whether text begins as tokens of well-known services do, whatever its name is. The rules look closer.
pub(crate) fn begins_like_token(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "AKIA",
        "ASIA",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "xox",
        "xapp-",
        "sk_live_",
        "rk_live_",
        "SG.",
        "AIza",
        "npm_",
        "pypi-",
        "sk-ant-",
        "sk-proj-",
        "sk-or-",
        "dop_v1_",
        "hf_",
        "shpat_",
        "shpss_",
        "whsec_",
        "ya29.",
        "GOCSPX-",
        "glsa_",
        "hvs.",
        "dckr_pat_",
        "eyJ",
        "-----BEGIN",
    ];
    text.len() >= 20 && BEGINNINGS.iter().any(|start| text.starts_with(start))
}

/// Whether constant text is an address or a host: `example.com`, `https://example.com/`, `.com/`.
pub(crate) fn names_host(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "com", "org", "net", "io", "dev", "edu", "gov", "co", "uk", "de", "eu", "fr", "test",
        "example", "cloud", "ai", "biz", "info",
    ];
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    host.len() < 254
        && path.is_empty()
        && host.chars().all(plain)
        && host.rsplit_once('.').is_some_and(|(head, end)| {
            ENDS.contains(&end) && (!head.is_empty() || text.ends_with('/'))
        })
}

/// Whether text is markup for a browser: a well-known tag with an attribute or an end tag.
pub(crate) fn is_markup(text: &str) -> bool {
    const TAGS: &[&str] = &[
        "a", "b", "body", "br", "button", "code", "div", "em", "font", "form", "h1", "h2", "h3",
        "h4", "head", "html", "i", "iframe", "img", "input", "label", "li", "ol", "option", "p",
        "pre", "script", "select", "small", "span", "strong", "style", "table", "td", "textarea",
        "th", "title", "tr", "ul",
    ];
    let tag = |rest: &str| {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next();
        name.is_some_and(|name| TAGS.contains(&name.to_ascii_lowercase().as_str()))
    };
    let opens = || text.split('<').skip(1).any(tag);
    let closes = || text.split("</").skip(1).any(tag);
    text.contains('<') && opens() && (text.contains("=\"") || text.contains("='") || closes())
}

/// Describes a label for people.
pub(crate) fn describe(label: Label) -> &'static str {
    match label {
        Label::UserInput => "data from the remote user",
        Label::LocalInput => "input of the local user",
        Label::Credential => "a credential",
        Label::Environment => "the environment",
        Label::FileContent => "content of a file",
        Label::RemoteContent => "content fetched from the network",
        Label::DatabaseContent => "content of a database",
        Label::PersonalData => "personal data",
        Label::SourceCode => "program text",
        Label::Clock => "the time",
        Label::Identity => "who or where the program is",
        Label::CiFlag => "a CI or test flag",
        Label::Random => "a random value",
        Label::WeakRandom => "a predictable random value",
        Label::ProcessOutput => "output of a process",
        Label::Parameter => "a parameter",
        Label::ErrorDetail => "error detail",
        Label::Counter => "a kept count",
        Label::Session => "session data",
        Label::WeakHash => "a fast or broken hash",
        Label::Decoded => "decoded text",
    }
}

/// Describes the first labels of a set for people.
pub(crate) fn describe_all(labels: LabelSet) -> String {
    let words: Vec<&str> = labels.iter().take(2).map(describe).collect();
    words.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold_and_not_more() {
        let credential = [
            "password",
            "db_password",
            "apiKey",
            "API_KEY",
            "client-secret",
            "accessToken",
            "AWS_SECRET_ACCESS_KEY",
            "token",
        ];
        for name in credential {
            assert_eq!(label_of(name), Some(Label::Credential), "{name}");
        }
        for name in [
            "password_field",
            "tokens",
            "next_token",
            "token_type",
            "passwordLength",
            "key",
            "csrf_token",
            "monkey",
            "withCredentials",
            "has_password",
        ] {
            assert_eq!(label_of(name), None, "{name}");
        }
        assert_eq!(label_of("userEmail"), Some(Label::PersonalData));
    }
}
