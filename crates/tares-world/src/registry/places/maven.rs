//! Where Maven looks: mirrors in `settings.xml`, else what Maven carries in itself.

use super::{Found, Ground, Place, Protocol};
use crate::registry::http::{Credential, Line};
use std::path::PathBuf;
use tares_model::fact::Ignorance;

/// The largest library of Maven's that is looked into.
const LIBRARY: u64 = 16 * 1024 * 1024;
/// The largest model in it.
const MODEL: usize = 256 * 1024;

/// Returns the repository that the central one's names come from.
pub(super) fn places(ground: &Ground<'_>) -> Found {
    let user = ground.home().map(|home| home.join(".m2/settings.xml"));
    let program = ground.program("mvn");
    let program = program.map(|mvn| ground.system.canonical(&mvn));
    let home = ground.var(&["MAVEN_HOME", "M2_HOME"]).map(PathBuf::from);
    let home = home.or_else(|| Some(program?.parent()?.parent()?.to_owned()));
    let global = home.as_ref().map(|home| home.join("conf/settings.xml"));
    let texts: Vec<String> = [user, global]
        .into_iter()
        .flatten()
        .filter_map(|file| ground.read(&file))
        .map(|text| without_comments(&text))
        .collect();
    let line = Line {
        proxy: ground.proxy(),
        certificates: Vec::new(),
    };
    let mirrors = texts.iter().flat_map(|text| blocks(text, "mirror"));
    let mirror = mirrors
        .filter(|mirror| stands_for_central(&value(mirror, "mirrorOf").unwrap_or_default()))
        .find_map(|mirror| Some((value(mirror, "id"), value(mirror, "url")?)));
    let (id, url) = match mirror {
        Some(mirror) => mirror,
        None => (None, own(ground, home.as_ref()).ok_or(Ignorance::NoPlace)?),
    };
    let mut place: Place = ground
        .place(Protocol::MavenMetadata, &url, &line)
        .ok_or(Ignorance::NoPlace)?;
    let servers = texts.iter().flat_map(|text| blocks(text, "server"));
    let server = servers
        .into_iter()
        .find(|server| id.is_some() && value(server, "id") == id);
    if let Some(server) = server
        && let (Some(user), Some(password)) = (value(server, "username"), value(server, "password"))
        // In braces it is encrypted, and the key is Maven's business.
        && !password.starts_with('{')
    {
        place.credential = Credential::basic(&user, &password);
    }
    Ok(vec![place])
}

/// Returns the repository of the model that every project inherits.
fn own(ground: &Ground<'_>, home: Option<&PathBuf>) -> Option<String> {
    let folder = home?.join("lib");
    let names = ground.system.list(&folder).ok()?;
    let name = names
        .iter()
        .find(|name| name.starts_with("maven-model-builder-") && name.ends_with(".jar"))?;
    let bytes = ground.system.read(&folder.join(name), LIBRARY).ok()?;
    let model = crate::registry::artefact::zip_entry(
        &bytes,
        "org/apache/maven/model/pom-4.0.0.xml",
        MODEL,
    )?;
    let model = without_comments(std::str::from_utf8(&model).ok()?);
    let repository = blocks(&model, "repository").into_iter().next()?;
    value(repository, "url")
}

/// Returns whether a mirror's pattern takes in the central repository.
fn stands_for_central(pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split(',').map(str::trim).collect();
    !parts.contains(&"!central")
        && parts
            .iter()
            .any(|part| matches!(*part, "*" | "central" | "external:*"))
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// Returns the texts between each pair of an element's marks.
pub(in crate::registry) fn blocks<'a>(text: &'a str, element: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let parts = text.split(open.as_str()).skip(1);
    parts
        .filter_map(|part| part.split_once(close.as_str()).map(|(inside, _)| inside))
        .collect()
}

/// Returns the text of an element, with the five named characters put back.
pub(in crate::registry) fn value(text: &str, element: &str) -> Option<String> {
    let inside = blocks(text, element).into_iter().next()?.trim();
    let plain = inside
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    (!plain.is_empty()).then_some(plain)
}
