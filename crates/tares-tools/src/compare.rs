//! The machine against the lock: what a tool newly does, instructs, grants and offers.

use crate::lock::{Lock, Locked};
use crate::machine::Machine;
use crate::survey::{Found, Survey, examine};
use crate::tool::{Evidence, Kind, Offer, Scope, Tool};
use serde::Serialize;
use tares_model::Level;

/// What became of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Not in the lock.
    New,
    /// Another than was locked.
    Changed,
    /// In the lock and not there.
    Gone,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What sort of difference, such as `newly does`.
    pub what: &'static str,
    /// The difference.
    pub text: String,
    /// Where in the tool; empty where it concerns all of it.
    pub place: String,
    /// How much it weighs.
    pub level: Level,
}

/// One tool that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// What became of it.
    pub what: What,
    /// Its kind.
    pub kind: Kind,
    /// The program it belongs to.
    pub host: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub scope: Scope,
    /// Where it stands, or stood.
    pub place: String,
    /// Version in the lock.
    pub before: Option<String>,
    /// Version now.
    pub after: Option<String>,
    /// What differs, worst first.
    pub lines: Vec<Line>,
}

impl Difference {
    /// Returns the highest level of its lines.
    pub fn level(&self) -> Level {
        self.lines
            .iter()
            .map(|line| line.level)
            .max()
            .unwrap_or(Level::Note)
    }
}

/// The result of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// Tools that differ, worst first.
    pub differences: Vec<Difference>,
    /// Tools that are as they were locked.
    pub same: usize,
    /// What could not be read or judged, and was not known as such in the lock.
    pub unread: Vec<String>,
}

impl Verdict {
    /// Returns the highest level; `None` where nothing differs.
    pub fn level(&self) -> Option<Level> {
        self.differences.iter().map(Difference::level).max()
    }
}

/// Compares. Only tools that differ are looked into; with `start` every server is asked.
pub fn compare(machine: &dyn Machine, survey: &Survey, lock: &Lock, start: bool) -> Verdict {
    let mut verdict = Verdict {
        unread: survey.unread.clone(),
        ..Verdict::default()
    };
    let mut left: Vec<&Locked> = lock.tools.iter().collect();
    // Whatever stands where it stood is the same tool; then versions of one name are paired.
    let mut pairs: Vec<(&Found, Option<&Locked>)> = Vec::new();
    for found in &survey.found {
        let at = left
            .iter()
            .position(|locked| stands_there(&found.tool, locked));
        pairs.push((found, at.map(|at| left.remove(at))));
    }
    for (found, locked) in &mut pairs {
        if locked.is_none() {
            let at = left
                .iter()
                .position(|locked| is_named_so(&found.tool, locked));
            *locked = at.map(|at| left.remove(at));
        }
    }
    for (found, locked) in pairs {
        let asks = start && found.server.is_some();
        if let Some(locked) = locked
            && !asks
            && is_same(&found.tool, locked)
        {
            verdict.same += 1;
            continue;
        }
        let tool = examine(machine, found, start);
        let known = locked.map_or(&[][..], |locked| &locked.unread);
        let news = tool.unread.iter().filter(|unread| !known.contains(unread));
        verdict
            .unread
            .extend(news.map(|unread| format!("{}: {unread}", tool.place)));
        let lines = match locked {
            Some(locked) => changes(&tool, locked),
            None => of_new(&tool),
        };
        if lines.is_empty() {
            verdict.same += 1;
            continue;
        }
        verdict.differences.push(difference(&tool, locked, lines));
    }
    // What was not looked at is not gone.
    let is_in_sight = |locked: &&Locked| survey_covers(survey, locked.scope);
    verdict
        .differences
        .extend(left.into_iter().filter(is_in_sight).map(gone));
    verdict
        .differences
        .sort_by_key(|difference| std::cmp::Reverse(difference.level()));
    verdict
}

