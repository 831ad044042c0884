//! What most tests need: the program, and a repository with a change.

use tares_testkit::{Program, TestRepo};

pub(crate) const TALK: &str = "import requests\n\n\ndef talk():\n    return requests.get(\"https://api.example/x\", timeout=5)\n";
pub(crate) const UNSAFE: &str = "import requests\n\n\ndef talk():\n    return requests.get(\"https://api.example/x\", timeout=5, verify=False)\n";
/// What no careful reviewer lets through.
pub(crate) const EVIL: &str =
    "import base64\n\nexec(base64.b64decode(\"aW1wb3J0IG9zCm9zLnN5c3RlbSgnaWQnKQ==\"))\n";

/// Returns the program in an empty folder.
pub(crate) fn tares() -> Program {
    let nobody = "http://127.0.0.1:9/";
    Program::new(env!("CARGO_BIN_EXE_tares"))
        .variable("PIP_INDEX_URL", nobody)
        .variable("npm_config_registry", nobody)
        .variable("GOPROXY", nobody)
}

/// Returns the program in a repository.
pub(crate) fn tares_in(repo: &TestRepo) -> Program {
    tares().folder(repo.path())
}

/// Returns a repository with a harmless file.
pub(crate) fn repo() -> TestRepo {
    let repo = TestRepo::new();
    repo.file("app.py", TALK).commit("Start");
    repo
}

/// Asserts that a document shows what the program says, line by line.
pub(crate) fn stands_in_document(shown: &str, document: &str) {
    let path = format!("{}/../../docs/{document}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the document is there");
    let plain = |text: &str| -> Vec<String> {
        text.trim()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    assert!(
        text.contains(&plain(shown).join("\n")),
        "{document} shows something else than\n{shown}"
    );
}
