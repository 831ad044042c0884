//! Any text as settings of an agent, as a list of servers, and as a lock of tools.
#![no_main]

use tares_model::RepoPath;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for name in [".mcp.json", ".claude/settings.json", ".codex/config.toml"] {
        let path = RepoPath::from(name);
        let found = tares_guard::settings(&path, Some(""), text);
        for notice in found.iter().chain(&tares_guard::settings(&path, Some(text), text)) {
            assert!(notice.span.end as usize <= text.len(), "a span lies in the text");
        }
        for server in tares_guard::servers(&path, text).unwrap_or_default() {
            assert!(!server.name.is_empty() || !server.holder.is_empty());
            let _words = server.without_secrets();
            let _dangers = server.dangers();
        }
    }
    if let Ok(lock) = tares_tools::Lock::read(text) {
        let written = lock.write();
        let again = tares_tools::Lock::read(&written).expect("what was written is read");
        assert_eq!(lock, again, "a lock survives being written");
    }
});
