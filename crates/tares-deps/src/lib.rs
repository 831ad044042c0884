//! Dependencies: which packages a text names, and what is wrong with how it names them.
//!
//! Pure: texts in, references and notices out. Nothing is asked of a registry here, and nothing
//! is installed, run or fetched.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod catalogue;
mod ecosystem;
pub mod formats;
mod judge;
mod notice;
mod reference;

pub use catalogue::{rule, rules};
pub use ecosystem::Ecosystem;
pub use judge::{judge, judge_commands};
pub use reference::{Origin, Place, Reference};
