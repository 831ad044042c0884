//! API paths: a trie of names, each node with its models looked up once.

use crate::models::Models;
use crate::models::schema::{Call, Handler, Read, Type, Write};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Names an API path of one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PathId(pub(crate) u32);

/// One API path with its models.
#[derive(Clone)]
pub(crate) struct PathNode<'m> {
    pub(crate) text: Arc<str>,
    pub(crate) calls: Option<&'m [Arc<Call>]>,
    pub(crate) read: Option<&'m Read>,
    pub(crate) write: Option<&'m Write>,
    pub(crate) kind: Option<&'m Type>,
    pub(crate) handler: Option<&'m Handler>,
}

/// All API paths met so far.
pub(crate) struct Paths<'m> {
    models: &'m Models,
    nodes: Vec<PathNode<'m>>,
    by_text: FxHashMap<Arc<str>, PathId>,
    children: FxHashMap<(PathId, Arc<str>), PathId>,
    /// Whether functions are spelled with a capital too, so that only models tell types.
    capitals: bool,
}

impl<'m> Paths<'m> {
    pub(crate) fn new(models: &'m Models) -> Self {
        Self {
            models,
            nodes: Vec::new(),
            by_text: FxHashMap::default(),
            children: FxHashMap::default(),
            capitals: false,
        }
    }

    /// Says that a capital does not make a class.
    pub(crate) fn with_capital_functions(mut self, capitals: bool) -> Self {
        self.capitals = capitals;
        self
    }

    pub(crate) fn models(&self) -> &'m Models {
        self.models
    }

    pub(crate) fn node(&self, id: PathId) -> &PathNode<'m> {
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn text(&self, id: PathId) -> &Arc<str> {
        &self.nodes[id.0 as usize].text
    }

    /// Returns the node of a whole path.
    pub(crate) fn get(&mut self, text: &str) -> PathId {
        if let Some(&id) = self.by_text.get(text) {
            return id;
        }
        let own = text;
        let mut text = std::borrow::Cow::Borrowed(text);
        // An alias chain that turned in a circle would be a mistake in the models.
        for _ in 0..4 {
            match self.resolve_alias(&text) {
                Some(to) => text = to.into(),
                None => break,
            }
        }
        let text: &str = &text;
        if let Some(&id) = self.by_text.get(text) {
            self.by_text.insert(own.into(), id);
            return id;
        }
        let id = PathId(self.nodes.len() as u32);
        let name: Arc<str> = text.into();
        self.nodes.push(PathNode {
            calls: self.models.calls(text),
            read: self.models.read(text),
            write: self.models.write(text),
            kind: self.models.kind(text),
            handler: self.models.handler(text),
            text: Arc::clone(&name),
        });
        self.by_text.insert(name, id);
        id
    }

    /// Replaces the longest beginning of a path that has an alias.
    fn resolve_alias(&self, text: &str) -> Option<String> {
        if let Some(to) = self.models.alias(text) {
            return Some(to.to_owned());
        }
        let dots = text.match_indices('.').map(|(i, _)| i);
        let (i, to) = dots
            .filter_map(|i| Some((i, self.models.alias(&text[..i])?)))
            .next_back()?;
        Some(format!("{to}{}", &text[i..]))
    }

    /// Returns the node of `parent.name`.
    pub(crate) fn child(&mut self, parent: PathId, name: &Arc<str>) -> PathId {
        if let Some(&id) = self.children.get(&(parent, Arc::clone(name))) {
            return id;
        }
        let base = self.text(parent);
        let id = if &**name == "default" || base.len() > 200 {
            parent // `module.default` is the module; longer paths carry no further meaning.
        } else if is_namespace(base) {
            self.get(name.as_ref())
        } else {
            let text = format!("{base}.{name}");
            let any = format!("{base}.*");
            let id = self.get(&text);
            let found = self.inherited(parent, id, name);
            // `client.app.users`: some types make their attributes up as they are asked for.
            let dynamic = found == id && !self.is_modelled(id) && self.models.has(&any);
            if dynamic { self.get(&any) } else { found }
        };
        self.children.insert((parent, Arc::clone(name)), id);
        id
    }

    fn is_modelled(&self, id: PathId) -> bool {
        let node = self.node(id);
        node.calls.is_some() || node.read.is_some() || node.write.is_some() || node.kind.is_some()
    }

    /// Looks in the types that `parent` extends when `parent.name` itself has no model.
    fn inherited(&mut self, parent: PathId, own: PathId, name: &str) -> PathId {
        if self.is_modelled(own) {
            return own;
        }
        let Some(kind) = self.node(parent).kind else {
            return own;
        };
        for base in &kind.extends {
            let text = format!("{base}.{name}");
            if self.models.calls(&text).is_some()
                || self.models.read(&text).is_some()
                || self.models.write(&text).is_some()
            {
                return self.get(&text);
            }
        }
        own
    }

    /// Returns the node of the result of calling `path` when no model names its type: a class
    /// gives an instance of itself, anything else `path()`.
    pub(crate) fn result(&mut self, path: PathId) -> PathId {
        let text = self.text(path);
        let last = text.rsplit(['.', '/']).next().unwrap_or(text);
        let is_type = if self.capitals {
            self.node(path).kind.is_some()
        } else {
            last.starts_with(|c: char| c.is_ascii_uppercase())
        };
        if is_type || text.len() > 200 {
            return path;
        }
        let text = format!("{text}()");
        self.get(&text)
    }

    /// Returns the node of `path[]`.
    pub(crate) fn item(&mut self, path: PathId) -> PathId {
        let text = self.text(path);
        if text.ends_with("[]") || text.len() > 200 {
            return path;
        }
        let text = format!("{text}[]");
        self.get(&text)
    }
}

/// Whether a path names a class, and so an instance of it too.
pub(crate) fn is_class(path: &str) -> bool {
    let last = path.rsplit(['.', '/']).next().unwrap_or(path);
    last.starts_with(|c: char| c.is_ascii_uppercase()) && !last.ends_with([')', ']'])
}

/// Whether a path is another name of the global namespace.
fn is_namespace(path: &str) -> bool {
    matches!(
        path,
        "builtins"
            | "__builtins__"
            | "window"
            | "globalThis"
            | "global"
            | "self"
            | "top"
            | "frames"
    )
}
