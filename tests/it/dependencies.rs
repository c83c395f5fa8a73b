//! The table of dependencies in docs/DESIGN.md lists the crates of Cargo.toml, each with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// The crates that the sections for dependencies name.
fn dependencies(manifest: &str) -> Vec<&str> {
    let (mut names, mut is_within) = (Vec::new(), false);
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            is_within = section.trim_end_matches(']').ends_with("dependencies");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_within) {
            names.push(name);
        }
    }
    names.sort_unstable();
    names
}

#[test]
fn the_design_has_the_reason_for_each_dependency() {
    let (manifest, design) = (read("Cargo.toml"), read("docs/DESIGN.md"));
    let table =
        design.split("\n## Dependencies\n").nth(1).and_then(|text| text.split("\n## ").next()).expect("a section");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    let reasons: BTreeMap<&str, &str> = rows.collect();
    assert_eq!(reasons.keys().copied().collect::<Vec<_>>(), dependencies(&manifest));
    assert!(reasons.values().all(|reason| !reason.trim().is_empty()));
    // The crates that only a feature needs are marked.
    let is_optional = |name: &str| manifest.contains(&format!("\"dep:{name}\""));
    for (name, reason) in reasons {
        let is_marked =
            ["*command*", "*bzip2*", "*xz*", "*normalize*", "*postgres*"].iter().any(|mark| reason.starts_with(mark));
        assert_eq!(is_marked, is_optional(name), "{name}");
    }
}
