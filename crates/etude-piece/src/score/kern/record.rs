//! Reference records: `!!!OTL: title`, `!!!COM: composer`, and our recipe.

use super::text;
use crate::score::Losses;

/// The key of the record that holds a score's recipe.
pub(super) const RECIPE: &str = "etude-recipe";

/// What records say of the piece.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The title, and how good a source of it the record was: 3 for the plain one, 2 in the original language, 1 in another.
    title: (String, u8),
    pub(super) composer: String,
    pub(super) recipe: String,
}

impl Records {
    /// Reads a line that begins with `!`; all but reference records and directions above the music are passed over.
    pub(super) fn read(&mut self, line: &str, losses: &mut Losses) {
        let reference = line.strip_prefix("!!!").filter(|record| !record.starts_with('!'));
        let Some((key, value)) = reference.and_then(|record| record.split_once(':')) else {
            return direction(line, losses);
        };
        let value = value.trim();
        let (name, language) = key.split_once('@').unwrap_or((key, ""));
        let rank = match (name, key.len() > name.len(), language.starts_with('@')) {
            ("OTL", false, _) => 3,
            ("OTL", true, true) => 2,
            ("OTL", true, false) => 1,
            _ => 0,
        };
        if rank > self.title.1 && !value.is_empty() {
            if self.title.1 > 0 {
                lose(losses);
            }
            self.title = (text::decode(value), rank);
        } else if key == "COM" && self.composer.is_empty() {
            self.composer = text::decode(value);
        } else if key == RECIPE && self.recipe.is_empty() {
            self.recipe = text::decode(value);
        } else {
            lose(losses);
        }
    }

    /// The title, or empty.
    pub(super) fn title(&mut self) -> String {
        std::mem::take(&mut self.title.0)
    }
}

fn lose(losses: &mut Losses) {
    losses.add("reference record", "a score keeps title, composer and recipe");
}

/// Counts the directions among a line's layout parameters.
fn direction(line: &str, losses: &mut Losses) {
    let directions = line.matches("!LO:TX").count() + line.matches("!LO:DY").count();
    losses.add_many(directions, "written direction", "a score holds none");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], title: &str) -> Vec<String> {
        let (mut records, mut losses) = (Records::default(), Losses::default());
        lines.iter().for_each(|line| records.read(line, &mut losses));
        assert_eq!(records.title(), title);
        losses.lines()
    }

    #[test]
    fn the_plain_title_counts_before_the_original_and_that_before_a_translation() {
        check(&["!!!OTL@EN: Awake", "!!!OTL@@DE: Wachet auf"], "Wachet auf");
        check(&["!!!OTL@@DE: Wachet auf", "!!!OTL: BWV 140", "!!!OTL@EN: Awake"], "BWV 140");
        check(&["!! OTL: not", "!!!!OTL: not", "!!!OTLx: not", "!!!OTL"], "");
    }

    #[test]
    fn other_records_are_counted() {
        let lost = check(&["!!!OTL: a", "!!!AGN: chorale", "!!!COM: b", "!!!COM: c", "!LO:TX:t=rit."], "a");
        assert_eq!(
            lost,
            [
                "2 reference records: a score keeps title, composer and recipe",
                "1 written direction: a score holds none"
            ]
        );
    }
}
