//! Days, as advisories give them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A day, counted from 1 January 1970.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Day(pub u32);

impl Day {
    /// Returns the day of a number of seconds since 1970.
    pub fn of_seconds(seconds: u64) -> Self {
        Self(u32::try_from(seconds / 86_400).unwrap_or(u32::MAX))
    }

    /// Reads the beginning of an RFC 3339 time, or a date; `None` before 1970 and after 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        if !date.is_ascii() || text[10..].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut parts = date.split('-');
        let mut next = |width: usize| {
            let part = parts.next()?;
            let is_number = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| part.parse::<u32>().ok()).flatten()
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // Days of the civil calendar, with the year beginning in March.
        let (y, m) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let era_day =
            (y % 400) * 365 + (y % 400) / 4 - (y % 400) / 100 + (153 * m + 2) / 5 + day - 1;
        Some(Self((y / 400) * 146_097 + era_day - 719_468))
    }

    /// Returns how many whole days have passed until `today`; none for a day to come.
    pub fn age(self, today: Self) -> u32 {
        today.0.saturating_sub(self.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let z = u64::from(self.0) + 719_468;
        let (era, day) = (z / 146_097, z % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let m = (5 * day + 2) / 153;
        let (month, shift) = if m < 10 { (m + 3, 0) } else { (m - 9, 1) };
        let year = era * 400 + year + shift;
        write!(f, "{year:04}-{month:02}-{:02}", day - (153 * m + 2) / 5 + 1)
    }
}
