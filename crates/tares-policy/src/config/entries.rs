//! Reads the parts of a configuration that are lists.

use super::RuleEntry;
use super::error::{ConfigError, quoted};
use super::read::{Item, Reader};
use crate::allow::Allow;
use crate::levels::Setting;
use crate::pattern::{PathGlobs, Wildcard};
use std::ops::Range;
use tares_model::{EffectKind, Span};

/// The most rules, allow entries and path patterns in one file: each is tried on every
/// finding, effect or path.
const MAX_ENTRIES: usize = 2000;

fn span_of(range: Range<usize>) -> Span {
    // MAX_TEXT keeps every offset far below 4 GiB.
    Span::new(range.start as u32, range.end as u32)
}

pub(super) fn read_rules(
    reader: &Reader<'_>,
    item: &Item<'_>,
) -> Result<Vec<RuleEntry>, ConfigError> {
    let mut rules = Vec::new();
    let table = reader.any_table(item, "rules")?;
    if table.len() > MAX_ENTRIES {
        return Err(reader.error(
            item.span(),
            format!("`[rules]` has more than {MAX_ENTRIES} lines"),
        ));
    }
    for (key, value) in table {
        let id: &str = key.get_ref();
        let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '*';
        if id.is_empty() || !id.chars().all(is_id) {
            let error = reader.error(key.span(), format!("{} is no rule id", quoted(id)));
            return Err(error.with_hint(
                "a rule id is lower-case words with `-`; `*` stands for any characters",
            ));
        }
        let setting = reader.word(value, id, Setting::ALL)?;
        let span = span_of(key.span());
        rules.push(RuleEntry {
            pattern: Wildcard::new(id),
            setting,
            span,
        });
    }
    Ok(rules)
}

pub(super) fn read_paths(
    reader: &Reader<'_>,
    item: &Item<'_>,
    what: &str,
    patterns: &mut usize,
) -> Result<PathGlobs, ConfigError> {
    let mut globs = Vec::new();
    for item in reader.list(item, what)? {
        let glob = reader.text(item, what)?;
        PathGlobs::check(glob).map_err(|why| {
            reader.error(
                item.span(),
                format!("{} is no path pattern: {why}", quoted(glob)),
            )
        })?;
        *patterns += 1;
        if *patterns > MAX_ENTRIES {
            return Err(reader.error(
                item.span(),
                format!("the file has more than {MAX_ENTRIES} path patterns"),
            ));
        }
        globs.push(glob.to_owned());
    }
    PathGlobs::new(globs)
        .map_err(|why| reader.error(item.span(), format!("`{what}` is too large: {why}")))
}

/// Longest name of a licence, in bytes.
const LICENCE: usize = 200;

pub(super) fn read_licences(
    reader: &Reader<'_>,
    item: &Item<'_>,
) -> Result<Vec<String>, ConfigError> {
    let mut licences = Vec::new();
    for item in reader.list(item, "licences")? {
        let text = reader.text(item, "licences")?;
        let is_one = !text.is_empty()
            && text.len() <= LICENCE
            && !text
                .split(' ')
                .any(|word| matches!(word, "OR" | "AND" | ""))
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | ':' | ' '));
        if !is_one || licences.len() == MAX_ENTRIES {
            return Err(reader
                .error(item.span(), format!("{} is no single licence", quoted(text)))
                .with_hint("list each licence of its own, such as \"MIT\" or \"Apache-2.0 WITH LLVM-exception\""));
        }
        licences.push(text.to_owned());
    }
    Ok(licences)
}

pub(super) fn read_allow(
    reader: &Reader<'_>,
    item: &Item<'_>,
    patterns: &mut usize,
) -> Result<Vec<Allow>, ConfigError> {
    let items = reader
        .list(item, "allow")
        .map_err(|e| e.with_hint("write `[[allow]]` with two brackets"))?;
    if let Some(item) = items.get(MAX_ENTRIES) {
        return Err(reader.error(
            item.span(),
            format!("there are more than {MAX_ENTRIES} `[[allow]]` entries"),
        ));
    }
    items
        .iter()
        .enumerate()
        .map(|(index, item)| read_entry(reader, item, index, patterns))
        .collect()
}

fn read_entry(
    reader: &Reader<'_>,
    item: &Item<'_>,
    index: usize,
    patterns: &mut usize,
) -> Result<Allow, ConfigError> {
    let table = reader.table(item, "allow")?;
    let required = |key: &str| {
        table.get(key).ok_or_else(|| {
            let error = reader.error(
                item.span(),
                format!("this `[[allow]]` entry has no `{key}`"),
            );
            error.with_hint(
                "an entry needs `effect` and `target`; `target = \"*\"` means every known target",
            )
        })
    };
    let effect = reader.word(required("effect")?, "effect", EffectKind::ALL)?;
    let target = reader.text(required("target")?, "target")?;
    let paths = match table.get("paths") {
        Some(paths) if reader.list(paths, "paths")?.is_empty() => {
            let error = reader.error(
                paths.span(),
                "`paths` is empty, so the entry matches nothing",
            );
            return Err(error.with_hint("leave `paths` out to allow the effect everywhere"));
        }
        Some(paths) => read_paths(reader, paths, "paths", patterns)?,
        None => PathGlobs::none(),
    };
    let reason = table
        .get("reason")
        .map(|item| reader.text(item, "reason"))
        .transpose()?;
    Ok(Allow {
        index,
        effect,
        target: Wildcard::new(target),
        paths,
        reason: reason.map(str::to_owned),
        span: span_of(item.span()),
    })
}

pub(super) fn read_file_name(reader: &Reader<'_>, item: &Item<'_>) -> Result<String, ConfigError> {
    read_name(reader, item, "file")
}

/// Returns the name of a folder, without a slash at its end.
pub(super) fn read_folder_name(
    reader: &Reader<'_>,
    item: &Item<'_>,
) -> Result<String, ConfigError> {
    let name = read_name(reader, item, "models")?;
    let name = name.strip_suffix('/').unwrap_or(&name);
    // A change is compared with it by text, so there is one way to write it.
    if name.split('/').any(|part| matches!(part, "" | ".")) {
        let error = reader.error(
            item.span(),
            format!("{} is no name of a folder", quoted(name)),
        );
        return Err(error.with_hint("write it like `tares/models`, without `.` and empty parts"));
    }
    Ok(name.to_owned())
}

fn read_name(reader: &Reader<'_>, item: &Item<'_>, what: &str) -> Result<String, ConfigError> {
    let name = reader.text(item, what)?;
    let leaves = name.starts_with('/')
        || name.contains(['\\', ':', '*'])
        || name.split('/').any(|p| p == "..");
    if leaves || name.chars().any(char::is_control) {
        let error = reader.error(
            item.span(),
            format!("{} is no path inside the repository", quoted(name)),
        );
        return Err(error
            .with_hint("write it relative to the configuration file, with `/` between its parts"));
    }
    Ok(name.to_owned())
}
