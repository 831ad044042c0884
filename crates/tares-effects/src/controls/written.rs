//! What is written into texts and tables: rights given away, data wiped, amounts and records
//! bent, rows of others let through, cleaners with a hole.

use super::around::{line_of, opener};
use super::fact::{Fact, What};
use super::lost::is_log;
use super::words::{cleans, control, is_money, makes_safe, validates};
use super::{Control, Pair, callee};
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

pub(super) fn find(pair: &Pair<'_>, found: &mut Vec<Effect>) {
    for fact in &pair.new.facts {
        let say = match &fact.what {
            What::Text(text) => of_text(pair, fact, text)
                .or_else(|| pattern_of(fact).and_then(|pattern| hole(pair, pattern))),
            What::Entry { value, literal } => {
                of_entry(pair, fact, pair.after.source(*value), literal.as_deref())
            }
            What::Call { callee, .. } => {
                of_call(callee).or_else(|| of_disabling(pair, fact, callee))
            }
            What::Replaced(place) => of_place(pair, place),
            What::Scaled => is_bent(pair, fact).then_some((
                EffectKind::Check,
                "amount",
                pair.after.source(fact.span).to_owned(),
            )),
            What::Choice(then, other) => of_choice(
                pair,
                fact,
                pair.after.source(*then),
                pair.after.source(*other),
            ),
            What::Regex(pattern) => hole(pair, pattern),
            What::Return(Some(value)) => unclean(pair, fact, pair.after.source(*value)),
            _ => None,
        };
        let Some((kind, api, target)) = say else {
            continue;
        };
        if !pair.had(fact.span) {
            // A chain goes over many lines.
            let place = if api == "opened" {
                fact.span
            } else {
                line_of(fact)
            };
            found.push(pair.effect(kind, api, &target, place));
        }
    }
}

/// Whether a text names the role of those who may everything.
fn is_might(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(
        lower.strip_prefix("role_").unwrap_or(&lower),
        "admin" | "administrator" | "root" | "superuser" | "superadmin" | "owner"
    )
}

/// Whether a role stands beside a statement, for one of its placeholders.
fn gives_might(pair: &Pair<'_>, fact: &Fact) -> bool {
    let mut beside = pair
        .new
        .facts
        .iter()
        .filter(|other| other.statement == fact.statement);
    beside.any(|other| matches!(&other.what, What::Text(text) if is_might(text)))
}

/// Whether a statement writes a column of rights with what a remote user sends under that name.
fn takes_rights(pair: &Pair<'_>, fact: &Fact, sql: &str) -> bool {
    let columns = [
        "ROLE",
        "ROLES",
        "IS_ADMIN",
        "IS_STAFF",
        "IS_SUPERUSER",
        "PERMISSIONS",
    ];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let written = sql.split("WHERE").next().unwrap_or(sql);
    let source = pair.after.source(fact.statement);
    written.split(|c: char| !is_word(c)).any(|word| {
        columns.contains(&word) && {
            let name = word.to_lowercase();
            ["body.", "query.", "form[", "form.get(", "json[", "args["]
                .iter()
                .any(|from| {
                    source.match_indices(from).any(|(at, _)| {
                        let rest = source[at + from.len()..].trim_start_matches(['"', '\'']);
                        rest.to_lowercase()
                            .replace("isadmin", "is_admin")
                            .starts_with(&name)
                    })
                })
        }
    })
}

/// Whether a role is handed to what gives it: `user.setRole("ADMIN")`.
fn is_role_set(pair: &Pair<'_>, fact: &Fact) -> bool {
    let around =
        |other: &&Fact| other.span.start <= fact.span.start && fact.span.end <= other.span.end;
    let calls = pair.new.facts.iter().filter(around).filter_map(callee);
    let mut names = calls.map(|name| name.rsplit('.').next().unwrap_or(name));
    names.any(|name| {
        matches!(
            name,
            "setRole" | "addRole" | "grantRole" | "setAuthority" | "roles" | "authorities"
        )
    })
}

/// Whether a role joins those that somebody has, for whoever knows a word: under a condition that
/// looks at the request.
fn is_role_added(pair: &Pair<'_>, fact: &Fact) -> bool {
    let slot = fact.slot.to_lowercase();
    let Some((owner, verb)) = slot.rsplit_once('.') else {
        return false;
    };
    let adds = matches!(verb, "push" | "add" | "append" | "unshift");
    let rights = ["roles", "permissions", "authorities", "scopes", "groups"];
    let is_list = rights.iter().any(|word| owner.ends_with(word));
    adds && is_list
        && fact
            .conditions
            .iter()
            .any(|test| opener(pair.after.source(*test)).is_some())
}

