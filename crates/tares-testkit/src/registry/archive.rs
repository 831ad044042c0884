//! Archives that the real clients accept, made in memory.

use super::package::{TestPackage, TestRelease};
use sha2::Digest as _;
use std::io::{Cursor, Write as _};
use tares_model::Ecosystem;

/// Returns file name and bytes of a release's archive.
pub(super) fn of(package: &TestPackage, release: &TestRelease) -> (String, Vec<u8>) {
    let (name, version) = (&package.name, &release.version);
    let (file, bytes) = match package.ecosystem {
        Ecosystem::PyPi if !release.runs_at_install => wheel(package, release),
        Ecosystem::PyPi => {
            let stem = format!("{}-{version}", snake(name));
            let setup = format!(
                "from setuptools import setup\nsetup(name='{name}', version='{version}')\n"
            );
            let info = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
            let own = [("setup.py", setup), ("PKG-INFO", info)];
            (format!("{stem}.tar.gz"), tarball(&stem, &own, release))
        }
        Ecosystem::Npm => {
            let script = if release.runs_at_install {
                r#","scripts":{"postinstall":"node x.js"}"#
            } else {
                ""
            };
            let manifest =
                format!(r#"{{"name":"{name}","version":"{version}","license":"MIT"{script}}}"#);
            let own = [("package.json", manifest)];
            let plain = name.rsplit('/').next().unwrap_or(name);
            (
                format!("{plain}-{version}.tgz"),
                tarball("package", &own, release),
            )
        }
        Ecosystem::Cargo => {
            let stem = format!("{name}-{version}");
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n"
            );
            let own = [("Cargo.toml", manifest), ("src/lib.rs", String::new())];
            (format!("{stem}.crate"), tarball(&stem, &own, release))
        }
        other => panic!("no archives for {other}"),
    };
    (file, release.raw.clone().unwrap_or(bytes))
}

fn wheel(package: &TestPackage, release: &TestRelease) -> (String, Vec<u8>) {
    let (name, version) = (snake(&package.name), &release.version);
    let info = format!("{name}-{version}.dist-info");
    let mut files: Vec<(String, Vec<u8>)> = release.files.clone();
    if files.is_empty() {
        files.push((format!("{name}/__init__.py"), Vec::new()));
    }
    let metadata = format!(
        "Metadata-Version: 2.1\nName: {}\nVersion: {version}\n",
        package.name
    );
    let wheel = "Wheel-Version: 1.0\nGenerator: tares\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    files.push((format!("{info}/METADATA"), metadata.into()));
    files.push((format!("{info}/WHEEL"), wheel.into()));
    let record: String = files
        .iter()
        .map(|(path, _)| format!("{path},,\n"))
        .collect();
    files.push((
        format!("{info}/RECORD"),
        format!("{record}{info}/RECORD,,\n").into(),
    ));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (path, content) in files {
        zip.start_file(path, options)
            .expect("the name of a file in a zip");
        zip.write_all(&content).expect("memory takes everything");
    }
    let bytes = zip.finish().expect("memory takes everything").into_inner();
    (format!("{name}-{version}-py3-none-any.whl"), bytes)
}

fn tarball(folder: &str, own: &[(&str, String)], release: &TestRelease) -> Vec<u8> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(encoder);
    let given = release
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let own = own.iter().map(|(path, text)| (*path, text.as_bytes()));
    for (path, bytes) in own.chain(given) {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let path = format!("{folder}/{path}");
        // Set as bytes: a hostile path has to get through.
        header.as_gnu_mut().expect("a GNU header").name[..path.len()]
            .copy_from_slice(path.as_bytes());
        header.set_cksum();
        tar.append(&header, bytes).expect("memory takes everything");
    }
    let encoder = tar.into_inner().expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

/// Returns a name as file names of Python have it.
fn snake(name: &str) -> String {
    name.to_lowercase().replace(['-', '.'], "_")
}

/// Returns the SHA-256 of an archive as the index tells it.
pub(super) fn sha256(release: &TestRelease, bytes: &[u8]) -> String {
    if release.wrong_digest {
        return "0".repeat(64);
    }
    sha256_of(bytes)
}

/// Returns the SHA-256 of bytes in hexadecimal digits.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the integrity of an archive as npm tells it.
pub(super) fn integrity(release: &TestRelease, bytes: &[u8]) -> String {
    use base64::Engine as _;
    let bytes = if release.wrong_digest {
        b"another"
    } else {
        bytes
    };
    let digest = sha2::Sha512::digest(bytes);
    let coded = base64::engine::general_purpose::STANDARD.encode(digest);
    format!("sha512-{coded}")
}
