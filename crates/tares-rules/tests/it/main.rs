//! Tests of the rules: conditions on hand-made effects, the lexicon, and every page.
#![expect(clippy::unwrap_used, reason = "test helpers fail loudly")]

mod asked;
mod conditions;
mod make;
mod metamorphic;
mod never_panics;
mod pages;
mod twins;
