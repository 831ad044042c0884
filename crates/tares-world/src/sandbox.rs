//! Programs that are started only to be asked, where they reach no network and change nothing.
//!
//! Linux alone, by `unshare` of util-linux: name spaces of their own for users, processes, mounts
//! and network. In them every file system is made read-only; `/tmp`, `/run` (where programs listen
//! on sockets) and the usual folders of keys are empty, but for the folder that the program is
//! started in; there is no network but a loopback that is down. Where that cannot be had, nothing is started.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// Longest conversation.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Most bytes that are read of it.
pub const MOST: usize = 8 << 20;

/// What is started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sandboxed {
    /// Program and arguments.
    pub command: Vec<String>,
    /// The whole environment but `PATH`, `HOME` and `LANG`.
    pub environment: BTreeMap<String, String>,
    /// The folder it is started in.
    pub folder: Option<std::path::PathBuf>,
}

/// A program that answers line by line.
pub trait Conversation {
    /// Sends one line.
    ///
    /// # Errors
    /// When the program is gone.
    fn say(&mut self, line: &str) -> io::Result<()>;

    /// Waits for one line.
    ///
    /// # Errors
    /// When none comes in time, or too much.
    fn hear(&mut self) -> io::Result<String>;
}

/// A conversation that was written down, for tests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scripted(pub(crate) Vec<String>);

impl Conversation for Scripted {
    fn say(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn hear(&mut self) -> io::Result<String> {
        if self.0.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.0.remove(0))
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn start(_: &Sandboxed) -> io::Result<Box<dyn Conversation>> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "a sandbox without network is made on Linux only",
    ))
}

#[cfg(target_os = "linux")]
pub(crate) use linux::start;

#[cfg(target_os = "linux")]
mod linux {
    use super::{Conversation, MOST, PATIENCE, Sandboxed};
    use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
    use std::process::{Child, ChildStdin, Command, Stdio};
    use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
    use std::time::Instant;

    /// What is done inside, before the program takes the place of the shell. `$@` is its command.
    /// The last test is the proof: who could still write would not be started.
    const INSIDE: &str = r#"
path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
while read -r _ _ _ _ place _; do mount -o remount,bind,ro "$place" 2>/dev/null; done </proc/self/mountinfo
here=$(pwd -P)
for place in /tmp /run; do mount -t tmpfs -o size=16m tmpfs "$place" || exit 96; done
case "$here/" in /tmp/* | /run/*)
  mkdir -p "$here" && mount -c --bind /proc/self/cwd "$here" && cd "$here" || exit 96 ;;
esac
for place in .ssh .aws .gnupg .docker .kube .config/gcloud; do
  if [ -d "$HOME/$place" ]; then mount -t tmpfs -o size=1m tmpfs "$HOME/$place" || exit 96; fi
done
for place in / /var /home "$HOME" .; do [ -w "$place" ] && exit 97; done
echo tares-sandbox-ready
PATH=$path TMPDIR=/tmp exec "$@"
"#;

    /// What the shell says before the program starts.
    const READY: &str = "tares-sandbox-ready";

    /// Where the tools of the sandbox stand; the user's `PATH` does not say.
    const UNSHARE: [&str; 2] = ["/usr/bin/unshare", "/bin/unshare"];

    struct Talk {
        child: Child,
        input: ChildStdin,
        lines: Receiver<String>,
        until: Instant,
    }

    /// Starts a program in a sandbox.
    pub(crate) fn start(wanted: &Sandboxed) -> io::Result<Box<dyn Conversation>> {
        let unshare = UNSHARE
            .into_iter()
            .find(|file| std::path::Path::new(file).is_file())
            .ok_or_else(|| refused("`unshare` of util-linux is not installed"))?;
        let mut command = Command::new(unshare);
        command
            .args([
                "--user",
                "--map-root-user",
                "--net",
                "--pid",
                "--ipc",
                "--mount",
            ])
            .args([
                "--fork",
                "--kill-child",
                "--mount-proc",
                "/bin/sh",
                "-c",
                INSIDE,
                "sh",
            ])
            .args(&wanted.command)
            .env_clear()
            .envs(&wanted.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for name in ["PATH", "HOME", "LANG"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(folder) = &wanted.folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (send, lines) = sync_channel(64);
        std::thread::spawn(move || {
            let mut reader = BufReader::new(output.take(MOST as u64));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|length| length > 0) {
                let whole = std::mem::take(&mut line);
                if send.send(whole).is_err() {
                    break;
                }
            }
        });
        let mut talk = Talk {
            child,
            input,
            lines,
            until: Instant::now() + PATIENCE,
        };
        let first = talk.hear();
        if first.is_ok_and(|line| line == READY) {
            return Ok(Box::new(talk));
        }
        Err(refused(match talk.ended() {
            Some(96 | 97) => "its file systems cannot be made read-only",
            _ => "the system gives it no name spaces of its own",
        }))
    }

    fn refused(why: &str) -> io::Error {
        let said = format!("no sandbox without network can be had here: {why}");
        io::Error::new(io::ErrorKind::Unsupported, said)
    }

    impl Talk {
        fn ended(&mut self) -> Option<i32> {
            self.child.wait().ok()?.code()
        }
    }

    impl Conversation for Talk {
        fn say(&mut self, line: &str) -> io::Result<()> {
            writeln!(self.input, "{line}")?;
            self.input.flush()
        }

        fn hear(&mut self) -> io::Result<String> {
            let left = self.until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => Ok(line.trim_end().to_owned()),
                Err(RecvTimeoutError::Timeout) => Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!("no answer within {} seconds", PATIENCE.as_secs()),
                )),
                Err(RecvTimeoutError::Disconnected) => Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the program ended, or said too much",
                )),
            }
        }
    }

    impl Drop for Talk {
        fn drop(&mut self) {
            // `--kill-child` takes everything inside along: the first process of the name space
            // is its whole.
            let _killed = self.child.kill();
            let _waited = self.child.wait();
        }
    }
}
