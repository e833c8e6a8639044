//! A draft: a text with holes, or the beginning of one.

use super::author::text;
use crate::error::{Error, Result};
use etude_piece::piece::Piece;

/// The mark of a hole, unless another is wished.
pub(super) const HOLE: &str = "…";

/// The most holes that a draft may have.
const MOST_HOLES: usize = 1_000;

/// What a draft gives: texts with a hole between each two. One text alone is the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) texts: Vec<String>,
    /// How many characters each hole has; none for as many as it takes.
    pub(super) hole: Option<usize>,
}

impl Given {
    /// Reads a draft. The line end at its very end is that of the file, and no part of it.
    ///
    /// # Errors
    ///
    /// A piece that is no text, an empty mark, and too many holes.
    pub(super) fn read(draft: &Piece, mark: &str, hole: Option<usize>) -> Result<Self> {
        let draft = text(draft)?;
        if mark.is_empty() {
            return Err(Error::usage("`hole=`", "the mark of a hole, such as hole=… or hole=___"));
        }
        let draft = draft.strip_suffix('\n').unwrap_or(draft);
        let texts: Vec<String> = draft.split(mark).map(str::to_owned).collect();
        if texts.len() > MOST_HOLES + 1 {
            let hint = format!("at most {MOST_HOLES}");
            return Err(Error::usage(format!("a draft with {} holes", texts.len() - 1), hint));
        }
        Ok(Self { texts, hole })
    }

    /// Whether it is only a beginning.
    pub(super) fn is_beginning(&self) -> bool {
        self.texts.len() == 1
    }

    /// Whether it says how the text ends.
    pub(super) fn has_end(&self) -> bool {
        !self.is_beginning()
            && (self.hole.is_some() || self.texts.last().is_some_and(|last| !last.is_empty()))
    }

    /// What stands before the first hole.
    pub(super) fn beginning(&self) -> &str {
        &self.texts[0]
    }

    /// How many characters it has, its holes left out.
    pub(super) fn characters(&self) -> usize {
        self.texts.iter().map(|text| text.chars().count()).sum()
    }

    /// Where its texts stand in a finished text, in bytes; none if they don't stand there in order.
    pub(super) fn places(&self, text: &str) -> Option<Vec<std::ops::Range<usize>>> {
        let (mut at, mut places) = (0, Vec::new());
        for (index, given) in self.texts.iter().enumerate() {
            let rest = text.get(at..)?;
            let skipped = match (index, self.hole) {
                (0, _) => 0,
                (_, Some(hole)) => rest.char_indices().map(|(byte, _)| byte).chain([rest.len()]).nth(hole)?,
                (_, None) if index + 1 == self.texts.len() => rest.len().checked_sub(given.len())?,
                (_, None) => rest.find(given.as_str())?,
            };
            if !rest.get(skipped..)?.starts_with(given.as_str()) {
                return None;
            }
            places.push(at + skipped..at + skipped + given.len());
            at += skipped + given.len();
        }
        (self.is_beginning() || at == text.len()).then_some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(draft: &str, hole: Option<usize>, text: &str, expected: Option<&[&str]>) {
        let given = Given::read(&Piece::Text(draft.to_owned()), HOLE, hole).expect("a draft");
        let found = given.places(text);
        let found = found.map(|places| places.into_iter().map(|place| &text[place]).collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn what_stands_around_holes_is_found() {
        check("a…b…c\n", None, "axxbbyc", Some(&["a", "b", "c"]));
        check("a…b…c", Some(2), "axxbyyc", Some(&["a", "b", "c"]));
        check("né…", None, "né ß", Some(&["né", ""]));
    }

    #[test]
    fn what_is_missing_is_missed() {
        check("a…b", None, "axx", None);
        check("a…b", Some(1), "axxb", None);
        check("a…aa", None, "aa", None);
    }

    #[test]
    fn a_draft_without_holes_is_a_beginning() {
        check("Once\n", None, "Once upon", Some(&["Once"]));
        check("Once", None, "On", None);
    }
}
