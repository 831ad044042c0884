//! How evidence adds up to a level.
//!
//! Phrases alone are weak: security documents are full of them. What counts is that several
//! kinds of evidence stand in one paragraph, and whether a person can see it.

use super::features::Found;
use crate::surface::Kind;
use tares_model::Level;

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A person sees it too.
    Visible,
    /// Only an agent reads it.
    Hidden,
}

/// Acts that do harm by themselves.
const HARM: [&str; 21] = [
    "secret-sent",
    "hoard-sent",
    "download-and-run",
    "decode-and-run",
    "persist",
    "endpoint",
    "destroy",
    "autopilot",
    "weaken",
    "insert",
    "conceal",
    "reveal",
    "expression",
    "unsafe-code",
    "claims-all",
    "displaces",
    "endless",
    "multiplies",
    "obeys",
    "way-in",
    "traces",
];

/// Weighs the evidence of one paragraph; `None` where it is no instruction worth a word.
///
/// | stands | evidence | level |
/// |---|---|---|
/// | hidden | two of: harm, override, role; or one of them, speaking to an agent | block |
/// | hidden | one of them; or a command to run or an act, spoken to an agent | review |
/// | instructions | harm, kept from the user or setting rules aside, or three harms | block |
/// | instructions | two harms; setting rules aside, but for those of other texts; decoding and running; a program started from an expression; secrets repeated | review |
/// | instructions | one harm | note |
/// | document | two of harm, override, role, and speaking to an agent | block |
/// | document | one of them and speaking to an agent | review |
pub(crate) fn weigh(found: Found, kind: Kind, standing: Standing) -> Option<Level> {
    if found.is_empty() {
        return None;
    }
    let has = |name: &str| found.has(name);
    let harms = harms(found);
    let breaks = usize::from(has("override")) + usize::from(has("role"));
    let spoken = has("addresses-agent") || (standing == Standing::Hidden && has("orders"));
    let (strong, concealed) = (harms + breaks, has("conceal"));
    match (standing, kind) {
        (Standing::Hidden, _) => match strong {
            0 if has("addresses-agent") && has("acts") => Some(Level::Review),
            0 => (spoken && has("run")).then_some(Level::Review),
            1 if spoken => Some(Level::Block),
            1 => Some(Level::Review),
            _ => Some(Level::Block),
        },
        (Standing::Visible, Kind::Instructions) => {
            let beyond = harms - usize::from(concealed);
            if (beyond >= 1 && (concealed || has("override"))) || beyond >= 3 {
                Some(Level::Block)
            } else if harms >= 2
                || (has("override") && !has("defends"))
                || has("decode-and-run")
                || has("expression")
                || reveals(found)
            {
                Some(Level::Review)
            } else {
                (harms == 1).then_some(Level::Note)
            }
        }
        (Standing::Visible, Kind::Prose) if spoken => match strong - bids(found) {
            0 => None,
            1 => Some(Level::Review),
            _ => Some(Level::Block),
        },
        // Code and settings hold such phrases as texts of their own; what they do is judged.
        (Standing::Visible, _) => None,
    }
}

/// What a skill does to get its way with an agent; documents about agents speak of it too.
const BIDS: [&str; 4] = ["claims-all", "displaces", "endless", "multiplies"];

fn bids(found: Found) -> usize {
    BIDS.iter().filter(|name| found.has(name)).count()
}

/// Counts the kinds of harm that a paragraph tells to do.
pub(super) fn harms(found: Found) -> usize {
    let has = |name: &str| match name {
        "secret-sent" => found.has("secret") && found.has("send"),
        "hoard-sent" => found.has("hoard") && found.has("send"),
        "reveal" => reveals(found),
        // A model that runs on the machine itself.
        "endpoint" => found.has("endpoint") && !found.has("local"),
        name => found.has(name),
    };
    HARM.iter().filter(|name| has(name)).count()
}

/// "Never print a key in your answer" has the same words as its opposite.
fn reveals(found: Found) -> bool {
    found.has("reveal") && !found.has("withholds")
}
