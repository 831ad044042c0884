//! `fmt`: verbs of a format filled with values.

use super::super::codec;
use super::builtin;
use crate::interp::args::Args;
use crate::value::text::TextBuilder;
use crate::value::{Kind, Taint, Value, Why};
use tares_model::effect::{Device, SinkSet};

/// `fmt.Sprintf(format, args…)`, from the argument `at` on.
pub(super) fn sprintf(args: &Args, at: usize) -> Value {
    let format = args.get(at);
    let Some(text) = format.and_then(Value::as_str) else {
        return Value::unknown_with(Why::Call, args.taint());
    };
    let mut values = args.pos.iter().skip(at + 1).map(|(v, _)| v);
    let mut builder = TextBuilder::default();
    let mut holes = 0;
    let mut rest = &**text;
    while let Some(i) = rest.find('%') {
        builder.text(&rest[..i]);
        let (verb, used) = Verb::read(&rest[i + 1..]);
        rest = &rest[i + 1 + used..];
        if verb.letter == '%' {
            builder.text("%");
            continue;
        }
        if verb.starred {
            values.next();
        }
        holes += 1;
        match (values.next(), &args.more) {
            (Some(value), _) => fill(&mut builder, &verb, value),
            (None, Some(more)) => builder.hole(more.deep_taint()),
            (None, None) => builder.text("%!"),
        }
    }
    builder.text(rest);
    finish(builder, holes, format)
}

/// `fmt.Sprint(args…)` and `fmt.Sprintln`.
pub(super) fn sprint(args: &Args, at: usize, line: bool) -> Value {
    let mut builder = TextBuilder::default();
    let mut last_text = true;
    for (i, (value, _)) in args.pos.iter().skip(at).enumerate() {
        let is_text = matches!(value.kind, Kind::Str(_) | Kind::Pattern(_));
        if i > 0 && (line || !(is_text || last_text)) {
            builder.text(" ");
        }
        last_text = is_text;
        fill(&mut builder, &Verb::plain('v'), value);
    }
    if let Some(more) = &args.more {
        builder.hole(more.deep_taint());
    }
    if line {
        builder.text("\n");
    }
    finish(builder, args.len(), None)
}

fn finish(builder: TextBuilder, holes: usize, format: Option<&Value>) -> Value {
    let mut value = builder.build();
    if let Some(format) = format {
        value = value.tainted(&format.taint);
    }
    if holes > 0 && matches!(value.kind, Kind::Str(_)) {
        value = value.tainted(&Taint::device(Device::Assembled));
    }
    value
}

struct Verb {
    letter: char,
    zero: bool,
    left: bool,
    width: usize,
    starred: bool,
}

impl Verb {
    fn plain(letter: char) -> Self {
        Self {
            letter,
            zero: false,
            left: false,
            width: 0,
            starred: false,
        }
    }

    /// Reads what follows a percent sign: flags, width, precision, letter.
    fn read(text: &str) -> (Self, usize) {
        let mut verb = Self::plain('v');
        let mut digits = String::new();
        let mut precision = false;
        for (i, c) in text.char_indices() {
            match c {
                '0' if digits.is_empty() && !precision => verb.zero = true,
                '-' => verb.left = true,
                '+' | '#' | ' ' | '[' | ']' => {}
                '*' => verb.starred = true,
                '.' => precision = true,
                '0'..='9' if precision => {}
                '0'..='9' => digits.push(c),
                letter => {
                    verb.letter = letter;
                    verb.width = digits.parse().unwrap_or(0).min(256);
                    return (verb, i + letter.len_utf8());
                }
            }
        }
        (verb, text.len())
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        let fill = if self.zero && !self.left { "0" } else { " " };
        let fill = fill.repeat(missing);
        if self.left {
            format!("{text}{fill}")
        } else {
            format!("{fill}{text}")
        }
    }
}

fn fill(builder: &mut TextBuilder, verb: &Verb, value: &Value) {
    if let Some(text) = known(verb, value) {
        let text = Value::str(verb.pad(&text)).tainted(&value.taint);
        builder.value(&text);
        return;
    }
    let safe = matches!(
        verb.letter,
        'd' | 'b' | 'o' | 'x' | 'X' | 'e' | 'f' | 'g' | 'G' | 't' | 'c' | 'U' | 'p' | 'T'
    );
    if safe {
        builder.hole(value.deep_taint().cleaned(SinkSet::ALL));
    } else if verb.letter == 'q' {
        builder.text("\"");
        builder.value(value);
        builder.text("\"");
    } else {
        builder.value(&builtin::string(value));
    }
}

/// Returns the text of a known value under a verb.
fn known(verb: &Verb, value: &Value) -> Option<String> {
    let letter = verb.letter;
    Some(match (&value.kind, letter) {
        (Kind::Int(n), 'x') => format!("{n:x}"),
        (Kind::Int(n), 'X') => format!("{n:X}"),
        (Kind::Int(n), 'b') => format!("{n:b}"),
        (Kind::Int(n), 'o') => format!("{n:o}"),
        (Kind::Int(n), 'c') => char::from_u32(u32::try_from(*n).ok()?)?.to_string(),
        (Kind::Int(n), 'd' | 'v') => n.to_string(),
        (Kind::Bool(b), 't' | 'v') => b.to_string(),
        (Kind::Float(f), 'v' | 'g') => f.to_string(),
        (Kind::Str(_) | Kind::Bytes(_), 'x') => codec::to_hex(&codec::bytes_of(value)?),
        (Kind::Str(text), 'q') => format!("{text:?}"),
        (Kind::Str(text), 's' | 'v') => text.to_string(),
        (Kind::Bytes(bytes), 's') => std::str::from_utf8(bytes).ok()?.to_owned(),
        (Kind::Null, 'v') => "<nil>".to_owned(),
        _ => return None,
    })
}
