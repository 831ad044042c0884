//! Every format: names, versions, origins and digests with their places; and what bad input gets.

use proptest::prelude::*;
use tares_deps::formats::{is_dependency_file, read};
use tares_deps::{Ecosystem, Origin, Place, Reference};
use tares_model::RepoPath;

fn look(path: &str, text: &str) -> Vec<Reference> {
    let found = read(&RepoPath::from(path), text)
        .expect("a format")
        .expect("readable");
    for reference in &found {
        let shown = reference.span.text(text);
        assert!(!shown.is_empty(), "{path}: {reference:?} stands nowhere");
    }
    found
}

/// Name and exact version of each reference.
fn names(path: &str, text: &str) -> Vec<String> {
    look(path, text)
        .iter()
        .map(|r| match &r.version {
            Some(version) => format!("{}@{version}", r.name),
            None => r.name.clone(),
        })
        .collect()
}

#[test]
fn python_manifests() {
    let text = "# tools\nrequests[socks]==2.32.0 ; python_version > '3.8'\nflask>=2,<3  # web\n-r base.txt\nDjango\nattrs==23.1.0 \\\n    --hash=sha256:00aa\n-e git+https://git.example/a/b.git@v1#egg=bee\n";
    assert_eq!(
        names("requirements.txt", text),
        ["requests@2.32.0", "flask", "Django", "attrs@23.1.0", "bee"]
    );
    let found = look("requirements/dev.txt", text);
    assert!(found[3].digest.is_some());
    assert_eq!(
        found[4].origin,
        Origin::Git {
            url: "https://git.example/a/b.git".into(),
            revision: "v1".into()
        }
    );
    let text = "[project]\ndependencies = [\"httpx>=0.27\", \"rich==13.0\"]\n[project.optional-dependencies]\nx = [\"numpy\"]\n[dependency-groups]\ndev = [\"pytest\", {include-group = \"x\"}]\n[build-system]\nrequires = [\"hatchling\"]\n[tool.uv.sources]\nrich = { git = \"https://git.example/rich\", rev = \"main\" }\n[tool.poetry.dependencies]\npython = \"^3.9\"\npendulum = \"3.0.0\"\nlocal = { path = \"../local\" }\n";
    assert_eq!(
        names("pyproject.toml", text),
        [
            "httpx",
            "rich@13.0",
            "numpy",
            "pytest",
            "hatchling",
            "pendulum@3.0.0",
            "local"
        ]
    );
    let found = look("pyproject.toml", text);
    assert!(
        matches!(found[1].origin, Origin::Git { .. }) && matches!(found[6].origin, Origin::Path(_))
    );
    assert_eq!(
        names(
            "setup.cfg",
            "[options]\ninstall_requires =\n    click>=8\n    tomli==2.0.1; python_version < '3.11'\npackages = find:\n"
        ),
        ["click", "tomli@2.0.1"]
    );
    assert_eq!(
        names(
            "Pipfile",
            "[packages]\nflask = \"*\"\n[dev-packages]\nblack = \"==24.1.0\"\n"
        ),
        ["flask", "black@24.1.0"]
    );
    assert_eq!(
        names(
            "environment.yml",
            "dependencies:\n  - python=3.11\n  - pip:\n    - rich==13.0\n"
        ),
        ["rich@13.0"]
    );
}

#[test]
fn python_locks() {
    let text = "version = 1\n[[package]]\nname = \"rich\"\nversion = \"13.0\"\nsource = { registry = \"https://packages.example/simple\" }\nwheels = [{ url = \"https://files.example/rich.whl\", hash = \"sha256:00\" }]\n[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { virtual = \".\" }\n";
    let found = look("uv.lock", text);
    assert_eq!(
        found[0].origin,
        Origin::Resolved("https://packages.example/simple".into())
    );
    assert!(found[0].digest.is_some() && matches!(found[1].origin, Origin::Path(_)));
    let text = "version = 1\n[[package]]\nname = \"sdk\"\nversion = \"1.0\"\nsource = { git = \"https://git.example/sdk.git?subdirectory=py&rev=abc#0123456789012345678901234567890123456789\" }\n";
    assert!(
        matches!(&look("uv.lock", text)[0].origin, Origin::Git { revision, .. } if revision.len() == 40)
    );
    assert_eq!(
        names(
            "Pipfile.lock",
            "{\"default\": {\"flask\": {\"version\": \"==3.0.0\", \"hashes\": [\"sha256:0\"]}}}"
        ),
        ["flask@3.0.0"]
    );
}

