//! Compressed input, as a file and through a pipe: it gives the counts of the plain file, and damage is an error.

use std::num::NonZeroUsize;

use crate::common::{COMPRESSIONS, Compress, Scratch, bzip2, counted, gzip, sample, ways_to_cut, xz, zip_of, zstd};
use ngram_count::{Format, Input, Job};
use zip::CompressionMethod;

const BREAKS_OFF: &str = "the gzip data breaks off before its end; download the file again";
const GARBAGE: &str = "garbage behind the gzip data, so the file is damaged or not all gzip; download it again";
/// The format before xz, as `xz --format=lzma` makes it.
const LZMA: &[u8] = b"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0";
const OK: &[u8] = b"a\t1999\t1\t1\n";

#[test]
fn compression_is_known_by_the_first_bytes_and_not_by_the_name() {
    let text = sample(50);
    for (name, compress) in COMPRESSIONS {
        let plain = format!("plain.{name}");
        let scratch = Scratch::with([("really.txt", &compress(&text)[..]), (&plain, &text)]);
        scratch.run(["really.txt"]).gives(counted(&text));
        scratch.run([&plain]).exits(0).writes(counted(&text));
        scratch.shell("\"$0\" < really.txt").gives(counted(&text));
        scratch.shell("cat really.txt | \"$0\" -").gives(counted(&text));
    }
}

#[test]
fn gzip_may_have_many_members_cut_anywhere() {
    let text = sample(300);
    for len in [1, 13, 1000] {
        let members: Vec<u8> = text.chunks(len).flat_map(gzip).collect();
        let scratch = Scratch::with([("many.gz", &members[..])]);
        scratch.run(["many.gz"]).gives(counted(&text));
        scratch.run(["many.gz", "--chunk-size", "7", "--threads", "8"]).gives(counted(&text));
        scratch.pipe(&members, [""; 0]).gives(counted(&text));
    }
}

#[test]
fn zstd_may_have_many_frames_cut_anywhere() {
    let text = sample(300);
    for len in [1, 13, 1000] {
        let skippable = b"\x5A\x2A\x4D\x18\x03\0\0\0abc";
        let frames: Vec<u8> = text.chunks(len).flat_map(|part| [&skippable[..], &zstd(part)].concat()).collect();
        let scratch = Scratch::with([("many.zst", &frames[..])]);
        scratch.run(["many.zst"]).gives(counted(&text));
        scratch.run(["many.zst", "--chunk-size", "7", "--threads", "8"]).gives(counted(&text));
        scratch.pipe(&frames, [""; 0]).gives(counted(&text));
    }
}

#[test]
fn bzip2_and_xz_may_have_many_streams_cut_anywhere() {
    let text = sample(300);
    let padded = |part: &[u8]| [&xz(part)[..], &[0; 4]].concat();
    for (name, compress) in [("bz2", bzip2 as Compress), ("xz", xz), ("padded.xz", padded)] {
        for len in [1, 13, 1000] {
            let streams: Vec<u8> = text.chunks(len).flat_map(compress).collect();
            let name = format!("many.{name}");
            let scratch = Scratch::with([(&name[..], &streams[..])]);
            scratch.run([&name]).gives(counted(&text));
            scratch.run([&name, "--chunk-size", "7", "--threads", "8"]).gives(counted(&text));
            scratch.pipe(&streams, [""; 0]).gives(counted(&text));
        }
    }
}

/// A dictionary that no program makes. Its length stands in the header of a block, with a checksum behind it.
#[test]
fn a_dictionary_of_4_gib_is_refused() {
    let mut bomb = xz(OK);
    let header = 12..20;
    bomb[16] = 40;
    let mut crc = flate2::Crc::new();
    crc.update(&bomb[header.clone()]);
    bomb[header.end..header.end + 4].copy_from_slice(&crc.sum().to_le_bytes());
    let scratch = Scratch::with([("bomb.xz", &bomb[..])]);
    scratch.run(["bomb.xz"]).fails(
        "bomb.xz: the xz data needs 4 GiB of memory for its dictionary, which is more than the program xz makes; unpack \
         it first, as in: xz -dc FILE | ngram-count",
    );
}

