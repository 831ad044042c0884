//! The sparse index, and the copies of its answers that cargo keeps.

use super::{Archive, Details, date, is_version, not_this};
use crate::registry::dates;
use crate::registry::http::Answer;
use serde::Deserialize;
use tares_model::Ecosystem;
use tares_model::fact::Release;

/// Separators in a name up to which all spellings are asked for.
const SEPARATORS: usize = 5;

#[derive(Deserialize)]
struct Line {
    name: String,
    vers: String,
    cksum: Option<String>,
    yanked: Option<bool>,
    pubtime: Option<String>,
}

/// Returns the spellings of a normal name: `-` and `_` are one there, but the index has the name
/// as its author wrote it. All of one kind come first, mixed ones in a second round.
pub(super) fn spellings(name: &str) -> Vec<Vec<String>> {
    let places: Vec<usize> = name.match_indices('-').map(|(at, _)| at).collect();
    if places.is_empty() {
        return vec![vec![name.to_owned()]];
    }
    let mut rounds = vec![vec![name.to_owned(), name.replace('-', "_")]];
    if (2..=SEPARATORS).contains(&places.len()) {
        let all = 1_u32 << places.len();
        let mixed = (1..all - 1).map(|mask| {
            let mut bytes = name.as_bytes().to_vec();
            for (bit, &at) in places.iter().enumerate() {
                if mask >> bit & 1 == 1 {
                    bytes[at] = b'_';
                }
            }
            String::from_utf8_lossy(&bytes).into_owned()
        });
        rounds.push(mixed.collect());
    }
    rounds
}

/// Returns whether [`spellings`] has them all.
pub(in crate::registry) fn has_all_spellings(name: &str) -> bool {
    name.matches('-').count() <= SEPARATORS
}

/// Returns where the index keeps a name.
pub(super) fn path(name: &str) -> String {
    match name.len() {
        1 | 2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

/// Returns where the index keeps a name, in all spellings.
pub(in crate::registry) fn paths(name: &str) -> impl Iterator<Item = String> {
    spellings(name)
        .into_iter()
        .flatten()
        .map(|name| path(&name))
}

/// Reads an answer: one version in JSON on each line.
pub(super) fn read(name: &str, answer: &Answer) -> Result<Details, String> {
    if answer.media == "text/html" {
        return Err(not_this(answer, "a sparse index"));
    }
    let lines = answer.body.split(|&byte| byte == b'\n');
    let lines = lines.filter(|line| !line.trim_ascii().is_empty());
    from_lines(name, lines)
}

fn from_lines<'a>(name: &str, lines: impl Iterator<Item = &'a [u8]>) -> Result<Details, String> {
    let mut details = Details::default();
    for line in lines {
        let line: Line = serde_json::from_slice(line)
            .map_err(|_| "a line that is no version of a crate".to_owned())?;
        if Ecosystem::Cargo.normal(&line.name) != name {
            return Err("the answer names another crate".to_owned());
        }
        if !is_version(&line.vers) {
            continue;
        }
        let mut time = None;
        if let Some(text) = &line.pubtime {
            time = date(text, &mut details.against_dates);
        }
        let digests: Vec<String> = line
            .cksum
            .iter()
            .map(|hex| format!("sha256:{hex}"))
            .collect();
        details.files.push(Archive {
            version: line.vers.clone(),
            file: format!("{}-{}.crate", line.name, line.vers),
            // What stands here is the name as written; the index's own file says the rest.
            link: line.name,
            digests: digests.clone(),
        });
        details.releases.push(Release {
            version: line.vers,
            time,
            yanked: line.yanked,
            digests,
            ..Release::default()
        });
    }
    if details.releases.is_empty() {
        return Err("no version of a crate".to_owned());
    }
    // What cargo takes by itself: the highest that is neither withdrawn nor a preview.
    let offered = details
        .releases
        .iter()
        .filter(|release| release.yanked != Some(true));
    details.latest = offered
        .filter_map(|release| Some((dates::plain(&release.version)?, &release.version)))
        .max()
        .map(|(_, version)| version.clone());
    Ok(details)
}

/// Reads a file of cargo's own copies. Its layout is cargo's business and was seen as: the byte
/// 3, the number 2 in four bytes, a text up to a zero byte, then version and line in turn, each
/// up to a zero byte. Any other layout is no copy.
pub(in crate::registry) fn from_local_cache(name: &str, bytes: &[u8]) -> Option<Details> {
    let rest = bytes.strip_prefix(&[3, 2, 0, 0, 0])?;
    let mut parts = rest.split(|&byte| byte == 0).skip(1);
    let mut lines = Vec::new();
    while let (Some(_version), Some(line)) = (parts.next(), parts.next()) {
        lines.push(line);
    }
    from_lines(name, lines.into_iter()).ok()
}

/// Returns where archives are, by what the index says of itself.
pub(in crate::registry) fn download(
    config: &[u8],
    name: &str,
    version: &str,
    digest: &str,
) -> Option<String> {
    #[derive(Deserialize)]
    struct Config {
        dl: String,
    }
    let config: Config = serde_json::from_slice(config).ok()?;
    let folder = path(name)
        .rsplit_once('/')
        .map(|(folder, _)| folder.to_owned())?;
    let marks = [
        ("{crate}", name.to_owned()),
        ("{version}", version.to_owned()),
        ("{prefix}", folder.clone()),
        ("{lowerprefix}", folder.to_lowercase()),
        ("{sha256-checksum}", digest.to_owned()),
    ];
    if !marks.iter().any(|(mark, _)| config.dl.contains(mark)) {
        return Some(format!("{}/{name}/{version}/download", config.dl));
    }
    let replace = |text: String, (mark, value): &(&str, String)| text.replace(mark, value);
    Some(marks.iter().fold(config.dl, replace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_spellings_come_second() {
        assert_eq!(spellings("serde"), [["serde"]]);
        assert_eq!(spellings("a-b"), [["a-b", "a_b"]]);
        assert_eq!(spellings("a-b-c"), [["a-b-c", "a_b_c"], ["a_b-c", "a-b_c"]]);
    }

    #[test]
    fn a_copy_of_cargos_counts_only_in_the_layout_that_was_seen() {
        let line = r#"{"name":"a_b","vers":"1.0.0","pubtime":"2026-01-01T00:00:00Z"}"#;
        let copy = |version: u8| {
            let mut bytes = vec![version, 2, 0, 0, 0];
            bytes.extend(b"etag: x\0");
            bytes.extend(format!("1.0.0\0{line}\0").bytes());
            bytes
        };
        let details = from_local_cache("a-b", &copy(3)).unwrap();
        assert_eq!(details.latest.as_deref(), Some("1.0.0"));
        assert_eq!(from_local_cache("a-b", &copy(4)), None);
        assert_eq!(from_local_cache("c", &copy(3)), None);
    }
}
