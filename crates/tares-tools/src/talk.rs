//! The conversation with a server of tools that was started: what it offers, and no more.
//!
//! Two questions of the Model Context Protocol, `initialize` and `tools/list`. No tool is called.

use crate::machine::Peer;
use crate::offers;
use crate::tool::{Evidence, Offer};
use serde_json::{Value, json};

/// Version of the protocol that is asked for; a server answers with the one it speaks.
const PROTOCOL: &str = "2025-06-18";

/// Most pages of a list.
const PAGES: usize = 10;

/// Most lines that are passed over while an answer is waited for.
const LINES: usize = 200;

/// Asks a server what it offers.
pub(crate) fn offers(peer: &mut dyn Peer) -> Result<(Vec<Offer>, Vec<Evidence>), String> {
    let hello = json!({
        "protocolVersion": PROTOCOL, "capabilities": {},
        "clientInfo": {"name": "tares", "version": env!("CARGO_PKG_VERSION")},
    });
    ask(peer, 1, "initialize", &hello)?;
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    peer.say(&ready.to_string())?;
    let (mut found, mut evidence, mut parameters) = (Vec::new(), Vec::new(), json!({}));
    for page in 0..PAGES {
        let answer = ask(peer, 2 + page, "tools/list", &parameters)?;
        for item in answer["tools"].as_array().into_iter().flatten() {
            let (offer, said) = offers::of(item, "what the server says");
            found.extend(offer.map(|offer| Offer {
                started: true,
                ..offer
            }));
            evidence.extend(said);
        }
        match answer["nextCursor"].as_str() {
            Some(cursor) => parameters = json!({"cursor": cursor}),
            None => break,
        }
    }
    found.sort();
    Ok((found, evidence))
}

fn ask(peer: &mut dyn Peer, id: usize, method: &str, parameters: &Value) -> Result<Value, String> {
    let question = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters});
    peer.say(&question.to_string())?;
    for _ in 0..LINES {
        let line = peer.hear()?;
        let Ok(mut answer) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        if answer["id"].as_u64() != Some(id as u64) {
            continue;
        }
        if answer["error"].is_object() {
            return Err(format!("the server refused `{method}`"));
        }
        return Ok(answer["result"].take());
    }
    Err(format!("the server did not answer `{method}`"))
}
