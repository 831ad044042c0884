//! Queries built by calls that no longer ask whose row it is, or whether it may be shown.
//!
//! Statements written as text are looked at in [`super::written`].

use super::fact::{Fact, Function};
use super::lost::{first_line, is_log};
use super::weaker::has_word;
use super::words::parts;
use super::{Pair, Side, callee};
use tares_model::effect::{Effect, EffectKind};

/// Last words of calls that choose rows, in lower case.
const QUERIES: &[&str] = &[
    "select",
    "where",
    "filter",
    "filter_by",
    "find",
    "find_one",
    "findone",
    "findmany",
    "findfirst",
    "findunique",
    "findall",
    "findandcount",
    "findby",
    "findoneby",
    "first",
    "get",
    "get_or_404",
    "first_or_404",
    "get_object_or_404",
    "get_list_or_404",
    "query",
    "update",
    "updatemany",
    "update_many",
    "delete",
    "deletemany",
    "delete_many",
    "deleteone",
    "delete_one",
    "count",
    "aggregate",
    "exists",
];

/// Words of columns that say whose a row is.
const OWNERS: &[&str] = &[
    "owner",
    "user",
    "tenant",
    "account",
    "org",
    "organization",
    "organisation",
    "customer",
    "author",
    "member",
    "workspace",
    "company",
    "team",
];

/// Words of columns that say who may see a row.
const SHOWN: &[&str] = &[
    "published",
    "deleted",
    "archived",
    "active",
    "visible",
    "approved",
    "private",
    "draft",
    "hidden",
    "confidential",
];

/// What a query asks of a column.
#[derive(PartialEq)]
struct Demand {
    column: String,
    /// What it is compared with, where that is a name.
    value: String,
}

pub(super) fn find(pair: &Pair<'_>, before: &Side<'_>, old: &Function, found: &mut Vec<Effect>) {
    for (words, api) in [(OWNERS, "rows"), (SHOWN, "rows.shown")] {
        let now: Vec<Demand> = queries(pair.new)
            .flat_map(|fact| demands(pair.after.source(fact.span), words))
            .collect();
        if !now.is_empty() {
            continue;
        }
        for was in queries(old) {
            let Some(demand) = demands(before.source(was.span), words).into_iter().next() else {
                continue;
            };
            let name = callee(was).unwrap_or_default();
            let same = |fact: &&Fact| last(callee(fact).unwrap_or_default()) == last(name);
            let query = queries(pair.new).find(same).or(queries(pair.new).next());
            let Some(query) = query else {
                continue;
            };
            if !is_handed_on(pair, &demand.value) {
                let place = first_line(pair, query.statement);
                found.push(pair.effect(EffectKind::Check, api, &demand.column, place));
                break;
            }
        }
    }
    derived(pair, old, found);
}

fn queries(function: &Function) -> impl Iterator<Item = &Fact> {
    function.facts.iter().filter(|fact| {
        callee(fact).is_some_and(|name| QUERIES.contains(&last(name).to_lowercase().as_str()))
    })
}

fn last(callee: &str) -> &str {
    callee.rsplit('.').next().unwrap_or(callee)
}

/// Whether the function still gives a value to somebody who may ask: anything but a log.
fn is_handed_on(pair: &Pair<'_>, value: &str) -> bool {
    let root = value.split(['.', '?']).next().unwrap_or(value);
    let is_name = !matches!(
        root,
        "" | "true" | "false" | "True" | "False" | "null" | "None"
    );
    is_name
        && pair.new.facts.iter().any(|fact| {
            callee(fact).is_some_and(|name| !is_log(name) && !last(name).contains("log"))
                && has_word(pair.after.source(fact.span), root)
        })
}

