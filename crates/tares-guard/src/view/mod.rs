//! The difference between what a person sees and what an agent reads.
//!
//! An agent gets the raw text, a person its rendering. What the first has and the second has
//! not is hidden, with the carrier that hides it. Most of it is harmless (badges, licence
//! comments, front matter); what matters is whether it instructs ([`crate::instruction`]).

pub(crate) mod entity;
mod html;
pub(crate) mod mail;
mod markdown;
mod style;

use tares_model::{RepoPath, Span};

/// How a text is kept from a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// HTML comment, declaration or processing instruction.
    Comment,
    /// Element that is not shown.
    Element,
    /// Attribute, title of a link or of an image.
    Attribute,
    /// Definition of a link that nothing uses: `[//]: # (…)`.
    Definition,
    /// Words behind the language of a fence.
    FenceInfo,
    /// Front matter.
    Metadata,
    /// Script or style.
    Script,
    /// A part of a mail that is not the one which is shown.
    OtherPart,
}

impl Carrier {
    /// Returns the words that people read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "a comment",
            Self::Element => "an element that is not shown",
            Self::Attribute => "an attribute",
            Self::Definition => "a link definition that nothing uses",
            Self::FenceInfo => "the first line of a fence",
            Self::Metadata => "front matter",
            Self::Script => "a script or style",
            Self::OtherPart => "a part of the mail that is not shown",
        }
    }
}

/// A piece of text that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// What hides it.
    pub carrier: Carrier,
    /// Where it stands in the raw text.
    pub span: Span,
    /// What it says, references decoded.
    pub text: String,
    /// Whether it is a comment that stands on lines of its own, outside lists, quotes and
    /// elements.
    pub stands_alone: bool,
}

impl Hidden {
    fn new(carrier: Carrier, at: usize, raw: &str, text: String) -> Self {
        Self {
            carrier,
            span: html::span(at, raw),
            text,
            stands_alone: false,
        }
    }
}

/// What a person sees of a text, and what only an agent reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Views {
    /// The rendered text, without mark-up.
    pub visible: String,
    /// The rest, in order.
    pub hidden: Vec<Hidden>,
}

/// Renders a document by its kind: Markdown, HTML, mail, or plain text that is all visible.
pub fn views(path: &RepoPath, text: &str) -> Views {
    let lower = path.as_str().to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    match extension {
        "html" | "htm" | "xhtml" | "svg" => {
            let mut views = Views::default();
            html::Reader::default().read(text, 0, &mut views.visible, &mut views.hidden);
            views
        }
        "eml" => mail::views(text),
        "md" | "mdx" | "mdc" | "markdown" => joined(markdown::views(text), text),
        _ if crate::Kind::of(path) == crate::Kind::Instructions => {
            joined(markdown::views(text), text)
        }
        _ => Views {
            visible: text.to_owned(),
            hidden: Vec::new(),
        },
    }
}

/// Longest mark-up between two pieces of one hidden element, in bytes.
const MARK_UP: usize = 8;

/// Joins the pieces of hidden elements that the renderer gives line by line, so that a sentence
/// over two lines is read as one.
fn joined(mut views: Views, text: &str) -> Views {
    let mut all: Vec<Hidden> = Vec::with_capacity(views.hidden.len());
    for hidden in views.hidden {
        let last = all.last_mut().filter(|last| {
            let between = text.get(last.span.end as usize..hidden.span.start as usize);
            last.carrier == Carrier::Element
                && hidden.carrier == Carrier::Element
                && between.is_some_and(|between| {
                    between.len() <= MARK_UP && !between.contains(|c: char| c.is_alphanumeric())
                })
        });
        match last {
            Some(last) => {
                last.span.end = hidden.span.end;
                last.text.push('\n');
                last.text.push_str(&hidden.text);
            }
            None => all.push(hidden),
        }
    }
    views.hidden = all;
    views
}
