//! Dependencies: which packages a text names, and what is wrong with how it names them.
//!
//! Pure: texts in, references and notices out. Nothing is asked of a registry here, and nothing
//! is installed, run or fetched.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod advisory;
mod catalogue;
pub mod formats;
pub mod imports;
mod judge;
mod licence;
mod notice;
pub mod package;
mod reference;
pub mod version;

pub use catalogue::{rule, rules};
pub use judge::{Looked, judge_lock_root, look, look_at_page, look_for_commands};
pub use licence::{Licence, judge_licences, licence};
pub use reference::{Origin, Place, Reference};
pub use tares_model::Ecosystem;
