//! Lowers python into the neutral tree.

use crate::builder::Builder;
use crate::tree::Tree;
use crate::{Interner, Language};

/// Parses Python source.
pub(crate) fn parse(source: &str, interner: &mut Interner) -> Tree {
    let mut builder = Builder::new(Language::Python, source, interner);
    let body = builder.block(&[]);
    builder.finish(body)
}
