//! `docs/exit-codes.md` from the comments of the constants.

use super::{HEAD, Page, read};
use crate::house::{Failure, Outcome};
use std::path::Path;

const SOURCE: &str = "crates/tares-model/src/exit.rs";

pub(super) fn page(root: &Path) -> Outcome<Page> {
    let codes = codes(&read(&root.join(SOURCE))?);
    if codes.is_empty() {
        return Err(Failure::new(format!("{SOURCE}: no exit code found")));
    }
    let head = format!(
        "{HEAD}\n# Exit codes\n\nThe source is `{SOURCE}`. A closed pipe on the reading side is success.\n\n\
         | code | name | meaning |\n|---:|---|---|\n"
    );
    let row = |(number, name, meaning)| format!("| {number} | {name} | {meaning} |\n");
    let text = std::iter::once(head)
        .chain(codes.into_iter().map(row))
        .collect();
    Ok(Page {
        path: "docs/exit-codes.md",
        text,
    })
}

/// Returns number, name and comment of every variant of the enumeration.
fn codes(source: &str) -> Vec<(u8, String, String)> {
    let (mut codes, mut comment) = (Vec::new(), Vec::new());
    let body = source
        .lines()
        .skip_while(|line| !line.starts_with("pub enum ExitCode"));
    for line in body.take_while(|line| *line != "}").map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            comment.push(words.trim());
        } else if let Some((name, number)) = line.trim_end_matches(',').split_once(" = ")
            && let Ok(number) = number.parse()
        {
            codes.push((number, name.to_owned(), comment.join(" ")));
            comment.clear();
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn comments_of_several_lines_are_joined() {
        let source = "pub enum ExitCode {\n    /// Fine,\n    /// really.\n    Ok = 0,\n    /// Bad.\n    Bad = 70,\n}\nconst X: u8 = 1;";
        let expected = [(0, "Ok", "Fine, really."), (70, "Bad", "Bad.")];
        let expected = expected.map(|(n, name, text)| (n, name.to_owned(), text.to_owned()));
        assert_eq!(codes(source), expected);
    }
}
