//! What bad input gets: a clear message with a hint, or an entry that says what was not checked.
//! Never a panic, never a hang, never a pass over something that was not looked at.

use crate::stage::{EVIL, TALK, UNSAFE, repo, tares, tares_in};
use std::fs::File;
use tares_testkit::TestRepo;

#[test]
fn not_a_repository() {
    tares()
        .run(["check"])
        .ends(2)
        .complains("no git repository")
        .complains("hint:")
        .complains("--patch");
}

#[test]
fn unborn_head() {
    let empty = TestRepo::new();
    tares_in(&empty)
        .run(["check"])
        .ends(3)
        .complains("nothing to check");
    tares_in(&empty)
        .run(["check", "--base", "main"])
        .ends(2)
        .complains("main");
}

#[test]
fn unknown_revision() {
    tares_in(&repo())
        .run(["check", "--base", "nope"])
        .ends(2)
        .complains("`nope`")
        .complains("hint:");
    tares_in(&repo())
        .run(["check", "--base", "main", "--head", "nope"])
        .ends(2)
        .complains("`nope`");
    tares_in(&repo())
        .run(["check", "--base", "--output=/tmp/x"])
        .ends(2);
}

#[test]
fn unrelated_histories() {
    let repo = repo();
    repo.git(["switch", "--quiet", "--orphan", "island"]);
    repo.file("app.py", EVIL).commit("Elsewhere");
    tares_in(&repo)
        .run(["check", "--base", "main"])
        .ends(2)
        .complains("history")
        .complains("hint:");
}

#[test]
fn shallow_clone_without_the_base() {
    let repo = repo();
    repo.branch("feature")
        .file("a.py", TALK)
        .commit("One")
        .file("b.py", TALK)
        .commit("Two");
    repo.switch("main").file("c.py", TALK).commit("Three");
    let clone = TestRepo::clone_of(&repo, &["--depth=1", "--no-single-branch"]);
    let answer =
        tares_in(&clone).run(["check", "--base", "origin/main", "--head", "origin/feature"]);
    answer.ends(2).complains("shallow").complains("git fetch");
}

#[cfg(unix)]
#[test]
fn unreadable_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = repo();
    repo.write("secret.py", EVIL);
    let file = repo.path().join("secret.py");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&file).is_ok() {
        return; // The superuser reads everything.
    }
    tares_in(&repo)
        .run(["check"])
        .ends(4)
        .shows("secret.py")
        .shows("permissions");
    tares_in(&repo)
        .run(["scan", "."])
        .ends(4)
        .shows("secret.py");
}

#[test]
fn invalid_config_points_into_the_file() {
    let program = tares();
    let folder = repo();
    folder.write("tares.toml", "[limits]\nmax-file-size = \"huge\"\n");
    program
        .folder(folder.path())
        .run(["scan", ".", "--trust-config"])
        .ends(2)
        .complains("tares.toml:2:17")
        .complains("^");
}

#[test]
fn binaries_are_not_judged_and_loadable_ones_need_eyes() {
    let repo = repo();
    repo.write("picture.png", b"\x89PNG\0\0\0")
        .write("blob", b"\0\x01\x02");
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("pass")
        .shows("image 1")
        .shows("binary 1");
    repo.write("tool", b"\x7fELF\x02\x01\x01\0");
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("review[binary-added]");
}

