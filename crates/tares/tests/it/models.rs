//! Models of users: from the target or from a person, never from the change.

use crate::stage::{tares, tares_in};
use tares_testkit::TestRepo;

/// An in-house client, as one file of models.
const CLIENT: &str = r#"library = "acme"

[[call]]
path = ["acme.http.{fetch,send}"]
effect = "network"
target = "url"
roles = { url = "0|url", verify = "verify" }

[[test]]
code = """
from acme import http
http.fetch("https://api.example/x")
"""
effect = ["network acme.http.fetch"]
"#;
const PLAIN: &str = "from acme import http\n\n\ndef talk():\n    return 1\n";
const TALKS: &str = "from acme import http\n\n\ndef talk():\n    return http.fetch(\"https://host-of-nobody.example/x\", verify=False)\n";
const HOST: &str = "host-of-nobody.example";
const NAMED: &str = "models = \"tares/models\"\n";
const FILE: &str = "tares/models/python/acme.toml";

#[test]
fn a_model_of_the_target_counts() {
    let repo = TestRepo::new();
    repo.file("app.py", PLAIN)
        .file("tares.toml", NAMED)
        .file(FILE, CLIENT)
        .commit("Start");
    repo.write("app.py", TALKS);
    let program = tares_in(&repo);
    let answer = program.run(["check", "--format", "json"]);
    answer
        .ends(0)
        .shows("acme.http.fetch")
        .shows("tls-check-off");
    // Nothing else makes it known.
    repo.file("tares.toml", "").commit("No models");
    let answer = program.run(["check", "--format", "json"]);
    answer.ends(0);
    assert!(
        !answer.shown().contains("tls-check-off"),
        "facts of the other models were reused"
    );
    assert!(!answer.shown().contains("acme.http.fetch"));
}

#[test]
fn a_change_of_the_models_does_not_count_and_is_a_finding() {
    let repo = TestRepo::new();
    repo.file("app.py", PLAIN)
        .file("tares.toml", NAMED)
        .file(FILE, CLIENT)
        .commit("Start");
    repo.branch("feature")
        .file("app.py", TALKS)
        .file(FILE, CLIENT.replace("\"network\"", "\"log\"").as_str())
        .file("tares/models/python/more.toml", "library = 3\n")
        .commit("Change");
    let answer = tares_in(&repo).run(["check", "--base", "main", "--notes"]);
    answer
        .shows("tls-check-off")
        .shows("review[policy-loosened]")
        .shows("this changes API models")
        .shows("review[policy-unreadable]")
        .shows("more.toml:1");
    // Naming another folder is a finding as well.
    let repo = TestRepo::new();
    repo.file("app.py", PLAIN).commit("Start");
    repo.write("tares.toml", NAMED).write(FILE, CLIENT);
    tares_in(&repo)
        .run(["check"])
        .shows("review[policy-loosened]")
        .shows("uses the API models in `tares/models`");
}

#[test]
fn a_person_may_name_a_folder() {
    let repo = TestRepo::new();
    repo.file("app.py", PLAIN).commit("Start");
    repo.write("app.py", TALKS);
    let models = TestRepo::new();
    models.write("python/acme.toml", CLIENT);
    let folder = models.path().to_str().unwrap();
    let program = tares_in(&repo);
    let without = program.run(["check", "--format", "json"]);
    assert!(!without.shown().contains("tls-check-off"));
    for command in ["check", "scan"] {
        let mut arguments = vec![command, "--format", "json", "--models", folder];
        arguments.extend((command == "scan").then_some("app.py"));
        program.run(arguments).shows("tls-check-off").shows(HOST);
    }
    let patch = "--- a/app.py\n+++ b/app.py\n@@ -1,2 +1,3 @@\n from acme import http\n \n+http.fetch(\"https://host-of-nobody.example/x\", verify=False)\n";
    tares()
        .input(patch)
        .run(["check", "--patch", "-", "--models", folder])
        .shows("tls-check-off");
}

