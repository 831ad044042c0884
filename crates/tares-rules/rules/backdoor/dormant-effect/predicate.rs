//! Tells a trigger from the name of an action.

use crate::secret_text::key_in_guard;
use tares_model::effect::{Effect, GuardClass};

/// A guard on the clock, the machine, a count or chance; or user input that is compared with what
/// could be a key. `if action == "restart"` is what every handler does.
pub(super) fn is_trigger(effect: &Effect, _: &[Effect]) -> Option<String> {
    let by_itself = effect.guard.iter().any(|guard| {
        use GuardClass::{Clock, Count, Identity, Random};
        matches!(guard.class, Clock | Count | Identity | Random)
    });
    (by_itself || key_in_guard(effect).is_some()).then(String::new)
}
