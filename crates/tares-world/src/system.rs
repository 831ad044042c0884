//! The machine behind one trait: files that the user names, variables, the clock.
//!
//! The command line asks it for configuration, task, patch and baseline files, so that tests
//! can answer from memory. What a change holds does not come through here but from
//! [`crate::git`], [`crate::patch`] and [`crate::walk`].

use crate::sandbox::{self, Conversation, Sandboxed};
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// What the program asks of the machine.
pub trait System: Send + Sync + std::fmt::Debug {
    /// Reads a file that the user named, links followed. Refuses one above `limit` bytes with
    /// [`io::ErrorKind::FileTooLarge`].
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Returns whether a regular file is there, links followed.
    fn is_file(&self, file: &Path) -> bool;

    /// Writes a file that the user named, replacing it.
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Returns a variable of the environment; one that is not UTF-8 or is empty counts as not set.
    fn var(&self, name: &str) -> Option<String>;

    /// Returns the folder for the user's caches: `TARES_CACHE_DIR`, else the system's own with
    /// `tares` behind.
    fn cache_dir(&self) -> Option<PathBuf>;

    /// Returns the time.
    fn now(&self) -> SystemTime;

    /// Returns the folder for what tares keeps of its own: `TARES_DATA_DIR`, else the system's
    /// own with `tares` behind.
    fn data_dir(&self) -> Option<PathBuf>;

    /// Returns the user's home folder.
    fn home_dir(&self) -> Option<PathBuf>;

    /// Returns the folder where programs keep the user's configuration.
    fn config_dir(&self) -> Option<PathBuf>;

    /// Adds bytes at the end of a file in one go, and makes it and its folder, for the user
    /// alone, where they are missing.
    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Returns the names of what stands in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Returns when a file was last written, links followed.
    fn modified(&self, file: &Path) -> Option<SystemTime>;

    /// Returns a file's own path, links followed; the path itself where that cannot be told.
    fn canonical(&self, file: &Path) -> PathBuf;

    /// Runs a program of the user's machine and returns what it printed.
    ///
    /// Only for asking a package client about itself: in an empty folder, with a bounded time,
    /// and never with anything of the repository under review.
    fn run(&self, question: &Question) -> io::Result<String>;

    /// Returns what a folder holds, by name; the link that it may be is followed.
    fn entries(&self, folder: &Path) -> io::Result<Vec<Listed>>;

    /// Returns the BLAKE3 digest of a file, links followed, however large it is.
    fn digest(&self, file: &Path) -> io::Result<[u8; 32]>;

    /// Starts a program where it reaches no network and changes nothing; refuses where that
    /// cannot be had.
    fn start(&self, wanted: &Sandboxed) -> io::Result<Box<dyn Conversation>>;

    /// Returns where programs of a name stand on the search path, the first one first.
    fn programs(&self, name: &str) -> Vec<PathBuf> {
        let path = self.var("PATH").unwrap_or_default();
        let suffixes: &[&str] = if cfg!(windows) {
            &[".exe", ".cmd"]
        } else {
            &[""]
        };
        std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .flat_map(|folder| {
                suffixes
                    .iter()
                    .map(move |end| folder.join(format!("{name}{end}")))
            })
            .filter(|file| self.is_file(file))
            .collect()
    }
}

/// A program that is asked about itself.
#[derive(Debug, Clone)]
pub struct Question {
    /// Where it stands.
    pub program: PathBuf,
    /// What it is asked.
    pub arguments: Vec<String>,
    /// Variables set for it beside the user's own.
    pub vars: Vec<(String, String)>,
    /// Variables of the user that it does not get.
    pub without: Vec<String>,
}

/// How long a program may take to answer a [`Question`].
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of an answer is read, in bytes.
const ANSWER: u64 = 256 * 1024;
/// One thing in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name; one that is not UTF-8 has replacement characters.
    pub name: String,
    /// What it is.
    pub kind: ListedKind,
}

/// What stands in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListedKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, with its text.
    Link(String),
    /// A pipe, a socket, a device.
    Other,
}

/// Most entries of one folder.
const ENTRIES: usize = 100_000;

/// Variable that names the cache folder.
const CACHE_DIR: &str = "TARES_CACHE_DIR";
/// Variable that names the data folder.
const DATA_DIR: &str = "TARES_DATA_DIR";

