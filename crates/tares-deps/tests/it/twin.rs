//! A registry in memory: one package in a line, `pypi name exists versions=1.0,1.1 released=2019-05-01`.

use std::collections::BTreeMap;
use tares_deps::Ecosystem;
use tares_deps::package::Author;
use tares_model::fact::{
    Artefact, Beside, Canary, Dates, Existence, Ignorance, Lookup, PackageFacts, PackageName,
    Packages, Release, Sightings, Timestamp,
};

/// What a registry knows, said on 2026-11-20.
pub(crate) struct Twin {
    packages: BTreeMap<PackageName, PackageFacts>,
    author: Option<Author>,
}

impl Twin {
    pub(crate) fn read(text: &str) -> Self {
        let mut twin = Self {
            packages: BTreeMap::new(),
            author: None,
        };
        for line in text.lines() {
            twin.line(line);
        }
        twin
    }

    pub(crate) fn knows(&self, name: &PackageName) -> bool {
        self.packages.contains_key(name)
    }

    pub(crate) fn author(&self) -> Option<Author> {
        self.author.clone()
    }

    fn line(&mut self, line: &str) {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        let ecosystem: Ecosystem = next().parse().unwrap();
        let name = PackageName {
            ecosystem,
            name: ecosystem.normal(next()),
        };
        let existence = match next() {
            "exists" => Existence::Exists,
            "absent" => Existence::Absent,
            _ => Existence::Unknown(Ignorance::Offline),
        };
        let mut facts = known(name.clone(), existence);
        for word in words {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            let time = || Some(day(value));
            match key {
                "versions" => {
                    let release = |version: &str| Release {
                        version: version.to_owned(),
                        yanked: Some(false),
                        ..Release::default()
                    };
                    facts.releases = value.split(',').map(release).collect();
                }
                "released" => {
                    facts.releases.iter_mut().for_each(|r| r.time = time());
                    facts.dates = Dates::Plausible;
                }
                "yanked" => {
                    let release = facts.releases.iter_mut().find(|r| r.version == value);
                    release.unwrap().yanked = Some(true);
                }
                "digest" => facts.releases[0].digests = vec![format!("sha256:{value}")],
                // `beside=host,absent` of the main place, `beside=host,same` or `other` of a further one.
                "beside" => {
                    let (host, what) = value.split_once(',').unwrap_or((value, ""));
                    facts.beside.push(Beside {
                        host: host.to_owned(),
                        is_main: what == "absent",
                        existence: match what {
                            "absent" => Existence::Absent,
                            _ => Existence::Exists,
                        },
                        is_same: Some(what == "same"),
                    });
                }
                "absent-before" => facts.sightings.first_absent = time(),
                "cleared" => facts.sightings.cleared_by = Some("a person".to_owned()),
                "author" => {
                    self.author = Some(Author {
                        model: value.to_owned(),
                        cutoff: None,
                        released: None,
                    });
                }
                "cutoff" => self.author.as_mut().unwrap().cutoff = time(),
                _ => {}
            }
        }
        self.packages.insert(name, facts);
    }
}

/// Facts from a calibrated place.
fn known(name: PackageName, existence: Existence) -> PackageFacts {
    let is_known = !matches!(existence, Existence::Unknown(_));
    let status = if existence == Existence::Exists {
        200
    } else {
        404
    };
    let canary = |name: &str, must_exist, status| Canary {
        name: name.to_owned(),
        must_exist,
        status: Some(status),
        as_expected: true,
    };
    let lookup = Lookup {
        endpoint: "simple-index".to_owned(),
        host: "index.example".to_owned(),
        status: Some(status),
        time: day("2026-11-20"),
        canaries: vec![
            canary("real", true, 200),
            canary("tares-canary-5f1c9a0be7d24c83", false, 404),
        ],
    };
    PackageFacts {
        existence,
        lookup: is_known.then_some(lookup),
        sightings: Sightings::default(),
        ..PackageFacts::unknown(name, Ignorance::Offline)
    }
}

/// Reads a day; leap days count as in the calendar.
fn day(text: &str) -> Timestamp {
    let parts: Vec<i64> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let [year, month, day] = parts[..] else {
        panic!("{text} is no day")
    };
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let days =
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1;
    Timestamp((days - 719_468) * 86_400)
}

impl Packages for Twin {
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts> {
        let of = |name: &PackageName| {
            let known = self.packages.get(name).cloned();
            known.unwrap_or_else(|| PackageFacts::unknown(name.clone(), Ignorance::Offline))
        };
        names.iter().map(of).collect()
    }

    fn artefact(&self, _: &PackageName, _: &str) -> Result<Artefact, Ignorance> {
        Err(Ignorance::Offline)
    }
}
