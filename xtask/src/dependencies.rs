//! `cargo xtask dependencies --data DIR`: what `tares check` says of names that do not exist, of
//! names that look as if they did not, and of real ones, beside an honest registry on the
//! loopback that has all real names of the lists.
//!
//! Invented names are drawn: a distance to the nearest real name by the measured distribution,
//! and a real name changed by so many letters, or, far from all, words of real names put together.

use crate::house::{Doing as _, Outcome, tares};
use crate::report::{Finding, Report};
use crate::stats::Rate;
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tares_model::Ecosystem::{self, Npm, PyPi};
use tares_testkit::{Behaviour, Program, TestPackage, TestRegistry, TestRepo};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder with `names` and `hallucination`
    #[arg(long)]
    data: PathBuf,
    /// Invented names for each ecosystem
    #[arg(long, default_value_t = 1000)]
    invented: usize,
    /// Score this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
}

/// Names that one change brings; more than this are asked in another.
const CHUNK: usize = 1500;

/// An import beside a manifest that does not declare its package, and beside one that does.
const IN_PROJECT: &str = "import, undeclared";
const DECLARED: &str = "import, declared";

/// Distance from which a name is put together from words instead of changed by letters.
const FAR: usize = 4;

/// What is asked and who answers.
struct Bench {
    registry: TestRegistry,
    binary: PathBuf,
    real: BTreeMap<Ecosystem, BTreeSet<String>>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let binary = tares(args.tares.as_deref())?;
    let names = args.data.join("names");
    let traps = rows(&names.join("trap-import-names.csv"))?;
    let mut real: BTreeMap<Ecosystem, BTreeSet<String>> = BTreeMap::new();
    let popular = of(&rows(&names.join("popular-packages.csv"))?, 0, 2);
    let tail = of(&rows(&names.join("real-longtail-names.csv"))?, 0, 1);
    let meant = of(&traps, 0, 2);
    for (ecosystem, name) in popular.iter().chain(&tail).chain(&meant) {
        real.entry(*ecosystem)
            .or_default()
            .insert(ecosystem.normal(name));
    }
    let registry = TestRegistry::start();
    for (ecosystem, names) in &real {
        for name in names {
            registry.add(TestPackage::seasoned(*ecosystem, name));
        }
    }
    println!(
        "{} real names in the registry\n",
        real.values().map(BTreeSet::len).sum::<usize>()
    );
    let bench = Bench {
        registry,
        binary,
        real,
    };
    let mut table = Table::new(&["names", "where", "block", "review"]);
    bench.invented(args, &mut table)?;
    bench.traps(&traps, &mut table)?;
    bench.real_names("popular", &popular, &mut table)?;
    bench.real_names("long tail", &tail, &mut table)?;
    for (what, behaviour) in [
        ("behind a mirror", Behaviour::Mirror),
        ("404 for everything", Behaviour::NothingThere),
        ("200 for everything", Behaviour::SoftNotFound),
    ] {
        for ecosystem in [PyPi, Npm] {
            bench.registry.behave(ecosystem, behaviour.clone());
        }
        bench.real_names(&format!("popular, {what}"), &popular, &mut table)?;
    }
    for ecosystem in [PyPi, Npm] {
        bench.registry.behave(ecosystem, Behaviour::Honest);
    }
    bench.malicious(&rows(&names.join("malicious-names.csv"))?, &mut table)?;
    print!("{table}");
    bench.noise(&of(&rows(&names.join("extraction-noise.csv"))?, 0, 1))
}

impl Bench {
    fn invented(&self, args: &Args, table: &mut Table) -> Outcome {
        let distances = rows(
            &args
                .data
                .join("hallucination/levenshtein-distance-to-real-name.csv"),
        )?;
        for ecosystem in [PyPi, Npm] {
            let names = self.draw(ecosystem, &distances, args.invented);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for place in ["manifest", "command"] {
                let found = self.check(ecosystem, place, &names)?;
                count(
                    &format!("invented, {ecosystem}"),
                    place,
                    &names,
                    &found,
                    table,
                );
            }
        }
        Ok(())
    }

