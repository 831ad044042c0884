//! Integration tests of the lowering.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod carrier;
mod go;
mod java;
mod javascript;
mod language;
mod python;
mod python_hostile;
mod shell;
