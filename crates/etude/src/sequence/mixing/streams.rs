//! Sequences in the making, side by side.

use super::Mixing;
use super::memory::Overlay;
use super::stream::{Room, Stream};
use crate::sequence::{SequenceModel, Streams};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// Streams, each with what it has learnt.
pub(super) struct Mixed<'a> {
    model: &'a Mixing,
    streams: Vec<Learner<'a>>,
    room: Room,
}

/// A stream, and whether the symbol of its step is still to be learnt.
#[derive(Clone)]
struct Learner<'a> {
    stream: Stream<Overlay<'a>>,
    owes: bool,
}

impl<'a> Mixed<'a> {
    pub(super) fn new(model: &'a Mixing, streams: usize) -> Self {
        let learner = Learner { stream: Stream::new(Overlay::new(&model.learnt)), owes: false };
        Self { model, streams: vec![learner; streams], room: Room::new(&model.frame) }
    }
}

impl Learner<'_> {
    /// Learns the symbol before, if that is still to be done, and moves on.
    fn look(&mut self, model: &Mixing, room: &mut Room, fields: &[u32]) {
        let learns = model.options.learns;
        if learns && self.owes && (fields[0] as usize) < model.symbols() {
            self.stream.one(&model.frame, room, fields[0]);
            self.stream.learn(&model.frame, room, fields[0], model.options.rate);
        }
        self.stream.look(&model.frame, fields, learns);
        self.owes = true;
    }
}

impl Streams for Mixed<'_> {
    fn count(&self) -> usize {
        self.streams.len()
    }

    fn step(&mut self, fields: &[u32], log_probabilities: &mut [f64]) {
        let (model, width) = (self.model, self.model.frame.layout.fields.len());
        let step = |room: &mut Room, learner: &mut Learner, fields: &[u32], output: &mut [f64]| {
            learner.look(model, room, fields);
            learner.stream.all(&model.frame, room, output);
        };
        if let [learner] = &mut self.streams[..] {
            return step(&mut self.room, learner, fields, log_probabilities);
        }
        let outputs = log_probabilities.par_chunks_exact_mut(model.symbols());
        let rows = self.streams.par_iter_mut().zip(fields.par_chunks_exact(width)).zip(outputs);
        let room = &self.room;
        rows.for_each_init(
            || room.clone(),
            |room, ((learner, row), output)| step(room, learner, row, output),
        );
    }

    fn read(&mut self, fields: &[u32], symbol: u32, _: &mut [f64]) -> f64 {
        let (model, learner) = (self.model, &mut self.streams[0]);
        learner.look(model, &mut self.room, fields);
        let log = learner.stream.one(&model.frame, &mut self.room, symbol);
        if model.options.learns {
            learner.stream.learn(&model.frame, &mut self.room, symbol, model.options.rate);
            learner.owes = false;
        }
        -log
    }

    fn select(&mut self, parents: &[usize]) {
        self.streams = parents.iter().map(|&parent| self.streams[parent].clone()).collect();
    }
}
