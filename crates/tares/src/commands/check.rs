//! `tares check`: one change judged.

use crate::advisories::Data;
use crate::answers::FromRepository;
use crate::arguments::{Check, FailOn};
use crate::failure::{Failure, remark};
use crate::output;
use crate::registry::Asker;
use crate::trust::{self, Trusted};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tares_judge::{Answers, NoAnswers, Options};
use tares_lang::MAX_SOURCE;
use tares_model::change::Task;
use tares_model::{Change, ExitCode, Level};
use tares_report::Format;
use tares_world::git::{self, Limits, Selection, Version};
use tares_world::{Cache, Os, System, cache, patch};

/// Largest text of a task that is read from a file.
const LARGEST_TASK: u64 = 1 << 20;

pub(crate) fn run(arguments: &Check) -> Result<ExitCode, Failure> {
    let Some(file) = &arguments.patch else {
        return judge_repository(Path::new("."), arguments);
    };
    let mut change = read_patch(&Os, file)?;
    change.task = arguments
        .task
        .as_deref()
        .map(|text| task(&Os, text))
        .transpose()?;
    let models = arguments.judging.models.as_deref();
    let trusted = match &arguments.judging.config {
        Some(file) => trust::from_file(&Os, file, models.is_some())?,
        None => trust::built_in("a patch has no target; a tares.toml in it is only a proposal"),
    };
    let trusted = trusted.with_models(models)?;
    judge(arguments, &change, &NoAnswers, trusted)
}

/// Judges a change of the repository at `folder` or above it.
pub(crate) fn judge_repository(folder: &Path, arguments: &Check) -> Result<ExitCode, Failure> {
    let task = arguments
        .task
        .as_deref()
        .map(|text| task(&Os, text))
        .transpose()?;
    let repo = git::open(folder)?;
    let selection = selection(arguments);
    let models = arguments.judging.models.as_deref();
    let trusted = match &arguments.judging.config {
        Some(file) => trust::from_file(&Os, file, models.is_some())?,
        None => trust::from_target(&repo, &selection, models.is_some())?,
    };
    let trusted = trusted.with_models(models)?;
    let limits = Limits {
        file_bytes: trusted.policy.max_file_size.min(MAX_SOURCE as u64),
        lock_bytes: tares_judge::lock_bytes(&trusted.policy),
        ..Limits::default()
    };
    let mut change = git::change(&repo, &selection, &limits)?;
    change.task = task;
    let answers = FromRepository {
        base: git::files(&repo, &selection, Version::Base, &limits)?,
        head: git::files(&repo, &selection, Version::Head, &limits)?,
        cache: cache(arguments),
        data: Data::default(),
        asker: Asker::new(arguments.offline, &trusted.policy.dependencies, repo.root()),
    };
    let code = judge(arguments, &change, &answers, trusted)?;
    if let Some(problem) = answers.cache.as_ref().and_then(Cache::problem) {
        remark(
            "note",
            &format!(
                "nothing more was kept for the next run ({problem}); `--no-cache` keeps nothing at all"
            ),
        );
    }
    Ok(code)
}

fn cache(arguments: &Check) -> Option<Cache> {
    let folder = if arguments.no_cache {
        None
    } else {
        Os.cache_dir()
    };
    folder.map(|folder| Cache::new(&folder, cache::DEFAULT_LIMIT))
}

fn judge(
    arguments: &Check,
    change: &Change,
    answers: &dyn Answers,
    trusted: Trusted,
) -> Result<ExitCode, Failure> {
    let options = Options {
        policy: trusted.policy,
        policy_name: trusted.name,
        baseline: trusted.baseline,
        models: trusted.models,
        fail_on: level(arguments.judging.fail_on),
        ..Options::default()
    };
    // A reader of text is told below; a program reads a document that says so.
    let is_empty = change.files.is_empty() && change.unseen.is_empty();
    let exit = if is_empty && arguments.output.format == Format::Text {
        ExitCode::Nothing
    } else {
        output::print(&arguments.output, |sink| {
            Ok(tares_judge::check(change, answers, &options, sink)?.exit)
        })?
    };
    if exit == ExitCode::Nothing {
        let text = format!("{} has no changes; this is no pass", change.name);
        remark("nothing to check", &text);
    }
    Ok(exit)
}

/// Returns the level that a word of the command line stands for.
pub(crate) fn level(fail_on: FailOn) -> Level {
    match fail_on {
        FailOn::Block => Level::Block,
        FailOn::Review => Level::Review,
    }
}

fn selection(arguments: &Check) -> Selection {
    match &arguments.base {
        Some(base) => Selection::Range {
            base: base.clone(),
            head: arguments.head.clone(),
        },
        None if arguments.staged => Selection::Staged,
        None => Selection::WorkingTree,
    }
}

fn task(system: &dyn System, text: &str) -> Result<Task, Failure> {
    let Some(file) = text.strip_prefix('@') else {
        return Ok(Task {
            text: text.to_owned(),
            source: "--task".to_owned(),
        });
    };
    let bytes = system
        .read(&PathBuf::from(file), LARGEST_TASK)
        .map_err(|error| {
            Failure::usage(format!("cannot read the task {file}"))
                .because(&error)
                .hint("a task that begins with `@` names a file")
        })?;
    Ok(Task {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        source: file.to_owned(),
    })
}

fn read_patch(system: &dyn System, file: &Path) -> Result<Change, Failure> {
    let limit = patch::LARGEST as u64;
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| {
                Failure::usage("cannot read the patch from standard input").because(&error)
            })?;
        bytes
    } else {
        system.read(file, limit).map_err(|error| {
            Failure::usage(format!("cannot read the patch {}", file.display())).because(&error)
        })?
    };
    patch::read(&bytes).map_err(|error| Failure::usage(error.to_string()).hint(error.hint()))
}
