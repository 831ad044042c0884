//! Notices of this room: how foreign text is shown in them, and what lowers them.

use crate::surface::Kind;
use tares_model::{Level, Notice};

/// Lowers the level by one where the file is data or a test about such characters, and says so.
///
/// Code that is read in another order than it is run in, and a name beside its twin, do in a test what
/// they do elsewhere: no path makes them a note.
pub(crate) fn in_test_data(mut notice: Notice, kind: Kind) -> Notice {
    let is_twin = notice.rule == "confusable-name" && !notice.related.is_empty();
    let acts = kind == Kind::Code && (is_twin || notice.rule == "reordered-text");
    if acts && notice.level == Level::Review {
        return notice;
    }
    notice.level = match notice.level {
        Level::Block => Level::Review,
        Level::Review | Level::Note => Level::Note,
    };
    notice
        .message
        .push_str(" (lowered: the path says Unicode tables or test data)");
    notice
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