fn survey_covers(survey: &Survey, scope: Scope) -> bool {
    survey.scopes.contains(&scope)
}

fn stands_there(tool: &Tool, locked: &Locked) -> bool {
    tool.kind == locked.kind && tool.place == locked.place
}

fn is_named_so(tool: &Tool, locked: &Locked) -> bool {
    tool.kind == locked.kind
        && tool.host == locked.host
        && tool.scope == locked.scope
        && tool.name == locked.name
}

fn is_same(tool: &Tool, locked: &Locked) -> bool {
    tool.digest == locked.digest
        && tool.version == locked.version
        && tool.publisher == locked.publisher
        && tool.command == locked.command
        && tool.environment == locked.environment
        && tool.integrity == locked.integrity
        && tool.faults == locked.faults
}

fn difference(tool: &Tool, locked: Option<&Locked>, mut lines: Vec<Line>) -> Difference {
    lines.sort_by_key(|line| std::cmp::Reverse(line.level));
    Difference {
        what: if locked.is_some() {
            What::Changed
        } else {
            What::New
        },
        kind: tool.kind,
        host: tool.host.clone(),
        name: tool.name.clone(),
        scope: tool.scope,
        place: tool.place.clone(),
        before: locked.and_then(|locked| locked.version.clone()),
        after: tool.version.clone(),
        lines,
    }
}

fn gone(locked: &Locked) -> Difference {
    Difference {
        what: What::Gone,
        kind: locked.kind,
        host: locked.host.clone(),
        name: locked.name.clone(),
        scope: locked.scope,
        place: locked.place.clone(),
        before: locked.version.clone(),
        after: None,
        lines: vec![line("gone", Level::Note, "is in the lock and not there")],
    }
}

fn line(what: &'static str, level: Level, text: impl Into<String>) -> Line {
    Line {
        what,
        text: text.into(),
        place: String::new(),
        level,
    }
}

/// What there is to say of a tool that nobody accepted yet.
fn of_new(tool: &Tool) -> Vec<Line> {
    let mut lines = vec![line("new", Level::Review, "is not in the lock")];
    if !tool.command.is_empty() {
        lines.push(line("starts", Level::Review, tool.command.join(" ")));
    }
    let contents = &tool.contents;
    let acts = contents
        .does
        .iter()
        .filter(|one| one.level > Level::Note)
        .count();
    if acts > SHOWN {
        // A whole program does a hundred things: what it does is known from what it is.
        let text = format!("{acts} things, in the lock once it is accepted");
        lines.push(line("does", Level::Note, text));
        let worst = contents.does.iter().filter(|one| one.level == Level::Block);
        lines.extend(worst.map(|one| of_evidence("does", one)));
    } else {
        lines.extend(contents.does.iter().map(|one| of_evidence("does", one)));
    }
    lines.extend(
        contents
            .instructs
            .iter()
            .map(|one| of_evidence("instructs", one)),
    );
    lines.extend(contents.grants.iter().map(|one| of_evidence("grants", one)));
    lines.extend(
        tool.faults
            .iter()
            .map(|fault| line("fault", Level::Block, fault)),
    );
    lines
}

/// Most acts of a new tool that are told one by one.
const SHOWN: usize = 12;

fn of_evidence(what: &'static str, one: &Evidence) -> Line {
    Line {
        what,
        text: one.text.clone(),
        place: one.place.clone(),
        level: one.level,
    }
}

