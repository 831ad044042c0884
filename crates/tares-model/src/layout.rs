//! Forms of text that clients read and strict parsers refuse.

/// Returns whether a line begins with a closing bracket: only then [`joined_bracket`] can help.
#[must_use]
pub fn has_leading_bracket(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with([']', '}']))
}

/// Returns the text with a closing bracket of YAML joined to the line before it, at the character
/// `at` where a parser refused it; `None` where no bracket begins the line.
///
/// `list: [` … `]` with the bracket below its key is not indented as YAML 1.2 wants it (7.4), yet
/// the parsers that people use take it. Every character keeps its place, so spans hold: comments
/// and line breaks between become spaces.
#[must_use]
pub fn joined_bracket(text: &str, at: usize) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    let end = at.min(chars.len());
    let mut begin = chars[..end]
        .iter()
        .rposition(|c| *c == '\n')
        .map_or(0, |n| n + 1);
    let first = chars[begin..].iter().position(|c| *c != ' ')?;
    if !matches!(chars.get(begin + first), Some(']' | '}')) {
        return None;
    }
    // Lines that hold nothing but a comment are passed over.
    while begin > 0 {
        chars[begin - 1] = ' ';
        if begin >= 2 && chars[begin - 2] == '\r' {
            chars[begin - 2] = ' ';
        }
        let before = chars[..begin - 1]
            .iter()
            .rposition(|c| *c == '\n')
            .map_or(0, |n| n + 1);
        let comment = comment(&chars[before..begin - 1]);
        for c in &mut chars[before + comment..begin - 1] {
            *c = ' ';
        }
        if chars[before..begin - 1].iter().any(|c| *c != ' ') {
            return Some(chars.into_iter().collect());
        }
        begin = before;
    }
    None
}

/// Returns where the comment of a line begins; its length where it has none.
fn comment(line: &[char]) -> usize {
    let mut quote = None;
    for (at, c) in line.iter().enumerate() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(*c),
            (Some(open), c) if open == *c => quote = None,
            (None, '#') if at == 0 || line[at - 1] == ' ' => return at,
            _ => {}
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::joined_bracket;

    #[test]
    fn a_bracket_joins_the_last_value() {
        let text = "a:\n  b: [\n    \"1\", # é\n    # \"2\"\n  ]\nc: 1\n";
        let at = text
            .chars()
            .position(|c| c == ']')
            .expect("it stands there");
        let joined = joined_bracket(text, at).expect("a bracket begins the line");
        assert_eq!(joined.chars().count(), text.chars().count());
        assert_eq!(joined.lines().count(), 4);
        assert!(
            joined
                .lines()
                .nth(2)
                .is_some_and(|line| line.trim_end().ends_with(']'))
        );
        assert_eq!(joined_bracket("a: [1]\n", 4), None);
    }
}
