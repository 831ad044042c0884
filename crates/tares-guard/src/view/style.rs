//! Styles that make text invisible.

/// Returns whether a `style` attribute hides its element.
pub(super) fn hides(style: &str) -> bool {
    let lower = style.to_ascii_lowercase();
    let (mut colour, mut background) = (None, None);
    for declaration in lower.split(';').take(64) {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_end_matches("!important").trim();
        let hides = match name.trim() {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "opacity" | "zoom" => number(value).is_some_and(|n| n < 0.05),
            "font-size" => number(value).is_some_and(|n| n < 1.5) && !is_relative(value),
            "width" | "height" | "max-width" | "max-height" => number(value) == Some(0.0),
            "left" | "top" | "right" | "bottom" | "text-indent" | "margin-left" | "margin-top" => {
                number(value).is_some_and(|n| n <= -500.0)
            }
            "clip" | "clip-path" => {
                value.contains("rect(0")
                    || value.contains("inset(50%")
                    || value.contains("inset(100%")
            }
            "transform" => value.contains("scale(0"),
            "color" => {
                colour = Some(value.to_owned());
                value == "transparent" || value.ends_with(",0)") || value.ends_with(", 0)")
            }
            "background" | "background-color" => {
                background = Some(value.to_owned());
                false
            }
            _ => false,
        };
        if hides {
            return true;
        }
    }
    let is_white = |c: &str| {
        matches!(
            c,
            "white" | "#fff" | "#ffffff" | "rgb(255,255,255)" | "rgb(255, 255, 255)"
        )
    };
    match (colour, background) {
        (Some(text), Some(behind)) => text == behind || (is_white(&text) && is_white(&behind)),
        // Pages are white unless they say otherwise.
        (Some(text), None) => is_white(&text),
        _ => false,
    }
}

fn number(value: &str) -> Option<f64> {
    let end = value
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
        .unwrap_or(value.len());
    value[..end].parse().ok()
}

/// `1em` is the size of the text around.
fn is_relative(value: &str) -> bool {
    value.ends_with("em") || value.ends_with('%') || value.ends_with("vw")
}
