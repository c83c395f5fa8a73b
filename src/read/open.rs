//! Opens an input: detects the format from the first bytes, and checks that the run can use this format.

use std::io::{self, Read};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::parse::report::Nul;
use crate::parse::{BYTE_ORDER_MARK, Format, Guess, detect, is_table, looks_wrapped};
use crate::read::chunk::{MappedChunks, PositionedChunks, Ranges, StreamChunks};
use crate::read::detected::Detected;
use crate::read::input::{
    Compression, Content, CsvKind, Input, Opened, Peeked, RandomAccess, Stream, archive, csv_kind, foreign,
    not_downloaded,
};
use crate::read::part::FilePart;
#[cfg(feature = "postgres")]
use crate::read::postgres::PostgresTable;
use crate::read::shared_stream::SharedStream;
use crate::read::source::{Chunks, Open};
use crate::read::{ReadOptions, failure};

/// The number of first bytes that we inspect. They are enough unless the first line is longer.
const MIN_HEAD: usize = 16 << 10;

/// The maximum number of first bytes that we inspect. Of a longer first line, only this part counts for the detection.
const MAX_HEAD: usize = 16 << 20;

/// The facts that an input's first bytes tell.
struct Beginning {
    /// The length of the byte-order mark in bytes. The mark belongs to no chunk.
    skip: usize,
    format: Format,
    is_sure: bool,
    /// Whether the lines are records of CSV.
    is_csv: bool,
    /// See [`Detected::is_wrapped`].
    is_wrapped: bool,
}

/// Opens an input and detects its format.
///
/// # Errors
/// When the input can't be opened or read, and when the run can't use its format.
pub(super) fn open(input: &Input, options: &ReadOptions) -> Result<Open> {
    #[cfg(feature = "postgres")]
    if let Input::Postgres(table) = input {
        return open_table(table, input, options);
    }
    let mut opened = input.open(options.decoding)?;
    if let Input::Part(_) = input {
        FilePart::check(&mut opened).map_err(|source| Error::Read { input: input.to_string(), source })?;
    }
    let Opened { content, regular, compression, misnamed } = opened;
    let opening = Opening { input, options, compression, misnamed };
    match content {
        Content::Stream(mut stream) => {
            let beginning = opening.inspect(&mut stream.text, false, regular.as_ref())?;
            Ok(opening.stream(stream, &beginning, regular))
        }
        Content::Plain { regular, start } => {
            let content = || regular.reader(start);
            let beginning = opening.inspect(&mut Peeked::new(content()), true, Some(&regular))?;
            if !beginning.is_csv {
                return Ok(opening.plain(regular, start, &beginning));
            }
            if let Input::Part(_) = input {
                return Err(opening.error(FilePart::indivisible("is CSV of this program"), Some(&regular)));
            }
            let stream = Stream::of_plain(content()).map_err(|source| opening.error(source, Some(&regular)))?;
            Ok(opening.stream(stream, &beginning, Some(regular)))
        }
    }
}

/// Starts to read a table of PostgreSQL. Its columns tell the format.
#[cfg(feature = "postgres")]
fn open_table(table: &PostgresTable, input: &Input, options: &ReadOptions) -> Result<Open> {
    let chunks = table.open(&options.tables, options.chunk_size);
    let chunks = chunks.map_err(|source| Error::Open { input: input.to_string(), source })?;
    let opening = Opening { input, options, compression: None, misnamed: None };
    let beginning = Beginning { skip: 0, format: chunks.format(), is_sure: true, is_csv: false, is_wrapped: false };
    opening.check(&beginning)?;
    Ok(opening.opened(&beginning, Chunks::Table(chunks), None))
}

/// An input during the opening.
struct Opening<'a> {
    input: &'a Input,
    options: &'a ReadOptions,
    compression: Option<Compression>,
    misnamed: Option<Compression>,
}

