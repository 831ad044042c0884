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
    for language in ["python", "javascript"] {
        let mut files: Vec<_> = fs::read_dir(Path::new("models").join(language))
            .expect("the folder of models exists")
            .map(|entry| entry.expect("the folder is readable").path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        let libraries: Vec<schema::Library> = files.iter().map(|path| library(path)).collect();
        let bytes = postcard::to_allocvec(&libraries).expect("models serialise");
        // FNV-1a: it only has to differ when the models differ.
        digest = bytes.iter().fold(digest, |d, b| {
            (d ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        fs::write(Path::new(&out).join(format!("{language}.models")), bytes)
            .expect("OUT_DIR is writable");
    }
    println!("cargo:rustc-env=TARES_MODELS_DIGEST={digest:016x}");
}

fn library(path: &Path) -> schema::Library {
    let text = fs::read_to_string(path).expect("the model file is readable");
    let mut library: schema::Library =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    library.tests.clear();
    library
}
