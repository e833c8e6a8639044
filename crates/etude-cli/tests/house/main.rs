//! The rules of the house, checked over the whole workspace by reading its text.
//!
//! A rule is a test whose name says it. A failure lists every place that breaks it, and how to mend it.

mod code;
mod documents;
mod files;
mod floors;
mod source;
mod workspace;

/// Fails with one line for each place that breaks a rule.
#[track_caller]
fn check(rule: &str, mut broken: Vec<String>) {
    broken.sort();
    assert!(broken.is_empty(), "{rule}; broken here:\n  {}\n", broken.join("\n  "));
}
