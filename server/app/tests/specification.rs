//! Holds the tests to docs/SPEC.md: every promise is cited by a test that tries to break it, and every citation is
//! of a promise.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Numbers of promises: `- **1.2 Name.** …`; and of the sections that hold them.
fn promises() -> (BTreeSet<String>, BTreeSet<String>) {
    let text = fs::read_to_string(root().join("docs/SPEC.md")).unwrap();
    let named = text.lines().filter_map(|line| line.strip_prefix("- **"));
    let promises: BTreeSet<String> = named.map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let sections = promises.iter().map(|number| number.split('.').next().unwrap().to_owned()).collect();
    (promises, sections)
}

/// Numbers after each `SPEC ` of a line: `SPEC 1.2, 1.3`.
fn cited(line: &str) -> impl Iterator<Item = String> {
    line.split("SPEC ").skip(1).flat_map(|rest| {
        let end = rest.find(|sign: char| !(sign.is_ascii_digit() || ". ,".contains(sign))).unwrap_or(rest.len());
        rest[..end].split(',').map(|number| number.trim().trim_end_matches('.').to_owned()).collect::<Vec<_>>()
    })
}

/// Whether a line cites for a test: above one in Rust, or in the title of one.
fn is_of_a_test(file: &Path, line: &str) -> bool {
    let name = file.to_string_lossy();
    line.trim_start().starts_with("// SPEC ")
        || (name.ends_with(".spec.ts") || name.ends_with(".test.ts") || name.ends_with(".test.tsx"))
            && line.contains("(SPEC ")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            sources(&path, found);
        } else if ["rs", "ts", "tsx"].iter().any(|kind| path.extension().is_some_and(|it| it == *kind))
            && name != "specification.rs"
        {
            found.push(path);
        }
    }
}

#[test]
fn every_promise_is_cited_by_a_test_and_every_citation_is_of_a_promise() {
    let mut files = vec![];
    for folder in ["server", "client/src", "e2e/specs"] {
        sources(&root().join(folder), &mut files);
    }
    let (promises, sections) = promises();
    assert!(promises.len() > 50, "docs/SPEC.md is read: {promises:?}");
    let (mut tested, mut unknown) = (BTreeSet::new(), BTreeMap::new());
    for file in files {
        for line in fs::read_to_string(&file).unwrap().lines() {
            for number in cited(line) {
                if !promises.contains(&number) && !sections.contains(&number) {
                    unknown.insert(number.clone(), file.clone());
                }
                if is_of_a_test(&file, line) {
                    tested.insert(number);
                }
            }
        }
    }
    assert!(unknown.is_empty(), "these are no promises: {unknown:?}");
    let untested: Vec<_> = promises.difference(&tested).collect();
    assert!(untested.is_empty(), "no test cites these promises: {untested:?}");
}
