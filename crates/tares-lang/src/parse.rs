//! The one way from text to tree.

use crate::tree::Tree;
use crate::{Interner, Language};
use std::cell::RefCell;
use std::ops::ControlFlow;
use tree_sitter::{ParseOptions, ParseState, Parser};

/// Largest text that is parsed, in bytes. Larger files are unchecked.
pub const MAX_SOURCE: usize = 4 << 20;

/// Parser steps that every text gets, however short.
const BASE_STEPS: usize = 20_000;

/// Parser steps per byte of text. Ordinary code needs about one, hopeless garbage ten.
const STEPS_PER_BYTE: usize = 40;

/// Steps between two calls of the parser's progress callback; fixed inside tree-sitter.
const STEPS_PER_CALLBACK: usize = 100;

/// Parses `source`. Never fails; see [`Tree::errors`].
///
/// The caller refuses texts above [`MAX_SOURCE`].
pub fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    match language {
        Language::Python => crate::python::parse(source, interner),
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            crate::javascript::parse(language, source, interner)
        }
    }
}

thread_local! {
    /// A parser keeps its buffers, which small files would otherwise allocate anew.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Parses `source` by `grammar`; `None` when the step budget ran out. Counted in steps and
/// not in time, so that the same text gives the same answer on every machine.
pub(crate) fn syntax(grammar: &tree_sitter::Language, source: &str) -> Option<tree_sitter::Tree> {
    let mut left = (BASE_STEPS + source.len() * STEPS_PER_BYTE) / STEPS_PER_CALLBACK;
    let mut progress = |_: &ParseState| match left.checked_sub(1) {
        Some(rest) => {
            left = rest;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = source.as_bytes();
    let mut read = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
    PARSER.with_borrow_mut(|parser| {
        parser
            .set_language(grammar)
            .expect("the grammars are built for this version of tree-sitter");
        let tree = parser.parse_with_options(&mut read, None, Some(options));
        if tree.is_none() {
            // A cancelled parse would otherwise go on where it stopped, with the next text.
            parser.reset();
        }
        tree
    })
}
