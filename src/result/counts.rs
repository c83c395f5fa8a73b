//! `Counts`: the result of a run, that is, ngrams and their counts in order.

use std::io;
use std::iter::FusedIterator;
use std::sync::{Arc, OnceLock};

use crate::filter::years::By;
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::lookup::Lookup;
use crate::result::parts::PartsOf;
use crate::table::rows::Period;
use crate::table::{Before, Detail, History, There, Uncovered};

/// The ngrams of a result and their counts, in the job's order.
///
/// A result that passes the bound of [memory](crate::Job::memory) lies in a temporary file.
/// [`write`](crate::write::write()) and [`Counts::for_each`] read it part by part. The first call of [`Counts::get`],
/// [`Counts::iter`] or [`Counts::histories`] reads it into memory, whatever the bound, and panics if the file can't be
/// read.
///
/// `Counts` holds no threads: [`write`](crate::write::write()) runs on the pool of the caller, or starts threads and
/// ends them.
///
/// ```
/// let outcome = ngram_count::Job::new().input("data/sample-v2.tsv").top(3).run()?;
/// for (ngram, count) in &outcome.counts {
///     println!("{}: {count}", String::from_utf8_lossy(ngram));
/// }
/// # assert_eq!(outcome.counts.len(), 3);
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug)]
pub struct Counts {
    pub(crate) words: Entries,
    /// The period of one line of the result.
    pub(crate) by: By,
    /// What the values of the words are compared with.
    pub(crate) corpus: Arc<Corpus>,
    /// The number of threads that counted. Writing starts no more.
    pub(crate) threads: usize,
    /// The index that the first call of [`Counts::get`] makes.
    pub(crate) lookup: OnceLock<Lookup>,
}

/// The entries of a result, with any [`Detail`]. [`with_words`] dispatches on it.
#[derive(Debug)]
pub(crate) enum Entries {
    /// Entries with the count alone.
    Sums(Buckets<()>),
    /// Entries with the count, and the part of the count from years that the totals lack.
    Uncovered(Buckets<Uncovered>),
    /// Entries with the count, and the count in the inputs of a comparison.
    Compared(Buckets<There>),
    /// Entries with the count in some years, and the count in the years before.
    Risen(Buckets<Before>),
    /// Entries with the count of each year.
    Histories(Buckets<History>),
}

/// Binds a name to the [`Buckets`] of some [`Entries`], and evaluates an expression, compiled once for each detail. No
/// other code dispatches on the details of a result.
macro_rules! with_words {
    ($entries:expr, $words:ident => $body:expr) => {
        match $entries {
            $crate::result::counts::Entries::Sums($words) => $body,
            $crate::result::counts::Entries::Uncovered($words) => $body,
            $crate::result::counts::Entries::Compared($words) => $body,
            $crate::result::counts::Entries::Risen($words) => $body,
            $crate::result::counts::Entries::Histories($words) => $body,
        }
    };
}
pub(crate) use with_words;

impl Counts {
    pub(crate) fn new(words: Entries, by: By, corpus: Arc<Corpus>, threads: usize) -> Self {
        Self { words, by, corpus, threads, lookup: OnceLock::new() }
    }

