//! What a listener knows: examples, what it is doing, and what it answers to each event. It knows no sockets.

use super::event::{Ends, Event, Label, Reply};
use etude::gesture::follower::Following;
use etude::gesture::{Options, Recogniser, Trajectory};

/// The most numbers of all examples together: half a GiB.
pub(super) const MOST_NUMBERS: usize = 1 << 26;

/// What a listener is doing.
pub(super) enum Doing {
    Nothing,
    Recording(usize, Vec<f64>),
    Running,
}

/// A listener.
pub(crate) struct Session {
    pub(super) options: Options,
    ends: Ends,
    pub(super) names: Vec<String>,
    /// Each with the place of its name.
    pub(super) examples: Vec<(usize, Trajectory)>,
    pub(super) recogniser: Option<Recogniser>,
    pub(super) chosen: usize,
    pub(super) doing: Doing,
    /// Numbers in a frame, once one has come.
    pub(super) dimension: Option<usize>,
    /// The frames of what is under way, while running.
    pub(super) frames: Vec<f64>,
    pub(super) following: Option<Following>,
    /// What was made last, so that it is told once.
    made: Option<usize>,
}

impl Session {
    /// A listener that knows what a recogniser knows, if there is one.
    pub(crate) fn new(options: Options, ends: Ends, known: Option<Recogniser>) -> Self {
        let names = known.as_ref().map_or(Vec::new(), |known| known.names().to_vec());
        let examples = known.as_ref().map_or(Vec::new(), |known| known.examples().to_vec());
        let dimension = examples.first().map(|(_, example)| example.dimension());
        let options = known.as_ref().map_or(options, |known| *known.options());
        Self {
            options,
            ends,
            names,
            examples,
            recogniser: known,
            chosen: 0,
            doing: Doing::Nothing,
            dimension,
            frames: Vec::new(),
            following: None,
            made: None,
        }
    }

    /// The names of the gestures, by number less 1.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// What was learnt.
    pub(crate) fn recogniser(&self) -> Option<&Recogniser> {
        self.recogniser.as_ref()
    }

