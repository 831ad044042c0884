//! One test binary.

mod corpus;
mod hidden;
mod incidents;
mod languages;
mod mail;
mod pages;
mod prompts;
mod settings;
mod views;
