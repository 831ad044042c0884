//! Any bytes are a change, or no patch; what is read twice is the same.
#![no_main]

use tares_world::patch::read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match (read(bytes), read(bytes)) {
        (Ok(one), Ok(two)) => assert_eq!(format!("{one:?}"), format!("{two:?}"), "read twice"),
        (Err(one), Err(two)) => {
            assert_eq!(one.to_string(), two.to_string(), "refused twice");
            assert!(!one.hint().is_empty(), "a refusal says what to do");
        }
        (one, two) => panic!("read once, refused once: {one:?} {two:?}"),
    }
});
