//! What every tree keeps, whatever the text: it ends, it is the same twice, its places exist.

use tares_lang::{Interner, Language, MAX_SOURCE, Tree, parse, sexpr};

/// Lowers `source` by each language and checks the trees.
pub fn check(languages: &[Language], source: &str) {
    if source.len() > MAX_SOURCE {
        return;
    }
    for language in languages {
        let (one, two) = (shown(*language, source), shown(*language, source));
        assert_eq!(one, two, "the same text gives the same tree");
    }
}

fn shown(language: Language, source: &str) -> String {
    let mut interner = Interner::default();
    let tree = parse(language, source, &mut interner);
    places(&tree, source);
    sexpr(&tree, &interner)
}

fn places(tree: &Tree, source: &str) {
    for error in &tree.errors {
        let (start, end) = (error.span.start as usize, error.span.end as usize);
        assert!(
            source.get(start..end).is_some(),
            "an error lies inside the text"
        );
    }
}
