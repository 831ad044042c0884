//! Just enough HTML for the pages of an index: links with their attributes, and a title.

/// A link.
pub(super) struct Anchor {
    /// Where it leads.
    pub(super) href: String,
    /// What it shows.
    pub(super) text: String,
    names: Vec<String>,
}

impl Anchor {
    /// Returns whether it has an attribute, with or without a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }
}

/// Returns the links of a page.
pub(super) fn anchors(page: &str) -> impl Iterator<Item = Anchor> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find("<a").or_else(|| rest.find("<A"))?;
            rest = &rest[start + 2..];
            if !rest.starts_with(|c: char| c.is_ascii_whitespace()) {
                continue;
            }
            let (attributes, after) = attributes(rest)?;
            let end = after.find('<').unwrap_or(after.len());
            let text = unescape(&after[..end]);
            rest = &after[end..];
            let href = attributes.iter().find(|(name, _)| name == "href");
            let Some((_, href)) = href else {
                continue;
            };
            return Some(Anchor {
                href: unescape(href),
                text,
                names: attributes.into_iter().map(|(name, _)| name).collect(),
            });
        }
    })
}

/// Returns the title of a page.
pub(super) fn title(page: &str) -> Option<&str> {
    let start = page.find("<title>")? + "<title>".len();
    page[start..].split('<').next().map(str::trim)
}

type Attributes = Vec<(String, String)>;

/// Reads attributes up to the `>` that ends an element, and returns what follows it.
fn attributes(mut rest: &str) -> Option<(Attributes, &str)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((found, after));
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
        if end == 0 {
            rest = &rest[1..];
            continue;
        }
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (inside, behind) = match quote {
                Some(quote) => after[1..].split_once(quote)?,
                None => {
                    let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
                    after.split_at(end)
                }
            };
            inside.clone_into(&mut value);
            rest = behind;
        }
        found.push((name, value));
    }
}

fn unescape(text: &str) -> String {
    text.replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_attributes() {
        let page = "<title>Links for a</title><abbr href=x><a href=\"../f.whl#sha256=1&amp;b\" \
                    data-yanked='no > way' data-requires-python=\"&gt;=3\">f.whl</a><a\nhref=g>g";
        let found: Vec<_> = anchors(page)
            .map(|a| (a.has("data-yanked"), a.href, a.text))
            .collect();
        assert_eq!(
            found,
            [
                (true, "../f.whl#sha256=1&b".to_owned(), "f.whl".to_owned()),
                (false, "g".to_owned(), "g".to_owned())
            ]
        );
        assert_eq!(title(page), Some("Links for a"));
        assert_eq!(anchors("<a href=\"x").count(), 0);
    }
}
