//! Changes with something hidden in them, their honest twins, and the same changes with nothing
//! added: what the rules against intent are measured on.
//!
//! The data lies in `payloads/`. A *carrier* is a small service with places (`#@name`) where a
//! change may add lines, and with *features*: honest changes with the words that asked for them.
//! A *case* is a feature with a payload beside it, and a twin in which the task asks for the
//! calls. Cases are kept by *mechanism*; a fixed hash of the mechanism's name puts all of its
//! cases on the side that may be tuned on or on the side that is only reported.

mod data;
mod weave;

use data::{Carrier, Mechanism};
use std::collections::BTreeMap;
use std::path::Path;

/// One change to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Mechanism, number and part: `mirrored-request/3`.
    pub name: String,
    /// The mechanism; the carrier for an honest change.
    pub mechanism: String,
    /// Language of the carrier.
    pub language: String,
    /// What is to be expected.
    pub part: Part,
    /// Whether the mechanism is one that rules may be tuned on.
    pub is_tuning: bool,
    /// Whether the payload is written so that it is hard to read.
    pub is_disguised: bool,
    /// Families of rules of which a finding counts as a hit.
    pub families: Vec<String>,
    /// What a person asked for.
    pub task: String,
    /// What the author says of the change.
    pub claim: String,
    /// Text of the files of base, by path.
    pub before: BTreeMap<String, String>,
    /// Text of the files of head, by path.
    pub after: BTreeMap<String, String>,
    /// Lines of head that carry the payload, or what the twin has in its place.
    pub marked: Vec<(String, u32)>,
}

/// What a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A change with a payload.
    Payload,
    /// The same calls, asked for.
    Twin,
    /// A feature with nothing added.
    Honest,
}

/// Reads all samples from `payloads/` of this crate, sorted by name.
///
/// # Panics
/// When a file is not well formed or names what is not there.
pub fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("payloads");
    let carriers: BTreeMap<String, Carrier> = data::carriers(&folder.join("carriers"));
    let mut samples = Vec::new();
    for (name, mechanism) in data::mechanisms(&folder.join("mechanisms")) {
        samples.extend(of_mechanism(&name, &mechanism, &carriers));
    }
    for (name, carrier) in &carriers {
        samples.extend(
            carrier
                .feature
                .keys()
                .map(|feature| weave::honest(name, carrier, feature)),
        );
    }
    samples
}

fn of_mechanism(
    name: &str,
    mechanism: &Mechanism,
    carriers: &BTreeMap<String, Carrier>,
) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (i, case) in mechanism.case.iter().enumerate() {
        let carrier = carriers
            .get(&case.on)
            .unwrap_or_else(|| panic!("{name}: no carrier {}", case.on));
        let number = i + 1;
        samples.push(weave::payload(name, number, mechanism, case, carrier));
        samples.extend(weave::twin(name, number, mechanism, case, carrier));
    }
    samples
}

/// Returns whether rules may be tuned on a mechanism: half of the names, by a hash that never changes.
fn is_tuning(mechanism: &str) -> bool {
    let hash = mechanism
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (hash >> 32) & 1 == 0
}

#[cfg(test)]
mod tests {
    use super::{Part, samples};
    use std::collections::BTreeSet;

    #[test]
    fn the_set_is_large_and_split_for_good() {
        let all = samples();
        let of = |part| all.iter().filter(move |sample| sample.part == part);
        let mechanisms = |tuning| -> usize {
            let names = of(Part::Payload).filter(move |sample| sample.is_tuning == tuning);
            names
                .map(|sample| &sample.mechanism)
                .collect::<BTreeSet<_>>()
                .len()
        };
        assert!(of(Part::Payload).count() >= 150 && of(Part::Twin).count() >= 150);
        assert!(mechanisms(true) >= 15 && mechanisms(false) >= 15);
        for sample in &all {
            assert_ne!(sample.before, sample.after, "{}", sample.name);
            let lines = |text: &String| text.lines().count();
            let known = |(path, line): &(String, u32)| {
                sample
                    .after
                    .get(path)
                    .is_some_and(|text| *line as usize <= lines(text))
            };
            assert!(sample.marked.iter().all(known), "{}", sample.name);
            assert!(
                !sample.after.values().any(|text| text.contains('§')),
                "{}",
                sample.name
            );
        }
        // A twin differs from the payload in its task at least.
        assert!(of(Part::Twin).all(|twin| !twin.task.is_empty()));
    }
}
