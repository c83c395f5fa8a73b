//! What is shown of a result: orders, conditions, coverage, shares.

use crate::common::{Scratch, gzip, ways_to_cut};

/// `d` is tagged once more; `e` occurs once.
const ROWS: &[u8] = b"a\t1990\t3\t2\na\t1992\t3\t1\nb\t1991\t6\t1\nd\t1995\t4\t9\nd_NOUN\t1995\t4\t9\ne\t1960\t1\t1\n";

#[track_caller]
fn gives(options: &[&str], expected: &str) {
    for cut in ways_to_cut() {
        Scratch::new().pipe(ROWS, [options, &cut].concat()).gives(expected);
    }
}

#[test]
fn a_result_is_in_the_order_of_any_column() {
    gives(&["--sort=first"], "d\t4\nd_NOUN\t4\nb\t6\na\t6\ne\t1\n");
    gives(&["--sort=first", "--reverse"], "e\t1\na\t6\nb\t6\nd\t4\nd_NOUN\t4\n");
    gives(&["--sort=volumes", "--columns=word,volumes"], "d\t9\nd_NOUN\t9\na\t3\nb\t1\ne\t1\n");
    gives(&["--sort=rank", "--columns=word,rank"], "a\t1\nb\t1\nd\t3\nd_NOUN\t3\ne\t5\n");
    gives(&["--sort=share", "--reverse", "-n3"], "d\t4\na\t6\nb\t6\n");
    gives(&["--reverse"], "e\t1\nd\t4\nd_NOUN\t4\na\t6\nb\t6\n");
    gives(&["--sort=word", "--reverse", "-n2"], "b\t6\na\t6\n");
    // A word that does not occur has no first year, and is last in both orders.
    let asked = ["-w=nope", "-w=e", "-w=a", "--columns=word,first"];
    gives(&[&asked[..], &["--sort=first"]].concat(), "a\t1990\ne\t1960\nnope\t\n");
    gives(&[&asked[..], &["--sort=first", "--reverse"]].concat(), "e\t1960\na\t1990\nnope\t\n");
}

#[test]
fn the_lines_of_a_word_stay_together_in_any_order() {
    let lines = "b\t1990\t6\t1\na\t1990\t6\t3\ne\t1960\t1\t1\n";
    gives(&["--by=decade", "--pos=drop", "--sort=first", "--where=count!=4"], lines);
    gives(&["--by=year", "--sort=years", "-w=b", "-w=a"], "a\t1990\t3\t2\na\t1992\t3\t1\nb\t1991\t6\t1\n");
    gives(&["--by=year", "--reverse", "-n=1"], "a\t1990\t3\t2\na\t1992\t3\t1\n");
}

#[test]
fn all_conditions_must_hold() {
    gives(&["--where=first>=1991"], "b\t6\nd\t4\nd_NOUN\t4\n");
    gives(&["--where", "first >= 1991", "--where", "count > 4"], "b\t6\n");
    gives(&["--where=years=2"], "a\t6\n");
    gives(&["--where=last<1990.5", "--columns=word"], "e\n");
    gives(&["--where=rank<=2", "--columns=word,rank"], "a\t1\nb\t1\n");
    gives(&["--where=rank>2", "-n=1", "--columns=word,rank,share"], "d\t3\t0.19047619\n");
    gives(&["--where=share>=0.25"], "a\t6\nb\t6\n");
    // The condition comes before the top, and a word without the value satisfies none.
    gives(&["--where=count<6", "-n=1"], "d\t4\n");
    gives(&["-w=nope", "-w=a", "--where=first>0"], "a\t6\n");
    gives(&["-w=nope", "-w=a", "--where=first!=0"], "a\t6\n");
    gives(&["-w=nope", "-w=a", "--where=count<5"], "nope\t0\n");
}

