//! Hidden text in any text: spans stay in it, and nothing that acts on a terminal is said.
#![no_main]

use tares_model::RepoPath;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for name in ["a.py", "CLAUDE.md", "notes.txt", "data.json"] {
        let path = RepoPath::from(name);
        for notice in tares_guard::hidden_text(&path, text) {
            let span = notice.span;
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "a span lies on borders of letters"
            );
            assert!(
                !notice.message.chars().any(char::is_control),
                "what is foreign is shown escaped"
            );
        }
    }
    assert!(tares_guard::inspect_branch(text).len() < 1000);
});