#[test]
fn node_manifests_and_locks() {
    let text = "{\"dependencies\": {\"a\": \"1.2.3\", \"b\": \"^2.0.0\", \"c\": \"npm:@s/d@3.0.0\", \"e\": \"owner/repo#main\", \"f\": \"workspace:*\"}, \"devDependencies\": {\"g\": \"latest\"}, \"overrides\": {\"h@1\": \"1.0.1\"}}";
    assert_eq!(
        names("package.json", text),
        ["a@1.2.3", "b", "@s/d@3.0.0", "e", "f", "g", "h@1.0.1"]
    );
    let found = look("package.json", text);
    assert!(matches!(&found[3].origin, Origin::Git { revision, .. } if revision == "main"));
    assert!(matches!(found[4].origin, Origin::Path(_)));
    let text = "{\"packages\": {\"\": {\"name\": \"app\"}, \"node_modules/@s/d\": {\"version\": \"3.0.0\", \"resolved\": \"https://r.example/@s/d/-/d-3.0.0.tgz\", \"integrity\": \"sha512-x\"}, \"node_modules/l\": {\"link\": true}}}";
    assert_eq!(names("package-lock.json", text), ["@s/d@3.0.0"]);
    assert_eq!(
        names(
            "package-lock.json",
            "{\"dependencies\": {\"a\": {\"version\": \"1.0.0\", \"dependencies\": {\"b\": {\"version\": \"2.0.0\"}}}}}"
        ),
        ["a@1.0.0", "b@2.0.0"]
    );
    let text = "# yarn lockfile v1\n\n\"@s/d@^3.0.0\", \"@s/d@^3.1.0\":\n  version \"3.1.0\"\n  resolved \"https://r.example/@s/d/-/d-3.1.0.tgz#ab\"\n  integrity sha512-x\n  dependencies:\n    e \"1\"\n\na@1.0.0:\n  version \"1.0.0\"\n";
    assert_eq!(names("yarn.lock", text), ["@s/d@3.1.0", "a@1.0.0"]);
    let text = "__metadata:\n  version: 8\n\n\"a@npm:^1.0.0\":\n  version: 1.0.2\n  resolution: \"a@npm:1.0.2\"\n  checksum: 10/ab\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n";
    let found = look("yarn.lock", text);
    assert_eq!(
        (found[0].version.as_deref(), found[0].digest.as_deref()),
        (Some("1.0.2"), Some("10/ab"))
    );
    assert!(matches!(found[1].origin, Origin::Path(_)));
    let text = "lockfileVersion: '9.0'\npackages:\n  '@s/d@3.0.0':\n    resolution: {integrity: sha512-x}\n  a@1.0.0(react@18.0.0):\n    resolution: {integrity: sha512-y}\n    engines: {node: '>=18'}\n";
    assert_eq!(names("pnpm-lock.yaml", text), ["@s/d@3.0.0", "a@1.0.0"]);
    assert!(
        look("pnpm-lock.yaml", text)
            .iter()
            .all(|r| r.digest.is_some())
    );
    assert_eq!(
        names(
            "bun.lock",
            "{\"packages\": {\"a\": [\"a@1.0.0\", \"\", {}, \"sha512-x\"],}}"
        ),
        ["a@1.0.0"]
    );
}

#[test]
fn other_ecosystems() {
    assert_eq!(
        names(
            "Cargo.toml",
            "[dependencies]\nserde = \"1\"\nx = { package = \"y\", version = \"=1.2.3\" }\nz = { workspace = true }\n[target.'cfg(unix)'.dependencies]\nlibc = { git = \"https://git.example/libc\" }\n"
        ),
        ["serde", "y@1.2.3", "libc"]
    );
    assert_eq!(
        names(
            "Cargo.lock",
            "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\nchecksum = \"ab\"\n"
        ),
        ["app@0.1.0", "serde@1.0.0"]
    );
    assert_eq!(
        names(
            "go.mod",
            "module app.example/a\n\ngo 1.22\n\nrequire (\n\tgit.example/x/y v1.2.3 // indirect\n)\nrequire git.example/z v0.1.0\nreplace git.example/z => ../z\n"
        ),
        ["git.example/x/y@v1.2.3", "git.example/z@v0.1.0"]
    );
    assert_eq!(
        names(
            "go.sum",
            "git.example/x v1.0.0 h1:ab=\ngit.example/x v1.0.0/go.mod h1:cd=\n"
        ),
        ["git.example/x@v1.0.0"]
    );
    assert_eq!(
        names(
            "pom.xml",
            "<project><dependencies><dependency><groupId>org.a</groupId><artifactId>b</artifactId><version>1.0</version></dependency><dependency><groupId>org.c</groupId><artifactId>d</artifactId><version>${v}</version></dependency></dependencies></project>"
        ),
        ["org.a:b@1.0", "org.c:d"]
    );
    assert_eq!(
        names(
            "build.gradle.kts",
            "dependencies {\n    implementation(\"org.a:b:1.0\")\n    testImplementation(platform(\"org.c:d\"))\n}\n"
        ),
        ["org.a:b@1.0", "org.c:d"]
    );
    assert_eq!(
        names(
            "gradle/libs.versions.toml",
            "[versions]\nv = \"2.0\"\n[libraries]\na = { module = \"org.a:b\", version.ref = \"v\" }\nc = \"org.c:d:1.0\"\n"
        ),
        ["org.a:b@2.0", "org.c:d@1.0"]
    );
}

