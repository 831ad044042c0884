//! Names to commits: both sides of a selection, where policy counts, what commits claim.

use super::error::{GitError, Kind};
use super::{Repository, Selection};
use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use tares_model::change::Claim;

/// Both sides of a selection.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    /// How the comparison is named to people.
    pub(crate) name: String,
    /// Tree of the base side; `None` before the first commit.
    pub(crate) base: Option<ObjectId>,
    /// Where the head side is.
    pub(crate) head: Head,
    /// Tip of the target and proposed commit, for a range.
    pub(crate) commits: Option<(ObjectId, ObjectId)>,
}

/// Where the head side of a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    WorkingTree,
    Index,
    Tree(ObjectId),
}

/// A commit with the name it was found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub(crate) id: ObjectId,
    name: String,
}

impl Revision {
    /// Returns the name for people, such as `origin/main`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the full id of the commit in hexadecimal.
    pub fn id(&self) -> String {
        self.id.to_string()
    }
}

/// Returns the commit whose policy counts: the tip of a range's base, else the tip of the
/// upstream branch, else HEAD. `None` before the first commit.
pub fn policy_revision(
    repo: &Repository,
    selection: &Selection,
) -> Result<Option<Revision>, GitError> {
    if let Selection::Range { base, .. } = selection {
        return Ok(Some(Revision {
            id: commit(&repo.inner, base)?,
            name: base.clone(),
        }));
    }
    if let Some(upstream) = upstream(&repo.inner) {
        return Ok(Some(upstream));
    }
    Ok(head_commit(&repo.inner)?.map(|id| Revision {
        id,
        name: "HEAD".to_owned(),
    }))
}

/// Returns the tip of the branch that the current branch follows, if it is known here.
fn upstream(repo: &gix::Repository) -> Option<Revision> {
    let branch = repo.head_ref().ok()??;
    let name = branch
        .remote_tracking_ref_name(gix::remote::Direction::Fetch)?
        .ok()?;
    let id = repo
        .find_reference(name.as_bstr())
        .ok()?
        .peel_to_id()
        .ok()?
        .detach();
    Some(Revision {
        id,
        name: name.shorten().to_string(),
    })
}

pub(crate) fn resolve(repo: &gix::Repository, selection: &Selection) -> Result<Resolved, GitError> {
    match selection {
        Selection::WorkingTree | Selection::Staged => resolve_local(repo, selection),
        Selection::Range { base, head } => resolve_range(repo, base, head.as_deref()),
    }
}

fn resolve_local(repo: &gix::Repository, selection: &Selection) -> Result<Resolved, GitError> {
    if repo.workdir().is_none() {
        return Err(
            GitError::new(Kind::Bare, "a bare repository has no working tree")
                .with_hint("name two commits: `--base REV --head REV`"),
        );
    }
    let commit = head_commit(repo)?;
    let base = commit.map(|id| tree_of(repo, id)).transpose()?;
    let against = commit.map_or("the empty tree".to_owned(), |id| {
        format!("HEAD ({})", id.to_hex_with_len(7))
    });
    let (head, what) = match selection {
        Selection::Staged => (Head::Index, "index"),
        _ => (Head::WorkingTree, "working tree"),
    };
    Ok(Resolved {
        name: format!("{what} against {against}"),
        base,
        head,
        commits: None,
    })
}

fn resolve_range(
    repo: &gix::Repository,
    base: &str,
    head: Option<&str>,
) -> Result<Resolved, GitError> {
    let tip = commit(repo, base)?;
    let proposed = match head {
        Some(head) => commit(repo, head)?,
        None => head_commit(repo)?.ok_or_else(|| {
            GitError::new(
                Kind::Unborn,
                "HEAD has no commit yet, so there is nothing to compare with the base",
            )
            .with_hint("commit first, or leave out `--base` to judge the working tree")
        })?,
    };
    let parted = merge_base(repo, tip, proposed, base)?;
    let name = format!(
        "{} since it parted from {base} at {}",
        head.unwrap_or("HEAD"),
        parted.to_hex_with_len(7)
    );
    Ok(Resolved {
        name,
        base: Some(tree_of(repo, parted)?),
        head: Head::Tree(tree_of(repo, proposed)?),
        commits: Some((tip, proposed)),
    })
}

/// Returns the commit of HEAD, or `None` where there is none yet.
fn head_commit(repo: &gix::Repository) -> Result<Option<ObjectId>, GitError> {
    let mut head = repo
        .head()
        .map_err(|error| GitError::reading("HEAD", &error))?;
    if head.is_unborn() {
        return Ok(None);
    }
    let commit = head
        .peel_to_commit()
        .map_err(|error| GitError::reading("the commit of HEAD", &error))?;
    Ok(Some(commit.id))
}

/// Returns the commit that a name stands for.
fn commit(repo: &gix::Repository, name: &str) -> Result<ObjectId, GitError> {
    let found = repo
        .rev_parse_single(name)
        .and_then(|id| id.object())
        .and_then(|object| object.peel_to_kind(gix::object::Kind::Commit));
    found
        .map(|object| object.id)
        .map_err(|_| unknown_revision(repo, name))
}

