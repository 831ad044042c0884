//! The one way from text to tree.

use crate::tree::Tree;
use crate::{Interner, Language};
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tree_sitter::{ParseOptions, ParseState, Parser};

/// Largest text that is parsed, in bytes. Larger files are unchecked.
pub const MAX_SOURCE: usize = 4 << 20;

/// Parser steps that every text gets, however short.
const BASE_STEPS: usize = 20_000;

/// Parser steps per byte of text. Ordinary code needs about one, hopeless garbage ten.
const STEPS_PER_BYTE: usize = 40;

/// Parser steps that may be taken while the parser is looking for its way out of an error. Such
/// a step costs a hundred times an ordinary one.
const BROKEN_STEPS: usize = 1_000_000;

/// Steps between two calls of the parser's progress callback; fixed inside tree-sitter.
const STEPS_PER_CALLBACK: usize = 100;

/// Text is handed to the parser in pieces of this many bytes, so that looking far ahead again
/// and again is seen: it is no step, and can cost the square of the length.
const PIECE: usize = 4 << 10;

/// How many times each piece may be asked for. Ordinary code needs two or three.
const READS_PER_PIECE: usize = 100;

/// Longest time that one text may take. Some texts cost the square of their length in steps that
/// are each few and dear (`case x:` a thousand times), which no count shows. Ordinary text stays
/// a thousand times below this, so it decides only whether hopeless text ends.
const LONGEST: Duration = Duration::from_secs(20);

/// Parses `source`. Never fails; see [`Tree::errors`].
///
/// The caller refuses texts above [`MAX_SOURCE`].
pub fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    match language {
        Language::Python => crate::python::parse(source, interner),
        Language::Java => crate::java::parse(source, interner),
        Language::Go => crate::go::parse(source, interner),
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            crate::javascript::parse(language, source, interner)
        }
        Language::Carrier(carrier) => crate::carrier::parse(carrier, source, interner),
        Language::Shell => crate::shell::parse(language, source, interner),
    }
}

thread_local! {
    /// A parser keeps its buffers, which small files would otherwise allocate anew.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Parses `source` by `grammar`; `None` when the step budget ran out. Counted in steps and
/// not in time, so that the same text gives the same answer on every machine.
pub(crate) fn syntax(grammar: &tree_sitter::Language, source: &str) -> Option<tree_sitter::Tree> {
    let bytes = source.as_bytes();
    let reads = Cell::new((bytes.len() / PIECE + 1) * READS_PER_PIECE);
    let mut read = |offset: usize, _| match reads.get().checked_sub(1) {
        Some(rest) => {
            reads.set(rest);
            bytes
                .get(offset..bytes.len().min(offset + PIECE))
                .unwrap_or_default()
        }
        // The text ends here for the parser, and the next callback ends the parse.
        None => &[],
    };
    let mut steps = (BASE_STEPS + bytes.len() * STEPS_PER_BYTE) / STEPS_PER_CALLBACK;
    let mut broken = BROKEN_STEPS / STEPS_PER_CALLBACK;
    #[expect(
        clippy::disallowed_methods,
        reason = "the last bound on hopeless text, see LONGEST"
    )]
    let begin = Instant::now();
    let mut progress = |state: &ParseState| {
        steps = steps.saturating_sub(1);
        broken = broken.saturating_sub(usize::from(state.has_error()));
        if steps == 0 || broken == 0 || reads.get() == 0 || begin.elapsed() > LONGEST {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    PARSER.with_borrow_mut(|parser| {
        parser
            .set_language(grammar)
            .expect("the grammars are built for this version of tree-sitter");
        let tree = parser.parse_with_options(&mut read, None, Some(options));
        if tree.is_none() {
            // A cancelled parse would otherwise go on where it stopped, with the next text.
            parser.reset();
        }
        tree.filter(|_| reads.get() > 0)
    })
}
