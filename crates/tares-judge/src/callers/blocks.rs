//! What of a file looks different to those who import it, told from the text alone.
//!
//! A text falls into blocks, each beginning at a line without indentation. Two sides are
//! compared block by block, without comments and blank lines; what a changed block defines has
//! changed, and so has what mentions it. Wherever that is not plain (code that runs when the
//! module is loaded, one long line, blocks in another order) all of the module counts as
//! changed, so that the answer errs towards looking again.

use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use tares_lang::Family;

/// What an importer of a module may notice of its change, by name, with the lines of head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Names that lead to something that changed, with what changed first and its line.
    pub(crate) names: BTreeMap<String, Origin>,
    /// The line of something that changes the module as a whole.
    pub(crate) whole: Option<u32>,
}

/// The change that a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The name of what changed itself.
    pub(crate) name: String,
    /// The first line of head that differs, 1-based.
    pub(crate) line: u32,
}

impl Changed {
    /// Returns whether nothing shows from outside.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.whole.is_none()
    }

    /// Compares the two sides of a file. `is_added` tells the lines that are new in head.
    pub(crate) fn between(
        base: Option<&str>,
        head: Option<&str>,
        family: Family,
        is_added: impl Fn(u32) -> bool,
    ) -> Self {
        let (Some(base), Some(head)) = (base, head) else {
            return Self {
                names: BTreeMap::new(),
                whole: Some(1),
            };
        };
        let (before, after) = (blocks(base, family), blocks(head, family));
        let keys: FxHashSet<&str> = after.iter().map(|b| b.key.as_str()).collect();
        let known: FxHashSet<&str> = before.iter().map(|b| b.key.as_str()).collect();
        let common = |all: &[Block], other: &FxHashSet<&str>| -> Vec<String> {
            let kept = all.iter().filter(|b| other.contains(b.key.as_str()));
            kept.map(|b| b.key.clone()).collect()
        };
        let mut changed = Self::default();
        if common(&before, &keys) != common(&after, &known) {
            changed.whole = Some(1);
            return changed;
        }
        let bound = Bound::of(&after, family);
        for block in after.iter().filter(|b| !known.contains(b.key.as_str())) {
            let line = (block.first..=block.last).find(|&line| is_added(line));
            changed.note(block, line.unwrap_or(block.first), &bound);
        }
        for block in before.iter().filter(|b| !keys.contains(b.key.as_str())) {
            // What is gone has no line; where its name lives on, that line is known already.
            changed.note(block, 1, &bound);
        }
        changed.spread(&after, &bound);
        changed
    }

    /// Returns what of a module that did not change leads to names that did.
    pub(crate) fn through(text: &str, family: Family, names: &BTreeMap<String, Origin>) -> Self {
        let blocks = blocks(text, family);
        let mut changed = Self {
            names: names.clone(),
            whole: None,
        };
        changed.spread(&blocks, &Bound::of(&blocks, family));
        // A module that only uses what changed hands nothing on.
        changed.whole = None;
        changed
    }

    fn note(&mut self, block: &Block, line: u32, bound: &Bound) {
        for name in &block.names {
            let origin = Origin {
                name: name.clone(),
                line,
            };
            self.names.entry(name.clone()).or_insert(origin);
        }
        if block.touches_all(bound) {
            self.whole.get_or_insert(line);
        }
    }

    /// Adds what mentions a changed name, until nothing more does.
    fn spread(&mut self, blocks: &[Block], bound: &Bound) {
        let words: Vec<FxHashSet<&str>> = blocks.iter().map(|b| words(&b.key).collect()).collect();
        loop {
            let before = (self.names.len(), self.whole);
            for (block, words) in blocks.iter().zip(&words) {
                let found = self
                    .names
                    .iter()
                    .find(|(name, _)| words.contains(name.as_str()));
                let Some(origin) = found.map(|(_, origin)| origin.clone()) else {
                    continue;
                };
                for name in &block.names {
                    self.names
                        .entry(name.clone())
                        .or_insert_with(|| origin.clone());
                }
                if block.touches_all(bound) {
                    self.whole.get_or_insert(origin.line);
                }
            }
            if before == (self.names.len(), self.whole) {
                return;
            }
        }
    }
}

/// One block of a text.
#[derive(Debug)]
struct Block {
    /// The text without comments, blank lines and white space at the ends of lines.
    key: String,
    first: u32,
    last: u32,
    /// Names that it defines or sets.
    names: Vec<String>,
    sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Gives names to functions, classes and values.
    Definition,
    /// Brings names from other modules.
    Import,
    /// Runs when the module is loaded.
    Act,
    /// Runs only where the file is the program.
    Main,
}

/// Names that a module makes itself: acting on them touches nobody else.
struct Bound(FxHashSet<String>);

impl Bound {
    fn of(blocks: &[Block], family: Family) -> Self {
        let own = blocks.iter().filter(|b| b.sort == Sort::Definition);
        let mut names: FxHashSet<String> = own.flat_map(|b| b.names.iter().cloned()).collect();
        if family == Family::JavaScript {
            // What a module exports under no name of its own may be called anything.
            names.remove("exports");
            names.remove("module");
        }
        Self(names)
    }
}

