//! Imports of a change that nothing in the repository explains.

use super::Unexplained;
use super::around::Around;
use super::folders::{join, upwards};
use crate::Options;
use crate::run::CodeFile;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use tares_deps::imports;
use tares_effects::Imported;
use tares_effects::program::candidates;
use tares_lang::{Family, Language};
use tares_model::fact::Packages;
use tares_model::{Ecosystem, RepoPath};

/// Files beside an importing one that are looked through for the same import.
const MOST_BESIDE: usize = 60;

/// Names taken from one module that are looked for among installed packages.
const MOST_NAMES: usize = 8;

/// Files in which bundlers and test runners are told that a name stands for a folder.
const ALIASES: [&str; 14] = [
    "package.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "jsconfig.json",
    "deno.json",
    "import_map.json",
    "vite.config.ts",
    "vite.config.js",
    "webpack.config.js",
    "next.config.js",
    "babel.config.js",
    ".babelrc",
    "jest.config.js",
    "rollup.config.js",
];

/// An import that a file has now and had not before.
pub(crate) struct Added<'c> {
    path: &'c RepoPath,
    language: Language,
    ecosystem: Ecosystem,
    import: &'c Imported,
}

/// Returns the imports that code files bring, each module once for each file.
pub(crate) fn added(code: &[CodeFile]) -> Vec<Added<'_>> {
    let mut found = Vec::new();
    for file in code.iter().filter(|file| !file.is_caller()) {
        let Some(ecosystem) = ecosystem(file.language.family()) else {
            continue;
        };
        // Of pieces of a file nobody can say what they add.
        if file.head.as_ref().is_none_or(|head| head.is_excerpt()) {
            continue;
        }
        let key = |import: &Imported| key(ecosystem, import);
        let mut seen: FxHashSet<String> = file.base_facts.imports.iter().filter_map(key).collect();
        for import in &file.facts.imports {
            let is_new = key(import).is_some_and(|key| seen.insert(key));
            if is_new && !imports::is_builtin(ecosystem, &import.module) {
                found.push(Added {
                    path: file.path(),
                    language: file.language,
                    ecosystem,
                    import,
                });
            }
        }
    }
    found
}

fn ecosystem(family: Family) -> Option<Ecosystem> {
    match family {
        Family::Python => Some(Ecosystem::PyPi),
        Family::JavaScript => Some(Ecosystem::Npm),
        Family::Go => Some(Ecosystem::Go),
        Family::Shell | Family::Java => None,
    }
}

/// Returns what makes two imports ask for the same package.
fn key(ecosystem: Ecosystem, import: &Imported) -> Option<String> {
    imports::root(ecosystem, &import.module)?;
    let candidates = imports::candidates(ecosystem, &import.module, &import.names);
    Some(candidates.join(" "))
}

/// Leaves out what the language, the repository, its manifests or tares's own models know.
pub(crate) fn unexplained(
    added: Vec<Added<'_>>,
    around: &mut Around<'_>,
    packages: &dyn Packages,
    options: &Options,
) -> Vec<Unexplained> {
    let mut found: Vec<Unexplained> = Vec::new();
    let mut trusts_installed = None;
    for one in added {
        let Some(root) = imports::root(one.ecosystem, &one.import.module) else {
            continue;
        };
        let module = &one.import.module;
        let wanted = &options.policy.dependencies;
        let is_said =
            |other: &Unexplained| other.ecosystem == one.ecosystem && other.module == *module;
        if one.import.is_optional
            || wanted.is_private(one.ecosystem, root)
            || found.iter().any(is_said)
        {
            continue;
        }
        // Manifests say what the repository is called, too; what costs most comes last.
        let declared = around.declared(one.ecosystem, one.path.parent());
        let names = &one.import.names;
        let may_provide =
            |package: &String| imports::may_provide(one.ecosystem, package, module, names);
        if declared.iter().any(may_provide)
            || is_own(&one, root, around)
            || options.models.of(one.language.family()).knows_root(root)
            || (one.ecosystem == Ecosystem::PyPi && around.has_module(root))
            || is_beside(&one, root, around)
        {
            continue;
        }
        let installed = if *trusts_installed.get_or_insert_with(|| !around.holds_installed()) {
            providers(&one, packages)
        } else {
            BTreeSet::new()
        };
        let is_known =
            |name: &String| declared.contains(name) || wanted.is_private(one.ecosystem, name);
        if installed.iter().any(is_known) {
            continue;
        }
        found.push(Unexplained {
            ecosystem: one.ecosystem,
            module: module.clone(),
            is_installed: !installed.is_empty(),
            candidates: if installed.is_empty() {
                imports::candidates(one.ecosystem, module, names)
            } else {
                installed.into_iter().collect()
            },
            manifests: around.manifests(one.ecosystem, one.path.parent()),
            path: one.path.clone(),
            span: one.import.span,
        });
    }
    found
}

