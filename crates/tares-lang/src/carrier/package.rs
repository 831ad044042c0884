//! Package manifests of JavaScript and PHP: their scripts are run by a shell.

use super::data::Node;
use super::map::Text;
use super::{Piece, Pieces, json};

/// Scripts that run when a package is installed, by whoever installs it.
const AT_INSTALL: [&str; 9] = [
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "preprepare",
    "postprepare",
    "prepublish",
    "post-install-cmd",
    "post-update-cmd",
];

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let Some(document) = json::read(source) else {
        return pieces.0;
    };
    let Some(scripts) = document.get("scripts") else {
        return pieces.0;
    };
    for (name, script) in scripts.entries() {
        let Some(key) = name.text() else { continue };
        for (line, place) in script.scalars() {
            // Composer calls PHP by class and method.
            if line.starts_with('@') || line.contains("::") && !line.contains(' ') {
                continue;
            }
            let mut text = Text::default();
            if AT_INSTALL.contains(&key) {
                text.written("package.hook ", name.span);
                text.quoted(key, name.span);
                text.written(" ", name.span);
                text.quoted(line, place);
                text.written("\n", name.span);
            }
            text.decoded(line, source, place);
            pieces.script(text);
        }
    }
    sources(&document, &mut pieces);
    pieces.0
}

/// Dependencies that come from an address rather than from a registry.
fn sources(document: &Node, pieces: &mut Pieces) {
    for table in ["dependencies", "optionalDependencies"] {
        for (name, version) in document.get(table).map_or(&[][..], Node::entries) {
            if let (Some(name_text), Some(text)) = (name.text(), version.text())
                && text.starts_with("http://")
            {
                let words = [(name_text, name.span), (text, version.span)];
                pieces.fact("package.source", &words, version.span);
            }
        }
    }
}
