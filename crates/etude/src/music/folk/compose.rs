//! Writing a tune as asked.

use super::ask::Ask;
use super::author::Folk;
use super::form::faults;
use super::guide::Follow;
use super::met::met;
use super::request::wishes;
use super::tune::Tune;
use super::wish::Wish;
use super::write::{octave, tempo, title, write};
use crate::appraise::spans::BREAK;
use crate::author::{Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive::{self as draw, Stop, Written};
use crate::model::Progress;
use crate::settings::check;
use etude_piece::piece::Piece;
use etude_piece::score::{Beats, Tempo};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Symbols of a run that is cited or invented: about eight notes with their durations.
const RUN: usize = 16;

/// The most symbols of a tune.
const MOST: usize = 20_000;

/// Writes a tune that is as asked.
///
/// # Errors
///
/// Contradictions, requests that make no sense, and interruptions.
pub(super) fn compose(folk: &Folk, request: &Request, progress: &mut Progress) -> Result<Made> {
    let order = Order::new(folk, request)?;
    let mut told = |symbols: usize| progress(symbols as f64 / (symbols as f64 + 250.0), "writing");
    if !told(0) {
        return Err(Error::Interrupted);
    }
    let written = draw::write(folk.model.as_ref(), &order.guide, &order.options, &mut told);
    order.finish(folk, request, written)
}

/// Writes tunes side by side, each as [`compose`] does; those with many particles one by one.
pub(super) fn compose_each(folk: &Folk, requests: &[Request], progress: &mut Progress) -> Vec<Result<Made>> {
    let orders: Vec<Result<Order>> = requests.iter().map(|request| Order::new(folk, request)).collect();
    let taste = orders.iter().flatten().map(|order| order.options.taste).next().unwrap_or_default();
    let beside = |order: &Order| order.options.particles == 1 && order.options.taste == taste;
    let pieces: Vec<draw::Piece> =
        orders.iter().flatten().filter(|order| beside(order)).map(Order::piece).collect();
    let all = pieces.len().max(1) as f64;
    let mut told = |done: usize| progress(done as f64 / all, "writing");
    let mut written = draw::write_each(folk.model.as_ref(), pieces, &taste, MOST, &mut told).into_iter();
    let works: Vec<_> = orders
        .into_iter()
        .map(|order| {
            let order = order?;
            let written = beside(&order).then(|| written.next()).flatten();
            Ok((order, written))
        })
        .collect();
    // What is written is weighed side by side; what is left is written one after the other.
    let made: Vec<Option<Result<Made>>> = works
        .into_par_iter()
        .zip(requests)
        .map(|(work, request)| match work {
            Err(error) => Some(Err(error)),
            Ok((order, written)) => written.map(|written| order.finish(folk, request, written)),
        })
        .collect();
    let made = made.into_iter().zip(requests);
    made.map(|(made, request)| made.unwrap_or_else(|| compose(folk, request, progress))).collect()
}

/// A request that can be met: what is to be written, and how.
struct Order {
    asks: Vec<Ask>,
    wish: Wish,
    guide: Follow,
    options: draw::Options,
}

impl Order {
    fn new(folk: &Folk, request: &Request) -> Result<Self> {
        check(&request.settings, &wishes())?;
        let keep = request.keep.iter().map(|text| Ask::parse(true, text));
        let asks: Vec<Ask> =
            keep.chain(request.forbid.iter().map(|text| Ask::parse(false, text))).collect::<Result<_>>()?;
        let wish = Wish::new(folk, request)?;
        let (plan, given) = wish.plan(&asks)?;
        let mut options = draw::Options::read(&request.settings, request.seed)?;
        options.particles = match (asks.is_empty(), request.settings.contains_key("particles")) {
            (true, _) => 1,
            (false, true) => options.particles,
            (false, false) => 16,
        };
        options.given = given;
        options.most = MOST;
        Ok(Self { asks, wish, guide: Follow::new(Arc::new(plan)), options })
    }

    /// The same, to be written beside others.
    fn piece(&self) -> draw::Piece {
        draw::Piece {
            guide: Box::new(self.guide.clone()),
            given: self.options.given.clone(),
            seed: self.options.seed,
        }
    }

    /// The tune with all that is said of it.
    fn finish(
        &self,
        folk: &Folk,
        request: &Request,
        written: std::result::Result<Written, Stop>,
    ) -> Result<Made> {
        let written = written.map_err(|stop| stop.error(|step| format!("symbol {}", step + 1)))?;
        let Self { asks, wish, options, .. } = self;
        let given = options.given.len();
        let broken = |what: String| Error::Broken(format!("a tune that isn't right: {what}"));
        let tune = Tune::of(&written.symbols).ok_or_else(|| broken("no parts".to_owned()))?;
        let free = wish.opening.is_none() && !asks.iter().any(Ask::is_of_pitch);
        let shift = if free { octave(&tune, wish.key.tonic_class()) } else { wish.shift(asks) };
        let mut score = write(&tune, wish.key, shift);
        score.title = title(&tune, wish.key);
        score.tempi.push((Beats::ZERO, request.tempo.map_or(tempo(tune.metre), Tempo)));
        if let Some(fault) = faults(&score).first() {
            return Err(broken(fault.clone()));
        }
        let mut new = written.symbols.clone();
        new[..given].fill(BREAK);
        let notes = score.note_count() as f64;
        let drawn = (written.symbols.len() - given).max(1) as f64;
        Ok(Made {
            novelty: folk.memory.appraise(&new, RUN),
            met: asks.iter().map(|ask| met(ask, &score)).collect(),
            messages: Vec::new(),
            diagnostics: BTreeMap::from([
                ("notes".to_owned(), notes),
                ("nats_per_symbol".to_owned(), written.nats / drawn),
                ("particles".to_owned(), options.particles as f64),
                ("effective_particles".to_owned(), written.effective),
                ("estimate_of_the_log_probability_of_the_constraints".to_owned(), written.log_evidence),
            ]),
            piece: Piece::Score(Box::new(score)),
        })
    }
}
