//! SARIF 2.1.0, for code-scanning services and editors.

mod uri;

use crate::Handler;
use crate::collected::Collected;
use crate::document::write_document;
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, CodeFlow, Invocation, Location, Message as Words, MultiformatMessageString,
    Notification, PhysicalLocation, PropertyBag, Region, ReportingConfiguration,
    ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif as Log, Suppression,
    ThreadFlow, ThreadFlowLocation, Tool, ToolComponent,
};
use std::collections::BTreeMap;
use std::io;
use tares_model::finding::{Related, Severity};
use tares_model::message::Unchecked;
use tares_model::{Finding, Level, Message, Place, RepoPath};

/// The schema that OASIS publishes.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of the root that all paths are relative to.
const ROOT: &str = "%SRCROOT%";

/// The key of the fingerprint; a new way to compute it gets a new key.
const FINGERPRINT: &str = "tares/v1";

/// Writes a SARIF log when the run is over.
pub struct Sarif<'a> {
    out: &'a mut dyn io::Write,
    collected: Collected,
}

impl<'a> Sarif<'a> {
    /// Returns a handler that writes to `out`.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Self {
            out,
            collected: Collected::default(),
        }
    }
}

impl Handler for Sarif<'_> {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.collected.keep(message);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let log = Log::builder()
            .schema(SCHEMA)
            .version(json!("2.1.0"))
            .runs(vec![run(&self.collected)?])
            .build();
        write_document(self.out, &log)
    }
}

fn run(collected: &Collected) -> io::Result<Run> {
    let summary = collected.end()?;
    let findings = || {
        collected
            .findings
            .iter()
            .chain(&collected.suppressed)
            .map(|r| &r.finding)
    };
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in findings() {
        rules.entry(&finding.rule).or_insert(finding);
    }
    let index: BTreeMap<&str, i64> = rules.keys().copied().zip(0..).collect();
    let driver = ToolComponent::builder()
        .name("tares")
        .version(collected.run.version.clone())
        .rules(rules.values().map(|f| rule(f)).collect::<Vec<_>>())
        .build();
    let invocation = Invocation::builder()
        .execution_successful(true)
        .tool_execution_notifications(
            summary
                .unchecked
                .iter()
                .map(notification)
                .collect::<Vec<_>>(),
        )
        .build();
    let root = ArtifactLocation::builder()
        .description(words("The root of what was judged."))
        .build();
    Ok(Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(json!("unicodeCodePoints"))
        .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root)]))
        .invocations(vec![invocation])
        .results(
            findings()
                .map(|f| result(f, index[f.rule.as_str()]))
                .collect::<Vec<_>>(),
        )
        .build())
}

/// Builds the rule from its first finding: the stream carries no other text about rules.
fn rule(finding: &Finding) -> ReportingDescriptor {
    let text = |text: &str| {
        let text = if text.is_empty() {
            finding.rule.as_str()
        } else {
            text
        };
        MultiformatMessageString::builder().text(text).build()
    };
    let mut tags = vec!["security".to_owned(), finding.family.as_str().to_owned()];
    tags.extend(
        finding
            .cwe
            .iter()
            .map(|cwe| format!("external/cwe/{}", cwe.to_lowercase())),
    );
    tags.sort();
    tags.dedup();
    // The bands in which code scanning sorts scores: critical from 9, high from 7, medium from 4.
    let score = match finding.severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    };
    let more = BTreeMap::from([
        ("precision".to_owned(), json!(finding.confidence.as_str())),
        ("security-severity".to_owned(), json!(score)),
    ]);
    ReportingDescriptor::builder()
        .id(finding.rule.clone())
        .short_description(text(&finding.rule.replace('-', " ")))
        .full_description(text(&finding.why))
        .help(text(&finding.fix))
        .default_configuration(
            ReportingConfiguration::builder()
                .level(json!(level_word(finding.level)))
                .build(),
        )
        .properties(
            PropertyBag::builder()
                .tags(tags)
                .additional_properties(more)
                .build(),
        )
        .build()
}