    /// Draws names that the registry does not have.
    fn draw(&self, ecosystem: Ecosystem, distances: &[Vec<String>], wanted: usize) -> Vec<String> {
        let real: Vec<&String> = self.real[&ecosystem].iter().collect();
        let counts: Vec<(usize, u64)> = distances
            .iter()
            .filter_map(|row| Some((row.first()?.parse().ok()?, row.get(1)?.parse().ok()?)))
            .filter(|(distance, _)| *distance > 0)
            .collect();
        let total: u64 = counts.iter().map(|(_, count)| count).sum();
        let mut dice = Dice(0x5eed_0000 + ecosystem as u64);
        let mut drawn = BTreeSet::new();
        while drawn.len() < wanted {
            let mut at = dice.below(total as usize) as u64;
            let of = counts.iter().find(|(_, count)| {
                let is_here = at < *count;
                at = at.saturating_sub(*count);
                is_here
            });
            let distance = of.map_or(1, |(distance, _)| *distance);
            let start = real[dice.below(real.len())];
            let name = if distance >= FAR {
                let other = real[dice.below(real.len())];
                let word = |name: &str, dice: &mut Dice| {
                    let words: Vec<&str> = name.split(['-', '/', '.']).collect();
                    words[dice.below(words.len())]
                        .trim_start_matches('@')
                        .to_owned()
                };
                format!("{}-{}", word(start, &mut dice), word(other, &mut dice))
            } else {
                dice.changed(start.trim_start_matches('@'), distance)
            };
            let normal = ecosystem.normal(&name);
            if ecosystem.is_name(&normal) && !self.real[&ecosystem].contains(&normal) {
                drawn.insert(normal);
            }
        }
        drawn.into_iter().collect()
    }

    /// Import names of real distributions: none may be said not to exist.
    fn traps(&self, rows: &[Vec<String>], table: &mut Table) -> Outcome {
        for ecosystem in [PyPi, Npm] {
            let of = rows.iter().filter(|row| row[0] == ecosystem.as_str());
            // What no program can import is no import.
            let is_import = |name: &str| ecosystem != PyPi || !name.contains(['-', ' ', '/']);
            let of: Vec<&Vec<String>> = of.filter(|row| is_import(&row[1])).collect();
            let imports: Vec<&str> = of.iter().map(|row| row[1].as_str()).collect();
            let meant: Vec<&str> = of.iter().map(|row| row[2].as_str()).collect();
            for (place, declared) in [
                ("import", &[][..]),
                (IN_PROJECT, &["left-pad", "requests"]),
                (DECLARED, &meant),
            ] {
                let manifest = manifest(ecosystem, declared);
                let found = self.check_beside(ecosystem, place, &imports, manifest)?;
                count(
                    &format!("traps, {ecosystem}"),
                    place,
                    &imports,
                    &found,
                    table,
                );
                if place == DECLARED {
                    let left = found.keys().filter_map(|at| imports.get(*at));
                    let left: Vec<&str> = left.copied().collect();
                    println!("declared, and not believed to be: {}", left.join(" "));
                }
            }
        }
        Ok(())
    }

    fn real_names(&self, what: &str, names: &[(Ecosystem, String)], table: &mut Table) -> Outcome {
        for ecosystem in [PyPi, Npm] {
            let of = names.iter().filter(|(of, _)| *of == ecosystem);
            let names: Vec<&str> = of.map(|(_, name)| name.as_str()).collect();
            if names.is_empty() {
                continue;
            }
            let found = self.check(ecosystem, "manifest", &names)?;
            count(
                &format!("{what}, {ecosystem}"),
                "manifest",
                &names,
                &found,
                table,
            );
        }
        Ok(())
    }