impl Block {
    fn touches_all(&self, bound: &Bound) -> bool {
        match self.sort {
            Sort::Definition => self.names.is_empty(),
            Sort::Import | Sort::Main => false,
            Sort::Act => {
                self.names.iter().any(|name| !bound.0.contains(name)) || self.names.is_empty()
            }
        }
    }
}

fn blocks(text: &str, family: Family) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut quote: Option<&str> = None;
    let mut decorated = false;
    for (number, line) in (1u32..).zip(text.lines()) {
        let trimmed = line.trim();
        let inside = quote.is_some();
        if family == Family::Python {
            quote = after_line(line, quote);
        }
        let is_comment = trimmed.starts_with('#') && family == Family::Python
            || trimmed.starts_with("//") && family != Family::Python;
        if !inside && (trimmed.is_empty() || is_comment) {
            continue;
        }
        let begins = !inside && !decorated && !line.starts_with([' ', '\t']) && !is_rest(trimmed);
        decorated = !inside && trimmed.starts_with('@') && !line.starts_with([' ', '\t']);
        match blocks.last_mut() {
            Some(block) if !begins => {
                block.key.push('\n');
                block.key.push_str(line.trim_end());
                block.last = number;
            }
            _ => blocks.push(Block {
                key: line.trim_end().to_owned(),
                first: number,
                last: number,
                names: Vec::new(),
                sort: Sort::Act,
            }),
        }
    }
    for block in &mut blocks {
        (block.names, block.sort) = if family == Family::Python {
            python(&block.key)
        } else {
            javascript(&block.key)
        };
    }
    // A text alone on its line is documentation.
    blocks.retain(|b| !(family == Family::Python && b.key.starts_with(['"', '\''])));
    blocks
}

/// Lines without indentation that go on with what was before.
fn is_rest(trimmed: &str) -> bool {
    const WORDS: [&str; 5] = ["else", "elif", "except", "finally", "catch"];
    trimmed.starts_with(['}', ')', ']', '*', '.', '|', '&', '?', ','])
        || WORDS.iter().any(|word| {
            let rest = trimmed.strip_prefix(word);
            rest.is_some_and(|rest| rest.starts_with([' ', ':', '(', '{']))
        })
}

/// Returns the triple quote that is open after a line.
fn after_line<'a>(line: &str, mut open: Option<&'a str>) -> Option<&'a str> {
    let mut rest = line;
    loop {
        match open {
            Some(quote) => match rest.find(quote) {
                Some(at) => (rest, open) = (&rest[at + 3..], None),
                None => return open,
            },
            None => {
                let at = |quote| rest.find(quote).map(|at| (at, quote));
                let (at, quote) = [at("\"\"\""), at("'''")].into_iter().flatten().min()?;
                (rest, open) = (&rest[at + 3..], Some(quote));
            }
        }
    }
}

/// Returns the words of a text that could be names.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    parts.filter(|word| word.starts_with(|c: char| !c.is_ascii_digit()))
}

fn python(key: &str) -> (Vec<String>, Sort) {
    let code = key
        .lines()
        .find(|line| !line.starts_with('@'))
        .unwrap_or(key);
    let code = code.strip_prefix("async ").unwrap_or(code);
    if let Some(rest) = code
        .strip_prefix("def ")
        .or_else(|| code.strip_prefix("class "))
    {
        return (
            words(rest).take(1).map(str::to_owned).collect(),
            Sort::Definition,
        );
    }
    if code.starts_with("import ") || code.starts_with("from ") {
        return (all(key, &["import", "from", "as"]), Sort::Import);
    }
    if code.starts_with("if __name__") {
        return (Vec::new(), Sort::Main);
    }
    const COMPOUND: [&str; 6] = ["if ", "try:", "for ", "while ", "with ", "match "];
    if COMPOUND.iter().any(|word| code.starts_with(word)) {
        return (
            all(
                key,
                &["if", "try", "for", "while", "with", "in", "except", "as"],
            ),
            Sort::Definition,
        );
    }
    assigned(key, code)
}

fn javascript(key: &str) -> (Vec<String>, Sort) {
    let mut code = key
        .lines()
        .find(|line| !line.starts_with('@'))
        .unwrap_or(key);
    let rest_of = |code: &str, word: &str| {
        code.strip_prefix(word)
            .is_some_and(|r| r.starts_with([' ', '{', '*', '\'', '"']))
    };
    if rest_of(code, "import") {
        return (all(key, &["import", "from", "as"]), Sort::Import);
    }
    if rest_of(code, "export") {
        code = code["export".len()..].trim_start();
        if code.starts_with(['{', '*']) {
            return (all(key, &["export", "from", "as"]), Sort::Import);
        }
        if code.starts_with("default") {
            return (Vec::new(), Sort::Definition);
        }
    }
    for word in ["declare ", "abstract ", "async "] {
        code = code.strip_prefix(word).unwrap_or(code);
    }
    const ONE: [&str; 6] = [
        "function",
        "class ",
        "interface ",
        "type ",
        "enum ",
        "namespace ",
    ];
    if let Some(rest) = ONE.iter().find_map(|word| code.strip_prefix(word)) {
        return (
            words(rest).take(1).map(str::to_owned).collect(),
            Sort::Definition,
        );
    }
    const MANY: [&str; 3] = ["const ", "let ", "var "];
    if let Some(rest) = MANY.iter().find_map(|word| code.strip_prefix(word)) {
        let start = key.find(rest).unwrap_or(0);
        return (declared(&key[start..]), Sort::Definition);
    }
    if let Some(rest) = code
        .strip_prefix("exports.")
        .or_else(|| code.strip_prefix("module.exports."))
    {
        return (
            words(rest).take(1).map(str::to_owned).collect(),
            Sort::Definition,
        );
    }
    if code.starts_with("'use ") || code.starts_with("\"use ") {
        return (Vec::new(), Sort::Main);
    }
    assigned(key, code)
}