/// The real machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Os;

impl System for Os {
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let open = std::fs::File::open(file)?;
        if open.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut bytes = Vec::new();
        open.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        within(bytes, limit)
    }

    fn is_file(&self, file: &Path) -> bool {
        file.is_file()
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(file, bytes)
    }

    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn cache_dir(&self) -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        if let Some(folder) = self.var(CACHE_DIR) {
            return Some(folder.into());
        }
        Some(
            etcetera::choose_base_strategy()
                .ok()?
                .cache_dir()
                .join("tares"),
        )
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn data_dir(&self) -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        if let Some(folder) = self.var(DATA_DIR) {
            return Some(folder.into());
        }
        Some(
            etcetera::choose_base_strategy()
                .ok()?
                .data_dir()
                .join("tares"),
        )
    }

    fn home_dir(&self) -> Option<PathBuf> {
        etcetera::home_dir().ok()
    }

    fn config_dir(&self) -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        Some(etcetera::choose_base_strategy().ok()?.config_dir())
    }

    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        use std::io::Write as _;
        if let Some(folder) = file.parent() {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::DirBuilderExt as _;
                builder.mode(0o700);
            }
            builder.create(folder)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(file)?.write_all(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = std::fs::read_dir(folder)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        Ok(names)
    }

    fn modified(&self, file: &Path) -> Option<SystemTime> {
        file.metadata().ok()?.modified().ok()
    }

    fn canonical(&self, file: &Path) -> PathBuf {
        file.canonicalize().unwrap_or_else(|_| file.to_owned())
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder)?.take(ENTRIES) {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_symlink() {
                let to = std::fs::read_link(entry.path()).unwrap_or_default();
                ListedKind::Link(to.to_string_lossy().into_owned())
            } else if kind.is_dir() {
                ListedKind::Folder
            } else if kind.is_file() {
                ListedKind::File
            } else {
                ListedKind::Other
            };
            found.push(Listed {
                name: entry.file_name().to_string_lossy().into_owned(),
                kind,
            });
        }
        found.sort();
        Ok(found)
    }

    fn digest(&self, file: &Path) -> io::Result<[u8; 32]> {
        // A pipe would be waited for.
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("is no regular file"));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(std::fs::File::open(file)?)?;
        Ok(*hasher.finalize().as_bytes())
    }

    fn start(&self, wanted: &Sandboxed) -> io::Result<Box<dyn Conversation>> {
        sandbox::start(wanted)
    }

    fn run(&self, question: &Question) -> io::Result<String> {
        ask(question)
    }
}

/// Starts a program in an empty folder and ends it when its time is over.
fn ask(question: &Question) -> io::Result<String> {
    use std::process::{Command, Stdio};
    let empty = tempfile::TempDir::new()?;
    let mut command = Command::new(&question.program);
    for name in &question.without {
        command.env_remove(name);
    }
    let mut child = command
        .args(&question.arguments)
        .envs(question.vars.iter().map(|(name, value)| {
            let value = value.replace("{empty}", &empty.path().to_string_lossy());
            (name, value)
        }))
        .current_dir(empty.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (sender, printed) = std::sync::mpsc::channel();
    read_aside(child.stdout.take(), &sender);
    read_aside(child.stderr.take(), &sender);
    drop(sender);
    let end = Instant::now() + PATIENCE;
    let mut text = String::new();
    while let Ok(part) = printed.recv_timeout(end.saturating_duration_since(Instant::now())) {
        text.push_str(&part);
    }
    // Where it still runs, its time is over.
    child.kill().ok();
    child.wait()?;
    Ok(text)
}

/// Reads a pipe in a thread of its own, so that a program that prints without end, or not at
/// all, holds nobody up.
fn read_aside(
    pipe: Option<impl io::Read + Send + 'static>,
    sender: &std::sync::mpsc::Sender<String>,
) {
    let sender = sender.clone();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            pipe.take(ANSWER).read_to_end(&mut bytes).ok();
        }
        sender
            .send(String::from_utf8_lossy(&bytes).into_owned())
            .ok();
    });
}

