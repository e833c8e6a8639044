//! Sequences of frames: what every recogniser of gestures reads.
//!
//! A frame holds D numbers: x and y of a pen, or what D sensors read. Frames (T, D) lie row by row. A drawing may have
//! several strokes; a path along it jumps from the end of one to the start of the next.

use crate::error::{Error, Result};
use etude_piece::strokes::{Point, Stroke, Strokes};

/// A sequence of frames (T, D), all finite, T ≥ 1, D ≥ 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    frames: Vec<f64>,
    dimension: usize,
    /// The first frame of each stroke, ascending; the first is 0.
    starts: Vec<usize>,
    /// Seconds since the first frame, ascending, one for each frame; or none.
    times: Vec<f64>,
}

impl Trajectory {
    /// The most frames of one trajectory: hours of any sensor.
    pub const MOST_FRAMES: usize = 1 << 20;

    /// The most numbers in a frame.
    pub const MOST_NUMBERS: usize = 1 << 10;

    /// A trajectory from frames (T, `dimension`) in rows, as one stroke and without times.
    ///
    /// # Errors
    ///
    /// No frame, no dimension, half a frame, a number that isn't finite, or more than the limits.
    pub fn new(frames: Vec<f64>, dimension: usize) -> Result<Self> {
        let hint = "give finite numbers, the same count in every frame";
        if dimension == 0 || dimension > Self::MOST_NUMBERS {
            return Err(Error::usage(
                format!("frames of {dimension} numbers"),
                format!("a frame holds 1 to {} numbers", Self::MOST_NUMBERS),
            ));
        }
        let count = frames.len() / dimension;
        if count == 0 || !frames.len().is_multiple_of(dimension) || count > Self::MOST_FRAMES {
            return Err(Error::usage(format!("{} numbers in frames of {dimension}", frames.len()), hint));
        }
        if let Some(at) = frames.iter().position(|number| !number.is_finite() || number.abs() > 1e100) {
            return Err(Error::usage(format!("frame {} holds {}", at / dimension + 1, frames[at]), hint));
        }
        Ok(Self { frames, dimension, starts: vec![0], times: Vec::new() })
    }

    /// The same frames with their times, in seconds.
    ///
    /// # Errors
    ///
    /// Not one time for each frame, or times that descend or aren't finite.
    pub fn with_times(mut self, times: Vec<f64>) -> Result<Self> {
        let ascending = times.windows(2).all(|pair| pair[0] <= pair[1]);
        if times.len() != self.len() || !ascending || !times.iter().all(|time| time.is_finite()) {
            return Err(Error::usage(
                format!("{} times for {} frames", times.len(), self.len()),
                "give one finite time for each frame, ascending",
            ));
        }
        self.times = times;
        Ok(self)
    }

    /// The points of a drawing in order.
    ///
    /// # Errors
    ///
    /// As for [`Trajectory::new`]. Times that descend or lack are left out.
    pub fn from_strokes(drawing: &Strokes) -> Result<Self> {
        let mut trajectory = Self::new(drawing.points().flat_map(|point| [point.x, point.y]).collect(), 2)?;
        let mut at = 0;
        trajectory.starts.clear();
        for stroke in drawing.strokes.iter().filter(|stroke| !stroke.points.is_empty()) {
            trajectory.starts.push(at);
            at += stroke.points.len();
        }
        let times: Option<Vec<f64>> = drawing.points().map(|point| point.time).collect();
        Ok(match times {
            Some(times) => trajectory.clone().with_times(times).unwrap_or(trajectory),
            None => trajectory,
        })
    }

    /// The same with numbers as model files hold them, in 32 bits.
    ///
    /// # Errors
    ///
    /// A number that is too large for them.
    pub fn rounded(&self) -> Result<Self> {
        let round = |numbers: &[f64]| numbers.iter().map(|&number| f64::from(number as f32)).collect();
        let (frames, times): (Vec<f64>, Vec<f64>) = (round(&self.frames), round(&self.times));
        if let Some(number) = frames.iter().chain(&times).find(|number| !number.is_finite()) {
            return Err(Error::usage(format!("a frame holds {number}"), "numbers up to 10^38 are learnt"));
        }
        Ok(Self { frames, times, ..self.clone() })
    }

    /// The same frames as strokes that begin at these.
    ///
    /// # Errors
    ///
    /// Beginnings that don't ascend from 0 or lie beyond the last frame.
    pub fn with_strokes(mut self, starts: Vec<usize>) -> Result<Self> {
        let ascending = starts.first() == Some(&0) && starts.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascending || starts.last().is_some_and(|&last| last >= self.len()) {
            let found = format!("strokes that begin at {starts:?} of {} frames", self.len());
            return Err(Error::usage(found, "give ascending frames, the first 0"));
        }
        self.starts = starts;
        Ok(self)
    }

