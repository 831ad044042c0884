//! One test binary.

mod hidden;
mod pages;
