//! Letters: the letters that may follow others, and their weights.

/// The number of slots of a [`Table`]. Its weights are scaled to this sum.
pub(super) const SLOTS: u64 = 1024;

/// The kind of the last letters, on which the next letter depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Nothing,
    Vowel,
    Consonant,
    /// A capital vowel at the start. No `a` may follow, because Aardvark has its own place (see `words`).
    CapitalVowel,
    CapitalConsonant,
    /// A second capital: the word goes on in capitals.
    Capitals,
    Digit,
    Punctuation,
    /// An underscore that starts no tag. Only small letters may follow, so nobody can take it for one.
    Underscore,
    /// A Cyrillic letter: the word goes on in Cyrillic.
    Cyrillic,
}

/// Letters in the order of their bytes, with weights, for each [`After`] in order.
///
/// Each letter has less than half of the weight, so any two words differ after some letters.
const WEIGHTS: [&[(char, u64)]; 10] = [
    &NOTHING,
    &VOWEL,
    &CONSONANT,
    &CAPITAL_VOWEL,
    &CAPITAL_CONSONANT,
    &CAPITALS,
    &DIGIT,
    &PUNCTUATION,
    &UNDERSCORE,
    &CYRILLIC,
];

/// The letters of each table ascend. The numbers of the words rely on it.
const _: () = {
    let mut table = 0;
    while table < WEIGHTS.len() {
        let mut at = 1;
        while at < WEIGHTS[table].len() {
            assert!((WEIGHTS[table][at - 1].0 as u32) < WEIGHTS[table][at].0 as u32);
            at += 1;
        }
        table += 1;
    }
};

#[rustfmt::skip]
const NOTHING: [(char, u64); 65] = [
    ('"', 2), ('\'', 3), (',', 1), ('-', 1), ('.', 2), ('0', 2), ('1', 10), ('2', 6), ('3', 4), ('4', 3), ('5', 3),
    ('6', 2), ('7', 2), ('8', 2), ('9', 2), ('A', 28), ('B', 22), ('C', 28), ('D', 18), ('E', 14), ('F', 14), ('G', 14),
    ('H', 18), ('I', 10), ('J', 8), ('K', 10), ('L', 16), ('M', 24), ('N', 12), ('O', 8), ('P', 22), ('Q', 2), ('R', 18),
    ('S', 30), ('T', 16), ('U', 4), ('V', 8), ('W', 12), ('X', 1), ('Y', 3), ('Z', 5), ('a', 48), ('b', 40), ('c', 60),
    ('d', 38), ('e', 30), ('f', 28), ('g', 22), ('h', 28), ('i', 30), ('j', 6), ('k', 8), ('l', 26), ('m', 36), ('n', 18),
    ('o', 22), ('p', 58), ('q', 4), ('r', 38), ('s', 74), ('t', 40), ('u', 20), ('v', 14), ('w', 18), ('а', 4),
];

#[rustfmt::skip]
const VOWEL: [(char, u64); 34] = [
    ('\'', 3), (',', 1), ('-', 2), ('.', 2), ('1', 2), ('_', 1), ('b', 24), ('c', 52), ('d', 48), ('e', 12), ('f', 16),
    ('g', 28), ('h', 6), ('i', 16), ('j', 2), ('k', 12), ('l', 82), ('m', 44), ('n', 130), ('o', 10), ('p', 34), ('q', 2),
    ('r', 112), ('s', 96), ('t', 104), ('u', 14), ('v', 24), ('w', 8), ('x', 8), ('y', 4), ('z', 8), ('ç', 1),
    ('ñ', 1), ('ł', 1),
];

#[rustfmt::skip]
const CONSONANT: [(char, u64); 32] = [
    ('"', 1), ('\'', 3), (',', 1), ('-', 3), ('.', 2), ('1', 2), ('2', 1), ('_', 1), ('a', 160), ('b', 4), ('c', 8),
    ('d', 6), ('e', 220), ('g', 4), ('h', 28), ('i', 170), ('k', 4), ('l', 36), ('m', 6), ('n', 8), ('o', 130), ('p', 8),
    ('r', 44), ('s', 30), ('t', 36), ('u', 66), ('w', 4), ('y', 28), ('ä', 1), ('é', 2), ('ö', 1), ('ü', 1),
];

#[rustfmt::skip]
const CAPITAL_VOWEL: [(char, u64); 26] = [
    ('\'', 2), ('.', 4), ('B', 1), ('C', 2), ('D', 1), ('L', 3), ('M', 2), ('N', 5), ('R', 4), ('S', 3), ('T', 3),
    ('b', 10), ('c', 14), ('d', 14), ('f', 6), ('g', 10), ('l', 34), ('m', 20), ('n', 44), ('p', 12), ('r', 32), ('s', 24),
    ('t', 16), ('u', 8), ('v', 8), ('x', 2),
];

#[rustfmt::skip]
const CAPITAL_CONSONANT: [(char, u64); 19] = [
    ('\'', 2), ('.', 5), ('A', 7), ('E', 7), ('I', 6), ('O', 5), ('R', 3), ('U', 3), ('a', 60), ('e', 54), ('h', 18),
    ('i', 40), ('l', 12), ('o', 44), ('r', 22), ('u', 22), ('y', 4), ('é', 1), ('ö', 1),
];

