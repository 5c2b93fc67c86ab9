//! Texts longer than the disk takes in one row are kept in pieces. The first piece says how many there are.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::store::StoreError;

/// Most bytes of a text in one row. SQLite as the platform has it refuses rows above 2,000,000 bytes; what is left is for
/// the other columns and the mark of a first piece.
pub(crate) const MAX_PIECE_BYTES: usize = 1_900_000;
/// What a first piece begins with; JSON never does.
const MARK: char = '~';

/// The pieces of a text: mostly the text itself.
pub(crate) fn cut(text: String) -> Vec<String> {
    if text.len() <= MAX_PIECE_BYTES {
        return vec![text];
    }
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(MAX_PIECE_BYTES));
        pieces.push(piece.to_string());
        rest = after;
    }
    let count = pieces.len();
    if let Some(first) = pieces.first_mut() {
        *first = format!("{MARK}{count} {first}");
    }
    pieces
}

/// A text from its first piece and whoever reads the others, which count from 1.
pub(crate) fn whole(
    first: String,
    read: impl FnOnce(u64) -> Result<Vec<String>, StoreError>,
) -> Result<String, StoreError> {
    let Some(marked) = first.strip_prefix(MARK) else { return Ok(first) };
    let (count, piece) = marked.split_once(' ').unwrap_or_default();
    let count: u64 = count.parse().map_err(|_| StoreError("a text in pieces has no count".into()))?;
    let others = read(count.saturating_sub(1))?;
    if u64::try_from(others.len()).ok() != count.checked_sub(1) {
        return Err(StoreError("a piece of a text is missing".into()));
    }
    let mut text = piece.to_string();
    others.iter().for_each(|other| text.push_str(other));
    Ok(text)
}

/// How many rows follow that belong to the text that begins so.
pub(crate) fn following(first: &str) -> u64 {
    let count = first.strip_prefix(MARK).and_then(|marked| marked.split_once(' '));
    count.and_then(|(count, _)| count.parse::<u64>().ok()).unwrap_or(1).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_as_it_is() {
        assert_eq!(cut("{}".to_string()), ["{}"]);
        assert_eq!(following("{}"), 0);
    }

    #[test]
    fn a_long_text_comes_back_from_its_pieces() {
        let text = "\u{1F381}a".repeat(MAX_PIECE_BYTES / 2);
        let mut pieces = cut(text.clone());
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() < 2_000_000));
        let first = pieces.remove(0);
        assert_eq!(following(&first), u64::try_from(pieces.len()).unwrap());
        assert_eq!(whole(first, |_| Ok(pieces)), Ok(text));
    }

    #[test]
    fn a_missing_piece_is_an_error() {
        let first = cut("x".repeat(MAX_PIECE_BYTES + 1)).remove(0);
        assert!(whole(first, |_| Ok(vec![])).is_err());
    }
}
