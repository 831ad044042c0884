//! Finds the tools of a machine and a repository, and looks into them.

use crate::body::{Body, Content, name_of};
use crate::installed::{self, Package, identity, json};
use crate::machine::{EntryKind, Machine};
use crate::places::{Holds, Place, TABLE, expand, is_match, join};
use crate::tool::{Contents, Kind, Scope, Tool};
use crate::{archive, contents, server, talk};
use std::collections::BTreeSet;
use tares_guard::Server;

/// Largest manifest, in bytes.
const MANIFEST: u64 = 4 << 20;

/// Largest archive whose manifest is read, in bytes.
const ARCHIVE: u64 = 256 << 20;

/// Where to look. Folders are absolute, with `/` between their parts.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The user's folder.
    pub home: Option<String>,
    /// The repository.
    pub repository: Option<String>,
    /// Whether the folders of the system are looked at too.
    pub system: bool,
    /// Folders in which the system looks for programs.
    pub programs: Vec<String>,
    /// Archives and folders that the user names besides.
    pub named: Vec<String>,
    /// Only what belongs to one of them.
    pub only: Option<Scope>,
}

/// A tool that was found, and where its content stands.
#[derive(Debug, Clone)]
pub struct Found {
    /// The tool, not yet examined.
    pub tool: Tool,
    pub(crate) body: Body,
    pub(crate) server: Option<(Server, String)>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// The tools, sorted by kind, host and name.
    pub found: Vec<Found>,
    /// Configurations that could not be read, with why.
    pub unread: Vec<String>,
    /// Whose tools were looked for.
    pub(crate) scopes: Vec<Scope>,
}

/// Finds all tools; reads what it needs for names and digests, and starts nothing.
pub fn survey(machine: &dyn Machine, request: &Request) -> Survey {
    let mut walk = Walk {
        machine,
        request,
        survey: Survey::default(),
        packages: BTreeSet::new(),
    };
    // Servers come first: what they run by name is looked for among the packages.
    walk.places(|holds| holds == Holds::Servers);
    walk.places(|holds| holds != Holds::Servers);
    walk.programs();
    for named in &request.named {
        walk.named(named);
    }
    let mut survey = walk.survey;
    survey.scopes = scopes(request);
    survey
        .found
        .sort_by(|one, other| key(&one.tool).cmp(&key(&other.tool)));
    survey.found.dedup_by(|next, kept| {
        next.tool.place == kept.tool.place && next.tool.kind == kept.tool.kind
    });
    for found in &mut survey.found {
        let content = Content::of(machine, &found.body, false);
        found.tool.digest = content.digest(&found.body);
        found.tool.faults.extend(content.faults);
        found.tool.unread.extend(content.unread);
    }
    survey
}

/// Looks into a tool: what it does, instructs, grants and offers. `start` says whether a server is
/// started to ask it.
pub fn examine(machine: &dyn Machine, found: &Found, start: bool) -> Tool {
    let mut tool = found.tool.clone();
    let content = Content::of(machine, &found.body, true);
    tool.unread.clear();
    tool.unread.extend(content.unread.iter().cloned());
    contents::examine(&mut tool, &content);
    if let Some((server, folder)) = found.server.as_ref().filter(|_| start)
        && let Some(start) = server::start(server, folder)
    {
        let asked = machine
            .start(&start)
            .and_then(|mut peer| talk::offers(peer.as_mut()));
        match asked {
            Ok((offers, evidence)) => {
                tool.contents.offers.extend(offers);
                tool.contents.instructs.extend(evidence);
            }
            Err(why) => tool.unread.push(format!("the server was not asked: {why}")),
        }
    }
    tool
}

fn scopes(request: &Request) -> Vec<Scope> {
    let all = [
        (Scope::Machine, request.home.is_some()),
        (Scope::Repository, request.repository.is_some()),
    ];
    all.into_iter()
        .filter(|(scope, is_known)| *is_known && request.only.is_none_or(|only| only == *scope))
        .map(|(scope, _)| scope)
        .collect()
}

fn key(tool: &Tool) -> (Scope, Kind, &str, &str, &str) {
    (tool.scope, tool.kind, &tool.host, &tool.name, &tool.place)
}

struct Walk<'a> {
    machine: &'a dyn Machine,
    request: &'a Request,
    survey: Survey,
    /// Packages that servers are run from.
    packages: BTreeSet<String>,
}

