//! One stream of messages that shows every shape of output.

use std::collections::BTreeMap;
use tares_model::effect::delta::Delta;
use tares_model::effect::{
    Asked, AskedVerdict, Concealment, Device, Guard, GuardClass, Seen, Site, Stealth, Target,
};
use tares_model::finding::{Confidence, Family, Related, Severity};
use tares_model::message::{
    DeltaReport, Excerpt, FindingReport, PlacedEffect, Progress, Requirement, Run, Summary,
    Unchecked,
};
use tares_model::{
    Effect, EffectKind, Finding, Label, LabelSet, Level, Message, Place, RepoPath, Span, Verdict,
};

pub(crate) fn place(path: &str, line: u32, columns: (u32, u32)) -> Place {
    Place {
        path: RepoPath::from(path),
        start_line: line,
        end_line: line,
        start_column: columns.0,
        end_column: columns.1,
    }
}

pub(crate) fn excerpt(path: &str, first_line: u32, lines: &[&str]) -> Excerpt {
    let lines = lines.iter().map(|&l| l.to_owned()).collect();
    Excerpt {
        path: RepoPath::from(path),
        first_line,
        lines,
    }
}

fn effect(kind: EffectKind, target: Target, asked: AskedVerdict, because: &str) -> Effect {
    Effect {
        kind,
        api: "requests.post".to_owned(),
        target,
        data: LabelSet::EMPTY,
        roles: Vec::new(),
        guard: Vec::new(),
        concealment: Concealment::default(),
        stealth: Vec::new(),
        asked: Asked {
            verdict: asked,
            because: because.to_owned(),
        },
        site: Some(Site {
            function: "Client.send".to_owned(),
            ..Site::default()
        }),
        seen: Seen::Predicted,
        is_new: Some(true),
    }
}

/// Sends credentials after a date, hidden by everything there is.
fn beacon() -> Effect {
    let target = Target::Exact("telemetry.example".to_owned());
    let mut beacon = effect(
        EffectKind::Network,
        target,
        AskedVerdict::Contradicted,
        "\"no network\" in the task",
    );
    beacon.data = LabelSet::of(Label::Credential).union(LabelSet::of(Label::Environment));
    beacon.guard = vec![Guard {
        class: GuardClass::Clock,
        text: "date.today() > date(2031, 1, 1)".to_owned(),
        holds: true,
        span: Span::default(),
    }];
    beacon.concealment = Concealment {
        devices: vec![Device::CharacterCodes, Device::Decoded],
    };
    beacon.stealth = vec![Stealth::SwallowedErrors, Stealth::Detached];
    beacon
}

fn delta() -> DeltaReport {
    let at = |effect, path, line| PlacedEffect {
        effect,
        place: place(path, line, (5, 20)),
        cause: String::new(),
    };
    let upload = Target::Pattern("https://*.upload.example/v1".to_owned());
    let upload = effect(
        EffectKind::Network,
        upload,
        AskedVerdict::Asked,
        "\"upload\" in the task",
    );
    let shell = Target::Unknown("cmd + suffix".to_owned());
    let shell = effect(EffectKind::Process, shell, AskedVerdict::Unexplained, "");
    let before = effect(
        EffectKind::FileWrite,
        Target::Exact("/tmp/out".to_owned()),
        AskedVerdict::Usual,
        "",
    );
    let after = Effect {
        data: LabelSet::of(Label::UserInput),
        ..before.clone()
    };
    let check = effect(EffectKind::Check, Target::None, AskedVerdict::NotStated, "");
    DeltaReport {
        delta: Delta {
            added: vec![
                at(beacon(), "src/client/send.py", 14),
                at(upload, "src/upload.py", 8),
                at(shell, "src/upload.py", 31),
            ],
            removed: vec![at(check, "src/upload.py", 12)],
            changed: vec![(
                at(before, "src/upload.py", 20),
                at(after, "src/upload.py", 22),
            )],
        },
        has_base: true,
    }
}

pub(crate) fn finding(rule: &str, level: Level, place: Place) -> Finding {
    Finding {
        rule: rule.to_owned(),
        family: Family::Weakness,
        cwe: vec!["CWE-78".to_owned()],
        severity: Severity::High,
        confidence: Confidence::High,
        level,
        place,
        message: "user input reaches a shell".to_owned(),
        why: "Whoever sends the request runs commands on this machine.".to_owned(),
        fix: "Pass a list of arguments and no `shell=True`.".to_owned(),
        effect: None,
        related: Vec::new(),
        fingerprint: "6f1d0c2ab94e57d3".to_owned(),
        suppressed: None,
    }
}

/// A chain over three places in two files.
fn block() -> FindingReport {
    let sink = place("src/upload.py", 31, (5, 36));
    let step = |place, message: &str| Related {
        place,
        message: message.to_owned(),
    };
    let mut finding = finding("shell-from-user-input", Level::Block, sink.clone());
    finding.effect = Some(beacon());
    finding.related = vec![
        step(
            place("src/views.py", 4, (12, 32)),
            "a remote user sends this",
        ),
        step(
            place("src/upload.py", 27, (9, 12)),
            "becomes the parameter `cmd`",
        ),
        step(sink, "runs in a shell"),
    ];
    FindingReport {
        finding,
        excerpts: vec![
            excerpt(
                "src/upload.py",
                26,
                &["", "def run(cmd, suffix):", "    log.info(\"run\")"],
            ),
            excerpt(
                "src/upload.py",
                30,
                &["    # start", "    os.system(cmd + \" \" + suffix)#go", ""],
            ),
            excerpt(
                "src/views.py",
                3,
                &["def upload():", "    return request.args[\"cmd\"]"],
            ),
        ],
    }
}

