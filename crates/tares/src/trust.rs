//! Which policy counts: never the one that the change under judgement brings.

use crate::failure::Failure;
use std::path::{Path, PathBuf};
use tares_effects::models::{ModelSet, own};
use tares_policy::config::{FILE_NAME, MAX_TEXT};
use tares_policy::{Baseline, Policy};
use tares_world::System;
use tares_world::folder::{self, Bounds, FolderFiles};
use tares_world::git::{self, Repository, Selection};

/// A policy with where it came from.
pub(crate) struct Trusted {
    pub(crate) policy: Policy,
    /// Where it came from, in words.
    pub(crate) name: String,
    /// The baseline that it names, with its name.
    pub(crate) baseline: Option<(Baseline, String)>,
    /// What calls of libraries do.
    pub(crate) models: &'static ModelSet,
}

impl Trusted {
    /// Returns the same with the models in a folder that a person names, if one is named.
    pub(crate) fn with_models(mut self, folder: Option<&Path>) -> Result<Self, Failure> {
        if let Some(folder) = folder {
            self.models = models_in(folder)?;
            self.name = format!("{}, with the API models in {}", self.name, folder.display());
        }
        Ok(self)
    }
}

/// What of a folder of models is read.
const MODELS: Bounds = Bounds {
    ending: ".toml",
    files: own::MAX_FILES,
    bytes: own::MAX_TEXT as u64,
};

/// Returns the built-in policy; `why` says why no other counts.
pub(crate) fn built_in(why: &str) -> Trusted {
    Trusted {
        policy: Policy::standard(),
        name: format!("the built-in profile `standard` ({why})"),
        baseline: None,
        models: ModelSet::embedded(),
    }
}

/// Returns the policy as it stands on the tip of the target. Its models are not read where
/// `has_models`: a person names others.
pub(crate) fn from_target(
    repo: &Repository,
    selection: &Selection,
    has_models: bool,
) -> Result<Trusted, Failure> {
    let Some(revision) = git::policy_revision(repo, selection)? else {
        return Ok(built_in(
            "there is no commit yet; a tares.toml is only a proposal",
        ));
    };
    let Some(text) = git::read_at(repo, &revision, FILE_NAME)? else {
        return Ok(built_in(&format!(
            "no {FILE_NAME} at {}; one in the change is only a proposal",
            revision.name()
        )));
    };
    let at = format!("at {} ({})", revision.name(), &revision.id()[..7]);
    let name = format!("{FILE_NAME} {at}");
    let policy = parse(&text, FILE_NAME).map_err(|failure| {
        failure.because(&format!(
            "this is the file {at}, which counts for this check"
        ))
    })?;
    let baseline = match &policy.baseline {
        None => None,
        Some(file) => {
            let text = git::read_at(repo, &revision, file)?;
            let text = text.ok_or_else(|| missing_baseline(file, &at))?;
            Some((parse_baseline(&text, file)?, file.clone()))
        }
    };
    let models = match policy.models.as_deref().filter(|_| !has_models) {
        None => ModelSet::embedded(),
        Some(folder) => {
            let files = git::folder_at(repo, &revision, folder, &MODELS)?;
            let files = files.ok_or_else(|| missing_models(folder, &at))?;
            extended(folder, &files).map_err(|failure| {
                failure.because(&format!(
                    "these are the models {at}, which count for this check"
                ))
            })?
        }
    };
    Ok(Trusted {
        policy,
        name,
        baseline,
        models,
    })
}

/// Returns the policy of a file that the user names or trusts.
pub(crate) fn from_file(
    system: &dyn System,
    file: &Path,
    has_models: bool,
) -> Result<Trusted, Failure> {
    let name = file.display().to_string();
    let text = system.read(file, MAX_TEXT as u64 + 1).map_err(|error| {
        Failure::usage(format!("cannot read the configuration {name}")).because(&error)
    })?;
    let policy = parse(&text, &name)?;
    let baseline = match &policy.baseline {
        None => None,
        Some(baseline) => {
            let beside = file.parent().unwrap_or(Path::new("")).join(baseline);
            let text = system
                .read(&beside, 64 << 20)
                .map_err(|error| missing_baseline(baseline, "beside it").because(&error))?;
            Some((parse_baseline(&text, baseline)?, baseline.clone()))
        }
    };
    let models = match policy.models.as_deref().filter(|_| !has_models) {
        None => ModelSet::embedded(),
        Some(folder) => models_in(&file.parent().unwrap_or(Path::new("")).join(folder))?,
    };
    Ok(Trusted {
        policy,
        name,
        baseline,
        models,
    })
}

/// Returns the embedded models with those in a folder on disk.
pub(crate) fn models_in(folder: &Path) -> Result<&'static ModelSet, Failure> {
    let name = folder.display().to_string();
    let files = folder::read(folder, &MODELS).map_err(|error| {
        Failure::usage(format!("cannot read the models in {name}")).because(&error)
    })?;
    extended(&name, &files)
}

fn extended(name: &str, files: &FolderFiles) -> Result<&'static ModelSet, Failure> {
    if files.is_empty() {
        return Err(Failure::usage(format!("there are no models in {name}"))
            .hint("models stand in a folder for their language, such as `python/acme.toml`"));
    }
    ModelSet::extended(name, files)
        .map_err(|error| Failure::usage(format!("invalid API models: {error}")))
}

fn missing_models(folder: &str, at: &str) -> Failure {
    Failure::usage(format!(
        "the folder of models `{folder}` that {FILE_NAME} names is not there ({at})"
    ))
    .hint("commit the folder, or take `models` out of the configuration")
}

/// Returns the configuration that a scan of these paths would trust.
pub(crate) fn find_below(system: &dyn System, paths: &[PathBuf]) -> Option<PathBuf> {
    let folders = paths
        .iter()
        .map(|path| path.join(FILE_NAME))
        .chain([PathBuf::from(FILE_NAME)]);
    folders.into_iter().find(|file| system.is_file(file))
}

fn missing_baseline(file: &str, at: &str) -> Failure {
    Failure::usage(format!(
        "the baseline `{file}` that {FILE_NAME} names is not there ({at})"
    ))
    .hint("commit the file, or take `baseline.file` out of the configuration")
}

fn parse(text: &[u8], name: &str) -> Result<Policy, Failure> {
    let text = std::str::from_utf8(text).map_err(|error| {
        Failure::usage(format!("the configuration {name} is not UTF-8")).because(&error)
    })?;
    let invalid = |error: tares_policy::ConfigError| Failure::usage(error.to_string());
    let policy = Policy::parse(text, name).map_err(invalid)?;
    let ids: Vec<&str> = crate::catalogue::entries()
        .iter()
        .map(|rule| rule.id)
        .chain([tares_judge::BINARY_ADDED])
        .collect();
    policy.validate(&ids).map_err(invalid)?;
    Ok(policy)
}

fn parse_baseline(text: &[u8], name: &str) -> Result<Baseline, Failure> {
    let text = String::from_utf8_lossy(text);
    Baseline::parse(&text, name).map_err(|error| Failure::usage(error.to_string()))
}
