//! Renderers of messages: text, json, sarif, github, markdown.
#![forbid(unsafe_code)]
