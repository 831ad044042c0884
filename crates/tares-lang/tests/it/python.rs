//! Lowering of Python.
