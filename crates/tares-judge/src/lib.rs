//! The one pure way through: a change and answers in, messages out.
#![forbid(unsafe_code)]
