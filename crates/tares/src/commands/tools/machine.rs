//! The machine as the room of tools asks for it.

use std::io::ErrorKind;
use std::path::Path;
use tares_tools::{Entry, EntryKind, Machine, Peer, Start, Unread};
use tares_world::sandbox::{Conversation, Sandboxed};
use tares_world::{ListedKind, System};

/// Answers from a system.
pub(crate) struct Outside<'a>(pub(crate) &'a dyn System);

impl Machine for Outside<'_> {
    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        let listed = self.0.entries(Path::new(folder)).ok()?;
        let entries = listed.into_iter().map(|listed| Entry {
            name: listed.name,
            kind: match listed.kind {
                ListedKind::File => EntryKind::File,
                ListedKind::Folder => EntryKind::Folder,
                ListedKind::Link(to) => EntryKind::Link(to),
                ListedKind::Other => EntryKind::Other,
            },
        });
        Some(entries.collect())
    }

    fn read(&self, file: &str, limit: u64) -> Result<Vec<u8>, Unread> {
        let file = Path::new(file);
        // A pipe behind a link would be waited for.
        if !self.0.is_file(file) {
            return Err(Unread::Missing);
        }
        self.0
            .read(file, limit)
            .map_err(|error| match error.kind() {
                ErrorKind::FileTooLarge => Unread::TooLarge(limit),
                _ => unread(&error),
            })
    }

    fn digest(&self, file: &str) -> Result<[u8; 32], Unread> {
        self.0
            .digest(Path::new(file))
            .map_err(|error| unread(&error))
    }

    fn start(&self, start: &Start) -> Result<Box<dyn Peer>, String> {
        let wanted = Sandboxed {
            command: start.command.clone(),
            environment: start.environment.iter().cloned().collect(),
            folder: start.folder.as_ref().map(Into::into),
        };
        let talk = self.0.start(&wanted).map_err(|error| error.to_string())?;
        Ok(Box::new(Voice(talk)))
    }
}

fn unread(error: &std::io::Error) -> Unread {
    match error.kind() {
        ErrorKind::NotFound => Unread::Missing,
        _ => Unread::Other(format!("cannot be read: {error}")),
    }
}

struct Voice(Box<dyn Conversation>);

impl Peer for Voice {
    fn say(&mut self, line: &str) -> Result<(), String> {
        self.0.say(line).map_err(|error| error.to_string())
    }

    fn hear(&mut self) -> Result<String, String> {
        self.0.hear().map_err(|error| error.to_string())
    }
}

/// Returns a path as text, with `/` between its parts.
pub(crate) fn text(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    match text.strip_suffix('/') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
