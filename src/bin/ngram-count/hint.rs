//! Hints: the option that helps against an error. The library's messages name no options, since other programs have
//! other options.

use ngram_count::internal::is_table_url;
use ngram_count::write::InvalidColumns;
use ngram_count::{Error, Format, Note, Remedy, Unsupported};

/// An error's message, with the option that helps.
pub(crate) fn message(error: &Error) -> String {
    match error {
        Error::Open { source, .. } | Error::Write { source, .. } => {
            match unsupported(source).map(Unsupported::remedy) {
                Some(Remedy::Feature(feature)) => {
                    format!("{error}, as in: cargo install --path . --features {feature}")
                }
                _ => error.to_string(),
            }
        }
        Error::Read { input, source, .. } => match unsupported(source).map(|kind| (kind, kind.remedy())) {
            Some((_, Remedy::Command(_))) => format!("{error} | ngram-count"),
            Some((kind, Remedy::Tsv)) => {
                format!("{input}: {}; write it with --format tsv or csv to count it again", kind.what())
            }
            _ => error.to_string(),
        },
        error => format!("{error}{}", option(error)),
    }
}

/// The inner error for an unsupported input, if there is one.
fn unsupported(source: &std::io::Error) -> Option<&Unsupported> {
    source.get_ref()?.downcast_ref()
}

/// The end of a message, which names the option.
fn option(error: &Error) -> &'static str {
    match error {
        Error::NoYears { input, .. } if is_table_url(input.as_ref()) => {
            ": --years, --rise, --by year, plot and the columns year, volumes, years, first, last, peak, born, died and \
             spark need a column of years; name it, as in &columns=ngram,year,match_count,volume_count"
        }
        Error::NoYears { format: Format::Text, .. } => {
            ": --years, --rise, --by year, plot and the columns year, years, first, last, peak, born, died and spark need \
             v1, v2 or v3, or text whose name has its year (--year-from); if it is one of these, say which with -i"
        }
        Error::NoYears { .. } => {
            ": --years, --rise, --by year, plot and the columns year, volumes, years, first, last, peak, born, died and \
             spark need v1, v2 or v3; if it is one of these, say which with -i"
        }
        Error::MixedParts { .. } => ": the columns range and dp need one kind of input",
        Error::NoYearInName { .. } => {
            ": --year-from must match the digits of the year, or have them as its first group"
        }
        Error::NoText { .. } => {
            ", which --tokens, --ngram, --within and --year-from are for; if it is text, say -i text"
        }
        Error::Binary { compression: None, .. } => {
            "; to count it nevertheless, say -i text (or name its encoding, as in --encoding utf-16le)"
        }
        Error::Malformed { guess: Some(_), .. } => ": name its format with -i",
        Error::UnknownEncoding { .. } => "; iconv reads more, as in: iconv -f NAME -t UTF-8 FILE | ngram-count",
        Error::TempFile { .. } => ": choose another with --temp-dir, or allow more memory with --memory",
        Error::Comparison => {
            ": leave out --years, --by, --totals and columns of years with --against or --rise, and --year-from with \
             --against, and don't combine these"
        }
        Error::Threads { .. } => "; ask for fewer with --threads",
        _ => "",
    }
}

/// The message for columns without a meaning, with the option that helps.
pub(crate) fn of_columns(error: InvalidColumns) -> String {
    match error {
        InvalidColumns::NeedsPeriods(column) => format!("the column {column} needs --by year or --by decade"),
        InvalidColumns::NeedsTotals(column) => {
            format!("with --by year or --by decade, the column {column} needs --totals FILE")
        }
        InvalidColumns::NeedsFiles(column) => format!("the column {column} needs --by file"),
        InvalidColumns::NotOfFiles(column) => format!("the column {column} can't be combined with --by file"),
        InvalidColumns::OfWholeWords(column) => {
            format!("the column {column} is of whole words: it can't be combined with --by year, decade or file")
        }
        InvalidColumns::WideNeedsPeriods => "--wide needs --by year or --by decade".into(),
        InvalidColumns::NotWide => {
            "--wide needs two columns: word, and one of count, volumes, per-million or zipf, as in --columns word,count"
                .into()
        }
        InvalidColumns::NeedsComparison(column) => {
            format!("the column {column} needs --against FILE or --rise A-B,C-D")
        }
        InvalidColumns::NotOfComparison(column) => {
            format!("the column {column} can't be combined with --against or --rise")
        }
        error => error.to_string(),
    }
}

/// The end of a note, which names the option.
pub(crate) fn of_note(note: Note) -> &'static str {
    match note {
        Note::Wrapped => "; --within paragraph counts them, --within line says that this is right",
        Note::NotUtf8 { .. } => "; name the encoding, as in --encoding latin1",
        _ => "",
    }
}
