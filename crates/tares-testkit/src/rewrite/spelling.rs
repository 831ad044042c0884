//! Rewrites that spell a constant in another way.

use super::Rewritten;
use super::quote::{halves, quote};
use super::scene::Scene;
use super::statement::sum;
use super::value::{Value, replace, text};

/// `not not True`, `511 + 0`.
pub(super) fn neutral(scene: &Scene<'_>) -> Option<Rewritten> {
    let python = scene.is_python();
    replace(scene, |constant| match constant.value {
        Value::Bool(value) if python => Some(format!("(not not {})", python_bool(value))),
        Value::Bool(value) => Some(format!("(!!{value})")),
        Value::Int(number) => Some(format!("({number} + 0)")),
        Value::Text(_) | Value::Null => None,
    })
}

/// `bool(1)`, `int("511")`, `Number("511")`.
pub(super) fn converted(scene: &Scene<'_>) -> Option<Rewritten> {
    let (bool, int) = if scene.is_python() {
        ("bool", "int")
    } else {
        ("Boolean", "Number")
    };
    replace(scene, |constant| match constant.value {
        Value::Bool(value) => Some(format!("{bool}({})", u8::from(value))),
        Value::Int(number) => Some(format!("{int}(\"{number}\")")),
        Value::Text(_) | Value::Null => None,
    })
}

/// `len("ab") == 2`, `ord("\u01ff")`, `~-512`.
pub(super) fn measured(scene: &Scene<'_>) -> Option<Rewritten> {
    let length = if scene.is_python() {
        "len(\"ab\")"
    } else {
        "\"ab\".length"
    };
    replace(scene, |constant| match constant.value {
        Value::Bool(value) => Some(format!("({length} == {})", if value { 2 } else { 3 })),
        Value::Int(number @ 1..=0xd7ff) if scene.is_python() => {
            Some(format!("ord(\"\\u{number:04x}\")"))
        }
        Value::Int(number @ 1..=0xd7ff) => Some(format!("\"\\u{number:04x}\".charCodeAt(0)")),
        // Beyond 32 bits the two languages invert differently.
        Value::Int(number @ 0..=0x3fff_ffff) => Some(format!("(~-{})", number + 1)),
        Value::Int(_) | Value::Text(_) | Value::Null => None,
    })
}

/// `"sh" + "ell"`.
pub(super) fn split(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| format!("({})", sum(text)))
}

/// `"{}{}".format("sh", "ell")`, `"sh".concat("ell")`.
pub(super) fn formatted(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let (first, second) = halves(text);
        let (first, second) = (quote(first), quote(second));
        if scene.is_python() {
            format!("\"{{}}{{}}\".format({first}, {second})")
        } else {
            format!("{first}.concat({second})")
        }
    })
}

/// `"%s%s" % ("sh", "ell")`, `["s", "h"].reduce((a, b) => a + b)`.
pub(super) fn filled(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let (first, second) = halves(text);
        let (first, second) = (quote(first), quote(second));
        if scene.is_python() {
            format!("(\"%s%s\" % ({first}, {second}))")
        } else {
            format!("[{first}, {second}].reduce((a, b) => a + b)")
        }
    })
}

/// `f"{'sh'}{'ell'}"`, `` `${"sh"}${"ell"}` ``.
pub(super) fn interpolated(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| {
        let Value::Text(text) = &constant.value else {
            return None;
        };
        // Before Python 3.12 an f-string holds neither its own quotes nor a backslash.
        let quiet = text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '\\') || c == ' ');
        let (first, second) = halves(text);
        match scene.is_python() {
            _ if text.len() < 2 || !quiet => None,
            true => Some(format!("f\"{{'{first}'}}{{'{second}'}}\"")),
            false => Some(format!("`${{\"{first}\"}}${{\"{second}\"}}`")),
        }
    })
}

/// `"<shell>"[1:-1]`.
pub(super) fn sliced(scene: &Scene<'_>) -> Option<Rewritten> {
    let slice = if scene.is_python() {
        "[1:-1]"
    } else {
        ".slice(1, -1)"
    };
    text(scene, |text| {
        format!("{}{slice}", quote(&format!("<{text}>")))
    })
}

/// `"sh\u{7f}ell".replace("\u{7f}", "")`.
pub(super) fn replaced(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| match &constant.value {
        Value::Text(text) if text.len() > 1 && !text.contains('~') => {
            let (first, second) = halves(text);
            Some(format!(
                "{}.replace(\"~\", \"\")",
                quote(&format!("{first}~{second}"))
            ))
        }
        _ => None,
    })
}

/// `"".join(map(chr, [115, 104]))`, `String.fromCharCode(115, 104)`.
pub(super) fn characters(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let numbers = numbers(text);
        if scene.is_python() {
            format!("\"\".join(map(chr, [{numbers}]))")
        } else {
            format!("String.fromCharCode({numbers})")
        }
    })
}

/// `bytes([115, 104]).decode()`, `new TextDecoder().decode(new Uint8Array([115, 104]))`.
pub(super) fn bytes(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let numbers = numbers(text);
        if scene.is_python() {
            format!("bytes([{numbers}]).decode()")
        } else {
            format!("new TextDecoder().decode(new Uint8Array([{numbers}]))")
        }
    })
}

/// `base64.b64decode("c2g=").decode()`, `atob("c2g=")`.
pub(super) fn base64(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| base64_of(scene.is_python(), text))
}

