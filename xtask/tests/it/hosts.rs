//! No registry is named in the tree, and no path of the machine it was written on.

use crate::tree::{assert_none, files, text};

/// Lock files name their registry and nobody writes them by hand.
fn is_judged(file: &str) -> bool {
    !file.ends_with("Cargo.lock") && !file.starts_with("LICENSE")
}

/// The names in pieces, so that this file does not contain what it looks for.
fn registry_hosts() -> Vec<String> {
    [
        ["py", "pi.org"],
        ["files.python", "hosted.org"],
        ["registry.npm", "js.org"],
        ["npm", "js.com"],
        ["registry.yarn", "pkg.com"],
        ["ruby", "gems.org"],
        ["proxy.go", "lang.org"],
        ["crates", ".io"],
        ["repo1.maven", ".org"],
        ["repo.maven", ".apache.org"],
        ["api.nu", "get.org"],
    ]
    .iter()
    .map(|pieces| pieces.concat())
    .collect()
}

#[test]
fn no_registry_host_is_named() {
    let hosts = registry_hosts();
    let complaints = search(|line| {
        let lower = line.to_ascii_lowercase();
        hosts.iter().find(|host| lower.contains(*host)).cloned()
    });
    assert_none("a registry host is named", &complaints);
}

#[test]
fn no_path_of_a_machine_is_named() {
    let complaints = search(machine_path);
    assert_none("a path of somebody's machine is named", &complaints);
}

#[test]
fn machine_paths_are_told_from_samples() {
    let work = format!("cd /{}/main", "work");
    let home = format!("open('/{}/jane/x')", "home");
    assert!(machine_path(&work).is_some());
    assert!(machine_path(&home).is_some());
    for sample in [
        "src/work/main.py",
        "/home/user/.ssh/id_rsa",
        "/root/.ssh/authorized_keys",
    ] {
        assert_eq!(machine_path(sample), None, "{sample}");
    }
}

/// Finds an absolute path below a folder that only exists on one machine. Places that attackers
/// read everywhere (a hidden file of the super-user, a made-up user) are samples.
fn machine_path(line: &str) -> Option<String> {
    let neutral = ["user", "me", "app", "*", "{", "<", "[", "$"];
    for (folder, samples) in [
        ("work", &[][..]),
        ("home", &neutral[..]),
        ("root", &["."][..]),
    ] {
        let needle = format!("/{folder}/");
        for (at, _) in line.match_indices(&needle) {
            let before = line[..at].chars().next_back();
            let inside = before.is_some_and(|c| c.is_alphanumeric() || "_-.~/}*>".contains(c));
            let after = &line[at + needle.len()..];
            let bare = !after.starts_with(|c: char| c.is_alphanumeric() || ".*{<[$".contains(c));
            if !inside && !bare && !samples.iter().any(|sample| after.starts_with(sample)) {
                return Some(needle);
            }
        }
    }
    None
}

fn search(find: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| is_judged(file)) {
        let Some(text) = text(file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if let Some(found) = find(line) {
                complaints.push(format!("{file}:{}: {found}", number + 1));
            }
        }
    }
    complaints
}
