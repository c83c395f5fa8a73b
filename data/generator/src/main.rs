//! Writes sample data in Google's layouts; see `--help`.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use ngram_sample::{Layout, Order, Sample, Size, Written, stories};

/// Write sample data that looks like the Google Books Ngram files, of any size.
///
/// The same options give the same bytes, on every machine. The word Aardvark is always there. Memory use is constant.
#[derive(Parser)]
#[command(name = "generate", after_help = EXAMPLES)]
struct Cli {
    /// Real words whose invented counts tell a story, such as telegraph, radio and internet: the sample in data/
    #[arg(long, conflicts_with_all = ["rows", "bytes", "words", "runs", "tagged", "order", "seed"])]
    stories: bool,

    /// Rows: pairs of a word and a year, or lines of text [default: 1000000]
    #[arg(long, value_name = "N", conflicts_with = "bytes")]
    rows: Option<u64>,

    /// Size of the file, about: 500M, 20G, 64KiB (K, M, G, T are powers of 1024; KB, MB, GB, TB of 1000)
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    bytes: Option<u64>,

    /// Distinct words [default: one for 60 rows; 50000 for text]
    #[arg(long, value_name = "N")]
    words: Option<u64>,

    /// Sorted runs, one after another [default: one for 215000 rows]
    #[arg(long, value_name = "N")]
    runs: Option<u64>,

    /// Share of the words that have a part-of-speech tag such as _NOUN, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = parse_share)]
    tagged: f64,

    /// How a line is laid out
    #[arg(long, value_enum, default_value_t)]
    layout: Layout,

    /// In which order the lines come
    #[arg(long, value_enum, default_value_t)]
    order: Order,

    /// Another seed gives other words and counts
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Write to FILE, and tell on standard error what was written [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  generate --rows 20                        twenty lines, to look at
  generate --bytes 20G -o big.tsv           a file larger than memory
  generate --rows 86000000 --words 1431641 --runs 400 -o a.tsv
                                            as large as the real 20120701 file a
  generate --rows 10000000 --words 10000000 --order random -o hard.tsv
                                            every line another word, in no order
  generate --layout text --bytes 1G -o prose.txt
  generate --stories --layout v3 -o sample-v3.tsv";

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> io::Result<()> {
    let Some(path) = &cli.output else {
        cli.write(&mut io::stdout().lock())?;
        return Ok(());
    };
    // Contradicting numbers are not the file's fault.
    let name = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidInput => error,
        kind => io::Error::new(kind, format!("{}: {error}", path.display())),
    };
    let start = Instant::now();
    let written = cli.write(&mut File::create(path).map_err(name)?).map_err(name)?;
    report(written, start.elapsed().as_secs_f64());
    Ok(())
}

fn report(Written { bytes, lines, rows, words }: Written, seconds: f64) {
    let rate = bytes as f64 / 1e6 / seconds;
    let line = format!("{bytes} bytes, {lines} lines, {rows} rows, {words} words in {seconds:.2} s ({rate:.0} MB/s)");
    // Without standard error, nobody wants this line.
    let _ = writeln!(io::stderr(), "{line}");
}

impl Cli {
    fn write(&self, to: &mut impl Write) -> io::Result<Written> {
        if self.stories { stories::write(self.layout, to) } else { self.sample().write(to) }
    }

    fn sample(&self) -> Sample {
        let sample = Sample::default();
        let size = match (self.rows, self.bytes) {
            (Some(rows), _) => Size::Rows(rows),
            (None, Some(bytes)) => Size::Bytes(bytes),
            (None, None) => sample.size,
        };
        Sample {
            seed: self.seed,
            layout: self.layout,
            size,
            words: self.words,
            runs: self.runs,
            tagged: self.tagged,
            order: self.order,
        }
    }
}

fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit: u64 = match unit {
        "" | "B" => 1,
        "K" | "KiB" => 1 << 10,
        "M" | "MiB" => 1 << 20,
        "G" | "GiB" => 1 << 30,
        "T" | "TiB" => 1 << 40,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err("expected a number and a unit, such as 64KiB, 500M or 20G".into()),
    };
    let number: u64 = number.parse().map_err(|_| "expected a number, such as in 64KiB, 500M or 20G")?;
    number.checked_mul(unit).ok_or_else(|| "too large".into())
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0 to 1, such as 0.3".into()),
    }
}
