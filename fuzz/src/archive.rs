//! Damaged zip files: the run counts the text that was packed, or says that the archive is damaged.

use std::io::{Cursor, Write};

use ngram_count::write::OutputFormat;
use ngram_count::{By, Format, Job};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::oracle::Expected;
use crate::plan::{Plan, written};
use crate::streams::damaged;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, rest)) = Plan::of(data) else { return };
    let job = || Job::new().format(Format::Text);
    if plan.flags & 1 == 0 {
        // The fuzzer's own bytes: whatever they are, the run ends, and chunks change nothing.
        let [cut, simple] = [plan, Plan::SIMPLE].map(|way| {
            let result = way.run(job(), [way.input(rest)]);
            result.map(|outcome| written(&outcome, OutputFormat::Tsv)).map_err(|error| error.to_string())
        });
        assert_eq!(cut, simple);
        return;
    }
    let Some((&damages, rest)) = rest.split_first_chunk::<6>() else { return };
    let members: Vec<&[u8]> = rest.chunks(usize::from(plan.flags >> 3) * 8 + 1).take(4).collect();
    let archive = damaged(pack(&members, plan.flags), damages);
    let result = plan.run(job(), [plan.input(&archive)]);
    // A byte-order mark tells the encoding of a member.
    let has_mark = members
        .iter()
        .any(|text| [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\xEF\xBB\xBF"].iter().any(|mark| text.starts_with(mark)));
    if result.as_ref().is_ok_and(|outcome| outcome.stats.inputs[0].compression.is_some()) && !has_mark {
        // Each member ends its last line.
        Expected::of(Format::Text, By::Word, false, &members.join(&b'\n')).compare(&result);
    }
}

/// An archive of these members: stored or deflated, with their lengths before or behind the data.
fn pack(members: &[&[u8]], flags: u8) -> Vec<u8> {
    let method = if flags & 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let options = SimpleFileOptions::DEFAULT.compression_method(method);
    if flags & 4 != 0 && method == CompressionMethod::Deflated {
        let mut writer = ZipWriter::new_stream(Vec::new());
        add(&mut writer, members, options);
        return writer.finish().expect("memory takes all").into_inner();
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut writer, members, options);
    writer.finish().expect("memory takes all").into_inner()
}

fn add<W: Write + std::io::Seek>(writer: &mut ZipWriter<W>, members: &[&[u8]], options: SimpleFileOptions) {
    for (number, text) in members.iter().enumerate() {
        writer.start_file(format!("books {number}"), options).expect("memory takes all");
        writer.write_all(text).expect("memory takes all");
    }
}
