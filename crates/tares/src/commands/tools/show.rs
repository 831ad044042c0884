//! What `tares tools` prints for people.

use crate::output;
use std::fmt::Write as _;
use std::path::Path;
use tares_model::Level;
use tares_report::escape::{cut, visible, wrap};
use tares_tools::{Difference, Tool, Verdict, What};

const BOLD: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::BOLD);
const DIM: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::DIMMED);
const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();

/// Columns of a name, at most.
const NAME: usize = 40;

/// Digits of a digest that are shown.
const DIGITS: usize = 12;

/// Lines of one tool that are shown; the rest is counted.
const LINES: usize = 40;

/// Prints the tools in columns, machine and repository apart.
pub(crate) fn list(tools: &[Tool], unread: &[String]) -> String {
    let mut text = String::new();
    let rows: Vec<[String; 6]> = tools.iter().map(row).collect();
    let width = |i: usize| {
        let longest = rows.iter().map(|row| row[i].chars().count()).max();
        longest.unwrap_or(0)
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    let mut last = None;
    for (tool, row) in tools.iter().zip(&rows) {
        if last != Some(tool.scope) {
            let _ = writeln!(text, "{BOLD}{}{BOLD:#}", tool.scope.as_str());
            last = Some(tool.scope);
        }
        text.push_str("  ");
        for (cell, width) in row[..5].iter().zip(widths) {
            let _ = write!(text, "{cell:width$}  ");
        }
        let _ = writeln!(text, "{DIM}{}{DIM:#}", row[5]);
        for fault in &tool.faults {
            let _ = writeln!(text, "      {RED}{}{RED:#}", visible(fault));
        }
    }
    let _ = writeln!(text, "{}", plural(tools.len(), "tool"));
    unread_lines(&mut text, unread);
    text
}

fn row(tool: &Tool) -> [String; 6] {
    let digest = tool.digest.trim_start_matches("blake3:");
    let place = if tool.command.is_empty() {
        tool.place.clone()
    } else {
        format!("{}  {}", tool.place, tool.command.join(" "))
    };
    [
        tool.kind.as_str().to_owned(),
        tool.host.clone(),
        cut(&visible(&tool.name), NAME).into_owned(),
        visible(tool.version.as_deref().unwrap_or("-")).into_owned(),
        digest[..digest.len().min(DIGITS)].to_owned(),
        visible(&place).into_owned(),
    ]
}

/// Says what was pinned, and what of it nobody accepted before.
pub(crate) fn locked(
    file: &Path,
    tools: &[Tool],
    before: Option<&Verdict>,
    unread: &[String],
) -> String {
    let mut text = String::new();
    if let Some(verdict) = before {
        for difference in &verdict.differences {
            one(&mut text, difference);
        }
    }
    let sum = |of: fn(&Tool) -> usize| tools.iter().map(of).sum::<usize>();
    let _ = writeln!(
        text,
        "{} pinned in {}: {} things done, {} instructed, {} granted, {} offered to models",
        plural(tools.len(), "tool"),
        file.display(),
        sum(|tool| tool.contents.does.len()),
        sum(|tool| tool.contents.instructs.len()),
        sum(|tool| tool.contents.grants.len()),
        sum(|tool| tool.contents.offers.len()),
    );
    let worst = |tool: &&Tool| {
        let contents = &tool.contents;
        let all = contents.instructs.iter().chain(&contents.grants);
        all.chain(&contents.does)
            .any(|one| one.level == Level::Block)
    };
    for tool in tools.iter().filter(worst) {
        let name = visible(&tool.name).into_owned();
        let _ = writeln!(text, "{RED}look at{RED:#} {} {name}", tool.kind.as_str());
        let contents = &tool.contents;
        let all = contents
            .instructs
            .iter()
            .chain(&contents.grants)
            .chain(&contents.does);
        for one in all.filter(|one| one.level == Level::Block).take(LINES) {
            paragraph(&mut text, Level::Block, "contains", &one.text, &one.place);
        }
    }
    let in_part: usize = tools.iter().map(|tool| tool.unread.len()).sum();
    if in_part > 0 {
        let _ = writeln!(
            text,
            "{} of them not read or judged, as the lock says",
            plural(in_part, "part")
        );
    }
    unread_lines(&mut text, unread);
    text
}

/// Prints what differs from the lock.
pub(crate) fn verdict(file: &Path, verdict: &Verdict) -> String {
    let mut text = String::new();
    for difference in &verdict.differences {
        one(&mut text, difference);
    }
    let by = |level: Level| {
        let of_level = |difference: &&Difference| difference.level() == level;
        verdict.differences.iter().filter(of_level).count()
    };
    let word = match verdict.level() {
        Some(Level::Block) => format!("{RED}{BOLD}block{BOLD:#}{RED:#}"),
        Some(Level::Review) => format!("{YELLOW}{BOLD}review{BOLD:#}{YELLOW:#}"),
        _ => format!("{BOLD}pass{BOLD:#}"),
    };
    let _ = writeln!(
        text,
        "{word}  {} as in {}; {} differ: {} block, {} review, {} note",
        plural(verdict.same, "tool"),
        file.display(),
        verdict.differences.len(),
        by(Level::Block),
        by(Level::Review),
        by(Level::Note),
    );
    unread_lines(&mut text, &verdict.unread);
    text
}

fn one(text: &mut String, difference: &Difference) {
    let Difference {
        kind,
        host,
        name,
        place,
        ..
    } = difference;
    let version = match (&difference.before, &difference.after) {
        (Some(before), Some(after)) if before != after => format!("  {before} → {after}"),
        (_, Some(version)) | (Some(version), None) => format!("  {version}"),
        (None, None) => String::new(),
    };
    let what = match difference.what {
        What::New => "  new",
        What::Gone => "  gone",
        What::Changed => "",
    };
    let _ = writeln!(
        text,
        "{BOLD}{} {}{BOLD:#}{}{what}",
        kind.as_str(),
        visible(name),
        visible(&version),
    );
    let _ = writeln!(text, "{DIM}  {host}  {}{DIM:#}", visible(place));
    for line in difference.lines.iter().take(LINES) {
        paragraph(text, line.level, line.what, &line.text, &line.place);
    }
    let more = difference.lines.len().saturating_sub(LINES);
    if more > 0 {
        let _ = writeln!(
            text,
            "{DIM}  and {more} more: `--format json` has all{DIM:#}"
        );
    }
    text.push('\n');
}

fn paragraph(text: &mut String, level: Level, what: &str, said: &str, place: &str) {
    let style = match level {
        Level::Block => RED,
        Level::Review => YELLOW,
        Level::Note => DIM,
    };
    let width = output::width().saturating_sub(30).max(40);
    let said = visible(said);
    for (i, part) in wrap(&said, width).iter().enumerate() {
        let (level, what) = if i == 0 {
            (level.as_str(), what)
        } else {
            ("", "")
        };
        let _ = writeln!(
            text,
            "  {style}{level:6}{style:#}  {what:18}  {}",
            part.trim_end()
        );
    }
    if !place.is_empty() {
        let _ = writeln!(text, "{:30}{DIM}{}{DIM:#}", "", visible(place));
    }
}

fn unread_lines(text: &mut String, unread: &[String]) {
    for one in unread {
        let _ = writeln!(text, "{YELLOW}not read{YELLOW:#}  {}", visible(one));
    }
}

fn plural(number: usize, word: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {word}{end}")
}
