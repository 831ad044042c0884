//! The index, with every file of it named.

use super::error::GitError;
use gix::bstr::BString;
use gix::index::State;
use gix::index::entry::{Flags, Stat};

/// Returns the index; an absent one is empty. The folders that a sparse index keeps as one
/// entry are spelled out, as files that are not checked out.
///
/// The flags by which the index asks not to look at a file are cleared: what they hide from
/// git is looked at here. Only the absent files of a sparse checkout stay absent.
pub(crate) fn read(repo: &gix::Repository) -> Result<State, GitError> {
    let index = repo
        .index_or_empty()
        .map_err(|error| GitError::reading("the index", &error))?;
    let mut state = State::clone(&index);
    if state.is_sparse() {
        state = spell_out(repo, &state)
            .map_err(|error| GitError::reading("the sparse index", &error))?;
    }
    for entry in state.entries_mut() {
        entry
            .flags
            .remove(Flags::ASSUME_VALID | Flags::FSMONITOR_VALID);
    }
    Ok(state)
}

fn spell_out(repo: &gix::Repository, sparse: &State) -> gix::Result<State> {
    let mut full = State::new(repo.object_hash());
    full.set_timestamp(sparse.timestamp());
    for entry in sparse.entries() {
        let path = entry.path(sparse);
        if !entry.mode.is_sparse() {
            full.dangerously_push_entry(entry.stat, entry.id, entry.flags, entry.mode, path);
            continue;
        }
        let folder = repo.index_from_tree(&entry.id)?;
        for file in folder.entries() {
            let mut below = BString::from(path);
            below.extend_from_slice(file.path(&folder));
            full.dangerously_push_entry(
                Stat::default(),
                file.id,
                Flags::SKIP_WORKTREE,
                file.mode,
                below.as_ref(),
            );
        }
    }
    full.sort_entries();
    Ok(full)
}
