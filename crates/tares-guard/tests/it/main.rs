//! One test binary.

mod hidden;
mod incidents;
mod pages;
mod settings;
mod views;
