//! Drawings for pen plotters: laid on a sheet, in an order that spares the pen's way, as G-code or HPGL.

mod sheet;

mod order;

mod nearest;

mod tour;

mod gcode;

mod hpgl;

pub use gcode::{Lift, gcode};
pub use hpgl::hpgl;
pub use sheet::Sheet;

/// How a drawing is to be plotted.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// What it is drawn on.
    pub sheet: Sheet,
    /// How fast the pen draws, in millimetres a minute.
    pub feed: f64,
    /// How the pen is lifted, in G-code.
    pub lift: Lift,
    /// Ends of strokes that are no farther apart than this, in millimetres, are joined; without it, strokes stay as they are, in
    /// their order.
    pub join: Option<f64>,
    /// How the drawing came to be, or empty.
    pub recipe: String,
}

impl Default for Plot {
    /// An A4 sheet at 3 metres a minute, which small plotters reach. A gap of 0.1 mm is a third of a fine pen's line.
    fn default() -> Self {
        Self {
            sheet: Sheet::default(),
            feed: 3000.0,
            lift: Lift::default(),
            join: Some(0.1),
            recipe: String::new(),
        }
    }
}

impl Plot {
    /// The drawing in millimetres from the sheet's lower left corner, y upwards, in the order in which it is to be plotted.
    ///
    /// # Errors
    ///
    /// A sheet without room between its margins, and a speed that isn't above 0.
    fn laid(&self, drawing: &super::Strokes) -> crate::Result<super::Strokes> {
        if !(self.feed > 0.0 && self.feed.is_finite()) {
            let found = format!("a pen at {} millimetres a minute", self.feed);
            return Err(crate::Error::unfit(found, "a speed above 0"));
        }
        let placed = self.sheet.lay(drawing)?;
        Ok(match self.join {
            Some(tolerance) => placed.ordered(tolerance),
            None => placed,
        })
    }
}
