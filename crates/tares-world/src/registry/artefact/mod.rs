//! Archives: fetched within bounds, held against the digest of the index, unpacked in memory.
//!
//! Nothing in them is run or written to disk.

mod unpack;

use super::Registries;
use super::address::Address;
use super::client::{self, Archive, Reply};
use super::http::{Answer, Ask};
use super::places::{Place, Protocol};
use sha2::Digest as _;
use std::time::Instant;
use tares_model::fact::{Artefact, Ignorance, PackageName};

pub(super) use unpack::zip_entry;

/// The largest archive, in bytes. The largest wheels of native code are left out.
const LARGEST: usize = 64 * 1024 * 1024;
/// The largest file in which an index says of itself where its archives are.
const CONFIGURATION: usize = 64 * 1024;

/// Fetches the archive of a version.
pub(super) fn fetch(
    registries: &Registries,
    name: &PackageName,
    version: &str,
) -> Result<Artefact, Ignorance> {
    if registries.settings.offline {
        return Err(Ignorance::Offline);
    }
    if !name.ecosystem.is_name(&name.name) {
        return Err(Ignorance::Malformed("no name of a package".to_owned()));
    }
    let end = Instant::now() + registries.settings.patience.total;
    let mut why = Ignorance::NoPlace;
    for place in registries.places.of(&registries.ground(), name)? {
        match from_place(registries, &place, &name.name, version, end) {
            Ok(artefact) => return Ok(artefact),
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn from_place(
    registries: &Registries,
    place: &Place,
    name: &str,
    version: &str,
    end: Instant,
) -> Result<Artefact, Ignorance> {
    let (page, archives) = index(registries, place, name, end)?;
    let archive = choose(&archives, version).ok_or_else(|| {
        Ignorance::Malformed("the place names no archive of this version".to_owned())
    })?;
    let address = match place.protocol {
        Protocol::SparseIndex => crate_address(registries, place, archive, end)?,
        _ => page.join(&archive.link),
    };
    let address =
        address.ok_or_else(|| Ignorance::Malformed("no address of the archive".to_owned()))?;
    if !place.base.may_lead_to(&address) {
        let why = "the archive lies where it must not lead".to_owned();
        return Err(Ignorance::Malformed(why));
    }
    let answer = ask(registries, place, address, LARGEST, end)?;
    if answer.status != 200 {
        return Err(Ignorance::Failed(format!("status {}", answer.status)));
    }
    check(&answer.body, &archive.digests)?;
    let (files, is_partial) = unpack::unpack(&archive.file, &answer.body)
        .map_err(|why| Ignorance::Malformed(format!("archive: {why}")))?;
    Ok(Artefact {
        file: archive.file.clone(),
        digest: format!("sha256:{}", hex(&sha2::Sha256::digest(&answer.body))),
        files,
        is_partial,
    })
}

/// Asks the place for what it has of a name.
fn index(
    registries: &Registries,
    place: &Place,
    name: &str,
    end: Instant,
) -> Result<(Address, Vec<Archive>), Ignorance> {
    let mut last = Ignorance::Malformed("the place does not have the name".to_owned());
    for address in client::addresses(place, name).into_iter().flatten() {
        let request = Ask {
            address: address.clone(),
            accept: client::accept(place.protocol),
            credential: place.credential.clone(),
            etag: None,
            limit: client::LARGEST,
            may_pack: true,
        };
        let answer = registries.ask(place, &request, end)?;
        match client::reply(place.protocol, name, &answer) {
            Reply::Found(details) => {
                return Ok((answer.from.unwrap_or(address), details.files));
            }
            Reply::Odd(why) => last = why,
            Reply::Absent | Reply::Same => {}
        }
    }
    Err(last)
}

/// Asks for an archive or for what leads to one. What proves who asks goes along only to the
/// place's own server.
fn ask(
    registries: &Registries,
    place: &Place,
    address: Address,
    limit: usize,
    end: Instant,
) -> Result<Answer, Ignorance> {
    let is_ours = address.is_same_server(&place.base);
    let request = Ask {
        credential: place.credential.clone().filter(|_| is_ours),
        address,
        accept: "*/*",
        etag: None,
        limit,
        may_pack: false,
    };
    registries.ask(place, &request, end)
}

fn crate_address(
    registries: &Registries,
    place: &Place,
    archive: &Archive,
    end: Instant,
) -> Result<Option<Address>, Ignorance> {
    let config = place.base.below("config.json");
    let answer = ask(registries, place, config, CONFIGURATION, end)?;
    let digest = archive
        .digests
        .first()
        .and_then(|digest| digest.strip_prefix("sha256:"));
    let address = client::download(
        &answer.body,
        &archive.link,
        &archive.version,
        digest.unwrap_or_default(),
    );
    Ok(address.and_then(|address| Address::parse(&address)))
}

/// Takes the archive that is read most easily: a wheel for any machine, any wheel, a source
/// archive.
fn choose<'a>(archives: &'a [Archive], version: &str) -> Option<&'a Archive> {
    let rank = |archive: &&Archive| {
        if archive.file.ends_with("-none-any.whl") {
            0
        } else if archive.file.ends_with(".whl") {
            1
        } else {
            2
        }
    };
    let of_version = archives.iter().filter(|archive| archive.version == version);
    of_version.min_by_key(rank)
}

/// Holds an archive against what the index says of it. Digests that can be forged do not count.
fn check(bytes: &[u8], digests: &[String]) -> Result<(), Ignorance> {
    let mut is_checked = false;
    for digest in digests {
        let Some((algorithm, wanted)) = digest.split_once(':') else {
            continue;
        };
        let found = match algorithm {
            "sha256" => hex(&sha2::Sha256::digest(bytes)),
            "sha384" => hex(&sha2::Sha384::digest(bytes)),
            "sha512" => hex(&sha2::Sha512::digest(bytes)),
            _ => continue,
        };
        if !found.eq_ignore_ascii_case(wanted) {
            let why = format!("the archive is not the one of the index ({algorithm} differs)");
            return Err(Ignorance::Malformed(why));
        }
        is_checked = true;
    }
    if is_checked {
        return Ok(());
    }
    Err(Ignorance::Malformed(
        "the index gives no digest to hold the archive against".to_owned(),
    ))
}

/// Writes bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a text takes everything");
        out
    })
}
