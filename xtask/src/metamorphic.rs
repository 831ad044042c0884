//! `cargo xtask metamorphic`: the table of rewrites by class, as the tests of the rules count it.

use crate::house::{Outcome, cargo, run as start};

pub(crate) fn run() -> Outcome {
    let test = [
        "test",
        "--quiet",
        "--package",
        "tares-rules",
        "--test",
        "it",
    ];
    let shown = ["metamorphic", "--", "--nocapture", "--test-threads", "1"];
    start(cargo().args(test).args(shown))
}
