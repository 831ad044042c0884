//! Configuration, suppressions, baselines and the verdict.
//!
//! Text goes in, a [`Policy`] comes out; findings and a policy go in, an [`Outcome`] comes
//! out. This crate knows no renderer, no file system and no language. The order in which a
//! caller uses it: [`Policy::set_levels`], [`suppress::apply`], [`Baseline::apply`],
//! [`verdict::decide`].
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod allow;
pub mod baseline;
pub mod config;
pub mod gate;
pub mod levels;
pub mod pattern;
pub mod suppress;
pub mod verdict;

pub use allow::Allow;
pub use baseline::Baseline;
pub use config::{ConfigError, Policy, PolicyChange, TEMPLATE};
pub use levels::Setting;
pub use suppress::Suppression;
pub use verdict::{Judged, Outcome};
