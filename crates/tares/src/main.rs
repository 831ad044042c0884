//! The command line of tares.
#![forbid(unsafe_code)]
fn main() {}
