//! Prints the neutral tree of a file, and what was not understood of it.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads files and prints"
)]

use tares_lang::{Interner, Language, parse, sexpr};

fn main() {
    for file in std::env::args().skip(1) {
        let source = std::fs::read_to_string(&file).expect("a readable file");
        let language = Language::detect(&file, "").expect("a known language");
        let mut interner = Interner::default();
        let tree = parse(language, &source, &mut interner);
        println!("{}", sexpr(&tree, &interner));
        for error in &tree.errors {
            println!(
                "{:?} at {}: {}",
                error.reason,
                error.span.start,
                error.span.text(&source)
            );
        }
    }
}
