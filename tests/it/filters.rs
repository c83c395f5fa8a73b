//! Filters of ngrams and years: each filter, and several together, give the oracle's result, with any chunks and
//! threads.

use crate::common::oracle::{
    Row, by_years_tsv, commonest, folded, gives, in_years, is_tagged, keep, lower, row, sums, write,
};
use crate::common::{Scratch, tsv, ways_to_cut};
use ngram_count::Format::V3;

/// Ngrams that filters must tell apart.
const NGRAMS: [&[u8]; 45] = [
    b"assent_",
    b"App_Code_NOUN",
    b"App_Code",
    b"and___DET",
    b"9,000_NUM",
    b"9,000",
    b"_NOUN_",
    b"_START_",
    b"_START_ The dog",
    b"_END_",
    b"the_DET",
    b"The_DET",
    b"THE",
    b"The",
    b"the",
    b"the_DET dog",
    b"The dog_NOUN",
    b"dog_NOUN",
    b"Dog_NOUN",
    b"x_noun",
    b"X_NOUN_",
    b"_",
    b"__",
    b"",
    b"a_i",
    b"._.",
    "Ж".as_bytes(),
    "ж".as_bytes(),
    "İ".as_bytes(),
    "i\u{307}".as_bytes(),
    "STRASSE".as_bytes(),
    "Straße".as_bytes(),
    "STRAẞE".as_bytes(),
    "ΟΔΟΣ".as_bytes(),
    "οδος".as_bytes(),
    "οδοσ".as_bytes(),
    "ΟΔΟΣ_NOUN".as_bytes(),
    "οδος_NOUN".as_bytes(),
    "ΟΔΟΣ ΣΟΦΟΣ".as_bytes(),
    b"A\xFFB",
    b"a\xFFb",
    b"D\xFF_NOUN",
    b"antidisestablishmentarianism and more",
    b"Antidisestablishmentarianism and more",
    b"ANTIDISESTABLISHMENTARIANISM and more_ADV",
];

/// Some rows of each, in runs, and again later.
fn rows() -> Vec<Row> {
    let run = |(number, ngram): (u64, &&[u8])| {
        (0..=number % 5)
            .map(move |n| row(ngram, 1897 + n * (number % 7), (number * 31 + n * 17) % 90 + 1, n + 1))
            .collect::<Vec<_>>()
    };
    let first = (0..).zip(&NGRAMS).flat_map(run);
    let again = (3..).zip(NGRAMS.iter().rev()).flat_map(run);
    first.chain(again).collect()
}

#[test]
fn tagged_ngrams_are_dropped_or_all_there_is() {
    let rows = rows();
    let tags = [
        "_NOUN", "_VERB", "_ADJ", "_ADV", "_PRON", "_DET", "_ADP", "_NUM", "_CONJ", "_PRT", "_PROPN", "_PUNCT", "_X",
        "_.",
    ];
    let all_tags =
        tags.iter().flat_map(|tag| [format!("w{tag}"), format!("{tag}_"), format!("w{tag}S"), format!("a w{tag} b")]);
    let rows: Vec<Row> = rows.into_iter().chain(all_tags.map(|ngram| row(ngram, 1900, 5, 1))).collect();
    gives(&rows, &[], tsv(&sums(&rows)));
    gives(&rows, &["--pos", "keep"], tsv(&sums(&rows)));
    gives(&rows, &["--pos", "drop"], tsv(&sums(&keep(&rows, |ngram| !is_tagged(ngram)))));
    gives(&rows, &["--pos=only"], tsv(&sums(&keep(&rows, is_tagged))));
}

#[test]
fn what_a_tag_is() {
    let text = b"assent_\t1\t1\t1\nApp_Code_NOUN\t1\t1\t1\nand___DET\t1\t1\t1\n9,000_NUM\t1\t1\t1\n_NOUN_\t1\t1\t1\n\
        _START_\t1\t1\t1\nthe_DET dog_NOUN\t1\t1\t1\nthe_DET dog\t1\t1\t1\nx_noun\t1\t1\t1\n_\t1\t1\t1\n__\t1\t1\t1\n";
    Scratch::new().pipe(text, ["--pos", "drop"]).gives("_\t1\n__\t1\nassent_\t1\nx_noun\t1\n");
    let only =
        "9,000_NUM\t1\nApp_Code_NOUN\t1\n_NOUN_\t1\n_START_\t1\nand___DET\t1\nthe_DET dog\t1\nthe_DET dog_NOUN\t1\n";
    Scratch::new().pipe(text, ["--pos", "only"]).gives(only);
    Scratch::new().pipe(text, ["--pos", "drop", "-w", "_NOUN_"]).exits(1).writes("_NOUN_\t0\n");
}