    /// Names that were reported: taken down, or there with one release of ten days ago. Of honest
    /// projects of which one version was bad, the bare name.
    fn malicious(&self, rows: &[Vec<String>], table: &mut Table) -> Outcome {
        for ecosystem in [PyPi, Npm] {
            let of = |kind: &str| -> Vec<(&str, &str)> {
                rows.iter()
                    .filter(|row| row[0] == ecosystem.as_str() && row[1] == kind)
                    .filter(|row| ecosystem.is_name(&ecosystem.normal(&row[2])))
                    .map(|row| (row[2].as_str(), row[3].as_str()))
                    .collect()
            };
            let honest: Vec<&str> = of("compromised_lib")
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            for name in &honest {
                self.registry.add(TestPackage::seasoned(ecosystem, name));
            }
            let found = self.check(ecosystem, "manifest", &honest)?;
            count(
                &format!("compromised, bare, {ecosystem}"),
                "manifest",
                &honest,
                &found,
                table,
            );
            // One name stands for its cluster.
            let clusters: BTreeMap<&str, &str> = of("malicious_intent")
                .into_iter()
                .filter(|(name, _)| !self.real[&ecosystem].contains(&ecosystem.normal(name)))
                .map(|(name, cluster)| (cluster, name))
                .collect();
            let names: Vec<&str> = clusters.into_values().collect();
            let found = self.check(ecosystem, "manifest", &names)?;
            count(
                &format!("malicious, taken down, {ecosystem}"),
                "manifest",
                &names,
                &found,
                table,
            );
            for name in &names {
                self.registry
                    .add(TestPackage::new(ecosystem, name).release("1.0.0", &ten_days_ago()));
            }
            let found = self.check(ecosystem, "manifest", &names)?;
            count(
                &format!("malicious, ten days old, {ecosystem}"),
                "manifest",
                &names,
                &found,
                table,
            );
            self.registry.behave(ecosystem, Behaviour::Mirror);
            let found = self.check(ecosystem, "manifest", &names)?;
            count(
                &format!("malicious, no dates, {ecosystem}"),
                "manifest",
                &names,
                &found,
                table,
            );
            self.registry.behave(ecosystem, Behaviour::Honest);
            for name in &names {
                let package = TestPackage::new(ecosystem, name);
                self.registry
                    .add(package.release("1.0.0", "2022-06-01T00:00:00Z"));
            }
            let found = self.check(ecosystem, "manifest", &names)?;
            count(
                &format!("malicious, years old, {ecosystem}"),
                "manifest",
                &names,
                &found,
                table,
            );
        }
        Ok(())
    }

    /// Texts that an extractor took for names: how many are asked for.
    fn noise(&self, texts: &[(Ecosystem, String)]) -> Outcome {
        self.registry.forget_requests();
        for ecosystem in [PyPi, Npm] {
            let of = texts.iter().filter(|(of, _)| *of == ecosystem);
            let of: Vec<&str> = of.map(|(_, text)| text.as_str()).collect();
            self.registry.forget_requests();
            let could: usize = of
                .iter()
                .filter(|text| ecosystem.is_name(&ecosystem.normal(text)))
                .count();
            self.check(ecosystem, "command", &of)?;
            let asked = self.registry.requests().len();
            println!(
                "noise, {ecosystem}: {} texts, {could} could be names, {asked} requests",
                of.len()
            );
        }
        Ok(())
    }

    fn check(
        &self,
        ecosystem: Ecosystem,
        place: &str,
        names: &[&str],
    ) -> Outcome<BTreeMap<usize, Finding>> {
        self.check_beside(ecosystem, place, names, None)
    }

