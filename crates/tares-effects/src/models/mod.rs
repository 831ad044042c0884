//! API models, indexed by path.

pub mod own;
pub mod schema;
mod set;

use rustc_hash::{FxHashMap, FxHashSet};
pub use set::ModelSet;

use schema::{Call, Command, Handler, Library, Read, Type, Write};
use std::sync::Arc;
use tares_lang::Family;

/// Embedded models in the order of [`Family`], decoded when the first file of a family comes.
const EMBEDDED: [&[u8]; Family::ALL.len()] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/python.models")),
    include_bytes!(concat!(env!("OUT_DIR"), "/javascript.models")),
    include_bytes!(concat!(env!("OUT_DIR"), "/shell.models")),
    include_bytes!(concat!(env!("OUT_DIR"), "/java.models")),
    include_bytes!(concat!(env!("OUT_DIR"), "/go.models")),
];

/// A type that a parameter's name stands for, with the packages one of which must be imported.
pub(crate) type Hint = (Box<str>, Vec<String>);

/// The models of one language family, indexed by path.
#[derive(Debug, Default)]
pub struct Models {
    calls: FxHashMap<Box<str>, Vec<Arc<Call>>>,
    methods: FxHashMap<Box<str>, Vec<Arc<Call>>>,
    reads: FxHashMap<Box<str>, Arc<Read>>,
    writes: FxHashMap<Box<str>, Write>,
    field_writes: FxHashMap<Box<str>, Write>,
    types: FxHashMap<Box<str>, Type>,
    handlers: FxHashMap<Box<str>, Handler>,
    alias: FxHashMap<Box<str>, Box<str>>,
    roots: FxHashSet<Box<str>>,
    params: FxHashMap<Box<str>, Vec<Hint>>,
    commands: FxHashMap<Box<str>, Arc<Syntax>>,
    /// Where libraries are named by full paths of classes: those paths, and by their simple names.
    classes: Option<Classes>,
}

/// Classes that models know.
#[derive(Debug, Default)]
struct Classes {
    paths: FxHashSet<Box<str>>,
    simple: FxHashMap<Box<str>, Box<str>>,
}

/// How a command reads its words, by the spelling of each option.
#[derive(Debug, Default)]
pub(crate) struct Syntax {
    /// Spelling to argument name, and whether it takes a value.
    pub(crate) options: FxHashMap<Box<str>, (Arc<str>, bool)>,
    pub(crate) dash: bool,
    pub(crate) sub: u8,
    pub(crate) wraps: bool,
}

impl Models {
    /// Decodes the embedded models for a family of languages.
    fn embedded(family: Family) -> Self {
        let libraries: Vec<Library> = postcard::from_bytes(EMBEDDED[family as usize])
            .expect("the build script wrote these bytes with the same types");
        let mut models = Self {
            classes: (family == Family::Java).then(Classes::default),
            ..Self::default()
        };
        for library in libraries {
            models.add(library);
        }
        models
    }

    /// Whether a path names a class of a modelled library.
    pub(crate) fn knows_class(&self, path: &str) -> bool {
        let Some(classes) = &self.classes else {
            return false;
        };
        if classes.paths.contains(path) {
            return true;
        }
        let dots = path.match_indices('.').map(|(i, _)| i);
        dots.filter_map(|i| Some((i, self.alias(&path[..i])?)))
            .any(|(i, to)| {
                classes
                    .paths
                    .contains(format!("{to}{}", &path[i..]).as_str())
            })
    }

    /// Returns the path of a class that excerpts name without saying where it comes from.
    pub(crate) fn class_named(&self, simple: &str) -> Option<&str> {
        self.classes
            .as_ref()?
            .simple
            .get(simple)
            .map(|path| &**path)
    }

    /// Indexes libraries; a later entry for a read, write, type or handler replaces an earlier one.
    pub fn index(libraries: Vec<Library>) -> Self {
        let mut models = Self::default();
        for library in libraries {
            models.add(library);
        }
        models
    }

