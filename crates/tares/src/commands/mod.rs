//! One file for each verb.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod db;
pub(crate) mod demo;
pub(crate) mod deps;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod inputs;
pub(crate) mod man;
pub(crate) mod models;
pub(crate) mod rules;
pub(crate) mod scan;
pub(crate) mod tools;
