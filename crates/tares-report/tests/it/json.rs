//! The machine-readable outputs against their published schemas.

use crate::{fixture, render};
use insta::assert_snapshot;
use jsonschema::Validator;
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;
use tares_model::report::Report;
use tares_report::{Format, TextOptions};

fn everything(format: Format) -> Value {
    serde_json::from_str(&render(
        format,
        TextOptions::default(),
        &fixture::everything(),
    ))
    .unwrap()
}

static REPORT: LazyLock<Validator> = LazyLock::new(|| validator(&report_schema()));
static SARIF: LazyLock<Validator> = LazyLock::new(|| validator(&sarif_schema()));

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

/// Returns what the schema of a format has against a document.
pub(crate) fn complaints(format: Format, document: &Value) -> Vec<String> {
    let validator = if format == Format::Sarif {
        &SARIF
    } else {
        &REPORT
    };
    let errors = validator.iter_errors(document);
    errors
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect()
}

fn read(schema: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap()
}

fn report_schema() -> Value {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/report-v1.schema.json"))
}

/// The official schema, as the package serde-sarif carries it.
fn sarif_schema() -> Value {
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .other_options(["--offline", "--filter-platform", "host-tuple"].map(str::to_owned))
        .exec()
        .unwrap();
    let package = metadata
        .packages
        .iter()
        .find(|p| p.name.as_str() == "serde-sarif")
        .unwrap();
    let file = package
        .manifest_path
        .parent()
        .unwrap()
        .join("src/schema.json");
    let mut schema = read(file.as_std_path());
    // Its pattern for `language` closes a bracket that was never opened, which is no regular
    // expression of ECMA 262. No output of ours has that key.
    for owner in ["run", "toolComponent"] {
        let language = schema["definitions"][owner]
            .pointer_mut("/properties/language")
            .unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

#[test]
fn json_fits_its_schema() {
    for messages in [fixture::everything(), fixture::clean()] {
        let text = render(Format::Json, TextOptions::default(), &messages);
        let none: Vec<String> = Vec::new();
        assert_eq!(
            complaints(Format::Json, &serde_json::from_str(&text).unwrap()),
            none
        );
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let mut report = everything(Format::Json);
    report["findings"][0]
        .as_object_mut()
        .unwrap()
        .remove("fingerprint");
    report["summary"]["block"] = Value::from("one");
    report["schema"] = Value::from("tares/report/v0");
    assert_eq!(complaints(Format::Json, &report).len(), 3);
}

#[test]
fn the_schema_lets_new_keys_and_new_words_through() {
    let mut report = everything(Format::Json);
    report["findings"][0]["level"] = Value::from("quarantine");
    report["findings"][0]["later"] = Value::from(1);
    let none: Vec<String> = Vec::new();
    assert_eq!(complaints(Format::Json, &report), none);
}

#[test]
fn a_report_reads_back_as_it_was_written() {
    let text = render(Format::Json, TextOptions::default(), &fixture::everything());
    let report: Report = serde_json::from_str(&text).unwrap();
    let again = serde_json::to_value(&report).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(&text).unwrap());
    assert_eq!(
        report.findings[1].path.path_bytes.as_deref(),
        Some("c3JjL2NhZukuanM=")
    );
}

#[test]
fn sarif_fits_the_official_schema() {
    let none: Vec<String> = Vec::new();
    assert_eq!(complaints(Format::Sarif, &everything(Format::Sarif)), none);
    let mut broken = everything(Format::Sarif);
    broken["runs"][0]["results"][0]["level"] = Value::from("fatal");
    assert_eq!(complaints(Format::Sarif, &broken).len(), 1);
}

#[test]
fn sarif_carries_the_chain_and_the_suppression() {
    let run = &everything(Format::Sarif)["runs"][0];
    let results = run["results"].as_array().unwrap();
    let flow = results[0]
        .pointer("/codeFlows/0/threadFlows/0/locations")
        .unwrap();
    assert_eq!(flow.as_array().unwrap().len(), 3);
    let uri = results[1]
        .pointer("/locations/0/physicalLocation/artifactLocation/uri")
        .unwrap();
    assert_eq!(uri, "src/caf%E9.js");
    let suppressed = results
        .iter()
        .filter(|r| r.get("suppressions").is_some())
        .count();
    assert_eq!(suppressed, 1);
}

#[test]
fn json() {
    assert_snapshot!(render(
        Format::Json,
        TextOptions::default(),
        &fixture::everything()
    ));
}

#[test]
fn sarif() {
    assert_snapshot!(render(
        Format::Sarif,
        TextOptions::default(),
        &fixture::everything()
    ));
}
