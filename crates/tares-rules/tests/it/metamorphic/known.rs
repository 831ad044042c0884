//! What is known not to hold under which rewrite, and how often the rewrites have to apply.

/// What is known not to hold. A pair that holds has to leave the list, and nothing comes onto it
/// without the mechanism that is missing.
pub(super) struct Known {
    pub(super) why: &'static str,
    pub(super) language: &'static str,
    pub(super) rewrites: &'static [&'static str],
    /// The rules that fail under each of the rewrites; none for a gap that most rules meet.
    pub(super) rules: &'static [&'static str],
}

pub(super) const KNOWN: &[Known] = &[];

/// The least number of bad and good examples that a class meets: Python, then JavaScript.
pub(super) const LEAST: [&[(&str, usize, usize)]; 2] = [
    &[
        ("alias", 614, 538),
        ("attribute", 446, 385),
        ("carrier", 37, 49),
        ("code", 349, 276),
        ("comprehension", 805, 770),
        ("container", 2124, 2010),
        ("control", 1974, 1847),
        ("distance", 640, 611),
        ("folding", 253, 242),
        ("import", 172, 141),
        ("late", 808, 791),
        ("namespace", 415, 398),
        ("partial", 110, 93),
        ("protocol", 679, 666),
        ("spreading", 200, 210),
        ("text", 1335, 1307),
        ("wrapper", 2166, 2005),
    ],
    &[
        ("alias", 198, 213),
        ("attribute", 245, 242),
        ("carrier", 15, 55),
        ("code", 216, 169),
        ("comprehension", 296, 456),
        ("container", 801, 1345),
        ("control", 657, 719),
        ("distance", 245, 422),
        ("folding", 74, 96),
        ("import", 80, 81),
        ("late", 263, 432),
        ("namespace", 44, 66),
        ("partial", 54, 55),
        ("protocol", 211, 341),
        ("spreading", 99, 100),
        ("text", 522, 1008),
        ("wrapper", 774, 1044),
    ],
];
