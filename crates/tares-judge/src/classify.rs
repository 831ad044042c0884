//! What a file is: code that can be judged, or content with nothing to judge, by kind.

use crate::decode;
use tares_lang::Language;
use tares_model::RepoPath;
use tares_model::change::{Entry, Side};

/// What a side of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Code of a language that is lowered.
    Code(Language),
    /// Named like code, but binary: it should have been judged and cannot be.
    Unreadable(Language),
    /// Nothing to judge, with the kind under which it is counted.
    Other(&'static str),
    /// A program or library that a machine runs or loads.
    Loadable(&'static str),
}

/// Bytes that are looked at to tell text from binary, as git does.
const SNIFF: usize = 8 * 1024;

/// Returns what a side is, by its path and its first bytes.
pub(crate) fn classify(path: &RepoPath, side: &Side) -> Content {
    if side.entry == Entry::Symlink {
        return Content::Other("symbolic link");
    }
    let bytes = &side.bytes[..];
    let head = &bytes[..bytes.len().min(SNIFF)];
    let is_binary = head.contains(&0) && !decode::is_utf16(bytes);
    let first_line = head
        .split(|&b| b == b'\n' || b == b'\r')
        .next()
        .unwrap_or(head);
    let first_line = String::from_utf8_lossy(&first_line[..first_line.len().min(256)]);
    if let Some(kind) = loadable(path, bytes, is_binary) {
        return Content::Loadable(kind);
    }
    if path.extension().as_deref() == Some("pth") && runs_code(bytes) {
        return Content::Code(Language::Python);
    }
    match Language::detect(path.as_str(), &first_line) {
        Some(language) if is_binary && is_mostly_binary(head) => Content::Unreadable(language),
        Some(language) => Content::Code(language),
        None if is_binary => Content::Other(by_name(path).unwrap_or("binary")),
        None => Content::Other(by_name(path).unwrap_or("other text")),
    }
}

/// Returns whether the name of a file says that it is no text, so that its beginning is enough to
/// count it.
pub fn has_nothing_to_judge(path: &RepoPath) -> bool {
    let is_no_text = |kind| matches!(kind, "image" | "font" | "media" | "archive");
    nothing_to_judge(path).is_some_and(is_no_text) && path.extension().as_deref() != Some("svg")
}

/// Returns the kind of a file that was not read, where its name says that there is nothing to
/// judge in it.
pub(crate) fn nothing_to_judge(path: &RepoPath) -> Option<&'static str> {
    // A first line may make a manifest of what is data by its name.
    match Language::detect(path.as_str(), "apiVersion: v1") {
        Some(_) => None,
        None => by_name(path),
    }
}

/// Returns whether a path file of Python holds lines that each start of Python runs as code.
fn runs_code(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|&b| b == b'\n' || b == b'\r');
    lines.any(|line| line.starts_with(b"import ") || line.starts_with(b"import\t"))
}

/// A few NUL bytes in a source file leave it readable; a third of them do not.
fn is_mostly_binary(head: &[u8]) -> bool {
    let odd = head
        .iter()
        .filter(|&&b| b < 7 || (14..27).contains(&b))
        .count();
    odd * 3 > head.len()
}

/// Recognises what a machine runs or loads: by its first bytes, else by its name.
fn loadable(path: &RepoPath, bytes: &[u8], is_binary: bool) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 9] = [
        (b"\x7fELF", "ELF binary"),
        (b"MZ", "Windows binary"),
        (b"\xfe\xed\xfa\xce", "Mach-O binary"),
        (b"\xfe\xed\xfa\xcf", "Mach-O binary"),
        (b"\xce\xfa\xed\xfe", "Mach-O binary"),
        (b"\xcf\xfa\xed\xfe", "Mach-O binary"),
        (b"\xca\xfe\xba\xbe", "class file or Mach-O binary"),
        (b"\0asm", "WebAssembly module"),
        (b"!<arch>\n", "static library"),
    ];
    // Text can begin with `MZ`; machine code always holds a NUL byte.
    let by_magic = MAGICS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic) && is_binary);
    if let Some((_, kind)) = by_magic {
        return Some(kind);
    }
    let extension = path.extension()?;
    let versioned = path.name().contains(".so.");
    let kind = match extension.as_str() {
        "so" | "dll" | "dylib" | "node" | "pyd" => "loadable library",
        "exe" | "msi" => "Windows binary",
        "class" | "jar" | "war" => "Java byte code",
        "pyc" | "pyo" => "Python byte code",
        "wasm" => "WebAssembly module",
        _ if versioned => "loadable library",
        _ => return None,
    };
    (is_binary || matches!(extension.as_str(), "jar" | "war")).then_some(kind)
}