impl Opening<'_> {
    /// A regular file, or bytes in memory. All workers read its chunks in parallel.
    fn plain(&self, regular: RandomAccess, start: u64, beginning: &Beginning) -> Open {
        let mut ranges = Ranges::new(start + beginning.skip as u64, regular.len, self.options.chunk_size);
        let mut skip = beginning.skip;
        if let Input::Part(part) = self.input {
            ranges = ranges.within(&part.range);
            // The byte-order mark belongs to the part with the first line.
            skip = if part.has_first_line() { skip } else { 0 };
        }
        let chunks = match regular.share(&self.input.to_string()) {
            Some(shared) => Chunks::Mapped(MappedChunks::new(shared, regular.clone(), ranges)),
            None => Chunks::Positioned(PositionedChunks::new(regular.clone(), ranges)),
        };
        Open { skip, ..self.opened(beginning, chunks, Some(regular)) }
    }

    /// A stream. One worker at a time reads its chunks.
    fn stream(&self, mut stream: Stream, beginning: &Beginning, regular: Option<RandomAccess>) -> Open {
        stream.text.peek(beginning.skip);
        stream.text.skip(beginning.skip);
        let facts = Arc::clone(&stream.facts);
        let stream = if beginning.is_csv { stream.of_csv() } else { stream };
        let chunks = StreamChunks::from(beginning.skip as u64, stream, self.options.chunk_size);
        self.opened(beginning, Chunks::Stream(SharedStream::new(chunks), facts), regular)
    }

    fn opened(&self, beginning: &Beginning, chunks: Chunks, regular: Option<RandomAccess>) -> Open {
        let Beginning { skip, format, is_sure, is_wrapped, .. } = *beginning;
        let (compression, misnamed) = (self.compression, self.misnamed);
        let detected = Detected { format, is_sure, compression, misnamed, is_wrapped };
        let is_raw = self.options.decoding.is_raw;
        Open { input: self.input.clone(), detected, skip, is_raw, regular, chunks }
    }

    /// Inspects more and more first bytes of the input, until they tell the format.
    ///
    /// Each failure is an error here, even if the run keeps going. The run reads a plain file again from its beginning,
    /// and may then succeed. Without the error, it would count a table with unreadable first lines as text.
    fn inspect(
        &self,
        head: &mut Peeked<impl Read>,
        is_plain: bool,
        regular: Option<&RandomAccess>,
    ) -> Result<Beginning> {
        let mut beginning =
            Beginning { skip: 0, format: Format::Text, is_sure: true, is_csv: false, is_wrapped: false };
        let mut len = MIN_HEAD;
        loop {
            let (text, is_all) = match self.options.format {
                Some(Format::Text) => (head.peek(BYTE_ORDER_MARK.len()), false),
                _ => self.first_bytes(head, len, is_plain, regular)?,
            };
            let has_mark = !self.options.decoding.is_raw && text.starts_with(BYTE_ORDER_MARK);
            beginning.skip = if has_mark { BYTE_ORDER_MARK.len() } else { 0 };
            if self.options.format == Some(Format::Text) {
                break;
            }
            let text = &text[beginning.skip..];
            if len == MIN_HEAD && !self.options.decoding.is_raw {
                beginning.is_csv = self.is_csv(text, is_all)?;
            }
            if self.detect_format(text, is_all || len >= MAX_HEAD, &mut beginning)? {
                break;
            }
            len *= 4;
        }
        if self.options.finds_wrapped && beginning.format == Format::Text {
            beginning.is_wrapped = looks_wrapped(head.peek(MIN_HEAD));
        }
        if let Some(source) = head.take_failure_if(is_plain) {
            return Err(self.error(source, regular));
        }
        self.check(&beginning)?;
        Ok(beginning)
    }

    /// The first `len` bytes of the input, or all bytes if there are fewer, and whether these are all. If a stream
    /// fails within them and the run keeps going, the lines before the failure are all.
    fn first_bytes<'h>(
        &self,
        head: &'h mut Peeked<impl Read>,
        len: usize,
        is_plain: bool,
        regular: Option<&RandomAccess>,
    ) -> Result<(&'h [u8], bool)> {
        let there = head.peek(len).len();
        if !head.has_failed() {
            return Ok((head.peek(len), there < len));
        }
        let whole = memchr::memrchr(b'\n', head.peek(there)).map_or(0, |place| place + 1);
        let goes_on = self.options.keep_going && !is_plain && whole > 0;
        match head.take_failure_if(!goes_on) {
            Some(source) => Err(self.error(source, regular)),
            None => Ok((head.peek(whole), true)),
        }
    }

    /// Detects the format from the first bytes, `text`. Returns `false` if the detection needs more bytes.
    fn detect_format(&self, text: &[u8], is_all: bool, beginning: &mut Beginning) -> Result<bool> {
        let of_csv = csv_kind(text).filter(|_| beginning.is_csv);
        if let Some(format) = self.options.format {
            beginning.format = format;
        } else if let Some(CsvKind::Of(format)) = of_csv {
            beginning.format = format;
        } else if let Some(Guess { format, is_sure }) = detect(text, is_all) {
            (beginning.format, beginning.is_sure) = (format, is_sure);
            if let Some(nul) = Nul::first(text).filter(|_| format == Format::Text || !is_sure) {
                let nul = Nul { at: beginning.skip as u64 + nul.at, ..nul };
                return Err(failure::binary(self.input, nul));
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether the input is CSV from this program.
    ///
    /// # Errors
    /// For CSV that can't be counted again, and for an input that is not text at all, such as an archive or an image.
    /// An input that is surely a table may begin with any bytes.
    fn is_csv(&self, text: &[u8], is_all: bool) -> Result<bool> {
        let wrong = |why: io::Error| Err(self.error(why, None));
        match csv_kind(text) {
            Some(CsvKind::Derived) => {
                return wrong(io::Error::other(
                    "is CSV of this program with columns that can't be counted again; that can be done with \
                     word,count and with word,year,count,volumes",
                ));
            }
            Some(CsvKind::Of(_)) => {
                return Ok(matches!(self.options.format, None | Some(Format::Counts | Format::V2)));
            }
            None => {}
        }
        if let Some(what) = archive(text, self.compression) {
            return wrong(io::Error::other(what));
        }
        if is_table(text, is_all) {
            return Ok(false);
        }
        if let Some(page) = not_downloaded(text, self.misnamed) {
            return wrong(io::Error::other(page));
        }
        foreign(text, self.compression).map_or(Ok(false), |what| wrong(io::Error::other(what)))
    }

    /// Checks that the run can use the input's format.
    fn check(&self, beginning: &Beginning) -> Result<()> {
        let Beginning { format, is_sure, .. } = *beginning;
        let input = || self.input.to_string();
        let needs = self.options.needs;
        // An empty input counts as a table, but not surely.
        if needs.text && is_sure && format != Format::Text {
            return Err(Error::NoText { input: input(), format });
        }
        if needs.years && !format.has_years() || needs.volumes && format == Format::Counts {
            return Err(Error::NoYears { input: input(), format });
        }
        Ok(())
    }

    fn error(&self, source: io::Error, regular: Option<&RandomAccess>) -> Error {
        failure::unreadable(self.input, source, regular)
    }
}
