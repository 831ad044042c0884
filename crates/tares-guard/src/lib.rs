//! What agents read: text that people do not see, instructions that do not belong, settings
//! that grant too much.
//!
//! Pure: texts and paths in, notices out. Nothing is rendered raw, executed, fetched or opened.
//! This crate knows no policy and no output format; the judge makes findings of its notices.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod catalogue;
mod hidden;
mod notice;
mod surface;

pub use catalogue::{RulePage, rule, rules};
pub use hidden::{hidden_name, hidden_text};
pub use notice::Notice;
pub use surface::{Kind, is_test_data};
