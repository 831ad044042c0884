//! What a path means, and the honest and the mirror's answer to it.

use super::archive;
use super::package::{TestPackage, TestRelease};
use super::{Request, State};
use serde_json::{Map, Value, json};
use tares_model::Ecosystem;

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) enum Question {
    /// What there is of a name.
    Name(Ecosystem, String),
    /// An archive.
    Archive(Ecosystem, String, String),
    /// What Cargo's index says of itself.
    CargoConfig,
    /// Anything else.
    Nothing,
}

/// An answer before anything is done to it.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) media: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn new(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            media: media.to_owned(),
            body: body.into(),
        }
    }

    fn absent() -> Self {
        Self::new(404, "application/json", r#"{"error":"not found"}"#)
    }
}

/// Reads a path.
pub(super) fn question(path: &str) -> Question {
    let path = path
        .split('?')
        .next()
        .unwrap_or_default()
        .replace("%2f", "/")
        .replace("%2F", "/");
    let path = path.replace("%40", "@");
    let Some((first, rest)) = path.trim_start_matches('/').split_once('/') else {
        return Question::Nothing;
    };
    match first {
        "pypi" => match rest.strip_prefix("simple/") {
            Some(name) => Question::Name(Ecosystem::PyPi, name.trim_matches('/').to_owned()),
            None => Question::Nothing,
        },
        "files" => match rest.split_once('/') {
            Some((name, file)) => {
                Question::Archive(Ecosystem::PyPi, name.to_owned(), file.to_owned())
            }
            None => Question::Nothing,
        },
        "npm" => match rest.split_once("/-/") {
            Some((name, file)) => {
                Question::Archive(Ecosystem::Npm, name.to_owned(), file.to_owned())
            }
            None => Question::Name(Ecosystem::Npm, rest.trim_matches('/').to_owned()),
        },
        "cargo" if rest == "config.json" => Question::CargoConfig,
        "cargo" => {
            let name = rest.rsplit('/').next().unwrap_or_default();
            Question::Name(Ecosystem::Cargo, name.to_owned())
        }
        "dl" => {
            let parts: Vec<&str> = rest.split('/').collect();
            match parts.as_slice() {
                [name, version, "download"] => {
                    let file = format!("{name}-{version}.crate");
                    Question::Archive(Ecosystem::Cargo, (*name).to_owned(), file)
                }
                _ => Question::Nothing,
            }
        }
        "go" => match rest.split_once("/@v/list") {
            Some((name, _)) => Question::Name(Ecosystem::Go, name.to_owned()),
            None => Question::Nothing,
        },
        "maven" => match rest
            .strip_suffix("/maven-metadata.xml")
            .and_then(|at| at.rsplit_once('/'))
        {
            Some((group, artifact)) => {
                let name = format!("{}:{artifact}", group.replace('/', "."));
                Question::Name(Ecosystem::Maven, name)
            }
            None => Question::Nothing,
        },
        _ => Question::Nothing,
    }
}

/// Answers as a good registry, or as a mirror of one.
pub(super) fn answer(
    state: &State,
    question: &Question,
    request: &Request,
    host: &str,
    is_mirror: bool,
) -> Reply {
    match question {
        Question::Name(ecosystem, name) => {
            // Cargo's files have the name as its author wrote it.
            let package = state.packages.get(&(*ecosystem, ecosystem.normal(name)));
            let package = package.filter(|package| {
                *ecosystem != Ecosystem::Cargo || package.name.to_lowercase() == *name
            });
            package.map_or_else(Reply::absent, |package| {
                of_package(package, request, host, is_mirror)
            })
        }
        Question::Archive(ecosystem, name, file) => {
            let package = state.packages.get(&(*ecosystem, ecosystem.normal(name)));
            let archives = package.into_iter().flat_map(|package| {
                package
                    .releases
                    .iter()
                    .map(|release| archive::of(package, release))
            });
            let mut archives = archives.filter(|(one, _)| one == file);
            archives.next().map_or_else(Reply::absent, |(_, bytes)| {
                Reply::new(200, "application/octet-stream", bytes)
            })
        }
        Question::CargoConfig => {
            let config =
                json!({"dl": format!("http://{host}/dl"), "api": format!("http://{host}")});
            Reply::new(200, "application/json", config.to_string())
        }
        Question::Nothing => Reply::absent(),
    }
}

