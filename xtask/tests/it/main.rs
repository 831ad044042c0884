//! The tidy tests: what every part of the tree has to keep, checked by plain `cargo test`.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the tree has failed"
)]

mod eval;
mod generated;
mod hosts;
mod layers;
mod modules;
mod papers;
mod rules;
mod source;
mod stdlib;
mod tree;
