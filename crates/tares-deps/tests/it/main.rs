//! One test binary.

mod advisories;
mod commands;
mod formats;
mod pages;
mod twin;
mod versions;