fn tree_of(repo: &gix::Repository, commit: ObjectId) -> Result<ObjectId, GitError> {
    let tree = repo
        .find_commit(commit)
        .and_then(|commit| commit.tree_id().map(gix::Id::detach));
    tree.map_err(|error| {
        GitError::reading(&format!("commit {}", commit.to_hex_with_len(7)), &error)
    })
}

fn merge_base(
    repo: &gix::Repository,
    tip: ObjectId,
    head: ObjectId,
    base: &str,
) -> Result<ObjectId, GitError> {
    let found = repo.merge_bases_many(head, &[tip]);
    if let Ok(bases) = &found
        && let Some(id) = bases.first()
    {
        return Ok(id.detach());
    }
    if repo.is_shallow().unwrap_or(true) {
        return Err(GitError::new(
            Kind::Shallow,
            format!(
                "the clone is shallow, and the commit where HEAD parted from `{base}` is not in it"
            ),
        )
        .with_hint(format!("run `git fetch --unshallow {}`", remote(repo))));
    }
    match found {
        Err(error) => Err(GitError::reading("the history", &error)),
        Ok(_) => Err(GitError::new(Kind::NoMergeBase, format!("`{base}` shares no history with the head commit"))
            .with_hint("name a base that the head was made from; `git log --oneline --graph BASE HEAD` shows both histories")),
    }
}

fn unknown_revision(repo: &gix::Repository, name: &str) -> GitError {
    let error = GitError::new(
        Kind::UnknownRevision,
        format!("`{name}` is no commit of this repository"),
    );
    let near = near_names(repo, name);
    if !near.is_empty() {
        let list = near
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        return error.with_hint(format!("did you mean {list}?"));
    }
    let remotes = repo.remote_names();
    if let Some((remote, branch)) = name.split_once('/')
        && remotes
            .iter()
            .any(|known| known.as_bstr() == remote.as_bytes().as_bstr())
    {
        return error.with_hint(format!(
            "run `git fetch {remote} {branch}:refs/remotes/{remote}/{branch}`"
        ));
    }
    if remotes.is_empty() {
        return error.with_hint("`git branch --all` lists the branches");
    }
    error.with_hint(format!(
        "if it is on the server, run `git fetch {} {name}`",
        remote(repo)
    ))
}

fn remote(repo: &gix::Repository) -> String {
    let names = repo.remote_names();
    let origin = names.iter().find(|name| name.as_bstr() == "origin");
    origin
        .or_else(|| names.first())
        .map_or_else(|| "origin".to_owned(), |name| name.to_string())
}

/// Returns at most three references whose names are a few letters away.
fn near_names(repo: &gix::Repository, name: &str) -> Vec<String> {
    /// Enough for people's repositories; a bound for those of machines.
    const REFERENCES: usize = 5_000;
    let Ok(platform) = repo.references() else {
        return Vec::new();
    };
    let Ok(all) = platform.all() else {
        return Vec::new();
    };
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    let mut near: Vec<(usize, String)> = all
        .take(REFERENCES)
        .filter_map(Result::ok)
        .map(|reference| reference.name().shorten().to_string())
        .filter_map(|known| distance(name, &known, allowed).map(|far| (far, known)))
        .collect();
    near.sort();
    near.dedup();
    near.truncate(3);
    near.into_iter().map(|(_, known)| known).collect()
}

/// Returns how many letters have to be put in, left out or replaced, if at most `allowed`.
fn distance(one: &str, other: &str, allowed: usize) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > allowed || one.len() > 200 {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row.last().copied().filter(|&far| far <= allowed)
}

/// Returns the messages of the range's commits, oldest first, bounded in number and size.
pub(crate) fn claims(
    repo: &gix::Repository,
    tip: ObjectId,
    head: ObjectId,
    limits: &super::Limits,
) -> Vec<Claim> {
    let Ok(walk) = repo.rev_walk([head]).with_hidden([tip]).all() else {
        return Vec::new();
    };
    let mut room = limits.claim_bytes;
    let mut claims = Vec::new();
    for info in walk.take(limits.claims) {
        // A gap in the history of a shallow clone ends the list; claims only inform.
        let Ok(info) = info else { break };
        let Ok(commit) = info.object() else { break };
        let text = message(commit.message_raw_sloppy(), room);
        room -= text.len();
        claims.push(Claim {
            text,
            source: format!("commit {}", info.id.to_hex_with_len(7)),
        });
        if room == 0 {
            break;
        }
    }
    claims.reverse();
    claims
}

/// Returns the short name of the branch that is checked out.
pub(crate) fn branch(repo: &gix::Repository) -> Option<String> {
    let name = repo.head_name().ok()??;
    Some(name.shorten().to_str_lossy().into_owned())
}

fn message(raw: &BStr, room: usize) -> String {
    let text = raw.to_str_lossy();
    let text = text.trim();
    text[..text.floor_char_boundary(room)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_is_symmetric_and_bounded() {
        assert_eq!(distance("main", "mian", 3), Some(2));
        assert_eq!(distance("mian", "main", 3), Some(2));
        assert_eq!(distance("main", "main", 1), Some(0));
        assert_eq!(distance("main", "master", 3), None);
        assert_eq!(distance("origin/mai", "origin/main", 3), Some(1));
    }
}
