//! Pages that load scripts and styles of packages from servers that hand out any package:
//! `https://cdn.example/npm/name@1.2.3/file.js`.
//!
//! No server is known by its name. What tells such an address is its path: a name and a version
//! with `@` between them, or a name behind `npm`.

use super::node::{exact, split_version};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use tares_model::{RepoPath, Span};

/// Longest tag that is looked at, in bytes.
const LONGEST: usize = 4 << 10;

/// Most references of one page.
const MOST: usize = 1_000;

/// Returns whether a file is a page or a template of one, by its name.
pub fn is_page(path: &RepoPath) -> bool {
    let endings = [
        "html", "htm", "xhtml", "vue", "svelte", "astro", "ejs", "hbs", "njk", "j2", "jinja",
        "jinja2", "twig", "liquid", "erb", "php", "cshtml", "jsp",
    ];
    path.extension()
        .is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Returns the packages that a page loads.
pub fn page(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|n| at + n) {
        at = open + 1;
        let Some(kind) = ["script", "link"].into_iter().find(|kind| {
            let name = text.as_bytes().get(at..at + kind.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(kind.as_bytes()))
        }) else {
            continue;
        };
        let end = text[at..].bytes().take(LONGEST).position(|b| b == b'>');
        let Some(end) = end.map(|n| at + n) else {
            continue;
        };
        let attribute = if kind == "link" { "href" } else { "src" };
        let value = |name| attribute_of(text, at, end, name);
        if let Some(address) = value(attribute) {
            let digest = value("integrity").map(|span| span.text(text).to_owned());
            references(text, address, digest.as_deref(), &mut found);
        }
        if found.len() >= MOST {
            break;
        }
        at = end;
    }
    found
}

/// Returns the place of an attribute's value in a tag.
fn attribute_of(text: &str, start: usize, end: usize, name: &str) -> Option<Span> {
    let tag = &text[start..end];
    let mut at = 0;
    while let Some(equals) = tag[at..].find('=').map(|n| at + n) {
        let key = tag[at..equals].trim_end();
        let key = key.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
        let key = key.trim_start_matches(['"', '\'']);
        let rest = &tag[equals + 1..];
        let blank = rest.len() - rest.trim_start().len();
        let from = equals + 1 + blank;
        let (from, until) = match tag.as_bytes().get(from) {
            Some(&quote @ (b'"' | b'\'')) => {
                let close = tag[from + 1..].bytes().position(|b| b == quote)?;
                (from + 1, from + 1 + close)
            }
            Some(_) => {
                let close = tag[from..].find(char::is_whitespace);
                (from, close.map_or(tag.len(), |n| from + n))
            }
            None => return None,
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(Span::new((start + from) as u32, (start + until) as u32));
        }
        at = until;
    }
    None
}

/// Reads an address; some servers put several packages in one, with commas between.
fn references(text: &str, span: Span, digest: Option<&str>, found: &mut Vec<Reference>) {
    let address = span.text(text);
    let Some((scheme, rest)) = address.split_once("//") else {
        return;
    };
    // What a template fills in is not known.
    if !matches!(scheme, "" | "http:" | "https:") || rest.contains(['{', '<', '$', '%']) {
        return;
    }
    let Some((_, path)) = rest.split_once('/') else {
        return;
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    found.extend(path.split(',').filter_map(|part| {
        let start = span.start + (part.as_ptr() as usize - address.as_ptr() as usize) as u32;
        reference(part, start, digest)
    }));
}

/// Reads one path; `start` is where it stands.
fn reference(path: &str, start: u32, digest: Option<&str>) -> Option<Reference> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let offset = |part: &str| start + (part.as_ptr() as usize - path.as_ptr() as usize) as u32;
    // Repositories are handed out under `gh/OWNER/NAME@REVISION`.
    if let Some(at) = parts.iter().position(|part| *part == "gh") {
        let [owner, name, ..] = parts.get(at + 1..)? else {
            return None;
        };
        let (name, revision) = split_version(name);
        let origin = Origin::Git {
            url: format!("{owner}/{name}"),
            revision: revision.to_owned(),
        };
        let span = Span::new(offset(owner), offset(name) + name.len() as u32);
        return Some(made(name, revision, origin, digest, span));
    }
    let versioned = |part: &str| {
        let (name, version) = split_version(part);
        !name.is_empty() && is_version(version)
    };
    let at = parts
        .iter()
        .position(|part| versioned(part))
        .or_else(|| Some(parts.iter().position(|part| *part == "npm")? + 1))?;
    // In `@scope/name@1` the version stands in the second part.
    let first = match at.checked_sub(1).map(|before| parts[before]) {
        Some(scope) if scope.starts_with('@') => at - 1,
        _ => at,
    };
    let last = first + usize::from(parts.get(first)?.starts_with('@'));
    let end = offset(parts.get(last)?) + parts[last].len() as u32;
    let span = Span::new(offset(parts[first]), end);
    let written = &path[(span.start - start) as usize..(span.end - start) as usize];
    let (name, version) = split_version(written);
    let is_file = [".js", ".mjs", ".css"]
        .iter()
        .any(|end| name.ends_with(end));
    // `chart.js@4` is a package, `site.js` behind `npm` a file of somebody's own.
    if !Ecosystem::Npm.is_name(&name.to_ascii_lowercase()) || (is_file && version.is_empty()) {
        return None;
    }
    let end = span.start + name.len() as u32;
    let span = Span::new(span.start, end);
    Some(made(name, version, Origin::Registry, digest, span))
}

