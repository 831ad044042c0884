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
    let get = || Cache::new(folder.path(), DEFAULT_LIMIT).get(&key(1));
    assert_eq!(get().as_deref(), Some(&b"some value"[..]));
    for file in files(&folder) {
        let good = std::fs::read(&file).unwrap();
        for at in (0..good.len()).filter(|&at| good[at] != 0) {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            std::fs::write(&file, &bytes).unwrap();
            assert_eq!(
                get(),
                None,
                "bit flipped in byte {at} of {}",
                file.display()
            );
            std::fs::write(&file, &good[..at]).unwrap();
            assert_eq!(get(), None, "{} cut at {at}", file.display());
        }
        std::fs::write(&file, &good).unwrap();
    }
    assert_eq!(get().as_deref(), Some(&b"some value"[..]));
    for name in ["index", "data"] {
        std::fs::remove_file(folder.path().join("v1/1").join(name)).unwrap();
        let cache = Cache::new(folder.path(), DEFAULT_LIMIT);
        assert_eq!(cache.get(&key(1)), None, "without {name}");
        cache.put(&key(1), b"some value");
        assert_eq!(
            (cache.problem(), get().is_some()),
            (None, true),
            "without {name}"
        );
        std::fs::remove_dir_all(folder.path().join("v1")).unwrap();
        Cache::new(folder.path(), DEFAULT_LIMIT).put(&key(1), b"some value");
    }
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
                        // A rival may have taken the slot with a value not yet written, so
                        // that a miss is allowed; anything else is not.
                        let found = cache.get(&key(i));
                        assert!(
                            found.is_none() || found.as_ref() == Some(&value),
                            "round {round}"
                        );
                        cache.put(&key(i), &value);
                    }
                }
                assert_eq!(cache.problem(), None);
            });
        }
    });
    let cache = Cache::new(folder.path(), DEFAULT_LIMIT);
    assert!((0..8).all(|i| cache.get(&key(i)) == Some(vec![i as u8; 20_000])));
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
fn the_size_stays_within_the_limit_and_what_is_used_stays() {
    let folder = TempDir::new().unwrap();
    let limit = 1_000_000;
    let cache = Cache::new(folder.path(), limit);
    cache.put(&key(0), &vec![0; 125_001]);
    assert_eq!(files(&folder).len(), 0, "above an eighth of the limit");
    cache.put(&key(1), b"used");
    for i in 2..6_000 {
        cache.put(&key(i), &[1; 1_000]);
        assert!(
            i % 100 > 0 || cache.get(&key(1)).is_some(),
            "lost after {i}"
        );
    }
    assert!(cache.get(&key(5_999)).is_some() && cache.get(&key(5_700)).is_some());
    assert!(cache.get(&key(2)).is_none());
    let data = files(&folder)
        .into_iter()
        .filter(|file| file.ends_with("data"));
    let size: u64 = data.map(|file| file.metadata().unwrap().len()).sum();
    assert!(
        size <= limit + 2_000,
        "{size} bytes are kept of 6 million put"
    );
}
