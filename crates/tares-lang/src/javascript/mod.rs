//! Lowers javascript into the neutral tree.

use crate::builder::Builder;
use crate::tree::Tree;
use crate::{Interner, Language};

/// Parses JavaScript, TypeScript or TSX source.
pub(crate) fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    let mut builder = Builder::new(language, source, interner);
    let body = builder.block(&[]);
    builder.finish(body)
}