    /// The names of the files, in the order of the job's inputs, as the user wrote them: in a result by
    /// [files](By::File), [`Period::year`] is the number of one of them. No names in a result that does not know files.
    ///
    /// ```
    /// use ngram_count::{By, Input, Job};
    ///
    /// let poems = [Input::from_bytes("one", "a rose is a rose"), Input::from_bytes("two", "a daisy")];
    /// let outcome = Job::new().inputs(poems).by(By::File).word("a").run()?;
    /// let names: Vec<&[u8]> = outcome.counts.files().collect();
    /// let (_, files) = outcome.counts.histories().next().expect("one word");
    /// let found: Vec<_> = files.iter().map(|file| (names[file.year as usize], file.count)).collect();
    /// assert_eq!(found, [(&b"one"[..], 2), (b"two", 1)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn files(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.corpus.parts.names()
    }

    /// The number of ngrams in the result.
    pub fn len(&self) -> usize {
        with_words!(&self.words, words => words.len())
    }

    /// Whether the result has no ngrams.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The count of an ngram, given by its exact bytes; `None` if the result lacks the ngram. The result has a word
    /// that the job asks for and that does not occur, with the count 0.
    ///
    /// The first call builds a hash index, in time linear in the number of ngrams, with 8 to 16 bytes for each. Each
    /// further call takes constant time, whatever the order of the result.
    ///
    /// ```
    /// let outcome = ngram_count::Job::new().input("data/sample-v2.tsv").run()?;
    /// assert!(outcome.counts.get(b"Aardvark").is_some_and(|count| count > 0));
    /// assert_eq!(outcome.counts.get(b"no such word"), None);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn get(&self, ngram: &[u8]) -> Option<u64> {
        fn find<D: Detail>(words: &Buckets<D>, lookup: &OnceLock<Lookup>, ngram: &[u8]) -> Option<u64> {
            let lookup = lookup.get_or_init(|| Lookup::of(words));
            lookup.find(words, ngram).map(|entry| entry.count)
        }
        with_words!(&self.words, words => find(words.resident(), &self.lookup, ngram))
    }

    /// Iterates over the ngrams, as the bytes of the input, and their counts.
    pub fn iter(&self) -> Iter<'_> {
        fn pairs<D: Detail>(words: &Buckets<D>) -> Iter<'_> {
            let pairs = words.iter().map(|entry| (entry.ngram(&words.arenas), entry.count));
            Iter { left: words.len(), pairs: Box::new(pairs) }
        }
        with_words!(&self.words, words => pairs(words.resident()))
    }

    /// Calls `each` with each ngram in order: its bytes, its count, and the years, decades or files in which it occurs, as of
    /// [`Counts::histories`]. Of a result that passes the bound of [memory](crate::Job::memory), only a part is in
    /// memory at a time.
    ///
    /// # Errors
    /// When the temporary file of such a result can't be read: the error holds an
    /// [`Error::TempFile`](crate::Error::TempFile).
    ///
    /// ```
    /// let outcome = ngram_count::Job::new().input("data/sample-v2.tsv").memory(64 << 20).run()?;
    /// let mut sum = 0;
    /// outcome.counts.for_each(|_ngram, count, _years| sum += count)?;
    /// # assert!(sum > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn for_each(&self, mut each: impl FnMut(&[u8], u64, &[Period])) -> io::Result<()> {
        fn of<D: Detail>(
            words: &Buckets<D>,
            (by, parts): (By, &PartsOf),
            each: &mut impl FnMut(&[u8], u64, &[Period]),
        ) -> io::Result<()> {
            words.buckets().into_iter().try_for_each(|bucket| {
                let loaded = words.load(bucket)?;
                let arenas = loaded.arenas();
                for entry in loaded.sorted() {
                    let mut years = Vec::new();
                    entry.detail.periods(entry.arena(arenas), &mut years);
                    parts.complete(&mut years);
                    each(entry.ngram(arenas), entry.count, &Period::by(by, years));
                }
                Ok(())
            })
        }
        with_words!(&self.words, words => of(words, (self.by, &self.corpus.parts), &mut each))
    }

    /// Iterates over the ngrams and, for each, the years, decades or [files](Self::files) in which it occurs, in ascending
    /// order. Without [`Job::by`](crate::Job::by) or [`Job::histories`](crate::Job::histories), the result does not know
    /// the years, and the iterator is empty.
    ///
    /// ```
    /// use ngram_count::{By, Job};
    ///
    /// let outcome = Job::new().input("data/sample-v2.tsv").word("Aardvark").by(By::Decade).run()?;
    /// for (ngram, periods) in outcome.counts.histories() {
    ///     println!("{} in the {}s: {}", String::from_utf8_lossy(ngram), periods[0].year, periods[0].count);
    /// }
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn histories(&self) -> impl Iterator<Item = (&[u8], Vec<Period>)> {
        let words = if let Entries::Histories(words) = &self.words { Some(words.resident()) } else { None };
        words.into_iter().flat_map(|words| {
            words.iter().map(|entry| {
                let mut years = Vec::new();
                entry.detail.periods(entry.arena(&words.arenas), &mut years);
                self.corpus.parts.complete(&mut years);
                (entry.ngram(&words.arenas), Period::by(self.by, years))
            })
        })
    }
}

/// An iterator over [`Counts`], in their order. It knows its length, and iterates backwards, too.
///
/// The iterator sorts a bucket of some thousand ngrams when it reaches the bucket, so the first ngrams of a large
/// result come at once.
pub struct Iter<'a> {
    pairs: Box<dyn DoubleEndedIterator<Item = (&'a [u8], u64)> + Send + 'a>,
    /// The number of pairs left.
    left: usize,
}

impl std::fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Iter").field("left", &self.left).finish_non_exhaustive()
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a [u8], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let pair = self.pairs.next();
        debug_assert_eq!(pair.is_none(), self.left == 0, "as many entries as the lists have");
        self.left -= usize::from(pair.is_some());
        pair
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let pair = self.pairs.next_back();
        self.left -= usize::from(pair.is_some());
        pair
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl FusedIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Counts {
    type Item = (&'a [u8], u64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
