//! The table on its way to text: its columns, and rows of tokens.

use super::text;

/// The columns of one part.
#[derive(Debug, Clone, Default)]
pub(super) struct PartColumns {
    /// How many strands its spine has now.
    pub(super) strands: usize,
    /// Its verses: voice and verse, both counted from 0.
    pub(super) verses: Vec<(usize, usize)>,
}

/// The columns, left to right, and the rows so far.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Whether a spine at the left measures time.
    pub(super) measured: bool,
    /// The parts, the lowest first.
    pub(super) parts: Vec<PartColumns>,
    /// Whether a spine at the right has chord symbols.
    pub(super) chords: bool,
    pub(super) text: String,
}

/// One of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Recip,
    /// A part and its strand.
    Kern(usize, usize),
    /// A part and which of its verses.
    Words(usize, usize),
    Chords,
}

impl Page {
    /// A row with a token for each column.
    pub(super) fn row(&mut self, mut token: impl FnMut(Place, &mut String)) {
        let mut text = std::mem::take(&mut self.text);
        let begun = text.len();
        let mut cell = |place: Place| {
            if text.len() > begun {
                text.push('\t');
            }
            token(place, &mut text);
        };
        if self.measured {
            cell(Place::Recip);
        }
        for (part, columns) in self.parts.iter().enumerate() {
            (0..columns.strands).for_each(|strand| cell(Place::Kern(part, strand)));
            (0..columns.verses.len()).for_each(|verse| cell(Place::Words(part, verse)));
        }
        if self.chords {
            cell(Place::Chords);
        }
        text.push('\n');
        self.text = text;
    }

    /// A row that has one token in all columns.
    pub(super) fn all(&mut self, token: &str) {
        self.row(|_, text| text.push_str(token));
    }

    /// A row of one interpretation for all music.
    pub(super) fn music(&mut self, token: &str) {
        self.row(|place, text| text.push_str(if matches!(place, Place::Kern(..)) { token } else { "*" }));
    }

    /// A row of an interpretation for each part, where it has one.
    pub(super) fn by_part(&mut self, tokens: &[String]) {
        if tokens.iter().all(String::is_empty) {
            return;
        }
        self.row(|place, text| match place {
            Place::Kern(part, _) if !tokens[part].is_empty() => text.push_str(&tokens[part]),
            _ => text.push('*'),
        });
    }

    /// A reference record.
    pub(super) fn record(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text.push_str(&format!("!!!{key}: {}\n", text::encode_record(value)));
        }
    }

    /// Joins and splits the strands of each part until there are as many as `wanted` says.
    pub(super) fn bend(&mut self, wanted: &[usize]) {
        for (joining, &wanted) in wanted.iter().enumerate() {
            if self.parts[joining].strands > wanted {
                self.row(|place, text| match place {
                    Place::Kern(part, strand) if part == joining && strand + 1 >= wanted => {
                        text.push_str("*v")
                    }
                    _ => text.push('*'),
                });
                self.parts[joining].strands = wanted;
            }
        }
        loop {
            let splits: Vec<usize> = self.parts.iter().map(|part| part.strands).collect();
            if splits.iter().zip(wanted).all(|(strands, wanted)| strands >= wanted) {
                return;
            }
            self.row(|place, text| match place {
                Place::Kern(part, strand) if splits[part] < wanted[part] && strand + 1 == splits[part] => {
                    text.push_str("*^");
                }
                _ => text.push('*'),
            });
            for (part, wanted) in self.parts.iter_mut().zip(wanted) {
                part.strands += usize::from(part.strands < *wanted);
            }
        }
    }
}
