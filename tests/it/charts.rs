//! The charts of `plot`, in the terminal and in pictures.

use std::fs;

use crate::common::{PROGRAM, Ran, Scratch, data};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;

/// One word goes up, the other down. The last year has only one of them.
const SMALL: &[u8] = b"up\t1990,1,1\t1991,2,1\t1992,3,1\t1993,4,1\t1994,5,1\t1995,6,1\t1996,8,1\t1997,9,1\t1998,11,1\t1999,12,1\n\
    up\t2000,12,1\ndown\t1990,10,1\t1991,9,1\t1992,7,1\t1993,6,1\t1994,5,1\t1995,4,1\t1996,3,1\t1997,2,1\t1998,2,1\t1999,1,1\n";

/// Runs `plot` with only these environment variables about the terminal.
fn draw(variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let scratch = Scratch::with([("small", SMALL)]);
    let mut command = scratch.command(PROGRAM);
    command.env_remove("COLUMNS").envs(variables.iter().copied()).args(["plot", "small"]).args(arguments);
    Ran::of(&mut command, None)
}

fn text(ran: &Ran) -> &str {
    std::str::from_utf8(ran.exits(0).stdout()).expect("charts are UTF-8")
}

const ASCII: &str = "\
Count, 1990-2000
15 +
   |
10 +                         *********
   |oooooo                ***
   |      ooo          ***
 5 +         ooo*******
   |      ******    oooooo
   |******                oooooooooo
 0 +                                oo
   ++----------------+---------------+
  1990             1995           2000
* up   o down
";

#[test]
fn a_chart_of_ascii() {
    let options = ["-w=up", "-w=down", "--width=38", "--height=13", "--smooth=0"];
    let lines = ["--ascii"];
    draw(&[], &[&options[..], &lines].concat()).gives(ASCII);
    draw(&[("LC_ALL", "C")], &options).gives(ASCII);
    draw(&[("LANG", "en_US.ISO-8859-1"), ("NO_COLOR", "1")], &options).gives(ASCII);
}

#[test]
fn lines_are_told_apart_by_colours_or_else_by_marks() {
    let words = ["-w=up", "-w=down", "--width=40", "--height=12"];
    let with = |variables: &[(&str, &str)], more: &[&str]| draw(variables, &[&words[..], more].concat());
    let plain = with(&[], &[]);
    assert!(text(&plain).contains('●') && text(&plain).contains('○') && !text(&plain).contains('\x1B'), "{plain}");
    let colored = with(&[], &["--color=always"]);
    let is_braille = |letter: char| ('\u{2801}'..='\u{28FF}').contains(&letter);
    assert!(text(&colored).contains("\x1B[38;5;33m━━ \x1B[0mup   \x1B[38;5;160m━━ \x1B[0mdown\n"), "{colored}");
    assert!(text(&colored).contains(is_braille) && !text(&colored).contains('●'), "{colored}");
    let never = with(&[("CLICOLOR_FORCE", "1")], &["--color=never"]);
    assert_eq!(text(&never), text(&plain));
    let ascii = with(&[("CLICOLOR_FORCE", "1")], &["--ascii"]);
    assert!(text(&ascii).is_ascii() && text(&ascii).contains("\x1B[38;5;33m* \x1B[0mup"), "{ascii}");
    assert!(text(&with(&[("NO_COLOR", "1")], &[])) == text(&plain));
}

#[test]
fn a_chart_is_as_large_as_the_terminal_and_no_larger() {
    let widths = [1, 2, 5, 10, 17, 20, 40, 79, 80, 120, 300];
    for (width, height) in widths.into_iter().flat_map(|width| [1, 5, 10, 24, 40, 60].map(|height| (width, height))) {
        let size = [("COLUMNS", &*width.to_string()), ("LINES", &*height.to_string())];
        for options in [&["-w=up"][..], &["-w=up", "-w=down", "--ascii"]] {
            let ran = draw(&size, options);
            let lines: Vec<&str> = text(&ran).lines().collect();
            assert!(lines.iter().all(|line| line.chars().count() <= width), "{size:?}\n{ran}");
            assert!(lines.iter().all(|line| !line.ends_with(' ')), "{size:?}\n{ran}");
            if width >= 20 && height >= 10 {
                assert_eq!(lines.len(), (height - 1).min(40), "{size:?}\n{ran}");
                assert!(lines.iter().any(|line| line.chars().count() > width - 3), "{size:?}\n{ran}");
            }
        }
    }
}

