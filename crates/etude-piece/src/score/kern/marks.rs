//! What stands above the music.

use super::key;
use super::pieces::Span;
use super::sheet::BarRows;
use crate::score::{Beats, Losses, Score};

/// What stands above the music: changes of metre, key and tempo, and chord symbols.
pub(super) struct Marks<'a> {
    /// Interpretations by onset.
    pub(super) changes: Vec<(Beats, String)>,
    pub(super) chords: Vec<(Beats, &'a str)>,
}

impl<'a> Marks<'a> {
    pub(super) fn of(score: &'a Score, spans: &[Span], losses: &mut Losses) -> Self {
        let mut changes: Vec<(Beats, String)> = Vec::new();
        changes.extend(score.keys.iter().flat_map(|&(at, key)| key::tokens(key).map(|token| (at, token))));
        changes.extend(score.metres.iter().map(|&(at, metre)| (at, format!("*M{metre}"))));
        let playable = |tempo: f64| tempo > 0.0 && tempo.is_finite();
        let tempi = score.tempi.iter().filter(|(_, tempo)| playable(tempo.0));
        changes.extend(tempi.map(|&(at, tempo)| (at, format!("*MM{}", tempo.0))));
        changes.sort_by_key(|&(at, _)| at);
        let mut chords: Vec<(Beats, &str)> =
            score.chords.iter().map(|(at, symbol)| (*at, symbol.as_str())).collect();
        chords.sort_by_key(|&(at, _)| at);
        let all = changes.len() + chords.len();
        chords.retain(|(_, symbol)| !symbol.is_empty());
        chords.dedup_by_key(|&mut (at, _)| at);
        losses.add_many(
            score.chords.len() - chords.len(),
            "chord symbol",
            "it is empty, or another has its place",
        );
        let all = all - (score.chords.len() - chords.len());
        let end = spans.last().map_or(Beats::ZERO, |&(_, end)| end);
        let inside = |at: Beats| at < end || at == Beats::ZERO;
        changes.retain(|&(at, _)| inside(at));
        chords.retain(|&(at, _)| at < end);
        losses.add_many(all - changes.len() - chords.len(), "sign", "it comes after the last note");
        Self { changes, chords }
    }

    /// Whether some note or rest begins with every mark.
    pub(super) fn meet(&self, bars: &[BarRows<'_>]) -> bool {
        let times = self.changes.iter().map(|&(at, _)| at).chain(self.chords.iter().map(|&(at, _)| at));
        times.into_iter().all(|time| {
            let bar = bars.partition_point(|bar| bar.span.0 <= time).saturating_sub(1);
            bars.get(bar).is_none_or(|bar| bar.times.binary_search(&time).is_ok() || time == bar.span.0)
        })
    }
}
