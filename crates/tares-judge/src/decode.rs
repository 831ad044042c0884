//! Bytes to text. Nothing is refused: what is not UTF-8 is judged as far as it can be read.

use std::sync::Arc;

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
    fn every_encoding_gives_text() {
        assert_eq!(&*text(b"\xff\xfex\0=\x001\0"), "x=1");
        assert_eq!(&*text(b"\xfe\xff\0x"), "x");
        assert_eq!(&*text(b"a\xffb\0c"), "a\u{fffd}b c");
        assert_eq!(&*text(b"\xff\xfe\x00"), "");
    }
}