#[test]
fn an_invalid_model_ends_the_check_with_its_place() {
    let wrong = [
        (
            "python/acme.toml",
            "library = \"acme\"\n\n[[call]]\npaht = [\"acme.x\"]\n",
            "python/acme.toml:4: unknown field",
        ),
        (
            "python/acme.toml",
            "library = \"acme\"\n[[call]]\npath = [\"acme.x\"]\neffect = \"netwrk\"\n",
            "python/acme.toml:4: ",
        ),
        (
            "python/acme.toml",
            "library = \"acme\"\n[[call]]\npath = [\"acme.{x\"]\n",
            "python/acme.toml:3: ",
        ),
        (
            "python/acme.toml",
            "library = \"acme\"\n[[call]]\npath = []\n",
            "names no path",
        ),
        (
            "python/acme.toml",
            "library = \"acme\"\n[[call]]\npath = [\"acme.x\"]\ntarget = \"url\"\n",
            "python/acme.toml:3: the target `url` is no role of the call of `acme.x`",
        ),
        (
            "pyton/acme.toml",
            CLIENT,
            "pyton/acme.toml:1: models stand in a folder for their language",
        ),
        (
            "acme.toml",
            CLIENT,
            "acme.toml:1: models stand in a folder for their language",
        ),
        ("python/acme.txt", CLIENT, "there are no models"),
    ];
    for (file, text, said) in wrong {
        let repo = TestRepo::new();
        repo.file("app.py", PLAIN)
            .file("tares.toml", NAMED)
            .file(&format!("tares/models/{file}"), text)
            .commit("Start");
        repo.write("app.py", TALKS)
            .write(&format!("tares/models/{file}"), text);
        let program = tares_in(&repo);
        let missing = said.starts_with("there");
        program.run(["check"]).ends(2).complains(said);
        program
            .run(["check", "--models", "tares/models"])
            .ends(2)
            .complains(said);
        program
            .run(["models", "tares/models"])
            .ends(2)
            .complains(said);
        if !missing {
            program.run(["check"]).complains("at HEAD");
        }
    }
    let repo = TestRepo::new();
    repo.file("app.py", PLAIN)
        .file("tares.toml", NAMED)
        .commit("Start");
    tares_in(&repo)
        .run(["check"])
        .ends(2)
        .complains("is not there (at HEAD");
    tares_in(&repo)
        .run(["check", "--models", "nowhere"])
        .ends(2)
        .complains("nowhere");
}

#[test]
fn a_folder_beyond_the_bounds_is_refused() {
    let many: Vec<String> = (0..11).map(|_| "{a,b,c,d,e,f,g,h}".to_owned()).collect();
    let text = format!(
        "library = \"acme\"\n[[call]]\npath = [\"acme.{}\"]\n",
        many.join(".")
    );
    let models = TestRepo::new();
    models.write("python/acme.toml", &text);
    tares_in(&models)
        .run(["models", "."])
        .ends(2)
        .complains("acme.toml:3: ")
        .complains("too many paths");
    models.write("python/acme.toml", "#".repeat(300 << 10));
    tares_in(&models)
        .run(["models", "."])
        .ends(2)
        .complains("acme.toml");
    models.remove("python/acme.toml");
    for at in 0..201 {
        models.write(&format!("python/acme{at}.toml"), CLIENT);
    }
    tares_in(&models)
        .run(["models", "."])
        .ends(2)
        .complains("more than 200 files");
}

#[test]
fn the_examples_of_models_are_run() {
    let models = TestRepo::new();
    models.write("python/acme.toml", CLIENT);
    let program = tares_in(&models);
    program
        .run(["models", "."])
        .ends(0)
        .shows("all 1 of their examples hold");
    models.write(
        "python/acme.toml",
        CLIENT
            .replace("[\"network acme", "[\"process *\", \"!network acme")
            .as_str(),
    );
    program
        .run(["models", "."])
        .ends(2)
        .complains("`process *` is not there")
        .complains("`network acme.http.fetch` is there");
    models.write("python/acme.toml", CLIENT.split("[[test]]").next().unwrap());
    program
        .run(["models", "."])
        .ends(2)
        .complains("no [[test]]");
}

#[test]
fn the_embedded_models_keep_to_the_rules_for_users() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tares-effects/models");
    tares().run(["models", folder]).ends(0);
}
