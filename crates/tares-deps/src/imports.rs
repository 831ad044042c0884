//! Which packages an import may mean, told from names alone.
//!
//! What this gives are candidates: that one exists is asked, and that it provides the import is
//! told by an installed copy or by the files of the archive. A table of famous names that differ
//! from their package (`data/pypi-imports.txt`) only adds candidates, since such tables have been
//! seen to hold names that anybody could register.

use crate::Ecosystem;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Modules of Python's standard library in all versions, 2 and 3, as the interpreters list them.
static PYTHON: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| include_str!("../data/python.txt").lines().collect());

/// Modules built into Node.
static NODE: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| include_str!("../data/node.txt").lines().collect());

static FAMOUS: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    include_str!("../data/pypi-imports.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.collect()))
        })
        .collect()
});

/// Names below which several packages put modules of their own (PEP 420 and its forerunners).
const SHARED: [&str; 22] = [
    "azure",
    "backports",
    "collective",
    "djangorestframework",
    "dogpile",
    "google",
    "jaraco",
    "keystoneauth1",
    "llama_index",
    "logilab",
    "mpl_toolkits",
    "odoo",
    "opentelemetry",
    "oslo",
    "paste",
    "plone",
    "pulumi",
    "ruamel",
    "sphinxcontrib",
    "twisted",
    "zc",
    "zope",
];

/// Most candidates of one import.
const MOST: usize = 6;

/// Returns the part of an import that names a package; `None` where it can name none: relative
/// paths, addresses, names that only a bundler knows.
pub fn root(ecosystem: Ecosystem, module: &str) -> Option<&str> {
    match ecosystem {
        Ecosystem::PyPi => {
            let root = module.split('.').next()?;
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            (!root.is_empty() && root.chars().all(is_name)).then_some(root)
        }
        Ecosystem::Npm => {
            // `a:b` is an address or a virtual module, `a!b` and `a?b` ask a bundler.
            let is_foreign = module.starts_with(['.', '/', '#', '~', '$'])
                || module.starts_with("@/")
                || module.contains([':', '!', '?', '\\', ' ', '*']);
            if is_foreign {
                return None;
            }
            let parts = 1 + usize::from(module.starts_with('@'));
            let end = module.match_indices('/').nth(parts - 1);
            let root = &module[..end.map_or(module.len(), |(at, _)| at)];
            Ecosystem::Npm.is_name(root).then_some(root)
        }
        Ecosystem::Go => Ecosystem::Go.is_name(module).then_some(module),
        _ => None,
    }
}

/// Returns whether the language itself brings a module.
pub fn is_builtin(ecosystem: Ecosystem, module: &str) -> bool {
    match ecosystem {
        Ecosystem::PyPi => module
            .split('.')
            .next()
            .is_some_and(|root| PYTHON.contains(root)),
        Ecosystem::Npm => {
            module.starts_with("node:")
                || module
                    .split('/')
                    .next()
                    .is_some_and(|root| NODE.contains(root))
        }
        Ecosystem::Go => !module.split('/').next().unwrap_or("").contains('.'),
        _ => false,
    }
}

/// Returns the packages that may provide a module, most likely first, in normal form. `names` are
/// those taken from it, which may be modules too.
pub fn candidates(ecosystem: Ecosystem, module: &str, names: &[String]) -> Vec<String> {
    let Some(root) = root(ecosystem, module) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    let mut push = |name: &str| {
        let name = ecosystem.normal(name);
        if !found.contains(&name) && found.len() < MOST && ecosystem.is_name(&name) {
            found.push(name);
        }
    };
    match ecosystem {
        Ecosystem::PyPi => {
            let longer: Vec<String> = names
                .iter()
                .map(|name| format!("{module}.{name}"))
                .collect();
            for path in longer.iter().map(String::as_str).chain([module]) {
                famous(path).for_each(&mut push);
            }
            if SHARED.contains(&root) {
                for path in longer.iter().map(String::as_str).chain([module]) {
                    let dots = path.match_indices('.').map(|(at, _)| at);
                    let ends: Vec<usize> = dots.skip(1).chain([path.len()]).take(2).collect();
                    ends.iter().for_each(|end| push(&path[..*end]));
                }
            }
            push(root);
        }
        Ecosystem::Npm => push(root),
        Ecosystem::Go => {
            let slashes: Vec<usize> = module.match_indices('/').map(|(at, _)| at).collect();
            let ends = slashes.iter().skip(1).copied().chain([module.len()]);
            ends.take(4).for_each(|end| push(&module[..end]));
        }
        _ => {}
    }
    found
}

