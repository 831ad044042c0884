//! Lowering of JavaScript and TypeScript.
