//! The account of the standard libraries against the interpreters that are installed.

use std::process::Command;

#[test]
fn every_public_callable_is_accounted_for() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("stdlib")
        .output()
        .unwrap();
    let (said, faults) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}{faults}");
    let row = |language: &str| {
        let line = said.lines().find(|line| line.starts_with(language));
        let cells: Vec<usize> = line
            .unwrap()
            .split_whitespace()
            .skip(2)
            .map(|cell| cell.parse().unwrap())
            .collect();
        cells
    };
    for (language, least) in [("python", 10_000), ("javascript", 2_000)] {
        let cells = row(language);
        assert!(cells[0] > least, "{language} lists its library: {cells:?}");
        assert_eq!(
            cells[0],
            cells[1..].iter().sum::<usize>(),
            "each in one place"
        );
    }
}