fn changes(tool: &Tool, locked: &Locked) -> Vec<Line> {
    let mut lines = Vec::new();
    identity(tool, locked, &mut lines);
    let contents = &tool.contents;
    for (what, was, now, old) in [
        ("newly does", "no longer does", &contents.does, &locked.does),
        (
            "newly instructs",
            "no longer instructs",
            &contents.instructs,
            &locked.instructs,
        ),
        (
            "newly grants",
            "no longer grants",
            &contents.grants,
            &locked.grants,
        ),
    ] {
        let news = now.iter().filter(|one| !old.contains(&one.text));
        lines.extend(news.map(|one| of_evidence(what, one)));
        let lost = old
            .iter()
            .filter(|text| now.iter().all(|one| one.text != **text));
        lines.extend(lost.map(|text| line(was, Level::Note, text)));
    }
    offers(tool, locked, &mut lines);
    let new_faults = tool
        .faults
        .iter()
        .filter(|fault| !locked.faults.contains(fault));
    lines.extend(new_faults.map(|fault| line("fault", Level::Block, fault)));
    if lines.is_empty() && tool.digest != locked.digest {
        let text = "changed, and what it does, instructs and grants is the same";
        lines.push(line("content", Level::Note, text));
    }
    lines
}

/// What a tool is called, where it comes from and how it is started.
fn identity(tool: &Tool, locked: &Locked, lines: &mut Vec<Line>) {
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    if tool.publisher != locked.publisher {
        let text = format!("{} → {}", shown(&locked.publisher), shown(&tool.publisher));
        lines.push(line("publisher", Level::Review, text));
    }
    let has_new_version = tool.version != locked.version;
    if has_new_version {
        let text = format!("{} → {}", shown(&locked.version), shown(&tool.version));
        lines.push(line("version", Level::Note, text));
    }
    if tool.command != locked.command {
        // People approve a server by its name; what it starts is what they meant.
        let text = format!(
            "`{}` → `{}`",
            locked.command.join(" "),
            tool.command.join(" ")
        );
        lines.push(line("command", Level::Block, text));
    }
    if tool.environment != locked.environment {
        let text = format!(
            "{} → {}",
            list(&locked.environment),
            list(&tool.environment)
        );
        lines.push(line("variables", Level::Review, text));
    }
    if tool.integrity != locked.integrity && !has_new_version {
        let text = format!("{} → {}", shown(&locked.integrity), shown(&tool.integrity));
        lines.push(line("integrity", Level::Block, text));
    }
    let is_released = matches!(tool.kind, Kind::Extension | Kind::Archive | Kind::Program);
    let is_other = tool.digest != locked.digest;
    if is_other && !has_new_version && is_released && tool.version.is_some() {
        let text = "is another under the same version: what is released does not change";
        lines.push(line("content", Level::Review, text));
    }
    let is_defined = tool.kind == Kind::Server && tool.command == locked.command;
    if is_other && is_defined && tool.environment == locked.environment {
        let text = "a file that the same command starts, or a variable of it, is another";
        lines.push(line("content", Level::Review, text));
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// Compares what a tool offers to models. What only a started server says is compared only where
/// both sides asked it.
fn offers(tool: &Tool, locked: &Locked, lines: &mut Vec<Line>) {
    for started in [false, true] {
        let of = |offers: &[Offer]| -> Vec<Offer> {
            let wanted = offers.iter().filter(|offer| offer.started == started);
            wanted.cloned().collect()
        };
        let (now, old) = (of(&tool.contents.offers), of(&locked.offer));
        if started && (now.is_empty() || old.is_empty()) {
            continue;
        }
        // A server that says something else although nothing of it changed was not honest before.
        let level = if started && tool.digest == locked.digest {
            Level::Block
        } else {
            Level::Review
        };
        for offer in &now {
            let text = match old.iter().find(|known| known.name == offer.name) {
                None => format!("`{}`", offer.name),
                Some(known) if known.description != offer.description => {
                    format!("`{}` is described otherwise", offer.name)
                }
                Some(known) if known.schema != offer.schema => {
                    format!("`{}` takes something else", offer.name)
                }
                Some(_) => continue,
            };
            lines.push(line("newly offers", level, text));
        }
        let lost = old
            .iter()
            .filter(|known| now.iter().all(|offer| offer.name != known.name));
        lines.extend(
            lost.map(|known| line("no longer offers", Level::Note, format!("`{}`", known.name))),
        );
    }
}
