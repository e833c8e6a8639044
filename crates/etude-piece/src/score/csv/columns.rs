//! Rows and columns: how a line is parted, and which field is what.

use crate::{Fault, Place, Result};

/// What a note's row tells.
pub(super) const NAMES: [&str; 4] = ["pitch", "onset", "duration", "velocity"];

/// The most fields of a row.
const MOST_FIELDS: usize = 256;

/// Which field holds what, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) pitch: usize,
    pub(super) onset: usize,
    pub(super) duration: usize,
    pub(super) velocity: Option<usize>,
    /// How many columns are named beside these.
    pub(super) others: usize,
}

impl Columns {
    /// Those of a table without a heading.
    pub(super) const PLAIN: Self = Self { pitch: 0, onset: 1, duration: 2, velocity: None, others: 0 };

    /// Those that a heading names.
    pub(super) fn named(heading: &str, line: usize) -> Result<Self> {
        let names: Vec<String> = fields(heading).map(|(_, name)| name.to_ascii_lowercase()).collect();
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let need = |wanted: &str| -> Result<usize> {
            let found = format!("columns `{}`", shown(heading));
            let fault = Fault::new(Place::Line(line, 1), found, format!("a column `{wanted}`"));
            find(wanted).ok_or_else(|| fault.hint("name the columns pitch, onset and duration").into())
        };
        let (pitch, onset, duration) = (need(NAMES[0])?, need(NAMES[1])?, need(NAMES[2])?);
        let velocity = find(NAMES[3]);
        let others = names.len() - 3 - usize::from(velocity.is_some());
        Ok(Self { pitch, onset, duration, velocity, others })
    }
}

/// The fields of a line, each with its column as a person counts it, in bytes from 1; blanks and quotes around a field are
/// left out.
pub(super) fn fields(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split([',', ';', '\t']).take(MOST_FIELDS).map(move |field| {
        let column = at + 1;
        at += field.len() + 1;
        let field = field.trim();
        let bare = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
        (column, bare.unwrap_or(field).trim())
    })
}

/// Whether a line names the columns of notes: a file that begins with it is a table of them.
pub(in crate::score) fn is_heading(line: &str) -> bool {
    let has = |wanted: &str| fields(line).any(|(_, name)| name.eq_ignore_ascii_case(wanted));
    NAMES[..3].iter().all(|name| has(name))
}

/// The beginning of what stood there.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