/// A machine in memory, for tests.
#[derive(Debug, Clone)]
pub struct InMemory {
    /// Files by path. Writing goes to a copy that [`InMemory::written`] returns.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Variables of the environment.
    pub vars: BTreeMap<String, String>,
    /// The time, which stands still.
    pub now: SystemTime,
    /// What programs print when they are run, by their path.
    pub programs: BTreeMap<PathBuf, String>,
    /// What programs answer line by line, by the first word of their command.
    pub answers: BTreeMap<String, Vec<String>>,
    written: std::sync::Arc<std::sync::Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
}

impl Default for InMemory {
    fn default() -> Self {
        Self {
            files: BTreeMap::new(),
            vars: BTreeMap::new(),
            // An arbitrary fixed moment: 14 November 2023.
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            programs: BTreeMap::new(),
            answers: BTreeMap::new(),
            written: std::sync::Arc::default(),
        }
    }
}

impl InMemory {
    /// Returns what was written to `file`.
    pub fn written(&self, file: &Path) -> Option<Vec<u8>> {
        self.written.lock().ok()?.get(file).cloned()
    }
}

impl System for InMemory {
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = self.written(file).or_else(|| self.files.get(file).cloned());
        within(bytes.ok_or(io::ErrorKind::NotFound)?, limit)
    }

    fn is_file(&self, file: &Path) -> bool {
        self.files.contains_key(file)
            || self.written(file).is_some()
            || self.programs.contains_key(file)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.written.lock().map_err(|_| io::ErrorKind::Other)?;
        written.insert(file.to_owned(), bytes.to_owned());
        Ok(())
    }

    fn var(&self, name: &str) -> Option<String> {
        self.vars
            .get(name)
            .cloned()
            .filter(|value| !value.is_empty())
    }

    fn cache_dir(&self) -> Option<PathBuf> {
        self.var(CACHE_DIR).map(PathBuf::from)
    }

    fn now(&self) -> SystemTime {
        self.now
    }

    fn data_dir(&self) -> Option<PathBuf> {
        self.var(DATA_DIR).map(PathBuf::from)
    }

    fn home_dir(&self) -> Option<PathBuf> {
        self.var("HOME").map(PathBuf::from)
    }

    fn config_dir(&self) -> Option<PathBuf> {
        Some(self.home_dir()?.join(".config"))
    }

    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let old = self.written(file).or_else(|| self.files.get(file).cloned());
        self.write(file, &[old.unwrap_or_default().as_slice(), bytes].concat())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let written = self.written.lock().map_err(|_| io::ErrorKind::Other)?;
        let names = self.files.keys().chain(written.keys()).filter_map(|file| {
            let first = file.strip_prefix(folder).ok()?.components().next()?;
            Some(first.as_os_str().to_str()?.to_owned())
        });
        let names: std::collections::BTreeSet<String> = names.collect();
        Ok(names.into_iter().collect())
    }

    fn modified(&self, file: &Path) -> Option<SystemTime> {
        self.is_file(file).then_some(self.now)
    }

    fn canonical(&self, file: &Path) -> PathBuf {
        file.to_owned()
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let mut found = std::collections::BTreeSet::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(folder) else {
                continue;
            };
            let mut parts = rest.components();
            if let Some(first) = parts.next() {
                found.insert(Listed {
                    name: first.as_os_str().to_string_lossy().into_owned(),
                    kind: match parts.next() {
                        Some(_) => ListedKind::Folder,
                        None => ListedKind::File,
                    },
                });
            }
        }
        if found.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(found.into_iter().collect())
    }

    fn digest(&self, file: &Path) -> io::Result<[u8; 32]> {
        let bytes = self.read(file, u64::MAX - 1)?;
        Ok(*blake3::hash(&bytes).as_bytes())
    }

    fn start(&self, wanted: &Sandboxed) -> io::Result<Box<dyn Conversation>> {
        let first = wanted.command.first().map(String::as_str).unwrap_or("");
        match self.answers.get(first) {
            Some(lines) => Ok(Box::new(sandbox::Scripted(lines.clone()))),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn run(&self, question: &Question) -> io::Result<String> {
        let printed = self.programs.get(&question.program);
        Ok(printed.ok_or(io::ErrorKind::NotFound)?.clone())
    }
}

fn within(bytes: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("larger than the limit of {limit} bytes"),
        ));
    }
    Ok(bytes)
}
