//! `cargo xtask stdlib`: whether every public callable of the standard libraries is accounted for.
//!
//! The installed interpreters say what there is. Each callable is modelled, folded by the engine,
//! pure, or left out with a reason; the last two stand in `crates/tares-effects/stdlib`.

mod asked;
mod ledger;
mod models;
mod sample;

use crate::house::{Failure, Outcome};
use crate::table::Table;
use asked::{Asked, Callable};
use ledger::Ledger;
use models::Models;
use std::collections::{BTreeMap, BTreeSet};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this language
    #[arg(value_enum)]
    language: Option<Language>,
    /// Print so many callables with their place in the account, instead of the counts
    #[arg(long)]
    sample: Option<usize>,
    /// Which sample
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print every callable with its place in the account
    #[arg(long)]
    list: bool,
    /// Name the patterns that stand for nothing here: other versions have what they mean
    #[arg(long)]
    unused: bool,
}

/// A language whose interpreter can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// Python's standard library
    Python,
    /// Node's modules and the globals of JavaScript
    Javascript,
}

/// Where a callable stands in the account.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A model says what it does.
    Modelled(String),
    /// The engine computes it.
    Folded,
    /// It only computes: labels of the arguments pass to the result.
    Pure(String),
    /// Nothing is said of it, for this reason.
    LeftOut(String),
    /// Nobody has looked at it.
    Open,
}

/// One language's callables, each with its place.
struct Account {
    language: Language,
    version: String,
    places: Vec<(Callable, Place)>,
    /// Complaints that fail the check.
    faults: Vec<String>,
    /// What a reader should know.
    remarks: Vec<String>,
}

impl Language {
    const ALL: [Self; 2] = [Self::Python, Self::Javascript];

    fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Javascript => "javascript",
        }
    }
}

impl Place {
    fn word(&self) -> &'static str {
        match self {
            Self::Modelled(_) => "modelled",
            Self::Folded => "folded",
            Self::Pure(_) => "pure",
            Self::LeftOut(_) => "left out",
            Self::Open => "OPEN",
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Modelled(why) | Self::Pure(why) | Self::LeftOut(why) => why,
            Self::Folded | Self::Open => "",
        }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let mut accounts = Vec::new();
    for language in Language::ALL {
        if args.language.is_none_or(|wanted| wanted == language) {
            accounts.push(account(language, args.unused)?);
        }
    }
    if args.list || args.sample.is_some() {
        let mut all = Vec::new();
        for account in &accounts {
            let places = account.places.iter();
            all.extend(places.map(|(callable, place)| (account.language, callable, place)));
        }
        let chosen = match args.sample {
            Some(size) => sample::draw(all.len(), size, args.seed),
            None => (0..all.len()).collect(),
        };
        let mut table = Table::new(&["language", "callable", "is", "because"]);
        for index in chosen {
            let (language, callable, place) = all[index];
            table.row([language.name(), &callable.path, place.word(), place.why()]);
        }
        println!("{table}");
        return Ok(());
    }
    report(&accounts)
}

fn account(language: Language, show_unused: bool) -> Outcome<Account> {
    let asked = Asked::of(language)?;
    let models = Models::read(language)?;
    let ledger = Ledger::read(language)?;
    let mut places = Vec::new();
    let mut faults = Vec::new();
    let mut remarks = Vec::new();
    let mut used = BTreeSet::new();
    let newer = asked::is_newer(&asked.version, &ledger.version);
    for callable in asked.callables {
        // A module may be written under any of its names.
        let path = models.resolved(&callable.path);
        let names = [callable.path.as_str(), path.as_str()];
        let written = names.iter().find_map(|name| ledger.place(name));
        if let Some((entry, _)) = &written {
            used.insert(*entry);
        }
        let place = match (models.of(&path, callable.on_instance), written) {
            (Some(model), written) => {
                // A pattern may be wider than the models; a name written out may not.
                if let Some((entry, _)) = written
                    && names.iter().any(|name| ledger.is_exact(entry, name))
                {
                    faults.push(format!(
                        "{path} has a model and stands in the data file too"
                    ));
                }
                Place::Modelled(model)
            }
            (None, Some((_, place))) => place,
            (None, None) if models.is_folded(&path) => Place::Folded,
            (None, None) => Place::Open,
        };
        if place == Place::Open {
            let what = format!("{path} is neither modelled nor pure nor left out");
            if newer && !names.iter().any(|name| ledger.is_world(name)) {
                remarks.push(format!("{what}, and newer than the account"));
            } else {
                faults.push(what);
            }
        }
        places.push((callable, place));
    }
    faults.extend(ledger.too_wide());
    if show_unused {
        remarks.extend(ledger.unused(&used));
    }
    Ok(Account {
        language,
        version: asked.version,
        places,
        faults,
        remarks,
    })
}

fn report(accounts: &[Account]) -> Outcome {
    let mut table = Table::new(&[
        "language",
        "version",
        "callables",
        "modelled",
        "folded",
        "pure",
        "left out",
        "open",
    ]);
    for account in accounts {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, place) in &account.places {
            *counts.entry(place.word()).or_default() += 1;
        }
        let count = |word| counts.get(word).copied().unwrap_or(0).to_string();
        let all = account.places.len().to_string();
        let words = ["modelled", "folded", "pure", "left out", "OPEN"].map(count);
        let head = [
            account.language.name().to_owned(),
            account.version.clone(),
            all,
        ];
        table.row(head.into_iter().chain(words));
    }
    println!("{table}");
    for account in accounts {
        for remark in &account.remarks {
            println!("{}: {remark}", account.language.name());
        }
        for fault in &account.faults {
            eprintln!("{}: {fault}", account.language.name());
        }
    }
    match accounts
        .iter()
        .map(|account| account.faults.len())
        .sum::<usize>()
    {
        0 => Ok(()),
        faults => Err(Failure::new(format!("{faults} faults in the account"))),
    }
}
