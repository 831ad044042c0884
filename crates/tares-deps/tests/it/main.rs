//! One test binary.

mod commands;
mod formats;
mod pages;