/// Returns whether something behind `@` asks for a version: `3`, `^3.1`, `latest`.
fn is_version(text: &str) -> bool {
    let plain = text.trim_start_matches(['^', '~', 'v', '=']);
    // Pictures in two sizes are called `logo@2x.png`.
    let major = plain.split(['.', '-']).next().unwrap_or("");
    let is_number = !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit());
    is_number || matches!(plain, "latest" | "next" | "beta")
}

fn made(name: &str, wanted: &str, origin: Origin, digest: Option<&str>, span: Span) -> Reference {
    Reference {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        requirement: wanted.to_owned(),
        version: exact(wanted),
        origin,
        place: Place::Page,
        digest: digest
            .filter(|digest| !digest.is_empty())
            .map(str::to_owned),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let said = |reference: &Reference| {
            let digest = reference.digest.as_deref().unwrap_or("-");
            let placed = reference.span.text(text);
            format!("{placed} {} {digest}", reference.requirement)
        };
        page(text).iter().map(said).collect()
    }

    #[test]
    fn packages_are_told_by_the_path_of_their_address() {
        for (text, wanted) in [
            (
                "<script src=\"https://cdn.example/npm/vue@3.2.1/dist/vue.js\"></script>",
                &["vue 3.2.1 -"][..],
            ),
            (
                "<SCRIPT async SRC='//cdn.example/@me/kit@1/x.js' integrity=\"sha384-aa\">",
                &["@me/kit 1 sha384-aa"],
            ),
            (
                "<link rel=stylesheet href=https://cdn.example/chart.js@^4.1/a.css>",
                &["chart.js ^4.1 -"],
            ),
            (
                "<script src=\"https://cdn.example/npm/jquery\"></script>",
                &["jquery  -"],
            ),
            (
                "<script src=\"https://cdn.example/npm/@me/kit/x.js\"></script>",
                &["@me/kit  -"],
            ),
            (
                "<script src=\"https://cdn.example/combine/npm/a1@1.0.0,npm/b1@2\"></script>",
                &["a1 1.0.0 -", "b1 2 -"],
            ),
            (
                "<script src=\"https://cdn.example/gh/me/kit@main/x.js\"></script>",
                &["me/kit main -"],
            ),
        ] {
            assert_eq!(said(text), wanted, "{text}");
        }
    }

    #[test]
    fn other_addresses_name_no_package() {
        for text in [
            "<script src=\"/npm/vue@3/x.js\"></script>",
            "<script src=\"https://shop.example/static/app.js\"></script>",
            "<script src=\"https://shop.example/npm/site.js\"></script>",
            "<script src=\"https://shop.example/icons/logo@2x.js\"></script>",
            "<script src=\"https://user@shop.example/a.js\"></script>",
            "<script src=\"https://cdn.example/npm/{{ name }}@3\"></script>",
            "<a href=\"https://cdn.example/npm/vue@3\">vue</a>",
            "<script src=\"https://cdn.example/npm/",
            "<script src=",
            "<link",
        ] {
            assert_eq!(said(text), [""; 0], "{text}");
        }
    }
}
