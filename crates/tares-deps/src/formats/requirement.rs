//! Requirements of Python packages as one line (PEP 508, and what pip takes besides).

use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference, present};
use tares_model::Span;

/// Reads `name[extra] >= 1; marker`, `name @ url` or an address. `span` is the place of `text`.
pub(super) fn requirement(text: &str, span: Span, place: Place) -> Option<Reference> {
    let text = strip_comment(text).trim();
    if text.is_empty() {
        return None;
    }
    if let Some(reference) = address(text, span, place) {
        return Some(reference);
    }
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let name = text[..end].trim_end_matches(['-', '_', '.']);
    if !Ecosystem::PyPi.is_name(name) {
        return None;
    }
    let mut rest = text[end..].trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    let mut reference = Reference {
        ecosystem: Ecosystem::PyPi,
        name: name.to_owned(),
        requirement: String::new(),
        version: None,
        origin: Origin::Registry,
        place,
        digest: present(text.contains("--hash=")),
        span: Span::new(span.start, span.start + name.len() as u32),
    };
    if let Some(url) = rest.strip_prefix('@') {
        let url = url.split(';').next().unwrap_or(url).trim();
        reference.digest = present(url.contains("sha256="));
        reference.origin = origin(url);
        return Some(reference);
    }
    let versions = rest.split([';', ' ']).next().unwrap_or("");
    let versions = if versions.is_empty() {
        rest.split(';').next().unwrap_or("")
    } else {
        versions
    };
    let versions = versions.split("--hash").next().unwrap_or("").trim();
    let versions = if versions.starts_with(['=', '<', '>', '!', '~', '(']) {
        rest.split([';', '\\'])
            .next()
            .unwrap_or("")
            .split("--")
            .next()
            .unwrap_or("")
            .trim()
    } else {
        ""
    };
    reference.requirement = versions.trim_matches(['(', ')']).to_owned();
    reference.version = exact(&reference.requirement);
    Some(reference)
}

/// Returns the version of `==1.2` or `===1.2` without a wild card.
pub(super) fn exact(requirement: &str) -> Option<String> {
    let version = requirement
        .strip_prefix("==")?
        .trim_start_matches('=')
        .trim();
    let is_plain = !version.is_empty() && !version.contains(['*', ',', ' ']);
    is_plain.then(|| version.to_owned())
}

fn strip_comment(text: &str) -> &str {
    match text.find(" #") {
        Some(at) => &text[..at],
        None if text.starts_with('#') => "",
        None => text,
    }
}

fn address(text: &str, span: Span, place: Place) -> Option<Reference> {
    let head = text.split_whitespace().next()?;
    let is_path = head.starts_with(['.', '/']) || head.starts_with("file:");
    if !head.contains("://") && !is_path {
        return None;
    }
    if head.contains('@')
        && !head.starts_with("git+")
        && text
            .split_once('@')
            .is_some_and(|(name, _)| Ecosystem::PyPi.is_name(name.trim()))
    {
        return None;
    }
    let name = head
        .split_once("#egg=")
        .map(|(_, egg)| egg.split(['&', '[']).next().unwrap_or(""))
        .unwrap_or("");
    Some(Reference {
        ecosystem: Ecosystem::PyPi,
        name: name.to_owned(),
        requirement: head.to_owned(),
        version: None,
        origin: if is_path {
            Origin::Path(head.to_owned())
        } else {
            origin(head)
        },
        place,
        digest: present(head.contains("sha256=")),
        span,
    })
}

/// Tells a repository from an archive.
pub(super) fn origin(url: &str) -> Origin {
    let Some(rest) = url
        .strip_prefix("git+")
        .or_else(|| url.starts_with("git://").then_some(url))
    else {
        return if url.starts_with("file:") || !url.contains("://") {
            Origin::Path(url.to_owned())
        } else {
            Origin::Url(url.to_owned())
        };
    };
    let rest = rest.split('#').next().unwrap_or(rest);
    let (head, tail) = rest.split_once("://").unwrap_or(("", rest));
    // The user before the host has an `@` too.
    let (path, revision) = match tail.rsplit_once('@') {
        Some((path, revision)) if path.contains('/') => (path, revision),
        _ => (tail, ""),
    };
    Origin::Git {
        url: format!("{head}://{path}"),
        revision: revision.to_owned(),
    }
}
