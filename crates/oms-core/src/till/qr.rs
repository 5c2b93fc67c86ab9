//! QR codes (ISO/IEC 18004): bytes at level M, up to version 10, which is 213 bytes.
#![expect(clippy::arithmetic_side_effects, reason = "places within 57 modules and tables below: no step overflows")]

mod correct;
mod weigh;

use alloc::vec;
use alloc::vec::Vec;

/// A QR code. Four modules of white belong around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Modules of a side.
    pub size: usize,
    /// Row by row; 1 is dark.
    pub modules: Vec<u8>,
}

/// Of each version from 1: the correcting codewords of a block, the number of blocks, the data codewords of all blocks, and
/// the middle of the alignment patterns that stand between the outer ones (0: none). Table 9 and annex E.
const VERSIONS: [(usize, usize, usize, usize); 10] = [
    (10, 1, 16, 0),
    (16, 1, 28, 0),
    (26, 1, 44, 0),
    (18, 2, 64, 0),
    (24, 2, 86, 0),
    (16, 4, 108, 0),
    (18, 4, 124, 22),
    (22, 4, 154, 24),
    (22, 5, 182, 26),
    (26, 5, 216, 28),
];
/// The mode of bytes.
const BYTES: u32 = 0b0100;
/// What fills the codewords that are left, in turn.
const PADDING: [u8; 2] = [0xEC, 0x11];
/// Not a module of the data.
const FIXED: u8 = 2;

/// The code of a text; nothing for one that is longer than 213 bytes.
pub fn encode(text: &[u8]) -> Option<Code> {
    let (version, &(correcting, blocks, room, middle)) =
        (1_usize..).zip(&VERSIONS).find(|(version, (.., room, _))| text.len() + head_bytes(*version) <= *room)?;
    let data = data(text, version, room);
    let codewords = correct::interleaved(&data, blocks, correcting);
    let mut grid = Grid::new(17 + 4 * version);
    grid.patterns(version, middle);
    grid.place(&codewords);
    let masked = |mask: u32| {
        let mut grid = grid.clone();
        grid.mask(mask);
        grid.format(mask);
        grid
    };
    let best = (0..8).map(masked).min_by_key(weigh::penalty)?;
    Some(Code { size: best.size, modules: best.cells.iter().map(|cell| cell & 1).collect() })
}

/// Bytes that mode and length take, rounded up: four bits and eight, from version 10 on four and sixteen.
fn head_bytes(version: usize) -> usize {
    if version < 10 { 2 } else { 3 }
}

/// Mode, length, text, and what fills the rest.
fn data(text: &[u8], version: usize, room: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(BYTES, 4);
    bits.push(u32::try_from(text.len()).unwrap_or_default(), if version < 10 { 8 } else { 16 });
    text.iter().for_each(|byte| bits.push(u32::from(*byte), 8));
    // The end is four bits, and brings it to whole bytes.
    bits.push(0, 4);
    let missing = room.saturating_sub(bits.bytes.len());
    bits.bytes.extend(PADDING.into_iter().cycle().take(missing));
    bits.bytes
}

/// Bits, the first one highest.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            let bit = u8::from(value >> place & 1 == 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << self.free;
            }
        }
    }
}

/// The modules while they are drawn: bit 0 is dark, bit 1 is [`FIXED`].
#[derive(Clone)]
struct Grid {
    size: usize,
    cells: Vec<u8>,
}

impl Grid {
    fn new(size: usize) -> Self {
        Self { size, cells: vec![0; size * size] }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.size { self.cells.get(y * self.size + x).copied().unwrap_or_default() } else { 0 }
    }

    fn set(&mut self, x: usize, y: usize, value: u8) {
        if x < self.size
            && let Some(cell) = self.cells.get_mut(y * self.size + x)
        {
            *cell = value;
        }
    }

    fn fix(&mut self, x: usize, y: usize, dark: bool) {
        self.set(x, y, FIXED | u8::from(dark));
    }

