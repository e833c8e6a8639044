//! How a listener is taught: examples, names, learning, forgetting.

use super::event::{Label, Reply};
use super::session::{Doing, MOST_NUMBERS, Session};
use etude::gesture::{Recogniser, Trajectory};

/// The most gestures.
const MOST_GESTURES: usize = 1024;

impl Session {
    /// The place of a label; what isn't known yet is added.
    pub(super) fn place(&mut self, label: &Label) -> Result<usize, String> {
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
    pub(super) fn free_name(&self) -> String {
        let mut name = format!("output_{}", self.names.len() + 1);
        while self.names.contains(&name) {
            name.push('_');
        }
        name
    }

    pub(super) fn stop_recording(&mut self) -> Vec<Reply> {
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

    pub(super) fn train(&mut self) -> Result<Reply, String> {
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

    pub(super) fn run(&mut self) -> Result<Vec<Reply>, String> {
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

    pub(super) fn forget(&mut self, label: Option<Label>) -> Result<Vec<Reply>, String> {
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

    pub(super) fn name(&mut self, names: Vec<String>) -> Result<Vec<Reply>, String> {
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