/// Whether everybody may reach an address now that lies below one which base closes:
/// `matchers("/admin/x").permitAll().matchers("/admin/**").hasRole("ADMIN")`.
fn is_opened(pair: &Pair<'_>, fact: &Fact, path: &str) -> bool {
    let slot = fact.slot.rsplit('.').next().unwrap_or("");
    if !path.starts_with('/') || !slot.ends_with("Matchers") || pair.old.is_none() {
        return false;
    }
    let after = |text: &str, end: usize, calls: &[&str]| {
        let rest = text[end..].trim_start_matches(['"', ')', ' ', '\n', '\t', '\r']);
        calls.iter().any(|call| rest.starts_with(call))
    };
    let statement = pair.after.source(fact.statement);
    let from = (fact.span.end - fact.statement.start) as usize;
    let opens =
        statement.get(from..).is_some() && after(statement, from, &[".permitAll", ".anonymous"]);
    let before = pair.before.map_or("", |before| before.text);
    let closes = before.match_indices("/**\"").any(|(at, _)| {
        let begin = before[..at].rfind('"').map_or(0, |quote| quote + 1);
        let below = path.strip_prefix(&before[begin..at]);
        let closed = after(
            before,
            at + 3,
            &[".has", ".authenticated", ".access", ".deny"],
        );
        closed && begin < at && below.is_some_and(|rest| rest.starts_with('/') && rest != "/**")
    });
    opens && closes
}

/// Whether the expression of an annotation that demanded something in base lets everybody in now.
fn is_open(pair: &Pair<'_>, fact: &Fact, text: &str) -> bool {
    let demands = |fact: &Fact| matches!(fact.slot.as_str(), "PreAuthorize" | "PostAuthorize");
    let opens = |text: &str| {
        let text = text.to_lowercase().replace("()", "");
        let mut ways = text.split("||").flat_map(|part| part.split(" or "));
        ways.any(|way| matches!(way.trim(), "permitall" | "isanonymous" | "true"))
    };
    let closed = |other: &Fact| match &other.what {
        What::Text(before) => demands(other) && !opens(before),
        _ => false,
    };
    demands(fact) && opens(text) && pair.old.is_some_and(|old| old.facts.iter().any(closed))
}

type Said = Option<(EffectKind, &'static str, String)>;

fn of_text(pair: &Pair<'_>, fact: &Fact, text: &str) -> Said {
    let upper = text.to_uppercase();
    let sql = upper.trim_start();
    let starts = |words: &[&str]| words.iter().any(|word| sql.starts_with(word));
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    let said = |api| {
        Some((
            EffectKind::Check,
            api,
            text.split_whitespace().collect::<Vec<_>>().join(" "),
        ))
    };
    let people = ["USER", "ACCOUNT", "MEMBER", "ADMIN", "ROLE", "OPERATOR"];
    let might = [
        "'ADMIN",
        "SUPERUSER",
        "'ROOT'",
        "'OWNER'",
        "IS_ADMIN",
        "IS_STAFF",
        "ADMIN'",
        "'SUPERADMIN",
        "{ADMIN",
    ];
    if starts(&[
        "GRANT ALL",
        "ALTER ROLE",
        "ALTER USER",
        "CREATE ROLE",
        "CREATE USER",
    ]) && has(&["PUBLIC", "SUPERUSER", "ALL PRIVILEGES", "CREATEROLE"])
    {
        return said("rights");
    }
    let beside = starts(&["INSERT INTO"]) && has(&people) && gives_might(pair, fact);
    if starts(&["INSERT INTO", "UPDATE"]) && has(&people) && takes_rights(pair, fact, sql) {
        return said("rights");
    }
    if starts(&["INSERT INTO", "UPDATE"]) && has(&people) && has(&might)
        || beside
        || is_might(text) && (is_role_set(pair, fact) || is_role_added(pair, fact))
    {
        return said("rights");
    }
    if is_opened(pair, fact, text) {
        return said("opened");
    }
    if is_open(pair, fact, text) {
        return said("fixed");
    }
    if starts(&["DROP TABLE", "DROP DATABASE", "DROP SCHEMA", "TRUNCATE"])
        || (starts(&["DELETE FROM"]) && !has(&["WHERE"]))
    {
        return said("wipe");
    }
    if starts(&["DELETE FROM"]) && !fact.conditions.is_empty() && pair.old.is_some() {
        return said("wipe-if");
    }
    owner_lost(pair, text).map(|column| (EffectKind::Check, "rows", column))
}

/// Returns the column that kept rows apart in base and does not any more.
fn owner_lost(pair: &Pair<'_>, text: &str) -> Option<String> {
    let old = pair.old?;
    let lead = |text: &str| {
        text.split_whitespace()
            .take(4)
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase()
    };
    let now = lead(text);
    if !["SELECT", "UPDATE", "DELETE"]
        .iter()
        .any(|verb| now.starts_with(verb))
    {
        return None;
    }
    let kept = owners(text);
    old.facts.iter().find_map(|fact| match &fact.what {
        What::Text(before) if lead(before) == now => owners(before)
            .into_iter()
            .find(|column| !kept.contains(column)),
        _ => None,
    })
}

/// Returns the columns of owners that a statement demands: after WHERE or AND, never after OR.
fn owners(sql: &str) -> Vec<String> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let demands = pair[0].eq_ignore_ascii_case("where") || pair[0].eq_ignore_ascii_case("and");
        let column = pair[1].split('=').next().unwrap_or("").to_lowercase();
        let names = ["user", "owner", "tenant", "account", "org", "customer"];
        if demands && names.iter().any(|name| column.contains(name)) {
            found.push(column);
        }
    }
    let has_or = words.iter().any(|word| word.eq_ignore_ascii_case("or"));
    if has_or { Vec::new() } else { found }
}

