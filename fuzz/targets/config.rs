//! Any text is a configuration or an error that points into it.
#![no_main]

use tares_policy::Policy;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(error) = Policy::parse(text, "tares.toml") {
        let place = error.place();
        assert!(!error.to_string().is_empty(), "an error says something");
        assert!(
            place.start_line <= place.end_line,
            "a place begins before it ends"
        );
    }
});
