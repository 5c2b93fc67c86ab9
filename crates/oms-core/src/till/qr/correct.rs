//! Codewords that correct errors: Reed-Solomon over the field of 256 elements (8.5).

use alloc::vec;
use alloc::vec::Vec;

/// The blocks of the data with their correcting codewords, a codeword of each in turn. The later blocks take what does not
/// share out evenly.
pub(super) fn interleaved(data: &[u8], blocks: usize, correcting: usize) -> Vec<u8> {
    let short = data.len() / blocks;
    let longer = data.len() % blocks;
    let mut rest = data;
    let mut parts = Vec::new();
    for block in 0..blocks {
        let length = short + usize::from(block >= blocks - longer);
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        parts.push((part, corrections(part, correcting)));
        rest = after;
    }
    let data = (0..=short).flat_map(|place| parts.iter().filter_map(move |(part, _)| part.get(place)));
    let checks = (0..correcting).flat_map(|place| parts.iter().filter_map(move |(_, checks)| checks.get(place)));
    data.chain(checks).copied().collect()
}

/// The rest of dividing a block by the generator of so many codewords.
fn corrections(block: &[u8], count: usize) -> Vec<u8> {
    let generator = generator(count);
    let mut rest = vec![0; count];
    for byte in block {
        let factor = byte ^ rest.first().copied().unwrap_or_default();
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (place, coefficient) in rest.iter_mut().zip(&generator) {
            *place ^= multiply(*coefficient, factor);
        }
    }
    rest
}

/// The product of all `x - 2^i`, without its leading one, the highest power first.
fn generator(count: usize) -> Vec<u8> {
    let mut product = vec![0; count];
    if let Some(last) = product.last_mut() {
        *last = 1;
    }
    let mut root = 1;
    for _ in 0..count {
        let shifted: Vec<u8> = product.iter().skip(1).copied().chain([0]).collect();
        for (place, next) in product.iter_mut().zip(shifted) {
            *place = multiply(*place, root) ^ next;
        }
        root = multiply(root, 2);
    }
    product
}

/// The product in the field with the polynomial x^8 + x^4 + x^3 + x^2 + 1.
fn multiply(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0_u8, |product, place| {
        let doubled = product << 1 ^ if product & 0x80 == 0 { 0 } else { 0x1D };
        if b >> place & 1 == 1 { doubled ^ a } else { doubled }
    })
}
