//! What a folder names, and why.

use tares_judge::inventory::{inventory, why};
use tares_model::RepoPath;

fn files(files: &[(&str, &str)]) -> Vec<(RepoPath, String)> {
    let file = |(path, text): &(&str, &str)| (RepoPath::from(*path), (*text).to_owned());
    files.iter().map(file).collect()
}

const LOCK: &str = "{\"packages\": {\"\": {\"name\": \"app\", \"dependencies\": {\"a\": \"^1\"}}, \"node_modules/a\": {\"version\": \"1.2.0\", \"integrity\": \"sha512-x\", \"dependencies\": {\"b\": \"*\"}}, \"node_modules/b\": {\"version\": \"2.0.0\", \"dependencies\": {\"c\": \"*\"}}, \"node_modules/c\": {\"version\": \"3.0.0\"}}}";

#[test]
fn a_lock_file_gives_the_version_of_what_a_manifest_asks_for() {
    let items = inventory(&files(&[
        (
            "package.json",
            "{\"dependencies\": {\"a\": \"^1.0.0\", \"own\": \"workspace:*\"}}",
        ),
        ("package-lock.json", LOCK),
        ("Makefile", "setup:\n\tpip install left-shift\n"),
    ]));
    let purls: Vec<String> = items.iter().map(|item| item.purl()).collect();
    assert_eq!(
        purls,
        [
            "pkg:pypi/left-shift",
            "pkg:npm/a@1.2.0",
            "pkg:npm/b@2.0.0",
            "pkg:npm/c@3.0.0"
        ]
    );
    assert!(items[1].has_digest() && !items[2].has_digest());
    assert_eq!(items[1].mentions.len(), 2);
    assert_eq!(
        (
            items[0].mentions[0].path.as_str(),
            items[0].mentions[0].line
        ),
        ("Makefile", 2)
    );
}

#[test]
fn why_follows_the_edges_of_a_lock_file() {
    let files = files(&[
        ("package.json", "{\"dependencies\": {\"a\": \"^1.0.0\"}}"),
        ("package-lock.json", LOCK),
        (
            "Cargo.lock",
            "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"x_y 1.0.0\"]\n[[package]]\nname = \"x_y\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\ndependencies = [\"z\"]\n[[package]]\nname = \"z\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\n",
        ),
    ]);
    let of = |name| {
        let reasons = why(&files, name);
        let line = |r: &tares_judge::inventory::Reason| {
            format!(
                "{}:{} {}",
                r.mention.path,
                r.mention.line,
                r.chain.join(">")
            )
        };
        reasons.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(of("c"), ["package-lock.json:1 a>b>c"]);
    assert_eq!(of("a"), ["package.json:1 ", "package-lock.json:1 a"]);
    assert_eq!(of("z"), ["Cargo.lock:11 x-y>z"]);
    assert_eq!(of("nothing"), Vec::<String>::new());
}
