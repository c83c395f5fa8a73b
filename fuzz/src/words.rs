//! Lists of words, and looking them up: as a naive reader does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, process};

use ngram_count::{Error, Format, Job};

use crate::naive::read;
use crate::plan::Plan;

/// See the [crate's table](crate). A line of two hashes ends the list, and begins the counts.
pub fn check(data: &[u8]) {
    let Some((plan, text)) = Plan::with_text(data) else { return };
    let end = text.windows(4).position(|bytes| bytes == b"\n##\n").unwrap_or(text.len());
    let (list, counts) = (&text[..end], &text[(end + 3).min(text.len())..]);

    let job = match in_a_file(list, |path| Job::new().words_from(path)) {
        Ok(job) => job,
        Err(error) => {
            let is_right = list.contains(&0) || error.to_string().contains("tar archive");
            assert!(is_right, "{error}");
            return;
        }
    };
    let lines = list.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let asked: Vec<Vec<u8>> = lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect();
    assert_eq!(job.words_asked(), asked);

    let mut seen = BTreeSet::new();
    let asked: Vec<Vec<u8>> = asked.into_iter().filter(|word| seen.insert(word.clone())).collect();
    let result = plan.run(job.each_word_once().format(Format::Counts).skip_malformed(true), [plan.input(counts)]);
    if asked.iter().any(|word| word.contains(&b'\t')) {
        assert!(matches!(result, Err(Error::InvalidWord(_))), "{result:?}");
        return;
    }
    let mut sums = BTreeMap::new();
    for row in read(Format::Counts, counts).0 {
        *sums.entry(row.ngram).or_insert(0) += u128::from(row.matches);
    }
    match &result {
        Ok(outcome) => {
            let found = outcome.counts.iter().map(|(word, count)| (word.to_vec(), u128::from(count)));
            let expected = asked.into_iter().map(|word| {
                let sum = sums.get(&word).copied().unwrap_or(0);
                (word, sum)
            });
            assert!(found.eq(expected), "{:?}", outcome.counts.iter().collect::<Vec<_>>());
        }
        Err(Error::Overflow { ngram, .. }) => assert!(sums[ngram] > u128::from(u64::MAX)),
        Err(Error::Read { source, .. }) if source.to_string().contains("tar archive") => {}
        Err(error) => panic!("{error}"),
    }
}

/// Calls `read` with the path of a file with this text.
pub(crate) fn in_a_file<T>(text: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    static FILE: LazyLock<PathBuf> =
        LazyLock::new(|| std::env::temp_dir().join(format!("ngram-count-fuzz-{}", process::id())));
    fs::write(&*FILE, text).expect("a file in the folder for temporary files");
    read(&FILE)
}
