//! The modules that a text may import, told from its bytes: cheap enough for every file of a
//! repository. What is found is only a candidate; resolving tells.

use tares_lang::Family;

/// Most imports that are kept of one file.
const MOST: usize = 512;
/// Longest statement and longest name that is looked at, in bytes.
const STATEMENT: usize = 16 << 10;
const NAME: usize = 200;

/// Returns the names of modules as they are written, without repeats.
pub(crate) fn written(text: &[u8], family: Family) -> Vec<String> {
    let mut found = if family == Family::Python {
        python(text)
    } else if family == Family::JavaScript {
        javascript(text)
    } else {
        Vec::new()
    };
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST);
    found
}

/// Returns the last part of the name of a module, by which files are found.
pub(crate) fn stem(written: &str, family: Family) -> &str {
    let separator = if family == Family::Python { '.' } else { '/' };
    let last = written.rsplit(separator).next().unwrap_or(written);
    if family == Family::Python {
        return last;
    }
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    let is_code = matches!(
        extension,
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts"
    );
    if is_code { stem } else { last }
}

fn python(text: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
        let line = text[at..end].trim_ascii_start();
        let next = end + 1;
        if line.starts_with(b"import ") || line.starts_with(b"from ") {
            let start = end - line.len();
            statement(&text[start..text.len().min(start + STATEMENT)], &mut found);
        } else if memchr::memmem::find(line, b"import").is_some() {
            // `import_module("…")`, `__import__("…")`, `x = 1; import y`.
            let parts = line.split(|b| matches!(b, b';' | b'"' | b'\''));
            for part in parts.map(<[u8]>::trim_ascii_start) {
                if part.starts_with(b"import ") || part.starts_with(b"from ") {
                    statement(part, &mut found);
                } else {
                    push(part, &mut found);
                }
            }
        }
        at = next;
    }
    found
}

/// Reads one import statement, over several lines where it is in brackets or goes on.
fn statement(text: &[u8], found: &mut Vec<String>) {
    let mut code = Vec::with_capacity(80);
    let mut depth = 0u32;
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                while bytes.next_if(|b| matches!(b, b'\r' | b'\n')).is_some() {}
                code.push(b' ');
            }
            b'#' => while bytes.next_if(|b| *b != b'\n').is_some() {},
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'\n' if depth == 0 => break,
            b';' => break,
            byte => code.push(byte),
        }
    }
    let Ok(code) = std::str::from_utf8(&code) else {
        return;
    };
    let first = |part: &str| part.split_whitespace().next().map(str::to_owned);
    if let Some(modules) = code.strip_prefix("import ") {
        found.extend(modules.split(',').filter_map(first));
        return;
    }
    let Some((module, names)) = code.get(5..).and_then(|code| code.split_once("import")) else {
        return;
    };
    let module = module.trim();
    found.push(module.to_owned());
    for name in names
        .split(',')
        .filter_map(first)
        .filter(|name| name != "*")
    {
        // A name of a package may be a module of its own.
        let dot = if module.ends_with('.') { "" } else { "." };
        found.push(format!("{module}{dot}{name}"));
    }
}

fn javascript(text: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(i) = text
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| matches!(b, b'\'' | b'"' | b'`')))
    {
        let start = at + i + 1;
        at = start;
        let is_near = matches!(text.get(start), Some(b'.' | b'@' | b'~' | b'#'));
        if !is_near && !follows_import(&text[..start - 1]) {
            continue;
        }
        let rest = &text[start..text.len().min(start + NAME)];
        let end = rest
            .iter()
            .position(|b| *b == text[start - 1] || b.is_ascii_whitespace());
        if let Some(end) = end.filter(|&end| rest[end] == text[start - 1]) {
            push(&rest[..end], &mut found);
            at = start + end + 1;
        }
    }
    found
}

fn follows_import(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"(").unwrap_or(before).trim_ascii_end();
    [&b"from"[..], b"import", b"require"]
        .iter()
        .any(|word| before.ends_with(word))
}

fn push(name: &[u8], found: &mut Vec<String>) {
    let is_name = |b: &u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'.' | b'_' | b'-' | b'/' | b'@' | b'~' | b'#')
            || *b >= 0x80
    };
    if name.is_empty() || name.len() > NAME || !name.iter().all(is_name) {
        return;
    }
    if let Ok(name) = std::str::from_utf8(name) {
        found.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read_in_all_forms() {
        let text = b"import os, web.views as v\nif x:\n    from . import settings  # why\nfrom .low import (\n    a,  # one\n    b as c,\n)\nfrom x import \\\n    y\nm = importlib.import_module('pkg.plug')\nx = 1; import late\n";
        let found = written(text, Family::Python);
        for name in [
            "os",
            "web.views",
            ".",
            ".settings",
            ".low",
            ".low.a",
            ".low.b",
            "x",
            "x.y",
            "pkg.plug",
            "late",
        ] {
            assert!(found.iter().any(|n| n == name), "{name}: {found:?}");
        }
        let text = b"import a from './a.js'\nimport './side'\nconst {b} = require(\"../b\"), c = await import('lib/c');\nexport * from '@/d'\nlog('no');";
        assert_eq!(
            written(text, Family::JavaScript),
            ["../b", "./a.js", "./side", "@/d", "lib/c"]
        );
    }

    #[test]
    fn a_stem_is_the_name_of_a_file() {
        assert_eq!(stem("..pkg.settings", Family::Python), "settings");
        assert_eq!(stem("./a.js", Family::JavaScript), "a");
        assert_eq!(stem("./a.b", Family::JavaScript), "a.b");
    }
}
