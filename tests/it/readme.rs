//! Tests of the pages: runs each `console` block of README.md, CONTRIBUTING.md and docs/, and compares the output with
//! the page, byte for byte. Also checks that links have targets, and that the pages mention each option.
//!
//! The syntax of a block:
//! - A line that begins with `$ ` is a command, and lines that begin with `> ` right after it continue it, as in a
//!   shell. The other lines are what it prints, standard output and standard error together, as in a terminal.
//! - A line `...` stands for any number of lines, including none.
//! - Each command must end with status 0. A command that should fail has `; echo $?` behind it, so that the page shows
//!   its status.
//! - `cargo run --release --` stands for the command under test.
//! - The commands of a block run one after another in a fresh folder with a copy of `data/`.
//!
//! Blocks in other languages do not run; `sh` is for commands that need a network, minutes or a cluster. This file
//! contains the `rust` blocks, and compiles and runs them.

use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::PROGRAM;
use crate::common::programs::has;
use ngram_count::{Job, Sort};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The minimum number of examples: the test must not pass without recognising the blocks of the pages.
const AT_LEAST: usize = 70;
/// Programs that some machines lack. There, the test leaves out examples with them.
const NOT_EVERYWHERE: [&str; 3] = ["jq", "parallel", "python3"];

/// A page for people, by its path from the project's root.
struct Page {
    path: String,
    text: String,
}

/// All pages: those in the root, those in `data/` and `examples/`, and all in `docs/`.
fn pages() -> Vec<Page> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).expect("docs/ is there");
    let docs = docs.map(|entry| format!("docs/{}", entry.expect("an entry").file_name().display()));
    let mut paths: Vec<_> =
        ["README.md", "CONTRIBUTING.md", "data/README.md", "examples/hadoop/README.md", "examples/spark/README.md"]
            .map(str::to_owned)
            .into_iter()
            .chain(docs)
            .collect();
    paths.retain(|path| Path::new(path).extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let read = |path: &String| fs::read_to_string(Path::new(ROOT).join(path)).expect("a page");
    paths.into_iter().map(|path| Page { text: read(&path), path }).collect()
}

/// A command of a page and what it prints.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    /// The number of its line in the page.
    line: usize,
    command: String,
    prints: Vec<String>,
}

/// The content of each block in this language, and the number of its first line.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<(usize, Vec<&'a str>)> {
    let (mut blocks, mut open) = (Vec::new(), None);
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info == language, number + 1, Vec::new())),
            (Some(_), Some("")) => {
                blocks.extend(open.take().filter(|(wanted, ..)| *wanted).map(|(_, first, lines)| (first, lines)));
            }
            (Some((_, _, lines)), _) => lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The examples of one block.
fn examples(first: usize, lines: &[&str]) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for (line, text) in (first..).zip(lines) {
        if let Some(command) = text.strip_prefix("$ ") {
            examples.push(Example { line, command: command.to_owned(), prints: Vec::new() });
            continue;
        }
        let last = examples.last_mut().unwrap_or_else(|| panic!("line {line}: no command before it"));
        match text.strip_prefix("> ") {
            Some(more) if last.prints.is_empty() => last.command.extend(["\n", more]),
            _ => last.prints.push((*text).to_owned()),
        }
    }
    examples
}

/// Whether `printed` agrees with the expected lines. A line `...` stands for any number of lines.
fn agrees(expected: &[String], printed: &[&str]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "..." => (0..=printed.len()).any(|skip| agrees(rest, &printed[skip..])),
        Some((line, rest)) => printed.split_first().is_some_and(|(found, left)| line == found && agrees(rest, left)),
    }
}

/// The lines of a text, each of which has its end.
fn whole_lines(text: &str) -> Option<Vec<&str>> {
    match text.strip_suffix('\n') {
        Some(text) => Some(text.split('\n').collect()),
        None => text.is_empty().then(Vec::new),
    }
}

