//! Text literals that mean the same in Python and in JavaScript.

/// Returns a literal of a text.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            c if u32::from(c) < 0x20 => quoted.extend([format!("\\x{:02x}", u32::from(c))]),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Returns the text in two halves, cut at a character.
pub(super) fn halves(text: &str) -> (&str, &str) {
    let middle = text.chars().count() / 2;
    let cut = text
        .char_indices()
        .nth(middle)
        .map_or(text.len(), |(at, _)| at);
    text.split_at(cut)
}