#[test]
fn case_variants_are_one_word() {
    let rows = rows();
    gives(&rows, &["--ignore-case"], tsv(&sums(&folded(&rows))));
    gives(&rows, &["--ignore-case", "--spelling=lower", "--sort", "count"], tsv(&sums(&folded(&rows))));
    gives(&rows, &["--ignore-case", "--spelling", "commonest"], tsv(&sums(&commonest(&rows))));
}

#[test]
fn the_commonest_spelling_of_equals_is_the_first_by_its_bytes() {
    let text = b"dog\t1\t3\t1\nDOG\t1\t2\t1\nDog\t1\t3\t1\nDOG\t2\t1\t1\ncat\t1\t2\t1\nCat\t1\t1\t1\ncAT\t1\t1\t1\n\
        Hippopotamuses all\t1\t1\t1\nhippopotamuses all\t1\t2\t1\nHIPPOPOTAMUSES all\t1\t2\t1\n";
    let expected = "DOG\t9\nHIPPOPOTAMUSES all\t5\ncat\t4\n";
    for cut in ways_to_cut() {
        Scratch::new().pipe(text, cut.iter().chain(&["--ignore-case", "--spelling=commonest"])).gives(expected);
    }
    let asked = ["--ignore-case", "--spelling=commonest", "-w", "CAT", "-w", "doG", "-w", "Cow", "-w", "cat"];
    Scratch::new().pipe(text, asked).gives("cat\t4\nDOG\t9\nCow\t0\ncat\t4\n");
    let lower = ["--ignore-case", "-w", "CAT", "-w", "doG", "-w", "Cow", "-w", "cat"];
    Scratch::new().pipe(text, lower).gives("cat\t4\ndog\t9\ncow\t0\ncat\t4\n");
    Scratch::new().pipe(text, ["--spelling=commonest"]).exits(2).writes("");
}

#[test]
fn words_and_lists_are_found_in_any_case() {
    let rows = rows();
    let sums = sums(&folded(&rows));
    let words: Vec<&str> = NGRAMS.iter().filter_map(|ngram| std::str::from_utf8(ngram).ok()).collect();
    let list = words.join("\n");
    let expected: Vec<u8> = words
        .iter()
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            [lower(word.as_bytes()), format!("\t{}\n", sums[&lower(word.as_bytes())]).into_bytes()].concat()
        })
        .collect();
    let scratch = Scratch::with([("list", list.as_bytes()), ("rows", &write(V3, &rows))]);
    for cut in ways_to_cut() {
        scratch.run(cut.iter().chain(&["--words-from=list", "--ignore-case", "rows"])).gives(&expected);
    }
    let two = ["-w", "ΟΔΟΣ", "--ignore-case", "-w", "no such word", "rows"];
    scratch.run(two).gives(format!("οδος\t{}\nno such word\t0\n", sums["οδος".as_bytes()]));
    scratch.run(["-w", "NO SUCH word", "--ignore-case", "rows"]).exits(1).writes("no such word\t0\n");
}

#[test]
fn a_prefix_is_compared_byte_by_byte_or_in_any_case() {
    let rows = rows();
    for prefix in ["a", "A", "The", "the_", "_", "", "Antidisestablishmentarianism and more", "ΟΔΟΣ", "no such"] {
        let begins = |ngram: &[u8]| ngram.starts_with(prefix.as_bytes());
        gives(&rows, &["--prefix", prefix], tsv(&sums(&keep(&rows, begins))));
    }
    for prefix in ["a", "AND", "The d", "THE_DET", "x_NOUN", "ж", "Straß"] {
        let begins = |ngram: &[u8]| lower(ngram).to_ascii_lowercase().starts_with(prefix.to_lowercase().as_bytes());
        gives(&rows, &["--ignore-case", "--prefix", prefix], tsv(&sums(&folded(&keep(&rows, begins)))));
    }
}