/// A function in the place of one that belongs to a module, or to everybody.
fn of_place(pair: &Pair<'_>, place: &str) -> Said {
    let root = place.split(['.', '[']).next()?;
    let shared = [
        "globalThis",
        "window",
        "global",
        "console",
        "JSON",
        "Object",
        "Array",
        "Function",
        "String",
        "Promise",
        "XMLHttpRequest",
        "builtins",
        "Math",
        "Date",
    ];
    let last = place.rsplit('.').next()?;
    // What a library asks to be set is set in capitals or by `on…`.
    let offered = last.starts_with("on") || last.chars().next().is_some_and(char::is_uppercase);
    (!offered && (pair.after.imports.contains(root) || shared.contains(&root)))
        .then(|| (EffectKind::Hook, "patched", place.to_owned()))
}

/// A record for later that is deleted.
fn of_call(callee: &str) -> Said {
    let lower = callee.to_lowercase();
    let (owner, last) = lower.rsplit_once('.')?;
    let deletes = [
        "delete",
        "remove",
        "destroy",
        "truncate",
        "deletemany",
        "delete_many",
        "clear",
    ];
    (deletes.contains(&last) && owner.contains("audit"))
        .then(|| (EffectKind::Audit, "record", callee.to_owned()))
}

/// A protection of a framework that is disabled: `http.csrf(c -> c.disable())`.
fn of_disabling(pair: &Pair<'_>, fact: &Fact, callee: &str) -> Said {
    let before = pair.before?;
    if callee.rsplit('.').next() != Some("disable") {
        return None;
    }
    let names = [
        "csrf",
        "headers",
        "frameOptions",
        "contentTypeOptions",
        "httpStrictTransportSecurity",
    ];
    // The call stands in a function of its own, which is named after what it is handed to.
    let around = format!("{} {}", pair.after.source(fact.statement), pair.new.name);
    let name = names
        .iter()
        .find(|name| around.contains(&format!("{name}(")))?;
    let known = before.text.contains(pair.after.source(fact.span));
    if known && before.text.contains(&format!("{name}(")) {
        return None;
    }
    Some((EffectKind::Limit, "lost.protection", (*name).to_owned()))
}

/// Settings of a function of base that switch a protection off now: certificates, signatures,
/// escaping, flags of cookies.
fn of_protection(pair: &Pair<'_>, fact: &Fact, literal: Option<&str>) -> Said {
    const OFF: &[&str] = &[
        "rejectunauthorized",
        "verify",
        "verifyssl",
        "checkhostname",
        "strictssl",
        "verifysignature",
        "httponly",
        "autoescape",
        "csrfenabled",
        "wtfcsrfenabled",
    ];
    const ON: &[&str] = &["insecureskipverify", "insecure", "ignorehttpserrors"];
    pair.old?;
    let key: String = fact.slot.chars().filter(|c| *c != '_').collect();
    let key = key.to_lowercase();
    let is_off = match literal?.to_lowercase().as_str() {
        "false" => OFF.contains(&key.as_str()),
        "true" => ON.contains(&key.as_str()),
        _ => false,
    };
    is_off.then(|| (EffectKind::Limit, "lost.protection", fact.slot.clone()))
}