#[test]
fn further_ecosystems() {
    assert_eq!(
        names(
            "Gemfile",
            "gem 'rails', '~> 7.1'\ngem \"x\", git: \"https://git.example/x\", branch: 'main'\n"
        ),
        ["rails", "x"]
    );
    assert_eq!(
        names(
            "Gemfile.lock",
            "GEM\n  remote: https://gems.example/\n  specs:\n    rails (7.1.0)\n      rack (>= 2)\n\nCHECKSUMS\n  rails (7.1.0) sha256=ab\n"
        ),
        ["rails@7.1.0"]
    );
    assert_eq!(
        names(
            "composer.json",
            "{\"require\": {\"php\": \">=8\", \"a/b\": \"1.2.3\"}}"
        ),
        ["a/b@1.2.3"]
    );
    assert_eq!(
        names(
            "composer.lock",
            "{\"packages\": [{\"name\": \"a/b\", \"version\": \"v1.2.3\", \"dist\": {\"url\": \"https://d.example/x.zip\", \"shasum\": \"ab\"}}]}"
        ),
        ["a/b@1.2.3"]
    );
    assert_eq!(
        names(
            "app.csproj",
            "<Project><ItemGroup><PackageReference Include=\"A.B\" Version=\"1.2.3\" /></ItemGroup></Project>"
        ),
        ["A.B@1.2.3"]
    );
    assert_eq!(
        names(
            "packages.lock.json",
            "{\"dependencies\": {\"net8.0\": {\"A.B\": {\"type\": \"Direct\", \"resolved\": \"1.2.3\", \"contentHash\": \"x\"}}}}"
        ),
        ["A.B@1.2.3"]
    );
    assert_eq!(
        names(
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container: node:20\n    steps:\n      - uses: actions/checkout@v4\n      - uses: ./local\n"
        ),
        ["node@20", "actions/checkout"]
    );
    assert_eq!(
        names(
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    x: [\n      1,\n      # 2\n    ]\n    steps:\n      - uses: actions/checkout@v4\n"
        ),
        ["actions/checkout"]
    );
    assert_eq!(
        names(
            "Dockerfile",
            "FROM --platform=x golang:1.22 AS build\nFROM build\nFROM scratch\nFROM host.example:5000/a/b@sha256:ab\n"
        ),
        ["golang@1.22", "host.example:5000/a/b"]
    );
}

#[test]
fn package_urls_and_normal_names() {
    assert_eq!(
        Ecosystem::PyPi.normal("Ruamel.Yaml__clib"),
        "ruamel-yaml-clib"
    );
    assert_eq!(
        Ecosystem::Npm.purl("@S/d", Some("1.0.0")),
        "pkg:npm/%40s/d@1.0.0"
    );
    assert_eq!(Ecosystem::Maven.purl("org.a:b", None), "pkg:maven/org.a/b");
    assert!(
        !Ecosystem::PyPi.is_name("a b")
            && !Ecosystem::Npm.is_name("../x")
            && Ecosystem::Npm.is_name("@s/d")
    );
}

#[test]
fn bombs_are_refused() {
    let deep = format!("{{\"dependencies\": {}", "{\"a\":".repeat(100_000));
    for path in [
        "package.json",
        "package-lock.json",
        "composer.lock",
        "bun.lock",
    ] {
        assert!(
            read(&RepoPath::from(path), &deep)
                .expect("a format")
                .is_err(),
            "{path}"
        );
    }
    let yaml = format!("packages:\n{}", "- ".repeat(100_000));
    assert!(
        read(&RepoPath::from("pnpm-lock.yaml"), &yaml)
            .expect("a format")
            .is_err()
    );
    let huge = " ".repeat(tares_deps::formats::LARGEST + 1);
    assert!(
        read(&RepoPath::from("package-lock.json"), &huge)
            .expect("a format")
            .is_err()
    );
    assert!(!is_dependency_file(&RepoPath::from("notes.txt")));
    assert!(
        look("requirements.txt", "")
            .iter()
            .all(|r| r.place == Place::Manifest)
    );
}

const FILES: [&str; 24] = [
    "requirements.txt",
    "pyproject.toml",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "setup.cfg",
    "environment.yml",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "Cargo.toml",
    "Cargo.lock",
    "go.mod",
    "go.sum",
    "pom.xml",
    "build.gradle",
    "libs.versions.toml",
    "Gemfile",
    "Gemfile.lock",
    "composer.lock",
    "a.csproj",
    "Dockerfile",
];

proptest! {
    #[test]
    fn any_text_is_read_without_a_fault(parts in proptest::collection::vec(proptest::sample::select(vec!["name", "=", "\"", "'", "[", "]", "[[package]]\n", "{", "}", ":", ",", "\n", "  ", "    ", "- ", "@", "1.2.3", "==", "git+", "https://h.example/x", "<dependency>", "<groupId>", "</groupId>", "<artifactId>é</artifactId>", "require (", "\\", "#", "dependencies", "version", "source", "FROM ", " AS "]), 0..60)) {
        let text = parts.concat();
        for path in FILES {
            if let Some(Ok(found)) = read(&RepoPath::from(path), &text) {
                for reference in found {
                    prop_assert!(text.get(reference.span.start as usize..reference.span.end as usize).is_some(), "{path}");
                }
            }
        }
        tares_deps::formats::commands(&text);
    }
}
