//! What each kind of place is asked, and what its answers mean.
//!
//! Pure: an answer in, a reply out. An answer counts only if it names the package that was asked
//! for; anything else is no evidence of existence.

mod cargo;
mod go;
mod maven;
mod npm;
mod page;
mod pypi;

use super::address::Address;
use super::http::Answer;
use super::places::{Place, Protocol};
use serde::{Deserialize, Serialize};
use tares_model::fact::{Ignorance, Release, Timestamp};

pub(super) use cargo::{download, from_local_cache, has_all_spellings, paths as cargo_paths};

/// The largest answer about one name, unpacked, in bytes. The largest packuments of well-known
/// packages have some 20 MB.
pub(super) const LARGEST: usize = 32 * 1024 * 1024;
/// The most releases that are kept of one name.
const RELEASES: usize = 20_000;

/// What a place says of a name that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Details {
    /// Releases in the order of the place.
    pub(super) releases: Vec<Release>,
    /// What it hands out by itself.
    pub(super) latest: Option<String>,
    /// Address of the source.
    pub(super) repository: Option<String>,
    /// What speaks against the dates, before they are looked at.
    pub(super) against_dates: Option<String>,
    /// Archives; not kept.
    #[serde(skip)]
    pub(super) files: Vec<Archive>,
}

/// An archive of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Archive {
    /// Version.
    pub(super) version: String,
    /// File name.
    pub(super) file: String,
    /// Link, relative to the answer's address.
    pub(super) link: String,
    /// Digests as `algorithm:hex`.
    pub(super) digests: Vec<String>,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// The place has the name.
    Found(Box<Details>),
    /// The place says that it does not have it.
    Absent,
    /// What was kept of an earlier answer still holds.
    Same,
    /// Nothing can be told from it.
    Odd(Ignorance),
}

/// Returns where a name is asked for: the likeliest spelling first, in each later round those
/// that are asked only when all before are absent.
pub(super) fn addresses(place: &Place, name: &str) -> Vec<Vec<Address>> {
    let at = |path: String| vec![place.base.below(&path)];
    match place.protocol {
        Protocol::SimpleIndex => vec![at(format!("{name}/"))],
        Protocol::Packument => vec![at(name.replacen('/', "%2F", 1))],
        Protocol::SparseIndex => cargo::spellings(name)
            .into_iter()
            .map(|round| {
                round
                    .iter()
                    .map(|name| place.base.below(&cargo::path(name)))
                    .collect()
            })
            .collect(),
        Protocol::ModuleProxy => vec![at(format!("{}/@v/list", go::escape(name)))],
        Protocol::MavenMetadata => vec![at(maven::path(name))],
    }
}

/// Returns the forms of an answer that are understood.
pub(super) fn accept(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::SimpleIndex => {
            "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
        }
        Protocol::Packument => "application/json",
        _ => "*/*",
    }
}

/// The form of a packument without dates, for one that is too large.
pub(super) const SHORT_PACKUMENT: &str = "application/vnd.npm.install-v1+json";

/// Returns what an answer about a name means.
pub(super) fn reply(protocol: Protocol, name: &str, answer: &Answer) -> Reply {
    let is_absent = match protocol {
        Protocol::SparseIndex => matches!(answer.status, 404 | 410 | 451),
        Protocol::ModuleProxy => matches!(answer.status, 404 | 410),
        _ => answer.status == 404,
    };
    match answer.status {
        _ if is_absent => return Reply::Absent,
        304 => return Reply::Same,
        200 => {}
        401 | 403 => {
            let why = "the place wants to know who asks".to_owned();
            return Reply::Odd(Ignorance::Failed(why));
        }
        status => return Reply::Odd(Ignorance::Failed(format!("status {status}"))),
    }
    let read = match protocol {
        Protocol::SimpleIndex => pypi::read(name, answer),
        Protocol::Packument => npm::read(name, answer),
        Protocol::SparseIndex => cargo::read(name, answer),
        Protocol::ModuleProxy => go::read(answer),
        Protocol::MavenMetadata => maven::read(name, answer),
    };
    match read {
        Ok(details) if details.releases.len() > RELEASES => {
            odd(format!("more than {RELEASES} releases"))
        }
        Ok(details) => Reply::Found(Box::new(details)),
        Err(why) => odd(why),
    }
}

fn odd(why: String) -> Reply {
    Reply::Odd(Ignorance::Malformed(why))
}

/// Says what of an answer's form is not as promised.
fn not_this(answer: &Answer, promised: &str) -> String {
    let media = if answer.media.is_empty() {
        "no media type"
    } else {
        &answer.media
    };
    format!("{media} instead of {promised}")
}

/// Reads a date; one that cannot be read speaks against all of them.
fn date(text: &str, against: &mut Option<String>) -> Option<Timestamp> {
    let time = super::dates::parse(text);
    if time.is_none() {
        against.get_or_insert_with(|| "a date cannot be read".to_owned());
    }
    time
}

/// Returns whether a text can be a version at all.
fn is_version(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && text.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [(Protocol, &str); 5] = [
        (Protocol::SimpleIndex, "a-b"),
        (Protocol::Packument, "a-b"),
        (Protocol::SparseIndex, "a-b"),
        (Protocol::ModuleProxy, "git.example/a"),
        (Protocol::MavenMetadata, "a:b"),
    ];

    fn answer(media: &str, body: Vec<u8>) -> Answer {
        Answer {
            status: 200,
            media: media.to_owned(),
            body,
            ..Answer::default()
        }
    }

    /// Bytes, and texts made of what the formats are made of.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"name\"",
            "\"a-b\"",
            "\"versions\"",
            "\"files\"",
            "\"time\"",
            "\"1.0\"",
            "\"vers\"",
            "null",
            "1e999",
            "\n",
            "<a href=",
            "\"",
            ">",
            "<title>",
            "</a>",
            "a_b-1.0.tar.gz",
            "#sha256=",
            "<metadata>",
            "<groupId>",
            "a",
            "</metadata>",
            "<version>",
            "v1.0.0",
            "\u{fffd}",
            "\0",
        ]);
        let texts = prop::collection::vec(pieces, 0..40).prop_map(|all| all.concat().into_bytes());
        prop_oneof![texts, prop::collection::vec(any::<u8>(), 0..200)]
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused(body in body(), media in 0..4_usize) {
            let media = ["text/html", "application/json", "application/vnd.pypi.simple.v1+json", ""][media];
            for (protocol, name) in ALL {
                reply(protocol, name, &answer(media, body.clone()));
            }
            from_local_cache("a-b", &body);
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let body = "[".repeat(1_000_000).into_bytes();
        for (protocol, name) in &ALL[..3] {
            let answer = answer("application/vnd.pypi.simple.v1+json", body.clone());
            assert!(matches!(reply(*protocol, name, &answer), Reply::Odd(_)));
        }
    }
}
