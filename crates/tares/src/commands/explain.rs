//! `tares explain`: the page of a rule.

use crate::arguments::Explain;
use crate::catalogue;
use crate::failure::Failure;
use crate::output::{self, print_text};
use std::fmt::Write as _;
use tares_model::ExitCode;
use tares_report::escape::wrap;

const BOLD: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::BOLD);
const DIM: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::DIMMED);

pub(crate) fn run(arguments: &Explain) -> Result<ExitCode, Failure> {
    let id = arguments.rule.as_str();
    let text = match catalogue::entry(id) {
        Some(rule) => {
            let classes = if rule.cwe.is_empty() {
                "no CWE".to_owned()
            } else {
                rule.cwe.join(", ")
            };
            let facts = format!("{}, {} severity, {classes}", rule.family, rule.severity);
            render(rule.page, &facts)
        }
        None => match gate_page(id) {
            Some(page) => render(&page, "about the check itself"),
            None => return Err(unknown(id)),
        },
    };
    print_text(arguments.color, &text)?;
    Ok(ExitCode::Ok)
}

/// Pages of the findings that rest on no rule.
const GATE_PAGES: &str = include_str!("gate.md");

/// Returns the part of the page about one id.
fn gate_page(id: &str) -> Option<String> {
    let head = format!("# {id}\n");
    let start = GATE_PAGES
        .find(&head)
        .filter(|&at| at == 0 || GATE_PAGES[..at].ends_with('\n'))?;
    let rest = &GATE_PAGES[start..];
    let end = rest[1..].find("\n# ").map_or(rest.len(), |at| at + 2);
    Some(rest[..end].to_owned())
}

fn unknown(id: &str) -> Failure {
    let near = catalogue::entries()
        .into_iter()
        .map(|rule| rule.id)
        .max_by(|one, other| {
            strsim::jaro_winkler(id, one).total_cmp(&strsim::jaro_winkler(id, other))
        });
    let hint = match near.filter(|near| strsim::jaro_winkler(id, near) > 0.8) {
        Some(near) => format!("did you mean `{near}`? `tares rules` lists all"),
        None => "`tares rules` lists all rules".to_owned(),
    };
    Failure::usage(format!("there is no rule `{id}`")).hint(hint)
}

/// Renders the little Markdown that pages use: headings, paragraphs, lists and code.
fn render(page: &str, facts: &str) -> String {
    let width = output::width().min(92);
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut is_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            flush(&mut text, &mut paragraph, width);
            is_code = !is_code;
        } else if is_code {
            let _ = if line.is_empty() {
                writeln!(text)
            } else {
                writeln!(text, "    {line}")
            };
        } else if let Some(title) = line.strip_prefix("# ") {
            let _ = writeln!(text, "{BOLD}{title}{BOLD:#}  {DIM}{facts}{DIM:#}");
        } else if let Some(title) = line.strip_prefix("## ") {
            flush(&mut text, &mut paragraph, width);
            let _ = writeln!(text, "{BOLD}{title}{BOLD:#}");
        } else if line.is_empty() {
            flush(&mut text, &mut paragraph, width);
            if !text.ends_with("\n\n") {
                text.push('\n');
            }
        } else {
            if line.starts_with("- ") {
                flush(&mut text, &mut paragraph, width);
            }
            paragraph.push_str(line.trim());
            paragraph.push(' ');
        }
    }
    flush(&mut text, &mut paragraph, width);
    text
}

fn flush(text: &mut String, paragraph: &mut String, width: usize) {
    if paragraph.is_empty() {
        return;
    }
    for line in wrap(paragraph.trim_end(), width.saturating_sub(2)) {
        let _ = writeln!(text, "  {}", line.trim_end());
    }
    paragraph.clear();
}
