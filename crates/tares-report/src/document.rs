//! Writes a value as one JSON document.

use crate::escape::is_hidden;
use serde::Serialize;
use std::fmt::Write as _;
use std::io;

/// Writes `value`, indented, with a line end. Hidden characters become `\u` escapes: they mean
/// the same to a reader of JSON, and do nothing to somebody who looks at the file.
pub(crate) fn write_document(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Outside of strings a document holds only ASCII, and its line ends.
        if c == '\n' || !is_hidden(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(safe, "\\u{unit:04x}").expect("writing to a string cannot fail");
        }
    }
    safe.push('\n');
    out.write_all(safe.as_bytes())?;
    out.flush()
}
