//! What a patch says of itself: the mails of `git format-patch`, the log of `git log -p`.

use tares_model::change::Claim;

/// Bytes of all claims together.
const ROOM: usize = 64 * 1024;

/// Collects the words around the files of a patch.
#[derive(Debug, Default)]
pub(super) struct MailReader {
    claims: Vec<Claim>,
    at: At,
    source: String,
    text: String,
    used: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Outside,
    /// In the headers of a mail; the flag tells whether a folded subject may go on.
    Headers(bool),
    Body,
    /// In an entry of a log, whose message is indented.
    Log,
}

impl MailReader {
    /// Takes a line that belongs to no file.
    pub(super) fn line(&mut self, line: &[u8]) {
        if let Some(id) = commit_id(line, b"From ").or_else(|| commit_id(line, b"commit ")) {
            self.end_message();
            self.at = if line.starts_with(b"From ") {
                At::Headers(false)
            } else {
                At::Log
            };
            self.source = format!("commit {}", &id[..7]);
            return;
        }
        match self.at {
            At::Outside => {}
            At::Headers(_) if line.is_empty() => {
                self.at = At::Body;
                self.push(b"");
            }
            At::Headers(folded) => self.header(line, folded),
            At::Body if line == b"---" => self.end_message(),
            At::Body => self.push(line),
            At::Log => {
                if let Some(text) = line.strip_prefix(b"    ") {
                    self.push(text);
                }
            }
        }
    }

    fn header(&mut self, line: &[u8], folded: bool) {
        let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
        if is_folded && folded {
            self.text.truncate(self.text.trim_end().len());
            self.push(line);
        } else if let Some(subject) = line.strip_prefix(b"Subject: ") {
            self.push(without_tag(subject));
            self.at = At::Headers(true);
        } else if !is_folded {
            self.at = At::Headers(false);
        }
    }

    fn push(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let room = ROOM.saturating_sub(self.used);
        let line = &line[..line.floor_char_boundary(room)];
        self.text.push_str(line);
        self.text.push('\n');
        self.used += line.len() + 1;
    }

    /// Ends the message, because its diff or another message begins.
    pub(super) fn end_message(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if !text.is_empty() {
            self.claims.push(Claim {
                text: text.to_owned(),
                source: std::mem::take(&mut self.source),
            });
        }
        self.at = At::Outside;
    }

    pub(super) fn finish(mut self) -> Vec<Claim> {
        self.end_message();
        self.claims
    }
}

/// Returns the id of a line such as `From 1a2b… Mon Sep 17` or `commit 1a2b…`.
fn commit_id(line: &[u8], word: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(word)?;
    let id: Vec<u8> = rest
        .iter()
        .copied()
        .take_while(u8::is_ascii_hexdigit)
        .take(64)
        .collect();
    let ends = rest.get(id.len()).is_none_or(|&b| b == b' ');
    (id.len() >= 40 && ends).then(|| String::from_utf8_lossy(&id).into_owned())
}

/// Cuts `[PATCH 1/3]` from a subject.
fn without_tag(subject: &[u8]) -> &[u8] {
    if !subject.starts_with(b"[PATCH") {
        return subject;
    }
    subject
        .iter()
        .position(|&b| b == b']')
        .map_or(subject, |at| subject[at + 1..].trim_ascii_start())
}
