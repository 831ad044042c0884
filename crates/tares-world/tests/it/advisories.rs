//! Advisory data: what is read of sources, that an update is whole or did not happen, and that
//! damage is told.

use crate::house::House;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tares_deps::Ecosystem;
use tares_deps::advisory::{Advisories as _, Day};
use tares_world::advisories::{self, Database, FILE, Limits, Store, UpdateError};
use tempfile::TempDir;

/// 10 January 2026.
const NOW: u64 = 1_768_003_200;

fn advisory(id: &str, name: &str, version: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2026-01-05T00:00:00Z","affected":[{{"package":{{"ecosystem":"npm","name":"{name}"}},"versions":["{version}"]}}]}}"#
    )
}

fn update(data: &Path, from: &Path) -> Result<(), UpdateError> {
    update_within(data, from, &Limits::default())
}

fn update_within(data: &Path, from: &Path, limits: &Limits) -> Result<(), UpdateError> {
    advisories::update(data, &[from.to_owned()], NOW, limits).map(|_| ())
}

fn open(data: &Path) -> Database {
    Database::open(data, NOW).unwrap().unwrap()
}

/// Ids of what is known of an npm package.
fn ids(data: &Path, name: &str) -> Vec<String> {
    let found = open(data).find(Ecosystem::Npm, name).unwrap();
    found.into_iter().map(|record| record.id).collect()
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn zip(&self, name: &str, members: &[(&str, &[u8])]) -> PathBuf {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (member, bytes) in members {
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Deflated);
            writer.start_file(*member, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        self.write(name, writer.finish().unwrap().into_inner())
    }

    fn tar_gz(&self, name: &str, members: &[(&str, &[u8])]) -> PathBuf {
        let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let mut builder = tar::Builder::new(packed);
        for (member, bytes) in members {
            let mut header = tar::Header::new_gnu();
            // Set by hand: the library refuses names that leave the folder.
            header.as_mut_bytes()[..member.len()].copy_from_slice(member.as_bytes());
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, *bytes).unwrap();
        }
        self.write(name, builder.into_inner().unwrap().finish().unwrap())
    }
}

#[test]
fn folders_archives_and_repositories_give_the_same() {
    let (one, two) = (
        advisory("GHSA-1", "one", "1.0.0"),
        advisory("GHSA-2", "two", "2.0.0"),
    );
    let members = [
        ("a/GHSA-1.json", one.as_bytes()),
        ("../../GHSA-2.json", two.as_bytes()),
    ];
    let place = Place::new();
    place.write("folder/a/GHSA-1.json", &one);
    place.write("folder/b/GHSA-2.json", &two);
    place.write("folder/README.md", "# Not an advisory\n");
    let house = House::new();
    house.write("advisories/GHSA-1.json", &one);
    house.write("GHSA-2.json", &two);
    house.commit("advisories");
    let nested = place.zip("nested/npm/all.zip", &members);
    let sources = [
        place.folder.path().join("folder"),
        nested.clone(),
        nested.parent().unwrap().parent().unwrap().to_owned(),
        place.tar_gz("all.tar.gz", &members),
        house.root().to_owned(),
        house.root().join(".git"),
    ];
    for source in sources {
        update(&place.data(), &source)
            .unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        assert_eq!(
            ids(&place.data(), "one"),
            ["GHSA-1"],
            "{}",
            source.display()
        );
        assert_eq!(
            ids(&place.data(), "two"),
            ["GHSA-2"],
            "{}",
            source.display()
        );
        assert_eq!(ids(&place.data(), "three"), [""; 0]);
        let (count, newest) = open(&place.data()).contents().of(Ecosystem::Npm).unwrap();
        assert_eq!(
            (count, newest),
            (2, Day::parse("2026-01-05")),
            "{}",
            source.display()
        );
    }
    let outside = place.folder.path().parent().unwrap().join("GHSA-2.json");
    assert!(!outside.exists(), "a member's name is no path");
}

#[test]
fn sources_add_up_and_equal_records_are_kept_once() {
    let place = Place::new();
    let one = place.zip(
        "one.zip",
        &[("1.json", advisory("GHSA-1", "x", "1.0.0").as_bytes())],
    );
    let two = place.zip(
        "two.zip",
        &[
            ("1.json", advisory("GHSA-1", "x", "1.0.0").as_bytes()),
            ("2.json", advisory("GHSA-2", "x", "1.0.0").as_bytes()),
        ],
    );
    advisories::update(&place.data(), &[one, two], NOW, &Limits::default()).unwrap();
    assert_eq!(ids(&place.data(), "x"), ["GHSA-1", "GHSA-2"]);
}

#[test]
fn half_a_source_is_none_and_the_old_data_stays() {
    let place = Place::new();
    let texts: Vec<(String, String)> = (0..200)
        .map(|n| {
            (
                format!("{n}.json"),
                advisory(&format!("GHSA-{n}"), &format!("p{n}"), "1.0.0"),
            )
        })
        .collect();
    let members: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let (zip, tar) = (
        place.zip("all.zip", &members),
        place.tar_gz("all.tar.gz", &members),
    );
    update(
        &place.data(),
        &place.zip(
            "old.zip",
            &[("1.json", advisory("GHSA-OLD", "old", "1.0.0").as_bytes())],
        ),
    )
    .unwrap();
    for whole in [zip, tar] {
        let bytes = std::fs::read(&whole).unwrap();
        let name = whole.file_name().unwrap().to_str().unwrap();
        for part in [0, 1, 10, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let cut = place.write(&format!("cut/{name}"), &bytes[..part]);
            let error = update(&place.data(), &cut).expect_err("a cut archive");
            assert!(
                matches!(error, UpdateError::Broken { .. }),
                "{name} {part}: {error}"
            );
            assert_eq!(ids(&place.data(), "old"), ["GHSA-OLD"], "{name} {part}");
        }
        // A byte changed in the middle of the content is told by a checksum.
        let mut changed = bytes.clone();
        changed[bytes.len() / 3] ^= 0x55;
        let changed = place.write(&format!("changed/{name}"), changed);
        if let Err(error) = update(&place.data(), &changed) {
            assert!(matches!(error, UpdateError::Broken { .. }), "{error}");
            assert_eq!(ids(&place.data(), "old"), ["GHSA-OLD"]);
        } else {
            panic!("{name}: a changed byte was not noticed");
        }
    }
}

