//! Manifests of containers: Compose and Kubernetes. Rights that a container gets are facts, its
//! commands are scripts.

use super::data::{Kind, Node};
use super::map::Text;
use super::{Piece, Pieces, yaml};

/// Rights over the machine that are named by a key.
const HOST_KEYS: [&str; 3] = ["hostNetwork", "hostPID", "hostIPC"];

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for document in yaml::read(source) {
        visit(&document, source, &mut pieces, 32);
    }
    pieces.0
}

fn visit(node: &Node, source: &str, pieces: &mut Pieces, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for item in node.items() {
        visit(item, source, pieces, depth);
    }
    if node.get("image").is_some() || node.get("build").is_some() {
        command(node, source, pieces);
    }
    for (key, value) in node.entries() {
        let name = key.text().unwrap_or_default();
        let text = value.text().unwrap_or_default();
        match name {
            "privileged" if text == "true" => pieces.fact("container.privileged", &[], value.span),
            _ if HOST_KEYS.contains(&name) && text == "true" => {
                pieces.fact("container.host", &[(name, key.span)], value.span);
            }
            "network_mode" | "pid" | "ipc" if text == "host" => {
                pieces.fact("container.host", &[(name, key.span)], value.span);
            }
            "runAsUser" if text == "0" => {
                pieces.fact("docker.user", &[("0", value.span)], value.span);
            }
            "hostPath" => {
                if let Some((path, place)) = value.text_of("path") {
                    pieces.fact("container.mount", &[(path, place)], place);
                }
            }
            "volumes" => {
                for (volume, place) in value.scalars() {
                    if let Some((path, _)) = volume.split_once(':') {
                        pieces.fact("container.mount", &[(path, place)], place);
                    }
                }
            }
            "ports" => {
                for (port, place) in value.scalars() {
                    pieces.fact("container.port", &[(port, place)], place);
                }
            }
            "environment" => variables(value, pieces),
            "cap_add" => capabilities(value, pieces),
            "capabilities" => {
                if let Some(add) = value.get("add") {
                    capabilities(add, pieces);
                }
            }
            _ => {}
        }
        visit(value, source, pieces, depth);
    }
}

/// Variables that say whether a service asks who comes: with a value that is written out.
fn variables(node: &Node, pieces: &mut Pieces) {
    let mut say = |name: &str, value: &str, place| {
        let upper = name.to_ascii_uppercase();
        let is_about = ["AUTH", "PASSWORD", "SECURITY"]
            .iter()
            .any(|word| upper.contains(word));
        if is_about && !value.is_empty() && !value.contains('$') {
            pieces.fact(
                "container.variable",
                &[(name, place), (value, place)],
                place,
            );
        }
    };
    for (key, value) in node.entries() {
        if let (Some(name), Some(text)) = (key.text(), value.text()) {
            say(name, text, value.span);
        }
    }
    for (entry, place) in node.scalars() {
        if let Some((name, text)) = entry.split_once('=') {
            say(name, text, place);
        }
    }
}

fn capabilities(node: &Node, pieces: &mut Pieces) {
    for (name, place) in node.scalars() {
        pieces.fact("container.capability", &[(name, place)], place);
    }
}

/// `command` and `args`, or `entrypoint` and `command`, as one command.
fn command(node: &Node, source: &str, pieces: &mut Pieces) {
    let mut text = Text::default();
    for key in ["entrypoint", "command", "args"] {
        let Some(value) = node.get(key) else { continue };
        match &value.kind {
            Kind::Scalar(line) => text.decoded(line, source, value.span),
            Kind::List(_) => {
                for (word, place) in value.scalars() {
                    text.quoted(word, place);
                    text.written(" ", place);
                }
            }
            Kind::Map(_) => {}
        }
        text.written(" ", value.span);
    }
    pieces.script(text);
}
