//! Java and its kin: pom.xml, Gradle scripts and version catalogues.

use super::FormatError;
use super::python::{table, toml_table, word};
use super::text::lines;
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use regex::Regex;
use std::sync::LazyLock;
use tares_model::Span;
use toml::de::DeValue;

/// Reads pom.xml: every `<dependency>`, `<plugin>`, `<parent>` and `<extension>` with group and
/// artifact. Properties are not resolved: what they name stays unknown.
pub(super) fn pom(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found = Vec::new();
    for element in ["dependency", "plugin", "parent", "extension"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let mut at = 0;
        while let Some(start) = text[at..].find(&open).map(|i| at + i) {
            let end = text[start..].find(&close).map_or(text.len(), |i| start + i);
            at = end.max(start + open.len());
            let body = &text[start..end];
            let group = field(body, "groupId")
                .or((element == "plugin").then_some("org.apache.maven.plugins"));
            let (Some(group), Some(artifact)) = (group, field(body, "artifactId")) else {
                continue;
            };
            let version = field(body, "version").unwrap_or("");
            let offset = artifact.as_ptr() as usize - text.as_ptr() as usize;
            let span = Span::new(offset as u32, (offset + artifact.len()) as u32);
            found.push(artifact_of(&format!("{group}:{artifact}"), version, span));
        }
    }
    Ok(found)
}

/// Returns the text of the first element of a name, comments not seen.
fn field<'t>(body: &'t str, name: &str) -> Option<&'t str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let start = body.find(&open)? + open.len();
    let end = body[start..].find(&close)?;
    Some(body[start..start + end].trim())
}

fn artifact_of(name: &str, version: &str, span: Span) -> Reference {
    let is_plain = !version.is_empty()
        && !version.contains(['$', '[', '(', ',', '+'])
        && !version.starts_with("latest");
    Reference {
        ecosystem: Ecosystem::Maven,
        name: name.to_owned(),
        requirement: version.to_owned(),
        version: is_plain.then(|| version.to_owned()),
        origin: Origin::Registry,
        place: Place::Manifest,
        digest: None,
        span,
    }
}

static COORDINATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:\w*[iI]mplementation|\w*[aA]pi|\w*[cC]ompileOnly|\w*[rR]untimeOnly|classpath|kapt|ksp|annotationProcessor|testImplementation)\s*\(?\s*(?:platform\s*\(\s*)?["']([\w.\-]+):([\w.\-]+)(?::([^"'@:]+))?"#)
        .expect("a constant pattern")
});

/// Reads a Gradle script, as far as coordinates stand in it as text.
pub(super) fn gradle(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found = Vec::new();
    for line in lines(text) {
        if line.text.trim_start().starts_with("//") {
            continue;
        }
        for capture in COORDINATES.captures_iter(line.text) {
            let (group, artifact) = (&capture[1], &capture[2]);
            let version = capture.get(3).map_or("", |found| found.as_str());
            let span = capture
                .get(2)
                .map_or(line.span(), |found| line.span_of(found.as_str()));
            found.push(artifact_of(&format!("{group}:{artifact}"), version, span));
        }
    }
    Ok(found)
}

/// Reads a version catalogue.
pub(super) fn catalogue(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let mut found = Vec::new();
        for (key, value) in table(root, &["libraries"]).into_iter().flatten() {
            let span = Span::new(key.span().start as u32, key.span().end as u32);
            match value.get_ref() {
                DeValue::String(text) => {
                    let parts: Vec<&str> = text.splitn(3, ':').collect();
                    if let [group, artifact, rest @ ..] = parts.as_slice() {
                        found.push(artifact_of(
                            &format!("{group}:{artifact}"),
                            rest.first().unwrap_or(&""),
                            span,
                        ));
                    }
                }
                DeValue::Table(entry) => {
                    let name = match (
                        word(entry, "module"),
                        word(entry, "group"),
                        word(entry, "name"),
                    ) {
                        (Some(module), ..) => module.to_owned(),
                        (None, Some(group), Some(name)) => format!("{group}:{name}"),
                        _ => continue,
                    };
                    let reference =
                        table(entry, &["version"]).and_then(|version| word(version, "ref"));
                    let named = reference.and_then(|key| word(table(root, &["versions"])?, key));
                    found.push(artifact_of(
                        &name,
                        word(entry, "version").or(named).unwrap_or(""),
                        span,
                    ));
                }
                _ => {}
            }
        }
        found
    })
}
