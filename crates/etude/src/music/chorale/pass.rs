//! One way through a piece from left to right: the odds of each voice, and what is drawn from them.

use super::super::voices::outer_first;
use super::Chorale;
use super::piece::Known;
use crate::kernels::line::Line;

/// Is given step, voice, log-odds (Q) and the symbols as they are; says which symbol stands there.
pub(super) type Decide<'a> = dyn FnMut(usize, usize, &mut [f64], &[u8]) -> u8 + 'a;

/// What is shown of a piece on the way through it.
pub(super) struct View<'a> {
    pub(super) known: &'a Known,
    /// Which cells are given, row-major (T, V).
    pub(super) given: &'a [bool],
    /// Whether the voices of a step see each other before they had their turns.
    pub(super) open: bool,
    pub(super) ahead: Ahead,
}

/// What the reader from the right knows at each step, before that step: lines (T, H/16).
pub(super) struct Ahead {
    lines: usize,
    states: Vec<Line>,
    /// The step after each as it is shown, row-major (T, V).
    shown: Vec<u8>,
}

impl Ahead {
    /// The state that step `step` sees.
    fn state(&self, step: usize) -> &[Line] {
        &self.states[step * self.lines..][..self.lines]
    }
}

impl Chorale {
    /// Reads a piece from the right. `given` tells which cells are shown; `blocks` where stretches begin within which the
    /// cells that aren't given are hidden: beyond a stretch's end everything is shown. Without blocks, what isn't given is hidden
    /// everywhere.
    pub(super) fn ahead(
        &self,
        known: &Known,
        symbols: &[u8],
        given: &[bool],
        blocks: Option<&[bool]>,
    ) -> Ahead {
        let (voices, reader) = (self.layout.voices(), &self.net.right);
        let begin = reader.begin();
        let lines = begin.len();
        let mut states = vec![Line::ZERO; known.steps * lines];
        let mut shown = vec![0; known.steps * voices];
        let silent = vec![0; voices];
        let (mut masked, mut whole) = (begin.clone(), begin);
        let mut fields = Vec::new();
        for step in (0..known.steps).rev() {
            let ends = blocks.is_some_and(|blocks| step + 1 == known.steps || blocks[step + 1]);
            if ends {
                masked.clone_from(&whole);
            }
            states[step * lines..][..lines].copy_from_slice(&masked);
            for voice in 0..voices {
                let next = (step + 1) * voices + voice;
                shown[step * voices + voice] = match symbols.get(next) {
                    None => self.layout.outside(voice),
                    Some(&symbol) if ends || given[next] => symbol,
                    Some(_) => self.layout.hidden(voice),
                };
            }
            let mut read = |state: &mut [Line], all: bool| {
                fields.clear();
                fields.extend((0..voices).map(|voice| {
                    let cell = step * voices + voice;
                    u32::from(if all || given[cell] { symbols[cell] } else { self.layout.hidden(voice) })
                }));
                known.fields(step, &silent, &mut fields);
                reader.read(&fields, state);
            };
            read(&mut masked, false);
            if blocks.is_some() {
                read(&mut whole, true);
            }
        }
        Ahead { lines, states, shown }
    }

    /// Goes through a piece, and lets `decide` decide each cell that is `asked`, in the order of the turns. What isn't given
    /// and hasn't had its turn is hidden from the other voices of its step, unless the view is open.
    pub(super) fn pass(
        &self,
        view: &View,
        symbols: &mut [u8],
        asked: &dyn Fn(usize, usize) -> bool,
        decide: &mut Decide,
    ) {
        let View { known, given, open, ahead } = view;
        let (voices, reader) = (self.layout.voices(), &self.net.left);
        let mut state = reader.begin();
        let mut runs = vec![0; voices];
        let order = outer_first(voices);
        let (mut fields, mut moves, mut odds) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..known.steps {
            let at = step * voices;
            let last: Vec<u32> = (0..voices)
                .map(|other| {
                    let before = at.checked_sub(voices).map(|before| symbols[before + other]);
                    u32::from(before.unwrap_or_else(|| self.layout.outside(other)))
                })
                .collect();
            let next: Vec<u32> =
                ahead.shown[at..at + voices].iter().map(|&symbol| u32::from(symbol)).collect();
            for (turn, &voice) in order.iter().enumerate() {
                if !asked(step, voice) {
                    continue;
                }
                let now: Vec<u32> = (0..voices)
                    .map(|other| {
                        let shows =
                            other != voice && (*open || given[at + other] || order[..turn].contains(&other));
                        u32::from(if shows { symbols[at + other] } else { self.layout.hidden(other) })
                    })
                    .collect();
                fields.clear();
                self.layout.around(voice, [&now, &last, &next], &mut fields);
                moves.clear();
                self.layout.moved(voice, &now, &last, &mut moves);
                known.fields(step, &runs, &mut fields);
                odds.clear();
                odds.resize(self.layout.symbols(voice), 0.0);
                self.net.odds(voice, [&state, ahead.state(step)], [&fields, &moves], last[voice], &mut odds);
                symbols[at + voice] = decide(step, voice, &mut odds, symbols);
            }
            for (voice, run) in runs.iter_mut().enumerate() {
                let same = step > 0 && symbols[at + voice] == symbols[at - voices + voice];
                *run = if same { *run + 1 } else { 1 };
            }
            fields.clear();
            fields.extend(symbols[at..at + voices].iter().map(|&symbol| u32::from(symbol)));
            known.fields(step, &runs, &mut fields);
            reader.read(&fields, &mut state);
        }
    }
}
