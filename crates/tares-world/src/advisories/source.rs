//! What the user names as a source: a folder, an archive, a repository.

use super::error::UpdateError;
use super::limits::Budget;
use crate::git;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tares_deps::advisory::{Day, Import, is_candidate};

/// Deepest folder below a source.
const DEEPEST: usize = 32;

/// Bytes of names and of unpacked headers that a member of an archive is charged with.
const MEMBER: u64 = 512;

/// Reads one source into an import.
pub(super) fn read(
    place: &Path,
    budget: &mut Budget,
    import: &mut Import,
) -> Result<(), UpdateError> {
    let reading = |source| UpdateError::Reading {
        place: place.to_owned(),
        source,
    };
    let full = place.canonicalize().map_err(reading)?;
    let name = full.display().to_string();
    let meta = full.metadata().map_err(reading)?;
    if meta.is_dir() && is_repository(&full) {
        return repository(&full, &name, budget, import);
    }
    if meta.is_dir() {
        import.source(&name, "folder", None);
        return folder(&full, budget, import);
    }
    if !meta.is_file() {
        return Err(UpdateError::Broken {
            place: place.to_owned(),
            why: "neither a folder nor a file".to_owned(),
        });
    }
    let Some(form) = archive(&full) else {
        return Err(UpdateError::Broken {
            place: place.to_owned(),
            why: "neither a folder, a repository, nor an archive `.zip`, `.tar` or `.tar.gz`"
                .to_owned(),
        });
    };
    import.source(&name, form.as_str(), None);
    form.read(&full, budget, import)
}

/// A checkout, or a repository without one.
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").exists()
        || (folder.join("HEAD").is_file() && folder.join("objects").is_dir())
}

/// Archives that are understood.
#[derive(Debug, Clone, Copy)]
enum Archive {
    Zip,
    Tar,
    TarGz,
}

/// Tells an archive by its name.
fn archive(path: &Path) -> Option<Archive> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    if name.ends_with(".zip") {
        Some(Archive::Zip)
    } else if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        Some(Archive::TarGz)
    } else {
        name.ends_with(".tar").then_some(Archive::Tar)
    }
}

impl Archive {
    fn as_str(self) -> &'static str {
        match self {
            Self::Zip => "zip archive",
            Self::Tar | Self::TarGz => "tar archive",
        }
    }

    fn read(
        self,
        path: &Path,
        budget: &mut Budget,
        import: &mut Import,
    ) -> Result<(), UpdateError> {
        let file = File::open(path).map_err(|source| UpdateError::Reading {
            place: path.to_owned(),
            source,
        })?;
        match self {
            Self::Zip => zip(path, file, budget, import),
            Self::Tar => tar(path, io::BufReader::new(file), budget, import),
            Self::TarGz => {
                let unpacked = flate2::read::MultiGzDecoder::new(io::BufReader::new(file));
                tar(path, unpacked, budget, import)
            }
        }
    }
}

/// Reads a folder and the archives in it, following no link.
fn folder(root: &Path, budget: &mut Budget, import: &mut Import) -> Result<(), UpdateError> {
    let reading = |place: &Path, source| UpdateError::Reading {
        place: place.to_owned(),
        source,
    };
    let mut open: Vec<(PathBuf, usize)> = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(UpdateError::TooLarge {
                place: folder,
                what: format!("{DEEPEST} folders in each other"),
            });
        }
        let entries = std::fs::read_dir(&folder).map_err(|error| reading(&folder, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| reading(&folder, error))?;
            let (path, name) = (entry.path(), entry.file_name());
            let kind = entry.file_type().map_err(|error| reading(&path, error))?;
            budget.document(root)?;
            if kind.is_dir() && !name.to_string_lossy().starts_with('.') {
                open.push((path, depth + 1));
            } else if kind.is_file() && is_candidate(&name.to_string_lossy()) {
                let file = File::open(&path).map_err(|error| reading(&path, error))?;
                let shown = path
                    .strip_prefix(root)
                    .unwrap_or(&path)
                    .display()
                    .to_string();
                document(root, &shown, file, budget, import)?;
            } else if let Some(form) = archive(&path).filter(|_| kind.is_file()) {
                form.read(&path, budget, import)?;
            }
        }
    }
    Ok(())
}

/// Reads one document whole, or refuses it.
fn document(
    place: &Path,
    name: &str,
    from: impl Read,
    budget: &mut Budget,
    import: &mut Import,
) -> Result<(), UpdateError> {
    let mut bytes = Vec::new();
    from.take(budget.next())
        .read_to_end(&mut bytes)
        .map_err(|error| broken(place, name, &error))?;
    budget.within(place, name, bytes.len() as u64)?;
    import.document(name, &bytes);
    Ok(())
}

