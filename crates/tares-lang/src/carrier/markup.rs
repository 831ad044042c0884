//! Pages: the scripts in HTML, Vue and Svelte.

use super::Piece;
use super::map::Text;
use crate::tree::Span;

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut text = Text::default();
    let lower = source.to_ascii_lowercase();
    let mut at = 0;
    while let Some(found) = lower[at..].find("<script") {
        let open = at + found;
        let Some(end) = lower[open..].find('>').map(|n| open + n) else {
            break;
        };
        let body = end + 1;
        let close = lower[body..]
            .find("</script")
            .map_or(source.len(), |n| body + n);
        if is_script(&lower[open..end]) && !lower[open..end].ends_with('/') {
            without_templates(source, Span::new(body as u32, close as u32), &mut text);
            text.written("\n;\n", Span::new(close as u32, close as u32));
        }
        at = close.max(body);
    }
    let (text, map) = text.finish();
    vec![Piece { text, map }]
}

/// Whether a page runs what stands between the tags.
fn is_script(tag: &str) -> bool {
    let Some((_, kind)) = tag.split_once("type=") else {
        return true;
    };
    let kind = kind.trim_start_matches(['"', '\'']);
    [
        "text/javascript",
        "module",
        "application/javascript",
        "text/babel",
        "text/jsx",
        "text/typescript",
    ]
    .iter()
    .any(|known| kind.starts_with(known))
}

/// Copies a script; what a template engine fills in stands as a number.
fn without_templates(source: &str, place: Span, out: &mut Text) {
    let text = place.text(source);
    let span = |a: usize, b: usize| Span::new(place.start + a as u32, place.start + b as u32);
    let mut at = 0;
    while let Some(found) = ["{{", "{%", "<%", "<?"]
        .iter()
        .filter_map(|m| text[at..].find(m))
        .min()
    {
        let open = at + found;
        let (close, value) = match &text[open..open + 2] {
            "{{" => ("}}", "0"),
            "{%" => ("%}", " "),
            "<%" => ("%>", "0"),
            _ => ("?>", "0"),
        };
        let Some(end) = text[open..].find(close).map(|n| open + n + 2) else {
            break;
        };
        // An object in an object ends like a template does.
        if text[open..end].contains('\n') && close == "}}" {
            out.copied(source, span(at, open + 2));
            at = open + 2;
            continue;
        }
        out.copied(source, span(at, open));
        out.written(value, span(open, end));
        at = end;
    }
    out.copied(source, span(at, text.len()));
}
