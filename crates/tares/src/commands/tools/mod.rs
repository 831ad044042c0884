//! `tares tools`: the AI tools of this machine and repository, pinned and compared.

mod machine;
mod show;

use crate::arguments::{
    FailOn, ListFormat, Tools, ToolsList, ToolsLock, ToolsVerify, ToolsWhich, Whose,
};
use crate::failure::{Failure, remark};
use crate::output::print_text;
use machine::Outside;
use std::path::{Path, PathBuf};
use tares_model::{ExitCode, Level};
use tares_tools::{LOCK_FILE, Lock, Request, Scope, Survey, Tool};
use tares_world::{Os, System};

/// Largest lock, in bytes.
const LARGEST: u64 = 64 << 20;

pub(crate) fn run(arguments: &Tools) -> Result<ExitCode, Failure> {
    match arguments {
        Tools::List(arguments) => list(arguments),
        Tools::Lock(arguments) => lock(arguments),
        Tools::Verify(arguments) => verify(arguments),
    }
}

fn list(arguments: &ToolsList) -> Result<ExitCode, Failure> {
    let machine = Outside(&Os);
    let survey = tares_tools::survey(&machine, &request(&Os, &arguments.which)?);
    let tools: Vec<Tool> = survey
        .found
        .iter()
        .map(|found| found.tool.clone())
        .collect();
    let text = match arguments.which.format {
        ListFormat::Text => show::list(&tools, &survey.unread),
        ListFormat::Json => json(&serde_json::json!({"tools": tools, "unread": survey.unread})),
    };
    print_text(arguments.which.color, &text)?;
    Ok(ended(&survey))
}

fn lock(arguments: &ToolsLock) -> Result<ExitCode, Failure> {
    let machine = Outside(&Os);
    let request = request(&Os, &arguments.which)?;
    let file = lock_file(arguments.file.as_deref(), &request);
    let survey = tares_tools::survey(&machine, &request);
    // What is accepted now that was not accepted before is shown once more.
    let before = match Os.is_file(&file) {
        true => Some(read(&Os, &file)?),
        false => None,
    };
    let verdict =
        before.map(|lock| tares_tools::compare(&machine, &survey, &lock, arguments.start));
    let (lock, tools) = Lock::of(&machine, &survey, arguments.start);
    if lock.is_empty() {
        return Ok(nothing());
    }
    let written = Os.write(&file, lock.write().as_bytes());
    written.map_err(|error| {
        Failure::usage(format!("cannot write {}", file.display())).because(&error)
    })?;
    let text = match arguments.which.format {
        ListFormat::Text => show::locked(&file, &tools, verdict.as_ref(), &survey.unread),
        ListFormat::Json => json(&serde_json::json!({
            "lock": file.display().to_string(), "tools": tools, "accepted": verdict,
            "unread": survey.unread,
        })),
    };
    print_text(arguments.which.color, &text)?;
    Ok(ended(&survey))
}

fn verify(arguments: &ToolsVerify) -> Result<ExitCode, Failure> {
    let machine = Outside(&Os);
    let request = request(&Os, &arguments.which)?;
    let file = lock_file(arguments.file.as_deref(), &request);
    if !Os.is_file(&file) {
        remark(
            "nothing to check",
            &format!(
                "there is no {}: `tares tools lock` writes it",
                file.display()
            ),
        );
        return Ok(ExitCode::Nothing);
    }
    let lock = read(&Os, &file)?;
    let survey = tares_tools::survey(&machine, &request);
    if survey.found.is_empty() && lock.is_empty() {
        return Ok(nothing());
    }
    let verdict = tares_tools::compare(&machine, &survey, &lock, arguments.start);
    let text = match arguments.which.format {
        ListFormat::Text => show::verdict(&file, &verdict),
        ListFormat::Json => json(&serde_json::to_value(&verdict).expect("plain data")),
    };
    print_text(arguments.which.color, &text)?;
    let fails = match arguments.fail_on {
        FailOn::Block => Level::Block,
        FailOn::Review => Level::Review,
    };
    Ok(match verdict.level() {
        Some(level) if level >= fails => ExitCode::Block,
        _ if !verdict.unread.is_empty() => ExitCode::Partial,
        _ => ExitCode::Ok,
    })
}

fn ended(survey: &Survey) -> ExitCode {
    if survey.found.is_empty() {
        nothing()
    } else if survey.unread.is_empty() {
        ExitCode::Ok
    } else {
        ExitCode::Partial
    }
}

fn nothing() -> ExitCode {
    remark("nothing to check", "no tool was found; this is no pass");
    ExitCode::Nothing
}

fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

fn read(system: &dyn System, file: &Path) -> Result<Lock, Failure> {
    let failed = |why: &dyn std::fmt::Display| {
        Failure::usage(format!("cannot read the lock {}", file.display())).because(why)
    };
    let bytes = system.read(file, LARGEST).map_err(|error| failed(&error))?;
    let text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    Lock::read(&text).map_err(|error| failed(&error))
}

fn lock_file(named: Option<&Path>, request: &Request) -> PathBuf {
    let default = || Path::new(request.repository.as_deref().unwrap_or(".")).join(LOCK_FILE);
    named.map_or_else(default, Path::to_owned)
}

/// Returns a path from the root on, without `..` where it exists.
fn whole(here: &Path, path: &Path) -> PathBuf {
    let path = here.join(path);
    path.canonicalize().unwrap_or(path)
}

/// Gathers where to look: the user's folder, the repository around this folder, and `PATH`.
fn request(system: &dyn System, which: &ToolsWhich) -> Result<Request, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::usage("cannot tell the current folder").because(&error))?;
    let here = whole(&here, Path::new(""));
    let is_root = |folder: &&Path| {
        system
            .entries(folder)
            .is_ok_and(|entries| entries.iter().any(|entry| entry.name == ".git"))
    };
    let repository = here.ancestors().find(is_root).unwrap_or(&here);
    let is_own = which.home.is_none();
    let own = || system.var("HOME").or_else(|| system.var("USERPROFILE"));
    let home = match &which.home {
        Some(folder) => Some(whole(&here, folder)),
        None => own().map(|home| whole(&here, Path::new(&home))),
    };
    let programs = is_own
        .then(|| system.var("PATH"))
        .flatten()
        .unwrap_or_default();
    Ok(Request {
        home: home.map(|home| machine::text(&home)),
        system: is_own,
        repository: Some(machine::text(repository)),
        programs: std::env::split_paths(&programs)
            .map(|folder| machine::text(&folder))
            .collect(),
        named: which
            .paths
            .iter()
            .map(|path| machine::text(&whole(&here, path)))
            .collect(),
        only: which.only.map(|whose| match whose {
            Whose::Machine => Scope::Machine,
            Whose::Repository => Scope::Repository,
        }),
    })
}