#[test]
fn what_is_no_source_is_refused() {
    let place = Place::new();
    let empty = place.write("empty/README.md", "# Nothing\n");
    let error = update(&place.data(), empty.parent().unwrap()).unwrap_err();
    assert!(matches!(error, UpdateError::Empty(_)), "{error}");
    let error = update(&place.data(), &place.folder.path().join("missing")).unwrap_err();
    assert!(matches!(error, UpdateError::Reading { .. }), "{error}");
    let error = update(&place.data(), &place.write("x.rar", "x")).unwrap_err();
    assert!(matches!(error, UpdateError::Broken { .. }), "{error}");
    assert!(Database::open(&place.data(), NOW).unwrap().is_none());
}

#[test]
fn bombs_and_endless_archives_end_at_the_bounds() {
    let place = Place::new();
    let zeros = vec![b' '; 4 << 20];
    let bomb: [(&str, &[u8]); 1] = [("bomb.json", &zeros)];
    let many: Vec<(String, Vec<u8>)> = (0..100)
        .map(|n| (format!("{n}.json"), b"{}".to_vec()))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), &bytes[..]))
        .collect();
    let padding: [(&str, &[u8]); 1] = [("padding.bin", &zeros)];
    let small = Limits {
        documents: 50,
        bytes: 2 << 20,
        document_bytes: 1 << 20,
    };
    for (name, members) in [("bomb", &bomb[..]), ("many", &many[..])] {
        let error = update_within(
            &place.data(),
            &place.zip(&format!("{name}.zip"), members),
            &small,
        )
        .unwrap_err();
        assert!(
            matches!(error, UpdateError::TooLarge { .. }),
            "{name}: {error}"
        );
    }
    for (name, members) in [
        ("bomb", &bomb[..]),
        ("many", &many[..]),
        ("padding", &padding[..]),
    ] {
        let archive = place.tar_gz(&format!("{name}.tar.gz"), members);
        let error = update_within(&place.data(), &archive, &small).unwrap_err();
        assert!(!matches!(error, UpdateError::Empty(_)), "{name}: {error}");
    }
    assert!(Database::open(&place.data(), NOW).unwrap().is_none());
}

#[test]
fn a_document_that_cannot_be_read_is_named_and_the_rest_counts() {
    let place = Place::new();
    let members: [(&str, &[u8]); 2] = [
        (
            "good.json",
            advisory("GHSA-1", "one", "1.0.0").leak().as_bytes(),
        ),
        ("bad.json", b"{\"schema_version\":\"1.6.0\",\"id\":"),
    ];
    update(&place.data(), &place.zip("all.zip", &members)).unwrap();
    let database = open(&place.data());
    let source = &database.contents().sources[0];
    assert_eq!((source.advisories, source.broken_count), (1, 1));
    assert_eq!(source.broken[0].name, "bad.json");
}

/// A process that is killed leaves an unfinished file: it is never taken for the data, and goes
/// with a later update.
#[test]
fn unfinished_files_are_not_the_data() {
    let place = Place::new();
    let source = place.zip(
        "a.zip",
        &[("1.json", advisory("GHSA-1", "one", "1.0.0").as_bytes())],
    );
    update(&place.data(), &source).unwrap();
    let whole = std::fs::read(place.data().join(FILE)).unwrap();
    let left = place.write("data/.advisories-killed", &whole[..whole.len() / 2]);
    assert_eq!(ids(&place.data(), "one"), ["GHSA-1"]);
    let later = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        + 2 * 24 * 60 * 60;
    advisories::update(&place.data(), &[source], later, &Limits::default()).unwrap();
    assert!(!left.exists());
    assert_eq!(ids(&place.data(), "one"), ["GHSA-1"]);
}

#[test]
fn damage_anywhere_is_told_or_does_not_matter() {
    let place = Place::new();
    let texts: Vec<String> = (0..12)
        .map(|n| advisory(&format!("GHSA-{n}"), &format!("p{n}"), "1.0.0"))
        .collect();
    for (n, text) in texts.iter().enumerate() {
        place.write(&format!("source/{n}.json"), text);
    }
    update(&place.data(), &place.folder.path().join("source")).unwrap();
    let file = place.data().join(FILE);
    let whole = std::fs::read(&file).unwrap();
    let mut told = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&file, &bytes).unwrap();
        let Ok(database) = Database::open(&place.data(), NOW) else {
            told += 1;
            continue;
        };
        let database = database.unwrap();
        let mut is_told = false;
        for n in 0..12 {
            match database.find(Ecosystem::Npm, &format!("p{n}")) {
                Ok(found) => assert_eq!(found.len(), 1, "byte {at}: p{n} is not known any more"),
                Err(_) => is_told = true,
            }
        }
        told += usize::from(is_told);
    }
    assert_eq!(told, whole.len(), "every byte is covered by a checksum");
    for length in 0..whole.len() {
        std::fs::write(&file, &whole[..length]).unwrap();
        assert!(Store::open(&file).is_err(), "cut at {length}");
    }
}
