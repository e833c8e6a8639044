//! Drawing: from nothing, from strokes that are given, from a code.

use super::super::moves::{Move, Pen, strokes};
use super::{LONGEST, Sketch, pen};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::model::{Progress, Settings};
use crate::settings::{check, get};
use etude_piece::strokes::Strokes;

/// What is made of a drawing that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It is finished: its strokes stay, others follow.
    Finish,
    /// It is drawn again from the middle of its code.
    Reconstruct,
    /// It is drawn again from a code near its own.
    Mimic,
}

/// What can be set when drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Wishes {
    /// Odds are divided by it, variances multiplied.
    pub temperature: f64,
    /// What is made of a drawing that is given.
    pub manner: Manner,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { temperature: 0.5, manner: Manner::Finish }
    }
}

impl Wishes {
    /// Reads wishes by name.
    ///
    /// # Errors
    ///
    /// Unknown names, and values out of range.
    pub fn read(from: &Settings) -> Result<Self> {
        check(from, &wishes())?;
        let warm = |x: &f64| (0.01..=10.0).contains(x);
        let manner = match from.get("manner").map(|text| text.trim()) {
            None | Some("finish") => Manner::Finish,
            Some("reconstruct") => Manner::Reconstruct,
            Some("mimic") => Manner::Mimic,
            Some(other) => {
                return Err(Error::usage(
                    format!("`manner={other}`"),
                    "manner is finish, reconstruct or mimic",
                ));
            }
        };
        Ok(Self { temperature: get(from, "temperature", 0.5, "from 0.01 to 10", warm)?, manner })
    }
}

/// What can be set when drawing.
pub fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting(
            "temperature",
            "0.5",
            "1 is the model's own; lower is more usual, higher more adventurous; 0.01 to 10",
        ),
        setting(
            "manner",
            "finish",
            "what is made of a given drawing: finish, or with codes reconstruct or mimic",
        ),
    ]
}

/// A drawing that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The drawing.
    pub strokes: Strokes,
    /// Whether the pen was done of its own accord.
    pub done: bool,
}

impl Sketch {
    /// Draws: from a code (of the width of the network's; none without codes), after `given` strokes, at most `most` points
    /// in all.
    ///
    /// # Errors
    ///
    /// Strokes with moves beyond all measure, and interruptions.
    pub fn draw(
        &self,
        code: &[f32],
        given: Option<&Strokes>,
        temperature: f64,
        most: usize,
        chance: &mut Chance,
        progress: &mut Progress,
    ) -> Result<Drawn> {
        let mut moves = given.map_or(Ok(Vec::new()), |given| self.scaled(given))?;
        let mut hand = self.net.begin(code);
        if let Some(last) = moves.last_mut() {
            last.pen = Pen::Lifted;
        }
        moves.iter().for_each(|step| hand.push(*step));
        let mut done = false;
        while !done && moves.len() < most {
            if moves.len().is_multiple_of(64) && !progress(moves.len() as f64 / most as f64, "drawing") {
                return Err(Error::Interrupted);
            }
            let [x, y] = hand.point().draw(temperature, chance).map(|x| x.clamp(-LONGEST, LONGEST));
            let odds = hand.pens(x, y, temperature);
            let step = Move { x, y, pen: pen(chance.draw(&odds.map(kernels::exp))) };
            done = step.pen == Pen::Done;
            moves.push(step);
            hand.push(step);
        }
        let unit = |step: &Move| Move { x: step.x * self.scale, y: step.y * self.scale, pen: step.pen };
        let mut drawn = strokes(&moves.iter().map(unit).collect::<Vec<_>>());
        if let Some(given) = given {
            // What is given stays as it is, to the last bit.
            drawn.strokes.splice(..given.strokes.len(), given.strokes.iter().cloned());
        }
        Ok(Drawn { strokes: drawn, done })
    }
}
