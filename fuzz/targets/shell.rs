//! Any text is judged as a shell script to an end.
#![no_main]

mod analyse;

use tares_lang::Language;

libfuzzer_sys::fuzz_target!(|source: &str| analyse::check(&[Language::Shell], source));
