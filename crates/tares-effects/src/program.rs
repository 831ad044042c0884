//! The rest of the repository, as far as imports need it.

use std::sync::Arc;
use tares_lang::Language;
use tares_model::RepoPath;

/// Answers what an import leads to. The caller decides where files come from.
pub trait Program: Sync {
    /// Returns whether a file exists.
    fn exists(&self, path: &RepoPath) -> bool;

    /// Returns the text of a file; `None` where it is missing, too large or not UTF-8.
    fn read(&self, path: &RepoPath) -> Option<Arc<str>>;

    /// Whether every import that is used is followed. Otherwise only those are that get data or
    /// functions worth following: where all files are analysed, each is met where it stands.
    fn is_thorough(&self) -> bool {
        true
    }

    /// Returns the file that an import in `from` leads to, if the repository has it.
    fn resolve(&self, from: &RepoPath, written: &str, language: Language) -> Option<RepoPath> {
        candidates(from, written, language)
            .into_iter()
            .find(|path| self.exists(path))
    }
}

/// A program of one file.
pub struct NoProgram;

impl Program for NoProgram {
    fn exists(&self, _: &RepoPath) -> bool {
        false
    }

    fn read(&self, _: &RepoPath) -> Option<Arc<str>> {
        None
    }
}

/// Returns the files that an import may lead to, most likely first.
pub fn candidates(from: &RepoPath, written: &str, language: Language) -> Vec<RepoPath> {
    match language {
        Language::Python => python(from, written),
        Language::JavaScript | Language::TypeScript | Language::Tsx => javascript(from, written),
        Language::Shell | Language::Carrier(_) => Vec::new(),
        Language::Go => go(written),
        Language::Java => java(from, written),
    }
}

fn python(from: &RepoPath, written: &str) -> Vec<RepoPath> {
    let dots = written.chars().take_while(|c| *c == '.').count();
    let rest = &written[dots..];
    let tail = rest.replace('.', "/");
    let mut roots: Vec<String> = Vec::new();
    if dots > 0 {
        let mut folder = from.parent();
        for _ in 1..dots {
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        roots.push(folder.to_owned());
    } else {
        // The folder of the file, each folder above it, and the usual source roots.
        let mut folder = from.parent();
        loop {
            roots.push(folder.to_owned());
            match folder.rsplit_once('/') {
                Some((parent, _)) => folder = parent,
                None if !folder.is_empty() => folder = "",
                None => break,
            }
        }
        roots.push("src".to_owned());
        roots.push("lib".to_owned());
    }
    let mut paths = Vec::new();
    for root in roots {
        let base = join(&root, &tail);
        if base.is_empty() {
            continue;
        }
        if !rest.is_empty() {
            paths.push(RepoPath::from(format!("{base}.py")));
        }
        paths.push(RepoPath::from(format!("{base}/__init__.py")));
    }
    paths
}

/// A class of the same package (`.Name`), or of any package below a folder above the file; tests
/// find what they test beside them.
fn java(from: &RepoPath, written: &str) -> Vec<RepoPath> {
    if let Some(name) = written.strip_prefix('.') {
        let own = join(from.parent(), &format!("{name}.java"));
        let tested = own.replacen("src/test/java", "src/main/java", 1);
        let mut paths = vec![RepoPath::from(own.clone())];
        if tested != own {
            paths.push(RepoPath::from(tested));
        }
        return paths;
    }
    let tail = format!("{}.java", written.replace('.', "/"));
    let mut paths = Vec::new();
    let mut folder = from.parent();
    loop {
        let path = join(folder, &tail);
        if folder.ends_with("src/test/java") {
            let tested = path.replacen("src/test/java", "src/main/java", 1);
            paths.push(RepoPath::from(tested));
        }
        paths.push(RepoPath::from(path));
        match folder.rsplit_once('/') {
            Some((parent, _)) => folder = parent,
            None if !folder.is_empty() => folder = "",
            None => break,
        }
    }
    paths
}

fn javascript(from: &RepoPath, written: &str) -> Vec<RepoPath> {
    let base = if written.starts_with('.') {
        join(from.parent(), written)
    } else if let Some(rest) = written
        .strip_prefix("@/")
        .or_else(|| written.strip_prefix("~/"))
    {
        join("src", rest)
    } else {
        return Vec::new();
    };
    let Some(base) = normalise(&base) else {
        return Vec::new();
    };
    let mut paths = vec![RepoPath::from(base.clone())];
    for stem in [
        base.clone(),
        base.trim_end_matches(".js")
            .trim_end_matches(".mjs")
            .to_owned(),
    ] {
        for ext in ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"] {
            paths.push(RepoPath::from(format!("{stem}.{ext}")));
        }
    }
    for ext in ["ts", "tsx", "js", "jsx", "mjs", "cjs"] {
        paths.push(RepoPath::from(format!("{base}/index.{ext}")));
    }
    paths.retain(|p| p.extension().is_some());
    paths
}

fn join(folder: &str, rest: &str) -> String {
    match (folder.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{rest}"),
    }
}

/// Resolves `.` and `..`; `None` where the path leaves the repository.
fn normalise(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file of a package that has its name, below any folder that the module may be: what stands
/// before it is the module's own path.
fn go(written: &str) -> Vec<RepoPath> {
    let parts: Vec<&str> = written.split('/').collect();
    let Some(last) = parts.last() else {
        return Vec::new();
    };
    let below = (1..parts.len()).map(|i| format!("{}/{last}.go", parts[i..].join("/")));
    below.map(RepoPath::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_stay_inside_the_repository() {
        let from = RepoPath::from("src/web/app.ts");
        assert!(candidates(&from, "../../../etc/passwd", Language::TypeScript).is_empty());
        assert!(
            candidates(&from, "../db", Language::TypeScript).contains(&RepoPath::from("src/db.ts"))
        );
        let from = RepoPath::from("pkg/sub/mod.py");
        assert!(
            candidates(&from, "..other", Language::Python)
                .contains(&RepoPath::from("pkg/other.py"))
        );
        assert!(
            candidates(&from, "pkg.tools", Language::Python)
                .contains(&RepoPath::from("pkg/tools.py"))
        );
    }
}
