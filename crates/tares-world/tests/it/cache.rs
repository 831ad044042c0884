//! The cache under damage, rivals and hostile folders.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use tares_world::Cache;
use tares_world::cache::DEFAULT_LIMIT;
use tempfile::TempDir;

fn key(i: u32) -> [u8; 32] {
    *blake3::hash(&i.to_le_bytes()).as_bytes()
}

fn files(folder: &TempDir) -> Vec<PathBuf> {
    ignore::Walk::new(folder.path())
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .collect()
}

#[test]
fn what_was_put_is_got_by_another_process() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("not/yet/there");
    let cache = Cache::new(&below, DEFAULT_LIMIT);
    assert_eq!(cache.get(&key(1)), None);
    assert!(!below.exists(), "asking writes nothing");
    cache.put(&key(1), b"one");
    cache.put(&key(2), b"");
    let other = Cache::new(&below, DEFAULT_LIMIT);
    assert_eq!(other.get(&key(1)).as_deref(), Some(&b"one"[..]));
    assert_eq!(other.get(&key(2)).as_deref(), Some(&b""[..]));
    assert_eq!((other.get(&key(3)), cache.problem()), (None, None));
    let none = Cache::none();
    none.put(&key(1), b"one");
    assert_eq!((none.get(&key(1)), none.problem()), (None, None));
}

#[test]
fn every_damage_is_a_miss() {
    let folder = TempDir::new().unwrap();
    let cache = Cache::new(folder.path(), DEFAULT_LIMIT);
    cache.put(&key(1), b"some value");
    let file = files(&folder).pop().unwrap();
    let good = std::fs::read(&file).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(cache.get(&key(1)), None, "bit flipped in byte {at}");
        std::fs::write(&file, &good[..at]).unwrap();
        assert_eq!(cache.get(&key(1)), None, "cut at {at}");
    }
    cache.put(&key(1), b"some value");
    cache.put(&key(65), b"other");
    let other = files(&folder)
        .into_iter()
        .find(|other| *other != file)
        .unwrap();
    std::fs::copy(&file, &other).unwrap();
    assert_eq!(
        cache.get(&key(65)),
        None,
        "a value counts under its own key only"
    );
}

#[test]
fn rivals_never_see_a_torn_value() {
    let folder = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let cache = Cache::new(folder.path(), DEFAULT_LIMIT);
                for round in 0..40 {
                    for i in 0..8 {
                        let value = vec![i as u8; 20_000];
                        if round > 0 {
                            assert_eq!(cache.get(&key(i)).as_deref(), Some(&value[..]));
                        }
                        cache.put(&key(i), &value);
                    }
                }
                assert_eq!(cache.problem(), None);
            });
        }
    });
    assert_eq!(files(&folder).len(), 8, "no half-written file is left");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_once_and_harmless() {
    let folder = TempDir::new().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "in the way").unwrap();
    let cache = Cache::new(&blocked, DEFAULT_LIMIT);
    cache.put(&key(1), b"one");
    cache.put(&key(2), b"two");
    assert_eq!(cache.get(&key(1)), None);
    assert!(
        cache.problem().unwrap().contains("file"),
        "{:?}",
        cache.problem()
    );
    let looped = folder.path().join("loop");
    symlink("loop", &looped).unwrap();
    let cache = Cache::new(&looped, DEFAULT_LIMIT);
    cache.put(&key(1), b"one");
    assert!(cache.problem().is_some());
}

#[test]
fn the_size_stays_near_the_limit() {
    let folder = TempDir::new().unwrap();
    let limit = 64 * 40_000;
    let cache = Cache::new(folder.path(), limit);
    cache.put(&key(0), &vec![0; 10_001]);
    assert_eq!(
        files(&folder).len(),
        0,
        "larger than a quarter of a folder's share"
    );
    for i in 0..6_000 {
        cache.put(&key(i), &[1; 1_000]);
    }
    let size: u64 = files(&folder)
        .iter()
        .map(|file| file.metadata().unwrap().len())
        .sum();
    assert!(
        size < limit * 3,
        "{size} bytes are kept of 6 million put, at a limit of {limit}"
    );
}
