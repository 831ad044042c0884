//! Files of sections, keys and values, as pip writes them.

/// Returns section, key and value of each entry, in order. A value may go on in indented lines,
/// which are joined by a line feed. `_` in keys is `-`.
pub(super) fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut entries: Vec<(String, String, String)> = Vec::new();
    let mut section = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let goes_on = line.starts_with([' ', '\t']);
        if let (true, Some((_, _, value))) = (goes_on, entries.last_mut()) {
            value.push('\n');
            value.push_str(trimmed);
        } else if let Some(name) = trimmed.strip_prefix('[') {
            name.trim_end_matches(']').trim().clone_into(&mut section);
        } else if let Some((key, value)) = trimmed.split_once(['=', ':']) {
            let key = key.trim().to_lowercase().replace('_', "-");
            entries.push((section.clone(), key, value.trim().to_owned()));
        }
    }
    entries
}
