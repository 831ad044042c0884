//! Effects in, findings out: the rules, and whether an effect was asked for.
//!
//! A rule is a folder `rules/<family>/<id>` with its data and its page; `specs/rules.md`
//! describes both. The build reads the folders, refuses what is not well formed and stores
//! them in the crate. This crate knows no file system, no language and no library: what an
//! API does is the API models' business, and all that arrives here is [`Effect`]s.
//!
//! [`Effect`]: tares_model::Effect
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod asked;
mod draft;
mod judge;
mod matching;
mod message;
mod predicates;
mod rules;
pub mod schema;
mod secret_text;

pub use asked::{Around, AskedFor, asked_of_control};
pub use draft::{Draft, Evidence};
pub use rules::Rules;
pub use schema::Rule;
