//! The limits of every counter's speed: reading every byte, and decompressing.
//!
//! ```text
//! limits newlines FILE            read by position into one buffer
//! limits newlines --map FILE      in the mapping that ngram-count reads
//! limits inflate FILE.gz...       decompressed as ngram-count does, one file a thread
//! ```
//!
//! Each prints the number of newlines, and `compare.py` checks it against the number of rows.

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use clap::Parser;
use ngram_count::{DEFAULT_CHUNK_SIZE, mmap, stages};

/// Measure what no counter can do without.
#[derive(Parser)]
#[command(name = "limits")]
enum Cli {
    /// Count the newlines of a plain file
    Newlines {
        /// Map the file instead of reading it
        #[arg(long)]
        map: bool,
        /// Number of threads
        #[arg(long, default_value = "2")]
        threads: NonZeroUsize,
        file: PathBuf,
    },
    /// Decompress files, and count their newlines
    Inflate {
        /// Number of threads; one file is decompressed by one thread
        #[arg(long, default_value = "2")]
        threads: NonZeroUsize,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(newlines) => {
            println!("{newlines}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("limits: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<u64, Box<dyn std::error::Error>> {
    match cli {
        Cli::Newlines { map: false, threads, file } => {
            read(&file, threads.get()).map_err(|error| format!("{}: {error}", file.display()).into())
        }
        Cli::Newlines { map: true, threads, file } => through_chunks(&[file], threads.get()),
        Cli::Inflate { threads, files } => through_chunks(&files, threads.get()),
    }
}

fn newlines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

fn through_chunks(files: &[PathBuf], threads: usize) -> Result<u64, Box<dyn std::error::Error>> {
    mmap::enable()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    Ok(pool.install(|| stages::read(files, DEFAULT_CHUNK_SIZE.get(), newlines))?)
}

/// Counts newlines without code of this project: each thread reads part after part of the file.
fn read(path: &Path, threads: usize) -> io::Result<u64> {
    let (file, next) = (File::open(path)?, AtomicU64::new(0));
    let worker = || -> io::Result<u64> {
        let mut buffer = vec![0; DEFAULT_CHUNK_SIZE.get()];
        let mut sum = 0;
        loop {
            let at = next.fetch_add(buffer.len() as u64, Ordering::Relaxed);
            let len = fill(&file, at, &mut buffer)?;
            sum += newlines(&buffer[..len]);
            if len < buffer.len() {
                return Ok(sum);
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).sum()
    })
}

/// Reads from `at` on until the buffer is full or the file ends.
fn fill(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match file.read_at(&mut buffer[len..], at + len as u64) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}
