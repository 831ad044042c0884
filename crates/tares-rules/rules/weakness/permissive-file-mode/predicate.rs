//! Reads the mode of a file: an integer with octal meaning, or text such as `"777"`.

use tares_model::effect::{Effect, EffectKind, Shape};

/// The bit that lets others write; the bit that lets them read.
const OTHERS_WRITE: i64 = 0o002;
const OTHERS_READ: i64 = 0o004;
/// The bits that let the group read or write.
const GROUP: i64 = 0o060;
/// What every library opens new files with, before the mask of the process.
const DEFAULT_FILE: i64 = 0o666;
/// The bit by which only the owner of an entry of a folder may remove it (as on `/tmp`).
const STICKY: i64 = 0o1000;
/// The flag of `os.open` that makes a file.
const CREATE: i64 = 64;

pub(super) fn others_may_write(effect: &Effect, _: &[Effect]) -> Option<String> {
    modes(effect)
        .find(|mode| {
            let is_default = effect.kind != EffectKind::FileMode && *mode == DEFAULT_FILE;
            mode & OTHERS_WRITE != 0 && mode & STICKY == 0 && !is_default
        })
        .map(|mode| format!("mode 0o{mode:o}"))
}

pub(super) fn others_may_read(effect: &Effect, _: &[Effect]) -> Option<String> {
    modes(effect)
        .find(|mode| mode & OTHERS_READ != 0)
        .map(|mode| format!("mode 0o{mode:o}"))
}

pub(super) fn group_may(effect: &Effect, _: &[Effect]) -> Option<String> {
    modes(effect)
        .find(|mode| mode & GROUP != 0)
        .map(|mode| format!("mode 0o{mode:o}"))
}

/// Returns whether `os.open` is asked to make the file.
pub(super) fn is_created(effect: &Effect, _: &[Effect]) -> Option<String> {
    let flags = effect.role("flags")?.shape.alternatives();
    flags
        .iter()
        .any(|shape| matches!(shape, Shape::Int(flags) if flags & CREATE != 0))
        .then(String::new)
}

fn modes(effect: &Effect) -> impl Iterator<Item = i64> {
    // The mode of a new file passes the mask of the process; a mode of 0o777 for a folder is
    // the default of every library and means nothing.
    let counts = effect.kind == EffectKind::FileMode || effect.api.ends_with(".open");
    let role = effect.role("mode").filter(|_| counts);
    role.into_iter()
        .flat_map(|role| role.shape.alternatives())
        .filter_map(|shape| match shape {
            Shape::Int(mode) => Some(*mode),
            Shape::Str(text) if text.len() <= 4 => i64::from_str_radix(text, 8).ok(),
            _ => None,
        })
}
