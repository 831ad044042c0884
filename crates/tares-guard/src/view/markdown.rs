//! Markdown as a forge renders it: what is shown, and what the text holds besides.

use super::html::Reader;
use super::{Carrier, Hidden, Views};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashSet;

/// Renders a document.
pub(super) fn views(text: &str) -> Views {
    let mut views = Views::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let parser = Parser::new_ext(text, options);
    let definitions: Vec<(String, std::ops::Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .map(|(name, definition)| (name.to_owned(), definition.span.clone()))
        .collect();
    let mut used = FxHashSet::default();
    let mut reader = Reader::default();
    let (mut is_metadata, mut depth, mut html_end) = (false, 0_usize, 0);
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let raw = &text[range.clone()];
                // The parser gives a block line by line: a comment over several lines is read
                // from where it begins.
                if range.start < html_end {
                    continue;
                }
                let raw = match raw.trim_start().starts_with("<!--") {
                    true => comment(text, range.start).unwrap_or(raw),
                    false => raw,
                };
                html_end = range.start + raw.len();
                let alone = depth == 0 && matches!(event, Event::Html(_)) && !reader.is_open();
                let before = views.hidden.len();
                reader.read(raw, range.start, &mut views.visible, &mut views.hidden);
                for hidden in &mut views.hidden[before..] {
                    hidden.stands_alone = alone
                        && hidden.carrier == Carrier::Comment
                        && hidden.span.text(text).ends_with("-->")
                        && text[..hidden.span.start as usize]
                            .trim_end_matches([' ', '\t'])
                            .ends_with(['\n', '>'])
                            | (hidden.span.start == 0);
                }
            }
            Event::Text(shown) if is_metadata => views.hidden.push(Hidden::new(
                Carrier::Metadata,
                range.start,
                &text[range],
                shown.to_string(),
            )),
            Event::Text(shown) | Event::Code(shown) if reader.is_hidden() => {
                let raw = &text[range.clone()];
                views.hidden.push(Hidden::new(
                    Carrier::Element,
                    range.start,
                    raw,
                    shown.to_string(),
                ));
            }
            Event::Text(shown) | Event::Code(shown) => views.visible.push_str(&shown),
            Event::SoftBreak | Event::HardBreak | Event::Rule => views.visible.push('\n'),
            Event::Start(tag) => {
                depth += usize::from(is_container(&tag));
                begin(&tag, text, &range, &mut views, &mut used);
                is_metadata |= matches!(tag, Tag::MetadataBlock(_));
            }
            Event::End(end) => {
                depth -= usize::from(is_container_end(&end));
                is_metadata &= !matches!(end, TagEnd::MetadataBlock(_));
                if !matches!(
                    end,
                    TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Strikethrough
                ) {
                    views.visible.push('\n');
                }
            }
            _ => {}
        }
    }
    for (name, span) in definitions {
        if !used.contains(&name.to_lowercase()) {
            let raw = &text[span.clone()];
            views.hidden.push(Hidden::new(
                Carrier::Definition,
                span.start,
                raw,
                raw.to_owned(),
            ));
        }
    }
    views.hidden.sort_by_key(|hidden| hidden.span);
    views
}

/// Returns a comment that begins at `at`, to its end or that of the text.
fn comment(text: &str, at: usize) -> Option<&str> {
    let rest = &text[at..];
    let end = rest.find("-->").map_or(rest.len(), |i| i + 3);
    let line = rest[end..].find('\n').map_or(rest.len(), |i| end + i + 1);
    rest.get(..line)
}

fn is_container(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::List(_) | Tag::BlockQuote(_) | Tag::Item)
}

fn is_container_end(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::Item)
}

fn begin(
    tag: &Tag<'_>,
    text: &str,
    range: &std::ops::Range<usize>,
    views: &mut Views,
    used: &mut FxHashSet<String>,
) {
    let raw = &text[range.clone()];
    match tag {
        Tag::Link { title, id, .. } => {
            used.insert(id.to_lowercase());
            if title.split_whitespace().count() >= 3 {
                views.hidden.push(Hidden::new(
                    Carrier::Attribute,
                    range.start,
                    raw,
                    title.to_string(),
                ));
            }
        }
        Tag::Image { title, id, .. } => {
            used.insert(id.to_lowercase());
            if title.split_whitespace().count() >= 3 {
                views.hidden.push(Hidden::new(
                    Carrier::Attribute,
                    range.start,
                    raw,
                    title.to_string(),
                ));
            }
        }
        Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info)) => {
            let words = info.split_whitespace().skip(1).count();
            if words >= 4 {
                views.hidden.push(Hidden::new(
                    Carrier::FenceInfo,
                    range.start,
                    raw.lines().next().unwrap_or(""),
                    info.to_string(),
                ));
            }
        }
        _ => {}
    }
}
