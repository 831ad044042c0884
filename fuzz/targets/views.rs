//! What a person sees and what an agent reads of any document; cleaning it twice changes nothing.
#![no_main]

use tares_guard::Agent;
use tares_model::RepoPath;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for name in ["AGENTS.md", "page.html", "mail.eml", "rules.mdc"] {
        let path = RepoPath::from(name);
        for hidden in tares_guard::views(&path, text).hidden {
            let span = hidden.span;
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "a span lies on borders of letters"
            );
        }
        for notice in tares_guard::inspect(&path, None, text) {
            assert!(notice.span.end as usize <= text.len(), "a span lies in the text");
        }
        for (agent, _) in Agent::ALL {
            let rows = tares_guard::sides(&path, text, agent);
            assert!(!rows.is_empty() || text.is_empty(), "every line is laid out");
        }
        let clean = tares_guard::clean(&path, text);
        assert!(clean.len() <= text.len(), "cleaning takes away");
    }
    tares_guard::prompts(&RepoPath::from("out/main.js"), text);
});
