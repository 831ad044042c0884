//! Workflows of GitHub, and pipelines of others: steps are scripts, triggers and rights are facts.
//!
//! `${{ … }}` is put into a script as text before any shell sees it. It becomes the variable
//! `${event}`, `${secret_NAME}` or `${expression}`, by what it names.

use super::data::Node;
use super::map::Text;
use super::{Piece, Pieces, yaml};
use crate::tree::Span;

/// Parts of an event that whoever opens an issue or a pull request writes.
const WRITTEN_BY_OTHERS: [&str; 16] = [
    "event.issue.title",
    "event.issue.body",
    "event.pull_request.title",
    "event.pull_request.body",
    "event.pull_request.head.ref",
    "event.pull_request.head.label",
    "event.pull_request.head.repo",
    "event.comment.body",
    "event.review.body",
    "event.review_comment.body",
    "event.pages",
    "event.commits",
    "event.head_commit.message",
    "event.head_commit.author",
    "event.discussion",
    "head_ref",
];

/// Triggers that run with the rights of the repository on what strangers write.
const UNTRUSTED: [&str; 7] = [
    "pull_request_target",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
    "workflow_run",
    "fork",
];

pub(super) fn github(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for document in yaml::read(source) {
        workflow(&document, source, &mut pieces);
    }
    pieces.0
}

fn workflow(document: &Node, source: &str, pieces: &mut Pieces) {
    let trigger = document.get("on").or_else(|| document.get("true"));
    let untrusted = UNTRUSTED
        .into_iter()
        .find(|name| trigger.is_some_and(|on| on.names(name)));
    permissions(document, pieces);
    environment(document.get("env"), pieces);
    let top_shell = shell_of(document);
    for (_, job) in document.get("jobs").map_or(&[][..], Node::entries) {
        permissions(job, pieces);
        runner(job, trigger, pieces);
        environment(job.get("env"), pieces);
        let shell = shell_of(job)
            .or(top_shell)
            .or_else(|| is_windows(job).then_some("pwsh"));
        let steps = job.get("steps").map_or(&[][..], Node::items);
        for step in steps {
            run_step(step, shell, untrusted, source, pieces);
        }
    }
    // An action that is made of steps.
    for step in document.at(&["runs", "steps"]).map_or(&[][..], Node::items) {
        run_step(step, top_shell, untrusted, source, pieces);
    }
}

fn shell_of(node: &Node) -> Option<&str> {
    node.at(&["defaults", "run", "shell"]).and_then(Node::text)
}

/// Whether every machine of a job runs Windows, where steps are for another shell.
fn is_windows(job: &Node) -> bool {
    let Some(on) = job.get("runs-on") else {
        return false;
    };
    let windows = |text: &str| text.to_ascii_lowercase().contains("windows");
    if on.scalars().iter().any(|(text, _)| windows(text)) {
        return true;
    }
    let matrix = job.at(&["strategy", "matrix"]);
    let Some(matrix) = matrix.filter(|_| on.text().is_some_and(|text| text.contains("matrix.os")))
    else {
        return false;
    };
    let included = matrix.get("include").map_or(&[][..], Node::items);
    let mut systems = std::iter::once(matrix)
        .chain(included)
        .filter_map(|node| node.get("os"))
        .flat_map(Node::scalars)
        .peekable();
    systems.peek().is_some() && systems.all(|(text, _)| windows(text))
}

fn permissions(node: &Node, pieces: &mut Pieces) {
    let Some(rights) = node.get("permissions") else {
        return;
    };
    if let Some(all) = rights.text() {
        pieces.fact("workflow.permissions", &[(all, rights.span)], rights.span);
    }
    for (name, value) in rights.entries() {
        if let (Some(right), Some("write")) = (name.text(), value.text()) {
            pieces.fact("workflow.right", &[(right, name.span)], name.span);
        }
    }
}

/// A machine of one's own that runs what strangers propose.
fn runner(job: &Node, trigger: Option<&Node>, pieces: &mut Pieces) {
    let Some(on) = job.get("runs-on") else { return };
    let own = on.names("self-hosted")
        || on
            .get("labels")
            .is_some_and(|labels| labels.names("self-hosted"));
    let open = trigger.is_some_and(|t| t.names("pull_request") || t.names("pull_request_target"));
    if own && open {
        pieces.fact("workflow.self-hosted", &[("self-hosted", on.span)], on.span);
    }
}

