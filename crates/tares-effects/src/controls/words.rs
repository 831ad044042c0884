//! What names say: which calls are controls, which functions decide about access.

/// What a control is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Control {
    /// Who may: login, rights, signatures, tokens.
    Access,
    /// Escapes, cleans.
    Cleaner,
    /// Rate limits, headers, forged requests.
    Hardening,
    /// A record for later.
    Audit,
    /// Values that nobody can guess.
    Chance,
}

impl Control {
    /// Returns the word used in the API of its effects.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Cleaner => "cleaner",
            Self::Hardening => "hardening",
            Self::Audit => "audit",
            Self::Chance => "chance",
        }
    }
}

const DEMANDS: &[&str] = &[
    "require",
    "requires",
    "required",
    "ensure",
    "verify",
    "check",
    "assert",
    "authenticate",
    "authorize",
    "authorise",
    "enforce",
    "has",
    "can",
    "is",
    "must",
    "validate",
    "protect",
    "deny",
    "needs",
    "only",
    "depends",
    "guard",
    "guards",
];
const RIGHTS: &[&str] = &[
    "admin",
    "login",
    "auth",
    "permission",
    "permissions",
    "role",
    "roles",
    "owner",
    "signature",
    "token",
    "password",
    "session",
    "csrf",
    "access",
    "webhook",
    "hmac",
    "mac",
    "credentials",
    "user",
    "superuser",
    "staff",
    "scope",
    "scopes",
    "jwt",
    "member",
    "authenticated",
    "authorized",
    "authentication",
    "authorization",
    "allowed",
    "refund",
    "certificate",
    "origin",
];
const ALONE: &[&str] = &[
    "authenticate",
    "authorize",
    "authorise",
    "authenticated",
    "authorized",
    "permitted",
];
const CLEANERS: &[&str] = &[
    "sanitize",
    "sanitise",
    "sanitized",
    "sanitizer",
    "escape",
    "escaped",
    "purify",
    "bleach",
    "dompurify",
];
const HARDENERS: &[&str] = &[
    "helmet",
    "csrf",
    "csurf",
    "ratelimit",
    "limiter",
    "hsts",
    "throttler",
];

/// Splits `requireAdmin`, `require_admin` and `require-admin` into words in lower case.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = c.is_lowercase() || c.is_numeric();
        if c.is_alphanumeric() {
            let last = words.last_mut().expect("there is always a word");
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns what a call of this dotted name is for, if it is a control.
pub(super) fn control(callee: &str) -> Option<Control> {
    let last = callee.rsplit('.').next().unwrap_or(callee);
    let words = parts(last);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let all = parts(callee);
    let anywhere = |list: &[&str]| all.iter().any(|word| list.contains(&word.as_str()));
    if anywhere(&["audit"]) {
        return Some(Control::Audit);
    }
    let is_chance = matches!(
        last,
        "token_urlsafe"
            | "token_hex"
            | "token_bytes"
            | "randomBytes"
            | "getRandomValues"
            | "randomUUID"
            | "uuid4"
            | "urandom"
            | "SystemRandom"
            | "SecureRandom"
            | "randbelow"
            | "randomInt"
    ) || matches!(callee, "rand.Read" | "secrets.choice");
    if is_chance {
        return Some(Control::Chance);
    }
    let limits = words
        .windows(2)
        .any(|w| w[0] == "rate" && w[1].starts_with("limit"));
    if limits || any(HARDENERS) {
        return Some(Control::Hardening);
    }
    if any(CLEANERS)
        || anywhere(&["bleach", "dompurify"])
        || last == "secure_filename"
        || callee == "shlex.quote"
    {
        return Some(Control::Cleaner);
    }
    // What a framework calls first: whoever asks for the user asks that there is one.
    if let Some(needed) = callee.strip_prefix("Depends.") {
        // `get_user_secrets` hands over something of the user's; `get_current_user` asks who it is.
        let words = parts(needed);
        let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
        let asks = words
            .iter()
            .any(|word| is(word, DEMANDS) || is(word, ALONE));
        let is_user = words.iter().any(|word| is(word, RIGHTS));
        let ends = words
            .last()
            .is_some_and(|word| is(word, RIGHTS) || word == "id");
        return (is_user && (asks || ends)).then_some(Control::Access);
    }
    let verifies = words.len() > 1 && words.first().is_some_and(|word| word == "verify");
    let asks = verifies || (words.len() > 1 && any(DEMANDS) && any(RIGHTS));
    let compares = matches!(last, "compare_digest" | "timingSafeEqual" | "checkpw");
    // `signature.verify(sign)`; test doubles verify that they were called.
    let is_method = callee.contains('.') && !anywhere(&["mock", "mockito", "verifier"]);
    let checks = last == "verify" && is_method
        || last == "compare" && anywhere(&["bcrypt", "argon2"])
        || last == "matches" && anywhere(&["encoder"])
        || matches!(
            callee,
            "MessageDigest.isEqual" | "hmac.Equal" | "subtle.ConstantTimeCompare"
        );
    let demands = matches!(last, "RolesAllowed" | "Secured") || callee.ends_with(" --check");
    (asks || any(ALONE) || compares || checks || demands).then_some(Control::Access)
}

/// Returns whether a function of this dotted name decides about access.
pub(super) fn decides(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    let words = parts(last);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    control(last) == Some(Control::Access)
        || (any(RIGHTS) && !any(&["refund", "user", "member"]))
        || any(ALONE)
        || (words.len() > 1 && any(&["current", "get", "read", "load"]) && any(RIGHTS))
}

/// Returns whether a function of this name cleans.
pub(super) fn cleans(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    control(last) == Some(Control::Cleaner)
}

/// Returns whether what a function of this name gives back is taken to be harmless.
pub(super) fn makes_safe(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    let says = |word: &String| matches!(word.as_str(), "safe" | "clean" | "slug" | "slugify");
    cleans(last) || parts(last).iter().any(says)
}

/// Returns whether a function of this name says whether a value is one that is let in.
pub(super) fn validates(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    parts(last)
        .iter()
        .any(|word| matches!(word.as_str(), "valid" | "validate" | "validator"))
}

/// Returns whether a name is that of a secret, a signature or a digest.
pub(super) fn is_secret(text: &str) -> bool {
    let words = parts(text);
    const SECRETS: &[&str] = &[
        "password",
        "passwd",
        "secret",
        "token",
        "signature",
        "sig",
        "digest",
        "hmac",
        "mac",
        "hash",
        "expected",
        "candidate",
        "apikey",
        "passphrase",
        "wanted",
        "given",
    ];
    words.iter().any(|word| SECRETS.contains(&word.as_str()))
}

/// Returns whether a name is that of money.
pub(super) fn is_money(text: &str) -> bool {
    let words = parts(text);
    const MONEY: &[&str] = &[
        "amount", "price", "total", "balance", "fee", "payout", "salary", "cents", "sum", "net",
        "gross", "refund",
    ];
    words.iter().any(|word| MONEY.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Control, control, decides, parts};

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("requireAdmin"), ["require", "admin"]);
        assert_eq!(parts("self.check_password"), ["self", "check", "password"]);
        assert_eq!(control("requireAdmin"), Some(Control::Access));
        assert_eq!(control("hmac.compare_digest"), Some(Control::Access));
        assert_eq!(control("DOMPurify.sanitize"), Some(Control::Cleaner));
        assert_eq!(control("rateLimit"), Some(Control::Hardening));
        assert_eq!(control("render"), None);
        assert!(decides("Billing.canRefund") && decides("login") && !decides("list_orders"));
    }
}