/// Returns what is famous for a module, by the longest part of its path.
fn famous(path: &str) -> impl Iterator<Item = &'static str> {
    let ends = std::iter::once(path.len()).chain(path.rmatch_indices('.').map(|(at, _)| at));
    let known = ends.into_iter().find_map(|end| FAMOUS.get(&path[..end]));
    known.into_iter().flatten().copied()
}

/// Returns the packages that are famous for a module of this name, where they are called otherwise.
pub fn known_for(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
    let (Ecosystem::PyPi, true) = (ecosystem, name.len() < 64) else {
        return None;
    };
    let found = FAMOUS.get(name)?.first()?;
    (*found != ecosystem.normal(name)).then_some(found)
}

/// Returns whether a declared package may well be what provides a module. Said generously: it only
/// keeps tares from complaining.
pub fn may_provide(ecosystem: Ecosystem, package: &str, module: &str, names: &[String]) -> bool {
    let package = ecosystem.normal(package);
    match ecosystem {
        Ecosystem::PyPi => {
            let Some(root) = root(ecosystem, module) else {
                return true;
            };
            if candidates(ecosystem, module, names).contains(&package) {
                return true;
            }
            let plain = |text: &str| -> String {
                let kept = text.chars().filter(|c| c.is_ascii_alphanumeric());
                kept.map(|c| c.to_ascii_lowercase()).collect()
            };
            let bare = |text: &str| {
                let text = plain(text);
                let text = text.strip_prefix("python").unwrap_or(&text);
                text.strip_prefix("py").unwrap_or(text).to_owned()
            };
            let (package, root) = (bare(&package), bare(root));
            let is_part = |one: &str, other: &str| one.len() >= 3 && other.contains(one);
            package == root || is_part(&package, &root) || is_part(&root, &package)
        }
        Ecosystem::Npm => {
            let Some(root) = root(ecosystem, module) else {
                return true;
            };
            let root = ecosystem.normal(root);
            let typed = root.trim_start_matches('@').replace('/', "__");
            package == root || package.strip_prefix("@types/") == Some(typed.as_str())
        }
        Ecosystem::Go => {
            let rest = module.strip_prefix(package.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ecosystem::{Go, Npm, PyPi};

    #[test]
    fn roots_are_what_names_a_package() {
        for (ecosystem, module, wanted) in [
            (PyPi, "yaml.loader", Some("yaml")),
            (PyPi, "..local", None),
            (Npm, "@scope/name/deep", Some("@scope/name")),
            (Npm, "left-pad/x", Some("left-pad")),
            (Npm, "./a", None),
            (Npm, "#inner", None),
            (Npm, "virtual:pwa", None),
            (Npm, "@/components/a", None),
            (Go, "git.example/a/b/c", Some("git.example/a/b/c")),
        ] {
            assert_eq!(root(ecosystem, module), wanted, "{module}");
        }
    }

    #[test]
    fn languages_bring_their_own() {
        for module in ["os.path", "tomllib", "distutils.core", "urllib2", "asyncio"] {
            assert!(is_builtin(PyPi, module), "{module}");
        }
        for module in ["fs", "fs/promises", "node:test", "node:sqlite"] {
            assert!(is_builtin(Npm, module), "{module}");
        }
        assert!(is_builtin(Go, "net/http") && !is_builtin(Go, "git.example/a"));
        assert!(!is_builtin(PyPi, "requests") && !is_builtin(Npm, "express"));
    }

    #[test]
    fn candidates_follow_fame_spelling_and_shared_names() {
        assert_eq!(candidates(PyPi, "cv2", &[])[0], "opencv-python");
        assert_eq!(candidates(PyPi, "bs4.element", &[])[0], "beautifulsoup4");
        assert_eq!(candidates(PyPi, "my_lib.core", &[]), ["my-lib"]);
        let names = ["bigquery".to_owned()];
        let found = candidates(PyPi, "google.cloud", &names);
        assert!(
            found.contains(&"google-cloud-bigquery".to_owned()),
            "{found:?}"
        );
        assert_eq!(
            candidates(Go, "git.example/a/b/c", &[]),
            ["git.example/a", "git.example/a/b", "git.example/a/b/c"]
        );
    }

    #[test]
    fn a_declared_package_is_believed_generously() {
        assert!(may_provide(PyPi, "python-jose", "jose.jwt", &[]));
        assert!(may_provide(PyPi, "Django-Filter", "django_filters", &[]));
        assert!(may_provide(Npm, "@types/express", "express", &[]));
        assert!(may_provide(Go, "git.example/a/b", "git.example/a/b/c", &[]));
        assert!(!may_provide(Go, "git.example/a/b", "git.example/a/bc", &[]));
        assert!(!may_provide(PyPi, "requests", "fastjsontools", &[]));
    }
}
