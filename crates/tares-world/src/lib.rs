//! The outside world behind one trait: files, git, patches, cache.
#![forbid(unsafe_code)]