    /// The drawing that the first two numbers of each frame make; one number is drawn against its place.
    pub fn to_strokes(&self) -> Strokes {
        let point = |index: usize| {
            let frame = self.frame(index);
            let (x, y) = if frame.len() > 1 { (frame[0], frame[1]) } else { (index as f64, frame[0]) };
            Point { x, y, time: self.times.get(index).copied() }
        };
        let stroke = |range: std::ops::Range<usize>| Stroke { points: range.map(point).collect() };
        Strokes { strokes: self.strokes().map(stroke).collect() }
    }

    /// How many frames there are, T.
    #[expect(clippy::len_without_is_empty, reason = "there is always a frame")]
    pub fn len(&self) -> usize {
        self.frames.len() / self.dimension
    }

    /// How many numbers a frame holds, D.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// One frame (D).
    pub fn frame(&self, index: usize) -> &[f64] {
        &self.frames[index * self.dimension..][..self.dimension]
    }

    /// All frames (T, D), in rows.
    pub fn frames(&self) -> &[f64] {
        &self.frames
    }

    /// Seconds of each frame; empty where they aren't known.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The frames of each stroke.
    pub fn strokes(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let ends = self.starts[1..].iter().copied().chain([self.len()]);
        self.starts.iter().zip(ends).map(|(&start, end)| start..end)
    }

    /// The distance from each frame to the one before, 0 at the start of a stroke (T).
    fn steps(&self) -> Vec<f64> {
        let mut steps = vec![0.0; self.len()];
        for range in self.strokes() {
            for index in range.skip(1) {
                steps[index] = distance(self.frame(index - 1), self.frame(index));
            }
        }
        steps
    }

    /// How long the path is, without what lies between strokes.
    pub fn length(&self) -> f64 {
        self.steps().iter().sum()
    }

    /// The smallest and the largest of each number of a frame (D).
    pub fn bounds(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut low, mut high) = (self.frame(0).to_vec(), self.frame(0).to_vec());
        for frame in self.frames.chunks_exact(self.dimension) {
            for (d, &number) in frame.iter().enumerate() {
                low[d] = low[d].min(number);
                high[d] = high[d].max(number);
            }
        }
        (low, high)
    }

    /// The mean frame (D).
    pub fn centroid(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.dimension];
        for frame in self.frames.chunks_exact(self.dimension) {
            sum.iter_mut().zip(frame).for_each(|(sum, number)| *sum += number);
        }
        sum.iter().map(|sum| sum / self.len() as f64).collect()
    }

    /// `count` frames at equal distances along the path, from the first to the last, and the stroke of each.
    ///
    /// What lies between strokes takes no length, so a drawing's frames stay on its ink.
    pub fn along_path(&self, count: usize) -> Self {
        let steps = self.steps();
        self.at_places(&sums(&steps), count)
    }

    /// `count` frames at equal times, or at equal numbers of frames where no times are known.
    pub fn along_time(&self, count: usize) -> Self {
        if self.times.is_empty() {
            let places: Vec<f64> = (0..self.len()).map(|index| index as f64).collect();
            return self.at_places(&places, count);
        }
        self.at_places(&self.times.clone(), count)
    }

    /// `count` frames at equal distances on an axis on which each frame has its place, ascending.
    fn at_places(&self, places: &[f64], count: usize) -> Self {
        let last = self.len() - 1;
        let (first_place, span) = (places[0], places[last] - places[0]);
        let mut frames = Vec::with_capacity(count * self.dimension);
        let mut starts: Vec<usize> = Vec::new();
        let mut stroke_of_start = usize::MAX;
        let (mut after, mut times) = (0, Vec::new());
        for index in 0..count {
            let share = if count > 1 { index as f64 / (count - 1) as f64 } else { 0.0 };
            let place = first_place + span * share;
            while after < last && places[after] < place {
                after += 1;
            }
            let before = after.saturating_sub(1);
            let gap = places[after] - places[before];
            // At the start of a stroke the frame before belongs to another one, at the same place.
            let part = if gap > 0.0 { ((place - places[before]) / gap).clamp(0.0, 1.0) } else { 1.0 };
            let pairs = self.frame(before).iter().zip(self.frame(after));
            frames.extend(pairs.map(|(a, b)| a + (b - a) * part));
            if let (Some(a), Some(b)) = (self.times.get(before), self.times.get(after)) {
                times.push(a + (b - a) * part);
            }
            let stroke = self.starts.partition_point(|&start| start <= after) - 1;
            if stroke != stroke_of_start {
                starts.push(index);
                stroke_of_start = stroke;
            }
        }
        Self { frames, dimension: self.dimension, starts, times }
    }

    /// The same frames in other numbers: a function of each frame, which must keep its length.
    pub fn map(&self, function: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let mut other = self.clone();
        other.frames = self.frames.chunks_exact(self.dimension).flat_map(function).collect();
        debug_assert_eq!(other.frames.len(), self.frames.len(), "a frame keeps its length");
        other
    }
}

/// The Euclidean distance of two frames.
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    squared_distance(a, b).sqrt()
}

/// Its square.
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Running sums.
fn sums(steps: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    steps
        .iter()
        .map(|step| {
            sum += step;
            sum
        })
        .collect()
}
