//! Source text to one neutral tree, per language.
//!
//! [`parse`] never fails: half a file, a fenced snippet or a text that is still arriving
//! gives a tree, with the places it could not understand listed in [`tree::Tree::errors`].
//! This crate knows no rule, no API and no file system. One folder per language; adding a
//! language touches that folder and one line of [`Language`].
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod builder;
pub mod carrier;
mod go;
pub mod intern;
mod java;
mod javascript;
pub mod language;
pub mod large;
pub mod parse;
mod python;
pub mod sexpr;
pub mod shell;
pub mod tree;

pub use carrier::Carrier;
pub use intern::{Interner, Sym};
pub use language::{Family, Language};
pub use parse::{MAX_SOURCE, parse};
pub use sexpr::sexpr;
pub use tree::Tree;
