//! Tests of the zip reader. The crate zip makes the archives; we make those by hand that it can't make.

use std::io::{Cursor, Write};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipWriter};
use flate2::Crc;

use crate::read::unpack::members::decoded;
use crate::read::unpack::zip::header::{END, MEMBER};
use crate::read::unpack::zip::{Zip, is_zip};

const STORED: SimpleFileOptions = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Stored);
const DEFLATED: SimpleFileOptions = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);

/// Members with the lengths before their data.
fn zip(members: &[&[u8]], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (number, text) in members.iter().enumerate() {
        writer.start_file(format!("books{number}"), options).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Members with the lengths behind their data.
fn streamed(members: &[&[u8]], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    for (number, text) in members.iter().enumerate() {
        writer.start_file(format!("books{number}"), options).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
    decoded(compressed, Zip::new)
}

/// A member made by hand, such as packers write to a stream, and the bytes `behind` it.
fn by_hand(flags: u16, method: u16, lengths: [u8; 8], extra: &[u8], data: &[u8], behind: &[u8]) -> Vec<u8> {
    let mut file = MEMBER.to_vec();
    for part in [20, flags, method, 0, 0, 0, 0] {
        file.extend(u16::to_le_bytes(part));
    }
    file.extend(lengths);
    file.extend([9, 0]);
    file.extend((extra.len() as u16).to_le_bytes());
    file.extend(b"books.csv");
    let mut listed = [b"PK\x01\x02", &[0; 42][..], b"books.csv"].concat();
    listed[28] = 9;
    [&file[..], extra, data, behind, &listed, &END, &[0; 18]].concat()
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn crc(text: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(text);
    crc.sum().to_le_bytes()
}

#[test]
fn members_are_joined() {
    let text = b"one two three\n".repeat(30_000);
    let members = [b"one\n", &b""[..], &text, b"t", b""];
    let expected = [b"one\n", &text[..], b"t"].concat();
    for options in [STORED, DEFLATED, STORED.large_file(true), DEFLATED.large_file(true)] {
        let compressed = zip(&members, options);
        assert!(is_zip(&compressed));
        assert_eq!(decode(&compressed), (expected.clone(), None));
        assert_eq!(decode(&[&compressed[..], &[0; 512]].concat()), (expected.clone(), None), "padded");
    }
    for options in [DEFLATED, DEFLATED.large_file(true)] {
        assert_eq!(decode(&streamed(&members, options)), (expected.clone(), None));
    }
}

#[test]
fn a_file_without_members_is_empty() {
    let empty = zip(&[], DEFLATED);
    assert!(empty.starts_with(&END) && is_zip(&empty));
    assert_eq!(decode(&empty), (vec![], None));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("folder", STORED).unwrap();
    writer.set_comment("a comment").unwrap();
    assert_eq!(decode(&writer.finish().unwrap().into_inner()), (vec![], None));
}

#[test]
fn lengths_behind_the_data_are_read_in_every_way_they_are_written() {
    const LONG: &[u8] = &[1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const OTHER: &[u8] = &[7, 7, 1, 0, 9];
    for text in [&b"one\n"[..], b""] {
        let data = deflated(text);
        let lengths = [data.len() as u64, text.len() as u64];
        let short = lengths.map(|len| (len as u32).to_le_bytes()).concat();
        let long = lengths.map(u64::to_le_bytes).concat();
        for (extra, lengths) in [(&b""[..], &short), (OTHER, &short), (LONG, &long), (&[OTHER, LONG].concat(), &long)] {
            for signature in [&b""[..], b"PK\x07\x08"] {
                let behind = [signature, &crc(text), lengths].concat();
                let places = if extra.len() < LONG.len() { [0; 8] } else { [0xFF; 8] };
                assert_eq!(decode(&by_hand(8, 8, places, extra, &data, &behind)), (text.to_vec(), None));
                let wrong = [signature, &crc(b"another"), lengths].concat();
                let error = decode(&by_hand(8, 8, places, extra, &data, &wrong)).1.unwrap();
                assert!(error.contains("checksum or length of \"books.csv\" is wrong"), "{error}");
            }
        }
    }
    // Without the extra field, the values tell 8 bytes from 4, except for an empty text.
    let data = deflated(b"one\n");
    let behind = [&crc(b"one\n")[..], &(data.len() as u64).to_le_bytes(), &4_u64.to_le_bytes()].concat();
    assert_eq!(decode(&by_hand(8, 8, [0; 8], b"", &data, &behind)), (b"one\n".to_vec(), None));
}

#[test]
fn what_cannot_be_read_is_told_with_what_can() {
    let tells = |flags, method, why: &str| {
        let (_, error) = decode(&by_hand(flags, method, [0; 8], b"", b"one\n", b""));
        assert_eq!(error.unwrap(), format!("its member \"books.csv\" {why} FILE"));
    };
    tells(1, 8, "is encrypted; unpack it first, as in: unzip -p");
    tells(1, 99, "is encrypted; unpack it first, as in: 7z x -so");
    tells(0, 12, "is compressed with bzip2, which is not read yet; unpack it first, as in: unzip -p");
    tells(0, 95, "is compressed with xz, which is not read yet; unpack it first, as in: 7z x -so");
    tells(0, 77, "is compressed by method 77, which is not read; unpack it first, as in: 7z x -so");
    tells(8, 0, "does not say before its data how long it is; unpack it first, as in: unzip -p");
}

#[test]
fn what_is_cut_off_or_behind_the_end_is_an_error() {
    let texts: [&[u8]; 2] = [b"one\n", b"two\n"];
    let wholes = [zip(&texts, STORED), zip(&texts, DEFLATED), streamed(&texts, DEFLATED), zip(&[], STORED)];
    for whole in &wholes {
        for len in 0..whole.len() {
            let (_, error) = decode(&whole[..len]);
            assert!(error.unwrap().contains("the zip data breaks off before its end"), "{len}");
        }
        for garbage in [&b"x"[..], b"one\n", b"\0x", whole] {
            let (_, error) = decode(&[&whole[..], garbage].concat());
            assert!(error.unwrap().contains("garbage behind the zip data"), "{garbage:?}");
        }
    }
}

#[test]
fn a_flipped_bit_in_the_data_is_an_error() {
    let text = b"one two three\n".repeat(20);
    for (whole, data) in
        [(zip(&[&text], STORED), 280), (zip(&[&text], DEFLATED), 10), (streamed(&[&text], DEFLATED), 10)]
    {
        let start = 30 + b"books0".len();
        for bit in start * 8..(start + data) * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&damaged).1.unwrap().contains("download the file again"), "{bit}");
        }
        let mut damaged = whole.clone();
        damaged[if whole[6] == 8 { whole.len() - 80 } else { 14 }] ^= 1;
        assert!(decode(&damaged).1.is_some());
    }
}

#[test]
fn a_directory_that_lists_other_members_is_an_error() {
    let [one, two] = [zip(&[b"one\n"], STORED), zip(&[b"two\n"], STORED)];
    let place = one.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let (_, error) = decode(&[&one[..place], &two].concat());
    assert!(error.unwrap().contains("its directory lists 1 members, not 2"));
    let (_, error) = decode(&[&one[..place], b"PK\x09\x09", &one].concat());
    assert!(error.unwrap().contains("something else where a member or the directory must be"));
}
