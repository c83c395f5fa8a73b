//! Tests the layers of the library: an import may only point to a lower floor. As long as this holds, the folders of
//! `src/` show the pipeline.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the lowest to the highest. The longest prefix of a path decides.
const FLOORS: &[&[&str]] = &[
    &["system", "lock", "printable", "text_slice"],
    &["filter", "read/unpack"],
    &["parse", "table"],
    &["error"],
    &["read"],
    &["result"],
    &["count"],
    &["write"],
    &["job"],
    &["lib", "stages"],
];

/// The floor of a path such as `read/chunk/mapped`, and the prefix that decides.
fn floor(path: &str) -> Option<(usize, &'static str)> {
    let names = FLOORS.iter().enumerate().flat_map(|(floor, names)| names.iter().map(move |&name| (floor, name)));
    let is_within = |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    names.filter(|(_, name)| is_within(name)).max_by_key(|(_, name)| name.len())
}

/// The modules of the crate that some code names, as paths such as `read/chunk/mapped`, each with its line's number.
fn imports(text: &str) -> Vec<(usize, String)> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let mut imports = Vec::new();
    for (place, found) in code.match_indices("crate::") {
        let (before, path) = (&code[..place], &code[place + found.len()..]);
        // Not `other_crate::`.
        if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let line = before.matches('\n').count() + 1;
        let end = path.find(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
        let (path, rest) = path.split_at(end.unwrap_or(path.len()));
        // In `read::{self, unpack::gzip}`, the names in the braces decide.
        let names = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        for name in names.split(',').map(str::trim).filter(|name| names.is_empty() || !name.is_empty()) {
            let path = format!("{path}{}", if name == "self" { "" } else { name });
            imports.push((line, path.trim_end_matches(':').replace("::", "/")));
        }
    }
    imports
}

/// The faults of the imports in the `text` of `file`, such as `read/chunk/mapped`.
fn faults(file: &str, text: &str) -> BTreeSet<String> {
    let Some((own, name)) = floor(file) else { return BTreeSet::from([format!("src/{file} stands on no floor")]) };
    let fault = |(line, path): (usize, String)| match floor(&path) {
        Some((other, import)) if other < own || import == name => None,
        Some((_, import)) => Some(format!("src/{file}:{line}: {name} must not import {import}")),
        None => Some(format!("src/{file}:{line}: crate::{path} stands on no floor")),
    };
    let mut faults: BTreeSet<String> = imports(text).into_iter().filter_map(fault).collect();
    // A path that climbs would escape the check. `super` alone stays in the folder, unless the file stands in `src`: there
    // it may only be the `use super::*` of a module of tests.
    let climbs = text.contains("super::super::")
        || (!file.contains('/') && text.matches("super::").count() > text.matches("super::*").count());
    if climbs {
        faults.insert(format!("src/{file}: a path must begin with crate::, not climb by super::"));
    }
    faults
}

/// All files of the library, without the command's in `src/bin`.
fn files(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() && !path.ends_with("src/bin") {
            self::files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(path);
        }
    }
}

#[test]
fn imports_point_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = BTreeSet::new();
    files(&source, &mut all);
    let faults = all.iter().flat_map(|path| {
        let name = path.strip_prefix(&source).expect("it is there").with_extension("");
        let name = name.to_str().expect("names are UTF-8").trim_end_matches("/mod").to_owned();
        faults(&name, &fs::read_to_string(path).expect("it can be read"))
    });
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn an_import_that_points_up_is_found() {
    for (file, line) in [
        ("parse/rows/cursor", "use crate::read::line_numbers::ChunkReport;"),
        ("parse", "    let lines = crate::read::input::lines(text);"),
        ("filter/words", "use crate::error::{Error, Result};"),
        ("read", "use crate::{parse::Format, result::stats::Stats};"),
        ("read/unpack/zip", "use crate::read::{decode, unpack};"),
        ("table", "use crate::parse::Run;"),
        ("error", "use crate::Job;"),
        ("read", "use crate::terminal::progress;"),
        ("parse", "use crate::read::{\n    input::Input,\n    unpack::Compression,\n};"),
        ("postgres/copy", "use std::io;"),
        ("parse/rows/cursor", "use super::super::super::read::Reader;"),
        ("parse", "use super::read::Reader;"),
        ("error", "use super::{Job, write};"),
    ] {
        assert_eq!(faults(file, &format!("\n{line}\n")).len(), 1, "{file}: {line}");
    }
    for (file, line) in [
        ("parse/malformed", "use crate::read::unpack::Compression;"),
        ("read", "use crate::read::{decode, unpack};"),
        ("read", "//! See [`crate::job::Job`].    "),
        ("count/sink", "use crate::{parse::Emit, table::Key};"),
        ("write", "use other_crate::result::Counts;"),
        ("text_slice", "mod tests {\n    use super::*;\n}"),
    ] {
        assert_eq!(faults(file, line), BTreeSet::new(), "{file}: {line}");
    }
}
