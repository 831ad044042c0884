//! The file that `tares init` writes.

/// A commented configuration that judges exactly like [`super::Policy::standard`].
pub const TEMPLATE: &str = r#"# tares.toml: what `tares check` lets through and what it does not.
#
# A check reads this file from the tip of the target branch, never from the change it judges:
# what a change alters here counts only after it has been merged, and is reported until then.

# Files that are not judged. They are counted in every summary.
exclude = []
# exclude = ["vendor/**", "**/*.generated.py"]

# A folder with models of your own libraries: what their calls do. `tares models` checks it.
# models = "tares/models"

[policy]
# standard: findings at `block` fail. strict: findings at `review` fail too.
profile = "standard"
# The lowest level that fails, if it should differ from the profile: "block" or "review".
# fail-on = "block"

# Levels of rules: off, note, review or block. `tares rules` lists the rules; `*` stands for
# any characters, and the more specific line wins.
[rules]
# tls-check-off = "block"
# "capability-*" = "note"

# Effects that are usual here. An entry names the effect and its target, and can be limited to
# paths. A target that the check cannot determine is never allowed by a pattern.
# [[allow]]
# effect = "network"
# target = "api.example.com"
# paths = ["src/payments/**"]
# reason = "the payment provider"

# Comments such as `tares: allow RULE -- reason` silence a finding in the next line of code.
[suppressions]
# Whether such a comment counts in the change that adds it. It never silences `block` there.
allow-in-change = false

[dependencies]
# Packages of your own: nobody is asked about them.
# private = ["@acme/*", "acme-*"]
# The level of a new package of which nobody can say whether it exists: block, review or note.
on-unknown = "review"
# Whether registries are asked about new packages: "new", or "never".
ask = "new"
# Licences that packages of lock files may have, as SPDX writes them. Without a list any will do.
# licences = ["MIT", "Apache-2.0", "BSD-3-Clause"]

[limits]
# A larger file is reported as unchecked.
max-file-size = "4MiB"

# Findings that were known when checks began. They are counted, and do not fail.
# [baseline]
# file = "tares-baseline.json"
"#;
