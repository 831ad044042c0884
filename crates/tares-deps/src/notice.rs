//! What this room says of a text, before the judge makes a finding of it.

use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};

/// One thing found in one text. Knows spans, no lines and no fingerprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Id of the rule.
    pub rule: &'static str,
    /// What the gate does, before policy.
    pub level: Level,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Where, in bytes of the text.
    pub span: Span,
    /// One sentence about this text.
    pub message: String,
    /// Further places, each with what stands there.
    pub related: Vec<(Span, String)>,
    /// What makes this finding the same in another file or repository.
    pub identity: String,
}

/// Shows foreign text: printable ASCII as it is, the rest as `\u{…}`; at most `limit` characters.
pub(crate) fn shown(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == limit {
            out.push('…');
            break;
        }
        if c.is_ascii_graphic() || c == ' ' {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}
