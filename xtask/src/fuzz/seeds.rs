//! What the fuzzer begins with: the examples of the rule pages, and the words they are made of.

use crate::house::{Doing as _, Outcome, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Words in a dictionary, the most frequent.
const WORDS: usize = 600;

/// Writes the seeds of a target below `folder/corpus`, beside what earlier runs found there,
/// and returns the dictionary.
pub(super) fn lay_out(target: &str, folder: &Path) -> Outcome<PathBuf> {
    let corpus = folder.join("corpus");
    std::fs::create_dir_all(&corpus).doing(corpus.display())?;
    let seeds = seeds(target)?;
    for (index, seed) in seeds.iter().enumerate() {
        let file = corpus.join(format!("seed-{index:04}"));
        std::fs::write(&file, seed).doing(file.display())?;
    }
    let dictionary = folder.join("dictionary");
    std::fs::write(&dictionary, words(&seeds)).doing(dictionary.display())?;
    Ok(dictionary)
}

fn seeds(target: &str) -> Outcome<BTreeSet<String>> {
    let crates = root().join("crates");
    let mut seeds = BTreeSet::new();
    let (folder, end) = match target {
        "models" => (crates.join("tares-effects").join("models"), "toml"),
        "config" => (root().join("crates").join("tares-policy"), "toml"),
        "patch" => (crates.join("tares-world").join("tests"), "patch"),
        "unicode" | "views" | "settings" | "archive" => {
            (crates.join("tares-guard").join("rules"), "md")
        }
        "osv_json" | "rustsec" => (crates.join("tares-deps").join("rules"), "md"),
        "osv_yaml" | "versions" => (crates.join("tares-deps").join("rules"), "none"),
        _ => (crates.join("tares-rules").join("rules"), "md"),
    };
    for file in below(&folder, end)? {
        let text = std::fs::read_to_string(&file).doing(file.display())?;
        if folder.ends_with("tares-guard/rules") {
            // A whole page is a document; what stands in its fences are texts of their own.
            seeds.extend(text.split("```").map(fence));
            seeds.insert(text);
        } else if end == "md" {
            seeds.extend(blocks(&text, target));
        } else {
            seeds.insert(text);
        }
    }
    if target == "archive" {
        seeds = BTreeSet::from([archive("extension/package.json"), archive("../x")]);
    }
    if target == "patch" {
        seeds.insert("--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n".to_owned());
        seeds.insert(
            "diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n".to_owned(),
        );
    }
    match target {
        "osv_yaml" => seeds.insert(
            "id: GHSA-1\nmodified: 2026-01-05T00:00:00Z\naffected:\n- package:\n    ecosystem: npm\n    name: a\n  \
             ranges:\n  - type: SEMVER\n    events:\n    - introduced: \"0\"\n    - fixed: 1.2.3\n  versions:\n  - 1.0.0\n"
                .to_owned(),
        ),
        "versions" => seeds.insert("1!1.0.0-rc.1+a\nv2.0.0.Final-SNAPSHOT.post1.dev2-p3".to_owned()),
        // A fence inside a block is written with other marks.
        "rustsec" => {
            seeds = seeds.iter().map(|seed| seed.replace("˜˜˜", "```")).collect();
            true
        }
        _ => true,
    };
    Ok(seeds)
}

/// Returns what stands between two fences, without the word behind the first.
fn fence(text: &str) -> String {
    text.split_once('\n')
        .map_or("", |(_, rest)| rest)
        .to_owned()
}

/// Returns a ZIP archive with one stored file of two letters; its bytes are ASCII.
fn archive(name: &str) -> String {
    let short = |n: usize| [(n & 0x7f) as u8 as char, '\0'].iter().collect::<String>();
    let long = |n: usize| short(n) + "\0\0";
    let fields = format!(
        "\0\0\0\0\0\0\0\0{}{}{}{}\0\0",
        long(0),
        long(2),
        long(2),
        short(name.len())
    );
    let file = format!("PK\x03\x04\x14\0{fields}{name}{{}}");
    let entry = format!("PK\x01\x02\x14\0\x14\0{fields}{}{name}", "\0".repeat(14));
    let end = format!(
        "PK\x05\x06\0\0\0\0{0}{0}{1}{2}\0\0",
        short(1),
        long(entry.len()),
        long(file.len())
    );
    file + &entry + &end
}

fn below(folder: &Path, end: &str) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).doing(folder.display())? {
        let path = entry.doing(folder.display())?.path();
        if path.is_dir() {
            files.extend(below(&path, end)?);
        } else if path.extension().is_some_and(|extension| extension == end) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the fenced blocks of a page that are in a language, by the first word of the fence.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some((wanted, text))) => {
                if *wanted {
                    blocks.push(std::mem::take(text));
                }
                open = None;
            }
            (Some(fence), None) => {
                let word = fence.split_whitespace().next().unwrap_or_default();
                open = Some((is_of(word, language), String::new()));
            }
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// Whether a fence's word names a language; TypeScript begins with JavaScript's examples too.
fn is_of(word: &str, language: &str) -> bool {
    match word {
        "js" | "jsx" | "javascript" => matches!(language, "javascript" | "typescript"),
        "ts" | "tsx" | "typescript" => language == "typescript",
        "sh" | "bash" | "shell" => language == "shell",
        "py" => language == "python",
        "json" => language == "osv_json",
        "markdown" => language == "rustsec",
        word => word == language,
    }
}

/// Returns the most frequent words and runs of marks, as libFuzzer reads a dictionary.
fn words(seeds: &BTreeSet<String>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seeds {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let parts = seed.split(|c: char| !word(c));
        let marks = seed.split(|c: char| word(c) || c.is_whitespace());
        for part in parts.chain(marks) {
            let plain = part.bytes().all(|byte| byte.is_ascii_graphic());
            if plain && (2..=24).contains(&part.len()) {
                *counts.entry(part).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    let lines = counts.iter().take(WORDS).map(|(word, _)| {
        let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{escaped}\"\n")
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::{blocks, words};
    use std::collections::BTreeSet;

    #[test]
    fn blocks_are_taken_by_their_language() {
        let page =
            "# x\n```python task=\"y\"\na = 1\n```\ntext\n```js\nb()\n```\n```text\nc\n```\n";
        assert_eq!(blocks(page, "python"), ["a = 1\n"]);
        assert_eq!(blocks(page, "typescript"), ["b()\n"]);
    }

    #[test]
    fn words_come_by_how_often_they_stand() {
        let seeds = BTreeSet::from(["run(x) run(y) == \"\\\"".to_owned()]);
        assert_eq!(words(&seeds), "\"run\"\n\"\\\"\\\\\\\"\"\n\"==\"\n");
    }
}
