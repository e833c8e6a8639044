//! Drawings and handwriting as the pen made them: strokes of points, each with its time where that is known.

/// A drawing: strokes in the order in which they were drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strokes {
    /// Each is drawn with the pen down; between two of them the pen is up.
    pub strokes: Vec<Stroke>,
}

/// What is drawn without lifting the pen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// The points in order, at least one.
    pub points: Vec<Point>,
}

/// Where the pen was.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// To the right, in units of the drawing.
    pub x: f64,
    /// Downwards, as in pictures.
    pub y: f64,
    /// Seconds since the drawing began, ascending, where the time is known.
    pub time: Option<f64>,
}

impl Strokes {
    /// All points in the order in which they were drawn.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.strokes.iter().flat_map(|stroke| &stroke.points)
    }
}
