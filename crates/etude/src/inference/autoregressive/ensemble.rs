//! Sequences in the making that one batch of [`Streams`] reads side by side.

use super::Stop;
use super::taste::Taste;
use crate::inference::chance::Chance;
use crate::sequence::{Guide, SequenceModel, Streams};
use rayon::prelude::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Streams whose sequences are done are read on idly until they are one in so many: leaving them out copies the others.
const IDLE: usize = 8;

/// One sequence in the making.
pub(super) struct Hand {
    guide: Box<dyn Guide>,
    chance: Chance,
    /// Scratch: ln p of the step under the model itself, shape (Q).
    own: Vec<f64>,
    /// What the sequence begins with, where that isn't read before; no draw is made for it.
    given: Vec<u32>,
    /// Everything written, what was given first.
    pub(super) symbols: Vec<u32>,
    /// −ln p of what was written, what was given left out.
    pub(super) nats: f64,
}

/// Sequences that are written side by side.
pub(super) struct Ensemble<'a> {
    pub(super) hands: Vec<Hand>,
    streams: Box<dyn Streams + 'a>,
    /// Whose each stream is, ascending, shape (N).
    owners: Vec<usize>,
    /// What the streams read, shape (N, K).
    fields: Vec<u32>,
    /// What they tell, shape (N, Q).
    odds: Vec<f64>,
    width: usize,
    symbols: usize,
}

impl Hand {
    pub(super) fn is_done(&self) -> bool {
        self.guide.is_done()
    }

    /// Whether its guide came to its end before all that is given was written.
    pub(super) fn is_cut(&self) -> bool {
        self.is_done() && self.symbols.len() < self.given.len()
    }

    /// Writes one symbol, given ln p of all; tells ln m, by which the weight grows, or −∞ where nothing may come.
    fn write(&mut self, taste: &Taste, log_probabilities: &mut [f64]) -> f64 {
        if let Some(&symbol) = self.given.get(self.symbols.len()) {
            return self.take(symbol, log_probabilities);
        }
        self.own.copy_from_slice(log_probabilities);
        taste.temper(log_probabilities);
        self.guide.weigh(log_probabilities);
        let Some(mass) = taste.choose(log_probabilities) else { return f64::NEG_INFINITY };
        let symbol = self.chance.draw(log_probabilities);
        self.nats -= self.own[symbol];
        self.symbols.push(symbol as u32);
        self.guide.push(symbol);
        mass
    }

    /// Writes a symbol that is given; −∞ where the guide forbids it.
    fn take(&mut self, symbol: u32, log_odds: &mut [f64]) -> f64 {
        log_odds.fill(0.0);
        self.guide.weigh(log_odds);
        if log_odds.get(symbol as usize).is_none_or(|&odd| odd == f64::NEG_INFINITY) {
            return f64::NEG_INFINITY;
        }
        self.symbols.push(symbol);
        self.guide.push(symbol as usize);
        0.0
    }
}

impl<'a> Ensemble<'a> {
    /// One sequence for each guide, with the symbols that are given to it and its randomness.
    pub(super) fn begin_each(
        model: &'a dyn SequenceModel,
        pieces: impl ExactSizeIterator<Item = (Box<dyn Guide>, Vec<u32>, Chance)>,
    ) -> Self {
        let (symbols, width, count) = (model.symbols(), model.fields().len(), pieces.len());
        let hand = |(guide, given, chance)| Hand {
            guide,
            chance,
            own: vec![0.0; symbols],
            given,
            symbols: Vec::new(),
            nats: 0.0,
        };
        Self {
            hands: pieces.map(hand).collect(),
            streams: model.begin(count),
            owners: (0..count).collect(),
            fields: vec![0; count * width],
            odds: vec![0.0; count * symbols],
            width,
            symbols,
        }
    }

    /// One sequence for each of `chances`, all after the same given symbols, which are read once.
    ///
    /// # Errors
    ///
    /// Given symbols that the guide forbids.
    pub(super) fn begin(
        model: &'a dyn SequenceModel,
        guide: &dyn Guide,
        given: &[u32],
        chances: Vec<Chance>,
    ) -> Result<Self, Stop> {
        let (symbols, width) = (model.symbols(), model.fields().len());
        let (guide, mut streams) = read_given(model, guide, given)?;
        let count = chances.len();
        streams.select(&vec![0; count]);
        let hand = |chance| Hand {
            guide: guide.fork(),
            chance,
            own: vec![0.0; symbols],
            given: Vec::new(),
            symbols: given.to_vec(),
            nats: 0.0,
        };
        let hands = chances.into_iter().map(hand).collect();
        let owners = (0..count).collect();
        let (fields, odds) = (vec![0; count * width], vec![0.0; count * symbols]);
        Ok(Self { hands, streams, owners, fields, odds, width, symbols })
    }

