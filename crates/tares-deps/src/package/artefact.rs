//! What an archive says of itself: the modules that it provides, and its digest.

use super::{Asked, notice};
use crate::Ecosystem;
use crate::notice::shown;
use std::collections::BTreeSet;
use tares_model::Notice;
use tares_model::fact::{Artefact, PackageFacts};
use tares_model::finding::Level;

/// Returns the import names that an archive provides, from the names of its files.
pub fn roots(ecosystem: Ecosystem, artefact: &Artefact) -> BTreeSet<String> {
    let paths = artefact.files.iter().map(|(path, _)| path.as_str());
    match ecosystem {
        Ecosystem::PyPi => python(artefact.file.ends_with(".whl"), paths),
        Ecosystem::Npm => BTreeSet::new(),
        _ => BTreeSet::new(),
    }
}

/// Reads the roots of a wheel, or of a source archive below its own folder and `src`.
fn python<'p>(is_wheel: bool, paths: impl Iterator<Item = &'p str>) -> BTreeSet<String> {
    let mut roots = BTreeSet::new();
    for path in paths {
        let mut rest = path;
        if !is_wheel {
            rest = rest.split_once('/').map_or("", |(_, rest)| rest);
            rest = rest.strip_prefix("src/").unwrap_or(rest);
        }
        let (first, tail) = rest.split_once('/').unwrap_or((rest, ""));
        let root = if tail.is_empty() {
            let (stem, ending) = first.split_once('.').unwrap_or((first, ""));
            let is_module = matches!(ending.rsplit('.').next(), Some("py" | "pyi" | "so" | "pyd"));
            is_module.then_some(stem)
        } else {
            let is_code = [".py", ".pyi", ".so", ".pyd"]
                .iter()
                .any(|ending| tail.ends_with(ending));
            (is_code && !first.contains(['.', '-'])).then_some(first)
        };
        roots.extend(root.map(str::to_owned));
    }
    roots
}

/// Returns whether an archive provides a module; `None` where its files do not tell.
pub fn provides(ecosystem: Ecosystem, artefact: &Artefact, module: &str) -> Option<bool> {
    let roots = roots(ecosystem, artefact);
    if roots.is_empty() || artefact.is_partial {
        return None;
    }
    let root = crate::imports::root(ecosystem, module)?;
    Some(roots.contains(root))
}

/// Judges a digest of a lock file against those that the registry gives for the same version.
pub(super) fn other_digest(asked: &Asked<'_>, facts: &PackageFacts) -> Option<Notice> {
    let version = asked.version?;
    let release = facts.releases.iter().find(|r| r.version == version)?;
    let known: Vec<(&str, String)> = release
        .digests
        .iter()
        .filter_map(|digest| {
            let (algorithm, value) = digest.split_once(':')?;
            Some((algorithm, value.to_ascii_lowercase()))
        })
        .collect();
    let locked: Vec<(String, String)> = asked.digests.iter().flat_map(|d| digests(d)).collect();
    let comparable = locked
        .iter()
        .any(|(algorithm, _)| known.iter().any(|(other, _)| other == algorithm));
    let is_same = locked.iter().any(|(algorithm, value)| {
        known
            .iter()
            .any(|(other, theirs)| other == algorithm && theirs == value)
    });
    (comparable && !is_same).then(|| {
        notice(
            "digest-differs",
            Level::Block,
            facts.name.ecosystem,
            asked.name,
            format!(
                "{} is locked with a digest that its registry does not have: what was locked is not what is published",
                shown(version, 40)
            ),
        )
    })
}

/// Reads the digests of a lock entry as algorithm and lower-case hex.
fn digests(text: &str) -> Vec<(String, String)> {
    let parts = text.split([' ', ',']).filter(|part| !part.is_empty());
    parts
        .filter_map(|part| {
            if part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Some(("sha256".to_owned(), part.to_ascii_lowercase()));
            }
            let at = part.find([':', '-'])?;
            let (algorithm, value) = (&part[..at], &part[at + 1..]);
            if !algorithm.starts_with("sha") {
                return None;
            }
            let hex = if part.as_bytes()[at] == b':' {
                value.to_ascii_lowercase()
            } else {
                base64_hex(value)?
            };
            Some((algorithm.to_owned(), hex))
        })
        .collect()
}

/// Turns Base64 into hex.
fn base64_hex(text: &str) -> Option<String> {
    let (mut bits, mut count, mut hex) = (0u32, 0, String::new());
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            hex.push_str(&format!("{:02x}", bits >> count & 0xff));
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_in_all_spellings() {
        assert_eq!(
            digests("sha1-AQID sha256:AB"),
            [
                ("sha1".to_owned(), "010203".to_owned()),
                ("sha256".to_owned(), "ab".to_owned())
            ]
        );
        assert_eq!(digests("h1:abc="), []);
        assert_eq!(digests(&"Ab".repeat(32)).len(), 1);
    }
}