fn broken(place: &Path, name: &str, error: &dyn std::fmt::Display) -> UpdateError {
    UpdateError::Broken {
        place: place.to_owned(),
        why: format!("`{}` cannot be read: {error}", name.escape_debug()),
    }
}

fn zip(
    path: &Path,
    file: File,
    budget: &mut Budget,
    import: &mut Import,
) -> Result<(), UpdateError> {
    let fails = |error: &dyn std::fmt::Display| UpdateError::Broken {
        place: path.to_owned(),
        why: format!("not a whole zip archive: {error}"),
    };
    let mut archive =
        zip::ZipArchive::new(io::BufReader::new(file)).map_err(|error| fails(&error))?;
    for at in 0..archive.len() {
        budget.document(path)?;
        budget.bytes(path, MEMBER)?;
        let member = archive.by_index(at).map_err(|error| fails(&error))?;
        let name = member.name().map_err(|error| fails(&error))?.into_owned();
        if member.is_file() && is_candidate(&name) {
            // The checksum of the member is compared at its end.
            document(path, &name, member, budget, import)?;
        }
    }
    Ok(())
}

fn tar(
    path: &Path,
    from: impl Read,
    budget: &mut Budget,
    import: &mut Import,
) -> Result<(), UpdateError> {
    let fails = |error: &io::Error| UpdateError::Broken {
        place: path.to_owned(),
        why: format!("not a whole tar archive: {error}"),
    };
    let mut archive = tar::Archive::new(Counted {
        from,
        left: budget.left(),
    });
    let mut members = 0_u64;
    for member in archive.entries().map_err(|error| fails(&error))? {
        let mut member = member.map_err(|error| fails(&error))?;
        members += 1;
        budget.document(path)?;
        budget.bytes(path, MEMBER)?;
        let name = String::from_utf8_lossy(&member.path_bytes()).into_owned();
        if member.header().entry_type().is_file() && is_candidate(&name) {
            document(path, &name, member, budget, import)?;
        } else {
            budget.bytes(path, member.size())?;
            io::copy(&mut member, &mut io::sink()).map_err(|error| fails(&error))?;
        }
    }
    if members == 0 {
        return Err(fails(&io::ErrorKind::UnexpectedEof.into()));
    }
    // What stands behind the end of the archive says whether its packing was cut.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(|error| fails(&error))?;
    Ok(())
}

/// Ends what unpacks to more than the budget, also where no member says so: in names and padding.
struct Counted<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(bytes)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("it unpacks to more than any real one"))?;
        Ok(count)
    }
}

/// Reads the files of the commit that HEAD names.
fn repository(
    path: &Path,
    name: &str,
    budget: &mut Budget,
    import: &mut Import,
) -> Result<(), UpdateError> {
    let fails = |error: &dyn std::fmt::Display| UpdateError::Broken {
        place: path.to_owned(),
        why: format!("the repository cannot be read: {error}"),
    };
    let repo = git::open(path).map_err(|error| fails(&error))?;
    let repo = &repo.inner;
    let commit = repo.head_commit().map_err(|error| fails(&error))?;
    let seconds = commit.time().map_err(|error| fails(&error))?.seconds;
    let dated = Day::of_seconds(u64::try_from(seconds).unwrap_or(0));
    import.source(name, "repository", Some(dated));
    let tree = commit.tree_id().map_err(|error| fails(&error))?.detach();
    let mut open = vec![(tree, String::new(), 0)];
    while let Some((id, prefix, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(UpdateError::TooLarge {
                place: path.to_owned(),
                what: format!("{DEEPEST} folders in each other"),
            });
        }
        let tree = repo.find_tree(id).map_err(|error| fails(&error))?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| fails(&error))?;
            budget.document(path)?;
            let shown = format!("{prefix}{}", entry.filename());
            if entry.mode().is_tree() {
                open.push((entry.object_id(), format!("{shown}/"), depth + 1));
            } else if entry.mode().is_blob() && is_candidate(&shown) {
                let size = repo
                    .find_header(entry.object_id())
                    .map_err(|error| fails(&error))?
                    .size();
                budget.within(path, &shown, size)?;
                let blob = repo
                    .find_object(entry.object_id())
                    .map_err(|error| fails(&error))?;
                import.document(&shown, &blob.data);
            }
        }
    }
    Ok(())
}