    fn add(&mut self, library: Library) {
        for (from, to) in library.alias {
            self.root(&from);
            self.alias.insert(from.into(), to.into());
        }
        for call in library.calls {
            let call = Arc::new(call);
            for path in call.path.iter().flat_map(|p| expand(p)) {
                if let Some(name) = path.strip_prefix("?.") {
                    self.methods
                        .entry(name.into())
                        .or_default()
                        .push(Arc::clone(&call));
                } else {
                    self.root(&path);
                    self.calls
                        .entry(path.into())
                        .or_default()
                        .push(Arc::clone(&call));
                }
            }
        }
        for read in library.reads {
            let read = Arc::new(read);
            for path in read.path.iter().flat_map(|p| expand(p)) {
                self.root(&path);
                self.reads.insert(path.into(), Arc::clone(&read));
            }
        }
        for write in library.writes {
            for path in write.path.iter().flat_map(|p| expand(p)) {
                if let Some(name) = path.strip_prefix("?.") {
                    self.field_writes.insert(name.into(), write.clone());
                } else {
                    self.root(&path);
                    self.writes.insert(path.into(), write.clone());
                }
            }
        }
        for kind in library.types {
            for param in &kind.params {
                let entry = (kind.name.as_str().into(), kind.needs.clone());
                self.params
                    .entry(param.as_str().into())
                    .or_default()
                    .push(entry);
            }
            self.root(&kind.name);
            self.types.insert(kind.name.as_str().into(), kind);
        }
        for command in library.commands {
            let syntax = Arc::new(Syntax::of(&command));
            for name in command.name.iter().flat_map(|n| expand(n)) {
                self.commands.insert(name.into(), Arc::clone(&syntax));
            }
        }
        for handler in library.handlers {
            for path in handler.path.iter().flat_map(|p| expand(p)) {
                self.root(&path);
                self.handlers.insert(path.into(), handler.clone());
            }
        }
    }

    fn root(&mut self, path: &str) {
        if let Some(classes) = &mut self.classes {
            let class = crate::interp::java::class_part(path);
            let simple = class.rsplit('.').next().unwrap_or(class);
            if crate::interp::java::is_class_name(simple) && !classes.paths.contains(class) {
                classes.paths.insert(class.into());
                classes
                    .simple
                    .entry(simple.into())
                    .or_insert_with(|| class.into());
            }
        }
        self.roots.insert(root_of(path).into());
    }

    pub(crate) fn calls(&self, path: &str) -> Option<&[Arc<Call>]> {
        self.calls.get(path).map(Vec::as_slice)
    }

    pub(crate) fn methods(&self, name: &str) -> Option<&[Arc<Call>]> {
        self.methods.get(name).map(Vec::as_slice)
    }

    pub(crate) fn read(&self, path: &str) -> Option<&Read> {
        self.reads.get(path).map(|read| &**read)
    }

    pub(crate) fn write(&self, path: &str) -> Option<&Write> {
        self.writes.get(path)
    }

    pub(crate) fn field_write(&self, name: &str) -> Option<&Write> {
        self.field_writes.get(name)
    }

    /// Whether a path is read, called or written by any model.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.reads.contains_key(path)
            || self.calls.contains_key(path)
            || self.writes.contains_key(path)
    }

    pub(crate) fn kind(&self, path: &str) -> Option<&Type> {
        self.types.get(path)
    }

    pub(crate) fn syntax(&self, command: &str) -> Option<&Arc<Syntax>> {
        self.commands.get(command)
    }

    pub(crate) fn handler(&self, path: &str) -> Option<&Handler> {
        self.handlers.get(path)
    }

    pub(crate) fn alias(&self, path: &str) -> Option<&str> {
        self.alias.get(path).map(|to| &**to)
    }

    /// Whether any model begins with this name.
    pub fn knows_root(&self, name: &str) -> bool {
        self.roots.contains(name)
    }

    /// Types that a parameter of this name may have, with the packages one of which must be imported.
    pub(crate) fn param(&self, name: &str) -> &[Hint] {
        self.params.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Syntax {
    fn of(command: &Command) -> Self {
        let mut options = FxHashMap::default();
        for (table, takes_value) in [(&command.options, true), (&command.flags, false)] {
            for (name, spellings) in table {
                let name: Arc<str> = name.as_str().into();
                for spelling in spellings.split_whitespace() {
                    options.insert(spelling.into(), (Arc::clone(&name), takes_value));
                }
            }
        }
        Self {
            options,
            dash: command.dash,
            sub: command.sub,
            wraps: command.wraps,
        }
    }
}

/// Returns the package that a path begins with. A scoped package of JavaScript has a slash in its
/// name, and may have dots; a package of Go is found under a host, whose dots are part of it.
pub(crate) fn root_of(path: &str) -> &str {
    if path.starts_with('@') {
        return path.trim_end_matches("()");
    }
    let (before, _) = path.split_once('/').unwrap_or(("", path));
    let from = if before.contains('.') && !before.contains('(') {
        path.rfind('/').unwrap_or(0)
    } else {
        0
    };
    let end = path[from..]
        .find(['.', '(', '['])
        .map_or(path.len(), |i| from + i);
    &path[..end]
}

/// Expands `{a,b}` alternatives.
fn expand(path: &str) -> Vec<String> {
    let Some((head, rest)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let Some((choices, tail)) = rest.split_once('}') else {
        return vec![path.to_owned()];
    };
    let tails = expand(tail);
    choices
        .split(',')
        .flat_map(|choice| {
            tails
                .iter()
                .map(move |tail| format!("{head}{}{tail}", choice.trim()))
        })
        .collect()
}
