//! How bad an advisory is: the word that it gives, else the base score of its CVSS 3 vector.

use serde::{Deserialize, Serialize};

/// Grades of severity, as databases name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Below 4.0.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 and above.
    Critical,
}

impl Grade {
    /// Reads the word of a database.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "low" => Some(Self::Low),
            "moderate" | "medium" => Some(Self::Medium),
            "high" => Some(Self::High),
            "critical" => Some(Self::Critical),
            _ => None,
        }
    }

    /// Reads a CVSS 3.0 or 3.1 vector; `None` for other versions, whose grade has to be given by
    /// a word, and for one that misses a metric.
    pub fn from_vector(vector: &str) -> Option<Self> {
        base_score(vector).map(|score| match score {
            90.. => Self::Critical,
            70..=89 => Self::High,
            40..=69 => Self::Medium,
            _ => Self::Low,
        })
    }

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Computes the base score in tenths (CVSS 3.1 specification, section 7.1).
fn base_score(vector: &str) -> Option<u32> {
    let metrics = vector
        .strip_prefix("CVSS:3.0/")
        .or_else(|| vector.strip_prefix("CVSS:3.1/"))?;
    let metric = |name: &str| {
        metrics
            .split('/')
            .find_map(|metric| metric.strip_prefix(name)?.strip_prefix(':'))
    };
    let is_changed = match metric("S")? {
        "U" => false,
        "C" => true,
        _ => return None,
    };
    let vector = weight(
        metric("AV")?,
        &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)],
    )?;
    let complexity = weight(metric("AC")?, &[("L", 0.77), ("H", 0.44)])?;
    let interaction = weight(metric("UI")?, &[("N", 0.85), ("R", 0.62)])?;
    let privileges = if is_changed {
        weight(metric("PR")?, &[("N", 0.85), ("L", 0.68), ("H", 0.5)])?
    } else {
        weight(metric("PR")?, &[("N", 0.85), ("L", 0.62), ("H", 0.27)])?
    };
    let loss = |name: &str| weight(metric(name)?, &[("H", 0.56), ("L", 0.22), ("N", 0.0)]);
    let kept = (1.0 - loss("C")?) * (1.0 - loss("I")?) * (1.0 - loss("A")?);
    let base: f64 = 1.0 - kept;
    let impact = if is_changed {
        7.52 * (base - 0.029) - 3.25 * (base - 0.02).powi(15)
    } else {
        6.42 * base
    };
    if impact <= 0.0 {
        return Some(0);
    }
    let sum = impact + 8.22 * vector * complexity * privileges * interaction;
    let score = if is_changed { 1.08 * sum } else { sum };
    Some(rounded_up(score.min(10.0)))
}

fn weight(word: &str, weights: &[(&str, f64)]) -> Option<f64> {
    let found = weights.iter().find(|(known, _)| *known == word);
    found.map(|(_, weight)| *weight)
}

/// Rounds up to tenths as the specification's appendix A does, free of small errors.
fn rounded_up(score: f64) -> u32 {
    let exact = (score * 100_000.0).round() as u32;
    exact.div_ceil(10_000)
}
