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
    let mut is_metadata = false;
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let raw = &text[range.clone()];
                reader.read(raw, range.start, &mut views.visible, &mut views.hidden);
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
                begin(&tag, text, &range, &mut views, &mut used);
                is_metadata |= matches!(tag, Tag::MetadataBlock(_));
            }
            Event::End(end) => {
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