impl Example {
    /// The first program of [`NOT_EVERYWHERE`] that this example needs and the machine lacks.
    fn lacks(&self) -> Option<&'static str> {
        let calls = |program: &&str| self.command.split([' ', '\n', '|']).any(|word| word == *program);
        NOT_EVERYWHERE.into_iter().filter(calls).find(|program| !has(program))
    }

    /// Runs the example in `folder`. Returns the fault, if any.
    fn check(&self, folder: &Path) -> Result<(), String> {
        let (printed, status) = run(&self.command, folder);
        if !status {
            return Err(self.complaint("the status is not 0 (show a failure with `; echo $?`)", &printed));
        }
        match whole_lines(&printed) {
            Some(lines) if agrees(&self.prints, &lines) => Ok(()),
            _ => Err(self.complaint("it prints something else", &printed)),
        }
    }

    fn complaint(&self, what: &str, printed: &str) -> String {
        let Self { line, command, prints } = self;
        let expected = prints.join("\n");
        format!("{line}: {what}\n$ {command}\n--- the page:\n{expected}\n--- printed:\n{printed}---\n")
    }
}

/// The output of a shell, standard output and standard error together, and whether the status is 0.
fn run(command: &str, folder: &Path) -> (String, bool) {
    let bin = Path::new(PROGRAM).parent().expect("the command lies in a folder");
    let inherited = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([bin.to_owned()].into_iter().chain(env::split_paths(&inherited))).expect("PATH");
    let (mut from, to) = io::pipe().expect("a pipe");
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(command.replace("cargo run --release --", "ngram-count"))
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(to.try_clone().expect("a second end of the pipe"))
        .stderr(to);
    let mut child = shell.spawn().expect("sh starts");
    // It holds the pipe's other end, which must be closed for the reading to end.
    drop(shell);
    let mut printed = Vec::new();
    from.read_to_end(&mut printed).expect("the pipe can be read");
    let status = child.wait().expect("sh ends");
    (String::from_utf8(printed).expect("examples print UTF-8"), status.success())
}

/// A folder with the parts of the project's root that examples need.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the examples");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("data/ is made");
    for entry in fs::read_dir(Path::new(ROOT).join("data")).expect("data/ is there") {
        let from = entry.expect("data/ can be listed").path();
        if from.is_file() {
            fs::copy(&from, data.join(from.file_name().expect("a name"))).expect("a file of data/ is copied");
        }
    }
    folder
}

