//! Reads typed values out of a TOML tree, with errors that point at the value.

use super::error::{ConfigError, Source, quoted};
use super::near;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A value with its place.
pub(super) type Item<'t> = Spanned<DeValue<'t>>;

/// Every table with its keys. The first is the top level. `[rules]` has the rules as keys.
pub(super) const KEYS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "policy",
            "rules",
            "exclude",
            "models",
            "allow",
            "suppressions",
            "limits",
            "baseline",
            "dependencies",
        ],
    ),
    ("policy", &["profile", "fail-on"]),
    ("allow", &["effect", "target", "paths", "reason"]),
    ("suppressions", &["allow-in-change"]),
    ("limits", &["max-file-size"]),
    ("baseline", &["file"]),
    (
        "dependencies",
        &[
            "private",
            "on-unknown",
            "age-review-days",
            "ask",
            "index",
            "licences",
        ],
    ),
];

/// Reads one text.
pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
}

impl Reader<'_> {
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        self.source.error(span, message.into())
    }

    /// Returns the table `name` of [`KEYS`] after a look at its keys.
    pub(super) fn table<'t, 'i>(
        &self,
        item: &'t Item<'i>,
        name: &str,
    ) -> Result<&'t DeTable<'i>, ConfigError> {
        let table = self.any_table(item, name)?;
        self.check_keys(table, name)?;
        Ok(table)
    }

    /// Returns a table with any keys.
    pub(super) fn any_table<'t, 'i>(
        &self,
        item: &'t Item<'i>,
        name: &str,
    ) -> Result<&'t DeTable<'i>, ConfigError> {
        item.get_ref()
            .as_table()
            .ok_or_else(|| self.type_error(item, name, "a table"))
    }

    /// Refuses keys that the table `name` does not have; the first in the file is named.
    pub(super) fn check_keys(&self, table: &DeTable<'_>, name: &str) -> Result<(), ConfigError> {
        let keys = KEYS
            .iter()
            .find(|(table, _)| *table == name)
            .map_or(&[][..], |(_, keys)| *keys);
        let unknown = table
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !keys.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        match unknown {
            Some(key) => Err(self.unknown_key(key, name, keys)),
            None => Ok(()),
        }
    }

    fn unknown_key(&self, key: &Spanned<DeString<'_>>, table: &str, keys: &[&str]) -> ConfigError {
        let word = key.get_ref();
        let place = match table {
            "" => "at the top level".to_owned(),
            "allow" => "in `[[allow]]`".to_owned(),
            table => format!("in `[{table}]`"),
        };
        let hint = match near::nearest(word, keys.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                home_of(word).unwrap_or_else(|| format!("known keys here are {}", keys.join(", ")))
            }
        };
        self.error(key.span(), format!("unknown key {} {place}", quoted(word)))
            .with_hint(hint)
    }

    /// Returns a text that is not empty.
    pub(super) fn text<'t>(&self, item: &'t Item<'_>, what: &str) -> Result<&'t str, ConfigError> {
        const LONGEST: usize = 1024;
        let text = item
            .get_ref()
            .as_str()
            .ok_or_else(|| self.type_error(item, what, "text in quotes"))?;
        if text.trim().is_empty() {
            return Err(self.error(item.span(), format!("`{what}` is empty")));
        }
        if text.len() > LONGEST {
            return Err(self.error(
                item.span(),
                format!("`{what}` is longer than {LONGEST} bytes"),
            ));
        }
        Ok(text)
    }

    /// Returns true or false.
    pub(super) fn flag(&self, item: &Item<'_>, what: &str) -> Result<bool, ConfigError> {
        item.get_ref()
            .as_bool()
            .ok_or_else(|| self.type_error(item, what, "true or false"))
    }

    /// Returns the value of one of a closed set of words.
    pub(super) fn word<T: Copy>(
        &self,
        item: &Item<'_>,
        what: &str,
        words: &[(T, &str)],
    ) -> Result<T, ConfigError> {
        let text = self.text(item, what)?;
        words
            .iter()
            .find(|(_, word)| *word == text)
            .map(|(value, _)| *value)
            .ok_or_else(|| {
                let hint = near::hint_among(text, words.iter().map(|(_, word)| *word));
                self.error(
                    item.span(),
                    format!("{} is no value of `{what}`", quoted(text)),
                )
                .with_hint(hint)
            })
    }

    /// Returns the items of an array.
    pub(super) fn list<'t, 'i>(
        &self,
        item: &'t Item<'i>,
        what: &str,
    ) -> Result<&'t [Item<'i>], ConfigError> {
        let list = item.get_ref().as_array().map(|array| &array[..]);
        list.ok_or_else(|| self.type_error(item, what, "a list in `[ ]`"))
    }

    /// Returns a number of bytes, written `65536`, `"64KiB"`, `"4MiB"` or `"1GiB"`.
    pub(super) fn size(
        &self,
        item: &Item<'_>,
        what: &str,
        range: (u64, u64),
    ) -> Result<u64, ConfigError> {
        let parsed = match item.get_ref() {
            DeValue::String(text) => parse_size(text),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => return Err(self.type_error(item, what, "a size such as \"4MiB\"")),
        };
        let Some(size) = parsed else {
            let error = self.error(item.span(), format!("`{what}` is no size"));
            return Err(error.with_hint(
                "write a whole number of bytes, or one with KiB, MiB or GiB, such as \"4MiB\"",
            ));
        };
        if size < range.0 || size > range.1 {
            return Err(self.error(
                item.span(),
                format!("`{what}` must lie between 1KiB and 1GiB"),
            ));
        }
        Ok(size)
    }

    /// Returns a whole number up to `most`.
    pub(super) fn number(
        &self,
        item: &Item<'_>,
        what: &str,
        most: u32,
    ) -> Result<u32, ConfigError> {
        let DeValue::Integer(number) = item.get_ref() else {
            return Err(self.type_error(item, what, "a whole number"));
        };
        let number = number.as_str().parse().ok().filter(|n| *n <= most);
        number.ok_or_else(|| {
            let text = format!("`{what}` must be a whole number up to {most}");
            self.error(item.span(), text)
        })
    }

    fn type_error(&self, item: &Item<'_>, what: &str, expected: &str) -> ConfigError {
        let found = item.get_ref().type_str();
        let article = if found.starts_with(['a', 'i']) {
            "an"
        } else {
            "a"
        };
        self.error(
            item.span(),
            format!("`{what}` must be {expected}, but is {article} {found}"),
        )
    }
}

/// Says where a key belongs that stands in the wrong table.
fn home_of(key: &str) -> Option<String> {
    let (table, _) = KEYS.iter().find(|(_, keys)| keys.contains(&key))?;
    Some(if table.is_empty() {
        format!("`{key}` is a key of the top level; it belongs above the first `[table]`")
    } else {
        format!("`{key}` belongs in `[{table}]`")
    })
}

fn parse_size(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim_start() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}
