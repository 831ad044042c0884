//! Rates with their intervals.

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_964;

/// A count out of a total.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) hits: usize,
    pub(crate) of: usize,
}

impl Rate {
    /// Counts one more case.
    pub(crate) fn add(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    /// Returns Wilson's 95 % interval; everything is possible when nothing was counted.
    pub(crate) fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, share) = (self.of as f64, self.hits as f64 / self.of as f64);
        let middle = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        (
            ((middle - half) / scale).max(0.0),
            ((middle + half) / scale).min(1.0),
        )
    }

    /// Returns `12/30 40% [24-58]`, or a dash where nothing was counted.
    pub(crate) fn cell(self) -> String {
        if self.of == 0 {
            return "-".to_owned();
        }
        let share = 100.0 * self.hits as f64 / self.of as f64;
        let (low, high) = self.interval();
        let Self { hits, of } = self;
        format!(
            "{hits}/{of} {share:.0}% [{:.0}-{:.0}]",
            100.0 * low,
            100.0 * high
        )
    }
}

/// Returns the exact-order 95 % bounds of a Poisson count by Byar's approximation.
pub(crate) fn poisson(count: usize) -> (f64, f64) {
    let bound = |n: f64, z: f64| n * (1.0 - 1.0 / (9.0 * n) + z / (3.0 * n.sqrt())).powi(3);
    let low = if count == 0 {
        0.0
    } else {
        bound(count as f64, -Z)
    };
    (low, bound(count as f64 + 1.0, Z))
}

#[cfg(test)]
mod tests {
    use super::{Rate, poisson};

    #[test]
    fn wilson_matches_published_values() {
        // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
        let (low, high) = Rate { hits: 81, of: 263 }.interval();
        assert!(
            (low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5,
            "{low} {high}"
        );
        let (low, high) = Rate { hits: 0, of: 20 }.interval();
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
        assert_eq!(Rate::default().interval(), (0.0, 1.0));
    }

    #[test]
    fn poisson_bounds_are_close_to_the_exact_ones() {
        // Exact: 10 gives 4.795 to 18.390, 0 gives 0 to 3.689.
        let (low, high) = poisson(10);
        assert!(
            (low - 4.795).abs() < 0.02 && (high - 18.39).abs() < 0.02,
            "{low} {high}"
        );
        let (low, high) = poisson(0);
        assert!(low == 0.0 && (high - 3.689).abs() < 0.1, "{high}");
    }
}
