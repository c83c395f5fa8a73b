//! Encodings: a text decoded piece by piece counts as encoding_rs decodes it at once.

use encoding_rs::{UTF_16BE, UTF_16LE};
use ngram_count::{By, Error, Format, Job};

use crate::oracle::Expected;
use crate::plan::Plan;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, rest)) = Plan::of(data) else { return };
    let labels = ["utf-16le", "utf-16be", "latin1", "shift_jis", "gb18030", "euc-kr", "iso-2022-jp", "big5"];
    let label = labels[usize::from(plan.flags % 8)];
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
    let (mut job, mut text) = (Job::new().format(Format::Text), Vec::new());
    if plan.flags & 8 != 0 && encoding == UTF_16LE {
        text.extend(b"\xFF\xFE");
    } else if plan.flags & 8 != 0 && encoding == UTF_16BE {
        text.extend(b"\xFE\xFF");
    } else {
        job = job.encoding(label.parse().expect("a label"));
        // A mark would win over the name. A LF of one or two bytes comes first.
        text.extend_from_slice(match label {
            "utf-16le" => b"\n\0",
            "utf-16be" => b"\0\n",
            _ => b"\n",
        });
    }
    text.extend_from_slice(rest);
    let (decoded, ..) = encoding.decode(&text);
    let result = plan.run(job, [plan.input(&text)]);
    // A table whose first ngram begins with the bytes of a mark is no UTF-16.
    let is_table = text.contains(&b'\t') && plan.flags & 8 != 0;
    if let Err(Error::Read { source, .. }) = &result
        && ["UTF-32", "tar archive"].iter().any(|why| source.to_string().contains(why))
    {
        return;
    }
    if !is_table {
        Expected::of(Format::Text, By::Word, false, decoded.as_bytes()).compare(&result);
    }
}