/// Switches of protections: a limit that is skipped, an origin that is always right.
fn of_switch(fact: &Fact, pair: &Pair<'_>, value: &str) -> Said {
    let key = fact.slot.as_str();
    let open = value.contains("(null, true)") && !value.contains("false") && !value.contains("if");
    let around =
        |other: &&Fact| other.span.start <= fact.span.start && fact.span.end <= other.span.end;
    let mut limits = pair.new.facts.iter().filter(around).filter_map(callee);
    let in_limit = limits.any(|name| control(name) == Some(Control::Hardening));
    let skips = in_limit
        && matches!(
            key,
            "skip" | "bypass" | "whitelist" | "allowList" | "exempt"
        );
    ((key == "origin" && open) || skips).then(|| {
        (
            EffectKind::Limit,
            "lost.hardening",
            format!("{key} = {value}"),
        )
    })
}

fn of_entry(pair: &Pair<'_>, fact: &Fact, value: &str, literal: Option<&str>) -> Said {
    let switched = of_switch(fact, pair, value).or_else(|| of_protection(pair, fact, literal));
    if switched.is_some() {
        return switched;
    }
    let key = fact.slot.to_lowercase();
    // `total += 0.49` for each hundredth order.
    let seldom = |test: &&Span| {
        let test = pair.after.source(**test);
        test.contains(" % ") || test.contains(".mod(") || test.contains(".remainder(")
    };
    let cut = ["+=", "-="]
        .iter()
        .any(|op| pair.after.source(fact.span).contains(op));
    if cut
        && is_money(&fact.slot)
        && literals(value).any(|text| text.contains(|c: char| c.is_ascii_digit()))
        && fact.conditions.iter().any(|test| seldom(&test))
    {
        return Some((
            EffectKind::Check,
            "amount",
            pair.after.source(fact.span).to_owned(),
        ));
    }
    let right = [
        "role",
        "roles",
        "is_admin",
        "isadmin",
        "is_superuser",
        "is_staff",
        "superuser",
    ]
    .contains(&key.as_str());
    let said = |api| Some((EffectKind::Check, api, format!("{} = {value}", fact.slot)));
    let writes = fact_writes(pair, fact);
    if right
        && literal.is_some_and(|value| {
            matches!(
                value,
                "admin" | "true" | "root" | "owner" | "superuser" | "True" | "superadmin"
            )
        })
        && writes
    {
        return said("rights");
    }
    let lower = value.to_lowercase();
    let given = [
        "req.body",
        "req.query",
        "request.json",
        "request.form",
        "request.args",
        "data[",
        "body.",
        "request.get_json",
    ];
    if right && writes && given.iter().any(|source| lower.contains(source)) {
        return said("rights");
    }
    let payee = [
        "destination",
        "payee",
        "iban",
        "beneficiary",
        "wallet",
        "to_account",
        "payout",
        "recipient_account",
        "on_behalf_of",
        "application_fee",
        "application_fee_amount",
        "applicationfeeamount",
        "transfer_data",
    ];
    let fee = key.starts_with("application_fee") || key == "applicationfeeamount";
    if payee.contains(&key.as_str())
        && (literal.is_some_and(|text| text.len() > 5) || lower.contains("acct_") || fee)
    {
        return said("payee");
    }
    let address = ["address", "recipient", "shipping", "account"].contains(&key.as_str());
    let fixed = literals(value)
        .filter(|text| text.chars().any(char::is_uppercase))
        .count()
        > 1;
    (address && fixed && !fact.conditions.is_empty())
        .then(|| said("payee"))
        .flatten()
}

/// Whether the statement around a fact writes a record.
fn fact_writes(pair: &Pair<'_>, fact: &Fact) -> bool {
    let around =
        |other: &Fact| other.span.start <= fact.span.start && fact.span.end <= other.span.end;
    pair.new
        .facts
        .iter()
        .filter(|other| around(other))
        .filter_map(callee)
        .any(|name| {
            let last = name.rsplit('.').next().unwrap_or(name);
            let writes = [
                "insert",
                "create",
                "save",
                "add",
                "upsert",
                "update",
                "bulk_create",
                "get_or_create",
                "create_user",
                "create_superuser",
                "insertOne",
                "Create",
                "FirstOrCreate",
                "Save",
                "CreateUser",
                "insert_one",
                "findOneAndUpdate",
            ];
            writes.contains(&last)
        })
}

/// Whether money is multiplied by something near one, only sometimes or with a name of money.
fn is_bent(pair: &Pair<'_>, fact: &Fact) -> bool {
    is_money(pair.after.source(fact.span)) && !fact.conditions.is_empty()
}

