//! Any text lowers as Python to a tree whose places lie inside it.
#![no_main]

mod lower;

use tares_lang::Language;

libfuzzer_sys::fuzz_target!(|source: &str| lower::check(&[Language::Python], source));
