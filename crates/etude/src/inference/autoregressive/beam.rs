//! Beam search: the likeliest sequence under a guide.
//!
//! Of all beginnings of one length only the `width` likeliest are kept, those that are done among them. With a width that
//! holds all beginnings it is exact; a small one may lose the likeliest sequence, mostly for a likelier beginning.
//!
//! Lowerre, *The Harpy speech recognition system*, Carnegie Mellon University, 1976.

use super::Stop;
use super::ensemble::read_given;
use crate::sequence::{Guide, SequenceModel};
use std::cmp::Ordering;

/// How the likeliest sequence is sought.
#[derive(Debug, Clone, PartialEq)]
pub struct Beam {
    /// Beginnings that are kept, ≥ 1.
    pub width: usize,
    /// The most symbols that are written, those given not counted.
    pub most: usize,
    /// Symbols that the sequence begins with.
    pub given: Vec<u32>,
}

/// A likely sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeliest {
    /// All symbols, those given first.
    pub symbols: Vec<u32>,
    /// Σ ln p + f of what was written, where f is what the guide adds.
    pub log_odds: f64,
    /// −ln p of what was written, under the model itself.
    pub nats: f64,
}

/// A beginning.
struct Line {
    guide: Box<dyn Guide>,
    found: Likeliest,
}

/// A beginning and what may come next.
struct Candidate {
    /// Its place among the beginnings.
    line: usize,
    /// The next symbol, and ln p of it under the model; nothing where the sequence is done.
    symbol: Option<(usize, f64)>,
    log_odds: f64,
}

impl Candidate {
    /// The likelier first; of equals the earlier.
    fn compare(&self, other: &Self) -> Ordering {
        let place = |candidate: &Self| (candidate.line, candidate.symbol.map(|(symbol, _)| symbol));
        other.log_odds.total_cmp(&self.log_odds).then_with(|| place(self).cmp(&place(other)))
    }
}

/// Seeks the likeliest sequence of a model under a guide.
///
/// It ends as soon as the likeliest line is done, since what goes on only loses; wishes above 0 of a guide that isn't a
/// look-ahead could still have raised another. `progress` is told how many symbols are written and ends the work by `false`.
///
/// # Errors
///
/// See [`Stop`]. Panics without width, or where the guide's fields aren't those of the model.
pub fn likeliest(
    model: &dyn SequenceModel,
    guide: &dyn Guide,
    beam: &Beam,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Likeliest, Stop> {
    assert!(beam.width > 0, "somebody must write");
    let (symbols, width) = (model.symbols(), model.fields().len());
    let (guide, mut streams) = read_given(model, guide, &beam.given)?;
    let first = Likeliest { symbols: beam.given.clone(), log_odds: 0.0, nats: 0.0 };
    let mut lines = vec![Line { guide, found: first }];
    for step in 0..=beam.most {
        if lines[0].guide.is_done() {
            return Ok(lines.swap_remove(0).found);
        }
        if step == beam.most {
            break;
        }
        let live: Vec<usize> = (0..lines.len()).filter(|&line| !lines[line].guide.is_done()).collect();
        let (mut fields, mut odds) = (vec![0; live.len() * width], vec![0.0; live.len() * symbols]);
        for (&line, fields) in live.iter().zip(fields.chunks_exact_mut(width)) {
            lines[line].guide.fields(fields);
        }
        streams.step(&fields, &mut odds);
        let done = (0..lines.len()).filter(|&line| lines[line].guide.is_done());
        let mut candidates: Vec<Candidate> =
            done.map(|line| Candidate { line, symbol: None, log_odds: lines[line].found.log_odds }).collect();
        for (&line, row) in live.iter().zip(odds.chunks_exact_mut(symbols)) {
            candidates.extend(lines[line].candidates(line, row));
        }
        candidates.sort_unstable_by(Candidate::compare);
        candidates.truncate(beam.width);
        if candidates.is_empty() {
            return Err(Stop::DeadEnd(beam.given.len() + step));
        }
        lines = candidates.iter().map(|candidate| lines[candidate.line].after(candidate)).collect();
        let going = candidates.iter().zip(&lines).filter(|(_, line)| !line.guide.is_done());
        let stream = |line| live.binary_search(&line).expect("whoever goes on has a stream");
        let parents: Vec<usize> = going.map(|(candidate, _)| stream(candidate.line)).collect();
        if !parents.is_empty() {
            streams.select(&parents);
        }
        if !progress(step + 1) {
            return Err(Stop::Interrupted);
        }
    }
    // The likeliest line isn't done, but another may be.
    let done = lines.into_iter().find(|line| line.guide.is_done());
    done.map(|line| line.found).ok_or(Stop::TooLong(beam.given.len() + beam.most))
}

impl Line {
    /// What may come next, given ln p of each symbol, (Q).
    fn candidates(&self, line: usize, log_probabilities: &mut [f64]) -> Vec<Candidate> {
        let own = log_probabilities.to_vec();
        self.guide.weigh(log_probabilities);
        let allowed = log_probabilities.iter().zip(own).enumerate();
        let allowed = allowed.filter(|(_, (odds, _))| **odds > f64::NEG_INFINITY);
        allowed
            .map(|(symbol, (odds, own))| Candidate {
                line,
                symbol: Some((symbol, own)),
                log_odds: self.found.log_odds + odds,
            })
            .collect()
    }

    /// The line with what comes next.
    fn after(&self, candidate: &Candidate) -> Self {
        let mut guide = self.guide.fork();
        let mut found = self.found.clone();
        found.log_odds = candidate.log_odds;
        if let Some((symbol, own)) = candidate.symbol {
            guide.push(symbol);
            found.symbols.push(symbol as u32);
            found.nats -= own;
        }
        Self { guide, found }
    }
}
