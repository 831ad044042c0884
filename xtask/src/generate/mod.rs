//! `cargo xtask gen`: pages that are derived from the source, and the comparison with what is there.

mod evidence;
mod exit_codes;
mod rules;
mod weaknesses;

use crate::house::{Doing as _, Failure, Outcome, root};
use std::path::Path;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if a file differs from what would be written
    #[arg(long)]
    check: bool,
}

/// A generated file: its path from the root and its text.
struct Page {
    path: &'static str,
    text: String,
}

/// The first line of every generated page.
const HEAD: &str = "<!-- Written by `cargo xtask gen`; edit the source it names. -->\n";

pub(crate) fn run(args: &Args) -> Outcome {
    let root = root();
    let mut stale = Vec::new();
    let pages = [
        evidence::page(&root)?,
        exit_codes::page(&root)?,
        rules::page(&root)?,
        weaknesses::page(&root)?,
    ];
    for page in pages {
        let file = root.join(page.path);
        if std::fs::read_to_string(&file).is_ok_and(|there| there == page.text) {
            continue;
        }
        if args.check {
            stale.push(page.path);
        } else {
            std::fs::write(&file, page.text).doing(file.display())?;
            println!("wrote {}", page.path);
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "out of date, run `cargo xtask gen`: {}",
        stale.join(", ")
    )))
}

fn read(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file).doing(file.display())
}
