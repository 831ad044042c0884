//! What the outputs look like, and that hostile text does nothing in any of them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod bounds;
mod fixture;
mod hostile;
mod json;
mod snapshots;

use tares_model::Message;
use tares_report::{Format, TextOptions};

/// Returns what a format makes of the messages.
fn render(format: Format, options: TextOptions, messages: &[Message]) -> String {
    let mut out = Vec::new();
    let mut handler = format.handler(&mut out, options);
    for message in messages {
        handler.message(message).unwrap();
    }
    handler.finish().unwrap();
    drop(handler);
    String::from_utf8(out).unwrap()
}
