//! Findings about what cannot be judged but must not slip in.

use tares_model::finding::{Confidence, Family, Finding, Severity};
use tares_model::{FileChange, Level, Place, RepoPath};

/// The change adds a program or library in machine form.
pub const BINARY_ADDED: &str = "binary-added";

/// Returns the `review` finding for a loadable binary that a change brings.
pub(crate) fn binary_added(file: &FileChange, kind: &str) -> Finding {
    let message = format!("the change brings a {kind}, which no review of source text covers");
    let mut finding = about(&file.path, 1, BINARY_ADDED, kind, message);
    if let Some(side) = &file.after {
        finding.fingerprint = fingerprint(BINARY_ADDED, &[file.path.as_bytes(), &side.bytes]);
    }
    finding.why =
        "a binary can do anything, and its source may not be what it was built from".to_owned();
    finding.fix =
        "build it from source in the pipeline, or take it from a registry by digest".to_owned();
    finding
}

/// Returns a `review` finding about a line of a file. `subject` is its identity within the file.
pub(crate) fn about(
    path: &RepoPath,
    line: u32,
    rule: &str,
    subject: &str,
    message: String,
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        family: Family::Gate,
        cwe: Vec::new(),
        severity: Severity::Medium,
        confidence: Confidence::High,
        level: Level::Review,
        place: Place {
            path: path.clone(),
            start_line: line,
            end_line: line,
            start_column: 1,
            end_column: 1,
        },
        message,
        why: String::new(),
        fix: String::new(),
        effect: None,
        related: Vec::new(),
        fingerprint: fingerprint(rule, &[path.as_bytes(), subject.as_bytes()]),
        suppressed: None,
    }
}

fn fingerprint(rule: &str, parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(rule.as_bytes()).chain(parts.iter().copied()) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}
