//! The abstract interpreter: neutral tree to effects, with API models as data.
#![forbid(unsafe_code)]