impl Walk<'_> {
    fn places(&mut self, wants: impl Fn(Holds) -> bool) {
        for place in TABLE.place.iter().filter(|place| wants(place.kind)) {
            for pattern in &place.paths {
                let Some((scope, root, pattern)) = self.root(pattern) else {
                    continue;
                };
                for path in expand(self.machine, &root, pattern) {
                    self.place(place, scope, &path, &root);
                }
            }
        }
    }

    /// Returns whose a pattern is, where it begins, and its rest.
    fn root<'p>(&self, pattern: &'p str) -> Option<(Scope, String, &'p str)> {
        let (scope, root, rest) = match pattern.split_at(2) {
            ("~/", rest) => (Scope::Machine, self.request.home.clone()?, rest),
            ("./", rest) => (Scope::Repository, self.request.repository.clone()?, rest),
            _ if !self.request.system => return None,
            _ => (Scope::Machine, "/".to_owned(), &pattern[1..]),
        };
        let is_wanted = self.request.only.is_none_or(|only| only == scope);
        // In the user's own folder a "repository" would be everything once more.
        let is_double = scope == Scope::Repository && self.request.repository == self.request.home;
        (is_wanted && !is_double).then_some((scope, root, rest))
    }

    fn place(&mut self, place: &Place, scope: Scope, path: &str, root: &str) {
        match place.kind {
            Holds::Servers => self.servers(&place.host, scope, path, root),
            Holds::Packages => {
                let names = self.names(&TABLE.names.npm);
                for package in installed::npm(self.machine, path, &names) {
                    self.package("npm", scope, package);
                }
            }
            Holds::Sites => {
                let names = self.names(&TABLE.names.pip);
                for package in installed::pip(self.machine, path, &names) {
                    self.package("pip", scope, package);
                }
            }
            holds => {
                if let Some(kind) = holds.kind() {
                    self.tool(kind, &place.host, place.needs.as_deref(), scope, path);
                }
            }
        }
    }

    fn names(&self, known: &[String]) -> Vec<String> {
        known.iter().chain(&self.packages).cloned().collect()
    }

    fn tool(&mut self, kind: Kind, host: &str, needs: Option<&str>, scope: Scope, path: &str) {
        let folder = self.machine.list(path);
        let body = match (kind, &folder) {
            (Kind::Archive, None) => Body::Archive(path.to_owned()),
            (_, Some(_)) if needs.is_some() => Body::Folder(path.to_owned()),
            (_, None) if needs.is_none() => Body::File(path.to_owned()),
            _ => return,
        };
        let [name, version, publisher] = match (kind, needs) {
            (Kind::Archive, _) => self.of_archive(path),
            (_, Some("SKILL.md")) => {
                let Some(text) = self.text(&join(path, "SKILL.md")) else {
                    return;
                };
                ["name", "version", "author"].map(|key| front_matter(&text, key))
            }
            (_, Some(manifest)) => {
                let file = join(path, manifest);
                if self.machine.read(&file, MANIFEST).is_err() {
                    return;
                }
                identity(&json(self.machine, &file, MANIFEST))
            }
            (_, None) => [None, None, None],
        };
        let name = name.unwrap_or_else(|| name_of(path).to_owned());
        let name = match (&publisher, kind) {
            (Some(publisher), Kind::Extension | Kind::Archive) if host != "claude-desktop" => {
                format!("{publisher}.{name}")
            }
            _ => name,
        };
        self.add(kind, host, scope, path, name, version, publisher, body);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one tool, each named where it comes from"
    )]
    fn add(
        &mut self,
        kind: Kind,
        host: &str,
        scope: Scope,
        path: &str,
        name: String,
        version: Option<String>,
        publisher: Option<String>,
        body: Body,
    ) {
        let tool = Tool {
            kind,
            host: host.to_owned(),
            name,
            version,
            publisher,
            scope,
            place: self.shown(path),
            digest: String::new(),
            integrity: None,
            command: Vec::new(),
            environment: Vec::new(),
            contents: Contents::default(),
            faults: Vec::new(),
            unread: Vec::new(),
        };
        self.survey.found.push(Found {
            tool,
            body,
            server: None,
        });
    }

    fn package(&mut self, host: &str, scope: Scope, package: Package) {
        let Package {
            name,
            version,
            publisher,
            integrity,
            body,
            place,
            faults,
        } = package;
        self.add(
            Kind::Program,
            host,
            scope,
            &place,
            name,
            version,
            publisher,
            body,
        );
        if let Some(found) = self.survey.found.last_mut() {
            found.tool.integrity = integrity;
            found.tool.faults = faults;
        }
    }

    fn servers(&mut self, host: &str, scope: Scope, file: &str, root: &str) {
        let servers = match server::of(self.machine, file) {
            Ok(servers) => servers,
            Err(why) => {
                let unread = format!("{}: {why}", self.shown(file));
                return self.survey.unread.push(unread);
            }
        };
        for server in servers {
            self.packages.extend(server::package(&server));
            let body = server::body(self.machine, &server, root);
            let keys = server.holder[..server.holder.len().saturating_sub(1)].join(".");
            let place = format!("{file}#{keys}.{}", server.name);
            let name = server.name.clone();
            self.add(Kind::Server, host, scope, &place, name, None, None, body);
            if let Some(found) = self.survey.found.last_mut() {
                found.tool.command = server.without_secrets();
                found.tool.environment = server.environment.iter().map(|e| e.0.clone()).collect();
                found.tool.contents.grants = server::grants(&server, &found.tool.place);
                found.server = Some((server, root.to_owned()));
            }
        }
    }

    /// Finds programs by the names that agents have, where the system looks for programs.
    fn programs(&mut self) {
        if self.request.only == Some(Scope::Repository) {
            return;
        }
        for folder in &self.request.programs {
            for entry in self.machine.list(folder).unwrap_or_default() {
                let stem = entry.name.trim_end_matches(".exe").trim_end_matches(".cmd");
                let is_agent = TABLE.names.programs.iter().any(|name| is_match(name, stem));
                // A link of a package manager leads to a package that is listed itself.
                let is_managed = matches!(&entry.kind, EntryKind::Link(to)
                    if to.contains("node_modules") || to.contains("site-packages"));
                if !is_agent || is_managed || entry.kind == EntryKind::Folder {
                    continue;
                }
                let path = join(folder, &entry.name);
                let body = Body::File(path.clone());
                let name = entry.name.clone();
                self.add(
                    Kind::Program,
                    "binary",
                    Scope::Machine,
                    &path,
                    name,
                    None,
                    None,
                    body,
                );
            }
        }
    }

    fn named(&mut self, path: &str) {
        let scope = Scope::Machine;
        if self.machine.list(path).is_none() {
            return self.tool(Kind::Archive, "named", None, scope, path);
        }
        for (kind, needs) in [
            (Kind::Skill, "SKILL.md"),
            (Kind::Plugin, ".claude-plugin/plugin.json"),
            (Kind::Plugin, ".codex-plugin/plugin.json"),
            (Kind::Extension, "gemini-extension.json"),
            (Kind::Extension, "manifest.json"),
            (Kind::Extension, "package.json"),
        ] {
            if self.machine.read(&join(path, needs), MANIFEST).is_ok() {
                return self.tool(kind, "named", Some(needs), scope, path);
            }
        }
        let unread = format!("{}: holds nothing that says it is a tool", self.shown(path));
        self.survey.unread.push(unread);
    }

    fn of_archive(&self, path: &str) -> [Option<String>; 3] {
        let bytes = self.machine.read(path, ARCHIVE).unwrap_or_default();
        let files = archive::unpack(&bytes).unwrap_or_default();
        let manifest = ["extension/package.json", "manifest.json"]
            .iter()
            .find_map(|name| files.iter().find(|(path, _)| path == name));
        let value = manifest.and_then(|(_, bytes)| serde_json::from_slice(bytes).ok());
        identity(&value.unwrap_or_default())
    }

    fn text(&self, file: &str) -> Option<String> {
        let bytes = self.machine.read(file, MANIFEST).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns a path as people and the lock name it.
    fn shown(&self, path: &str) -> String {
        let below = |root: &Option<String>, sign: &str| {
            let rest = path.strip_prefix(root.as_deref()?)?.strip_prefix('/')?;
            Some(format!("{sign}/{rest}"))
        };
        below(&self.request.repository, ".")
            .or_else(|| below(&self.request.home, "~"))
            .unwrap_or_else(|| path.to_owned())
    }
}

/// Returns a plain value of YAML front matter.
fn front_matter(text: &str, key: &str) -> Option<String> {
    let mut lines = text.lines();
    if lines.next()?.trim() != "---" {
        return None;
    }
    let value = lines
        .take(100)
        .take_while(|line| line.trim() != "---")
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let value = value.trim().trim_matches(['"', '\'']);
    let shown: String = value
        .chars()
        .take(120)
        .flat_map(char::escape_debug)
        .collect();
    (!shown.is_empty()).then_some(shown)
}
