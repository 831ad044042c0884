//! Settings files: what is read, what counts as new, and what bad input gets.

use proptest::prelude::*;
use tares_guard::{is_agent_settings, settings};
use tares_model::{Level, Notice, RepoPath};

fn look(path: &str, base: Option<&str>, text: &str) -> Vec<Notice> {
    settings(&RepoPath::from(path), base, text)
}

#[test]
fn what_stood_there_before_is_silent() {
    let text = "{\"permissions\": {\"defaultMode\": \"bypassPermissions\"}}";
    assert!(look(".claude/settings.json", Some(text), text).is_empty());
    let scanned = look(".claude/settings.json", None, text);
    assert!(
        scanned.iter().all(|n| n.level == Level::Review) && !scanned.is_empty(),
        "{scanned:?}"
    );
}

#[test]
fn moved_items_of_a_list_are_not_new() {
    let base = "{\"permissions\": {\"allow\": [\"Bash(*)\", \"Read(src)\"]}}";
    let head = "{\"permissions\": {\"allow\": [\"Read(src)\", \"Bash(*)\"]}}";
    assert!(look(".claude/settings.json", Some(base), head).is_empty());
}

#[test]
fn files_that_are_no_agent_settings_are_left_alone() {
    for path in [
        "config/settings.json",
        "src/config.toml",
        "package.json",
        "tsconfig.json",
    ] {
        let found = look(
            path,
            Some(""),
            "{\"mcpServers\": {\"a\": {\"command\": \"sh\", \"args\": [\"-c\", \"id\"]}}}",
        );
        assert!(found.is_empty(), "{path}: {found:?}");
    }
    assert!(is_agent_settings(&RepoPath::from("sub/.cursor/mcp.json")));
    assert!(is_agent_settings(&RepoPath::from(".codex/config.toml")));
}

#[test]
fn toml_is_read_with_its_places() {
    let text = "model = \"x\"\nsandbox_mode = \"danger-full-access\"\n";
    let found = look(".codex/config.toml", Some("model = \"x\"\n"), text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0].span.text(text),
        "sandbox_mode = \"danger-full-access\""
    );
}

#[test]
fn secrets_in_a_server_are_told_and_not_printed() {
    let text = "{\"mcpServers\": {\"a\": {\"command\": \"node\", \"args\": [\"a.js\"], \"env\": {\"API_TOKEN\": \"k3y9f8e7d6c5b4a39281\"}}}}";
    let found = look(".mcp.json", None, text);
    assert!(
        found
            .iter()
            .any(|n| n.rule == "mcp-server-unsafe" && n.message.contains("API_TOKEN")),
        "{found:?}"
    );
    assert!(
        found.iter().all(|n| !n.message.contains("k3y9f8")),
        "{found:?}"
    );
}

#[test]
fn nesting_without_end_is_refused() {
    let text = "[".repeat(100_000);
    let found = look(".mcp.json", Some(""), &text);
    assert!(
        found.iter().any(|n| n.rule == "agent-settings-unreadable"),
        "{found:?}"
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_fault(text in "\\PC{0,300}", json in "[\\[\\]{}:,\"a-z0-9 \\\\/*]{0,200}") {
        for path in [".mcp.json", ".codex/config.toml", ".claude/settings.json"] {
            for text in [&text, &json] {
                for notice in look(path, Some(""), text) {
                    prop_assert!(text.get(notice.span.start as usize..notice.span.end as usize).is_some());
                }
            }
        }
    }
}
