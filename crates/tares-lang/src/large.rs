//! Whole numbers above 64 bits, as bytes with the highest first.

use std::sync::Arc;

/// Most digits of a number that is read; reading takes time with their square.
const MAX_DIGITS: usize = 2048;

/// Returns the bytes of a whole number, without zeros in front; `None` for what is no number or
/// has more than 2,048 digits.
pub fn from_digits(digits: &str, radix: u32) -> Option<Arc<[u8]>> {
    if digits.is_empty() || digits.len() > MAX_DIGITS {
        return None;
    }
    let mut limbs: Vec<u32> = Vec::new();
    for digit in digits.chars() {
        let mut carry = u64::from(digit.to_digit(radix)?);
        for limb in &mut limbs {
            let value = u64::from(*limb) * u64::from(radix) + carry;
            *limb = value as u32;
            carry = value >> 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    let bytes = limbs.iter().rev().flat_map(|limb| limb.to_be_bytes());
    Some(bytes.skip_while(|byte| *byte == 0).collect())
}

#[cfg(test)]
mod tests {
    use super::from_digits;

    #[test]
    fn digits_become_bytes() {
        assert_eq!(
            &*from_digits("68656c6c6f20776f726c64", 16).unwrap(),
            b"hello world"
        );
        let two_to_64 = from_digits("18446744073709551616", 10).unwrap();
        assert_eq!(&*two_to_64, &[1, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert!(from_digits("12x", 10).is_none() && from_digits("", 10).is_none());
    }
}
