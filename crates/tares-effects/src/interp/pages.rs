//! What a page is filled with: `render(request, "a.html", {"back": url})` by whatever name. A template
//! that escapes still lets `javascript:` into a link and `</script>` out of JSON.

use super::Interp;
use super::args::Args;
use super::emit::Draft;
use crate::names::has_word;
use crate::value::{Key, Kind, Value, Why};
use tares_model::effect::{EffectKind, Target};
use tares_model::{Label, Span};

/// The API path of such an effect: no call, one value of the page.
const API: &str = "page value";
/// Endings of files that are templates of pages.
const TEMPLATES: &[&str] = &[
    ".html",
    ".htm",
    ".xhtml",
    ".mako",
    ".jinja",
    ".jinja2",
    ".j2",
    ".tmpl",
    ".tpl",
    ".ejs",
    ".hbs",
    ".pug",
    ".njk",
    ".mustache",
    ".pt",
    ".djhtml",
    ".twig",
];
/// Calls that are given a template without its ending.
const RENDERS: &[&str] = &[
    "render",
    "render_template",
    "render_to_string",
    "render_to_response",
];
/// Most values of one page that are looked at.
const MAX_VALUES: usize = 64;

impl Interp<'_> {
    /// Records what a call fills a page with, if one of its first arguments names a template.
    pub(crate) fn note_page(&mut self, name: &str, args: &Args, span: Span) {
        if self.is_muted() || !(self.is_python() || self.is_js()) {
            return;
        }
        self.note_markdown(name, args, span);
        let mut first = args.pos.iter().take(3);
        let Some(page) = first.find_map(|(value, _)| template_of(value, name)) else {
            return;
        };
        self.react();
        let mut values: Vec<(String, Value)> = Vec::new();
        for (value, _) in args.pos.iter().take(4) {
            if let Kind::Map(map) = &value.kind {
                let entries = map.entries.borrow();
                let named = entries.iter().filter_map(|(key, value)| match key {
                    Key::Text(key) => Some((key.to_string(), value.clone())),
                    _ => None,
                });
                values.extend(named.take(MAX_VALUES));
            }
        }
        let named = args.named.iter().take(MAX_VALUES);
        values.extend(named.map(|(name, value, _)| (name.to_string(), value.clone())));
        for (name, value) in values {
            self.note_page_value(&page, &name, &value, span);
        }
    }

    /// Records what a function that nobody knows makes of Markdown, by its name.
    fn note_markdown(&mut self, name: &str, args: &Args, span: Span) {
        let Some((text, at)) = args.pos.first() else {
            return;
        };
        let renders = has_word(name, "markdown") && name.len() > "markdown".len();
        if !renders || !text.deep_taint().has(Label::UserInput) {
            return;
        }
        let roles = vec![self.role("html", Some((text.clone(), *at)))];
        self.record(Draft {
            kind: EffectKind::Html,
            api: format!("?.{name}").into(),
            target: Target::None,
            data: text.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records one value of a page, if it is of a kind that escaping does not make harmless.
    pub(crate) fn note_page_value(&mut self, page: &str, name: &str, value: &Value, span: Span) {
        let json = value.alternatives().iter().find_map(|one| match &one.kind {
            Kind::Instance(made) if &**self.paths.text(made.path) == "json.Text" => Some(made),
            _ => None,
        });
        let answer = json.is_some_and(|json| json.args.first().is_some_and(is_answer));
        let input = value.deep_taint().has(Label::UserInput);
        if self.is_muted() || answer || json.is_none() && !input {
            return;
        }
        let roles = vec![
            self.role("page", Some((Value::str(page), span))),
            self.role("name", Some((Value::str(name), span))),
            self.role("value", Some((value.clone(), span))),
        ];
        self.record(Draft {
            kind: EffectKind::Template,
            api: API.into(),
            target: Target::Exact(name.to_owned()),
            data: value.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }
}

/// Returns the template that a value names, in a call of this name.
fn template_of(value: &Value, call: &str) -> Option<String> {
    let all = value.alternatives().iter();
    let text = all.filter_map(Value::as_str).next()?;
    let ends = TEMPLATES.iter().any(|end| text.ends_with(end));
    (ends || RENDERS.contains(&call) && !text.contains(['<', '{', ' '])).then(|| text.to_string())
}

/// Whether a value says yes or no (`x is None or can_edit(x)`) and holds no text.
fn is_answer(value: &Value) -> bool {
    let mut all = value.alternatives().iter();
    all.all(|one| matches!(one.kind, Kind::Bool(_) | Kind::Unknown(Why::Operation)))
}