#[test]
fn bzip2_and_xz_cut_at_each_byte() {
    let breaks_off = |name: &str| BREAKS_OFF.replace("gzip", name);
    for (name, file, compress) in [("bzip2", "a.bz2", bzip2 as Compress), ("xz", "a.xz", xz)] {
        let whole = compress(OK);
        for len in 0..whole.len() {
            Scratch::with([(file, &whole[..len])]).run([file]).fails(&format!("{file}: {}", breaks_off(name)));
        }
    }
}

#[test]
fn zip_members_are_read_as_files_of_their_own() {
    let text = sample(300);
    let members =
        [("1", &b"\xEF\xBB\xBFa\t1\t2\t1"[..]), ("empty", b""), ("2", b"\xEF\xBB\xBFa\t1\t3\t1\r\n"), ("3", &text)];
    let expected = counted(&[b"a\t1\t5\t1\n", &text[..]].concat());
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let content = zip_of(&members, method);
        let scratch = Scratch::with([("books.csv.zip", &content[..])]);
        for options in ways_to_cut() {
            scratch.run(options.iter().chain(&["books.csv.zip"])).gives(&expected);
            scratch.pipe(&content, options).gives(&expected);
        }
    }
}

#[test]
fn many_compressed_files_are_added_up() {
    let text = sample(200);
    let names: Vec<String> = (0..20).map(|number| format!("{number}.packed")).collect();
    let scratch = Scratch::new();
    for (name, (_, compress)) in names.iter().zip(COMPRESSIONS.iter().cycle()) {
        scratch.write(name, compress(&text));
    }
    let expected = counted(&text.repeat(names.len()));
    for threads in ["1", "3", "8"] {
        let options = ["--threads", threads, "--chunk-size", "100"].map(String::from);
        scratch.run(names.iter().chain(&options)).gives(&expected);
    }
}

#[test]
fn compressed_data_that_breaks_off() {
    for (name, compress) in COMPRESSIONS {
        let whole = compress(&sample(100));
        let breaks_off = BREAKS_OFF.replace("gzip", name);
        let few = if name == "bzip2" { 7 } else { 4 };
        for len in [few, 9, 10, 11, whole.len() / 2, whole.len() - 9, whole.len() - 8, whole.len() - 1] {
            let scratch = Scratch::with([("cut", &whole[..len])]);
            scratch.run(["cut"]).fails(&format!("cut: {breaks_off}"));
            scratch.pipe(&whole[..len], [""; 0]).fails(&format!("standard input: {breaks_off}"));
            if name != "zip" {
                scratch.write("two", [&whole[..], &whole[..len]].concat());
                scratch.run(["two", "--threads", "8", "--chunk-size", "9"]).fails(&format!("two: {breaks_off}"));
            }
        }
    }
    let whole = gzip(&sample(100));
    Scratch::new().pipe(&whole[..3], [""; 0]).fails(&format!("standard input: {BREAKS_OFF}"));
}

#[test]
fn compressed_data_with_something_else_behind_it() {
    for (name, compress) in COMPRESSIONS {
        let whole = compress(OK);
        for garbage in [&b"x"[..], b"\n", b"a\t1999\t1\t1\n", b"\0\0x"] {
            let scratch = Scratch::with([("more", &[&whole[..], garbage].concat()[..])]);
            scratch.run(["more"]).fails(&format!("more: {}", GARBAGE.replace("gzip", name)));
        }
        let scratch = Scratch::with([("zeros", &[&whole[..], &[0; 1000]].concat()[..])]);
        scratch.run(["zeros"]).gives("a\t1\n");
    }
}

