//! What data cannot say: functions of `predicate.rs` files in rule folders.
//!
//! The table from names to functions is generated, so a new one is added in its folder alone.

use tares_model::effect::Effect;

/// Looks at an effect among all effects of its file; says yes with a detail for the message.
pub(crate) type Predicate = fn(&Effect, &[Effect]) -> Option<String>;

include!(concat!(env!("OUT_DIR"), "/predicates.rs"));
