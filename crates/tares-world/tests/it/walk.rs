//! Walks over files and folders, and the machine in memory.

use crate::house::{pipe_at, statuses};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tares_model::change::Extent;
use tares_world::walk::{self, Options};
use tares_world::{InMemory, Os, System as _};
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    };
    write("src/a.py", b"a = 1\n");
    write("src/deep/er/b.py", b"b = 1\n");
    write(".github/workflows/ci.yml", b"on: push\n");
    write(".git/config", b"[core]\n");
    write("sub/.git", b"gitdir: nowhere\n");
    write(".gitignore", b"*.log\n/out/\n");
    write("x.log", b"ignored");
    write("out/c.py", b"ignored");
    write(".env", b"KEY=1\n");
    symlink("..", folder.path().join("src/loop")).unwrap();
    symlink("/etc/passwd", folder.path().join("src/passwd")).unwrap();
    folder
}

fn scan(folder: &Path, paths: &[&str], options: &Options) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
    let change = walk::scan(&paths, options).unwrap();
    assert!(!change.has_base);
    let prefix = format!("{}/", folder.display());
    statuses(&change)
        .iter()
        .map(|line| line.replace(&prefix, ""))
        .collect()
}

#[test]
fn hidden_files_count_and_ignored_ones_do_not() {
    let folder = folder();
    let found = scan(folder.path(), &[""], &Options::default());
    assert_eq!(
        found,
        [
            "A .env",
            "A .github/workflows/ci.yml",
            "A .gitignore",
            "A src/a.py",
            "A src/deep/er/b.py"
        ]
    );
    let options = Options {
        respect_ignore: false,
        ..Options::default()
    };
    assert!(scan(folder.path(), &[""], &options).contains(&"A out/c.py".to_owned()));
    assert_eq!(
        scan(
            folder.path(),
            &["x.log", "src", "src/a.py"],
            &Options::default()
        )
        .len(),
        3
    );
}

#[test]
fn limits_are_reported() {
    let folder = folder();
    let depth = Options {
        depth: 2,
        ..Options::default()
    };
    assert!(scan(folder.path(), &[""], &depth).contains(&"? src/deep".to_owned()));
    let few = Options {
        files: 2,
        ..Options::default()
    };
    assert_eq!(
        scan(folder.path(), &[""], &few),
        ["? ", "A .env", "A .github/workflows/ci.yml"]
    );
    std::fs::write(folder.path().join("big.py"), "x = 1\n".repeat(100)).unwrap();
    std::fs::write(folder.path().join("big.bin"), [0; 600]).unwrap();
    let small = Options {
        file_bytes: 500,
        ..Options::default()
    };
    let paths = [folder.path().join("big.py"), folder.path().join("big.bin")];
    let change = walk::scan(&paths, &small).unwrap();
    assert!(change.unseen[0].reason.contains("600 bytes"));
    assert!(matches!(
        change.files[0].after.as_ref().unwrap().extent,
        Extent::Excerpt(_)
    ));
    let total = Options {
        total_bytes: 12,
        ..Options::default()
    };
    assert_eq!(
        scan(folder.path(), &["src"], &total),
        ["A src/a.py", "A src/deep/er/b.py"]
    );
    let total = Options {
        total_bytes: 11,
        ..Options::default()
    };
    assert_eq!(
        scan(folder.path(), &["src"], &total),
        ["? src/deep/er/b.py", "A src/a.py"]
    );
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let folder = folder();
    let error = walk::scan(&[folder.path().join("absent")], &Options::default()).unwrap_err();
    assert!(error.to_string().contains("absent"));
}

#[test]
fn standard_input_is_one_file() {
    let change = walk::single("stdin.py", b"a = 1\n".to_vec());
    assert_eq!(statuses(&change), ["A stdin.py"]);
}

#[test]
fn both_machines_answer_alike() {
    let folder = folder();
    let file = folder.path().join("config.toml");
    let mut memory = InMemory::default();
    for system in [&Os as &dyn tares_world::System, &memory.clone()] {
        assert!(!system.is_file(&file));
        assert_eq!(
            system.read(&file, 10).unwrap_err().kind(),
            std::io::ErrorKind::NotFound
        );
        system.write(&file, b"0123456789").unwrap();
        assert!(system.is_file(&file));
        assert_eq!(system.read(&file, 10).unwrap(), b"0123456789");
        assert_eq!(
            system.read(&file, 9).unwrap_err().kind(),
            std::io::ErrorKind::FileTooLarge
        );
    }
    assert!(Os.read(folder.path(), 10).is_err());
    assert_eq!(memory.cache_dir(), None);
    memory
        .vars
        .insert("TARES_CACHE_DIR".into(), "/cache".into());
    assert_eq!(memory.cache_dir(), Some(PathBuf::from("/cache")));
    assert_eq!(memory.now(), memory.now());
}

#[test]
fn folders_whose_ignore_file_never_ends_are_not_entered() {
    let folder = tempfile::tempdir().unwrap();
    for below in ["a", "b", "c"] {
        std::fs::create_dir(folder.path().join(below)).unwrap();
        std::fs::write(folder.path().join(below).join("x.py"), "x = 1\n").unwrap();
    }
    pipe_at(&folder.path().join("a/.gitignore"));
    symlink("/dev/zero", folder.path().join("b/.ignore")).unwrap();
    let root = [folder.path().to_owned()];
    let walked = walk::find(&root, &Options::default()).unwrap();
    assert_eq!(walked.files.len(), 1);
    let reasons: Vec<&str> = walked.unseen.iter().map(|u| u.reason.as_str()).collect();
    assert_eq!(reasons.len(), 2);
    assert!(
        reasons.iter().all(|r| r.contains("was not entered")),
        "{reasons:?}"
    );

    pipe_at(&folder.path().join(".gitignore"));
    let walked = walk::find(&root, &Options::default()).unwrap();
    assert_eq!((walked.files.len(), walked.unseen.len()), (0, 1));
    let open = Options {
        respect_ignore: false,
        ..Options::default()
    };
    assert!(walk::find(&root, &open).unwrap().files.len() >= 3);
}
