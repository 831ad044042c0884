//! `rules`, `explain`, `init`, `completions`, `man`.

use crate::stage::tares;

#[test]
fn every_listed_rule_can_be_explained() {
    let list = tares().run(["rules", "--format", "json"]);
    let rules: Vec<serde_json::Value> = serde_json::from_str(&list.stdout).unwrap();
    assert!(rules.len() >= 30, "{}", rules.len());
    for rule in &rules {
        let id = rule["id"].as_str().unwrap();
        tares()
            .run(["explain", id])
            .ends(0)
            .shows(id)
            .shows("How to fix");
    }
    let text = tares().run(["rules"]);
    text.ends(0).shows("weakness\n").shows("tls-check-off");
}

#[test]
fn findings_about_the_check_itself_are_explained() {
    for id in tares_policy::gate::RULES
        .iter()
        .chain(&[tares_judge::BINARY_ADDED])
    {
        tares().run(["explain", id]).ends(0).shows(id);
    }
}

#[test]
fn an_unknown_rule_gets_a_hint() {
    tares()
        .run(["explain", "tls-chek-off"])
        .ends(2)
        .complains("did you mean `tls-check-off`");
    tares()
        .run(["explain", "zzz"])
        .ends(2)
        .complains("tares rules");
}

#[test]
fn init_writes_once_and_what_it_writes_is_valid() {
    let program = tares();
    program.run(["init"]).ends(0).complains("tares.toml");
    program.run(["init"]).ends(2).complains("there already");
    program
        .run(["scan", ".", "--trust-config"])
        .ends(0)
        .shows("data 1");
}

#[test]
fn scripts_and_pages_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        tares().run(["completions", shell]).ends(0).shows("tares");
    }
    tares().run(["man"]).ends(0).shows(".TH");
    tares().run(["man", "check"]).ends(0).shows("tares");
    tares()
        .run(["man", "nonsense"])
        .ends(2)
        .complains("no command");
}
