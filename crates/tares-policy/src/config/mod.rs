//! The configuration file `tares.toml`: text in, [`Policy`] out.
//!
//! Reading touches nothing but the text. Which revision of the file counts is the caller's
//! question; the format is described in `specs/config.md`.

mod dependencies;
mod diff;
mod entries;
mod error;
mod near;
mod read;
mod template;

pub use dependencies::{Ask, Dependencies};
pub use diff::{Direction, PolicyChange};
pub use error::ConfigError;
pub(crate) use error::{Source, quoted};
pub use template::TEMPLATE;

use crate::allow::Allow;
use crate::gate;
use crate::levels::Setting;
use crate::pattern::{PathGlobs, Wildcard};
use read::Reader;
use tares_model::{Finding, Level, RepoPath, Span};
use toml::de::DeTable;

/// The name of the configuration file.
pub const FILE_NAME: &str = "tares.toml";

/// The largest configuration text that is read, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// What counts as wrong, and what is let through.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The built-in profile everything else is laid over.
    pub profile: Profile,
    /// The lowest level that makes the program fail: `block` or `review`.
    pub fail_on: Level,
    /// What is not judged. Such files are counted as not judged, kind `excluded`.
    pub exclude: PathGlobs,
    /// Effects that are usual here, in the order of the file.
    pub allow: Vec<Allow>,
    /// Whether a suppression comment counts that the judged change itself adds.
    pub allow_in_change: bool,
    /// The largest file that is judged, in bytes; a larger one is unchecked.
    pub max_file_size: u64,
    /// Path of the baseline file, relative to the configuration file.
    pub baseline: Option<String>,
    /// Path of the folder of API models, relative to the configuration file, without a slash at
    /// its end.
    pub models: Option<String>,
    /// Licences that packages may have, as SPDX expressions write them; empty where any will do.
    pub licences: Vec<String>,
    /// What is wanted of packages that are new.
    pub dependencies: Dependencies,
    pub(crate) rules: Vec<RuleEntry>,
    source: Source,
}

/// A built-in set of defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Findings at `block` fail.
    Standard,
    /// Findings at `review` fail too.
    Strict,
}

impl Profile {
    /// All profiles with their words.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::Standard, "standard"), (Self::Strict, "strict")];

    /// Returns the word used in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
        }
    }

    fn fail_on(self) -> Level {
        match self {
            Self::Standard => Level::Block,
            Self::Strict => Level::Review,
        }
    }
}

/// One line of `[rules]`.
#[derive(Debug, Clone)]
pub(crate) struct RuleEntry {
    pub(crate) pattern: Wildcard,
    pub(crate) setting: Setting,
    pub(crate) span: Span,
}

impl PartialEq for RuleEntry {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern && self.setting == other.setting
    }
}

/// Policies are equal if they judge alike; where they were written does not matter.
impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            profile,
            fail_on,
            exclude,
            allow,
            allow_in_change,
            max_file_size,
            baseline,
            models,
            licences,
            dependencies,
            rules,
            source: _,
        } = self;
        *profile == other.profile
            && *fail_on == other.fail_on
            && *exclude == other.exclude
            && *allow == other.allow
            && *allow_in_change == other.allow_in_change
            && *max_file_size == other.max_file_size
            && *baseline == other.baseline
            && *models == other.models
            && *licences == other.licences
            && *dependencies == other.dependencies
            && *rules == other.rules
    }
}

impl Policy {
    /// Returns the built-in policy that rules where no other does.
    pub fn standard() -> Self {
        Self {
            profile: Profile::Standard,
            fail_on: Profile::Standard.fail_on(),
            exclude: PathGlobs::none(),
            allow: Vec::new(),
            allow_in_change: false,
            max_file_size: 4 << 20,
            baseline: None,
            models: None,
            licences: Vec::new(),
            dependencies: Dependencies::default(),
            rules: Vec::new(),
            source: Source::new("the built-in profile", ""),
        }
    }

