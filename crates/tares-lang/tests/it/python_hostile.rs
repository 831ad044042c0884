//! Hostile Python.
