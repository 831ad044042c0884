//! Days of the calendar, for people.

use tares_model::fact::Timestamp;

/// Returns a time as `2026-11-20 08:05 UTC`.
pub fn date(time: Timestamp) -> String {
    let days = time.0.div_euclid(86_400);
    let seconds = time.0.rem_euclid(86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        seconds / 3600,
        seconds / 60 % 60
    )
}

/// Turns days since 1970 into year, month and day: the year begins in March, so that the leap day
/// is its last, and repeats after 400.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (time, wanted) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_795_161_900, "2026-11-20 08:05 UTC"),
            (-86_400, "1969-12-31 00:00 UTC"),
        ] {
            assert_eq!(date(Timestamp(time)), wanted);
        }
    }
}
