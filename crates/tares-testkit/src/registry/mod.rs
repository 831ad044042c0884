//! Package registries on the loopback: honest, like a caching mirror, or hostile.
//!
//! One server speaks the protocols of Python, npm, Cargo, Go and Maven well enough for the real
//! clients. How it behaves can be switched for all names of an ecosystem or for one, between two
//! questions. It writes down what it was asked.
//!
//! ```no_run
//! use tares_testkit::{Behaviour, TestPackage, TestRegistry};
//! use tares_model::Ecosystem::Npm;
//!
//! let registry = TestRegistry::start();
//! registry.add(TestPackage::new(Npm, "slop").release("1.0.0", "2026-01-01T00:00:00Z"));
//! registry.behave(Npm, Behaviour::Mirror);
//! let environment = registry.environment(); // for a Program or a client
//! assert_eq!(registry.requests(), Vec::<String>::new());
//! ```

mod archive;
mod package;
mod protocol;
mod server;

pub use package::{TestPackage, TestRelease};

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tares_model::Ecosystem;

/// How the registry answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Everything that a good registry tells, and 404 for what is not there.
    Honest,
    /// As behind a caching mirror: HTML for Python, npm dates of the day of the copy in no order
    /// and without `created` and `modified`, no tag but `latest`, no attestation, no deprecation.
    Mirror,
    /// 404 for everything.
    NothingThere,
    /// 200 for everything: a page that knows no name.
    SoftNotFound,
    /// 200 for everything: a package made up for whatever name is asked.
    CatchAll,
    /// This status for everything.
    Status(u16),
    /// This status so many times, then the honest answer.
    Flaky(u16, usize),
    /// The honest answer, cut after two thirds.
    Truncated,
    /// The honest answer under this media type.
    MediaType(&'static str),
    /// The honest answer with another name in it.
    OtherName,
    /// The honest answer after a pause.
    Late(std::time::Duration),
    /// One byte at a time, with pauses.
    Drip,
    /// A redirect to itself.
    RedirectLoop,
    /// A redirect to another server, with the path behind.
    RedirectTo(String),
    /// A small packed answer of this many bytes.
    GzipBomb(usize),
    /// An answer of this many bytes.
    Enormous(usize),
}

/// A registry on a port of its own, until it is dropped.
#[derive(Debug)]
pub struct TestRegistry {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    is_over: Arc<AtomicBool>,
}

/// What the server answers from.
#[derive(Debug, Default)]
struct State {
    packages: BTreeMap<(Ecosystem, String), TestPackage>,
    general: BTreeMap<Ecosystem, Behaviour>,
    special: BTreeMap<(Ecosystem, String), Behaviour>,
    failed: BTreeMap<String, usize>,
    requests: Vec<Request>,
}

/// A request as it came.
#[derive(Debug, Clone)]
struct Request {
    path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl TestRegistry {
    /// Starts one that has what every registry has: `requests`, `left-pad`, `serde` and their
    /// like, with ten releases over ten years.
    ///
    /// # Panics
    /// When no port can be had.
    pub fn start() -> Self {
        let (address, state, is_over) = server::start();
        let registry = Self {
            address,
            state,
            is_over,
        };
        for (ecosystem, name) in [
            (Ecosystem::PyPi, "requests"),
            (Ecosystem::Npm, "left-pad"),
            (Ecosystem::Cargo, "serde"),
            (Ecosystem::Go, "golang.org/x/text"),
            (Ecosystem::Maven, "junit:junit"),
        ] {
            registry.add(TestPackage::seasoned(ecosystem, name));
        }
        registry
    }

    /// Adds a package, or puts another in its place.
    pub fn add(&self, package: TestPackage) {
        let key = (package.ecosystem, package.normal_name());
        self.state().packages.insert(key, package);
    }

    /// Takes a package away.
    pub fn remove(&self, ecosystem: Ecosystem, name: &str) {
        self.state()
            .packages
            .remove(&(ecosystem, ecosystem.normal(name)));
    }

    /// Sets how all names of an ecosystem are answered.
    pub fn behave(&self, ecosystem: Ecosystem, behaviour: Behaviour) {
        self.state().general.insert(ecosystem, behaviour);
    }

    /// Sets how one name is answered.
    pub fn behave_for(&self, ecosystem: Ecosystem, name: &str, behaviour: Behaviour) {
        let key = (ecosystem, ecosystem.normal(name));
        self.state().special.insert(key, behaviour);
    }

    /// Returns the paths that were asked for, in order.
    pub fn requests(&self) -> Vec<String> {
        let state = self.state();
        state
            .requests
            .iter()
            .map(|request| request.path.clone())
            .collect()
    }

    /// Returns a header's values over all requests in which it stood.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let state = self.state();
        let values = state
            .requests
            .iter()
            .filter_map(|request| request.header(name));
        values.map(str::to_owned).collect()
    }

    /// Forgets what was asked so far.
    pub fn forget_requests(&self) {
        self.state().requests.clear();
    }

    /// Returns where an ecosystem's client has to look, as its configuration writes it.
    ///
    /// # Panics
    /// For an ecosystem without a protocol here.
    pub fn url(&self, ecosystem: Ecosystem) -> String {
        let base = format!("http://{}", self.address);
        match ecosystem {
            Ecosystem::PyPi => format!("{base}/pypi/simple/"),
            Ecosystem::Npm => format!("{base}/npm/"),
            Ecosystem::Cargo => format!("sparse+{base}/cargo/"),
            Ecosystem::Go => format!("{base}/go"),
            Ecosystem::Maven => format!("{base}/maven"),
            other => panic!("no registry for {other}"),
        }
    }

    /// Returns variables that send the clients of Python, npm and Go here. Cargo and Maven take
    /// files: [`Self::cargo_config`] and [`Self::maven_settings`].
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("PIP_INDEX_URL", self.url(Ecosystem::PyPi)),
            ("PIP_CONFIG_FILE", "/dev/null".to_owned()),
            ("npm_config_registry", self.url(Ecosystem::Npm)),
            ("GOPROXY", self.url(Ecosystem::Go)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Returns the text of a `config.toml` for a `CARGO_HOME` that takes all crates from here.
    pub fn cargo_config(&self) -> String {
        format!(
            "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\nregistry = \"{}\"\n",
            self.url(Ecosystem::Cargo)
        )
    }

    /// Returns the text of a `settings.xml` that takes all artefacts from here.
    pub fn maven_settings(&self) -> String {
        format!(
            "<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>{}</url></mirror></mirrors></settings>",
            self.url(Ecosystem::Maven)
        )
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TestRegistry {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // The server waits for a connection.
        std::net::TcpStream::connect(self.address).ok();
    }
}
