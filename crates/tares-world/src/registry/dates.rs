//! Whether the dates of a package can be believed, and how they are read.
//!
//! Pure. Mirrors put the day on which they copied a version in place of the day on which it was
//! published; such dates say nothing of age. Believed is what fits the order of versions.

use tares_model::Ecosystem;
use tares_model::fact::{Dates, Release, Timestamp};

/// Kendall's tau below which dates do not fit. Measured: 0.98 to 1.00 for Cargo's own dates of
/// packages with 21 to 308 versions, -0.28 to -0.44 for those of a caching mirror. Low, because
/// versions of old branches come late and rightly so.
const TAU: f64 = 0.5;
/// Versions from which on the order of one package tells anything.
const ENOUGH: usize = 8;
/// Versions that are compared at most, evenly chosen: pairs grow with the square.
const COMPARED: usize = 1000;
/// How far a clock may be wrong, in seconds.
const AHEAD: i64 = 24 * 3600;
/// Moments that programs write where they know no date: the beginning of time for Unix and for
/// zip, and what reproducible builds of Python packages use.
const CONSTANTS: [&str; 3] = [
    "1970-01-01T00:00:00Z",
    "1980-01-01T00:00:00Z",
    "2020-02-02T00:00:00Z",
];

/// Judges the dates of one package at a time `now`.
pub fn judge(ecosystem: Ecosystem, releases: &[Release], now: Timestamp) -> Dates {
    let dated = || releases.iter().filter_map(|release| release.time);
    if dated().next().is_none() {
        return Dates::Missing;
    }
    if dated().any(|time| time.0 > now.0.saturating_add(AHEAD)) {
        return Dates::Untrusted("a date lies in the future".to_owned());
    }
    if dated().any(|time| CONSTANTS.iter().any(|text| parse(text) == Some(time))) {
        return Dates::Untrusted("a date is a constant, not a day of publication".to_owned());
    }
    if dated().any(|time| time < begin(ecosystem)) {
        return Dates::Untrusted("a date lies before the ecosystem began".to_owned());
    }
    match tau(releases) {
        Some((tau, count)) if tau < TAU => Dates::Untrusted(format!(
            "dates do not follow the order of {count} versions (tau {tau:.2})"
        )),
        _ => Dates::Plausible,
    }
}

/// Returns the day from which on an ecosystem has packages: the first year of its registry.
fn begin(ecosystem: Ecosystem) -> Timestamp {
    Timestamp(match ecosystem {
        Ecosystem::PyPi => 1_041_379_200,  // 2003
        Ecosystem::Npm => 1_230_768_000,   // 2009
        Ecosystem::Cargo => 1_388_534_400, // 2014
        _ => 946_684_800,                  // 2000
    })
}

/// Returns Kendall's tau between the order of versions and that of dates, and how many versions
/// it rests on; `None` below [`ENOUGH`]. Previews are left out, because ecosystems differ in
/// where they put them. Versions of one date count as neither in order nor out of it.
pub fn tau(releases: &[Release]) -> Option<(f64, usize)> {
    let mut dated: Vec<(Vec<u64>, Timestamp)> = releases
        .iter()
        .filter_map(|release| Some((plain(&release.version)?, release.time?)))
        .collect();
    dated.sort();
    dated.dedup_by(|a, b| a.0 == b.0);
    let count = dated.len();
    if count < ENOUGH {
        return None;
    }
    let step = count.div_ceil(COMPARED);
    let times: Vec<Timestamp> = dated.iter().step_by(step).map(|(_, time)| *time).collect();
    let mut balance = 0_i64;
    for (i, early) in times.iter().enumerate() {
        for late in &times[i + 1..] {
            balance += match early.cmp(late) {
                std::cmp::Ordering::Less => 1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => -1,
            };
        }
    }
    let pairs = times.len() * (times.len() - 1) / 2;
    Some((balance as f64 / pairs as f64, count))
}

/// Returns the numbers of a version that has nothing else, without zeros at the end.
pub(super) fn plain(version: &str) -> Option<Vec<u64>> {
    let version = version.strip_prefix('v').unwrap_or(version);
    let version = version.split('+').next().unwrap_or_default();
    let mut numbers = Vec::new();
    for part in version.split('.') {
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        numbers.push(part.parse().ok()?);
    }
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

/// Reads a date with time as RFC 3339 writes it, in any zone; years 1 to 9999.
pub fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.trim().as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let part = bytes.get(from..to)?;
        let is_number = part.iter().all(u8::is_ascii_digit);
        is_number.then(|| {
            part.iter()
                .fold(0, |all, digit| all * 10 + i64::from(digit - b'0'))
        })
    };
    let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let length = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut end = 19;
    if is(end, b".") {
        end += 1;
        let from = end;
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        if end == from {
            return None;
        }
    }
    let zone = match bytes.get(end)? {
        b'Z' | b'z' if bytes.len() == end + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == end + 6 && is(end + 3, b":") => {
            let seconds = number(end + 1, end + 3)? * 3600 + number(end + 4, end + 6)? * 60;
            if *sign == b'+' { seconds } else { -seconds }
        }
        _ => return None,
    };
    let time = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Timestamp(time - zone))
}

/// Returns the days from 1970-01-01 in the Gregorian calendar, counting years from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468
}
