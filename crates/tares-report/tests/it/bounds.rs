//! Outputs stay within their bounds, and half a run is not a report.

use crate::fixture::{clean, everything, excerpt, finding, place};
use crate::render;
use std::io;
use tares_model::effect::delta::Delta;
use tares_model::message::{DeltaReport, FindingReport, PlacedEffect};
use tares_model::{Level, Message};
use tares_report::{Format, TextOptions, Verbosity};

/// The golden stream with many more findings.
fn crowded(levels: &[(Level, usize)]) -> Vec<Message> {
    let mut messages = everything();
    for &(level, count) in levels {
        for line in 1..=count as u32 {
            let mut finding = finding("shell-from-user-input", level, place("a.py", line, (1, 5)));
            finding.why = "\u{202e}|@#".repeat(400);
            let excerpts = vec![excerpt("a.py", line, &["`".repeat(5_000).as_str(), "x"])];
            messages.insert(
                3,
                Message::Finding(Box::new(FindingReport { finding, excerpts })),
            );
        }
    }
    messages
}

#[test]
fn github_shows_ten_of_a_kind_and_counts_the_rest() {
    let levels = [(Level::Note, 30), (Level::Review, 4), (Level::Block, 11)];
    let text = render(Format::Github, TextOptions::default(), &crowded(&levels));
    let count = |command: &str| text.lines().filter(|l| l.starts_with(command)).count();
    assert_eq!(
        (count("::error "), count("::warning "), count("::notice ")),
        (10, 5, 10)
    );
    assert!(
        text.contains("2 more at block") && text.contains("22 more at note"),
        "{text}"
    );
    assert!(text.starts_with("::error "));
}

#[test]
fn a_comment_is_bounded_and_keeps_its_end() {
    let text = render(
        Format::Markdown,
        TextOptions::default(),
        &crowded(&[(Level::Block, 500)]),
    );
    assert!(text.chars().count() <= 60_000, "{}", text.chars().count());
    assert!(text.contains("did not fit") && text.contains("#### Not looked at"));
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

#[test]
fn text_shows_twelve_effects_unless_asked_for_all() {
    let mut messages = everything();
    let Message::Delta(report) = &messages[2] else {
        panic!("the third message is the delta")
    };
    let one = report.delta.added[0].clone();
    let many = (1..=30).map(|line| PlacedEffect {
        place: place("m.py", line, (1, 2)),
        ..one.clone()
    });
    let delta = Delta {
        added: many.collect(),
        ..Delta::default()
    };
    messages[2] = Message::Delta(DeltaReport {
        delta,
        has_base: true,
    });
    let rows = |options| {
        render(Format::Text, options, &messages)
            .matches("telemetry.example")
            .count()
    };
    assert!(render(Format::Text, TextOptions::default(), &messages).contains("+18 more"));
    assert_eq!(rows(TextOptions::default()), 12);
    assert_eq!(
        rows(TextOptions {
            verbosity: Verbosity::Verbose,
            ..TextOptions::default()
        }),
        30
    );
}

#[test]
fn text_stays_within_its_width() {
    for width in [80, 100, 120] {
        let options = TextOptions {
            width,
            show_notes: true,
            verbosity: Verbosity::Verbose,
            color: false,
        };
        for line in render(Format::Text, options, &crowded(&[(Level::Review, 1)])).lines() {
            let columns = unicode_width::UnicodeWidthStr::width(line);
            assert!(columns <= width, "{columns} columns at {width}: {line}");
        }
    }
}

#[test]
fn a_stream_without_an_end_is_an_error_in_every_format() {
    for format in Format::ALL {
        let mut out = Vec::new();
        let mut handler = format.handler(&mut out, TextOptions::default());
        handler.message(&clean()[0]).unwrap();
        let error = handler.finish().unwrap_err();
        assert_eq!(
            error.kind(),
            io::ErrorKind::UnexpectedEof,
            "{}",
            format.as_str()
        );
    }
}