fn of_choice(pair: &Pair<'_>, fact: &Fact, then: &str, other: &str) -> Said {
    let in_log = pair.new.facts.iter().any(|call| {
        callee(call).is_some_and(|name| is_log(name) || control(name) == Some(Control::Audit))
            && call.span.start <= fact.span.start
            && fact.span.end <= call.span.end
    });
    let fixed = |text: &str| text.starts_with(['"', '\'']);
    (in_log
        && fixed(then) != fixed(other)
        && literals(pair.after.source(fact.span)).count() > 0
        && pair.after.source(fact.span).contains("=="))
    .then(|| {
        (
            EffectKind::Audit,
            "record",
            pair.after.source(fact.span).to_owned(),
        )
    })
}

/// Returns the characters that a cleaner let nobody through with and does not stop any more.
fn hole(pair: &Pair<'_>, pattern: &str) -> Said {
    let name = pair.new.name.as_str();
    let strips = makes_safe(name) && !validates(name);
    let old = pair.old.filter(|_| strips || validates(name))?;
    let patterns: Vec<&str> = old.facts.iter().filter_map(pattern_of).collect();
    let [before] = patterns.as_slice() else {
        return None;
    };
    const RISKY: &str = "<>&\"'`/\\;|$\n";
    let said = |api, lost: String| (!lost.is_empty()).then_some((EffectKind::Sanitiser, api, lost));
    if let (Some(was), Some(now)) = (let_in(before, strips), let_in(pattern, strips)) {
        let more = RISKY
            .chars()
            .filter(|c| now.contains(*c) && !was.contains(*c));
        return said("gap", more.collect());
    }
    let lost = RISKY
        .chars()
        .filter(|c| before.contains(*c) && !pattern.contains(*c));
    said(
        "hole",
        if cleans(name) {
            lost.collect()
        } else {
            String::new()
        },
    )
}

/// Returns the pattern that a fact is, for the calls that take one as text.
fn pattern_of(fact: &Fact) -> Option<&str> {
    const TAKE: &[&str] = &[
        "sub",
        "compile",
        "match",
        "fullmatch",
        "replaceAll",
        "matches",
        "MustCompile",
        "RegExp",
    ];
    match &fact.what {
        What::Regex(pattern) => Some(pattern),
        What::Text(text) if text.contains('[') => {
            let last = fact.slot.rsplit('.').next().unwrap_or(&fact.slot);
            TAKE.contains(&last).then_some(text.as_str())
        }
        _ => None,
    }
}

/// Returns the members of the one class of characters that a pattern lets in: `[^a-z]` where what
/// is outside is taken out, `[a-z]` where what is inside is believed.
fn let_in(pattern: &str, strips: bool) -> Option<&str> {
    let (_, rest) = pattern.split_once(if strips { "[^" } else { "[" })?;
    let (class, after) = rest.split_once(']')?;
    (!after.contains('[') && (strips || !class.starts_with('^'))).then_some(class)
}

/// A cleaner that gives back what it was given.
fn unclean(pair: &Pair<'_>, fact: &Fact, value: &str) -> Said {
    if !cleans(&pair.new.name) || pair.old.is_none() {
        return None;
    }
    let own = |text: &str| {
        pair.new.params.iter().any(|param| {
            param
                .split([':', '='])
                .next()
                .is_some_and(|name| name.trim() == text.trim())
        })
    };
    let branch = value
        .split_once('?')
        .and_then(|(_, rest)| rest.split_once(':'));
    let python = value.split_once(" if ");
    let gives = own(value) && !fact.conditions.is_empty()
        || branch.is_some_and(|(then, other)| own(then) || own(other))
        || python.is_some_and(|(then, rest)| {
            own(then)
                || rest
                    .split_once(" else ")
                    .is_some_and(|(_, other)| own(other))
        });
    gives.then(|| (EffectKind::Sanitiser, "hole", value.to_owned()))
}

/// Returns the quoted texts and the numbers of a piece of source.
pub(super) fn literals(source: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        if matches!(c, '"' | '\'' | '`') {
            found.push(chars.by_ref().take_while(|next| *next != c).collect());
        } else if c.is_ascii_digit() && !last.is_alphanumeric() && last != '_' {
            let mut number = String::from(c);
            while let Some(next) = chars.next_if(|next| next.is_ascii_digit()) {
                number.push(next);
            }
            found.push(number);
        }
        last = c;
    }
    found.into_iter()
}
