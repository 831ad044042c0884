//! Test repositories, rewrites and a deterministic environment.
#![forbid(unsafe_code)]
