//! What is taken out of a text, and what is left in.

use std::path::Path;
use tares_testkit::Normaliser;

#[test]
fn the_longest_place_goes_first() {
    let normaliser = Normaliser::new()
        .place(Path::new("/scratch"), "[TMP]")
        .place(Path::new("/scratch/work/"), "[WORK]");
    assert_eq!(
        normaliser.apply("/scratch/work/a.py /scratch/b"),
        "[WORK]/a.py [TMP]/b"
    );
}

#[test]
fn versions_of_tares_are_replaced_and_others_kept() {
    let normaliser = Normaliser::new();
    let text = "tares 0.1.0-dev.3 (tares/0.1.0). {\"version\": \"2.0.1\"} django 5.2.19 tares v1";
    let expected =
        "tares [VERSION] (tares/[VERSION]). {\"version\": \"[VERSION]\"} django 5.2.19 tares v1";
    assert_eq!(normaliser.apply(text), expected);
}

#[test]
fn line_ends_are_the_same_everywhere() {
    assert_eq!(Normaliser::new().apply("a\r\nb\n"), "a\nb\n");
}
