//! The order of versions, beside the ecosystems' own programs where they are at hand.
//!
//! The programs order the same made-up and hand-picked versions; one that is missing fails the
//! test. `cargo xtask test` installs them.

use std::cmp::Ordering;
use std::io::Write as _;
use std::process::{Command, Stdio};
use tares_deps::Ecosystem;
use tares_deps::version::{self, Version};

/// Every version with every other, as `<`, `=`, `>`; `?` where one of them has no order.
fn table(ecosystem: Ecosystem, versions: &[String]) -> String {
    let mut text = String::new();
    for one in versions {
        for other in versions {
            text.push(match version::order(ecosystem, one, other) {
                Some(Ordering::Less) => '<',
                Some(Ordering::Equal) => '=',
                Some(Ordering::Greater) => '>',
                None => '?',
            });
        }
        text.push('\n');
    }
    text
}

/// Runs a program with a line for each version and returns what it prints.
fn ask(program: &str, arguments: &[&str], versions: &[String]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
    let mut input = child.stdin.take().expect("it is piped");
    input
        .write_all(versions.join("\n").as_bytes())
        .expect("the program reads");
    drop(input);
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{program} {arguments:?} failed");
    String::from_utf8(output.stdout).expect("text")
}

/// Compares our table with theirs line by line.
fn assert_same(ecosystem: Ecosystem, versions: &[String], theirs: &str) {
    let ours = table(ecosystem, versions);
    let mut wrong = Vec::new();
    for ((one, ours), theirs) in versions.iter().zip(ours.lines()).zip(theirs.lines()) {
        for ((other, a), b) in versions.iter().zip(ours.chars()).zip(theirs.chars()) {
            if a != b {
                wrong.push(format!("{one} {other}: {a} and not {b}"));
            }
        }
    }
    assert_eq!(ours.lines().count(), theirs.lines().count());
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        versions.len() * versions.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

/// Versions put together from pieces by a generator that is always the same.
fn made_up(pieces: &[&str], count: usize, most: u64) -> Vec<String> {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let mut found: Vec<String> = (0..count)
        .map(|_| {
            let length = 1 + next(most);
            (0..length)
                .map(|_| pieces[next(pieces.len() as u64) as usize])
                .collect()
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn with(picked: &[&str], mut more: Vec<String>) -> Vec<String> {
    more.extend(picked.iter().map(|&text| text.to_owned()));
    more
}

#[test]
fn python_versions_are_ordered_as_packaging_orders_them() {
    let picked = [
        "1.0",
        "1.0.0",
        "1!0.1",
        "1.0.dev1",
        "1.0a1.dev1",
        "1.0a1",
        "1.0b2",
        "1.0rc1",
        "1.0c1",
        "1.0.post1",
        "1.0-1",
        "1.0.post1.dev3",
        "1.0+local",
        "1.0+local.2",
        "1.0+2",
        "v1.0",
        "1.0.alpha-1",
        "1.0preview2",
        "1.0-rev4",
        "2011k",
        "2024.1",
        "1.0.x",
        "1..0",
        "latest",
        "1.0.dev",
        "1.0a",
        "1.0+",
        "1.0.0.0.1",
        "0.0",
        "1.0A1",
        "1.0+ubuntu-1",
    ];
    let pieces = [
        "1", "0", "2", ".", ".", ".", "10", "a", "b", "rc", ".dev", ".post", "-1", "+a", "1!", "_",
    ];
    let versions = with(&picked, made_up(&pieces, 250, 7));
    let program = "\
import sys
try:
    from packaging.version import Version, InvalidVersion
except ImportError:
    from pip._vendor.packaging.version import Version, InvalidVersion
def read(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None
all = [read(line) for line in sys.stdin.read().split('\\n')]
for one in all:
    print(''.join('?' if one is None or other is None else '<' if one < other else '>' if one > other else '=' for other in all))
";
    let theirs = ask("python3", &["-c", program], &versions);
    assert_same(Ecosystem::PyPi, &versions, &theirs);
}

#[test]
fn npm_versions_are_ordered_as_semver_orders_them() {
    let picked = [
        "1.0.0",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0+build",
        "v1.2.3",
        "=1.2.3",
        "1.2.3-0",
        "1.2.3-0a",
        "0.0.0-20200101000000-abcdefabcdef",
        "1.2.3-01",
        "01.2.3",
        "1.2.3-",
        "1.2.3.4",
        "x.y.z",
        "1.2.3-a..b",
        "9007199254740991.0.0",
        "1.0.0--",
        "1.0.0-A",
        "1.0.0-a",
    ];
    let pieces = [
        "1.0.0", "1.0.1", "0.1.0", "-", "alpha", ".", "1", "0", "a", "Z", "+b", "10", "x1",
    ];
    let versions = with(&picked, made_up(&pieces, 250, 6));
    // One and two numbers are versions to us alone: advisories write `1.2` for `1.2.0`.
    let three = |text: &String| {
        text.split(['-', '+'])
            .next()
            .is_some_and(|release| release.matches('.').count() != 1 && release.contains('.'))
    };
    let versions: Vec<String> = versions.into_iter().filter(three).collect();
    let program = "\
const { execSync } = require('child_process');
const root = execSync('npm root --global', { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
const semver = require(require.resolve('semver', { paths: [root + '/npm', '/usr/share/nodejs'] }));
const all = require('fs').readFileSync(0, 'utf8').split('\\n').map((text) => semver.parse(text));
for (const one of all) {
  console.log(all.map((other) => !one || !other ? '?' : ['<', '=', '>'][1 + semver.compare(one, other)]).join(''));
}
";
    let theirs = ask("node", &["-e", program], &versions);
    assert_same(Ecosystem::Npm, &versions, &theirs);
}

#[test]
fn cargo_versions_are_ordered_as_its_own_library_orders_them() {
    let pieces = [
        "1.0.0", "1.0.1", "0.1.0", "-", "alpha", ".", "1", "0", "a", "Z", "+b", "10", "x1",
    ];
    for one in made_up(&pieces, 300, 6) {
        let ours = Version::parse(Ecosystem::Cargo, &one);
        let theirs = semver::Version::parse(&one);
        let numbers = one
            .split(['-', '+'])
            .next()
            .map(|release| release.matches('.').count());
        if numbers != Some(2) {
            continue;
        }
        assert_eq!(ours.is_some(), theirs.is_ok(), "{one}");
        for other in made_up(&pieces, 100, 6) {
            if let (Ok(one_theirs), Ok(other_theirs)) = (&theirs, semver::Version::parse(&other)) {
                assert_eq!(
                    version::order(Ecosystem::Cargo, &one, &other),
                    Some(one_theirs.cmp_precedence(&other_theirs)),
                    "{one} {other}"
                );
            }
        }
    }
}

#[test]
fn maven_versions_are_ordered_as_maven_orders_them() {
    let picked = [
        "1",
        "1.0",
        "1.0.0",
        "1-alpha",
        "1.0-alpha-1",
        "1-a1",
        "1-beta-1",
        "1-m1",
        "1-milestone-1",
        "1.0.RC2",
        "1-cr1",
        "1-SNAPSHOT",
        "1.ga",
        "1-final",
        "1.0.Final",
        "1-sp",
        "1-sp1",
        "1-jre",
        "31.1-jre",
        "31.1-android",
        "1-1",
        "1.1",
        "1.0-1",
        "2.0.0.RELEASE",
        "1-abc",
        "Finchley.SR1",
        "1.0.0.Beta1",
        "4.1.100.Final",
        "20040616",
        "1.x",
        "1_2",
        "1.0-beta.2",
    ];
    let pieces = [
        "1", "0", "2", ".", "-", ".", "-", "alpha", "rc", "sp", "ga", "x", "10", "snapshot", "b",
    ];
    let mut versions = with(&picked, made_up(&pieces, 220, 7));
    versions.retain(|text| text.starts_with(|c: char| c.is_ascii_alphanumeric()));
    // Its own program compares neighbours, so each pair stands beside each other once.
    let mut theirs = vec![vec!['='; versions.len()]; versions.len()];
    let libraries = maven_libraries();
    // A start of Java for each row: a third of them says enough.
    let rows: Vec<usize> = (0..versions.len()).step_by(versions.len() / 30).collect();
    for &at in &rows {
        let one = &versions[at];
        let line: Vec<&str> = versions
            .iter()
            .flat_map(|other| [one.as_str(), other.as_str()])
            .collect();
        let output = Command::new("java")
            .args([
                "-cp",
                &libraries,
                "org.apache.maven.artifact.versioning.ComparableVersion",
            ])
            .args(&line)
            .output()
            .expect("java and Maven are needed for this test");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("text");
        let orders: Vec<char> = text
            .lines()
            .filter(|line| line.starts_with("   "))
            .map(|line| {
                line.split(' ')
                    .find_map(|word| match word {
                        "<" => Some('<'),
                        ">" => Some('>'),
                        "==" => Some('='),
                        _ => None,
                    })
                    .expect("a comparison")
            })
            .collect();
        assert_eq!(orders.len(), line.len() - 1, "{text}");
        for (other, order) in orders.iter().step_by(2).enumerate() {
            theirs[at][other] = *order;
        }
    }
    let ours = table(Ecosystem::Maven, &versions);
    let mut wrong = Vec::new();
    let lines: Vec<&str> = ours.lines().collect();
    for at in rows {
        for ((other, a), b) in versions.iter().zip(lines[at].chars()).zip(&theirs[at]) {
            if a != *b {
                wrong.push(format!("{} {other}: {a} and not {b}", versions[at]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

/// The class path of the Maven that is installed, as it says itself.
fn maven_libraries() -> String {
    let output = Command::new("mvn")
        .args(["--batch-mode", "--version"])
        .output()
        .expect("Maven is needed for this test");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let home = text
        .lines()
        .find_map(|line| line.strip_prefix("Maven home: "))
        .unwrap_or_else(|| panic!("where Maven is installed: {text}"));
    format!("{}/lib/*", home.trim())
}

/// Each line in rising order, words with `=` between them equal.
fn assert_rising(ecosystem: Ecosystem, line: &str) {
    let groups: Vec<Vec<&str>> = line
        .split(" < ")
        .map(|group| group.split(" = ").map(str::trim).collect())
        .collect();
    for (at, group) in groups.iter().enumerate() {
        for one in group {
            for (other_at, other_group) in groups.iter().enumerate() {
                for other in other_group {
                    assert_eq!(
                        version::order(ecosystem, one, other),
                        Some(at.cmp(&other_at)),
                        "{one} {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn ruby_versions_are_ordered_as_their_manual_says() {
    assert_rising(
        Ecosystem::RubyGems,
        "1.0.a < 1.0.a.1 < 1.0.b1 < 1.0.pre.1 = 1.0-1 < 1.0.rc1 < 1 = 1.0 = 1.0.0 < 1.0.1 < 1.9 < 1.10",
    );
    assert_rising(Ecosystem::RubyGems, "1.15.4-x86_64-linux = 1.15.4 < 1.15.5");
    assert_eq!(Version::parse(Ecosystem::RubyGems, "master"), None);
    assert_eq!(Version::parse(Ecosystem::RubyGems, "1..2"), None);
}

#[test]
fn composer_versions_are_ordered_as_its_manual_says() {
    assert_rising(
        Ecosystem::Composer,
        "1.0-dev < 1.0.0-alpha < 1.0.0-alpha2 = v1.0.0a2 < 1.0.0-beta1 < 1.0.0-RC1-dev < 1.0.0-RC1 \
         < 1 = 1.0.0 = v1.0.0.0 = 1.0.0-stable < 1.0.0-p1 = 1.0.0-patch1 < 1.0.1 < 1.10.0",
    );
    assert_eq!(Version::parse(Ecosystem::Composer, "dev-main"), None);
    assert_eq!(Version::parse(Ecosystem::Composer, "1.x-dev"), None);
}

#[test]
fn nuget_versions_are_ordered_as_its_manual_says() {
    assert_rising(
        Ecosystem::NuGet,
        "1.0.1-alpha.2 < 1.0.1-alpha.10 < 1.0.1-Alpha10 = 1.0.1-alpha10 < 1.0.1-beta < 1.0.1-rc.1 \
         < 1.0.1 = 1.0.1.0 = 1.0.01+meta < 1.0.1.1",
    );
    assert_eq!(Version::parse(Ecosystem::NuGet, "1.*"), None);
}

#[test]
fn go_versions_stand_in_the_order_of_modules() {
    assert_rising(
        Ecosystem::Go,
        "0.0.0-20180904163835-0709b304e793 < v0.0.0-20190308221718-c2843e01d9a2 < v0.1.0 \
         < v1.2.3-pre < v1.2.4-0.20191109021931-daa7c04131f5 < 1.2.4 < v2.0.0+incompatible = v2.0.0",
    );
}

#[test]
fn long_and_foreign_texts_have_no_order() {
    for (ecosystem, _) in Ecosystem::ALL {
        for text in [
            "",
            " ",
            "\u{0}",
            "é",
            "${version}",
            "[1,2)",
            &"1".repeat(300),
            &"1.".repeat(200),
        ] {
            assert_eq!(
                Version::parse(ecosystem, text),
                None,
                "{ecosystem} {text:?}"
            );
        }
    }
}
