//! Arbitrary text in every field of a finding does nothing in any output.

use crate::fixture::{everything, finding};
use crate::json::complaints;
use crate::render;
use proptest::prelude::*;
use serde_json::Value;
use tares_model::finding::Related;
use tares_model::message::{Excerpt, FindingReport, Unchecked};
use tares_model::{Level, Message, Place, RepoPath};
use tares_report::escape::is_hidden;
use tares_report::{Format, TextOptions, Verbosity};

/// Pieces that mean something to one of the outputs.
const LIVE: [&str; 20] = [
    "\u{1b}[2J",
    "\n::error::x",
    "\r",
    "\u{202e}",
    "%0A",
    "```",
    "|",
    "](//h.test)",
    "@all",
    "</details>",
    "<!--",
    "\u{0}",
    "\u{9b}",
    "::",
    ",line=1",
    "\t",
    "\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{4e2d}",
    "&#64;",
    "https://h.test",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(&LIVE[..]).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[a-z ]{0,200}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn hostile_place() -> impl Strategy<Value = Place> {
    let number = || prop_oneof![4 => 0..12u32, 1 => any::<u32>()];
    let path = prop::collection::vec(any::<u8>(), 0..12);
    (path, number(), number(), number(), number()).prop_map(|(path, line, lines, start, end)| {
        Place {
            path: RepoPath::from_bytes(&path),
            start_line: line,
            end_line: line.saturating_add(lines),
            start_column: start,
            end_column: end,
        }
    })
}

fn hostile_report() -> impl Strategy<Value = FindingReport> {
    let related =
        (hostile_place(), hostile()).prop_map(|(place, message)| Related { place, message });
    let texts = prop::collection::vec(hostile(), 6);
    let lines = prop::collection::vec(hostile(), 0..8);
    let level = prop::sample::select(vec![Level::Note, Level::Review, Level::Block]);
    let first_line = prop_oneof![4 => 0..6u32, 1 => any::<u32>()];
    (
        hostile_place(),
        texts,
        prop::collection::vec(related, 0..4),
        lines,
        level,
        first_line,
    )
        .prop_map(|(place, texts, related, lines, level, first_line)| {
            let mut finding = finding(&texts[0], level, place);
            let path = finding.place.path.clone();
            finding.message.clone_from(&texts[1]);
            finding.why.clone_from(&texts[2]);
            finding.fix.clone_from(&texts[3]);
            finding.cwe = vec![texts[4].clone()];
            finding.related = related;
            finding.fingerprint.clone_from(&texts[5]);
            FindingReport {
                finding,
                excerpts: vec![Excerpt {
                    path,
                    first_line,
                    lines,
                }],
            }
        })
}

fn stream(report: &FindingReport, text: &str) -> Vec<Message> {
    let mut messages = everything();
    if let Message::Run(run) = &mut messages[0] {
        run.task = Some(text.to_owned());
        text.clone_into(&mut run.change);
    }
    if let Message::Delta(delta) = &mut messages[2] {
        let effect = &mut delta.delta.added[0].effect;
        effect.target = tares_model::effect::Target::Unknown(text.to_owned());
        text.clone_into(&mut effect.guard[0].text);
        text.clone_into(&mut effect.asked.because);
    }
    if let Some(Message::Summary(summary)) = messages.last_mut() {
        let path = report.finding.place.path.clone();
        summary.unchecked.push(Unchecked {
            path,
            lines: Some((0, 3)),
            reason: text.to_owned(),
        });
        summary.limits.push(text.to_owned());
    }
    messages.insert(3, Message::Finding(Box::new(report.clone())));
    messages
}

fn assert_visible(output: &str) -> Result<(), TestCaseError> {
    let hidden = output.chars().find(|&c| c != '\n' && is_hidden(c));
    prop_assert!(hidden.is_none(), "{:?} in {}", hidden, output);
    Ok(())
}

/// Returns what a reader of Markdown takes for markup.
fn outside_of_fences(comment: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut prose = String::new();
    for line in comment.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None => match line
                .strip_suffix("text")
                .filter(|f| f.len() > 2 && f.bytes().all(|b| b == b'`'))
            {
                Some(open) => fence = Some(open),
                None => prose += line,
            },
        }
    }
    assert_eq!(fence, None, "a fence is left open");
    prose
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_does_nothing(report in hostile_report(), text in hostile(), width in 0..160usize) {
        let messages = stream(&report, &text);
        let options =
            TextOptions { width, show_notes: true, verbosity: Verbosity::Verbose, color: false };
        for format in Format::ALL {
            assert_visible(&render(format, options, &messages))?;
        }
        let json: Value = serde_json::from_str(&render(Format::Json, options, &messages)).unwrap();
        prop_assert_eq!(&json["findings"][0]["message"], &Value::from(report.finding.message.as_str()));
        prop_assert_eq!(complaints(Format::Json, &json), Vec::<String>::new());
        let sarif: Value = serde_json::from_str(&render(Format::Sarif, options, &messages)).unwrap();
        prop_assert_eq!(complaints(Format::Sarif, &sarif), Vec::<String>::new());
        let github = render(Format::Github, options, &messages);
        prop_assert_eq!(github.lines().count(), 5);
        for line in github.lines() {
            let is_command = ["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c));
            prop_assert!(is_command, "{}", line);
            let properties = line[2..].split("::").next().unwrap();
            let known = ["file=", "line=", "endLine=", "col=", "endColumn=", "title="];
            let (_, properties) = properties.split_once(' ').unwrap();
            for property in properties.split(',') {
                prop_assert!(known.iter().any(|k| property.starts_with(k)), "{}", line);
            }
        }
        let comment = render(Format::Markdown, options, &messages);
        let prose = outside_of_fences(&comment);
        for live in ["@all", "](", "<!--", "://", "&#64;https", "````"] {
            prop_assert!(!prose.contains(live), "{} in {}", live, prose);
        }
        prop_assert_eq!(prose.matches("<details>").count(), 4);
        prop_assert_eq!(prose.matches("</details>").count(), 4);
    }
}