/// Returns what there is of a package.
pub(super) fn of_package(
    package: &TestPackage,
    request: &Request,
    host: &str,
    is_mirror: bool,
) -> Reply {
    match package.ecosystem {
        Ecosystem::PyPi => {
            let accept = request.header("accept").unwrap_or_default();
            if is_mirror || !accept.contains("simple.v1+json") {
                Reply::new(200, "text/html", python_page(package))
            } else {
                let media = "application/vnd.pypi.simple.v1+json";
                Reply::new(200, media, python_json(package).to_string())
            }
        }
        Ecosystem::Npm => Reply::new(
            200,
            "application/json",
            packument(package, host, is_mirror).to_string(),
        ),
        Ecosystem::Cargo => Reply::new(200, "text/plain", index_lines(package)),
        Ecosystem::Go => {
            let lines: String = package
                .releases
                .iter()
                .map(|one| format!("v{}\n", one.version))
                .collect();
            Reply::new(200, "text/plain", lines)
        }
        _ => Reply::new(200, "text/xml", maven_metadata(package)),
    }
}

fn python_json(package: &TestPackage) -> Value {
    let files = package.releases.iter().map(|release| {
        let (file, bytes) = archive::of(package, release);
        let url = format!("/files/{}/{file}", package.normal_name());
        json!({
            "filename": file,
            "url": url,
            "hashes": {"sha256": archive::sha256(release, &bytes)},
            "size": bytes.len(),
            "upload-time": release.date,
            "yanked": release.yanked,
            "provenance": release.attested.then(|| format!("{url}.provenance")),
        })
    });
    json!({
        "meta": {"api-version": "1.4"},
        "name": package.normal_name(),
        "versions": package.releases.iter().map(|one| &one.version).collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
    })
}

fn python_page(package: &TestPackage) -> String {
    let links: String = package
        .releases
        .iter()
        .map(|release| {
            let (file, bytes) = archive::of(package, release);
            let yanked = if release.yanked {
                " data-yanked=\"\""
            } else {
                ""
            };
            format!(
                "<a href=\"/files/{}/{file}#sha256={}\"{yanked}>{file}</a><br/>\n",
                package.normal_name(),
                archive::sha256(release, &bytes)
            )
        })
        .collect();
    let title = format!("Links for {}", package.normal_name());
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>\n{links}</body></html>"
    )
}

fn packument(package: &TestPackage, host: &str, is_mirror: bool) -> Value {
    let mut versions = Map::new();
    let mut time = Map::new();
    if !is_mirror {
        let date = |release: Option<&TestRelease>| release.map(|one| one.date.clone());
        time.insert("created".to_owned(), json!(date(package.releases.first())));
        time.insert("modified".to_owned(), json!(date(package.releases.last())));
    }
    for (i, release) in package.releases.iter().enumerate() {
        let (file, bytes) = archive::of(package, release);
        let url = format!("http://{host}/npm/{}/-/{file}", package.name);
        let mut dist = json!({"tarball": url, "integrity": archive::integrity(release, &bytes)});
        if release.attested && !is_mirror {
            dist["attestations"] = json!({"url": format!("http://{host}/attestations"), "provenance": {"predicateType": "https://slsa.dev/provenance/v1"}});
        }
        let mut version = json!({"name": package.name, "version": release.version, "license": "MIT", "dist": dist});
        if let Some(why) = release.deprecated.as_ref().filter(|_| !is_mirror) {
            version["deprecated"] = json!(why);
        }
        if release.runs_at_install {
            version["scripts"] = json!({"postinstall": "node x.js"});
        }
        versions.insert(release.version.clone(), version);
        // A mirror copies the newest first.
        let copied = format!("2024-01-{:02}T00:00:00.000Z", 28 - i.min(27));
        let date = if is_mirror {
            copied
        } else {
            release.date.clone()
        };
        time.insert(release.version.clone(), json!(date));
    }
    let last = package.releases.last().map(|one| one.version.clone());
    let latest = package.latest.clone().or(last);
    json!({
        "name": package.name,
        "dist-tags": {"latest": latest},
        "time": time,
        "versions": versions,
        "repository": package.repository.as_ref().map(|url| json!({"type": "git", "url": url})),
    })
}

fn index_lines(package: &TestPackage) -> String {
    let line = |release: &TestRelease| {
        let (_, bytes) = archive::of(package, release);
        let line = json!({
            "name": package.name,
            "vers": release.version,
            "deps": [],
            "cksum": archive::sha256(release, &bytes),
            "features": {},
            "yanked": release.yanked,
            "pubtime": release.date,
        });
        format!("{line}\n")
    };
    package.releases.iter().map(line).collect()
}

fn maven_metadata(package: &TestPackage) -> String {
    let (group, artifact) = package.name.split_once(':').unwrap_or((&package.name, ""));
    let versions: String = package
        .releases
        .iter()
        .map(|release| format!("<version>{}</version>", release.version))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><metadata><groupId>{group}</groupId><artifactId>{artifact}</artifactId><versioning><versions>{versions}</versions></versioning></metadata>"
    )
}
