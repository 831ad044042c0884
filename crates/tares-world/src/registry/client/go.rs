//! The module proxy: names with capitals written out, and a list of versions.

use super::{Details, is_version};
use crate::registry::http::Answer;
use tares_model::fact::Release;

/// Writes a capital as `!` and its small letter, as proxies want it.
pub(super) fn escape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Reads a list of versions. It may be empty: a module without marked versions has none.
///
/// The list does not name the module, so that only its form can be held against it.
pub(super) fn read(answer: &Answer) -> Result<Details, String> {
    let text = std::str::from_utf8(&answer.body).map_err(|_| "no list of versions".to_owned())?;
    let mut details = Details::default();
    for line in text.lines().filter(|line| !line.is_empty()) {
        // A date may stand behind.
        let version = line.split_whitespace().next().unwrap_or_default();
        let number = version.strip_prefix('v').unwrap_or_default();
        if !number.starts_with(|c: char| c.is_ascii_digit()) || !is_version(version) {
            return Err("no list of versions".to_owned());
        }
        details.releases.push(Release {
            version: version.to_owned(),
            ..Release::default()
        });
    }
    Ok(details)
}
