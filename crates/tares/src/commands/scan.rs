//! `tares scan`: whole files judged, without a change.

use super::check::level;
use crate::answers::FromWalk;
use crate::arguments::Scan as Arguments;
use crate::failure::{Failure, remark};
use crate::output;
use crate::registry::FromFolder;
use crate::trust::{self, Trusted};
use std::io::Read as _;
use std::path::Path;
use tares_judge::{Options, Outcome, Scan, has_nothing_to_judge};
use tares_lang::{Language, MAX_SOURCE};
use tares_model::{Change, ExitCode, Message};
use tares_world::walk::{self, FoundFile, WalkError};
use tares_world::{Os, System};

/// Bytes and files that are held at once.
const BATCH_BYTES: u64 = 4 << 20;
const BATCH_FILES: usize = 256;

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let is_stdin = arguments.paths.iter().any(|path| path == Path::new("-"));
    if is_stdin && arguments.paths.len() > 1 {
        return Err(
            Failure::usage("standard input cannot be scanned together with files")
                .hint("scan them one after the other"),
        );
    }
    if arguments.language.is_some() && !is_stdin {
        return Err(Failure::usage("`--language` is for standard input")
            .hint("a file says by its name or first line what it is"));
    }
    let models = arguments.judging.models.as_deref();
    let trusted = trusted(arguments, models.is_some())?.with_models(models)?;
    let options = Options {
        policy: trusted.policy,
        policy_name: trusted.name,
        baseline: trusted.baseline,
        models: trusted.models,
        fail_on: level(arguments.judging.fail_on),
        suppressions: arguments.trust_config,
        ..Options::default()
    };
    let outcome = if is_stdin {
        scan_stdin(arguments, &options)?
    } else {
        scan_paths(arguments, &options)?
    };
    if outcome.exit == ExitCode::Nothing {
        remark(
            "nothing to check",
            "no file was found there; this is no pass",
        );
    }
    Ok(outcome.exit)
}

fn trusted(arguments: &Arguments, has_models: bool) -> Result<Trusted, Failure> {
    if let Some(file) = &arguments.judging.config {
        return trust::from_file(&Os, file, has_models);
    }
    match trust::find_below(&Os as &dyn System, &arguments.paths) {
        Some(file) if arguments.trust_config => trust::from_file(&Os, &file, has_models),
        Some(_) => Ok(trust::built_in(
            "`--trust-config` lets the tares.toml of what is scanned count",
        )),
        None => Ok(trust::built_in("no tares.toml was named")),
    }
}

fn scan_stdin(arguments: &Arguments, options: &Options) -> Result<Outcome, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_SOURCE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage("cannot read standard input").because(&error))?;
    let first_line =
        String::from_utf8_lossy(bytes.split(|&b| b == b'\n').next().unwrap_or_default())
            .into_owned();
    let language = match &arguments.language {
        Some(name) => Language::from_name(name).ok_or_else(|| unknown_language(name))?,
        None => Language::detect("", &first_line).ok_or_else(|| {
            Failure::usage("the language of standard input is not known")
                .hint("name it: `--language python`")
        })?,
    };
    let name = match language {
        Language::Python => "stdin.py",
        Language::JavaScript => "stdin.js",
        Language::TypeScript => "stdin.ts",
        Language::Tsx => "stdin.tsx",
        Language::Shell => "stdin.sh",
        Language::Carrier(carrier) => carrier.sample_path(),
        Language::Java => "stdin.java",
        Language::Go => "stdin.go",
    };
    let change = if bytes.is_empty() {
        Change {
            name: "standard input".to_owned(),
            ..Change::default()
        }
    } else {
        walk::single(name, bytes)
    };
    output::print(&arguments.output, |sink| {
        let mut scan = Scan::new(&change.name, 1, &tares_judge::NoAnswers, options, sink)?;
        scan.batch(&change, sink);
        Ok(scan.finish(sink))
    })
}

fn unknown_language(name: &str) -> Failure {
    Failure::usage(format!("`{name}` is no language that is judged"))
        .hint("python, javascript, typescript or tsx")
}

fn scan_paths(arguments: &Arguments, options: &Options) -> Result<Outcome, Failure> {
    let bounds = walk::Options {
        file_bytes: options.policy.max_file_size.min(MAX_SOURCE as u64),
        lock_bytes: tares_judge::lock_bytes(&options.policy),
        ..walk::Options::default()
    };
    let walked = walk::find(&arguments.paths, &bounds).map_err(|error| match error {
        WalkError::Path { path, source } => {
            Failure::usage(format!("cannot look at {}", path.display())).because(&source)
        }
    })?;
    let wanted = &options.policy.dependencies;
    let folder = arguments.paths.first().filter(|_| arguments.online);
    let asker = folder.map(|folder| FromFolder::new(folder, false, wanted));
    let answers = FromWalk::new(&walked.files, bounds, asker);
    output::print(&arguments.output, |sink| {
        let mut scan = Scan::new(
            &walk::name(&arguments.paths),
            walked.files.len(),
            &answers,
            options,
            sink,
        )?;
        scan.batch(
            &Change {
                unseen: walked.unseen,
                ..Change::default()
            },
            sink,
        );
        let mut rest = &walked.files[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(batch(rest, bounds.file_bytes.max(bounds.lock_bytes)));
            scan.batch(&load(now, &bounds), sink);
            rest = later;
        }
        Ok(scan.finish(sink as &mut dyn FnMut(Message)))
    })
}

/// Returns how many files are read together.
fn batch(files: &[FoundFile], largest: u64) -> usize {
    let mut bytes = 0;
    let fits = |file: &&FoundFile| {
        bytes += file.size.min(largest);
        bytes <= BATCH_BYTES
    };
    files
        .iter()
        .take(BATCH_FILES)
        .take_while(fits)
        .count()
        .max(1)
}

fn load(files: &[FoundFile], bounds: &walk::Options) -> Change {
    let mut change = Change::default();
    for found in files {
        let read = if has_nothing_to_judge(&found.path) {
            walk::glance(found, bounds)
        } else {
            walk::load(found, bounds)
        };
        match read {
            Ok(file) => change.files.push(file),
            Err(unseen) => change.unseen.push(unseen),
        }
    }
    change
}