#[test]
fn examples_print_what_the_pages_say() {
    let (mut count, mut wrong) = (0, Vec::new());
    for Page { path, text } in pages() {
        for (first, lines) in blocks(&text, "console") {
            let folder = project();
            for example in examples(first, &lines) {
                count += 1;
                match example.lacks() {
                    Some(program) => eprintln!("{path}:{}: left out, there is no {program} here", example.line),
                    None => wrong.extend(example.check(folder.path()).err().map(|what| format!("{path}:{what}"))),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= AT_LEAST, "the pages have {count} examples, and at least {AT_LEAST} are expected");
}

#[test]
fn a_line_that_differs_is_found() {
    let text = "```console\n$ printf 'a\\n%s\\n' \\\n> b\na\nb\n$ echo c >&2; false; echo $?\nc\n1\n```\n";
    let check = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let all = blocks(text, "console").into_iter().flat_map(|(first, lines)| examples(first, &lines));
        all.map(|example| example.check(folder.path()).map_err(|_| example.line)).collect::<Vec<_>>()
    };
    assert_eq!(check(text), [Ok(()), Ok(())]);
    assert_eq!(check(&text.replace("\nb\n", "\nB\n")), [Err(2), Ok(())], "another line");
    assert_eq!(check(&text.replace("\nb\n", "\nb \n")), [Err(2), Ok(())], "one byte more");
    assert_eq!(check(&text.replace("\nb\n", "\n")), [Err(2), Ok(())], "a line too few");
    assert_eq!(check(&text.replace("\nb\n", "\nb\nb\n")), [Err(2), Ok(())], "a line too many");
    assert_eq!(check(&text.replace("\nc\n", "\nd\n")), [Ok(()), Err(6)], "standard error");
    assert_eq!(check(&text.replace("\na\nb\n", "\n...\nb\n...\n")), [Ok(()), Ok(())], "lines left out");
    assert_eq!(check(&text.replace("\na\nb\n", "\n...\nc\n")), [Err(2), Ok(())], "lines left out, then another");
    assert_eq!(check(&text.replace("; echo $?", "")), [Ok(()), Err(6)], "a failure that is not shown");
    assert_eq!(check("```console\n$ printf a\na\n```\n"), [Err(2)], "no line end");
}

/// The options that a help text lists: words with a dash that begin a line, or come second after a short option.
fn options(help: &str) -> Vec<&str> {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    lines
        .flat_map(|line| line.split([' ', ',']).take_while(|word| !word.starts_with('<')))
        .filter(|word| {
            let name = word.trim_start_matches('-');
            name.len() < word.len() && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        })
        .collect()
}

/// Whether `text` has `option`, and not just a longer one that begins alike.
fn mentions(text: &str, option: &str) -> bool {
    let is_part = |letter: char| letter == '-' || letter.is_ascii_alphanumeric();
    text.match_indices(option)
        .any(|(place, _)| !text[..place].ends_with(is_part) && !text[place + option.len()..].starts_with(is_part))
}

#[test]
fn each_option_is_in_the_pages() {
    let text: String = pages().into_iter().map(|page| page.text).collect();
    for command in ["ngram-count --help", "ngram-count bench --help", "ngram-count plot --help"] {
        let (help, is_well) = run(command, Path::new(ROOT));
        let options = options(&help);
        assert!(is_well && options.len() > 20 && options.contains(&"-w") && options.contains(&"--word"), "{options:?}");
        let missing: Vec<_> = options.into_iter().filter(|option| !mentions(&text, option)).collect();
        assert!(missing.is_empty(), "no page mentions {missing:?} of {command}");
    }
    assert!(!mentions("--words-from --no-word", "--word"));
}

/// The anchor of a heading, behind the `#` of a link.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
}

/// Whether `link` leads to a file, and to one of its headings if the link names one.
fn leads(from: &Page, link: &str) -> bool {
    let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
    let target = match file {
        "" => Path::new(ROOT).join(&from.path),
        _ => Path::new(ROOT).join(&from.path).with_file_name("").join(file),
    };
    let has = |heading: &str| {
        let text = fs::read_to_string(&target).unwrap_or_default();
        text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == heading)
    };
    target.exists() && heading.is_none_or(has)
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut count = 0;
    for page in pages() {
        let links = page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://")) {
            count += 1;
            assert!(leads(&page, link), "{}: nothing is at {link}", page.path);
        }
    }
    assert!(count > 40, "{count} links");
    let page = Page { path: "docs/GUIDE.md".into(), text: String::new() };
    assert!(leads(&page, "../README.md#speed") && leads(&page, "#charts") && leads(&page, "RECIPES.md"));
    assert!(!leads(&page, "README.md") && !leads(&page, "#chart") && !leads(&page, "../README.md#speeds"));
}

// The README's library example, word for word.

/// Prints the words of both files that occur at least 1,000 times, in the order of the alphabet.
fn print_frequent(old: &str, new: &str) -> Result<(), ngram_count::Error> {
    let outcome = Job::new().input(old).input(new).min_count(1000).sort(Sort::Word).run()?;
    for (ngram, count) in &outcome.counts {
        println!("{count:>9} {}", String::from_utf8_lossy(ngram));
    }
    Ok(())
}

#[test]
fn the_library_example_is_compiled_and_runs() {
    let mut count = 0;
    for Page { path, text } in pages() {
        for (line, block) in blocks(&text, "rust") {
            count += 1;
            for part in block.join("\n").split("\n\n") {
                assert!(
                    include_str!("readme.rs").contains(part),
                    "{path}:{line}: not compiled in tests/it/readme.rs:\n{part}"
                );
            }
        }
    }
    assert_eq!(count, 1, "each must be a part of this file");
    let data = |name: &str| format!("{ROOT}/data/{name}");
    print_frequent(&data("sample-v2.tsv"), &data("sample-v2.tsv.gz")).expect("the samples can be counted");
    print_frequent(&data("sample-v2.tsv"), &data("missing")).expect_err("there is no such file");
}