/// Writes the base64 form of a text and what decodes it.
pub(super) fn base64_of(python: bool, text: &str) -> String {
    let encoded = encode(text.as_bytes());
    if python {
        format!("__import__(\"base64\").b64decode(\"{encoded}\").decode()")
    } else {
        format!("atob(\"{encoded}\")")
    }
}

/// `codecs.decode("furyy", "rot13")`, `Buffer.from("c2g=", "base64").toString("utf8")`.
pub(super) fn turned(scene: &Scene<'_>) -> Option<Rewritten> {
    let turn = |c: char, first: u8| char::from((c as u8 - first + 13) % 26 + first);
    text(scene, |text| {
        if !scene.is_python() {
            return format!(
                "Buffer.from(\"{}\", \"base64\").toString(\"utf8\")",
                encode(text.as_bytes())
            );
        }
        let turned: String = text
            .chars()
            .map(|c| match c {
                'a'..='z' => turn(c, b'a'),
                'A'..='Z' => turn(c, b'A'),
                other => other,
            })
            .collect();
        format!(
            "__import__(\"codecs\").decode({}, \"rot13\")",
            quote(&turned)
        )
    })
}

/// `urllib.parse.unquote("%73%68")`, `decodeURIComponent("%73%68")`.
pub(super) fn unquoted(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        if scene.is_python() {
            format!("__import__(\"urllib.parse\", fromlist=[\"unquote\"]).unquote(\"{escaped}\")")
        } else {
            format!("decodeURIComponent(\"{escaped}\")")
        }
    })
}

/// `"SHELL".lower()`.
pub(super) fn cased(scene: &Scene<'_>) -> Option<Rewritten> {
    let lower = if scene.is_python() {
        "lower"
    } else {
        "toLowerCase"
    };
    replace(scene, |constant| match &constant.value {
        Value::Text(text) if text.is_ascii() && *text == text.to_lowercase() => {
            Some(format!("{}.{lower}()", quote(&text.to_uppercase())))
        }
        _ => None,
    })
}

/// Each character turned by an exclusive or.
pub(super) fn masked(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let masked = quote(
            &text
                .bytes()
                .map(|byte| char::from(byte ^ 1))
                .collect::<String>(),
        );
        if scene.is_python() {
            format!("\"\".join(chr(ord(c) ^ 1) for c in {masked})")
        } else {
            format!("[...{masked}].map((c) => String.fromCharCode(c.charCodeAt(0) ^ 1)).join(\"\")")
        }
    })
}

/// `"sh.ell".split(".")`, put together again.
pub(super) fn rejoined(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| match &constant.value {
        Value::Text(text) if text.len() > 1 && !text.contains('~') => {
            let (first, second) = halves(text);
            let mixed = quote(&format!("{first}~{second}"));
            Some(if scene.is_python() {
                format!("\"\".join({mixed}.split(\"~\"))")
            } else {
                format!("{mixed}.split(\"~\").join(\"\")")
            })
        }
        _ => None,
    })
}

/// A number that is the text: its bytes, its digits to the base 36.
pub(super) fn numbered(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| {
        let Value::Text(text) = &constant.value else {
            return None;
        };
        if scene.is_python() {
            let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            let fits = text.is_ascii() && text.len() > 1;
            return fits.then(|| format!("(0x{hex}).to_bytes({}, \"big\").decode()", text.len()));
        }
        let digits = text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        // Ten digits to the base 36 are exact in a double.
        let fits = digits && (1..=10).contains(&text.len()) && !text.starts_with('0');
        let number = u64::from_str_radix(text, 36).ok().filter(|_| fits)?;
        Some(format!("({number}).toString(36)"))
    })
}

/// `str` of an object, `String` of one.
pub(super) fn shown(scene: &Scene<'_>) -> Option<Rewritten> {
    text(scene, |text| {
        let text = quote(text);
        if scene.is_python() {
            format!("str(type(\"T\", (), {{\"__str__\": lambda o: {text}}})())")
        } else {
            format!("String({{ toString: () => {text} }})")
        }
    })
}

/// The documentation of a function, the source of a pattern.
pub(super) fn carried(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| {
        let Value::Text(text) = &constant.value else {
            return None;
        };
        let plain = text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let fits = plain && text.len() > 1;
        Some(match scene.is_python() {
            _ if !fits => return None,
            true => format!("type(\"T\", (), {{\"__doc__\": \"{text}\"}}).__doc__"),
            false => format!("/{text}/.source"),
        })
    })
}

/// `eval("True")`.
pub(super) fn evaluated(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| {
        let text = &scene.source[constant.start..constant.end];
        (!text.contains('\n')).then(|| format!("eval({})", quote(text)))
    })
}

/// `json.loads("true")`, `JSON.parse("true")`.
pub(super) fn json(scene: &Scene<'_>) -> Option<Rewritten> {
    replace(scene, |constant| {
        let written = match &constant.value {
            Value::Bool(value) => value.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Null => "null".to_owned(),
            Value::Text(text) if text.chars().all(|c| c.is_ascii_graphic() || c == ' ') => {
                quote(text)
            }
            Value::Text(_) => return None,
        };
        let call = if scene.is_python() {
            "__import__(\"json\").loads"
        } else {
            "JSON.parse"
        };
        Some(format!("{call}({})", quote(&written)))
    })
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

fn numbers(text: &str) -> String {
    text.bytes()
        .map(|byte| byte.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |sum, at| {
            sum << 8 | usize::from(*chunk.get(at).unwrap_or(&0))
        });
        for at in 0..4 {
            let digit = ALPHABET[number >> (18 - 6 * at) & 63];
            encoded.push(if at <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    encoded
}
