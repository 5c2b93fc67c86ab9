//! Letters as people type them: small, and without accents.

use alloc::string::String;

/// The letters from U+00C0 to U+017F without their accents, small; a space for what is no letter.
const LATIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Adds a text to another as people would search for it: words of small letters and digits without accents, each followed by
/// a line feed. Calls back with where each word begins and how long it is.
pub(super) fn words(text: &str, into: &mut String, mut word: impl FnMut(usize, usize)) {
    let mut start = into.len();
    for letter in text.chars().chain([' ']) {
        let folded = fold(letter);
        if folded == ' ' {
            let length = into.len().saturating_sub(start);
            if length > 0 {
                into.push('\n');
                word(start, length);
            }
            start = into.len();
        } else {
            into.push(folded);
        }
    }
}

/// A letter or digit as it is searched for; a space for everything between words.
fn fold(letter: char) -> char {
    let code = u32::from(letter);
    match letter {
        'a'..='z' | '0'..='9' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        // Capitals that lie 32 before their small ones: Greek and Cyrillic.
        '\u{0391}'..='\u{03A9}' | '\u{0410}'..='\u{042F}' => char::from_u32(code.saturating_add(32)).unwrap_or(letter),
        '\u{00C0}'..='\u{017F}' => {
            let place = usize::try_from(code.saturating_sub(0xC0)).unwrap_or_default();
            LATIN.get(place).copied().map_or(' ', char::from)
        }
        _ if code < 0xC0 => ' ',
        _ => letter,
    }
}
