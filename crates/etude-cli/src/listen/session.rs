//! What a listener knows: examples, what it is doing, and what it answers to each event. It knows no sockets.

use etude::gesture::follower::{Following, Standing};
use etude::gesture::{Answer, Options, Recogniser, Trajectory};

/// The most gestures.
const MOST_GESTURES: usize = 1024;

/// The most numbers of all examples together: half a GiB.
const MOST_NUMBERS: usize = 1 << 26;

/// Something that comes in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// What the sensors or the pen read.
    Frame(Vec<f64>),
    /// An example of a gesture begins; without a label, of the one chosen before.
    Record(Option<Label>),
    /// It ends.
    StopRecording,
    /// Learn.
    Train,
    /// Answer to what comes in.
    Run,
    /// Stop answering.
    StopRunning,
    /// A gesture ends, and another may begin.
    End,
    /// Forget examples: of one gesture, or all.
    Forget(Option<Label>),
    /// Names of the gestures, in order.
    Name(Vec<String>),
    /// What [`Event::Record`] without a label records.
    Choose(Label),
}

/// A gesture by its number, from 1, or its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Label {
    Number(usize),
    Name(String),
}

/// Something to be told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// What is known of each gesture, by number, while one is under way.
    Following(Vec<Option<Standing>>),
    /// What a gesture was that has ended.
    Ended(Answer),
    /// How far the last frames are from each gesture, by number; infinity for those without examples.
    Distances(Vec<f64>),
    /// The gesture of this number has been made.
    Made(usize),
    /// Words for a person.
    Said(String),
}

/// When a gesture ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// When it is said, or when nothing comes in for a while.
    Told,
    /// Never: the last frames are compared at every frame, as Wekinator does.
    Never,
}

enum Doing {
    Nothing,
    Recording(usize, Vec<f64>),
    Running,
}

/// A listener.
pub(crate) struct Session {
    options: Options,
    ends: Ends,
    names: Vec<String>,
    /// Each with the place of its name.
    examples: Vec<(usize, Trajectory)>,
    recogniser: Option<Recogniser>,
    chosen: usize,
    doing: Doing,
    /// Numbers in a frame, once one has come.
    dimension: Option<usize>,
    /// The frames of what is under way, while running.
    frames: Vec<f64>,
    following: Option<Following>,
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

    /// The place of a label; what isn't known yet is added.
    fn place(&mut self, label: &Label) -> Result<usize, String> {
        let place = match label {
            Label::Number(number) => number.wrapping_sub(1),
            Label::Name(name) if name.is_empty() || name.contains('\n') => {
                return Err(format!("found a gesture named {name:?}, expected one line of text"));
            }
            Label::Name(name) => {
                self.names.iter().position(|known| known == name).unwrap_or(self.names.len())
            }
        };
        if place >= MOST_GESTURES {
            return Err(format!("found gesture {label:?}, expected 1 to {MOST_GESTURES}"));
        }
        while self.names.len() <= place {
            let name = match label {
                Label::Name(name) => name.clone(),
                Label::Number(_) => self.free_name(),
            };
            self.names.push(name);
        }
        Ok(place)
    }

    /// A name for the next gesture that has none: `output_` and its number, as Wekinator's.
    fn free_name(&self) -> String {
        let mut name = format!("output_{}", self.names.len() + 1);
        while self.names.contains(&name) {
            name.push('_');
        }
        name
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

    fn stop_recording(&mut self) -> Vec<Reply> {
        if !matches!(self.doing, Doing::Recording(..)) {
            return Vec::new();
        }
        let Doing::Recording(place, frames) = std::mem::replace(&mut self.doing, Doing::Nothing) else {
            return Vec::new();
        };
        let said = |words: String| vec![Reply::Said(words)];
        let Some(dimension) = self.dimension.filter(|_| !frames.is_empty()) else {
            return said(format!("nothing came in while `{}` was recorded", self.names[place]));
        };
        let held: usize = self.examples.iter().map(|(_, example)| example.frames().len()).sum();
        if held + frames.len() > MOST_NUMBERS {
            return said("there is no room for another example; hint: delete some".to_owned());
        }
        match Trajectory::new(frames, dimension) {
            Err(error) => said(error.to_string()),
            Ok(example) => {
                let count = 1 + self.examples.iter().filter(|(other, _)| *other == place).count();
                let words = format!("example {count} of `{}`: {} frames", self.names[place], example.len());
                self.examples.push((place, example));
                // What was learnt no longer is what was shown.
                self.recogniser = None;
                said(words)
            }
        }
    }

    fn train(&mut self) -> Result<Reply, String> {
        let examples: Vec<(String, Trajectory)> = self
            .examples
            .iter()
            .map(|(place, example)| (self.names[*place].clone(), example.clone()))
            .collect();
        let recogniser = Recogniser::learn(&examples, &self.options).map_err(|error| error.to_string())?;
        let names = recogniser.names().len();
        self.recogniser = Some(recogniser);
        self.following = None;
        self.frames.clear();
        Ok(Reply::Said(format!("learnt {names} gestures from {} examples", examples.len())))
    }

    fn run(&mut self) -> Result<Vec<Reply>, String> {
        let mut replies = self.stop_recording();
        // As Wekinator's gestures, which need no training.
        if self.recogniser.is_none() {
            replies.push(self.train()?);
        }
        self.doing = Doing::Running;
        self.frames.clear();
        self.following = None;
        replies.push(Reply::Said("running".to_owned()));
        Ok(replies)
    }

    fn forget(&mut self, label: Option<Label>) -> Result<Vec<Reply>, String> {
        let before = self.examples.len();
        match label {
            None => self.examples.clear(),
            Some(label) => {
                let place = self.place(&label)?;
                self.examples.retain(|(other, _)| *other != place);
            }
        }
        self.recogniser = None;
        self.following = None;
        self.frames.clear();
        if self.examples.is_empty() && !matches!(self.doing, Doing::Recording(..)) {
            self.dimension = None;
        }
        if matches!(self.doing, Doing::Running) {
            self.doing = Doing::Nothing;
        }
        Ok(vec![Reply::Said(format!("forgot {} examples", before - self.examples.len()))])
    }

    fn name(&mut self, names: Vec<String>) -> Result<Vec<Reply>, String> {
        let unique = names.iter().enumerate().all(|(index, name)| !names[..index].contains(name));
        let plain = names.iter().all(|name| !name.is_empty() && !name.contains(['\n', '\r', ',']));
        if !unique || !plain || names.len() > MOST_GESTURES || names.len() < self.names.len() {
            let least = self.names.len().max(1);
            return Err(format!("found the names {names:?}, expected at least {least} different ones"));
        }
        self.names = names;
        self.recogniser = None;
        self.following = None;
        self.frames.clear();
        if matches!(self.doing, Doing::Running) {
            self.doing = Doing::Nothing;
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests;