#[test]
fn a_condition_that_says_nothing_is_refused_with_the_columns() {
    let columns = "; the columns are count, volumes, years, first, last, peak, born, died, share, rank, range, dp, per-million, zipf, \
                   count-there, log-likelihood, log-ratio, diff";
    for (condition, why) in [
        ("firts>=1950", "there is no column \"firts\""),
        ("word=a", "the column word can't be compared with a number"),
        ("count>=many", "expected a number, such as 1950 or 0.5, found \"many\""),
        ("count", "expected a column, one of = != < <= > >=, and a number, such as first>=1950"),
    ] {
        let ran = Scratch::new().pipe(ROWS, ["--where", condition]);
        assert!(ran.exits(2).stderr().contains(&format!("{why}{columns}")), "{ran}");
        ran.writes("");
    }
    let needs_years = "standard input: its format (counts) has no years and no volumes: --years, --rise, --by year, plot and the columns year, volumes, years, first, \
        last, peak, born, died and spark need v1, v2 or v3; if it is one of these, say which with -i";
    Scratch::new().pipe(b"a\t3\n", ["--where=first>1"]).fails(needs_years);
    Scratch::new().pipe(b"a\t3\n", ["--sort=first"]).fails(needs_years);
}

#[test]
fn orders_that_are_none_are_refused() {
    for options in [&["--reverse", "-w=a"][..], &["--reverse", "--sort=none"]] {
        Scratch::new().pipe(ROWS, options).fails("--reverse needs an order to reverse, as in --sort count");
    }
    for column in ["cumulative", "spark", "year", "firts"] {
        let ran = Scratch::new().pipe(ROWS, ["--sort", column]);
        assert!(ran.exits(2).stderr().contains("count, word, none, volumes, years, first, last"), "{ran}");
    }
}

#[test]
fn so_many_words_are_kept_as_make_a_share_of_all() {
    // 6 + 6 + 4 + 4 + 1 = 21
    gives(&["--coverage=28.5%"], "a\t6\n");
    gives(&["--coverage=28.6%"], "a\t6\nb\t6\n");
    gives(
        &["--coverage=0.6", "--sort=word", "--columns=word,cumulative"],
        "a\t0.285714286\nb\t0.571428571\nd\t0.761904762\n",
    );
    gives(&["--coverage=100%"], "a\t6\nb\t6\nd\t4\nd_NOUN\t4\ne\t1\n");
    gives(&["--coverage=95%", "--top=2"], "a\t6\nb\t6\n");
    gives(&["--coverage=90%", "--share-of=selection", "--prefix=d"], "d\t4\nd_NOUN\t4\n");
    gives(&["--coverage=50%", "--share-of=selection", "--prefix=d"], "d\t4\n");
    gives(&["--coverage=0.0095e2", "--top=2"], "a\t6\nb\t6\n");
    let told = "ngram-count: all words of the result together make less than 50% of the input; --share-of selection asks for \
        a share of what passes the filters\n";
    Scratch::new().pipe(ROWS, ["--coverage=50%", "--prefix=d"]).exits(0).writes("d\t4\nd_NOUN\t4\n").says(told);
    Scratch::new().pipe(ROWS, ["--coverage=50%", "--prefix=d", "-q"]).gives("d\t4\nd_NOUN\t4\n");
    for share in ["95", "0%", "101%", "most"] {
        let ran = Scratch::new().pipe(ROWS, ["--coverage", share]);
        assert!(
            ran.exits(2).stderr().contains("expected a share such as 95%, 0.95 or 1e-3, above 0% and at most 100%"),
            "{ran}"
        );
    }
}

#[test]
fn shares_are_those_of_the_input_whatever_is_filtered() {
    let share = |options: &[&str], expected: &str| gives(&[options, &["--columns=word,share"]].concat(), expected);
    share(&["-w=a"], "a\t0.285714286\n");
    share(&["-w=a", "--share-of=selection"], "a\t1.0\n");
    share(
        &["-w=a", "-w=b", "-w=d", "-w=e", "-w=x"],
        "a\t0.285714286\nb\t0.285714286\nd\t0.19047619\ne\t0.047619048\nx\t0.0\n",
    );
    share(&["--prefix=e"], "e\t0.047619048\n");
    share(&["--exclude=a", "-n=1"], "b\t0.285714286\n");
    share(&["--regex=^.$", "--ignore-case", "-n=1"], "a\t0.285714286\n");
    // Only the years that count: 3 + 6 + 4 + 4 + 3.
    share(&["-w=a", "--years=1990-1995"], "a\t0.3\n");
    // Tagged words count the words of the text once more.
    share(&["-w=d", "--pos=drop"], "d\t0.235294118\n");
    share(&["-w=d_NOUN", "--pos=only"], "d_NOUN\t1.0\n");
    let nope = Scratch::new().pipe(ROWS, ["-w=nope", "--columns=word,share"]);
    nope.exits(1).writes("nope\t0.0\n");
}

