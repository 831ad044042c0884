//! Any text is a file of API models that can be indexed, or is refused with words.
#![no_main]

use tares_effects::models::Models;
use tares_effects::models::schema::Library;

libfuzzer_sys::fuzz_target!(|text: &str| match toml::from_str::<Library>(text) {
    Ok(library) => drop(Models::index(vec![library])),
    Err(error) => assert!(!error.message().is_empty(), "an error says something"),
});
