//! An aim: the best guide to what is asked that a model and its chains allow.

use super::look_ahead::{Ahead, LookAhead};
use super::many::write_many;
use super::particles::{Options, Written, write};
use super::{Automaton, Follow, Impossible, Stop, Within};
use crate::sequence::{Chain, Guide, SequenceModel};
use std::ops::Range;
use std::sync::Arc;

/// A model, and how it is led to what is asked.
pub struct Aim<'a> {
    model: &'a dyn SequenceModel,
    guide: Box<dyn Guide>,
    options: Options,
    look: Option<Arc<LookAhead>>,
    /// Whether the look-ahead is by the model's own chain.
    own: bool,
    /// Whether nothing is forbidden.
    free: bool,
    /// Whether one particle is an exact draw.
    exact: bool,
}

impl<'a> Aim<'a> {
    /// Aims at a sequence that is in an automaton.
    ///
    /// It looks ahead by the model's own chain where it has one, else by the first of `chains` whose messages aren't too many:
    /// those of higher order first. Without any it keeps to the automaton by masks alone. `art` tells the fields of a model
    /// that reads more than the symbol before, and may add wishes of its own; what it forbids should be in the automaton.
    ///
    /// # Errors
    ///
    /// No sequence is as asked and within the options' most symbols, or the model's own chain can't write one.
    ///
    /// # Panics
    ///
    /// Chains or models over fewer symbols than the automaton's.
    pub fn new(
        model: &'a dyn SequenceModel,
        chains: &[&dyn Chain],
        automaton: Arc<Automaton>,
        art: Option<Box<dyn Guide>>,
        options: Options,
    ) -> Result<Self, Impossible> {
        let most = options.most.saturating_add(options.given.len());
        let look_by = |chain| LookAhead::new(chain, Arc::clone(&automaton), options.taste.temperature, most);
        let free = automaton.allows_all() && automaton.longest().is_some_and(|longest| longest <= most);
        let mut look = model.chain().filter(|_| !free).map(look_by);
        if look == Some(Err(Impossible::Nothing)) {
            return Err(Impossible::Nothing);
        }
        let own = matches!(look, Some(Ok(_)));
        let mut others = if free { [].iter() } else { chains.iter() };
        while !matches!(look, Some(Ok(_))) {
            let Some(chain) = others.next() else { break };
            look = Some(look_by(*chain));
        }
        let look = look.and_then(Result::ok).map(Arc::new);
        let own = own && look.as_ref().is_some_and(|look| look.is_exact());
        let exact = (own || free) && art.is_none();
        let bounds: Box<dyn Guide> = match &look {
            Some(look) => Box::new(Ahead::new(Arc::clone(look))),
            None => Box::new(Follow::new(automaton, Some(most))?),
        };
        let guide = match art {
            Some(art) => Box::new(Within::new(art, bounds)),
            None => bounds,
        };
        Ok(Self { model, guide, options, look, own, free, exact })
    }

    /// Whether it looks ahead at all.
    pub fn looks_ahead(&self) -> bool {
        self.look.is_some()
    }

    /// ln of how likely the model, at the temperature of the taste, by itself goes on as asked after what is given: exactly,
    /// where nothing is forbidden, or the model is a chain and could look ahead by itself.
    pub fn log_probability(&self) -> Option<f64> {
        if self.free {
            return Some(0.0);
        }
        self.look.as_ref().filter(|_| self.own).map(|look| look.log_probability(&self.options.given))
    }

    /// Draws a sequence, as [`write()`] does; its evidence is that of the model under masks alone. Where one
    /// particle draws exactly, one writes.
    ///
    /// # Errors
    ///
    /// See [`Stop`].
    pub fn write(&self, progress: &mut dyn FnMut(usize) -> bool) -> Result<Written, Stop> {
        let mut options = self.options.clone();
        if self.exact {
            options.particles = 1;
        }
        let mut written = write(self.model, self.guide.as_ref(), &options, progress)?;
        self.add_estimate(&mut written);
        Ok(written)
    }

    /// Draws the sequences of some numbers, as [`write_many`] does: each exactly where the look-ahead is, else led by the
    /// look-ahead and not weighed.
    pub fn write_many(
        &self,
        pieces: Range<u64>,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Vec<Result<Written, Stop>> {
        let mut written = write_many(self.model, self.guide.as_ref(), pieces, &self.options, progress);
        written.iter_mut().flatten().for_each(|written| self.add_estimate(written));
        written
    }

    /// What the look-ahead divided the evidence by.
    fn add_estimate(&self, written: &mut Written) {
        if let Some(look) = &self.look {
            written.log_evidence += look.log_probability(&self.options.given);
        }
    }
}