/// Returns what a call asks of columns with one of these words: `Item.owner_id == user.id`,
/// `owner=user`, `{ id, owner }`, `"user_id = ?"`.
fn demands(call: &str, words: &[&str]) -> Vec<Demand> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = call[at..].find(is_part) {
        let begin = at + begin;
        let end = call[begin..]
            .find(|c| !is_part(c))
            .map_or(call.len(), |length| begin + length);
        at = end;
        let name = &call[begin..end];
        let is_column = name.starts_with(char::is_lowercase)
            && parts(name)
                .iter()
                .any(|word| words.contains(&word.as_str()));
        if !is_column {
            continue;
        }
        let rest = call[end..].trim_start();
        let value = |rest: &str| -> String {
            let rest = rest.trim_start_matches(['=', ':', ' ']);
            let is_path = |c: char| is_part(c) || matches!(c, '.' | '?' | '!');
            let path = rest.split(|c| !is_path(c)).next().unwrap_or("");
            path.trim_end_matches(['?', '!']).to_owned()
        };
        let is_compared =
            rest.starts_with('=') || (rest.starts_with(':') && !rest.starts_with("::"));
        // `{ id, owner }` stands for `{ owner: owner }`.
        let ahead = call[..begin].trim_end();
        let is_short = ahead.ends_with(['{', ','])
            && rest.starts_with(['}', ','])
            && ahead.matches('{').count() > ahead.matches('}').count();
        if is_compared {
            let (column, value) = (name.to_owned(), value(rest));
            found.push(Demand { column, value });
        } else if is_short {
            let (column, value) = (name.to_owned(), name.to_owned());
            found.push(Demand { column, value });
        }
    }
    found
}

/// `findByOwner(name)` that became `findAll()`.
fn derived(pair: &Pair<'_>, old: &Function, found: &mut Vec<Effect>) {
    let owner = |fact: &&Fact| callee(fact).is_some_and(asks_owner);
    let Some(was) = old.facts.iter().find(owner) else {
        return;
    };
    if pair.new.facts.iter().any(|fact| owner(&fact)) {
        return;
    }
    let receiver = |name: &str| name.rsplit_once('.').map(|(before, _)| before.to_owned());
    let name = callee(was).unwrap_or_default();
    let like = |fact: &&Fact| {
        callee(fact).is_some_and(|other| {
            let reads = ["find", "get", "query", "read", "delete", "count"];
            receiver(other) == receiver(name)
                && reads.iter().any(|word| last(other).starts_with(word))
        })
    };
    if let Some(query) = pair.new.facts.iter().find(like) {
        let place = first_line(pair, query.statement);
        found.push(pair.effect(EffectKind::Check, "rows", last(name), place));
    }
}

/// Whether the name of a method says that it asks for the rows of one owner.
fn asks_owner(callee: &str) -> bool {
    let words = parts(last(callee));
    let by = words.iter().position(|word| word == "by");
    let verb = words.first().map(String::as_str);
    matches!(
        verb,
        Some("find" | "get" | "query" | "read" | "delete" | "count")
    ) && by.is_some_and(|by| {
        words[by..]
            .iter()
            .any(|word| OWNERS.contains(&word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::{OWNERS, asks_owner, demands};

    #[test]
    fn columns_are_found_in_each_way_of_writing() {
        let column = |call| {
            demands(call, OWNERS)
                .first()
                .map(|demand| demand.column.clone())
        };
        assert_eq!(
            column("where(Item.owner_id == user.id)").as_deref(),
            Some("owner_id")
        );
        assert_eq!(
            column("filter(owner=request.user)").as_deref(),
            Some("owner")
        );
        assert_eq!(
            column("findOne({ where: { id, owner } })").as_deref(),
            Some("owner")
        );
        assert_eq!(
            column("db.Where(\"user_id = ?\", id)").as_deref(),
            Some("user_id")
        );
        assert_eq!(column("query(User).get(user.id)"), None);
        assert_eq!(column("find(user, id)"), None);
        assert!(asks_owner("notes.findByOwner") && !asks_owner("notes.findByTitle"));
    }
}
