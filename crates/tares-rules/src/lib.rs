//! Rules over effects, and what a task asks for.
#![forbid(unsafe_code)]
