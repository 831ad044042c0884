//! The content of `GIT binary patch`: whole files, packed and written in base 85.
//!
//! Whether a file is binary is said by attributes that the change may bring along, so what is
//! packed here may as well be code. Whole files (`literal`) are unpacked and become ordinary
//! sides; differences to a file that is not in the patch (`delta`) cannot be.

use super::{LARGEST_SIDE, Lines, without_end};
use crate::disk::{self, SNIFF};
use crate::git::beginning;
use tares_model::change::{Entry, Side};

/// Both sides of a binary patch.
#[derive(Debug)]
pub(super) struct Binary {
    pub(super) head: Side,
    /// The content before, where the patch holds it for going back.
    pub(super) base: Option<Side>,
}

/// Reads what follows `GIT binary patch`: the way forward, and perhaps the way back.
pub(super) fn read(lines: &mut Lines<'_>) -> Result<Binary, &'static str> {
    let head = content(lines);
    let base = content(lines);
    Ok(Binary {
        head: head?,
        base: base.ok(),
    })
}

/// Reads one way, up to the empty line that ends it.
fn content(lines: &mut Lines<'_>) -> Result<Side, &'static str> {
    const DAMAGED: &str = "a binary patch cannot be unpacked: the patch is damaged";
    let Some(header) = lines.peek().map(without_end) else {
        return Err(DAMAGED);
    };
    let is_delta = header.starts_with(b"delta ");
    let size = header
        .strip_prefix(b"literal ")
        .and_then(|size| std::str::from_utf8(size).ok()?.parse::<usize>().ok());
    if !is_delta && size.is_none() {
        return Err(DAMAGED);
    }
    lines.next();
    let mut packed = Vec::new();
    let mut is_damaged = false;
    while let Some(line) = lines.peek() {
        let line = without_end(line);
        if line.is_empty() {
            lines.next();
            break;
        }
        // A header here means that the empty line is missing.
        if !line[0].is_ascii_alphabetic() || line.contains(&b' ') {
            is_damaged = true;
            break;
        }
        is_damaged |= decode(line, &mut packed).is_none();
        lines.next();
    }
    match size {
        _ if is_damaged => Err(DAMAGED),
        None => Err(
            "a binary patch only holds the difference to a file that is not in it: judge the change with `--base`",
        ),
        Some(size) => unpack(&packed, size, DAMAGED),
    }
}

fn unpack(packed: &[u8], size: usize, damaged: &'static str) -> Result<Side, &'static str> {
    let is_large = size > LARGEST_SIDE;
    let mut bytes = vec![0; if is_large { SNIFF } else { size }];
    // One byte more would show a stream that is longer than it says.
    bytes.push(0);
    let unpacked = gix::zlib::Inflate::default().once(packed, &mut bytes);
    let (_, _, length) = unpacked.map_err(|_| damaged)?;
    if is_large {
        bytes.truncate(length.min(SNIFF));
        if disk::is_text(&bytes) {
            return Err(
                "a binary patch holds more than 4 MiB of text: judge the change with `--base`",
            );
        }
        return Ok(beginning(&bytes, Entry::File));
    }
    if length != size {
        return Err(damaged);
    }
    bytes.truncate(size);
    Ok(Side::file(bytes))
}

/// Decodes a line: its length as a letter, then five characters for each four bytes.
fn decode(line: &[u8], out: &mut Vec<u8>) -> Option<()> {
    const DIGITS: &[u8; 85] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    let (&first, rest) = line.split_first()?;
    let length = match first {
        b'A'..=b'Z' => usize::from(first - b'A') + 1,
        b'a'..=b'z' => usize::from(first - b'a') + 27,
        _ => return None,
    };
    if rest.len() != length.div_ceil(4) * 5 {
        return None;
    }
    let start = out.len();
    for group in rest.chunks_exact(5) {
        let mut value = 0_u32;
        for &digit in group {
            let digit = DIGITS.iter().position(|&known| known == digit)?;
            value = value.checked_mul(85)?.checked_add(digit as u32)?;
        }
        out.extend_from_slice(&value.to_be_bytes());
    }
    out.truncate(start + length);
    Some(())
}
