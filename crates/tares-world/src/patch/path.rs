//! Paths as patches write them: quoted, prefixed, with time stamps behind.

/// Undoes git's quoting with `"`, escapes and octal bytes; other text is returned as it is.
pub(super) fn unquote(text: &[u8]) -> Vec<u8> {
    match quoted(text) {
        Some((path, [])) => path,
        _ => text.to_owned(),
    }
}

/// Reads a quoted path at the start of `text`; returns it and what follows.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut path = Vec::new();
    loop {
        let (&byte, tail) = rest.split_first()?;
        rest = tail;
        match byte {
            b'"' => return Some((path, rest)),
            b'\\' => {
                let (&escape, tail) = rest.split_first()?;
                let octal = |b: &u8| (b'0'..=b'7').contains(b);
                if octal(&escape) {
                    let digits = rest.iter().take(3).take_while(|b| octal(b)).count();
                    let value = rest[..digits]
                        .iter()
                        .fold(0_u32, |value, b| value * 8 + u32::from(b - b'0'));
                    path.push(u8::try_from(value).ok()?);
                    rest = &rest[digits..];
                    continue;
                }
                rest = tail;
                path.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    b'"' | b'\\' => escape,
                    _ => return None,
                });
            }
            _ => path.push(byte),
        }
    }
}

/// One name of a `---` or `+++` line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) path: Vec<u8>,
    /// `/dev/null`, or the time stamp that `diff -N` gives to a file that is not there.
    pub(super) is_absent: bool,
}

impl Name {
    /// Reads what follows `--- ` or `+++ `.
    pub(super) fn new(text: &[u8]) -> Self {
        if let Some((path, _)) = quoted(text) {
            return Self {
                path,
                is_absent: false,
            };
        }
        let (path, stamp) = match text.iter().position(|&b| b == b'\t') {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, &b""[..]),
        };
        let is_absent = path == b"/dev/null" || stamp.starts_with(b"1970-01-01 00:00:00");
        Self {
            path: path.to_owned(),
            is_absent,
        }
    }
}

/// Returns both paths without the prefixes that `diff` puts before them.
///
/// With two names, a first part that differs while the rest is equal is a prefix. With one
/// name, the prefixes that git uses are.
pub(super) fn without_prefixes(base: &Name, head: &Name) -> (Vec<u8>, Vec<u8>) {
    let clean = |path: &[u8]| {
        let path = path.strip_prefix(b"./").unwrap_or(path);
        path.iter()
            .position(|&b| b != b'/')
            .map_or_else(Vec::new, |at| path[at..].to_owned())
    };
    let cut = |path: &[u8]| cut_prefix(path).map_or_else(|| clean(path), <[u8]>::to_owned);
    let is_null = |name: &Name| name.path.is_empty() || name.path == b"/dev/null";
    if is_null(base) || is_null(head) {
        return (cut(&base.path), cut(&head.path));
    }
    let (one, other) = (clean(&base.path), clean(&head.path));
    if one == other {
        return (one, other);
    }
    let known = cut_prefix(&one).is_some() && cut_prefix(&other).is_some();
    let tails = (tail(&one), tail(&other));
    if known || (tails.0.is_some() && tails.0 == tails.1) {
        let (Some(base), Some(head)) = tails else {
            return (one, other);
        };
        return (base.to_owned(), head.to_owned());
    }
    (one, other)
}

/// Cuts the prefixes that git writes by default, by `diff.mnemonicPrefix` and `--no-index`.
fn cut_prefix(path: &[u8]) -> Option<&[u8]> {
    match path {
        [
            b'a' | b'b' | b'c' | b'i' | b'o' | b'w' | b'1' | b'2',
            b'/',
            rest @ ..,
        ] if !rest.is_empty() => Some(rest),
        _ => None,
    }
}

fn tail(path: &[u8]) -> Option<&[u8]> {
    let at = path.iter().position(|&b| b == b'/')?;
    (at + 1 < path.len()).then(|| &path[at + 1..])
}

/// Reads what follows `diff --git `: the two names, which are equal after their prefixes
/// unless the file was renamed, and may hold spaces.
pub(super) fn git_names(text: &[u8]) -> Option<(Name, Name)> {
    let name = |path: &[u8]| Name {
        path: path.to_owned(),
        is_absent: false,
    };
    if let Some((base, rest)) = quoted(text) {
        let head = rest.strip_prefix(b" ")?;
        return Some((name(&base), name(&unquote(head))));
    }
    let spaces = || {
        text.iter()
            .enumerate()
            .filter(|(_, b)| **b == b' ')
            .map(|(at, _)| at)
    };
    let pairs = spaces().map(|at| (&text[..at], unquote(&text[at + 1..])));
    // More spaces than any path holds would make this quadratic.
    let mut pairs = pairs.take(256);
    let same = pairs.find(|(base, head)| {
        tail(base).is_some() && tail(base) == tail(head) || *base == &head[..]
    });
    let (base, head) = match same {
        Some(pair) => pair,
        None => spaces()
            .next()
            .map(|at| (&text[..at], unquote(&text[at + 1..])))?,
    };
    Some((name(base), name(&head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_undone_and_damage_left_alone() {
        assert_eq!(
            unquote(br#""caf\303\251\t\"x\".py""#),
            "caf\u{e9}\t\"x\".py".as_bytes()
        );
        for damaged in [
            &br#""open"#[..],
            br#""\9""#,
            br#""\777""#,
            br#""a" b"#,
            b"\"\\",
            b"plain",
        ] {
            assert_eq!(unquote(damaged), damaged);
        }
    }

    #[test]
    fn prefixes_are_cut_by_what_both_names_share() {
        let cut = |base: &str, head: &str| {
            let (base, head) =
                without_prefixes(&Name::new(base.as_bytes()), &Name::new(head.as_bytes()));
            (
                String::from_utf8(base).unwrap(),
                String::from_utf8(head).unwrap(),
            )
        };
        let both = |path: &str| (path.to_owned(), path.to_owned());
        assert_eq!(cut("a/x.py", "b/x.py"), both("x.py"));
        assert_eq!(cut("i/x.py", "w/x.py"), both("x.py"));
        assert_eq!(cut("x.py", "x.py"), both("x.py"));
        assert_eq!(cut("a/x.py", "a/x.py"), both("a/x.py"));
        assert_eq!(
            cut("old-1.0/src/x.py\t2024-01-01", "new-1.1/src/x.py"),
            both("src/x.py")
        );
        assert_eq!(cut("/dev/null", "b/x.py").1, "x.py");
        assert_eq!(cut("/dev/null", "src/x.py").1, "src/x.py");
        assert_eq!(
            cut("a/one.py", "b/two.py"),
            ("one.py".into(), "two.py".into())
        );
    }

    #[test]
    fn names_of_a_git_header_may_hold_spaces() {
        let (base, head) = git_names(b"a/one b/one c.py b/one b/one c.py").unwrap();
        assert_eq!(
            (base.path, head.path),
            (b"a/one b/one c.py".to_vec(), b"b/one b/one c.py".to_vec())
        );
        let (base, head) = git_names(br#""a/\303\251.py" "b/\303\251.py""#).unwrap();
        assert_eq!(without_prefixes(&base, &head).0, "\u{e9}.py".as_bytes());
    }
}
