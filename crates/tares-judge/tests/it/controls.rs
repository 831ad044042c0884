//! What changes do to controls, and conditions that are no new ability.

use crate::stage::{Memory, change, judge, with_task};

const GUARDED: &str = "def refund(user, order, store):\n    require_admin(user)\n    store.delete(order)\n    return order\n";
const OPEN: &str = "def refund(user, order, store):\n    store.delete(order)\n    return order\n";

#[test]
fn a_check_that_is_gone_blocks_where_a_task_says_nothing_of_it() {
    let files = [("shop.py", Some(GUARDED), Some(OPEN))];
    let said = judge(
        &with_task(change(&files), "Round the totals"),
        &Memory::default(),
    );
    assert_eq!(said.rules(), ["check-gone"]);
    assert_eq!(said.outcome.verdict, Some(tares_model::Verdict::Block));
    let task = "Everybody may refund: remove the admin check";
    let said = judge(&with_task(change(&files), task), &Memory::default());
    assert!(!said.has("check-gone"), "{:?}", said.rules());
    let said = judge(&change(&files), &Memory::default());
    assert_eq!(said.outcome.verdict, Some(tares_model::Verdict::Review));
}

#[test]
fn a_check_that_moves_to_another_file_is_not_gone() {
    let router = "def route(user, order, store):\n    require_admin(user)\n    return refund(user, order, store)\n";
    let files = [
        ("shop.py", Some(GUARDED), Some(OPEN)),
        ("router.py", None, Some(router)),
    ];
    let said = judge(&change(&files), &Memory::default());
    assert!(!said.has("check-gone"), "{:?}", said.rules());
}

#[test]
fn tests_and_built_files_have_no_controls() {
    for path in ["tests/test_shop.py", "dist/shop.py"] {
        let said = judge(
            &change(&[(path, Some(GUARDED), Some(OPEN))]),
            &Memory::default(),
        );
        assert!(!said.has("check-gone"), "{path}: {:?}", said.rules());
    }
}

#[test]
fn one_condition_more_is_no_new_ability() {
    let before = "import requests\n\ndef send(key):\n    requests.post('https://api.example/x', json={'n': key}, timeout=9)\n";
    let after = "import requests\nfrom datetime import date\n\ndef send(key):\n    if date.today().weekday() == 6:\n        return\n    requests.post('https://api.example/x', json={'n': key}, timeout=9)\n";
    let files = [("a.py", Some(before), Some(after))];
    let said = judge(
        &with_task(change(&files), "Do nothing on Sundays"),
        &Memory::default(),
    );
    assert!(!said.has("new-network-peer"), "{:?}", said.rules());
    assert_eq!(said.outcome.verdict, Some(tares_model::Verdict::Pass));
}