    /// Reads a configuration text; `name` is the file name for messages.
    ///
    /// # Errors
    /// Points at the first thing that is wrong. Unknown keys and words are wrong: a misspelt
    /// setting must not silently leave the default in force.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let mut policy = Self {
            source: Source::new(name, text),
            ..Self::standard()
        };
        let source = policy.source.clone();
        let reader = Reader { source: &source };
        if text.len() > MAX_TEXT {
            return Err(reader.error(
                0..0,
                format!("the file is larger than {} KiB", MAX_TEXT >> 10),
            ));
        }
        let document = DeTable::parse(text).map_err(|e| syntax_error(&reader, &e))?;
        let top = document.get_ref();
        reader.check_keys(top, "")?;
        policy.read_settings(&reader, top)?;
        if let Some(item) = top.get("rules") {
            policy.rules = entries::read_rules(&reader, item)?;
        }
        let mut patterns = 0;
        if let Some(item) = top.get("exclude") {
            policy.exclude = entries::read_paths(&reader, item, "exclude", &mut patterns)?;
        }
        if let Some(item) = top.get("allow") {
            policy.allow = entries::read_allow(&reader, item, &mut patterns)?;
        }
        Ok(policy)
    }

    fn read_settings(&mut self, reader: &Reader<'_>, top: &DeTable<'_>) -> Result<(), ConfigError> {
        if let Some(item) = top.get("policy") {
            let table = reader.table(item, "policy")?;
            if let Some(item) = table.get("profile") {
                self.profile = reader.word(item, "profile", Profile::ALL)?;
                self.fail_on = self.profile.fail_on();
            }
            if let Some(item) = table.get("fail-on") {
                let words = [(Level::Block, "block"), (Level::Review, "review")];
                self.fail_on = reader.word(item, "fail-on", &words)?;
            }
        }
        if let Some(item) = top.get("suppressions")
            && let Some(item) = reader.table(item, "suppressions")?.get("allow-in-change")
        {
            self.allow_in_change = reader.flag(item, "allow-in-change")?;
        }
        if let Some(item) = top.get("limits")
            && let Some(item) = reader.table(item, "limits")?.get("max-file-size")
        {
            self.max_file_size = reader.size(item, "max-file-size", (1 << 10, 1 << 30))?;
        }
        if let Some(item) = top.get("baseline")
            && let Some(item) = reader.table(item, "baseline")?.get("file")
        {
            self.baseline = Some(entries::read_file_name(reader, item)?);
        }
        if let Some(item) = top.get("dependencies") {
            self.dependencies = Dependencies::read(reader, item)?;
        }
        if let Some(item) = top.get("models") {
            self.models = Some(entries::read_folder_name(reader, item)?);
        }
        if let Some(item) = top.get("dependencies")
            && let Some(item) = reader.table(item, "dependencies")?.get("licences")
        {
            self.licences = entries::read_licences(reader, item)?;
        }
        Ok(())
    }

    /// Returns the name of the text the policy was read from.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Checks that every rule the policy names exists. `rule_ids` are the ids of all rules but
    /// those of this crate.
    ///
    /// # Errors
    /// Points at the first entry of `[rules]` that names no rule.
    pub fn validate(&self, rule_ids: &[&str]) -> Result<(), ConfigError> {
        let known = || rule_ids.iter().chain(gate::RULES).copied();
        for entry in &self.rules {
            let pattern = &entry.pattern;
            if known().any(|id| pattern.matches(id)) {
                continue;
            }
            let span = entry.span.start as usize..entry.span.end as usize;
            let name = quoted(pattern.as_str());
            return Err(if pattern.is_exact() {
                let near = near::nearest(pattern.as_str(), known());
                let hint = near.map_or("`tares rules` lists all rules".to_owned(), |id| {
                    format!("did you mean `{id}`?")
                });
                self.source
                    .error(span, format!("there is no rule {name}"))
                    .with_hint(hint)
            } else {
                let error = self.source.error(span, format!("no rule matches {name}"));
                error.with_hint("`tares rules` lists all rules")
            });
        }
        Ok(())
    }

    /// Returns whether a path is not to be judged.
    pub fn excludes(&self, path: &RepoPath) -> bool {
        self.exclude.matches(path)
    }

    /// Returns a note for every `[[allow]]` entry whose [`Allow::index`] is not in `used`.
    ///
    /// A change touches few of the entries, so this means something only after a scan of
    /// everything the policy was written for.
    pub fn unused_allows(&self, used: &[usize]) -> Vec<Finding> {
        let unused = self
            .allow
            .iter()
            .filter(|entry| !used.contains(&entry.index));
        unused
            .map(|entry| {
                let message = format!("the entry that allows {entry} matched nothing");
                let place = self.source.place(entry.span);
                gate::finding(
                    gate::UNUSED_ALLOW,
                    Level::Note,
                    place,
                    &entry.to_string(),
                    message,
                )
            })
            .collect()
    }
}

fn syntax_error(reader: &Reader<'_>, error: &toml::de::Error) -> ConfigError {
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    reader.error(error.span().unwrap_or(0..0), message)
}
