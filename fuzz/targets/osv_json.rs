//! Any bytes are an OSV record in JSON, another text, or an error; a record has bounds, survives the store
//! and answers every version.
#![no_main]

use tares_deps::advisory::{LARGEST, affects, read, records};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert!(bytes.len() <= LARGEST, "the fuzzer stays far below");
    let Ok(document) = read("fuzzed.json", bytes) else {
        return;
    };
    for record in document.records {
        let ecosystem = record.ecosystem.expect("readers set it");
        let kept = records(&record.to_bytes()).expect("it was just written");
        assert_eq!(kept[0].ranges, record.ranges, "what is kept is what was read");
        for version in [None, Some("1.0.0"), Some("2.0.0-rc.1"), Some("dev-main")] {
            let first = affects(ecosystem, &record, version);
            assert_eq!(first, affects(ecosystem, &record, version), "asked twice");
        }
    }
});
