//! Configuration, suppressions, baselines and the verdict.
#![forbid(unsafe_code)]
