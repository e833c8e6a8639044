//! Gestures as arrays: the examples themselves, from which everything else is made anew in milliseconds.
//!
//! | array | type | shape | holds |
//! |---|---|---|---|
//! | `names` | u8 | bytes | the names in UTF-8, a line each |
//! | `labels` | u16 | examples | the place of each example's name |
//! | `frames` | f32 | frames of all examples · D | the frames, row by row |
//! | `lengths` | u32 | examples | how many frames each has |
//! | `strokes` | u32 | strokes of all examples | the first frame of each stroke, counted within its example |
//! | `times` | f32 | frames of the timed examples | seconds |
//! | `timed` | u8 | examples | whether each has times |

use super::options::Options;
use super::recogniser::Recogniser;
use super::trajectory::Trajectory;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::shelf::{Reader, Tensor, Tensors};

impl Recogniser {
    /// Everything that it has learnt, by name.
    pub fn tensors(&self) -> Tensors {
        let examples = || self.examples().iter().map(|(_, example)| example);
        let list = |numbers: Vec<u32>| Tensor::U32(vec![numbers.len()], numbers);
        let bytes = |bytes: Vec<u8>| Tensor::U8(vec![bytes.len()], bytes);
        let labels: Vec<u16> = self.examples().iter().map(|&(place, _)| place as u16).collect();
        let frames: Vec<f64> = examples().flat_map(|example| example.frames().iter().copied()).collect();
        let times: Vec<f64> = examples().flat_map(|example| example.times().iter().copied()).collect();
        let starts = examples().flat_map(|example| example.strokes().map(|range| range.start as u32));
        Tensors::from([
            ("names".to_owned(), bytes(self.names().join("\n").into_bytes())),
            ("labels".to_owned(), Tensor::U16(vec![labels.len()], labels)),
            ("frames".to_owned(), Tensor::weights(&frames)),
            ("lengths".to_owned(), list(examples().map(|example| example.len() as u32).collect())),
            ("strokes".to_owned(), list(starts.collect())),
            ("times".to_owned(), Tensor::weights(&times)),
            ("timed".to_owned(), bytes(examples().map(|e| u8::from(!e.times().is_empty())).collect())),
        ])
    }

    /// Reads gestures that were learnt with these settings.
    ///
    /// # Errors
    ///
    /// Arrays that lack, or don't fit together.
    pub fn load(reader: &Reader, settings: &Settings) -> Result<Self> {
        let options = Options::from_settings(settings)?;
        let Ok(names) = std::str::from_utf8(reader.bytes("names")?) else {
            return reader.refuse("names that are no text", "names in UTF-8");
        };
        let names: Vec<&str> = names.split('\n').collect();
        let (labels, lengths) = (reader.shorts("labels")?, reader.numbers("lengths")?);
        let (timed, starts) = (reader.bytes("timed")?, reader.numbers("strokes")?);
        let (frames, times) = (reader.weights("frames")?, reader.weights("times")?);
        let all: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
        let dimension = (frames.len() as u64).checked_div(all).unwrap_or(0) as usize;
        let whole = all * dimension as u64 == frames.len() as u64 && dimension > 0;
        if labels.len() != lengths.len() || timed.len() != lengths.len() || !whole {
            return reader.refuse("examples of several lengths", "a label, a length and frames for each");
        }
        let (mut frames, mut times, mut starts) = (&frames[..], &times[..], starts);
        let mut examples = Vec::new();
        for ((&label, &length), &timed) in labels.iter().zip(lengths).zip(timed) {
            let Some(name) = names.get(usize::from(label)) else {
                return reader.refuse(format!("label {label}"), format!("one of {} names", names.len()));
            };
            let length = length as usize;
            let own = frames.split_off(..length * dimension).unwrap_or_default();
            // A stroke that begins at 0 begins an example.
            let count = 1 + starts.iter().skip(1).take_while(|&&start| start > 0).count();
            let own_starts = starts.split_off(..count).unwrap_or_default();
            let example = Trajectory::new(own.to_vec(), dimension);
            let mut example = example
                .and_then(|e| e.with_strokes(own_starts.iter().map(|&s| s as usize).collect()))
                .or_else(|error| refused(reader, &error))?;
            if timed > 0 {
                let own = times.split_off(..length).unwrap_or_default();
                example = example.with_times(own.to_vec()).or_else(|error| refused(reader, &error))?;
            }
            examples.push(((*name).to_owned(), example));
        }
        if !times.is_empty() || !starts.is_empty() {
            return reader.refuse("times or strokes of no example", "as many as the examples have");
        }
        Self::learn(&examples, &options).or_else(|error| refused(reader, &error))
    }
}

/// What a trajectory says of its numbers, of a file.
fn refused<T>(reader: &Reader, error: &Error) -> Result<T> {
    reader.refuse(error.to_string(), "examples of gestures")
}
