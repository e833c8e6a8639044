//! One sequence in the making: what it has read, and what it has learnt from it.

use super::Frame;
use super::decision::Decision;
use super::layout::Scene;
use super::memory::Memory;
use super::past::{Past, hash};
use super::slot::{Slot, gather};
use crate::kernels;

/// Most symbols that are compared to tell how long a copied run is already.
const COMPARED: usize = 32;

/// A sequence, and the memory that it reads and teaches.
#[derive(Debug, Clone)]
pub(super) struct Stream<M> {
    pub(super) memory: M,
    past: Past,
    /// The contexts' hashes at this step, (contexts).
    keys: Vec<u64>,
    scene: Scene,
    /// What was read goes on like this place did, for so many symbols already; 0 if it is like none.
    like: (u32, usize),
}

/// Room for the work on one step.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// One decision for each node of a path.
    decisions: Vec<Decision>,
    /// The slots of each decision, (nodes of a path, contexts).
    slots: Vec<Slot>,
    /// The new slots of one context, (nodes of a path).
    path: Vec<Slot>,
    /// ln of the probability of each node, (nodes).
    reached: Vec<f64>,
}

impl Room {
    pub(super) fn new(frame: &Frame) -> Self {
        let decisions = vec![Decision::new(&frame.layout)];
        Self { decisions, slots: Vec::new(), path: Vec::new(), reached: vec![0.0; frame.code.nodes()] }
    }
}

impl<M: Memory> Stream<M> {
    pub(super) fn new(memory: M) -> Self {
        let (past, scene) = (Past::default(), Scene::default());
        Self { memory, past, keys: Vec::new(), scene, like: (0, 0) }
    }

    /// All symbols that were read, Q before each sequence.
    pub(super) fn into_parts(self) -> (Vec<u16>, M) {
        (self.past.symbols, self.memory)
    }

    /// Moves on to a step with these fields, (K), the first being the symbol before.
    pub(super) fn look(&mut self, frame: &Frame, fields: &[u32], learns: bool) {
        let start = frame.layout.symbols() as u32;
        if fields[0] == start {
            self.past.begin(start);
            self.like.1 = 0;
        } else {
            self.past.push(fields[0], &frame.layout.spelling);
            self.follow(frame, fields[0], learns);
        }
        self.past.fields.clear();
        self.past.fields.extend_from_slice(&fields[1..]);
        let key = |context: &super::contexts::Context| context.key(&self.past, start);
        self.keys.clear();
        self.keys.extend(frame.layout.contexts.iter().map(key));
        let fields = fields[1..].iter().fold(0, |sum, &field| hash(sum + 1, field.into()));
        let symbols = [1, 2].map(|back| self.past.symbol(back, start));
        self.scene = Scene { symbols, fields: (fields >> 32) as u32 };
    }

    /// Takes the last symbol of a sequence, if it had any.
    pub(super) fn end(&mut self, frame: &Frame, last: Option<u32>) {
        if let Some(last) = last {
            self.past.push(last, &frame.layout.spelling);
            self.follow(frame, last, true);
        }
    }

    /// The contexts' hashes at this step, (contexts).
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The symbol at a place of the training text, or behind it of what this stream has read.
    fn at(&self, frame: &Frame, place: u32) -> Option<u32> {
        let (place, before) = (place as usize, frame.text.len());
        let symbol =
            if place < before { frame.text.get(place) } else { self.past.symbols.get(place - before) };
        symbol.map(|&symbol| symbol.into())
    }

    /// Looks for a place that what was read is like.
    fn follow(&mut self, frame: &Frame, symbol: u32, learns: bool) {
        let (start, run) = (frame.layout.symbols() as u32, frame.layout.run);
        let (place, length) = self.like;
        let goes_on = length > 0 && self.at(frame, place) == Some(symbol);
        self.like = if goes_on { (place + 1, length + 1) } else { (0, 0) };
        if self.past.symbol(run, start) == start {
            return;
        }
        let key = (1..=run).fold(0, |key, back| hash(key + 1, self.past.symbol(back, start).into()));
        if !goes_on && let Some(place) = self.memory.found(key) {
            let same = |back: &usize| {
                let symbol = self.past.symbol(*back, start);
                symbol != start && self.at(frame, place.wrapping_sub(*back as u32)) == Some(symbol)
            };
            let length = (1..=COMPARED).take_while(same).count();
            self.like = if length >= run { (place, length) } else { (0, 0) };
        }
        if learns {
            self.memory.find_later(key, (frame.text.len() + self.past.symbols.len()) as u32);
        }
    }

