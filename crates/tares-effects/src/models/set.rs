//! The models that a run judges by: the embedded ones, and those of a user with them.

use super::Models;
use super::own::{self, ModelError, Own};
use std::borrow::Cow;
use std::sync::OnceLock;
use tares_lang::Family;

/// Engine and embedded models.
const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("TARES_ENGINE_DIGEST"));

/// The models that a run judges by, each family made when its first file comes.
#[derive(Debug)]
pub struct ModelSet {
    made: [OnceLock<Models>; Family::ALL.len()],
    own: Vec<Own>,
    identity: Cow<'static, str>,
}

static EMBEDDED: ModelSet = ModelSet {
    made: [const { OnceLock::new() }; Family::ALL.len()],
    own: Vec::new(),
    identity: Cow::Borrowed(ENGINE),
};

impl ModelSet {
    /// Returns the embedded models.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Returns the embedded models with those of these files: path below `folder`, with `/`
    /// between its parts, and content. `folder` is for messages. The set lives as long as the
    /// program, because workers on all threads point into it.
    ///
    /// # Errors
    /// The first file, in the order of the paths, that is not in the format of
    /// `specs/models.md` or goes beyond its bounds.
    pub fn extended(
        folder: &str,
        files: &[(String, Vec<u8>)],
    ) -> Result<&'static Self, ModelError> {
        let mut files: Vec<_> = files.iter().collect();
        files.sort();
        let own = own::read(folder, &files)?;
        let mut hasher = blake3::Hasher::new();
        for (path, text) in files {
            for part in [path.as_bytes(), text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        Ok(Box::leak(Box::new(Self {
            made: [const { OnceLock::new() }; Family::ALL.len()],
            own,
            identity: format!("{ENGINE}-{}", hasher.finalize().to_hex()).into(),
        })))
    }

    /// Returns the models for a family of languages.
    pub fn of(&self, family: Family) -> &Models {
        self.made[family as usize].get_or_init(|| {
            let mut models = Models::embedded(family);
            for own in self.own.iter().filter(|own| own.family == family) {
                models.add(own.library.clone());
            }
            models
        })
    }

    /// Returns what a user added to the embedded models, file by file.
    pub fn own(&self) -> &[Own] {
        &self.own
    }

    /// Returns the identity of engine and models: a result computed under another one is not
    /// reused.
    pub fn identity(&self) -> &str {
        &self.identity
    }
}
