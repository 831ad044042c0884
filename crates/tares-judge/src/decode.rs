//! Bytes to text. Nothing is refused: what is not UTF-8 is judged as far as it can be read.

use std::sync::Arc;
use tares_lang::Language;

/// Returns whether bytes begin with the mark of UTF-16.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// Returns the text of a source file. UTF-16 with a mark is decoded; bytes that are not UTF-8
/// become U+FFFD, which no grammar takes for code, so what stands there shows up as a syntax
/// error unless it is inside a string or a comment. NUL bytes become spaces, because a parser
/// may read them as the end of the text while the language's own does not.
pub(crate) fn text(bytes: &[u8]) -> Arc<str> {
    if is_utf16(bytes) {
        let big = bytes[0] == 0xfe;
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if big {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        };
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(unit).collect();
        return without_nul(String::from_utf16_lossy(&units));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.into(),
        Ok(text) => without_nul(text.to_owned()),
        Err(_) => without_nul(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// Returns whether a source file holds NUL bytes, so that readers may disagree on it.
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    !is_utf16(bytes) && bytes.contains(&0)
}

/// Returns the encoding that a Python source declares, if bytes that look like ASCII may mean
/// something else in it (PEP 263): code could then stand in what is read as a comment.
pub(crate) fn strange_coding(language: Language, bytes: &[u8]) -> Option<String> {
    if language != Language::Python || bytes.starts_with(b"\xef\xbb\xbf") {
        return None;
    }
    let lines = bytes.split(|b| matches!(b, b'\n' | b'\r')).take(3);
    let name = lines.filter_map(declared).next()?;
    let plain = ["utf8", "ascii", "usascii", "646", "latin1", "l1", "u8"];
    let families = [
        "utf8",
        "iso8859",
        "latin",
        "cp125",
        "windows125",
        "koi8",
        "cp437",
        "cp850",
        "macroman",
    ];
    let folded: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let known = plain.contains(&folded.as_str()) || families.iter().any(|f| folded.starts_with(f));
    (!known).then_some(name)
}

/// Returns the encoding that a comment line declares.
fn declared(line: &[u8]) -> Option<String> {
    let line = line.get(..line.len().min(200))?;
    let text = String::from_utf8_lossy(line);
    let comment = text
        .trim_start_matches([' ', '\t', '\x0c'])
        .strip_prefix('#')?;
    let after = &comment[comment.find("coding")? + "coding".len()..];
    let after = after
        .strip_prefix([':', '='])?
        .trim_start_matches([' ', '\t']);
    let end = after
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(after.len());
    (end > 0).then(|| after[..end].to_owned())
}

fn without_nul(text: String) -> Arc<str> {
    if text.contains('\0') {
        text.replace('\0', " ").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_may_hide_code_is_told() {
        let coding = |text: &[u8]| strange_coding(Language::Python, text);
        for strange in ["utf-7", "raw_unicode_escape", "shift_jis"] {
            let text = format!("#!/usr/bin/python\n# -*- coding: {strange} -*-\nx = 1\n");
            assert_eq!(coding(text.as_bytes()).as_deref(), Some(strange));
        }
        for plain in [
            "# coding: utf-8\n",
            "# vim: set fileencoding=latin-1 :\n",
            "x = 1\n",
            "# the coding is easy\n",
        ] {
            assert_eq!(coding(plain.as_bytes()), None, "{plain}");
        }
    }

    #[test]
    fn every_encoding_gives_text() {
        assert_eq!(&*text(b"\xff\xfex\0=\x001\0"), "x=1");
        assert_eq!(&*text(b"\xfe\xff\0x"), "x");
        assert_eq!(&*text(b"a\xffb\0c"), "a\u{fffd}b c");
        assert_eq!(&*text(b"\xff\xfe\x00"), "");
    }
}