fn environment(env: Option<&Node>, pieces: &mut Pieces) {
    for (name, value) in env.map_or(&[][..], Node::entries) {
        if let (Some(key), Some(_)) = (name.text(), value.text()) {
            let text = quoted(value);
            pieces.variable(key, text, name.span);
        }
    }
}

/// A value in double quotes, with the expressions of the workflow as variables.
fn quoted(value: &Node) -> Text {
    let mut text = Text::default();
    text.written("\"", Span::new(value.span.start, value.span.start));
    let plain = value.text().unwrap_or_default();
    for part in expressions(plain) {
        match part {
            Ok(known) => {
                let known = known.replace('\\', "\\\\").replace('"', "\\\"");
                let known = known.replace('$', "\\$").replace('`', "\\`");
                text.written(&known, value.span);
            }
            // What comes in through a variable is data, and no part of a script.
            Err(expression) => text.written(&variable(expression, true), value.span),
        }
    }
    text.written("\"", Span::new(value.span.end, value.span.end));
    text
}

fn run_step(
    step: &Node,
    shell: Option<&str>,
    untrusted: Option<&str>,
    source: &str,
    pieces: &mut Pieces,
) {
    environment(step.get("env"), pieces);
    if let Some((action, place)) = step.text_of("uses") {
        uses(step, action, place, untrusted, pieces);
    }
    let Some(run) = step.get("run") else { return };
    let shell = step
        .get("shell")
        .and_then(Node::text)
        .or(shell)
        .unwrap_or("bash");
    script(run, shell, source, pieces);
}

/// Adds a script in the shell that is given.
fn script(run: &Node, shell: &str, source: &str, pieces: &mut Pieces) {
    let Some(code) = run.text() else { return };
    let word = shell.split_whitespace().next().unwrap_or("bash");
    let mut text = Text::default();
    match word {
        "bash" | "sh" | "zsh" => with_expressions(code, run.span, source, &mut text),
        "python" | "python3" | "node" => {
            let flag = if word == "node" { "-e" } else { "-c" };
            text.written(
                &format!("{word} {flag} "),
                Span::new(run.span.start, run.span.start),
            );
            text.quoted(code, run.span);
        }
        _ => return,
    }
    pieces.script(text);
}

/// The text of a script, with expressions as variables.
fn with_expressions(code: &str, place: Span, source: &str, out: &mut Text) {
    if !code.contains("${{") {
        return out.decoded(code, source, place);
    }
    let mut replaced = String::with_capacity(code.len());
    let mut quoted: Vec<(usize, usize)> = Vec::new();
    for part in expressions(code) {
        match part {
            Ok(known) => replaced.push_str(known),
            Err(expression) => {
                let from = replaced.len();
                replaced.push_str(&variable(expression, false));
                quoted.push((from, replaced.len()));
            }
        }
    }
    // Line by line, so that a finding stands on its line.
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let mut from = 0;
    let written = place.text(source);
    for (line, new) in lines.iter().zip(replaced.split_inclusive('\n')) {
        let trimmed = line.trim();
        let found = written
            .get(from..)
            .filter(|_| !trimmed.is_empty())
            .and_then(|rest| rest.find(trimmed));
        let span = match found {
            Some(at) => {
                let start = place.start + (from + at) as u32;
                from += at + trimmed.len();
                Span::new(start, start + trimmed.len() as u32)
            }
            None => Span::new(place.start + from as u32, place.start + from as u32),
        };
        if line == &new {
            let lead = line.len() - line.trim_start().len();
            out.written(&line[..lead], Span::new(span.start, span.start));
            out.copied(source, span);
            out.written(
                &line[(lead + trimmed.len()).min(line.len())..],
                Span::new(span.end, span.end),
            );
        } else {
            out.written(new, span);
        }
    }
}

/// The parts of a text: known, and the inside of `${{ … }}`.
fn expressions(text: &str) -> Vec<Result<&str, &str>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        parts.push(Ok(&rest[..start]));
        let tail = &rest[start + 3..];
        let Some(end) = tail.find("}}") else {
            rest = &rest[start..];
            break;
        };
        parts.push(Err(tail[..end].trim()));
        rest = &tail[end + 2..];
    }
    parts.push(Ok(rest));
    parts
}

