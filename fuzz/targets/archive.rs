//! Any bytes as an archive: no name leads out, none stands twice.
#![no_main]

use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(files) = tares_tools::unpack(bytes) else {
        return;
    };
    let mut names = BTreeSet::new();
    for (name, _) in files {
        assert!(
            !name.starts_with('/') && !name.split('/').any(|part| part == ".."),
            "a name that leads out is refused"
        );
        assert!(names.insert(name), "a name stands once");
    }
});
