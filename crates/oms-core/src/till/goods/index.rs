//! An index of words in order, so that all words with one beginning stand side by side.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::fold;

/// Words of a search that count: what comes after is not needed to find anything.
const MAX_WORDS: usize = 8;
/// The shortest part that is looked for within words: shorter ones are in everything.
const SHORTEST_PART: usize = 3;
/// Letters of a word that count.
const LONGEST_WORD: usize = 255;

/// Where a word stands: the lower, the better a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Sku = 0,
    FirstOfTitle = 2,
    Title = 4,
    Barcode = 6,
    Category = 8,
}

/// A part of a word is a worse hit than any beginning.
const PART: u8 = 12;

/// A word of an item.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: u32,
    article: u32,
    length: u8,
    rank: u8,
}

/// The words of all items.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// All words in the order in which they came, each followed by a line feed.
    text: String,
    /// In order of their letters.
    words: Vec<Word>,
    /// Those that came since.
    fresh: Vec<Word>,
    /// Where the text of each item ends.
    ends: Vec<(usize, u32)>,
}

impl Index {
    pub(super) fn add_title(&mut self, article: u32, title: &str) {
        let before = self.fresh.len();
        self.add(article, title, Rank::Title);
        if let Some(first) = self.fresh.get_mut(before) {
            first.rank = Rank::FirstOfTitle as u8;
        }
    }

    pub(super) fn add(&mut self, article: u32, text: &str, rank: Rank) {
        let fresh = &mut self.fresh;
        fold::words(text, &mut self.text, |start, length| {
            let length = u8::try_from(length.min(LONGEST_WORD)).unwrap_or(u8::MAX);
            if let Ok(start) = u32::try_from(start) {
                fresh.push(Word { start, article, length, rank: rank as u8 });
            }
        });
        match self.ends.last_mut() {
            Some((end, last)) if *last == article => *end = self.text.len(),
            Some(_) | None => self.ends.push((self.text.len(), article)),
        }
    }

    /// Sorts in what came since.
    pub(super) fn settle(&mut self) {
        if self.fresh.is_empty() {
            return;
        }
        let mut fresh = core::mem::take(&mut self.fresh);
        let text = self.text.as_bytes();
        fresh.sort_unstable_by(|a, b| letters(text, a).cmp(letters(text, b)));
        let old = core::mem::take(&mut self.words);
        if old.is_empty() {
            self.words = fresh;
            return;
        }
        let mut merged = Vec::with_capacity(old.len().saturating_add(fresh.len()));
        let mut fresh = fresh.into_iter().peekable();
        for word in old {
            while let Some(first) = fresh.next_if(|first| letters(text, first) < letters(text, &word)) {
                merged.push(first);
            }
            merged.push(word);
        }
        merged.extend(fresh);
        self.words = merged;
    }

    /// The best items that have all words of a text, each as a beginning of a word of theirs or, where no word begins so, as
    /// a part of one. `articles` is how many there are, dead ones too.
    pub(super) fn search(&self, text: &str, articles: usize, limit: usize, live: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut asked = String::new();
        let mut ranges = Vec::new();
        fold::words(text, &mut asked, |start, length| ranges.push((start, start.saturating_add(length))));
        let mut tally = Tally { found: vec![0; articles], score: vec![0; articles], this: vec![0; articles], round: 0 };
        for (start, end) in ranges.into_iter().take(MAX_WORDS) {
            let word = asked.as_bytes().get(start..end).unwrap_or_default();
            self.look_up(word, &mut tally);
            tally.round = tally.round.saturating_add(1);
        }
        tally.best(limit, live)
    }

    fn look_up(&self, word: &[u8], tally: &mut Tally) {
        let text = self.text.as_bytes();
        let begin = self.words.partition_point(|other| letters(text, other) < word);
        let rest = self.words.get(begin..).unwrap_or_default();
        let count = rest.partition_point(|other| letters(text, other).starts_with(word));
        for found in rest.iter().take(count) {
            let whole = usize::from(found.length) == word.len();
            tally.count(found.article, found.rank.saturating_add(u8::from(!whole)));
        }
        if count == 0 && word.len() >= SHORTEST_PART {
            self.look_within(word, tally);
        }
    }

    /// Items with a word that has this in it, by one walk over all the text.
    fn look_within(&self, part: &[u8], tally: &mut Tally) {
        let Some(first) = part.first() else { return };
        let mut from: usize = 0;
        let text = self.text.as_bytes();
        let mut ends = self.ends.as_slice();
        while let Some(rest) = text.get(from..)
            && let Some(place) = rest.iter().position(|byte| byte == first)
        {
            let at = from.saturating_add(place);
            from = at.saturating_add(1);
            if text.get(at..).is_some_and(|here| here.starts_with(part)) {
                let passed = ends.partition_point(|(end, _)| *end <= at);
                ends = ends.get(passed..).unwrap_or_default();
                if let Some((end, article)) = ends.first() {
                    tally.count(*article, PART);
                    // One is enough.
                    from = from.max(*end);
                }
            }
        }
    }
}

fn letters<'a>(text: &'a [u8], word: &Word) -> &'a [u8] {
    let start = usize::try_from(word.start).unwrap_or(usize::MAX);
    text.get(start..start.saturating_add(word.length.into())).unwrap_or_default()
}

/// Which items had all words so far, and how well.
struct Tally {
    /// In how many rounds each was found.
    found: Vec<u8>,
    /// The sum of the best ranks of the rounds.
    score: Vec<u8>,
    /// The best rank of this round.
    this: Vec<u8>,
    /// Words looked up so far.
    round: u8,
}

impl Tally {
    fn count(&mut self, article: u32, rank: u8) {
        let Ok(no) = usize::try_from(article) else { return };
        let (Some(found), Some(score), Some(this)) =
            (self.found.get_mut(no), self.score.get_mut(no), self.this.get_mut(no))
        else {
            return;
        };
        if *found == self.round {
            *found = found.saturating_add(1);
            *score = score.saturating_add(rank);
            *this = rank;
        } else if *found == self.round.saturating_add(1) && rank < *this {
            *score = score.saturating_sub(this.saturating_sub(rank));
            *this = rank;
        }
    }

    fn best(&self, limit: usize, live: impl Fn(u32) -> bool) -> Vec<u32> {
        let all = (0_u32..).zip(self.found.iter().zip(&self.score));
        let hits = all.filter(|(no, (found, _))| **found == self.round && live(*no));
        // The best so far, in order: most come too late to be among them.
        let mut best: Vec<(u8, u32)> = Vec::new();
        for (no, (_, score)) in hits {
            let hit = (*score, no);
            let place = if best.last().is_none_or(|last| *last < hit) {
                best.len()
            } else {
                best.partition_point(|other| *other < hit)
            };
            if place < limit {
                best.truncate(limit.saturating_sub(1));
                best.insert(place, hit);
            }
        }
        best.into_iter().map(|(_, no)| no).collect()
    }
}