/// Returns the kind that a name says, for people who read the counts.
fn by_name(path: &RepoPath) -> Option<&'static str> {
    let name = path.name();
    if matches!(
        name,
        "Makefile" | "Dockerfile" | "Jenkinsfile" | "LICENSE" | "README" | "CODEOWNERS"
    ) {
        return Some(if name.chars().all(|c| c.is_ascii_uppercase()) {
            "document"
        } else {
            "build file"
        });
    }
    Some(match path.extension()?.as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "ico" | "bmp" | "tif" | "tiff" | "avif"
        | "svg" => "image",
        "ttf" | "otf" | "woff" | "woff2" | "eot" => "font",
        "mp3" | "mp4" | "wav" | "ogg" | "webm" | "mov" | "avi" | "flac" => "media",
        "zip" | "gz" | "tgz" | "bz2" | "xz" | "zst" | "7z" | "tar" | "whl" | "rar" => "archive",
        "md" | "rst" | "txt" | "adoc" | "pdf" | "doc" | "docx" | "odt" | "tex" | "po" | "mo"
        | "pot" => "document",
        "json" | "jsonl" | "yaml" | "yml" | "toml" | "csv" | "tsv" | "xml" | "ini" | "cfg"
        | "conf" | "lock" | "sqlite" | "db" | "parquet" | "npy" | "npz" | "pickle" | "pkl"
        | "bin" | "dat" | "snap" | "map" => "data",
        "html" | "htm" | "vue" | "svelte" | "astro" | "jinja" | "j2" | "ejs" | "hbs" => "markup",
        "css" | "scss" | "sass" | "less" => "style sheet",
        "go" => "Go",
        "java" | "kt" | "kts" | "scala" | "groovy" => "JVM language",
        "rs" => "Rust",
        "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" | "m" | "mm" => "C or C++",
        "cs" | "fs" | "vb" => ".NET language",
        "php" => "PHP",
        "rb" => "Ruby",
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" => "shell",
        "sql" => "SQL",
        "swift" => "Swift",
        "ipynb" => "notebook",
        "mk" | "cmake" | "gradle" | "tf" => "build file",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, bytes: &[u8]) -> Content {
        classify(&RepoPath::from(path), &Side::file(bytes))
    }

    #[test]
    fn content_decides_before_the_name() {
        assert_eq!(of("a.py", b"x = 1\n"), Content::Code(Language::Python));
        assert_eq!(
            of("run", b"#!/usr/bin/env python3\n"),
            Content::Code(Language::Python)
        );
        assert_eq!(
            of("a.py", b"\x7fELF\x02\0\0\0"),
            Content::Loadable("ELF binary")
        );
        assert_eq!(
            of("a.js", b"/* \0 */ eval(x)"),
            Content::Code(Language::JavaScript)
        );
        assert_eq!(of("a.py", &[0; 64]), Content::Unreadable(Language::Python));
        assert_eq!(
            of("a.py", b"\xff\xfex\0=\x001\0"),
            Content::Code(Language::Python)
        );
        assert_eq!(
            of("a.so", b"INPUT ( libx.so.6 )"),
            Content::Other("other text")
        );
        assert_eq!(
            of("x.pth", b"import os;os.system('id')\n"),
            Content::Code(Language::Python)
        );
        assert_eq!(of("x.pth", b"../lib\n"), Content::Other("other text"));
        assert_eq!(of("a.png", b"\x89PNG\0"), Content::Other("image"));
        assert_eq!(
            of("notes", b"MZ is how it begins"),
            Content::Other("other text")
        );
    }
}
