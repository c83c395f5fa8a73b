//! Results with a separator between the columns: TSV, by hand since its ngrams hold no TAB and no LF, and CSV.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use crate::counts::Piece;

pub(super) fn tsv(counts: Piece<'_>, text: &mut Vec<u8>) -> u64 {
    let mut digits = itoa::Buffer::new();
    for (ngram, count) in counts {
        text.extend_from_slice(ngram);
        text.push(b'\t');
        text.extend_from_slice(digits.format(count).as_bytes());
        text.push(b'\n');
    }
    0
}

pub(super) fn csv(counts: Piece<'_>, text: &mut Vec<u8>) -> io::Result<u64> {
    let mut digits = itoa::Buffer::new();
    let mut writer = writer(text);
    for (ngram, count) in counts {
        writer.write_record([ngram, digits.format(count).as_bytes()])?;
    }
    writer.flush()?;
    Ok(0)
}

pub(super) fn csv_header(columns: &[&str]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut writer = writer(&mut text);
    writer.write_record(columns)?;
    writer.flush()?;
    drop(writer);
    Ok(text)
}

fn writer(text: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(text)
}
