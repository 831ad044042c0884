//! Whether dates can be believed: properties of the test itself.

use proptest::prelude::*;
use tares_model::Ecosystem::Cargo;
use tares_model::fact::{Dates, Release, Timestamp};
use tares_world::registry::dates::{judge, parse, tau};

/// 2026-06-01.
const NOW: Timestamp = Timestamp(1_780_272_000);
/// 2015-01-01.
const OLD: i64 = 1_420_070_400;

fn releases(times: &[i64]) -> Vec<Release> {
    let release = |(i, time): (usize, &i64)| Release {
        version: format!("{}.{}.0", i / 10, i % 10),
        time: Some(Timestamp(*time)),
        ..Release::default()
    };
    times.iter().enumerate().map(release).collect()
}

/// Times within ten years, each after the one before.
fn rising(least: usize) -> impl Strategy<Value = Vec<i64>> {
    prop::collection::btree_set(OLD..OLD + 315_000_000, least..60)
        .prop_map(|times| times.into_iter().collect())
}

proptest! {
    #[test]
    fn what_rises_is_plausible_and_what_falls_is_not(times in rising(8)) {
        let mut all = releases(&times);
        prop_assert_eq!(judge(Cargo, &all, NOW), Dates::Plausible);
        prop_assert_eq!(tau(&all), Some((1.0, times.len())));
        // The order in which a place lists them does not matter.
        all.reverse();
        prop_assert_eq!(judge(Cargo, &all, NOW), Dates::Plausible);
        let falling: Vec<i64> = times.into_iter().rev().collect();
        prop_assert!(matches!(judge(Cargo, &releases(&falling), NOW), Dates::Untrusted(_)));
    }

    #[test]
    fn a_late_fix_of_an_old_branch_does_no_harm(times in rising(12), at in 0..12_usize) {
        let mut times = times;
        let last = times.last().copied().unwrap_or_default();
        times[at] = last + 86_400;
        prop_assert_eq!(judge(Cargo, &releases(&times), NOW), Dates::Plausible);
    }

    #[test]
    fn one_day_for_all_is_no_date(time in OLD..OLD + 300_000_000, count in 8..40_usize) {
        let all = releases(&vec![time; count]);
        prop_assert!(matches!(judge(Cargo, &all, NOW), Dates::Untrusted(_)));
    }

    #[test]
    fn few_versions_tell_nothing_of_their_order(times in prop::collection::vec(OLD..OLD + 300_000_000, 1..8)) {
        prop_assert_eq!(tau(&releases(&times)), None);
    }

    #[test]
    fn any_version_and_any_time_is_judged(all in prop::collection::vec(("\\PC{0,12}", any::<Option<i64>>()), 0..40)) {
        let all: Vec<Release> = all
            .into_iter()
            .map(|(version, time)| Release { version, time: time.map(Timestamp), ..Release::default() })
            .collect();
        judge(Cargo, &all, NOW);
        if let Some((tau, _)) = tau(&all) {
            prop_assert!((-1.0..=1.0).contains(&tau));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        parse(&text);
    }

    #[test]
    fn a_zone_shifts_the_moment(hour in 0..24_i64, minute in 0..60_i64, ahead in 0..14_i64) {
        let utc = parse(&format!("2024-03-01T{hour:02}:{minute:02}:00Z")).unwrap();
        let zone = parse(&format!("2024-03-01T{hour:02}:{minute:02}:00.123456+{ahead:02}:30")).unwrap();
        prop_assert_eq!(utc.0 - zone.0, ahead * 3600 + 1800);
        prop_assert_eq!(utc.0, 1_709_251_200 + hour * 3600 + minute * 60);
    }
}

#[test]
fn moments_are_read_as_calendars_have_them() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", 0),
        ("2000-02-29T23:59:60Z", 951_868_800),
        ("1969-12-31T23:59:59Z", -1),
        ("2026-11-20T08:00:00.000Z", 1_795_161_600),
    ] {
        assert_eq!(parse(text), Some(Timestamp(seconds)), "{text}");
    }
    for text in [
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:00:00+1:00",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}