/// A source line and a path that fight back.
fn review() -> FindingReport {
    let path = RepoPath::from_bytes(b"src/caf\xe9.js");
    let place = Place {
        path: path.clone(),
        ..place("", 2, (13, 21))
    };
    let mut finding = finding("direction-of-text-changed", Level::Review, place);
    finding.family = Family::HiddenText;
    finding.cwe = Vec::new();
    finding.confidence = Confidence::Medium;
    finding.message = "text is shown in another order than it runs in".to_owned();
    finding.why = "@everyone: see [this](https://evil.example) \u{1b}[31m| now".to_owned();
    let hostile =
        "\tif (user != \u{202e}\"admin\"\u{202c}) { // ```` ::error::x \u{1b}]0;t\u{7}".to_owned();
    let lines = vec![
        "// role".to_owned(),
        hostile,
        format!("  {}", "long ".repeat(60)),
    ];
    FindingReport {
        finding,
        excerpts: vec![Excerpt {
            path,
            first_line: 1,
            lines,
        }],
    }
}

fn suppressed() -> FindingReport {
    let mut finding = finding(
        "tls-check-off",
        Level::Review,
        place("src/dev.py", 3, (1, 9)),
    );
    finding.suppressed = Some("only against the local test server".to_owned());
    FindingReport {
        finding,
        excerpts: vec![excerpt("src/dev.py", 3, &["get(url, verify=False)"])],
    }
}

fn unchecked() -> Vec<Unchecked> {
    let entry = |path: &str, lines, reason: &str| Unchecked {
        path: RepoPath::from(path),
        lines,
        reason: reason.to_owned(),
    };
    vec![
        entry(
            "vendor/all.js",
            None,
            "larger than 2 MB; exclude it or raise `max-file-size`",
        ),
        entry(
            "src/odd.py",
            Some((40, 52)),
            "syntax that cannot be recovered",
        ),
        entry(
            "",
            None,
            "the base commit is missing from this shallow clone; fetch it with --unshallow",
        ),
    ]
}

/// Every shape of message.
pub(crate) fn everything() -> Vec<Message> {
    let run = Run {
        version: "0.1.0".to_owned(),
        command: "check".to_owned(),
        change: "working tree against HEAD".to_owned(),
        policy: "tares.toml at origin/main".to_owned(),
        task: Some("Add an upload form; no network calls of its own".to_owned()),
        claims: vec!["commit 1a2b3c4: Small clean-up".to_owned()],
    };
    let mut note = finding(
        "broad-except",
        Level::Note,
        place("src/upload.py", 40, (1, 8)),
    );
    note.message = "errors are swallowed".to_owned();
    let requirement = Requirement {
        who: "a person who owns src/client".to_owned(),
        place: place("src/client/send.py", 14, (1, 9)),
        why: "new network target".to_owned(),
    };
    let summary = Summary {
        files: 12,
        lines: 3_400,
        texts: 14,
        block: 1,
        review: 1,
        note: 1,
        suppressed: 1,
        known: 2,
        verdict: Verdict::Block,
        unchecked: unchecked(),
        not_judged: BTreeMap::from([("image".to_owned(), 2), ("minified data".to_owned(), 1)]),
        limits: vec![
            "what is fetched and run later".to_owned(),
            "what a build script does".to_owned(),
        ],
        languages: BTreeMap::from([("Python".to_owned(), 9), ("JavaScript".to_owned(), 3)]),
    };
    let mut messages = vec![
        Message::Run(run),
        Message::Progress(Progress { done: 1, total: 12 }),
    ];
    messages.push(Message::Delta(delta()));
    messages.push(Message::Finding(Box::new(block())));
    messages.push(Message::Finding(Box::new(review())));
    messages.push(Message::Finding(Box::new(FindingReport {
        finding: note,
        excerpts: Vec::new(),
    })));
    messages.push(Message::Finding(Box::new(suppressed())));
    messages.push(Message::Requirement(requirement));
    messages.extend(unchecked().into_iter().map(Message::Unchecked));
    messages.push(Message::Summary(summary));
    messages
}

/// A run that found nothing.
pub(crate) fn clean() -> Vec<Message> {
    let summary = Summary {
        files: 2,
        lines: 120,
        texts: 2,
        block: 0,
        review: 0,
        note: 0,
        suppressed: 0,
        known: 0,
        verdict: Verdict::Pass,
        unchecked: Vec::new(),
        not_judged: BTreeMap::new(),
        limits: vec!["what is fetched and run later".to_owned()],
        languages: BTreeMap::from([("Python".to_owned(), 2)]),
    };
    let run = Run {
        command: "check".to_owned(),
        change: "working tree against HEAD".to_owned(),
        ..Run::default()
    };
    let delta = DeltaReport {
        has_base: true,
        ..DeltaReport::default()
    };
    vec![
        Message::Run(run),
        Message::Delta(delta),
        Message::Summary(summary),
    ]
}
