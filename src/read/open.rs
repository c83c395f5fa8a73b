//! Opening an input: what it is, told from its first bytes, and whether that is what was asked for.

use std::io::{self, Read};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::parse::report::Nul;
use crate::parse::{BYTE_ORDER_MARK, Format, Guess, detect, is_table};
use crate::read::chunk::{MappedChunks, PositionedChunks, StreamChunks};
use crate::read::detected::Detected;
use crate::read::input::{
    Compression, Content, CsvKind, Input, Opened, Peeked, RandomAccess, Stream, archive, csv_kind, foreign,
    not_downloaded,
};
use crate::read::shared_stream::SharedStream;
use crate::read::source::{Chunks, Open};
use crate::read::{ReadOptions, failure};

/// How many bytes are looked at to tell the format, where that is enough.
const HEAD: usize = 16 << 10;
/// How many are looked at at the most, where the first line is long.
const MAX_HEAD: usize = 16 << 20;

/// What the beginning of an input tells.
struct Look {
    /// How many bytes to pass over: those of a byte-order mark.
    skip: usize,
    format: Format,
    is_sure: bool,
    /// The lines are records of CSV.
    is_csv: bool,
}

/// Opens an input, and looks at its beginning.
pub(super) fn open(input: &Input, options: &ReadOptions) -> Result<Open> {
    let Opened { content, regular, compression, misnamed } = input.open(options.encoding)?;
    let beginning = Beginning { input, options, compression, misnamed };
    match content {
        Content::Stream(mut stream) => {
            let look = beginning.look_at(&mut stream.text, false, regular.as_ref())?;
            Ok(beginning.stream(stream, &look, regular))
        }
        Content::Plain { regular, start } => {
            let content = || regular.reader(start);
            let look = beginning.look_at(&mut Peeked::new(content()), true, Some(&regular))?;
            if !look.is_csv {
                return Ok(beginning.plain(regular, start, &look));
            }
            let stream = Stream::of_plain(content()).map_err(|source| beginning.error(source, Some(&regular)))?;
            Ok(beginning.stream(stream, &look, Some(regular)))
        }
    }
}

/// An input whose first bytes are looked at.
struct Beginning<'a> {
    input: &'a Input,
    options: &'a ReadOptions,
    compression: Option<Compression>,
    misnamed: Option<Compression>,
}

impl Beginning<'_> {
    /// A file whose chunks are read side by side.
    fn plain(&self, regular: RandomAccess, start: u64, look: &Look) -> Open {
        let (start, size) = (start + look.skip as u64, self.options.chunk_size);
        let chunks = match regular.share(&self.input.to_string()) {
            Some(shared) => Chunks::Mapped(MappedChunks::new(shared, regular.clone(), start, size)),
            None => Chunks::Positioned(PositionedChunks::new(regular.clone(), start, size)),
        };
        self.opened(look, chunks, Some(regular))
    }

    /// A stream, whose chunks are read one after another.
    fn stream(&self, mut stream: Stream, look: &Look, regular: Option<RandomAccess>) -> Open {
        stream.text.peek(look.skip);
        stream.text.skip(look.skip);
        let facts = Arc::clone(&stream.facts);
        let stream = if look.is_csv { stream.of_csv() } else { stream };
        let chunks = StreamChunks::from(look.skip as u64, stream, self.options.chunk_size);
        self.opened(look, Chunks::Stream(SharedStream::new(chunks), facts), regular)
    }

    fn opened(&self, look: &Look, chunks: Chunks, regular: Option<RandomAccess>) -> Open {
        let Look { skip, format, is_sure, .. } = *look;
        let detected = Detected { format, is_sure, compression: self.compression, misnamed: self.misnamed };
        Open { input: self.input.clone(), detected, skip, regular, chunks }
    }

    /// Tells what the input is from its `head`. A plain file is read again from its beginning, so what fails here may
    /// pass then: a failure must not be lost, or a table would be counted as text.
    fn look_at(&self, head: &mut Peeked<impl Read>, is_plain: bool, regular: Option<&RandomAccess>) -> Result<Look> {
        let mut look = Look { skip: 0, format: Format::Text, is_sure: true, is_csv: false };
        let mut most = HEAD;
        loop {
            let (text, is_all) = match self.options.format {
                Some(Format::Text) => (head.peek(BYTE_ORDER_MARK.len()), false),
                _ => self.whole_lines(head, most, is_plain, regular)?,
            };
            look.skip = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            if self.options.format == Some(Format::Text) {
                break;
            }
            let text = &text[look.skip..];
            if most == HEAD {
                look.is_csv = self.is_csv(text, is_all)?;
            }
            if self.tell_format(text, is_all || most >= MAX_HEAD, &mut look)? {
                break;
            }
            most *= 4;
        }
        if let Some(source) = head.take_failure_if(is_plain) {
            return Err(self.error(source, regular));
        }
        self.check(&look)?;
        Ok(look)
    }

    /// The first bytes of the input, `most` or all there are, and whether these are all. Where a stream fails among them
    /// and the run is to keep going, those are the lines before.
    fn whole_lines<'h>(
        &self,
        head: &'h mut Peeked<impl Read>,
        most: usize,
        is_plain: bool,
        regular: Option<&RandomAccess>,
    ) -> Result<(&'h [u8], bool)> {
        let len = head.peek(most).len();
        if !head.has_failed() {
            return Ok((head.peek(most), len < most));
        }
        let whole = memchr::memrchr(b'\n', head.peek(len)).map_or(0, |place| place + 1);
        let goes_on = self.options.keep_going && !is_plain && whole > 0;
        match head.take_failure_if(!goes_on) {
            Some(source) => Err(self.error(source, regular)),
            None => Ok((head.peek(whole), true)),
        }
    }

    /// Whether the format can be told from `text`.
    fn tell_format(&self, text: &[u8], is_all: bool, look: &mut Look) -> Result<bool> {
        let of_csv = csv_kind(text).filter(|_| look.is_csv);
        if let Some(format) = self.options.format {
            look.format = format;
        } else if let Some(CsvKind::Of(format)) = of_csv {
            look.format = format;
        } else if let Some(Guess { format, is_sure }) = detect(text, is_all) {
            (look.format, look.is_sure) = (format, is_sure);
            if let Some(nul) = Nul::first(text).filter(|_| format == Format::Text || !is_sure) {
                let nul = Nul { at: look.skip as u64 + nul.at, ..nul };
                return Err(failure::binary(self.input, nul));
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether the input is a CSV file of this program's.
    ///
    /// # Errors
    /// For one that can't be counted again, and for what is no text at all. What is surely a table may begin as it
    /// likes.
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

    /// That an input has what is asked of it.
    fn check(&self, look: &Look) -> Result<()> {
        let Look { format, is_sure, .. } = *look;
        let input = || self.input.to_string();
        if self.options.needs_years && !format.has_years() {
            return Err(Error::NoYears { input: input(), format });
        }
        // One that is nothing, such as an empty one, is no table either.
        if self.options.needs_text && is_sure && format != Format::Text {
            return Err(Error::NoText { input: input(), format });
        }
        Ok(())
    }

    fn error(&self, source: io::Error, regular: Option<&RandomAccess>) -> Error {
        failure::unreadable(self.input, source, regular)
    }
}