    /// The path of the symbol that the copied run goes on with, and the run's length.
    fn copied<'a>(&self, frame: &'a Frame) -> (&'a [Slot], usize) {
        let (place, length) = self.like;
        let symbol =
            self.at(frame, place).filter(|&symbol| length > 0 && symbol < frame.layout.symbols() as u32);
        symbol.map_or((&[], 0), |symbol| (frame.code.path(symbol), length))
    }

    /// ln p of all symbols at this step, (Q).
    pub(super) fn all(&self, frame: &Frame, room: &mut Room, log_probabilities: &mut [f64]) {
        let (code, layout) = (&frame.code, &frame.layout);
        if code.nodes() == 0 {
            log_probabilities.fill(0.0);
            return;
        }
        let list = |(context, &key): (usize, &u64)| self.memory.list(code, context, key);
        let mut lists: Vec<&[Slot]> = self.keys.iter().enumerate().map(list).collect();
        let (mut copied, run) = self.copied(frame);
        let Room { decisions, slots, reached, .. } = room;
        slots.resize(lists.len(), Slot::default());
        reached[0] = 0.0;
        for node in 0..code.nodes() {
            let next = |list: &mut &[Slot]| list.split_off_first().copied();
            for (slot, list) in slots.iter_mut().zip(&mut lists) {
                let here = list.first().is_some_and(|slot| usize::from(slot.node) == node);
                *slot = here.then(|| next(list)).flatten().unwrap_or(Slot::new(node as u16));
            }
            let here = copied.first().is_some_and(|slot| usize::from(slot.node) == node);
            let answer = here.then(|| next(&mut copied)).flatten().map(|slot| (slot.last(), run));
            let one = decisions[0].predict(layout, &self.memory, &self.scene, (node, slots), answer);
            for (p, (child, is_symbol)) in [1.0 - one, one].into_iter().zip(code.children(node)) {
                let log = reached[node] + kernels::ln(p.into());
                *(if is_symbol {
                    &mut log_probabilities[child as usize]
                } else {
                    &mut reached[child as usize]
                }) = log;
            }
        }
    }

    /// ln p of one symbol at this step: the same number as [`Self::all`] has for it.
    pub(super) fn one(&self, frame: &Frame, room: &mut Room, symbol: u32) -> f64 {
        let (contexts, path) = (self.keys.len(), frame.code.path(symbol));
        let Room { decisions, slots, .. } = room;
        slots.clear();
        path.iter().for_each(|slot| slots.resize(slots.len() + contexts, Slot::new(slot.node)));
        for (context, &key) in self.keys.iter().enumerate() {
            let list = self.memory.list(&frame.code, context, key);
            gather(list, path, |depth, slot| slots[depth * contexts + context] = slot);
        }
        if decisions.len() < path.len() {
            decisions.resize(path.len(), Decision::new(&frame.layout));
        }
        let (copied, run) = self.copied(frame);
        let mut log = 0.0;
        for (depth, (step, decision)) in path.iter().zip(decisions).enumerate() {
            let slots = &slots[depth * contexts..][..contexts];
            let expected = expected(copied, run, depth, step.node);
            let node = usize::from(step.node);
            let one = decision.predict(&frame.layout, &self.memory, &self.scene, (node, slots), expected);
            log += kernels::ln(if step.last() == 1 { one } else { 1.0 - one }.into());
        }
        log
    }

    /// Learns that this step has a symbol, for which [`Self::one`] was just asked.
    pub(super) fn learn(&mut self, frame: &Frame, room: &mut Room, symbol: u32, rate: f32) {
        let (contexts, code) = (self.keys.len(), &frame.code);
        let (copied, run) = self.copied(frame);
        let path = code.path(symbol);
        for (depth, (step, decision)) in path.iter().zip(&room.decisions).enumerate() {
            let answered = (step.last(), &room.slots[depth * contexts..][..contexts]);
            let expected = expected(copied, run, depth, step.node);
            decision.learn(&frame.layout, &mut self.memory, rate, answered, expected);
        }
        for (context, &key) in self.keys.iter().enumerate() {
            room.path.clear();
            let old =
                path.iter().enumerate().map(|(depth, step)| (room.slots[depth * contexts + context], step));
            room.path.extend(old.map(|(slot, step)| slot.after(step.last())));
            self.memory.write(code, context, key, symbol, &room.path);
        }
    }
}

/// What a copied run answers at a node of another symbol's path.
fn expected(copied: &[Slot], run: usize, depth: usize, node: u16) -> Option<(usize, usize)> {
    copied.get(depth).filter(|slot| slot.node == node).map(|slot| (slot.last(), run))
}