    /// Judges changes that bring these names, beside a manifest; returns findings by the line of
    /// their name.
    fn check_beside(
        &self,
        ecosystem: Ecosystem,
        place: &str,
        names: &[&str],
        manifest: Option<(&'static str, String)>,
    ) -> Outcome<BTreeMap<usize, Finding>> {
        let mut all = BTreeMap::new();
        for (number, chunk) in names.chunks(CHUNK).enumerate() {
            let (path, base, text) = laid_out(ecosystem, place, chunk);
            let repo = TestRepo::new();
            repo.file(path, base).file("README", "x");
            if let Some((path, text)) = &manifest {
                repo.file(path, text);
            }
            repo.commit("Start");
            repo.write(path, text);
            let program = Program::new(&self.binary).folder(repo.path());
            let variables = self.registry.environment();
            let program = variables
                .into_iter()
                .fold(program, |program, (name, value)| {
                    program.variable(name, value)
                });
            let answer = program.run(["check", "--format", "json", "--no-cache"]);
            let report: Report = serde_json::from_str(&answer.stdout).doing("the report")?;
            for finding in report.findings {
                let is_ours =
                    finding.rule.starts_with("package-") || finding.rule.starts_with("import-");
                // The first line is the frame of the file.
                let line = (finding.start_line as usize).checked_sub(2);
                if let Some(line) = line.filter(|_| is_ours) {
                    all.insert(number * CHUNK + line, finding);
                }
            }
        }
        Ok(all)
    }
}

/// Returns a manifest that declares packages; `None` where it would declare none.
fn manifest(ecosystem: Ecosystem, declared: &[&str]) -> Option<(&'static str, String)> {
    if declared.is_empty() {
        return None;
    }
    Some(if ecosystem == Npm {
        let all: BTreeMap<&str, &str> = declared.iter().map(|name| (*name, "^1.0.0")).collect();
        let text = serde_json::json!({ "name": "x", "dependencies": all });
        ("package.json", text.to_string())
    } else {
        ("requirements.txt", format!("{}\n", declared.join("\n")))
    })
}

/// Writes names one in a line, from the second line on.
fn laid_out(ecosystem: Ecosystem, place: &str, names: &[&str]) -> (&'static str, String, String) {
    let mut text = String::new();
    let path = match (ecosystem, place) {
        (Npm, "manifest") => {
            text.push_str("{\"dependencies\": {\n");
            for name in names {
                let _ = writeln!(text, "{}: \"^1.0.0\",", serde_json::json!(name));
            }
            text.push_str("\"left-pad\": \"^1.0.0\"\n}}\n");
            return ("package.json", "{}".to_owned(), text);
        }
        (_, "manifest") => "requirements.txt",
        (_, "command") => "setup.sh",
        (Npm, _) => "main.js",
        _ => "main.py",
    };
    text.push_str(if path == "main.js" { "//\n" } else { "#\n" });
    for (i, name) in names.iter().enumerate() {
        let _ = match (ecosystem, place) {
            (Npm, "command") => writeln!(text, "npm install {name}"),
            (_, "command") => writeln!(text, "pip install {name}"),
            (Npm, "import" | IN_PROJECT | DECLARED) => {
                writeln!(text, "import x{i} from {};", serde_json::json!(name))
            }
            (_, "import" | IN_PROJECT | DECLARED) => writeln!(text, "import {name}"),
            _ => writeln!(text, "{name}"),
        };
    }
    (path, String::new(), text)
}

fn count(
    what: &str,
    place: &str,
    names: &[&str],
    found: &BTreeMap<usize, Finding>,
    table: &mut Table,
) {
    let (mut block, mut review) = (Rate::default(), Rate::default());
    for line in 0..names.len() {
        let level = found.get(&line).map(|finding| finding.level.as_str());
        block.add(level == Some("block"));
        review.add(level == Some("review"));
    }
    table.row([
        what.to_owned(),
        place.to_owned(),
        block.cell(),
        review.cell(),
    ]);
}

/// Returns the day ten days ago as RFC 3339 writes it.
fn ten_days_ago() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.map_or(0, |since| since.as_secs() as i64 / 86_400) - 10;
    // Days since the first of March of year 0, in which the leap day is the last of a year.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T00:00:00Z")
}

/// Reads the lines of a table behind its head.
fn rows(file: &Path) -> Outcome<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(file).doing(file.display())?;
    let row = |line: &str| {
        line.split(',')
            .map(|cell| cell.trim_matches('"').to_owned())
            .collect()
    };
    Ok(text.lines().skip(1).map(row).collect())
}

/// Returns the names of a list, each once: some lists repeat theirs.
fn of(rows: &[Vec<String>], ecosystem: usize, name: usize) -> Vec<(Ecosystem, String)> {
    let mut seen = BTreeSet::new();
    let of = |row: &Vec<String>| {
        let ecosystem: Ecosystem = row.get(ecosystem)?.parse().ok()?;
        let name = row.get(name).filter(|name| !name.is_empty())?;
        matches!(ecosystem, PyPi | Npm).then(|| (ecosystem, name.clone()))
    };
    let all = rows.iter().filter_map(of);
    all.filter(|one| seen.insert(one.clone())).collect()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// Changes a name by so many letters.
    fn changed(&mut self, name: &str, times: usize) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        for _ in 0..times {
            let letter = char::from(b'a' + self.below(26) as u8);
            let at = self.below(letters.len());
            match self.below(3) {
                0 if letters.len() > 3 => {
                    letters.remove(at);
                }
                1 => letters.insert(at, letter),
                _ => letters[at] = letter,
            }
        }
        letters.into_iter().collect()
    }
}
