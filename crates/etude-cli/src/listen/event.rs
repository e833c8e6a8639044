//! What comes in to a listener, and what it answers.

use etude::gesture::Answer;
use etude::gesture::follower::Standing;

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
