//! The tools that a manifest or a server offers to models, pinned by digests.

use crate::tool::{Evidence, Offer};
use serde_json::Value;
use tares_model::{Level, RepoPath};

/// Most offers of one tool.
const MOST: usize = 2_000;

/// Names of manifests that list offers.
const MANIFESTS: [&str; 6] = [
    "package.json",
    "manifest.json",
    "server.json",
    "mcp.json",
    "tools.json",
    "gemini-extension.json",
];

/// Keys under which they stand.
const KEYS: [&str; 4] = ["tools", "languageModelTools", "prompts", "chatParticipants"];

/// Returns what a file of a tool offers, if it is a manifest.
pub(crate) fn of_manifest(path: &str, text: &str) -> (Vec<Offer>, Vec<Evidence>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    if !MANIFESTS.contains(&name) || path.contains("node_modules/") {
        return Default::default();
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Default::default();
    };
    let contributes = &value["contributes"];
    let mut found = (Vec::new(), Vec::new());
    for key in KEYS {
        for holder in [&value, contributes] {
            for item in holder[key].as_array().into_iter().flatten() {
                let (offer, evidence) = of(item, path);
                found.0.extend(offer);
                found.1.extend(evidence);
            }
        }
    }
    found.0.truncate(MOST);
    found
}

/// Returns one offer and what its words tell a model to do.
pub(crate) fn of(item: &Value, place: &str) -> (Option<Offer>, Vec<Evidence>) {
    let Some(name) = item["name"].as_str().or(item["id"].as_str()) else {
        return (None, Vec::new());
    };
    let words: Vec<&str> = ["description", "modelDescription", "title", "prompt"]
        .iter()
        .filter_map(|key| item[*key].as_str())
        .collect();
    let schema = [
        &item["inputSchema"],
        &item["input_schema"],
        &item["parameters"],
        &item["arguments"],
    ]
    .into_iter()
    .find(|schema| !schema.is_null())
    .unwrap_or(&Value::Null);
    let mut texts: Vec<String> = words.iter().map(|text| (*text).to_owned()).collect();
    strings(schema, 0, &mut texts);
    texts.push(name.to_owned());
    let path = RepoPath::from("offer.mdc");
    let mut evidence: Vec<Evidence> = texts
        .iter()
        .flat_map(|text| tares_guard::inspect(&path, None, text))
        .map(|notice| Evidence {
            text: format!(
                "in the words of its tool `{}`: {}",
                visible(name),
                notice.message
            ),
            // What a server says of a tool is read by the model each time.
            level: notice.level.max(Level::Review),
            place: place.to_owned(),
        })
        .collect();
    evidence.sort();
    evidence.dedup();
    let offer = Offer {
        name: visible(name),
        description: digest(&words.join("\n")),
        schema: digest(&canonical(schema)),
        started: false,
    };
    (Some(offer), evidence)
}

/// Gathers every text of a schema: models read them all.
fn strings(value: &Value, depth: usize, out: &mut Vec<String>) {
    if depth > 32 || out.len() > 1_000 {
        return;
    }
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, depth + 1, out)),
        Value::Object(map) => map.values().for_each(|item| strings(item, depth + 1, out)),
        _ => {}
    }
}

/// Writes a value with its keys in order, so that their order does not show.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<(&String, &Value)> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let parts: Vec<String> = keys
                .into_iter()
                .map(|(key, value)| format!("{key:?}:{}", canonical(value)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        value => value.to_string(),
    }
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

fn visible(name: &str) -> String {
    name.chars().take(80).flat_map(char::escape_debug).collect()
}
