//! Suggestions: the known word that someone probably meant.

/// Returns the known word nearest to `word`, if one is near enough to be meant.
///
/// One edit in three characters may differ; a swap of neighbours is one edit, and `_`, `-`
/// and case do not count. Words too long to be a slip of the pen are not compared.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace('_', "-");
    let word = plain(word);
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &plain(candidate)), candidate))
        .filter(|&(distance, candidate)| distance <= allowed && distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the hint that names the nearest word, or else all words.
pub(crate) fn hint_among<'k>(
    word: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "use one of {}",
            known.into_iter().collect::<Vec<_>>().join(", ")
        ),
    }
}