/// A prefix may end within a tag, or at a Σ that is not the last letter of the ngram.
#[test]
fn a_prefix_in_any_case_may_end_anywhere() {
    let text =
        "burnt_VERB\t1\t1\t1\nBurnt_ADJ\t1\t2\t1\nΟΔΟΣ\t1\t3\t1\nΟΔΟΣΑ\t1\t4\t1\n_START_ a\t1\t5\t1\n".as_bytes();
    let run = |prefix: &str| Scratch::new().pipe(text, ["--ignore-case", "--prefix", prefix]);
    run("BURNT_V").gives("burnt_VERB\t1\n");
    run("Burnt_").gives("burnt_ADJ\t2\nburnt_VERB\t1\n");
    run("_STA").gives("_START_ a\t5\n");
    run("ΟΔΟΣ").gives("οδοσα\t4\nοδος\t3\n");
    run("οδος").gives("οδοσα\t4\nοδος\t3\n");
}

#[test]
fn an_expression_may_match_anywhere_and_works_on_bytes() {
    let rows = rows();
    let contains = |part: &'static [u8]| move |ngram: &[u8]| ngram.windows(part.len()).any(|window| window == part);
    gives(&rows, &["--regex", "dog"], tsv(&sums(&keep(&rows, contains(b"dog")))));
    gives(&rows, &["--regex", r"(?-u)\xFF"], tsv(&sums(&keep(&rows, contains(b"\xFF")))));
    gives(&rows, &["--regex", "^the"], tsv(&sums(&keep(&rows, |ngram| ngram.starts_with(b"the")))));
    gives(&rows, &["--regex", "_NOUN$"], tsv(&sums(&keep(&rows, |ngram| ngram.ends_with(b"_NOUN")))));
    gives(&rows, &["--regex", "^the$"], tsv(&sums(&keep(&rows, |ngram| ngram == b"the"))));
    gives(&rows, &["--regex", "(?i)^the$"], tsv(&sums(&keep(&rows, |ngram| ngram.eq_ignore_ascii_case(b"the")))));
    gives(&rows, &["--regex", "(?i)ж"], tsv(&sums(&keep(&rows, |ngram| lower(ngram) == "ж".as_bytes()))));
    gives(&rows, &["--regex", "^$"], tsv(&sums(&keep(&rows, <[u8]>::is_empty))));
    let the = keep(&rows, |ngram| lower(ngram) == b"the");
    gives(&rows, &["--ignore-case", "--regex", "^tHe$"], tsv(&sums(&folded(&the))));
}

/// The one character whose lower case is two.
#[test]
fn an_expression_finds_a_dotted_i_as_a_prefix_does() {
    let text = "İst\t1999\t1\t1\ni\u{307}st\t1999\t2\t1\nist\t1999\t4\t1\nKİ\t1999\t8\t1\n".as_bytes();
    let run = |expression: &str| Scratch::new().pipe(text, ["--ignore-case", "--regex", expression]);
    let expected = Scratch::new().pipe(text, ["--ignore-case", "--prefix", "İst"]);
    expected.gives("i\u{307}st\t3\n");
    for expression in ["^İst", "^İST$", "^[İ]st", "^[A-ɏ]st$", r"^\u0130st", "^i\u{307}st", "^İ{1}st"] {
        let ran = run(expression);
        assert!(ran.exits(0).stdout().starts_with("i\u{307}st\t3\n".as_bytes()) || expression.contains('['), "{ran}");
        assert!(String::from_utf8_lossy(ran.stdout()).contains("i\u{307}st\t3\n"), "{ran}");
    }
    run("İ$").gives("ki\u{307}\t8\n");
    run("^[^İ]st$").gives("ist\t4\n");
    run("^ist").gives("ist\t4\n");
    Scratch::new().pipe(text, ["--regex", "^İst"]).gives("İst\t1\n");
}

#[test]
fn an_expression_that_is_none_is_refused() {
    for bad in ["(", "a**b[", "*", r"\q", "a{2,1}"] {
        let ran = Scratch::new().pipe(b"a\t1\t1\t1\n", ["--regex", bad]);
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("ngram-count: the regular expression can't be read: "), "{ran}");
    }
    let ran = Scratch::new().pipe(b"a\t1\t1\t1\n", ["--regex", "("]);
    assert!(ran.stderr().contains("unclosed group"), "{ran}");
}

