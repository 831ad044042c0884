//! Asks the registries of the user's own clients for names, and says what is known of them:
//! `cargo run -p tares-world --example registry -- npm left-pad`, with `--offline` in front to ask
//! nobody.
#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use std::sync::Arc;
use std::time::Instant;
use tares_model::Ecosystem;
use tares_model::fact::{PackageName, Packages as _};
use tares_world::Os;
use tares_world::registry::{Registries, Settings};

fn main() -> Result<(), String> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let offline = arguments.first().is_some_and(|first| first == "--offline");
    arguments.drain(..usize::from(offline));
    let (ecosystem, names) = arguments.split_first().ok_or("an ecosystem and names")?;
    let ecosystem: Ecosystem = ecosystem.parse()?;
    let name = |name: &String| PackageName {
        ecosystem,
        name: ecosystem.normal(name),
    };
    let names: Vec<PackageName> = names.iter().map(name).collect();
    let settings = Settings {
        offline,
        ..Settings::default()
    };
    let start = Instant::now();
    let registries = Registries::new(Arc::new(Os), settings);
    let facts = registries.facts(&names);
    let took = start.elapsed();
    for one in facts {
        println!(
            "{}: {:?}, {} releases, latest {:?}, first {:?}, dates {:?}, in a distribution {:?}\n  {:?}\n  {:?}",
            one.name.name,
            one.existence,
            one.releases.len(),
            one.latest,
            one.first_release(),
            one.dates,
            one.in_distribution,
            one.lookup,
            one.sightings,
        );
    }
    println!("{took:?}");
    Ok(())
}