    /// Everything that is no data; the places of the format are taken by light modules at first.
    fn patterns(&mut self, version: usize, middle: usize) {
        let last = self.size - 7;
        for place in 0..self.size {
            self.fix(6, place, place % 2 == 0);
            self.fix(place, 6, place % 2 == 0);
        }
        for (x, y) in [(3, 3), (self.size - 4, 3), (3, self.size - 4)] {
            self.square(x, y, 4, |ring| ring != 2 && ring != 4);
        }
        let centers: &[usize] = match (version, middle) {
            (1, _) => &[],
            (_, 0) => &[6, last],
            _ => &[6, middle, last],
        };
        let in_corner = |x, y| (x == 6 && (y == 6 || y == last)) || (x == last && y == 6);
        for (x, y) in centers.iter().flat_map(|x| centers.iter().map(|y| (*x, *y))) {
            if !in_corner(x, y) {
                self.square(x, y, 2, |ring| ring != 1);
            }
        }
        self.format(0);
        self.version(version);
    }

    /// Rings around a center.
    fn square(&mut self, x: usize, y: usize, reach: usize, dark: impl Fn(usize) -> bool) {
        for (dx, dy) in (0..=2 * reach).flat_map(|dx| (0..=2 * reach).map(move |dy| (dx, dy))) {
            let ring = dx.abs_diff(reach).max(dy.abs_diff(reach));
            if let (Some(x), Some(y)) = ((x + dx).checked_sub(reach), (y + dy).checked_sub(reach))
                && y < self.size
            {
                self.fix(x, y, dark(ring));
            }
        }
    }

    /// Level M and the mask, twice (8.9): five bits, ten that check them, and a pattern over all.
    fn format(&mut self, mask: u32) {
        let bits = (mask << 10 | checked(mask, 10, 0x537)) ^ 0x5412;
        let size = self.size;
        for place in 0..15 {
            let dark = bits >> place & 1 == 1;
            match place {
                0..=5 => self.fix(8, place, dark),
                6 | 7 => self.fix(8, place + 1, dark),
                8 => self.fix(7, 8, dark),
                _ => self.fix(14 - place, 8, dark),
            }
            if place < 8 {
                self.fix(size - 1 - place, 8, dark);
            } else {
                self.fix(8, size - 15 + place, dark);
            }
        }
        self.fix(8, size - 8, true);
    }

    /// From version 7 on it is written twice (8.10): six bits and twelve that check them.
    fn version(&mut self, version: usize) {
        if version < 7 {
            return;
        }
        let number = u32::try_from(version).unwrap_or_default();
        let bits = number << 12 | checked(number, 12, 0x1F25);
        for place in 0..18 {
            let (long, short) = (self.size - 11 + place % 3, place / 3);
            let dark = bits >> place & 1 == 1;
            self.fix(long, short, dark);
            self.fix(short, long, dark);
        }
    }

    /// The codewords in columns of two, from the right, up and down in turn, around what is fixed (8.7.3).
    fn place(&mut self, codewords: &[u8]) {
        let mut bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1));
        let mut up = true;
        // The column of the timing pattern is left out.
        let rights = (0..self.size).rev().filter(|right| if *right > 6 { right % 2 == 0 } else { right % 2 == 1 });
        for right in rights {
            for step in 0..self.size {
                let y = if up { self.size - 1 - step } else { step };
                for x in [right, right - 1] {
                    if self.at(x, y) & FIXED == 0 {
                        self.set(x, y, bits.next().unwrap_or_default());
                    }
                }
            }
            up = !up;
        }
    }

    /// Turns the data where a mask says so (8.8.1).
    fn mask(&mut self, mask: u32) {
        let size = self.size;
        for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
            let turned = match mask {
                0 => (x + y) % 2,
                1 => y % 2,
                2 => x % 3,
                3 => (x + y) % 3,
                4 => (x / 3 + y / 2) % 2,
                5 => x * y % 2 + x * y % 3,
                6 => (x * y % 2 + x * y % 3) % 2,
                _ => ((x + y) % 2 + x * y % 3) % 2,
            } == 0;
            let cell = self.at(x, y);
            if turned && cell & FIXED == 0 {
                self.set(x, y, cell ^ 1);
            }
        }
    }
}

/// The bits that check a number: the rest of dividing it by a polynomial.
fn checked(number: u32, bits: u32, polynomial: u32) -> u32 {
    let number_bits = 32 - number.leading_zeros();
    let mut rest = number << bits;
    for place in (0..number_bits).rev() {
        if rest >> (place + bits) & 1 == 1 {
            rest ^= polynomial << place;
        }
    }
    rest
}