#[test]
fn filters_can_be_combined() {
    let rows = rows();
    let chosen = |first, last| in_years(&keep(&rows, |ngram| !is_tagged(ngram)), first, last);
    gives(&rows, &["--pos=drop", "--ignore-case", "--years=1900-1910"], tsv(&sums(&folded(&chosen(1900, 1910)))));
    let common = commonest(&chosen(0, 1910));
    gives(&rows, &["--pos=drop", "--ignore-case", "--spelling=commonest", "--years=-1910"], tsv(&sums(&common)));
    let the = |ngram: &[u8]| ngram.starts_with(b"the") && ngram.ends_with(b"g") && is_tagged(ngram);
    gives(&rows, &["--pos=only", "--prefix=the", "--regex=g$"], tsv(&sums(&keep(&rows, the))));
    let expected = by_years_tsv(&folded(&chosen(1900, 1925)), 10);
    gives(&rows, &["--by=decade", "--pos=drop", "--ignore-case", "--years=1900-1925"], expected);
    let expected = by_years_tsv(&common, 1);
    gives(&rows, &["--by=year", "--pos=drop", "--ignore-case", "--spelling=commonest", "--years=-1910"], expected);
}

#[test]
fn words_are_left_out() {
    let rows = rows();
    let but = |left_out: &[&[u8]]| keep(&rows, |ngram| !left_out.contains(&ngram));
    gives(&rows, &["--exclude", "the"], tsv(&sums(&but(&[b"the"]))));
    gives(&rows, &["--exclude", "the", "--exclude", "", "--exclude", "none"], tsv(&sums(&but(&[b"the", b""]))));
    gives(&rows, &["--exclude-regex", "_NOUN$"], tsv(&sums(&keep(&rows, |ngram| !ngram.ends_with(b"_NOUN")))));
    let folds = |ngram: &[u8]| lower(ngram) != b"the" && lower(ngram) != "οδος".as_bytes();
    let options = ["--ignore-case", "--exclude", "THE", "--exclude", "ΟΔΟΣ"];
    gives(&rows, &options, tsv(&sums(&folded(&keep(&rows, folds)))));
    let options = ["--ignore-case", "--exclude-regex", "^tHe$|^ΟΔΟΣ$"];
    let folds = |ngram: &[u8]| folds(ngram) && lower(ngram) != "οδοσ".as_bytes();
    gives(&rows, &options, tsv(&sums(&folded(&keep(&rows, folds)))));
}

#[test]
fn lists_of_words_are_left_out() {
    let text = b"a\t1\nb\t2\nc\t3\nd\t4\n";
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("stop", b"a\r\n\nnone\n"), ("more", b"c")]);
    let run = |line: &str| scratch.run(line.split(' '));
    run("rows.tsv --exclude-from stop --exclude-from more --exclude d").gives("b\t2\n");
    // A word that is asked for and left out does not occur. Ranks are those of the words that are left.
    run("rows.tsv -w a -w b --exclude-from stop").gives("a\t0\nb\t2\n");
    run("rows.tsv -w a --exclude-from stop").exits(1).writes("a\t0\n");
    run("rows.tsv --exclude d --columns word,share,rank --top 1").gives("c\t0.3\t1\n");
    run("rows.tsv --exclude-from stop --columns word,share --top 1 --share-of selection").gives("d\t0.444444444\n");
    scratch.pipe(b"b\nc\n", ["rows.tsv", "--exclude-from", "-"]).gives("d\t4\na\t1\n");
    scratch.pipe(b"a b", ["--exclude-from", "-"]).fails("standard input (-) is named twice, but can be read only once");
    let ran = run("rows.tsv --exclude-from none");
    assert!(ran.exits(2).stderr().starts_with("ngram-count: none: No such file or directory"), "{ran}");
    run("rows.tsv --exclude-regex (").exits(2).writes("");
    let tab = scratch.run(["rows.tsv", "--exclude", "a\tb"]);
    tab.fails("no ngram can hold a TAB or a line end, so \"a\\tb\" is none");
}
