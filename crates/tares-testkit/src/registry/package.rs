//! What a registry has of a package.

use tares_model::Ecosystem;

/// A package with its releases.
#[derive(Debug, Clone)]
pub struct TestPackage {
    pub(super) ecosystem: Ecosystem,
    pub(super) name: String,
    pub(super) releases: Vec<TestRelease>,
    pub(super) latest: Option<String>,
    pub(super) repository: Option<String>,
}

/// A release with what is told of it and what its archive holds.
#[derive(Debug, Clone)]
pub struct TestRelease {
    pub(super) version: String,
    pub(super) date: String,
    pub(super) yanked: bool,
    pub(super) deprecated: Option<String>,
    pub(super) attested: bool,
    pub(super) runs_at_install: bool,
    pub(super) wrong_digest: bool,
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) raw: Option<Vec<u8>>,
}

impl TestPackage {
    /// Makes one without releases.
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        Self {
            ecosystem,
            name: name.to_owned(),
            releases: Vec::new(),
            latest: None,
            repository: None,
        }
    }

    /// Makes one with ten releases over ten years.
    pub fn seasoned(ecosystem: Ecosystem, name: &str) -> Self {
        (0..10).fold(Self::new(ecosystem, name), |package, i| {
            package.release(
                &format!("1.{i}.0"),
                &format!("{}-03-01T10:00:00Z", 2015 + i),
            )
        })
    }

    /// Adds a release of a day, as RFC 3339 writes it or, for a hostile one, does not.
    #[must_use]
    pub fn release(self, version: &str, date: &str) -> Self {
        self.with(TestRelease::new(version, date))
    }

    /// Adds a release.
    #[must_use]
    pub fn with(mut self, release: TestRelease) -> Self {
        self.releases.push(release);
        self
    }

    /// Names the version that is handed out by itself; else it is the last one.
    #[must_use]
    pub fn latest(mut self, version: &str) -> Self {
        self.latest = Some(version.to_owned());
        self
    }

    /// Names the address of the source.
    #[must_use]
    pub fn repository(mut self, address: &str) -> Self {
        self.repository = Some(address.to_owned());
        self
    }

    pub(super) fn normal_name(&self) -> String {
        self.ecosystem.normal(&self.name)
    }
}

impl TestRelease {
    /// Makes one with an archive that a client can install.
    pub fn new(version: &str, date: &str) -> Self {
        Self {
            version: version.to_owned(),
            date: date.to_owned(),
            yanked: false,
            deprecated: None,
            attested: false,
            runs_at_install: false,
            wrong_digest: false,
            files: Vec::new(),
            raw: None,
        }
    }

    /// Withdraws it.
    #[must_use]
    pub fn yanked(mut self) -> Self {
        self.yanked = true;
        self
    }

    /// Discourages it.
    #[must_use]
    pub fn deprecated(mut self, why: &str) -> Self {
        self.deprecated = Some(why.to_owned());
        self
    }

    /// Puts an attestation beside it.
    #[must_use]
    pub fn attested(mut self) -> Self {
        self.attested = true;
        self
    }

    /// Lets it run code when it is installed: an install script for npm, no wheel for Python.
    #[must_use]
    pub fn runs_at_install(mut self) -> Self {
        self.runs_at_install = true;
        self
    }

    /// Lets the index tell another digest than the archive has.
    #[must_use]
    pub fn wrong_digest(mut self) -> Self {
        self.wrong_digest = true;
        self
    }

    /// Puts a file into its archive, below the folder that the ecosystem has there.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.to_owned(), content.into()));
        self
    }

    /// Puts these bytes in place of the archive.
    #[must_use]
    pub fn raw(mut self, archive: Vec<u8>) -> Self {
        self.raw = Some(archive);
        self
    }
}
