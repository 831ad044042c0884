//! Globs over API paths: `*` stands for any text, dots included.

/// Returns whether the whole of `text` fits `glob`. Linear in practice: it remembers one
/// star to come back to, so a hostile text costs at most the product of the lengths.
pub(crate) fn fits(glob: &str, text: &str) -> bool {
    let (glob, text) = (glob.as_bytes(), text.as_bytes());
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if g < glob.len() && glob[g] == b'*' {
            star = Some((g + 1, t));
            g += 1;
        } else if g < glob.len() && glob[g] == text[t] {
            g += 1;
            t += 1;
        } else if let Some((after, from)) = star {
            star = Some((after, from + 1));
            g = after;
            t = from + 1;
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_any_text() {
        assert!(fits("requests.*", "requests.sessions.Session.get"));
        assert!(fits("*.execute", "sqlite3.Connection.execute"));
        assert!(fits("a*c*e", "abcde") && fits("*", ""));
        assert!(!fits("requests.get", "requests.gets") && !fits("a*c*e", "abcd"));
    }
}
