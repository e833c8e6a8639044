//! Instructions: I: fields and lines that begin with `%%`.

use super::cursor::{Cursor, Line};
use super::limits;
use super::tune::{Tune, without_comment};
use super::voice::Reach;
use crate::Result;

impl Tune {
    /// `%%…`, from the third character of its line.
    pub(super) fn directive(&mut self, directive: &str, line: &Line<'_>) -> Result<()> {
        if let Some(recipe) = directive.strip_prefix("etude-recipe") {
            recipe.trim().clone_into(&mut self.recipe);
            return Ok(());
        }
        let text = without_comment(directive);
        self.instruction(&mut Cursor::new(text, 0, line.number))
    }

    /// An instruction of an I: field or a `%%` line. Those that don't touch the music are left alone.
    pub(super) fn instruction(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let mut words = cursor.rest().split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("MIDI"), Some(what), Some(value)) => {
                // `program` may name a channel first.
                let last = words.next().filter(|_| what == "program").unwrap_or(value);
                self.midi(what, last);
            }
            (Some("propagate-accidentals"), Some(reach), _) => {
                let reach = match reach {
                    "not" => Reach::Note,
                    "octave" => Reach::Octave,
                    _ => Reach::Letter,
                };
                self.defaults.reach = reach;
                self.voices.iter_mut().for_each(|voice| voice.reach = reach);
            }
            (Some("score" | "staves"), ..) if self.instruments.is_empty() => {
                self.instruments = instruments(cursor.rest());
            }
            (Some("linebreak"), ..) => {
                self.breaks_at_exclamation = cursor.rest().split_whitespace().any(|sign| sign == "!");
            }
            (Some("decoration"), Some(sign), _) => self.breaks_at_exclamation = sign == "+",
            (Some("abc-charset"), Some(name), _) => {
                let known = ["utf-8", "us-ascii", "iso-8859-1"];
                if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    self.losses.add("set of characters", "only UTF-8 and ISO 8859-1 are known");
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What players take from `%%MIDI`: the programme and a transposition.
    fn midi(&mut self, what: &str, value: &str) {
        let voice = match self.voices.get_mut(self.current) {
            Some(voice) => voice,
            None => &mut self.defaults,
        };
        match what {
            "program" => {
                if let Some(program) = value.parse().ok().filter(|&n: &u8| n < 128) {
                    voice.program = program;
                }
            }
            "transpose" => voice.shift.transpose_sound(value),
            _ => {}
        }
    }
}

/// The braces of a `%%score` line: the ids of the voices in each.
fn instruments(score: &str) -> Vec<Vec<String>> {
    let mut groups = score.split('{');
    groups.next();
    let ids = |group: &str| -> Vec<String> {
        let inside = group.split('}').next().unwrap_or_default();
        let ids = inside.split(|c: char| c.is_whitespace() || "()[]|*".contains(c));
        ids.filter(|id| !id.is_empty()).take(limits::VOICES).map(str::to_owned).collect()
    };
    groups.take(limits::VOICES).map(ids).collect()
}
