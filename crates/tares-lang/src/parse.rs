//! The one way from text to tree.

use crate::tree::Tree;
use crate::{Interner, Language};

/// Largest text that is parsed, in bytes. Larger files are unchecked.
pub const MAX_SOURCE: usize = 4 << 20;

/// Parses `source`. Never fails; see [`Tree::errors`].
///
/// The caller refuses texts above [`MAX_SOURCE`].
pub fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    match language {
        Language::Python => crate::python::parse(source, interner),
        Language::JavaScript | Language::TypeScript | Language::Tsx => crate::javascript::parse(language, source, interner),
    }
}