/// Names that a declaration gives, in all of its parts: `a = f(1, 2), { b, c } = d`.
fn declared(text: &str) -> Vec<String> {
    let (mut depth, mut start) = (0i32, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth != 0 {
        // Brackets in texts: every word, rather than to miss one.
        return all(text, &[]);
    }
    parts.push(&text[start..]);
    let names = parts
        .iter()
        .map(|part| part.split_once('=').map_or(*part, |(names, _)| names));
    names.flat_map(|names| all(names, &[])).collect()
}

/// Names of an assignment, or the one that a statement begins with.
fn assigned(key: &str, code: &str) -> (Vec<String>, Sort) {
    let is_name =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | ',' | ' ' | ':' | '(' | ')' | '*');
    if let Some((left, _)) = code.split_once('=')
        && !left.is_empty()
        && (left.split(':').next().unwrap_or(left))
            .trim_end_matches(['+', '-', '|', '*'])
            .chars()
            .all(is_name)
    {
        let names = left.split(':').next().unwrap_or(left);
        let mut found = all(names, &[]);
        // `a = b = c`: the names between are set as well.
        let parts: Vec<&str> = code.split('=').skip(1).map(str::trim).collect();
        let between = &parts[..parts.len().saturating_sub(1)];
        let chained = between.iter().take_while(|part| part.chars().all(is_name));
        found.extend(chained.flat_map(|part| all(part, &[])));
        if !found.is_empty() {
            return (found, Sort::Definition);
        }
    }
    (words(key).take(1).map(str::to_owned).collect(), Sort::Act)
}

fn all(text: &str, without: &[&str]) -> Vec<String> {
    let mut seen: FxHashMap<&str, ()> = FxHashMap::default();
    let found =
        words(text).filter(|word| !without.contains(word) && seen.insert(word, ()).is_none());
    found.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(base: &str, head: &str, family: Family) -> (Vec<String>, bool) {
        let changed = Changed::between(Some(base), Some(head), family, |_| false);
        (changed.names.into_keys().collect(), changed.whole.is_some())
    }

    #[test]
    fn what_does_not_show_is_no_change() {
        let base = "\"\"\"Old.\"\"\"\nimport os\n\ndef f():\n    return 1\n";
        let head =
            "\"\"\"New\ntext.\n\"\"\"\nimport os\n# more\n\n\ndef f():\n    # why\n    return 1\n";
        assert_eq!(names(base, head, Family::Python), (vec![], false));
        let head = format!("{base}\nif __name__ == '__main__':\n    f()\n");
        assert_eq!(names(base, &head, Family::Python), (vec![], false));
    }

    #[test]
    fn what_uses_a_changed_name_has_changed() {
        let base = "LIMIT = 1\n\ndef _low():\n    return LIMIT\n\nclass Client:\n    def get(self):\n        return _low()\n\ndef other():\n    return 2\n";
        let head = base.replace("= 1", "= 9");
        assert_eq!(
            names(base, &head, Family::Python).0,
            ["Client", "LIMIT", "_low"]
        );
        let base = "const limit = 1;\nfunction low() {\n  return limit;\n}\nexports.get = () => low();\nexports.other = () => 2;\n";
        let head = base.replace("= 1", "= 9");
        assert_eq!(
            names(base, &head, Family::JavaScript),
            (
                vec!["get".to_owned(), "limit".to_owned(), "low".to_owned()],
                false
            )
        );
    }

    #[test]
    fn acting_on_what_others_made_changes_the_module() {
        let base = "import requests\n\nclient = requests.Session()\n";
        let own = format!("{base}client.verify = False\n");
        assert_eq!(
            names(base, &own, Family::Python),
            (vec!["client".to_owned()], false)
        );
        let shared = format!("{base}requests.get = print\n");
        assert!(names(base, &shared, Family::Python).1);
        let base = "module.exports = { a: 1 };\n";
        assert!(names(base, "module.exports = { a: 2 };\n", Family::JavaScript).1);
        assert!(
            names(
                "export default 1;\n",
                "export default 2;\n",
                Family::JavaScript
            )
            .1
        );
        assert!(names("A = 1\nA = 2\n", "A = 2\nA = 1\n", Family::Python).1);
    }
}