    /// Whether every sequence is finished.
    pub(super) fn is_done(&self) -> bool {
        self.hands.iter().all(Hand::is_done)
    }

    /// Writes one symbol of each sequence that isn't finished nor given up; its entry of `weights`, ln, grows by ln m.
    pub(super) fn advance(&mut self, taste: &Taste, weights: &mut [f64]) {
        self.leave_idle(weights);
        for (&owner, fields) in self.owners.iter().zip(self.fields.chunks_exact_mut(self.width)) {
            if !self.hands[owner].is_done() {
                self.hands[owner].guide.fields(fields);
            }
        }
        self.streams.step(&self.fields, &mut self.odds);
        let mut owners = self.owners.iter().peekable();
        let writers = self.hands.iter_mut().zip(weights).enumerate();
        let writers = writers.filter(|(index, _)| owners.next_if_eq(&index).is_some());
        let rows = self.odds.chunks_exact_mut(self.symbols);
        let mut work: Vec<_> = writers.map(|(_, writer)| writer).zip(rows).collect();
        work.retain(|((hand, weight), _)| !hand.is_done() && **weight > f64::NEG_INFINITY);
        work.into_par_iter()
            .with_min_len(8)
            .for_each(|((hand, weight), row)| *weight += hand.write(taste, row));
    }

    /// Leaves out the streams of those who write no more, once they are many.
    fn leave_idle(&mut self, weights: &[f64]) {
        let writes = |&index: &usize| weights[index] > f64::NEG_INFINITY && !self.hands[index].is_done();
        let (busy, owners): (Vec<usize>, Vec<usize>) =
            self.owners.iter().copied().enumerate().filter(|(_, owner)| writes(owner)).unzip();
        let idle = self.owners.len() - owners.len();
        if owners.is_empty() || idle * IDLE <= self.owners.len() {
            return;
        }
        self.select(&busy, owners);
    }

    /// Every sequence becomes a copy of that of its parent; each keeps its own randomness.
    pub(super) fn resample(&mut self, parents: &[usize]) {
        let heirs: Vec<(Box<dyn Guide>, Vec<u32>, f64)> = parents
            .iter()
            .map(|&parent| &self.hands[parent])
            .map(|parent| (parent.guide.fork(), parent.symbols.clone(), parent.nats))
            .collect();
        for (hand, (guide, symbols, nats)) in self.hands.iter_mut().zip(heirs) {
            (hand.guide, hand.symbols, hand.nats) = (guide, symbols, nats);
        }
        let going: Vec<usize> = (0..parents.len()).filter(|&index| !self.hands[index].is_done()).collect();
        if going.is_empty() {
            return;
        }
        let stream = |&index: &usize| {
            self.owners.binary_search(&parents[index]).expect("whoever isn't done has a stream")
        };
        let streams: Vec<usize> = going.iter().map(stream).collect();
        self.select(&streams, going);
    }

    /// Goes on with copies of some streams, whose owners are named.
    fn select(&mut self, streams: &[usize], owners: Vec<usize>) {
        self.streams.select(streams);
        let fields = streams.iter().flat_map(|&s| &self.fields[s * self.width..(s + 1) * self.width]);
        self.fields = fields.copied().collect();
        self.odds.resize(owners.len() * self.symbols, 0.0);
        self.owners = owners;
    }
}

/// A guide, and the stream of the sequence that it follows.
type Begun<'a> = (Box<dyn Guide>, Box<dyn Streams + 'a>);

/// A guide that has followed what is given, and one stream that has read all of it but the last symbol.
///
/// # Errors
///
/// Given symbols that the guide forbids.
pub(super) fn read_given<'a>(
    model: &'a dyn SequenceModel,
    guide: &dyn Guide,
    given: &[u32],
) -> Result<Begun<'a>, Stop> {
    let mut guide = guide.fork();
    let mut streams = model.begin(1);
    let (mut fields, mut odds) = (vec![0; model.fields().len()], vec![0.0; model.symbols()]);
    for (step, &symbol) in given.iter().enumerate() {
        odds.fill(0.0);
        guide.weigh(&mut odds);
        let allowed = odds.get(symbol as usize).is_some_and(|&odd| odd > f64::NEG_INFINITY);
        if guide.is_done() || !allowed {
            return Err(Stop::DeadEnd(step));
        }
        guide.fields(&mut fields);
        streams.step(&fields, &mut odds);
        guide.push(symbol as usize);
    }
    Ok((guide, streams))
}
