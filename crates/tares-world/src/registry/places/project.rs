//! Indexes of Python that uv and the project's own trusted files name.
//!
//! A name may come from any of them, also from one that the project uses for named packages
//! only: what the public index does not have may be there, and is not made up then.

use super::Ground;
use std::path::PathBuf;
use toml::{Table, Value};

/// Addresses by what they stand for.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    /// In the place of the client's own index, the strongest first.
    pub(super) main: Vec<String>,
    /// Beside it.
    pub(super) more: Vec<String>,
}

/// Returns what uv's configuration and the trusted files of the project name.
pub(super) fn indexes(ground: &Ground<'_>) -> Indexes {
    let mut found = Indexes::default();
    found
        .main
        .extend(ground.settings.python_indexes.first().cloned());
    let given = ground.settings.python_indexes.iter().skip(1);
    found.more.extend(given.cloned());
    for (path, bytes) in &ground.settings.base_config {
        let name = path.name();
        let is_list = name.starts_with("requirements") || name.starts_with("constraints");
        if is_list && name.ends_with(".txt") {
            found.take_requirements(&String::from_utf8_lossy(bytes));
        }
    }
    let uv = ["UV_DEFAULT_INDEX", "UV_INDEX_URL"];
    found
        .main
        .extend(ground.var(&uv).as_deref().map(without_name));
    for name in ["UV_INDEX", "UV_EXTRA_INDEX_URL"] {
        let more = ground.system.var(name).unwrap_or_default();
        found.more.extend(more.split_whitespace().map(without_name));
    }
    let trusted = |path: &str| table(ground.trusted(path)?);
    if let Some(project) = trusted("pyproject.toml") {
        let tool = |name: &str| project.get("tool")?.get(name)?.as_table();
        if let Some(uv) = tool("uv") {
            found.take_uv(uv);
        }
        for sources in ["poetry", "pdm"].into_iter().filter_map(tool) {
            found.take_sources(sources);
        }
    }
    if let Some(pipfile) = trusted("Pipfile") {
        found.take_sources(&pipfile);
    }
    if let Some(uv) = trusted("uv.toml") {
        found.take_uv(&uv);
    }
    let user = ground.system.config_dir().map(|at| at.join("uv/uv.toml"));
    let files = user.into_iter().chain([PathBuf::from("/etc/uv/uv.toml")]);
    for uv in files.filter_map(|file| table(&ground.read(&file)?)) {
        found.take_uv(&uv);
    }
    found
}

impl Indexes {
    /// Takes the options of a list of requirements.
    fn take_requirements(&mut self, text: &str) {
        for line in text.lines() {
            let mut words = line.trim().splitn(2, [' ', '=']);
            let (option, value) = (words.next(), words.next().unwrap_or_default().trim());
            let value = value.split_whitespace().next().unwrap_or_default();
            match option {
                Some("-i" | "--index-url") => self.main.push(value.to_owned()),
                Some("--extra-index-url") => self.more.push(value.to_owned()),
                _ => {}
            }
        }
    }

    fn take_uv(&mut self, uv: &Table) {
        self.main.extend(uv.get("index-url").and_then(text));
        self.more
            .extend(list(uv, "extra-index-url").filter_map(text));
        for index in list(uv, "index") {
            let is_main = index.get("default").and_then(Value::as_bool) == Some(true);
            let kind = if is_main {
                &mut self.main
            } else {
                &mut self.more
            };
            kind.extend(index.get("url").and_then(text));
        }
    }

    /// Takes the sources of Poetry, PDM and Pipenv.
    fn take_sources(&mut self, table: &Table) {
        let urls = list(table, "source").filter_map(|source| text(source.get("url")?));
        self.more.extend(urls);
    }
}

fn table(text: &str) -> Option<Table> {
    text.parse().ok()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn list<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Value> {
    let found = table.get(key).and_then(Value::as_array);
    found.into_iter().flatten()
}

/// Takes the name off that uv lets stand in front of an address.
fn without_name(index: &str) -> String {
    match index.split_once('=') {
        Some((name, url)) if !name.contains("://") => url.to_owned(),
        _ => index.to_owned(),
    }
}
