//! Documents of data with places: what YAML and JSON have in common.

use crate::tree::Span;

/// A node of a document.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn entries(&self) -> &[(Self, Self)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(k, _)| k.text() == Some(key))
            .map(|(_, value)| value)
    }

    /// Returns the value below several keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Returns the text of a key.
    pub(super) fn text_of(&self, key: &str) -> Option<(&str, Span)> {
        let node = self.get(key)?;
        Some((node.text()?, node.span))
    }

    /// Returns the scalars of a list, or the scalar itself.
    pub(super) fn scalars(&self) -> Vec<(&str, Span)> {
        match &self.kind {
            Kind::Scalar(text) => vec![(text, self.span)],
            Kind::List(items) => items
                .iter()
                .flat_map(|item| item.text().map(|t| (t, item.span)))
                .collect(),
            Kind::Map(_) => Vec::new(),
        }
    }

    /// Whether the node names a thing: as its text, in its list, or as a key.
    pub(super) fn names(&self, name: &str) -> bool {
        match &self.kind {
            Kind::Scalar(text) => text == name,
            Kind::List(items) => items.iter().any(|item| item.text() == Some(name)),
            Kind::Map(_) => self.get(name).is_some(),
        }
    }
}
