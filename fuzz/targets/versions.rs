//! Any two texts are versions or are not; an order holds in both directions.
#![no_main]

use tares_deps::Ecosystem;
use tares_deps::version::order;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (one, other) = text.split_once('\n').unwrap_or((text, "1.0.0"));
    for (ecosystem, _) in Ecosystem::ALL {
        let forth = order(ecosystem, one, other);
        let back = order(ecosystem, other, one);
        assert_eq!(forth, back.map(std::cmp::Ordering::reverse), "{ecosystem}");
        if order(ecosystem, one, one).is_some() {
            assert!(order(ecosystem, one, one) == Some(std::cmp::Ordering::Equal), "{ecosystem}");
        }
    }
});
