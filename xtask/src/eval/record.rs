//! Labelled samples: reading them, and laying them out where nothing betrays the label.

use crate::house::{Doing as _, Failure, Outcome};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// One sample. Fields that the score does not need are skipped.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) language: String,
    #[serde(default)]
    pub(super) cwe: Vec<String>,
    #[serde(default)]
    pub(super) cwe_also: Vec<String>,
    pub(super) label: Label,
    #[serde(default)]
    pub(super) pair_id: Option<String>,
    #[serde(default)]
    pub(super) lines: Vec<u32>,
    /// Where the fix only adds lines: the places they are missing after.
    #[serde(default)]
    pub(super) missing_after: Vec<u32>,
    /// Lines that are good for the rule in question.
    #[serde(default)]
    pub(super) ok_lines: Vec<u32>,
    /// Findings that an upstream tool reports, each a case of its own.
    #[serde(default)]
    pub(super) findings: Vec<Expected>,
    #[serde(default)]
    pub(super) rule_hint: String,
    #[serde(default)]
    pub(super) known_error: Option<String>,
    /// Whether the dangerous call stands in the sample (`inside`, `outside`), where somebody looked.
    #[serde(default)]
    pub(super) evidence: Option<String>,
    /// Lines that other settings of the upstream tool report too.
    #[serde(default)]
    lines_preview: Vec<u32>,
    #[serde(default)]
    lines_strict: Vec<u32>,
    /// What other rules of the upstream tool report on the sample.
    #[serde(default)]
    pub(super) lines_other_rules: Vec<Expected>,
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    encoding: Option<String>,
}

/// What a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Label {
    Bad,
    Good,
}

/// A finding of an upstream tool.
#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    pub(super) line: u32,
    pub(super) rule: String,
}

impl Record {
    /// Whether it is a file or a folder, and not a text without a name.
    pub(super) fn is_file(&self) -> bool {
        self.filename.is_some() || !self.files.is_empty()
    }

    /// Returns the lines near which a finding is expected.
    pub(super) fn marked(&self) -> Vec<u32> {
        self.lines
            .iter()
            .chain(&self.missing_after)
            .copied()
            .collect()
    }

    /// Returns every line on which the upstream rule of the sample speaks under some setting.
    pub(super) fn reported(&self) -> Vec<u32> {
        let own = self.lines.iter().chain(&self.lines_preview);
        own.chain(&self.lines_strict).copied().collect()
    }

    /// Writes the sample to `<folder>/<id>/<its file name>`.
    pub(super) fn lay_out(&self, folder: &Path) -> Outcome {
        let single = self.filename.iter().zip(&self.code);
        for (name, text) in self.files.iter().chain(single) {
            let inside = Path::new(&self.id).join(name);
            let plain = inside
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
            if !plain {
                return Err(Failure::new(format!(
                    "{}: {name} leaves the work folder",
                    self.id
                )));
            }
            let file = folder.join(inside);
            let parent = file
                .parent()
                .expect("a file in the work folder has a parent");
            std::fs::create_dir_all(parent).doing(parent.display())?;
            std::fs::write(&file, self.encoded(text)).doing(file.display())?;
        }
        Ok(())
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        let narrow = matches!(self.encoding.as_deref(), Some("latin-1" | "iso-8859-1"));
        let bytes: Option<Vec<u8>> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect();
        bytes
            .filter(|_| narrow)
            .unwrap_or_else(|| text.as_bytes().to_vec())
    }
}

/// Reads the samples of one file.
pub(super) fn read(file: &Path) -> Outcome<Vec<Record>> {
    let text = std::fs::read_to_string(file).doing(file.display())?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).doing(format!("{}:{}", file.display(), number + 1))
        })
        .collect()
}