/// The scale of van Heuven and others (2014): 1 is 0.01 per million words, 3 is 1 per million, 7 is 10,000 per million.
#[test]
fn zipf_values_are_those_of_the_scale() {
    let words: String = (0..7).map(|place| format!("w{place}\t{}\n", 10_u64.pow(place))).collect();
    let text = format!("{words}rest\t{}\n", 100_000_000 - 1_111_111);
    let expected =
        "w0\t0.01\t1.0\nw1\t0.1\t2.0\nw2\t1.0\t3.0\nw3\t10.0\t4.0\nw4\t100.0\t5.0\nw5\t1000.0\t6.0\nw6\t10000.0\t7.0\n";
    let options = ["--prefix=w", "--sort=word", "--columns=word,per-million,zipf"];
    Scratch::new().pipe(text.as_bytes(), options).gives(expected);
}

/// The lines behind the first MiB are searched for words, unless their sum is asked for.
#[test]
fn a_share_of_a_long_input_counts_the_lines_that_a_search_passes_over() {
    let text = "other words\t1990\t1\t1\n".repeat(99_999) + "the\t1990\t1\t1\n";
    let scratch = Scratch::with([("rows", text.as_bytes()), ("rows.gz", &gzip(text.as_bytes()))]);
    for file in ["rows", "rows.gz"] {
        for cut in ways_to_cut().filter(|cut| cut[3] != "1") {
            let run = |options: &[&str]| scratch.run([options, &["-w=the", file], &cut].concat());
            run(&["--columns=word,share"]).gives("the\t0.00001\n");
            run(&["--columns=word", "--where=share=0.00001"]).gives("the\n");
            run(&["--columns=word,share", "--share-of=selection"]).gives("the\t1.0\n");
        }
    }
    let stats = |options: &[&str]| scratch.run([&["-w=the", "rows", "--stats=human"], options].concat()).stderr();
    assert!(stats(&[]).contains("only searched"), "{}", stats(&[]));
    assert!(!stats(&["--columns=share"]).contains("only searched"), "{}", stats(&["--columns=share"]));
    assert!(stats(&["--columns=share", "--share-of=selection"]).contains("only searched"));
}

#[test]
fn frequencies_without_totals_are_those_of_the_input() {
    let text = b"the cat and the dog and the bird\n";
    let columns = ["--columns=word,per-million,zipf"];
    let run = |options: &[&str]| Scratch::new().pipe(text, [options, &columns].concat());
    run(&["-n=2"]).gives("the\t375000.0\t8.574\nand\t250000.0\t8.398\n");
    run(&["-w=the", "-w=nope"]).gives("the\t375000.0\t8.574\nnope\t0.0\t\n");
    run(&["-w=the", "--share-of=selection"]).gives("the\t1000000.0\t9.0\n");
    Scratch::new().pipe(b"a\t1\nb\t999999999\n", ["-w=a", columns[0]]).gives("a\t0.001\t0.0\n");
    let told = "ngram-count: per-million and zipf compare with the counts in the input; with the words of all books if \
        --totals names them (standard input is a table of books)\n";
    Scratch::new().pipe(ROWS, ["-w=e", "--columns=word,zipf"]).exits(0).writes("e\t7.678\n").says(told);
    Scratch::new().pipe(b"", ["-i=v2", "--columns=word,zipf"]).gives("");
    let scratch = Scratch::with([("rows", ROWS), ("totals", b"1990\t3000000\t1\t1\n1992\t3000000\t1\t1\n")]);
    // 6 in 6 million; nothing is known of 1991.
    scratch.run(["rows", "--totals=totals", "-w=a", "-w=b", "--columns=word,zipf", "-q"]).gives("a\t3.0\nb\t\n");
    scratch
        .run(["rows", "--totals=totals", "--where=zipf>=3", "--by=year", "--columns=year,zipf", "-q"])
        .gives("1990\t3.0\n1992\t3.0\n");
    for column in ["per-million", "zipf"] {
        let message = format!("with --by year or --by decade, the column {column} needs --totals FILE");
        Scratch::new().pipe(ROWS, ["--by=year", "--columns", column]).fails(&message);
    }
}
