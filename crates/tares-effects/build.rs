//! Compiles `models/<language>/*.toml` to bytes, so that start-up parses no text.
#![expect(clippy::disallowed_methods, reason = "a build script reads its inputs")]

#[path = "src/models/schema.rs"]
#[expect(
    unreachable_pub,
    reason = "shared with the crate, which uses all of it"
)]
mod schema;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=models");
    println!("cargo:rerun-if-changed=src/models/schema.rs");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    // In the order of `tares_lang::Family`.
    for language in ["python", "javascript", "shell", "java", "go"] {
        let mut files: Vec<_> = fs::read_dir(Path::new("models").join(language))
            .expect("the folder of models exists")
            .map(|entry| entry.expect("the folder is readable").path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        let libraries: Vec<schema::Library> = files.iter().map(|path| library(path)).collect();
        let bytes = postcard::to_allocvec(&libraries).expect("models serialise");
        digest = fnv(digest, &bytes);
        fs::write(Path::new(&out).join(format!("{language}.models")), bytes)
            .expect("OUT_DIR is writable");
    }
    // A changed engine gives other effects too, whatever the version says.
    for folder in ["src", "../tares-lang/src"] {
        println!("cargo:rerun-if-changed={folder}");
        digest = sources(Path::new(folder), digest);
    }
    println!("cargo:rustc-env=TARES_ENGINE_DIGEST={digest:016x}");
}

/// Adds every source file below a folder to the digest, in the order of their names.
fn sources(folder: &Path, mut digest: u64) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return digest;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        digest = if path.is_dir() {
            sources(&path, digest)
        } else {
            fnv(digest, &fs::read(&path).expect("a source file is readable"))
        };
    }
    digest
}

/// FNV-1a: it only has to differ when the input differs.
fn fnv(digest: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(digest, |d, b| {
        (d ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn library(path: &Path) -> schema::Library {
    let text = fs::read_to_string(path).expect("the model file is readable");
    let mut library: schema::Library =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    library.tests.clear();
    library
}
