//! Measures look-ups in advisory data: nanoseconds for a package that is there, for one that is
//! not, and for opening the data. `cargo xtask bench advisories` runs it on made-up data.
#![expect(clippy::print_stdout, reason = "an example prints its figures")]

use std::path::Path;
use std::time::Instant;
use tares_deps::Ecosystem;
use tares_deps::advisory::Advisories as _;
use tares_world::advisories::Database;

const TIMES: usize = 200_000;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder with the data");
    let folder = Path::new(&folder);
    let begin = Instant::now();
    let database = Database::open(folder, 0).expect("whole").expect("data");
    let opened = begin.elapsed();
    let mut found = 0;
    for (what, prefix) in [("recorded", "mal-package-"), ("not recorded", "harmless-")] {
        let names: Vec<String> = (0..TIMES)
            .map(|n| format!("{prefix}{}", (n * 7919) % 500_000))
            .collect();
        let begin = Instant::now();
        for name in &names {
            let records = database.find(Ecosystem::Npm, name).expect("whole");
            found += records.len();
        }
        let each = begin.elapsed().as_nanos() as f64 / TIMES as f64;
        println!("{what} {each:.0}");
    }
    assert!(found > 0, "the data is that of the bench");
    println!("opening it once {}", opened.as_nanos());
}
