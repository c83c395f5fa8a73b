//! Damaged gzip, zstd, bzip2 and xz: the run counts what the reference decoder reads, or says that the data is damaged.

use std::io::{Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Check, Stream, TELL_UNSUPPORTED_CHECK};
use liblzma::write::XzEncoder;
use ngram_count::{By, Compression, Format, Job};

use crate::oracle::Expected;
use crate::plan::Plan;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, rest)) = Plan::of(data) else { return };
    let compressed = match plan.flags & 7 {
        // The fuzzer's own bytes.
        0 | 7 => rest.to_vec(),
        kind => {
            let Some((&damages, rest)) = rest.split_first_chunk::<6>() else { return };
            let members = rest.chunks(usize::from(plan.flags >> 3) * 16 + 1).take(8);
            let pack = |text| match kind {
                1 => gzip(text),
                2 | 3 => zstd(text, kind == 2),
                4 => bzip2(text),
                _ => xz(text, if kind == 5 { Check::Crc64 } else { Check::Sha256 }),
            };
            let packed = members.flat_map(pack).collect();
            damaged(packed, damages)
        }
    };
    let result = plan.run(Job::new().format(Format::Text), [plan.input(&compressed)]);
    let Ok(outcome) = &result else { return };
    let reference = match outcome.stats.inputs[0].compression {
        Some(Compression::Gzip) => reference(&compressed, |all| read_all(MultiGzDecoder::new(all))),
        Some(Compression::Zstd) => reference(&compressed, |all| {
            let mut decoder = zstd::Decoder::new(all).ok()?;
            decoder.window_log_max(31).ok()?;
            read_all(decoder)
        }),
        Some(Compression::Bzip2) => reference(&compressed, |all| read_all(bzip2::read::MultiBzDecoder::new(all))),
        Some(Compression::Xz) => reference(&compressed, |all| {
            let decoder = Stream::new_stream_decoder(u64::MAX, CONCATENATED | TELL_UNSUPPORTED_CHECK).ok()?;
            read_all(XzDecoder::new_stream(all, decoder))
        }),
        _ => return,
    };
    let text = reference.expect("the reference decoder refuses what was counted");
    // Text that begins with a mark was decoded.
    if !text.starts_with(b"\xFF\xFE") && !text.starts_with(b"\xFE\xFF") {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
        Expected::of(Format::Text, By::Word, false, text).compare(&result);
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zstd(text: &[u8], has_checksum: bool) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.include_checksum(has_checksum).expect("a frame may have one");
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn xz(text: &[u8], check: Check) -> Vec<u8> {
    let stream = Stream::new_easy_encoder(0, check).expect("memory");
    let mut encoder = XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// Flips a bit, sets a byte, and cuts the end off, as the six bytes say; some of them say to change nothing.
pub(crate) fn damaged(mut bytes: Vec<u8>, damages: [u8; 6]) -> Vec<u8> {
    let [flip, bit, set, byte, cut, zeros] = damages;
    let len = bytes.len();
    if flip > 0 && len > 0 {
        bytes[(usize::from(flip) - 1) % len] ^= 1 << (bit % 8);
    }
    if set > 0 && len > 0 {
        bytes[len - 1 - (usize::from(set) - 1) % len] = byte;
    }
    bytes.truncate(len - usize::from(cut).min(len));
    bytes.resize(bytes.len() + usize::from(zeros % 32), 0);
    bytes
}

/// The text that a decoder reads. It may refuse the zeros behind the data, which are allowed.
fn reference(mut compressed: &[u8], decode: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    loop {
        let text = decode(compressed);
        match compressed.strip_suffix(b"\0") {
            Some(shorter) if text.is_none() => compressed = shorter,
            _ => return text,
        }
    }
}

fn read_all(mut reader: impl Read) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    reader.read_to_end(&mut text).ok()?;
    Some(text)
}