/// The variable that stands for an expression. `data` where no shell reads it as a script.
fn variable(expression: &str, data: bool) -> String {
    let plain: String = expression.chars().filter(|c| !c.is_whitespace()).collect();
    let name = plain.trim_start_matches("github.");
    let foreign = WRITTEN_BY_OTHERS
        .iter()
        .any(|part| name.starts_with(part) || plain.contains(&format!("github.{part}")));
    if foreign && !plain.contains("==") {
        return if data {
            "${event_data}"
        } else {
            "${event_text}"
        }
        .to_owned();
    }
    if let Some(secret) = plain.strip_prefix("secrets.") {
        let secret: String = secret
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        return format!("${{secret_{secret}}}");
    }
    // `toJSON(secrets)` is all of them.
    if plain.contains("(secrets)") {
        return "${secret_ALL}".to_owned();
    }
    if plain == "github.token" {
        return "${secret_GITHUB_TOKEN}".to_owned();
    }
    "${expression}".to_owned()
}

/// `uses:` with what it is given.
fn uses(step: &Node, action: &str, place: Span, untrusted: Option<&str>, pieces: &mut Pieces) {
    let with = step.get("with");
    let given = |key: &str| with.and_then(|w| w.get(key)).and_then(Node::text);
    if action.starts_with("actions/checkout") {
        let at = with.and_then(|w| w.get("ref").or_else(|| w.get("repository")));
        let foreign = ["ref", "repository"]
            .into_iter()
            .filter_map(given)
            .any(|text| {
                [
                    "head.sha",
                    "head.ref",
                    "head_ref",
                    "head.repo",
                    "head_sha",
                    "pull/",
                    "merge_commit",
                ]
                .iter()
                .any(|part| text.contains(part))
            });
        if let (Some(trigger), true) = (untrusted, foreign) {
            let at = at.map_or(place, |node| node.span);
            pieces.fact("workflow.checkout", &[(trigger, at)], at);
        }
    }
    let (name, version) = action.split_once('@').unwrap_or((action, ""));
    // The token of the run is in everybody's hands; one that a branch decides about is another matter.
    let is_branch = matches!(
        version,
        "main" | "master" | "dev" | "develop" | "latest" | "trunk"
    );
    let holds = |node: &Node| holds_secret(node, is_branch);
    let secret = with.is_some_and(holds) || step.get("env").is_some_and(holds);
    let pinned = version.len() == 40 && version.chars().all(|c| c.is_ascii_hexdigit());
    let own = name.starts_with("./")
        || name.starts_with("docker://")
        || ["actions/", "github/"].iter().any(|o| name.starts_with(o));
    if secret && !pinned && !own {
        pieces.fact("workflow.uses", &[(action, place), (version, place)], place);
    }
    if action.starts_with("actions/github-script")
        && let Some(script) = with.and_then(|w| w.get("script"))
        && let Some(code) = script.text()
    {
        let start = Span::new(script.span.start, script.span.start);
        let mut text = Text::default();
        for part in expressions(code) {
            if let Err(expression) = part
                && variable(expression, false) == "${event_text}"
            {
                text.written(": \"${event_text}\"\n", script.span);
            }
        }
        text.written("node -e ", start);
        text.quoted(&code.replace("${{", "/*").replace("}}", "*/"), script.span);
        pieces.script(text);
    }
}

/// Whether a value is a secret; the token of the run is one where `token` says so.
fn holds_secret(node: &Node, token: bool) -> bool {
    let is_secret = |n: &Node| {
        n.text().is_some_and(|t| {
            let is_token = t.contains("secrets.GITHUB_TOKEN") || t.contains("github.token");
            let is_other = t.contains("secrets.") && !is_token;
            t.contains("${{") && (is_other || token && is_token)
        })
    };
    node.entries().iter().any(|(_, value)| is_secret(value))
}

/// Pipelines of GitLab, CircleCI, Azure and the like: scripts under the names that these have.
pub(super) fn pipeline(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for document in yaml::read(source) {
        scripts(&document, source, &mut pieces, 12);
    }
    pieces.0
}

fn scripts(node: &Node, source: &str, pieces: &mut Pieces, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for item in node.items() {
        scripts(item, source, pieces, depth);
    }
    for (key, value) in node.entries() {
        match key.text().unwrap_or_default() {
            "variables" | "environment" | "env" => environment(Some(value), pieces),
            "script" | "before_script" | "after_script" | "bash" | "run" | "command"
            | "commands" | "install" | "before_install" | "test_script" | "build_script" => {
                for line in value.items().iter().chain(std::iter::once(value)) {
                    if line.text().is_some() {
                        script(line, "bash", source, pieces);
                    } else if let Some(inner) =
                        line.get("command").filter(|_| line.items().is_empty())
                    {
                        script(inner, "bash", source, pieces);
                    }
                }
            }
            _ => scripts(value, source, pieces, depth),
        }
    }
}
