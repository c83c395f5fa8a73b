//! The words of a sample, by number, in the order of their bytes.
//!
//! The words form a tree of letters, which exists only in formulas. A node knows the number of words that begin with
//! its letters. It keeps one or two words for itself, and deals the others out to the letters that may follow, by their
//! weights. The path to word `index` takes one division for each letter; `index < other` means `word < other`; and all
//! words differ. A branch with one word left ends it with random letters.

use super::letters::{After, Letters, SLOTS, Table};
use super::random::{key, mix};

/// The word that every sample has. The tree leaves its place free: no `a` follows a capital `A`.
pub(super) const AARDVARK: &[u8] = b"Aardvark";

/// Part-of-speech tags. Frequent tags are repeated.
const TAGS: [&[u8]; 16] = [
    b"_NOUN", b"_NOUN", b"_NOUN", b"_NOUN", b"_NOUN", b"_VERB", b"_VERB", b"_ADJ", b"_ADJ", b"_X", b"_DET", b"_ADP",
    b"_ADV", b"_NUM", b"_PRON", b"_.",
];

/// The maximum number of letters of a word without its tag.
const LONGEST: usize = 20;

#[derive(Debug)]
pub(super) struct Words {
    letters: Letters,
    key: u64,
    /// The number of distinct words, including Aardvark; at least 1.
    count: u64,
    aardvark: u64,
    tags: Tags,
}

/// The probabilities of a tag, in 2^-32.
#[derive(Clone, Copy, Debug)]
struct Tags {
    /// For a word that stands alone.
    share: u64,
    /// For a word that comes both with a tag and without.
    both: u64,
    /// Whether a word that comes in only one of both ways has the tag.
    single: bool,
}

impl Tags {
    /// Solves `(both + (1 - both) * single) / (1 + both) = share`. The expected share of tagged words is then `share`
    /// at each node, and thus for all words.
    #[expect(clippy::cast_sign_loss, reason = "cut to 0..=1 before; an f64 that is no number becomes 0")]
    fn new(share: f64) -> Self {
        const ONE: f64 = 4_294_967_296.0;
        let share = share.clamp(0.0, 1.0);
        let single = share > 0.5;
        let both = if single { (1.0 - share) / share } else { share / (1.0 - share) };
        Self { share: (share * ONE) as u64, both: (both * ONE) as u64, single }
    }
}

/// A node of the tree: the words that begin with the letters so far.
struct Node {
    after: After,
    /// The number of letters so far.
    len: usize,
    /// A hash of the letters so far.
    hash: u64,
    /// The number of words.
    words: u64,
    /// The number of the wanted word among them.
    index: u64,
}

impl Node {
    /// The number of words that go to the slots before `slot`. The offset makes rounding fair: without it, a node of
    /// two words would always deal them to the same letters.
    fn before(&self, slot: u64) -> u64 {
        (self.words * slot + self.offset()) / SLOTS
    }

    fn offset(&self) -> u64 {
        self.hash % SLOTS
    }

    fn tag(&self) -> &'static [u8] {
        TAGS[(self.hash >> 14) as usize % TAGS.len()]
    }

    /// Whether the wanted word is one of the node's own words. If not, removes the own words from the node's numbers.
    ///
    /// A tag begins with an underscore and a capital, so a tagged word comes after all letters before the underscore.
    /// Only small letters follow an underscore in the tree, so a tagged word comes before all others.
    fn is_own(&mut self, own: Own, table: &Table, word: &mut Vec<u8>) -> bool {
        self.words -= own.count();
        if own.plain {
            if self.index == 0 {
                return true;
            }
            self.index -= 1;
        }
        if own.tagged {
            let place = self.before(table.before_underscore);
            if self.index == place {
                word.extend_from_slice(self.tag());
                return true;
            }
            self.index -= u64::from(self.index > place);
        }
        false
    }

    /// Descends to the letter that has the word, by the inverse of [`Node::before`].
    fn descend(&mut self, table: &Table, word: &mut Vec<u8>) {
        let slot = (SLOTS * (self.index + 1) - self.offset()).div_ceil(self.words) - 1;
        let letter = table.letter(slot);
        let (first, end) = (self.before(letter.from), self.before(letter.to));
        letter.push(word);
        *self = Self {
            after: letter.next,
            len: self.len + 1,
            hash: mix(self.hash ^ (letter.from + 1)),
            words: end - first,
            index: self.index - first,
        };
    }
}

