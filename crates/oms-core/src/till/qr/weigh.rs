//! How hard a code is to read (8.8.2): the mask that weighs least is taken.

use super::Grid;

/// A run of five, and each module more.
const RUN: usize = 3;
/// A square of four alike.
const SQUARE: usize = 3;
/// Something like a finder pattern.
const FINDER: usize = 40;
/// Each five percent away from half dark.
const BALANCE: usize = 10;
/// Dark, light, three dark, light, dark, with four light before or after.
const LIKE_FINDERS: [u32; 2] = [0b101_1101_0000, 0b000_0101_1101];

pub(super) fn penalty(grid: &Grid) -> usize {
    let size = grid.size;
    let dark = |x: usize, y: usize| grid.at(x, y) & 1;
    let lines = (0..size).map(|line| along(size, |place| dark(place, line)) + along(size, |place| dark(line, place)));
    let lines: usize = lines.sum();
    let inner = || (1..size).flat_map(|y| (1..size).map(move |x| (x, y)));
    let alike = |(x, y): &(usize, usize)| {
        let sum = dark(*x, *y) + dark(x - 1, *y) + dark(*x, y - 1) + dark(x - 1, y - 1);
        sum == 0 || sum == 4
    };
    let squares = inner().filter(alike).count();
    let all = size * size;
    let darkness = grid.cells.iter().filter(|cell| **cell & 1 == 1).count();
    let away = (darkness * 100 / all).abs_diff(50) / 5;
    lines + squares * SQUARE + away * BALANCE
}

/// Runs and what looks like a finder, in one row or column.
fn along(size: usize, dark: impl Fn(usize) -> u8) -> usize {
    let (mut sum, mut run, mut before, mut window) = (0, 0, 2, 0_u32);
    for place in 0..size {
        let module = dark(place);
        run = if module == before { run + 1 } else { 1 };
        before = module;
        sum += match run {
            5 => RUN,
            6.. => 1,
            _ => 0,
        };
        window = (window << 1 | u32::from(module)) & 0x7FF;
        if place >= 10 && LIKE_FINDERS.contains(&window) {
            sum += FINDER;
        }
    }
    sum
}
