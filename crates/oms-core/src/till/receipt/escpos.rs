//! Bytes for receipt printers: the commands of ESC/POS that printers of all makers have.

use alloc::vec::Vec;

use super::{Receipt, Style};

/// Start afresh.
const INITIALIZE: &[u8] = &[0x1B, b'@'];
/// Letters of Windows-1252, which has those of Spanish and Portuguese and the euro sign: page 16 of every maker's list.
const CODE_PAGE: &[u8] = &[0x1B, b't', 16];
/// A pulse of 50 ms on the drawer's pin 2, then half a second of rest.
const DRAWER: &[u8] = &[0x1B, b'p', 0, 25, 250];
/// Emphasized on, off.
const STRONG: [&[u8]; 2] = [&[0x1B, b'E', 1], &[0x1B, b'E', 0]];
/// Twice as high, and back: twice as wide would halve the columns.
const TALL: [&[u8]; 2] = [&[0x1D, b'!', 0x01], &[0x1D, b'!', 0x00]];
/// In the middle, to the left.
const CENTERED: [&[u8]; 2] = [&[0x1B, b'a', 1], &[0x1B, b'a', 0]];
/// Four lines of paper, then a cut where there is a cutter.
const END: &[u8] = &[0x1B, b'd', 4, 0x1D, b'V', 66, 0];
/// A QR code: model 2, modules of five dots, level M.
const QR: &[u8] =
    &[0x1D, b'(', b'k', 4, 0, 49, 65, 50, 0, 0x1D, b'(', b'k', 3, 0, 49, 67, 5, 0x1D, b'(', b'k', 3, 0, 49, 69, 49];
/// Prints the code that was stored.
const PRINT_QR: &[u8] = &[0x1D, b'(', b'k', 3, 0, 49, 81, 48, b'\n'];

/// The receipt for the printer; `drawer` opens the cash drawer first.
pub fn bytes(receipt: &Receipt, drawer: bool) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(INITIALIZE);
    out.extend_from_slice(CODE_PAGE);
    if drawer {
        out.extend_from_slice(DRAWER);
    }
    for line in &receipt.lines {
        let (strong, tall) = match line.style {
            Style::Plain => (false, false),
            Style::Strong => (true, false),
            Style::Large => (true, true),
        };
        let [on, off] = STRONG;
        let [higher, lower] = TALL;
        out.extend_from_slice(if strong { on } else { &[] });
        out.extend_from_slice(if tall { higher } else { &[] });
        out.extend(line.text.trim_end().chars().map(letter));
        out.push(b'\n');
        out.extend_from_slice(if tall { lower } else { &[] });
        out.extend_from_slice(if strong { off } else { &[] });
    }
    if let Some(text) = &receipt.qr {
        let [center, left] = CENTERED;
        out.extend_from_slice(center);
        qr(text, &mut out);
        out.extend_from_slice(left);
    }
    out.extend_from_slice(END);
    out
}

/// Stores and prints a QR code; the printer draws it.
fn qr(text: &str, out: &mut Vec<u8>) {
    // The length counts the three bytes of the function too. No mark of ours is anywhere near 64 KB.
    let Ok(length) = u16::try_from(text.len().saturating_add(3)) else { return };
    let [low, high] = length.to_le_bytes();
    out.extend_from_slice(QR);
    out.extend_from_slice(&[0x1D, b'(', b'k', low, high, 49, 80, 48]);
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(PRINT_QR);
}

/// A letter in Windows-1252; a question mark for what it does not have.
fn letter(letter: char) -> u8 {
    match letter {
        ' '..='~' | '\u{A0}'..='\u{FF}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        '€' => 0x80,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '™' => 0x99,
        'Œ' => 0x8C,
        'œ' => 0x9C,
        'Š' => 0x8A,
        'š' => 0x9A,
        'Ž' => 0x8E,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        _ => b'?',
    }
}
