//! Advisory data of half a million records: building it, its size, look-ups, and a lock file.

use super::{Figure, RUNS, Results, megabytes, milliseconds};
use crate::house::{Doing as _, Failure, Outcome, capture, cargo, empty_home};
use crate::measure::{cost, median};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

/// Records in the data, of which four in five are malware, as in public collections.
const RECORDS: usize = 500_000;

/// Entries of the lock file.
pub(super) const PACKAGES: usize = 1_500;

pub(super) fn measure(tares: &Path, results: &mut Results) -> Outcome {
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let (source, data) = (scratch.path().join("osv.tar"), scratch.path().join("data"));
    write_source(&source)?;
    let mut update = Command::new(tares);
    update.args(["db", "update"]).arg(&source);
    update.env("TARES_DATA_DIR", &data);
    let built = cost(&update, None)?;
    let file = data.join("advisories.v1");
    let size = std::fs::metadata(&file).doing(file.display())?.len();
    let mut figure = |what: &str, value, unit, limit: Option<f64>| {
        let figure = Figure::new(what, value, unit);
        results.ours.push(match limit {
            Some(limit) => figure.at_most(limit),
            None => figure,
        });
    };
    figure("advisories: 500,000 records built", built.wall, "s", None);
    figure(
        "advisories: peak memory of that",
        megabytes(built.peak),
        "MB",
        None,
    );
    figure("advisories: file", megabytes(size), "MB", Some(150.0));
    for (what, nanoseconds) in look_ups(&data)? {
        let limit = (!what.contains("opening")).then_some(5.0);
        let what = format!("advisories: look-up, {what}");
        figure(&what, nanoseconds / 1000.0, "us", limit);
    }
    let lock = scratch.path().join("package-lock.json");
    std::fs::write(&lock, lock_file()).doing(lock.display())?;
    let scan = |with_data: bool| {
        median(RUNS, || {
            let mut command = Command::new(tares);
            command.arg("scan").arg(&lock);
            let _home = empty_home(&mut command)?;
            if with_data {
                command.env("TARES_DATA_DIR", &data);
            }
            cost(&command, None)
        })
    };
    let (with, without) = (scan(true)?, scan(false)?);
    let name = format!("advisories: lock file of {PACKAGES} packages");
    figure(&name, milliseconds(with), "ms", Some(50.0));
    figure("  the same without data", milliseconds(without), "ms", None);
    figure("  peak memory", megabytes(with.peak), "MB", Some(60.0));
    Ok(())
}

/// Asks the example beside the store, which is built for it, for nanoseconds by kind of question.
fn look_ups(data: &Path) -> Outcome<Vec<(String, f64)>> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--package", "tares-world"]);
    command
        .args(["--example", "advisory_lookups", "--"])
        .arg(data);
    let printed = capture(&mut command)?;
    let figure = |line: &str| {
        let (what, number) = line.rsplit_once(' ')?;
        Some((what.to_owned(), number.parse().ok()?))
    };
    printed
        .lines()
        .map(|line| figure(line).ok_or_else(|| Failure::new(format!("no figure: {line}"))))
        .collect()
}

/// Writes OSV records as one archive: names and versions that repeat always.
fn write_source(path: &Path) -> Outcome {
    let mut out = BufWriter::new(File::create(path).doing(path.display())?);
    for number in 0..RECORDS {
        let text = record(number);
        let name = format!("osv/{number}.json");
        out.write_all(&header(&name, text.len()))
            .doing(path.display())?;
        out.write_all(text.as_bytes()).doing(path.display())?;
        let padding = text.len().next_multiple_of(512) - text.len();
        out.write_all(&[0; 512][..padding]).doing(path.display())?;
    }
    out.write_all(&[0; 1024]).doing(path.display())?;
    out.flush().doing(path.display())
}

/// The header of a member (POSIX ustar).
fn header(name: &str, size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    header[136..147].copy_from_slice(b"00000000000");
    header[148..156].copy_from_slice(b"        ");
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[263..265].copy_from_slice(b"00");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

fn record(number: usize) -> String {
    if number % 5 != 0 {
        return format!(
            r#"{{"schema_version":"1.7.4","id":"MAL-2025-{number}","modified":"2025-03-04T05:06:07Z","published":"2025-03-04T05:06:07Z","summary":"Malicious code in mal-{number} (npm)","details":"Found by a scan.","affected":[{{"package":{{"ecosystem":"npm","name":"mal-package-{number}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}}]}}],"database_specific":{{"cwes":[{{"cweId":"CWE-506"}}]}}}}],"references":[]}}"#
        );
    }
    let package = number / 5 % 40_000;
    let ecosystem = ["npm", "PyPI", "Maven", "Go"][package % 4];
    let name = match ecosystem {
        "Maven" => format!("example.group{}:artifact-{package}", package % 97),
        "Go" => format!("example.test/group{}/module-{package}", package % 97),
        _ => format!("package-{package}"),
    };
    let mut versions = String::new();
    if ecosystem == "PyPI" {
        for minor in 0..30 {
            let comma = if minor > 0 { "," } else { "" };
            write!(versions, "{comma}\"1.{minor}.0\"").expect("a text takes all");
        }
    }
    format!(
        r#"{{"schema_version":"1.7.4","id":"GHSA-{number:04x}-aaaa-bbbb","modified":"2025-03-04T05:06:07Z","published":"2024-02-03T04:05:06Z","aliases":["CVE-2024-{number}"],"summary":"Improper handling of input number {number} lets a caller do what nobody meant","details":"Text.","severity":[{{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}}],"affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"{name}"}},"ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"1.{}.0"}},{{"fixed":"1.{}.3"}}]}}],"versions":[{versions}]}}],"references":[],"database_specific":{{"severity":"HIGH","cwe_ids":["CWE-20"]}}}}"#,
        number % 20,
        number % 20 + 5
    )
}

/// A lock file in which one package in ten has advisories of its own version.
pub(super) fn lock_file() -> String {
    let mut text = String::from(
        "{\"name\":\"bench\",\"lockfileVersion\":3,\"packages\":{\"\":{\"name\":\"bench\"}",
    );
    for number in 0..PACKAGES {
        let (name, version) = if number % 10 == 0 {
            (format!("package-{}", number * 4), "1.2.0")
        } else {
            (format!("harmless-{number}"), "3.4.5")
        };
        write!(
            text,
            ",\n\"node_modules/{name}\":{{\"version\":\"{version}\",\"resolved\":\"https://packages.example/{name}/-/{name}-{version}.tgz\",\"integrity\":\"sha512-{number:0>86}==\",\"license\":\"MIT\",\"engines\":{{\"node\":\">=18\"}}}}"
        )
        .expect("a text takes all");
    }
    text.push_str("}}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_sums_up() {
        let header = header("a.json", 5);
        let digits = std::str::from_utf8(&header[148..154]).expect("digits");
        let stored = u32::from_str_radix(digits, 8).expect("octal");
        let mut plain = header;
        plain[148..156].copy_from_slice(b"        ");
        assert_eq!(
            stored,
            plain.iter().map(|&byte| u32::from(byte)).sum::<u32>()
        );
    }
}