/// Returns the installed packages that have what an import asks for: evidence, where names of
/// modules only give candidates.
fn providers(one: &Added<'_>, packages: &dyn Packages) -> BTreeSet<String> {
    let (ecosystem, module) = (one.ecosystem, &one.import.module);
    let paths: Vec<String> = match (ecosystem, one.import.names.as_slice()) {
        // What is taken from a module may be a module of another package.
        (Ecosystem::PyPi, names @ [_, ..]) => names
            .iter()
            .take(MOST_NAMES)
            .map(|name| format!("{module}.{name}"))
            .collect(),
        _ => vec![module.clone()],
    };
    paths
        .iter()
        .flat_map(|path| packages.providers(ecosystem, path))
        .map(|package| package.name)
        .collect()
}

/// Returns whether an import leads to code of the repository.
fn is_own(one: &Added<'_>, root: &str, around: &mut Around<'_>) -> bool {
    if around.is_own(one.ecosystem, &one.ecosystem.normal(root)) {
        return true;
    }
    let leads = candidates(one.path, &one.import.module, one.language);
    if leads
        .iter()
        .any(|path| around.exists(path.as_str().to_owned()))
    {
        return true;
    }
    match one.ecosystem {
        Ecosystem::PyPi => {
            let near: Vec<String> = upwards(one.path.parent())
                .flat_map(|folder| ["", "src", "lib", "python"].map(|part| join(folder, part)))
                .map(|folder| join(folder.trim_end_matches('/'), root))
                .collect();
            near.iter().any(|folder| around.has_folder(folder))
        }
        Ecosystem::Npm => {
            let folders: Vec<String> = upwards(one.path.parent()).map(str::to_owned).collect();
            folders.iter().any(|folder| is_alias(around, folder, root))
        }
        Ecosystem::Go => around.exists(format!("vendor/{}", one.import.module)),
        _ => false,
    }
}

/// Returns whether the settings of a folder make a name stand for something of the repository.
fn is_alias(around: &mut Around<'_>, folder: &str, root: &str) -> bool {
    for name in ALIASES {
        let Some(text) = around.read(folder, name) else {
            continue;
        };
        let quoted = ["\"", "'"].iter().any(|quote| {
            ["\"", "'", "/"]
                .iter()
                .any(|end| text.contains(&format!("{quote}{root}{end}")))
                || text.contains(&format!("{quote}^{root}"))
        });
        let head = root.split('/').next().unwrap_or(root);
        let is_pattern =
            text.contains(&format!("\"{head}/*\"")) || text.contains(&format!("'{head}/*'"));
        if quoted || is_pattern {
            return true;
        }
        // With a base folder every folder below it is a name of its own.
        if text.contains("\"baseUrl\"") || text.contains("modulePaths") {
            let below = ["", "src", "app"].map(|part| join(folder, part));
            let is_below = below
                .iter()
                .any(|base| around.has_folder(&join(base.trim_end_matches('/'), root)));
            if is_below {
                return true;
            }
        }
    }
    false
}

/// Returns whether a file beside it has the same import already: then it is not new here.
fn is_beside(one: &Added<'_>, root: &str, around: &mut Around<'_>) -> bool {
    let folder = one.path.parent().to_owned();
    let ending = one.path.extension();
    let files = around.files(&folder);
    let beside = files.iter().filter(|name| {
        **name != one.path.name() && RepoPath::from(name.as_str()).extension() == ending
    });
    let needles: Vec<String> = match one.ecosystem {
        Ecosystem::PyPi => vec![format!("import {root}"), format!("from {root}")],
        _ => vec![format!("\"{root}"), format!("'{root}")],
    };
    let names: Vec<&String> = beside.take(MOST_BESIDE).collect();
    names.iter().any(|name| {
        around
            .read_before(&folder, name)
            .is_some_and(|text| needles.iter().any(|needle| text.contains(needle.as_str())))
    })
}