/// The words that end at a node: without a tag, with a tag, or both.
#[derive(Clone, Copy)]
struct Own {
    plain: bool,
    tagged: bool,
}

impl Own {
    fn count(self) -> u64 {
        u64::from(self.plain) + u64::from(self.tagged)
    }
}

impl Words {
    pub(super) fn new(seed: u64, count: u64, tagged: f64) -> Self {
        let mut words =
            Self { letters: Letters::new(), key: key(seed, 1), count, aardvark: u64::MAX, tags: Tags::new(tagged) };
        words.aardvark = words.rank(AARDVARK);
        words
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The number of Aardvark.
    pub(super) fn aardvark(&self) -> u64 {
        self.aardvark
    }

    /// Appends the word with this number.
    pub(super) fn write(&self, index: u64, word: &mut Vec<u8>) {
        if index == self.aardvark {
            word.extend_from_slice(AARDVARK);
        } else {
            self.spell(index - u64::from(index > self.aardvark), word);
        }
    }

    /// The number of words of the tree before `word`.
    fn rank(&self, word: &[u8]) -> u64 {
        let (mut low, mut high) = (0, self.count - 1);
        let mut other = Vec::new();
        while low < high {
            let middle = low + (high - low) / 2;
            other.clear();
            self.spell(middle, &mut other);
            if other.as_slice() < word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Appends the word of the tree with this number.
    fn spell(&self, index: u64, word: &mut Vec<u8>) {
        let mut node = Node { after: After::Nothing, len: 0, hash: self.key, words: self.count - 1, index };
        loop {
            let own = self.own(&node);
            if own.count() == node.words {
                return self.finish(&node, own, word);
            }
            let table = self.letters.after(node.after);
            if own.count() > 0 && node.is_own(own, table, word) {
                return;
            }
            node.descend(table, word);
        }
    }

    /// The words that end at this node: its last one or two words, or, at one node in four, words before all longer
    /// ones.
    fn own(&self, node: &Node) -> Own {
        let chance = node.hash >> 32;
        if node.words == 1 {
            let tagged = chance < self.tags.share;
            return Own { plain: !tagged, tagged };
        }
        let ends = node.words == 2 || (node.hash >> 10).is_multiple_of(4);
        if !ends || matches!(node.after, After::Nothing | After::Underscore) {
            return Own { plain: false, tagged: false };
        }
        let both = chance < self.tags.both;
        Own { plain: both || !self.tags.single, tagged: both || self.tags.single }
    }

    /// Ends a node that has only own words, with random letters.
    fn finish(&self, node: &Node, own: Own, word: &mut Vec<u8>) {
        let mut more = (node.hash % 8 + node.hash / 8 % 4) as usize;
        more = more.min(LONGEST.saturating_sub(node.len));
        let mut after = node.after;
        // Six letters of ten bits each, then more bits.
        let mut bits = 1;
        while more > 0 || matches!(after, After::Nothing | After::Underscore) {
            if bits < SLOTS {
                bits = mix(node.hash.wrapping_add(more as u64)) | 1 << 63;
            }
            let letter = self.letters.after(after).letter(bits % SLOTS);
            letter.push(word);
            after = letter.next;
            bits /= SLOTS;
            more = more.saturating_sub(1);
        }
        if own.tagged && node.index + 1 == node.words {
            word.extend_from_slice(node.tag());
        }
    }
}
