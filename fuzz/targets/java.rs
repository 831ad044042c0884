//! Any text is judged as Java to an end.
#![no_main]

mod analyse;

use tares_lang::Language;

libfuzzer_sys::fuzz_target!(|source: &str| analyse::check(&[Language::Java], source));
