//! What is taken away from a trajectory before it is compared: its place, its size, its angle.

use super::trajectory::Trajectory;

/// Where a normalised trajectory lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// As it was.
    Kept,
    /// Its first frame is 0.
    Start,
    /// The mean of its frames is 0.
    Centroid,
}

/// How large a normalised trajectory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As it was.
    Kept,
    /// The longest side of its bounding box is 1; proportions are kept.
    Longest,
    /// Every side of its bounding box is 1, but a side shorter than the given percentage of the longest keeps its
    /// proportion: a line stays a line.
    Sides(u8),
}

/// What is taken away from a trajectory before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Normal {
    /// Where it lies.
    pub origin: Origin,
    /// How large it is.
    pub size: Size,
}

impl Trajectory {
    /// The same with place and size taken away.
    pub fn normalised(&self, normal: Normal) -> Self {
        let scale = scales(self, normal.size);
        let origin = match normal.origin {
            Origin::Kept => vec![0.0; self.dimension()],
            Origin::Start => self.frame(0).to_vec(),
            Origin::Centroid => self.centroid(),
        };
        let place = |((number, origin), scale): ((&f64, &f64), &f64)| (number - origin) * scale;
        self.map(|frame| frame.iter().zip(&origin).zip(&scale).map(place).collect())
    }

    /// The same plane turned about 0, by radians from x to y.
    pub fn turned(&self, angle: f64) -> Self {
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        self.map(|frame| {
            let mut turned = frame.to_vec();
            if let [x, y, ..] = frame {
                (turned[0], turned[1]) = (x * cos - y * sin, x * sin + y * cos);
            }
            turned
        })
    }
}

/// What each number of a frame is multiplied by.
fn scales(trajectory: &Trajectory, size: Size) -> Vec<f64> {
    let (low, high) = trajectory.bounds();
    let sides: Vec<f64> = low.iter().zip(&high).map(|(low, high)| high - low).collect();
    let longest = sides.iter().copied().fold(0.0, f64::max);
    // A point has no size; it stays a point.
    let inverse = |side: f64| if side > 0.0 { 1.0 / side } else { 1.0 };
    match size {
        Size::Kept => vec![1.0; sides.len()],
        Size::Longest => vec![inverse(longest); sides.len()],
        Size::Sides(least) => {
            let thin = |side: f64| side < longest * f64::from(least) / 100.0;
            sides.iter().map(|&side| if thin(side) { inverse(longest) } else { inverse(side) }).collect()
        }
    }
}