#[rustfmt::skip]
const CAPITALS: [(char, u64); 20] = [
    ('.', 2), ('2', 1), ('A', 32), ('B', 6), ('C', 14), ('D', 12), ('E', 34), ('F', 6), ('G', 8), ('H', 8), ('I', 30),
    ('L', 18), ('M', 10), ('N', 26), ('O', 26), ('P', 8), ('R', 26), ('S', 24), ('T', 26), ('U', 12),
];

#[rustfmt::skip]
const DIGIT: [(char, u64); 16] = [
    (',', 6), ('-', 3), ('.', 8), ('/', 2), ('0', 24), ('1', 18), ('2', 14), ('3', 12), ('4', 11), ('5', 14), ('6', 10),
    ('7', 9), ('8', 9), ('9', 10), ('s', 2), ('t', 2),
];

#[rustfmt::skip]
const PUNCTUATION: [(char, u64); 26] = [
    ('0', 6), ('1', 10), ('2', 8), ('3', 6), ('4', 5), ('5', 6), ('A', 4), ('C', 4), ('M', 4), ('S', 4), ('a', 12), ('b', 6),
    ('c', 8), ('d', 10), ('e', 10), ('i', 10), ('l', 10), ('m', 8), ('n', 8), ('o', 10), ('p', 8), ('r', 8), ('s', 20),
    ('t', 14), ('u', 4), ('v', 4),
];

#[rustfmt::skip]
const UNDERSCORE: [(char, u64); 12] = [
    ('a', 6), ('b', 4), ('c', 6), ('d', 4), ('e', 4), ('i', 4), ('m', 5), ('n', 4), ('o', 3), ('p', 5), ('s', 7), ('t', 5),
];

#[rustfmt::skip]
const CYRILLIC: [(char, u64); 16] = [
    ('а', 8), ('в', 6), ('г', 4), ('д', 5), ('е', 9), ('и', 8), ('к', 6), ('л', 7), ('м', 5), ('н', 9), ('о', 10), ('п', 4),
    ('р', 7), ('с', 7), ('т', 8), ('я', 3),
];

/// A letter that may come next, and its slots.
#[derive(Debug)]
pub(super) struct Letter {
    bytes: [u8; 4],
    len: usize,
    /// The letter's first slot. Its slots end at the first slot of the next letter.
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) next: After,
}

impl Letter {
    /// Appends the letter. Appending four bytes and truncating is faster than appending a variable number of bytes.
    pub(super) fn push(&self, word: &mut Vec<u8>) {
        let end = word.len() + self.len;
        word.extend_from_slice(&self.bytes);
        word.truncate(end);
    }
}

/// The letters that may follow, each with a share of the [`SLOTS`], in the order of their bytes.
#[derive(Debug)]
pub(super) struct Table {
    letters: Vec<Letter>,
    /// The letter of each slot.
    slots: Vec<u8>,
    /// The slots of all letters before the underscore.
    pub(super) before_underscore: u64,
}

impl Table {
    pub(super) fn letter(&self, slot: u64) -> &Letter {
        &self.letters[usize::from(self.slots[slot as usize])]
    }

    fn new(after: After) -> Self {
        let weights = WEIGHTS[after as usize];
        let total: u64 = weights.iter().map(|&(_, weight)| weight).sum();
        let mut table = Self { letters: Vec::new(), slots: Vec::new(), before_underscore: 0 };
        let mut sum = 0;
        for (at, &(letter, weight)) in weights.iter().enumerate() {
            let from = sum * SLOTS / total;
            sum += weight;
            let to = sum * SLOTS / total;
            let mut bytes = [0; 4];
            let len = letter.encode_utf8(&mut bytes).len();
            table.letters.push(Letter { bytes, len, from, to, next: after.then(letter) });
            table.slots.resize(to as usize, at as u8);
            if letter < '_' {
                table.before_underscore = to;
            }
        }
        table
    }
}

/// All tables, by [`After`].
#[derive(Debug)]
pub(super) struct Letters([Table; 10]);

impl Letters {
    pub(super) fn new() -> Self {
        use After::{
            CapitalConsonant, CapitalVowel, Capitals, Consonant, Cyrillic, Digit, Nothing, Punctuation, Underscore,
            Vowel,
        };
        let all = [
            Nothing,
            Vowel,
            Consonant,
            CapitalVowel,
            CapitalConsonant,
            Capitals,
            Digit,
            Punctuation,
            Underscore,
            Cyrillic,
        ];
        Self(all.map(Table::new))
    }

    pub(super) fn after(&self, after: After) -> &Table {
        &self.0[after as usize]
    }
}

impl After {
    fn then(self, letter: char) -> Self {
        match letter {
            '_' => Self::Underscore,
            '0'..='9' => Self::Digit,
            'A'..='Z' if matches!(self, Self::CapitalVowel | Self::CapitalConsonant | Self::Capitals) => Self::Capitals,
            'A' | 'E' | 'I' | 'O' | 'U' => Self::CapitalVowel,
            'A'..='Z' => Self::CapitalConsonant,
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ä' | 'é' | 'ö' | 'ü' => Self::Vowel,
            '\0'..='/' => Self::Punctuation,
            'а'..='я' => Self::Cyrillic,
            _ => Self::Consonant,
        }
    }
}
