//! Each part's music as strands of chords, with grace notes and verses, and the rows of a bar.

use super::limits;
use super::pieces::{Chord, Span, cut, filled, strands};
use crate::score::{Beats, Grace, Losses, Note, Part, Voice};

/// One part's music: strands of chords, those of its voices first.
pub(super) struct Music<'a> {
    pub(super) strands: Vec<Strand<'a>>,
    /// Voice and verse, both counted from 0.
    pub(super) verses: Vec<(usize, usize)>,
}

#[derive(Default)]
pub(super) struct Strand<'a> {
    chords: Vec<Chord<'a>>,
    /// How many of the chords are behind us.
    next: usize,
    /// Grace notes by the chord they lead to.
    pub(super) graces: Vec<&'a Grace>,
}

impl<'a> Music<'a> {
    /// Lays a part out; `None` if that takes more pieces of notes than there is `room` for.
    pub(super) fn of(part: &'a Part, spans: &[Span], room: &mut usize, losses: &mut Losses) -> Option<Self> {
        let mut all: Vec<Strand<'a>> = Vec::new();
        let mut overlaid: Vec<Strand<'a>> = Vec::new();
        let mut verses = Vec::new();
        for (number, voice) in part.voices.iter().enumerate() {
            let pieces = cut(voice, spans, *room)?;
            *room -= pieces.len();
            let mut strands = strands(pieces).into_iter();
            let mut own = vec![Strand { chords: strands.next().unwrap_or_default(), ..Strand::default() }];
            own.extend(strands.map(|chords| Strand { chords, ..Strand::default() }));
            lay_graces(voice, &mut own, losses);
            let sung = verses_of(voice, &own, losses);
            verses.extend((0..sung).map(|verse| (number, verse)));
            let struck = own[1..].iter().flat_map(|strand| &strand.chords).filter(|chord| !chord.continues());
            losses.add_many(struck.count(), "overlapping chord", "it goes to a voice of its own");
            let mut own = own.into_iter();
            all.extend(own.next());
            overlaid.extend(own);
        }
        let empty = part.voices.iter().rev().take_while(|voice| voice.notes.is_empty()).count();
        losses.add_many(
            empty.min(part.voices.len().saturating_sub(1)),
            "empty voice",
            "nothing shows that it is there",
        );
        if part.voices.is_empty() {
            losses.add("part", "it has no voices, and gets one");
        }
        count_lost(part, losses);
        all.extend(overlaid);
        Some(Self { strands: all, verses })
    }
}

/// Counts what the notes of a part say that has no place.
fn count_lost(part: &Part, losses: &mut Losses) {
    let notes = || part.voices.iter().flat_map(|voice| &voice.notes);
    losses.add_many(
        notes().filter(|note| note.velocity.is_some()).count(),
        "velocity mark",
        "**kern has none",
    );
}

/// Puts each grace note on the strand that has the note it leads to.
fn lay_graces<'a>(voice: &'a Voice, strands: &mut [Strand<'a>], losses: &mut Losses) {
    for grace in &voice.graces {
        let leads = |strand: &&mut Strand<'a>| {
            strand.chords.binary_search_by_key(&grace.before, |chord| chord.onset).is_ok()
        };
        match strands.iter_mut().find(leads) {
            Some(strand) if grace.duration > Beats::ZERO => strand.graces.push(grace),
            _ => losses.add("grace note", "it leads to no note, or looks like none"),
        }
    }
    strands.iter_mut().for_each(|strand| strand.graces.sort_by_key(|grace| grace.before));
}

/// How many verses a voice has in the table; its words that can't be there are counted.
fn verses_of(voice: &Voice, strands: &[Strand<'_>], losses: &mut Losses) -> usize {
    let verses =
        |note: &Note| note.lyrics.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
    let most = voice.notes.iter().map(verses).max().unwrap_or(0);
    let beyond = voice.notes.iter().filter(|note| verses(note) > limits::VERSES).count();
    losses.add_many(beyond, "note's word", "a voice has at most 16 verses");
    let aside = strands.iter().enumerate().flat_map(|(strand, music)| {
        let skipped = usize::from(strand == 0);
        music.chords.iter().flat_map(move |chord| chord.notes.iter().skip(skipped))
    });
    let unsung = aside.filter(|piece| piece.words.is_some()).count();
    losses.add_many(unsung, "note's word", "another note that begins with it has the place");
    most.min(limits::VERSES)
}

/// A bar's rows.
pub(super) struct BarRows<'a> {
    pub(super) span: Span,
    /// By part and strand, chords and rests.
    pub(super) strands: Vec<Vec<Vec<Chord<'a>>>>,
    /// When rows begin that have any of them.
    pub(super) times: Vec<Beats>,
}

impl<'a> BarRows<'a> {
    pub(super) fn of(music: &mut [Music<'a>], span: Span) -> Self {
        let strands: Vec<Vec<Vec<Chord<'a>>>> = music.iter_mut().map(|music| in_bar(music, span)).collect();
        let mut times: Vec<Beats> = strands.iter().flatten().flatten().map(|chord| chord.onset).collect();
        times.sort_unstable();
        times.dedup();
        Self { span, strands, times }
    }
}

/// The strands of a part that have music in a bar, and those before them; at least one.
fn in_bar<'a>(music: &mut Music<'a>, span: Span) -> Vec<Vec<Chord<'a>>> {
    let taken: Vec<(usize, usize)> = music.strands.iter_mut().map(|strand| strand.take(span.1)).collect();
    let used = taken.iter().rposition(|(from, to)| from < to).map_or(1, |last| last + 1);
    let rows = taken.iter().zip(&music.strands).take(used);
    let mut rows: Vec<Vec<Chord<'a>>> =
        rows.map(|(&(from, to), strand)| filled(&strand.chords[from..to], span)).collect();
    if rows.is_empty() {
        rows.push(filled(&[], span));
    }
    rows
}

impl Strand<'_> {
    /// Takes the chords that begin before `end`: from which to which.
    fn take(&mut self, end: Beats) -> (usize, usize) {
        let from = self.next;
        self.next += self.chords[from..].iter().take_while(|chord| chord.onset < end).count();
        (from, self.next)
    }
}