#[test]
fn compressed_data_with_a_flipped_bit() {
    for (name, compress) in COMPRESSIONS {
        let mut damaged = compress(&sample(100));
        let checksum = match name {
            "gzip" => damaged.len() - 8,
            "zstd" => damaged.len() - 4,
            // That of the first block.
            "bzip2" => 10,
            // Before the index of 8 bytes and its checksum, and the footer of 12.
            "xz" => damaged.len() - 12 - 4 - 8 - 1,
            // The member's, behind the header of a folder.
            _ => (30 + "folder/".len()) + 14,
        };
        damaged[checksum] ^= 1;
        let ran = Scratch::with([("damaged", &damaged[..])]).run(["damaged"]);
        let begin = format!("ngram-count: damaged: the {name} data is damaged (");
        assert!(ran.stderr().starts_with(&begin), "{ran}");
        assert!(ran.stderr().ends_with("); download the file again\n") && ran.stderr().lines().count() == 1, "{ran}");
        ran.exits(2).writes("");
    }
}

/// The lines before the damage count, with `--keep-going`: the same ones from a file and from a pipe, in small pieces
/// and in large ones. A flipped bit of zip first gives malformed lines.
#[test]
fn damaged_data_gives_the_same_lines_however_it_arrives() {
    // Distinct words, so that some data is left to damage: several blocks of zstd.
    let text: Vec<u8> =
        (0..40_000_u64).flat_map(|n| format!("word{}\t1999\t1\t1\n", n * n * 7919 % 99_991).into_bytes()).collect();
    for (name, compress) in COMPRESSIONS {
        let whole = compress(&text);
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 0x55;
        for content in [&damaged[..], &whole[..whole.len() / 2]] {
            let scratch = Scratch::with([("f", content)]);
            let expected = scratch.run(["f", "--keep-going", "--skip-malformed", "-j1"]);
            assert!(expected.exits(2).stdout().len() > 1000, "{name}: {expected}");
            let says = expected.stderr().replace(" f:", " standard input:");
            for line in [
                "exec \"$0\" -k -j2 <f",
                "exec \"$0\" -k -j8 --chunk-size 1 <f",
                "cat f | \"$0\" -k -j1",
                "dd if=f bs=97 status=none | \"$0\" -k -j2",
                "dd if=f bs=5001 status=none | \"$0\" -k -j8 --chunk-size 100",
            ] {
                let line = line.replace("-k", "--keep-going --skip-malformed");
                scratch.shell(&line).exits(2).writes(expected.stdout()).says(&says);
            }
        }
    }
}

#[test]
fn what_cannot_be_unpacked_is_told_with_what_can() {
    let mut encrypted = zip_of(&[("books.csv", OK)], CompressionMethod::Deflated);
    encrypted[30 + "folder/".len() + 6] |= 1;
    let cases: [(&[u8], &str); 2] = [
        (LZMA, "lzma files are not read yet; unpack it first, as in: xz -dc"),
        (&encrypted, "its member \"books.csv\" is encrypted; unpack it first, as in: unzip -p"),
    ];
    for (content, message) in cases {
        let scratch = Scratch::with([("books", content)]);
        scratch.run(["books"]).fails(&format!("books: {message} FILE | ngram-count"));
        scratch.pipe(content, [""; 0]).fails(&format!("standard input: {message} FILE | ngram-count"));
    }
}

/// The decoder of deflate gives other reasons for the same fault when its buffer is longer.
#[test]
fn the_error_for_damaged_data_does_not_depend_on_chunks() {
    let text = b"a rose is a rose is a rose\n".repeat(20);
    let pool = Job::new().threads(NonZeroUsize::MIN).start_threads().expect("a thread");
    for (name, compress) in COMPRESSIONS {
        let whole = compress(&text);
        for bit in (0..whole.len() * 8).step_by(3) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let [small, large] = [1, 1 << 20].map(|size| {
                let job = Job::new().format(Format::Text).chunk_size(NonZeroUsize::new(size).expect("a size"));
                let outcome = job.inputs([Input::from_bytes(name, damaged.clone())]).run_in(&pool);
                outcome.map(|outcome| outcome.stats.rows).map_err(|error| error.to_string())
            });
            assert_eq!(small, large, "bit {bit}");
        }
    }
}
