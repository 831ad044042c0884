//! Relative URIs for paths of any bytes.

use std::fmt::Write as _;

/// Returns the relative URI reference of a path. Every byte that is not unreserved is percent
/// encoded, so that neither a scheme nor a query can be smuggled in, and bytes that are not
/// UTF-8 survive.
pub(super) fn relative_uri(path: &[u8]) -> String {
    let mut uri = String::with_capacity(path.len());
    for &byte in path {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    // `//host/x` would name a host.
    if uri.starts_with('/') {
        format!(".{uri}")
    } else {
        uri
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_and_none_is_special() {
        assert_eq!(relative_uri(b"src/a b.py"), "src/a%20b.py");
        assert_eq!(relative_uri(b"javascript:x?y#z"), "javascript%3Ax%3Fy%23z");
        assert_eq!(relative_uri(b"caf\xe9"), "caf%E9");
        assert_eq!(relative_uri(b"//host/x"), ".//host/x");
    }
}