#[test]
fn huge_file() {
    let repo = repo();
    let sparse = File::create(repo.path().join("huge.py")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    repo.write("large.py", "x = 1\n".repeat(1_000_000));
    for arguments in [&["check"][..], &["scan", "."]] {
        tares_in(&repo)
            .run(arguments)
            .ends(4)
            .shows("huge.py")
            .shows("large.py")
            .shows("review");
    }
}

#[test]
fn one_line_of_fifty_megabytes() {
    let repo = repo();
    repo.write("line.js", format!("x = \"{}\"", "a".repeat(50_000_000)));
    tares_in(&repo)
        .run(["check"])
        .ends(4)
        .shows("line.js")
        .shows("limit");
    // Within the limit it is judged, and the output stays readable.
    repo.write(
        "line.js",
        format!(
            "x = \"{}\"; eval(atob(location.hash))",
            "a".repeat(3_000_000)
        ),
    );
    let answer = tares_in(&repo).run(["check"]);
    assert!(answer.code == 0 || answer.code == 1, "{}", answer.code);
    assert!(answer.stdout.len() < 20_000, "{}", answer.stdout.len());
}

#[test]
fn a_hundred_thousand_brackets() {
    let repo = repo();
    for path in ["deep.py", "deep.js", "deep.ts", "deep.tsx"] {
        repo.write(
            path,
            "x = ".to_owned() + &"[".repeat(100_000) + &"]".repeat(100_000) + "\n",
        );
        repo.write(&format!("open-{path}"), "(".repeat(100_000));
    }
    let answer = tares_in(&repo).run(["check"]);
    answer.ends(4);
    for path in ["deep.py", "deep.js", "deep.ts", "deep.tsx"] {
        answer.shows(&format!("{path}:"));
    }
}

#[test]
fn invalid_utf_8_is_judged_all_the_same() {
    let repo = repo();
    repo.write("latin.py", [b"# caf\xe9\n", UNSAFE.as_bytes()].concat());
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("latin.py:6")
        .shows("tls-check-off");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_utf_8() {
    use std::os::unix::ffi::OsStrExt as _;
    let repo = repo();
    std::fs::write(
        repo.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.py")),
        UNSAFE,
    )
    .unwrap();
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("tls-check-off");
    tares_in(&repo)
        .run(["check", "--format", "json"])
        .ends(0)
        .shows("path_bytes");
}

#[test]
fn nul_bytes_hide_nothing() {
    let repo = repo();
    repo.write("nul.py", format!("# \0\n{EVIL}"));
    tares_in(&repo)
        .run(["check"])
        .ends(1)
        .shows("nul.py")
        .shows("NUL")
        .shows("block[");
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    let repo = repo();
    let link = |target: &str, path: &str| {
        std::os::unix::fs::symlink(target, repo.path().join(path)).unwrap();
    };
    link("loop-b.py", "loop-a.py");
    link("loop-a.py", "loop-b.py");
    link("/etc/passwd", "outside.py");
    link(".", "around");
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("symbolic link 4");
    tares_in(&repo).run(["scan", "."]).ends(0).shows("1 file,");
    let answer = tares_in(&repo).run(["scan", "loop-a.py"]);
    answer.ends(2).complains("loop-a.py");
}

#[test]
fn a_path_that_leaves_the_repository() {
    let patch = "--- /dev/null\n+++ b/../../etc/evil.py\n@@ -0,0 +1,3 @@\n+import base64\n+exec(base64.b64decode('aW1wb3J0IG9z'))\n+x = 1\n";
    let answer = tares().input(patch).run(["check", "--patch", "-"]);
    assert!(answer.code == 1 || answer.code == 4, "{answer}");
    // An import that climbs out finds nothing and breaks nothing.
    let repo = repo();
    repo.write(
        "app.js",
        "const x = require('../../../../etc/passwd');\nx.run();\n",
    );
    tares_in(&repo).run(["check"]).ends(0);
}

#[test]
fn damaged_patches_are_said_to_be() {
    let patch = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,9 +1,9 @@\n+x = 1\n";
    let answer = tares().input(patch).run(["check", "--patch", "-"]);
    answer.ends(4);
    tares()
        .input(vec![0u8; 4096])
        .run(["check", "--patch", "-"])
        .ends(2);
}

#[test]
fn syntax_that_is_not_understood_is_said_to_be() {
    let repo = repo();
    repo.write("broken.py", "%%% ] } ) @@ $$ ::: ((\n".repeat(60));
    tares_in(&repo)
        .run(["check"])
        .ends(4)
        .shows("broken.py")
        .shows("syntax");
}

#[test]
fn values_and_imports_that_lead_to_themselves() {
    let repo = repo();
    repo.write(
        "held.py",
        "import os, subprocess\na = []\na[:] = [a, a, a]\nb = {'k': a}\na.append(b)\nb['k'] = b\n\
         print(a == b, str(a), a + a, f'{a}')\nsubprocess.run(a)\nexec(a)\n\
         os.system, os.popen = os.popen, os.system\nos.system('x')\nos.popen('y')\n",
    );
    repo.write(
        "held.js",
        "const a = []; a.push(a); const o = { a }; o.o = o; Object.assign(o, { ...o });\n\
         fetch(o.o.o, o); eval(a); `${a}`; JSON.stringify(o);\n",
    );
    repo.write("one.py", "from two import x\nx.go(open('f').read())\n");
    repo.write(
        "two.py",
        "try:\n    from one import x\nexcept ImportError:\n    x = None\nx.go(open('f').read())\n",
    );
    for arguments in [&["check"][..], &["scan", "."]] {
        let answer = tares_in(&repo).run(arguments);
        assert!([0, 1, 4].contains(&answer.code), "{answer}");
    }
}
