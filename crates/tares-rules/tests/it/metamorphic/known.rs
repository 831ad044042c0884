//! What is known not to hold under which rewrite, and how often the rewrites have to apply.

/// What is known not to hold. The list only shrinks: a pair that holds has to leave it.
pub(super) struct Known {
    pub(super) why: &'static str,
    pub(super) language: &'static str,
    pub(super) rewrites: &'static [&'static str],
    /// The rules that fail under each of the rewrites; none for a gap that most rules meet.
    pub(super) rules: &'static [&'static str],
}

pub(super) const KNOWN: &[Known] = &[
    Known {
        why: "what sets a mask back is looked for in the same function only",
        language: "python",
        rewrites: &["wrapper-decorator", "wrapper-helper", "wrapper-method"],
        rules: &["umask-cleared"],
    },
    Known {
        why: "a constant of another file is known only where it stands alone",
        language: "javascript",
        rewrites: &["distance-file"],
        rules: &[
            "code-as-text",
            "decode-and-run",
            "decoded-target",
            "hard-coded-credential",
            "jwt-not-verified",
            "package-source-in-clear",
            "token-in-source",
        ],
    },
    Known {
        why: "a constant of another file is known only where it stands alone",
        language: "python",
        rewrites: &["distance-file"],
        rules: &[],
    },
    Known {
        why: "a tag of its own is not called",
        language: "javascript",
        rewrites: &["comprehension-enumerated"],
        rules: &[],
    },
    Known {
        why: "clean marks are lost beside decoded text",
        language: "python",
        rewrites: &[
            "text-base64",
            "text-decoded",
            "text-turned",
            "text-unquoted",
        ],
        rules: &["spreadsheet-formula"],
    },
    Known {
        why: "handlers and labels that nothing reaches are joined",
        language: "javascript",
        rewrites: &["control-went-well"],
        rules: &[],
    },
    Known {
        why: "integers end at 64 bits",
        language: "python",
        rewrites: &["text-numbered"],
        rules: &[],
    },
    Known {
        why: "methods of what a call gave are lost as values",
        language: "javascript",
        rewrites: &[
            "alias-alternative",
            "alias-chosen",
            "container-function",
            "wrapper-default-function",
            "wrapper-in-class",
            "wrapper-lambda",
            "wrapper-returned",
        ],
        rules: &["mass-assignment"],
    },
    Known {
        why: "own iterators are not gone through",
        language: "javascript",
        rewrites: &["protocol-iterate"],
        rules: &[],
    },
    Known {
        why: "parameters handed on are judged at the wrapper, not at its callers",
        language: "javascript",
        rewrites: &["wrapper-last"],
        rules: &["token-never-expires"],
    },
    Known {
        why: "the file loses its opener when `open` is handed on",
        language: "python",
        rewrites: &["wrapper-default-function", "wrapper-lambda", "wrapper-last"],
        rules: &["new-file-write-outside"],
    },
    Known {
        why: "the order of calls is followed in one function only",
        language: "python",
        rewrites: &["wrapper-decorator", "wrapper-helper", "wrapper-method"],
        rules: &["login-before-tls"],
    },
    Known {
        why: "the steps have to stand in one function",
        language: "python",
        rewrites: &["wrapper-last"],
        rules: &["shell-over-network"],
    },
    Known {
        why: "turning the order of items counts as hiding",
        language: "javascript",
        rewrites: &["container-reversed"],
        rules: &["api-by-assembled-name"],
    },
    Known {
        why: "what a value is for is read from the name of the function around the call",
        language: "javascript",
        rewrites: &["wrapper-last"],
        rules: &["predictable-token"],
    },
    Known {
        why: "what a value is for is read from the name of the function around the call",
        language: "python",
        rewrites: &["wrapper-last"],
        rules: &["permissive-file-mode", "predictable-token"],
    },
];

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
