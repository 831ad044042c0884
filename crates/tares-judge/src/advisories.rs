//! Packages of the texts, looked up in advisory data.

use crate::inputs;
use tares_deps::Looked;
use tares_deps::advisory::{self, Advisories, Judged};
use tares_model::{Finding, Level, Notice, Place, RepoPath};

/// What was looked up in a run.
#[derive(Debug, Default)]
pub(crate) struct LookedUp {
    judged: Judged,
    /// The first file that asked, where findings about the data itself stand.
    first: Option<RepoPath>,
    /// Files that name packages while there is no data.
    unanswered: usize,
}

impl LookedUp {
    /// Looks up what a text newly names. `is_document` says that commands in it are only read.
    pub(crate) fn text(
        &mut self,
        path: &RepoPath,
        looked: &[&Looked],
        is_document: bool,
        data: Option<&dyn Advisories>,
    ) -> Vec<Notice> {
        let Some(data) = data else {
            self.unanswered += usize::from(advisory::names_packages(path));
            return Vec::new();
        };
        let mut judged = advisory::judge_looked(looked, data);
        if judged.asked > 0 {
            self.first.get_or_insert_with(|| path.clone());
            self.judged.count(&judged);
        }
        if is_document && !advisory::names_packages(path) {
            // A document may tell the story of a package that nobody should install.
            for notice in &mut judged.notices {
                notice.level = match notice.level {
                    Level::Block => Level::Review,
                    _ => Level::Note,
                };
            }
        }
        judged.notices
    }

    /// Takes what another text asked.
    pub(crate) fn add(&mut self, other: Self) {
        self.judged.count(&other.judged);
        self.unanswered += other.unanswered;
        self.first = match (self.first.take(), other.first) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Returns the finding about data that is too old.
    pub(crate) fn stale(&self, data: Option<&dyn Advisories>) -> Option<Finding> {
        let notice = self.judged.stale(data?)?;
        let path = self.first.clone()?;
        Some(inputs::finding(notice, |_| Place {
            path: path.clone(),
            start_line: 1,
            end_line: 1,
            start_column: 1,
            end_column: 1,
        }))
    }

    /// Says what the data does not know: all that is newer, or everything.
    pub(crate) fn not_known(&self, data: Option<&dyn Advisories>) -> Option<String> {
        let Some(data) = data.filter(|_| self.judged.asked > 0) else {
            return (self.unanswered > 0).then(|| {
                "known flaws and malware among packages: there is no advisory data (`tares db update` builds it)".to_owned()
            });
        };
        Some(format!(
            "flaws of packages newer than the advisory data ({} looked up; {})",
            self.judged.asked,
            self.judged.data(data).join(", ")
        ))
    }
}
