//! Maven: numbers and qualifiers in nested lists, as `ComparableVersion` of Maven 3 has them.

use super::number;
use std::cmp::Ordering;

/// The outermost list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version(Vec<Item>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Number(u64),
    /// A qualifier with its place in the order.
    Word(Qualifier),
    List(Vec<Self>),
}

/// Known qualifiers in their order, then all others by their letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Qualifier {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Release,
    ServicePack,
    Other(String),
}

/// Reads a version; ranges, properties and the words that stand for "the newest" have no order.
pub(super) fn parse(text: &str) -> Option<Version> {
    let is_version = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+'));
    if !is_version || matches!(text, "LATEST" | "RELEASE") {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let mut lists = Lists(vec![Vec::new()]);
    let (mut start, mut is_digit) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'.' | b'-' => {
                if at == start {
                    lists.add(Item::Number(0));
                } else {
                    lists.add(item(&text[start..at], false)?);
                }
                start = at + 1;
                if byte == b'-' {
                    lists.open();
                }
            }
            _ => {
                let now = byte.is_ascii_digit();
                if now != is_digit && at > start {
                    // `.X` means `-X` for any word X.
                    if now && !lists.is_empty() {
                        lists.open();
                    }
                    lists.add(item(&text[start..at], now)?);
                    start = at;
                    lists.open();
                }
                is_digit = now;
            }
        }
    }
    if start < text.len() {
        if !is_digit && !lists.is_empty() {
            lists.open();
        }
        lists.add(item(&text[start..], false)?);
    }
    Some(Version(lists.close()))
}

/// The lists that are open, the outermost first.
struct Lists(Vec<Vec<Item>>);

impl Lists {
    fn last(&mut self) -> &mut Vec<Item> {
        self.0.last_mut().expect("the outermost list stays open")
    }

    fn is_empty(&self) -> bool {
        self.0.last().is_none_or(Vec::is_empty)
    }

    fn add(&mut self, item: Item) {
        self.last().push(item);
    }

    fn open(&mut self) {
        self.0.push(Vec::new());
    }

    /// Closes all lists, the innermost first, each without what does not count at its end.
    fn close(mut self) -> Vec<Item> {
        loop {
            let mut list = self.0.pop().unwrap_or_default();
            normalise(&mut list);
            match self.0.last_mut() {
                Some(outer) => outer.push(Item::List(list)),
                None => return list,
            }
        }
    }
}

fn item(text: &str, is_before_digit: bool) -> Option<Item> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return number(text).map(Item::Number);
    }
    Some(Item::Word(match text {
        "a" if is_before_digit => Qualifier::Alpha,
        "b" if is_before_digit => Qualifier::Beta,
        "m" if is_before_digit => Qualifier::Milestone,
        "alpha" => Qualifier::Alpha,
        "beta" => Qualifier::Beta,
        "milestone" => Qualifier::Milestone,
        "rc" | "cr" => Qualifier::Candidate,
        "snapshot" => Qualifier::Snapshot,
        "ga" | "final" | "release" => Qualifier::Release,
        "sp" => Qualifier::ServicePack,
        other => Qualifier::Other(other.to_owned()),
    }))
}

/// Takes away items that say nothing, from the end to the first that says something.
fn normalise(list: &mut Vec<Item>) {
    for at in (0..list.len()).rev() {
        if is_nothing(&list[at]) {
            list.remove(at);
        } else if !matches!(list[at], Item::List(_)) {
            break;
        }
    }
}

fn is_nothing(item: &Item) -> bool {
    match item {
        Item::Number(number) => *number == 0,
        Item::Word(word) => *word == Qualifier::Release,
        Item::List(list) => list.is_empty(),
    }
}

impl Version {
    /// Compares as `ComparableVersion.compareTo` does.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        lists(&self.0, &other.0)
    }
}

fn lists(one: &[Item], other: &[Item]) -> Ordering {
    (0..one.len().max(other.len()))
        .map(|n| match (one.get(n), other.get(n)) {
            (Some(one), Some(other)) => items(one, other),
            (Some(one), None) => nothing(one),
            (None, Some(other)) => nothing(other).reverse(),
            (None, None) => Ordering::Equal,
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn items(one: &Item, other: &Item) -> Ordering {
    match (one, other) {
        (Item::Number(one), Item::Number(other)) => one.cmp(other),
        (Item::Word(one), Item::Word(other)) => one.cmp(other),
        (Item::List(one), Item::List(other)) => lists(one, other),
        // Numbers stand behind lists, and these behind words.
        (Item::Number(_), _) | (Item::List(_), Item::Word(_)) => Ordering::Greater,
        (_, Item::Number(_)) | (Item::Word(_), Item::List(_)) => Ordering::Less,
    }
}

/// Compares an item with none at all.
fn nothing(item: &Item) -> Ordering {
    match item {
        Item::Number(number) => number.cmp(&0),
        Item::Word(word) => word.cmp(&Qualifier::Release),
        Item::List(list) => list
            .iter()
            .map(nothing)
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal),
    }
}
