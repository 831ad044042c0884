//! What a tool contains: what it does, what it tells a model, what its settings grant.

use crate::body::{Content, Item};
use crate::tool::{Contents, Evidence, Kind, Tool};
use crate::{code, offers};
use tares_model::{Level, LineIndex, Notice, RepoPath};

/// Rules about settings that are told in another way: the server is a tool of its own.
const TOLD_ELSEWHERE: [&str; 2] = ["mcp-server-added", "mcp-server-changed"];

/// Looks into a tool.
pub(crate) fn examine(tool: &mut Tool, content: &Content) {
    let mut contents = Contents::default();
    let mut code = code::run(&content.items);
    contents.does.append(&mut code.does);
    tool.unread.extend(code.unread);
    for item in &content.items {
        let Some(text) = &item.text else { continue };
        notices(tool, item, text, &mut contents);
        let (offers, evidence) = offers::of_manifest(&item.path, text);
        contents.offers.extend(offers);
        contents.instructs.extend(evidence);
    }
    for list in [&mut contents.instructs, &mut contents.grants] {
        list.sort();
        list.dedup_by(|next, kept| next.text == kept.text);
    }
    contents.offers.sort();
    contents.offers.dedup();
    contents
        .grants
        .append(&mut std::mem::take(&mut tool.contents.grants));
    tool.contents = contents;
}

fn notices(tool: &Tool, item: &Item, text: &str, contents: &mut Contents) {
    // Packages that an extension brings along say what documents say, not what it is told.
    if item.path.contains("node_modules/") && tool.kind != Kind::Server {
        return;
    }
    let path = path_of(tool, item);
    let index = LineIndex::new(text);
    let evidence = |notice: Notice| Evidence {
        text: words(&notice),
        level: notice.level,
        place: format!("{}:{}", item.path, index.line(notice.span.start)),
    };
    // Against nothing, everything that settings grant is new and counts in full.
    let granted = tares_guard::settings(&path, Some(""), text);
    let granted = granted
        .into_iter()
        .filter(|notice| !TOLD_ELSEWHERE.contains(&notice.rule));
    contents.grants.extend(granted.map(&evidence));
    let mut told = tares_guard::inspect_piece(&path, text);
    told.extend(tares_guard::prompts(&path, text));
    let told = told
        .into_iter()
        .filter(|notice| notice.level > Level::Note || notice.rule == "foreign-instruction");
    contents.instructs.extend(told.map(&evidence));
}

/// Returns the path by which the guard tells what an agent makes of the file.
fn path_of(tool: &Tool, item: &Item) -> RepoPath {
    match tool.kind {
        // The place says what it is, wherever the repository or the user's folder lies.
        Kind::Rules | Kind::Settings | Kind::Command => {
            let place = tool.place.trim_start_matches("~/").trim_start_matches("./");
            RepoPath::from(place)
        }
        _ => RepoPath::from(item.path.as_str()),
    }
}

/// Says what was found so that it stays the same while the text does.
fn words(notice: &Notice) -> String {
    let digest = blake3::hash(notice.identity.as_bytes()).to_hex();
    if notice.message.contains('…') {
        format!("{} ({}, #{})", notice.message, notice.rule, &digest[..8])
    } else {
        format!("{} ({})", notice.message, notice.rule)
    }
}