fn result(finding: &Finding, rule_index: i64) -> SarifResult {
    let level = match finding.level {
        Level::Block => ResultLevel::Error,
        Level::Review => ResultLevel::Warning,
        Level::Note => ResultLevel::Note,
    };
    let more = BTreeMap::from([
        ("severity".to_owned(), json!(finding.severity.as_str())),
        ("confidence".to_owned(), json!(finding.confidence.as_str())),
        ("level".to_owned(), json!(finding.level.as_str())),
    ]);
    let mut result = SarifResult::builder()
        .rule_id(finding.rule.clone())
        .rule_index(rule_index)
        .level(level)
        .message(words(&finding.message))
        .locations(vec![location(&finding.place)])
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            finding.fingerprint.clone(),
        )]))
        .properties(PropertyBag::builder().additional_properties(more).build())
        .build();
    if !finding.related.is_empty() {
        let related = finding.related.iter().zip(1..).map(|(r, id)| Location {
            id: Some(id),
            ..step(r)
        });
        result.related_locations = Some(related.collect());
        result.code_flows = Some(vec![code_flow(finding)]);
    }
    result.suppressions = finding.suppressed.as_ref().map(|reason| {
        // A comment is credited by its place, which is in the same file; policy and baseline
        // are not in the source.
        let is_comment = reason.starts_with(&format!("{}:", finding.place.path));
        let kind = if is_comment { "inSource" } else { "external" };
        vec![
            Suppression::builder()
                .kind(json!(kind))
                .status(json!("accepted"))
                .justification(reason.clone())
                .build(),
        ]
    });
    result
}

/// The evidence chain as a flow. It ends at the finding, whether the chain names it or not.
fn code_flow(finding: &Finding) -> CodeFlow {
    let mut steps: Vec<Location> = finding.related.iter().map(step).collect();
    if finding
        .related
        .last()
        .is_some_and(|last| last.place != finding.place)
    {
        let mut end = location(&finding.place);
        end.message = Some(words(&finding.message));
        steps.push(end);
    }
    let steps = steps
        .into_iter()
        .map(|l| ThreadFlowLocation::builder().location(l).build());
    let flow = ThreadFlow::builder()
        .locations(steps.collect::<Vec<_>>())
        .build();
    CodeFlow::builder().thread_flows(vec![flow]).build()
}

fn step(related: &Related) -> Location {
    let mut location = location(&related.place);
    location.message = Some(words(&related.message));
    location
}

fn notification(unchecked: &Unchecked) -> Notification {
    let mut notification = Notification::builder()
        .level(json!("warning"))
        .message(words(&format!("Not checked: {}", unchecked.reason)))
        .build();
    if !unchecked.path.as_bytes().is_empty() {
        let region = unchecked.lines.map(|(first, last)| {
            Region::builder()
                .start_line(i64::from(first.max(1)))
                .end_line(i64::from(last.max(1)))
                .build()
        });
        notification.locations = Some(vec![physical(&unchecked.path, region)]);
    }
    notification
}

fn location(place: &Place) -> Location {
    let region = Region::builder()
        .start_line(i64::from(place.start_line.max(1)))
        .start_column(i64::from(place.start_column.max(1)))
        .end_line(i64::from(place.end_line.max(1)))
        .end_column(i64::from(place.end_column.max(1)))
        .build();
    physical(&place.path, Some(region))
}

fn physical(path: &RepoPath, region: Option<Region>) -> Location {
    let artifact = ArtifactLocation::builder()
        .uri(uri::relative_uri(path.as_bytes()))
        .uri_base_id(ROOT)
        .build();
    let mut physical = PhysicalLocation::builder()
        .artifact_location(artifact)
        .build();
    physical.region = region;
    Location::builder().physical_location(physical).build()
}

/// Returns a message. Text in SARIF may hold links, `[words](target)`; text from code under
/// review must not.
fn words(text: &str) -> Words {
    let text = if text.contains("](") {
        text.replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]")
    } else {
        text.to_owned()
    };
    Words::builder().text(text).build()
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Block => "error",
        Level::Review => "warning",
        Level::Note => "note",
    }
}
