//! The rules of this room, with their pages.

use std::sync::LazyLock;
use tares_model::RulePage;

static PAGES: LazyLock<Vec<RulePage>> = LazyLock::new(|| {
    postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/pages.postcard")))
        .expect("the build wrote these bytes from the same types")
});

/// Returns all rules, sorted by id.
pub fn rules() -> &'static [RulePage] {
    &PAGES
}

/// Returns the rule with this id.
pub fn rule(id: &str) -> Option<&'static RulePage> {
    PAGES
        .binary_search_by(|page| page.id.as_str().cmp(id))
        .ok()
        .map(|at| &PAGES[at])
}
