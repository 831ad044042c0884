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
    /// One sentence about this text. What was hidden is shown decoded and escaped.
    pub message: String,
    /// Further places, each with what stands there.
    pub related: Vec<(Span, String)>,
    /// What makes this finding the same in another file or repository: the decoded content.
    pub identity: String,
}

impl Notice {
    /// Lowers the level by one where the file is data or a test about such characters, and says so.
    pub(crate) fn in_test_data(mut self) -> Self {
        self.level = match self.level {
            Level::Block => Level::Review,
            Level::Review | Level::Note => Level::Note,
        };
        self.message
            .push_str(" (lowered: the path says Unicode tables or test data)");
        self
    }
}

/// Shows foreign text so that nothing in it acts on a terminal or hides from a reader: printable
/// ASCII as it is, everything else as `\u{…}`; at most `limit` characters.
pub(crate) fn shown(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == limit {
            out.push('…');
            break;
        }
        if c.is_ascii_graphic() || c == ' ' || (c.is_alphanumeric() && !crate::hidden::is_odd(c)) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}
