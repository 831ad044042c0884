//! Text pushed out of sight: code far to the right of what stands on its line.

use crate::notice::shown;
use crate::surface::Kind;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};

/// Blanks in a row that push text out of the widest window people use.
const BLANKS: usize = 120;

/// Judges lines with something behind a long stretch of blanks.
pub(super) fn find(text: &str, kind: Kind, out: &mut Vec<Notice>) {
    if kind == Kind::Prose {
        return;
    }
    let bytes = text.as_bytes();
    let spaces = memchr::memmem::Finder::new(&[b' '; BLANKS]);
    let mut at = 0;
    while let Some(found) = spaces.find(&bytes[at..]).map(|i| at + i) {
        let line = memchr::memrchr(b'\n', &bytes[..found]).map_or(0, |i| i + 1);
        let end = memchr::memchr(b'\n', &bytes[found..]).map_or(bytes.len(), |i| found + i);
        let rest = found
            + bytes[found..end]
                .iter()
                .take_while(|b| b.is_ascii_whitespace())
                .count();
        if let (Some(visible), Some(far)) = (text.get(line..found), text.get(rest..end))
            && is_code(visible)
            && is_code(far)
        {
            out.push(notice(
                kind,
                visible,
                far,
                Span::new(rest as u32, end as u32),
            ));
        }
        at = end;
    }
}

/// Aligned tables hold values, which open nothing and call nothing.
fn is_code(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.len() < 4096
        && !text.starts_with('|')
        && text.contains(['(', '=', ';', '{', '`', '|', '$'])
}

fn notice(kind: Kind, visible: &str, far: &str, span: Span) -> Notice {
    Notice {
        rule: "text-out-of-sight",
        level: if kind == Kind::Settings {
            Level::Note
        } else {
            Level::Review
        },
        severity: Severity::High,
        confidence: Confidence::Medium,
        span,
        message: format!(
            "behind {BLANKS} or more blanks, beyond every window: \"{}\"",
            shown(far.trim(), 120)
        ),
        related: vec![(
            Span::new(span.start, span.start),
            format!(
                "what one sees of the line: \"{}\"",
                shown(visible.trim(), 80)
            ),
        )],
        identity: far.trim().to_owned(),
    }
}