    /// Whether a gesture is under way that hasn't ended.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.doing, Doing::Running) && !self.frames.is_empty() && self.ends == Ends::Told
    }

    /// Takes an event in.
    ///
    /// # Errors
    ///
    /// Words for a person; nothing has changed.
    pub(crate) fn take(&mut self, event: Event) -> Result<Vec<Reply>, String> {
        match event {
            Event::Frame(frame) => self.frame(&frame),
            Event::Record(label) => {
                let place = label.map_or(Ok(self.chosen), |label| self.place(&label))?;
                self.place(&Label::Number(place + 1))?;
                let mut replies = self.stop_recording();
                self.doing = Doing::Recording(place, Vec::new());
                replies.push(Reply::Said(format!("recording `{}`", self.names[place])));
                Ok(replies)
            }
            Event::StopRecording => Ok(self.stop_recording()),
            Event::Train => {
                let mut replies = self.stop_recording();
                replies.push(self.train()?);
                Ok(replies)
            }
            Event::Run => self.run(),
            Event::StopRunning => {
                let replies = self.end();
                self.doing = Doing::Nothing;
                replies
            }
            Event::End => match self.doing {
                Doing::Recording(..) => Ok(self.stop_recording()),
                _ => self.end(),
            },
            Event::Forget(label) => self.forget(label),
            Event::Name(names) => self.name(names),
            Event::Choose(label) => {
                self.chosen = self.place(&label)?;
                Ok(Vec::new())
            }
        }
    }

    fn frame(&mut self, frame: &[f64]) -> Result<Vec<Reply>, String> {
        let dimension = *self.dimension.get_or_insert(frame.len());
        if frame.is_empty() || frame.len() > Trajectory::MOST_NUMBERS || frame.len() != dimension {
            if self.examples.is_empty()
                && self.frames.is_empty()
                && !matches!(self.doing, Doing::Recording(..))
            {
                self.dimension = None;
            }
            return Err(format!("found a frame of {} numbers, expected {dimension}", frame.len()));
        }
        if let Some(number) = frame.iter().find(|number| !number.is_finite() || number.abs() > 1e30) {
            return Err(format!("found a frame with {number}, expected numbers up to 10^30"));
        }
        match &mut self.doing {
            Doing::Nothing => Ok(Vec::new()),
            Doing::Recording(_, frames) => {
                if frames.len() / dimension >= Trajectory::MOST_FRAMES || frames.len() >= MOST_NUMBERS {
                    return Err(format!("the example is full at {} frames", frames.len() / dimension));
                }
                frames.extend_from_slice(frame);
                Ok(Vec::new())
            }
            Doing::Running => self.follow(frame),
        }
    }

    /// Answers to a frame while running.
    fn follow(&mut self, frame: &[f64]) -> Result<Vec<Reply>, String> {
        let Some(recogniser) = &self.recogniser else { return Ok(Vec::new()) };
        let dimension = frame.len();
        if self.frames.len() / dimension >= Trajectory::MOST_FRAMES {
            return Err(format!("the gesture is full at {} frames", self.frames.len() / dimension));
        }
        self.frames.extend_from_slice(frame);
        if self.ends == Ends::Never {
            return self.spot();
        }
        let follower = recogniser.follower();
        let following = self.following.get_or_insert_with(|| follower.begin());
        let standings = following.step(follower, frame).map_err(|error| error.to_string())?;
        let mut by_number = vec![None; self.names.len()];
        for (name, standing) in recogniser.names().iter().zip(standings) {
            if let Some(place) = self.names.iter().position(|known| known == name) {
                by_number[place] = Some(standing);
            }
        }
        Ok(vec![Reply::Following(by_number)])
    }

    /// Compares the last frames with each gesture.
    fn spot(&mut self) -> Result<Vec<Reply>, String> {
        let Some(recogniser) = &self.recogniser else { return Ok(Vec::new()) };
        let dimension = recogniser.examples()[0].1.dimension();
        let longest = recogniser.names().iter().map(|name| recogniser.usual_frames(name)).max().unwrap_or(1);
        let kept = longest * dimension;
        if self.frames.len() > 2 * kept {
            self.frames.drain(..self.frames.len() - kept);
        }
        let mut distances = vec![f64::INFINITY; self.names.len()];
        let mut best: Option<(usize, f64)> = None;
        for name in recogniser.names() {
            let Some(place) = self.names.iter().position(|known| known == name) else { continue };
            let count = recogniser.usual_frames(name) * dimension;
            if self.frames.len() < count {
                continue;
            }
            let window = Trajectory::new(self.frames[self.frames.len() - count..].to_vec(), dimension);
            let spotted = window.and_then(|window| recogniser.compare(name, &window));
            let (distance, limit) = spotted.map_err(|error| error.to_string())?;
            distances[place] = distance;
            let share = distance / limit;
            if share <= 1.0 && best.is_none_or(|(_, least)| share < least) {
                best = Some((place, share));
            }
        }
        let best = best.map(|(place, _)| place);
        let mut replies = vec![Reply::Distances(distances)];
        if best != self.made {
            replies.extend(best.map(|place| Reply::Made(place + 1)));
            self.made = best;
        }
        Ok(replies)
    }

    /// Ends what is under way, and says what it was.
    fn end(&mut self) -> Result<Vec<Reply>, String> {
        self.following = None;
        self.made = None;
        let frames = std::mem::take(&mut self.frames);
        let (Some(recogniser), false, Ends::Told) = (&self.recogniser, frames.is_empty(), self.ends) else {
            return Ok(Vec::new());
        };
        let dimension = recogniser.examples()[0].1.dimension();
        let answer = Trajectory::new(frames, dimension).and_then(|gesture| recogniser.recognise(&gesture));
        let answer = answer.map_err(|error| error.to_string())?;
        let mut distances = vec![f64::INFINITY; self.names.len()];
        for candidate in &answer.ranking {
            if let Some(place) = self.names.iter().position(|known| *known == candidate.name) {
                distances[place] = candidate.distance;
            }
        }
        let made = answer.ranking.first().filter(|_| answer.known);
        let made = made.and_then(|first| self.names.iter().position(|known| *known == first.name));
        let mut replies = vec![Reply::Ended(answer), Reply::Distances(distances)];
        replies.extend(made.map(|place| Reply::Made(place + 1)));
        Ok(replies)
    }
}

#[cfg(test)]
mod tests;