#[test]
fn every_kind_of_word_is_drawn() {
    let long = "antidisestablishmentarianism".repeat(3);
    let words = ["漢字", "\x1B[31mred", "\u{202E}der", "<b>&\"'", "", "Ελλάς и Русь", &long];
    let rows: String = words.iter().map(|word| format!("{word}\t1990\t5\t1\n{word}\t1991\t6\t1\n")).collect();
    let scratch = Scratch::with([("rows", rows.as_bytes()), ("list", words.join("\n").as_bytes())]);
    let options = ["plot", "rows", "--words-from=list", "-w=", "--width=40", "--height=20"];
    let ran = scratch.run(options);
    assert!(!text(&ran).contains('\x1B') && text(&ran).contains("[31mred") && text(&ran).contains("漢字"), "{ran}");
    let ascii = scratch.run(options.iter().chain(&["--ascii"]));
    assert!(text(&ascii).is_ascii() && text(&ascii).contains("antidisest") && text(&ascii).contains("..."), "{ascii}");

    scratch.run(options[..4].iter().chain(&["--svg=a.svg", "--png=a.png"])).gives("");
    let svg = String::from_utf8(scratch.read("a.svg")).unwrap();
    let document = Document::parse(&svg).unwrap();
    let shown: Vec<&str> = document.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    for word in ["漢字", "\u{FFFD}[31mred", "\u{FFFD}der", "<b>&\"'", "Ελλάς и Русь"] {
        assert!(shown.contains(&word), "{word} {shown:?}");
    }
    assert!(Pixmap::decode_png(&scratch.read("a.png")).is_ok());
}

#[test]
fn years_alone_and_zeros_alone_are_drawn() {
    let scratch = Scratch::with([("one", &b"a\t1990\t5\t1\n"[..]), ("zero", b"a\t1990\t0\t1\n")]);
    for name in ["one", "zero"] {
        let ran = scratch.run(["plot", name, "-w=a", "--ascii", "--height=10"]);
        // One of them is in the legend.
        assert!(text(&ran).matches('*').count() >= 2 && text(&ran).contains(" 1990\n"), "{ran}");
        scratch.run(["plot", name, "-w=a", "--svg=a.svg", "--png=a.png"]).gives("");
        Document::parse(std::str::from_utf8(&scratch.read("a.svg")).unwrap()).unwrap();
    }
}

#[test]
fn pictures_are_not_blank_and_come_out_the_same() {
    let scratch = Scratch::with([("small", SMALL), ("old.png", b"old")]);
    let run = |png, svg| scratch.run(["plot", "small", "-w=up", "-w=down", "--png", png, "--svg", svg]);
    run("old.png", "a.svg").gives("");
    run("b.png", "b.svg").gives("");
    assert_eq!(scratch.names(), ["a.svg", "b.png", "b.svg", "old.png", "small"]);
    let png = scratch.read("b.png");
    assert!(png == scratch.read("old.png") && scratch.read("a.svg") == scratch.read("b.svg"));
    assert!(png.starts_with(b"\x89PNG\r\n\x1A\n"));
    let picture = Pixmap::decode_png(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (1800, 1000));
    let count = |is: fn([u8; 3]) -> bool| {
        picture.pixels().iter().filter(|pixel| is([pixel.red(), pixel.green(), pixel.blue()])).count()
    };
    // White ground, letters and lines.
    assert!(count(|color| color == [255; 3]) > 1_000_000);
    assert!(count(|color| color.iter().max() < Some(&90)) > 1000, "there are no letters");
    assert!(count(|color| color == [0x1F, 0x77, 0xB4]) > 2000 && count(|color| color == [0xD6, 0x27, 0x28]) > 2000);
}

#[test]
fn a_picture_may_go_to_standard_output_and_stand_beside_data() {
    let scratch = Scratch::with([("small", SMALL)]);
    let svg = scratch.run(["plot", "small", "-w=up", "--svg=-"]);
    assert!(text(&svg).starts_with("<svg ") && text(&svg).contains("\nCount, 1990-2000\n"), "{svg}");
    scratch.run(["plot", "small", "-w=up", "--svg=a.svg", "--data", "--years=1990"]).gives("up\t1990\t1\n");
    assert_eq!(scratch.names(), ["a.svg", "small"]);
    let closed = scratch.shell("$0 plot small -w up --png - | head -c 4 >/dev/null");
    closed.gives("");
}

/// The picture of README.md, made by the command in data/README.md.
#[test]
fn the_picture_of_the_readme_is_this_programs() {
    let scratch = Scratch::new();
    let [rows, totals] = [data("sample-v2.tsv"), data("total-counts.txt")].map(|path| path.display().to_string());
    let options =
        ["--word=telegraph", "--word=radio", "--word=television", "--word=internet", "--smooth=3", "--svg=plot.svg"];
    scratch.run([&["plot", &rows, "--totals", &totals], &options[..]].concat()).gives("");
    assert!(scratch.read("plot.svg") == fs::read(data("plot.svg")).unwrap(), "make it anew, see data/README.md");
}
