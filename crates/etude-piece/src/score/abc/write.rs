//! A score as one ABC tune.

use super::header::{first_key, header, is_named, unit};
use super::layout::{bars, clean_voices, marks, merged, shared, spans};
use super::line::{Mark, Pen};
use super::plan::{self, Event};
use super::{limits, lyrics};
use crate::score::{Bar, Beats, Losses, Score, Voice, Written};
use crate::{Error, Result};

/// Bars in a line of text.
const BARS: usize = 4;

/// Writes a score as one tune. Parts of several voices are braced by `%%score`; notes that overlap within a voice
/// become overlays.
///
/// # Errors
///
/// [`Error::Unfit`] where times are finer than 1/16384 of a quarter or not below 2³⁰ in numerator,
/// or there are more than 128 voices or 131,072 notes.
pub fn write(score: &Score) -> Result<Written> {
    write_numbered(score, 1)
}

/// Writes a score as [`write()`] does, as tune `number` of a file that holds several, parted by empty lines.
///
/// # Errors
///
/// As [`write()`].
pub fn write_numbered(score: &Score, number: usize) -> Result<Written> {
    check_limits(score)?;
    let mut lost = Losses::default();
    let bars = bars(score);
    let spans = spans(score, &bars);
    let (changes, chords) = marks(score, &spans, &mut lost);
    let unit = unit(score);
    let voices = clean_voices(score, &mut lost);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (number, voice) in voices.iter().enumerate() {
        let plan::Layers { layers, notes, graces } = plan::layers(voice);
        lost.add_many(notes, "note", "a voice holds at most nine at once");
        lost.add_many(graces, "grace note", "it leads to no note");
        if layers.len() > 1 {
            lost.add("voice of notes that overlap", "they become overlays, voices of their own");
        }
        let marks = if number == 0 { merged(&changes, &chords) } else { shared(&changes) };
        lines.push(Line::new(layers, marks, &spans, number == 0, Pen::new(unit, first_key(score))));
    }
    let mut file = header(score, number, &voices, unit);
    for start in (0..bars.len()).step_by(BARS) {
        let system = start..(start + BARS).min(bars.len());
        for (number, line) in lines.iter_mut().enumerate() {
            if voices.len() > 1 || is_named(score) {
                file.push_str(&format!("[V:{}] ", number + 1));
            }
            for bar in system.clone() {
                file.push_str(&bar_start(&bars, bar));
                file.push_str(&line.bar(bar));
                file.push_str(bar_end(&bars, bar));
            }
            file.truncate(file.trim_end().len());
            file.push('\n');
            line.words(system.clone(), &mut file, &mut lost);
        }
    }
    Ok(Written { bytes: file.into_bytes(), lost: lost.lines() })
}

fn check_limits(score: &Score) -> Result<()> {
    let notes = score.voices().flat_map(|voice| &voice.notes).flat_map(|note| [note.onset, note.end()]);
    let changes = score.keys.iter().map(|&(at, _)| at).chain(score.metres.iter().map(|&(at, _)| at));
    let tempi = score.tempi.iter().map(|&(at, _)| at);
    let graces =
        score.voices().flat_map(|voice| &voice.graces).flat_map(|grace| [grace.before, grace.duration]);
    let others = score.bars.iter().map(|bar| bar.onset).chain(score.chords.iter().map(|&(at, _)| at));
    let mut times = notes.chain(graces).chain(changes).chain(tempi).chain(others);
    if let Some(time) = times.find(|&time| time < Beats::ZERO || !limits::holds(time)) {
        let what = format!("a time of {time} quarters is too fine or too late for ABC");
        return Err(Error::unfit(what, "quantise the score first"));
    }
    let notes = score.voices().map(|voice| voice.notes.len() + voice.graces.len()).sum::<usize>();
    let voices = score.voices().count();
    if voices > limits::VOICES || notes > limits::NOTES {
        let what = format!("{voices} voices of {notes} notes are too many for one tune");
        return Err(Error::unfit(what, "write it as MIDI, or take it apart"));
    }
    let syllables = |voice: &Voice| voice.notes.iter().map(|note| note.lyrics.len()).sum::<usize>();
    if score.bars.len() > limits::BARS || score.voices().any(|voice| syllables(voice) > limits::SYLLABLES) {
        let what = format!("{} bars, or their words, are too many for one tune", score.bars.len());
        return Err(Error::unfit(what, "take it apart"));
    }
    Ok(())
}

/// What stands before a bar's music.
fn bar_start(bars: &[Bar], number: usize) -> String {
    let repeat = if number == 0 && bars[0].repeat_start { "|: " } else { "" };
    let ending = bars[number].ending.map(|ending| format!("[{ending} ")).unwrap_or_default();
    repeat.to_owned() + &ending
}

/// The bar line after a bar.
fn bar_end(bars: &[Bar], number: usize) -> &'static str {
    let next = bars.get(number + 1);
    match (bars[number].repeat_end, next.map(|bar| bar.repeat_start)) {
        (true, None | Some(false)) => " :| ",
        (true, Some(true)) => " :: ",
        (false, Some(true)) => " |: ",
        (false, Some(false)) if bars[number].section_end => " || ",
        (false, Some(false)) => " | ",
        (false, None) => " |]",
    }
}

/// One voice on its way to text.
struct Line<'a> {
    /// The events of each layer, by bar.
    layers: Vec<Vec<Vec<Event<'a>>>>,
    /// The marks of each bar that stand in the main line.
    marks: Vec<Vec<Mark>>,
    /// The marks of each bar that fall within a note, with the rests between them.
    beside: Vec<(Vec<Event<'a>>, Vec<Mark>)>,
    pen: Pen,
}

impl<'a> Line<'a> {
    /// A voice laid out; only the first carries marks that fall within its notes.
    fn new(
        layers: Vec<Vec<Event<'a>>>,
        marks: Vec<Mark>,
        spans: &[(Beats, Beats)],
        first: bool,
        pen: Pen,
    ) -> Self {
        let cuts: Vec<Beats> = marks.iter().map(|mark| mark.onset).collect();
        let layers: Vec<Vec<Vec<Event<'_>>>> = layers
            .iter()
            .enumerate()
            .map(|(n, layer)| plan::bars(layer, spans, if n == 0 { &cuts } else { &[] }))
            .collect();
        let mut in_line = Vec::with_capacity(spans.len());
        let mut beside = Vec::with_capacity(spans.len());
        let mut marks = marks.into_iter().peekable();
        for (number, &(start, end)) in spans.iter().enumerate() {
            let last = number + 1 == spans.len();
            let (mut fit, mut within) = (Vec::new(), Vec::new());
            let events = &layers[0][number];
            while let Some(mark) = marks.next_if(|mark| mark.onset < end || last) {
                let meets = mark.onset == end
                    || events.binary_search_by_key(&mark.onset, |event| event.onset).is_ok();
                if meets { fit.push(mark) } else { within.push(mark) }
            }
            if !first {
                within.clear();
            }
            let within_cuts: Vec<Beats> = within.iter().map(|mark| mark.onset).collect();
            let mut rests =
                if within.is_empty() { Vec::new() } else { plan::bars(&[], &[(start, end)], &within_cuts) };
            in_line.push(fit);
            beside.push((rests.pop().unwrap_or_default(), within));
        }
        Self { layers, marks: in_line, beside, pen }
    }

    /// The text of a bar.
    fn bar(&mut self, number: usize) -> String {
        self.pen.begin_bar();
        let mut text = String::new();
        for (layer, bars) in self.layers.iter().enumerate() {
            let events = &bars[number];
            if layer == 0 {
                text = self.pen.bar(events, &self.marks[number], 'z');
            } else if events.iter().any(|event| !event.pitches.is_empty()) {
                text.push_str(&overlay(&mut self.pen, events, &[]));
            }
        }
        let (rests, marks) = &self.beside[number];
        if !marks.is_empty() {
            text.push_str(&overlay(&mut self.pen, rests, marks));
        }
        text
    }

    /// The w: lines under some bars.
    fn words(&self, bars: std::ops::Range<usize>, file: &mut String, lost: &mut Losses) {
        let events: Vec<&Event<'_>> =
            self.layers[0][bars.clone()].iter().flatten().filter(|event| !event.pitches.is_empty()).collect();
        let overlaid = self.layers[1..].iter().flat_map(|layer| layer[bars.clone()].iter().flatten());
        let unsung = overlaid.filter(|event| event.words.is_some()).count();
        lost.add_many(unsung, "note's word", "overlays have none");
        let verses =
            events.iter().filter_map(|event| event.words).map(|note| note.lyrics.len()).max().unwrap_or(0);
        if verses > limits::VERSES {
            lost.add_many(verses - limits::VERSES, "verse of a line", "more than sixteen are not read");
        }
        for verse in 0..verses.min(limits::VERSES) {
            let syllables: Vec<String> = events.iter().map(|event| syllable(event, verse)).collect();
            let last = syllables.iter().rposition(|syllable| syllable.len() > 1 || !"*_".contains(syllable));
            let sung = &syllables[..last.map_or(1, |last| last + 1)];
            file.push_str(&format!("w: {}\n", sung.join(" ")));
        }
    }
}

/// The text of an overlay, after which the main line's ties hold again.
fn overlay(pen: &mut Pen, events: &[Event<'_>], marks: &[Mark]) -> String {
    pen.begin_overlay();
    let main = pen.swap_tied(Vec::new());
    let text = pen.bar(events, marks, 'x');
    pen.swap_tied(main);
    format!(" & {text}")
}

/// A note's syllable in a verse, `_` on a note that is tied to, `*` where there is none.
fn syllable(event: &Event<'_>, verse: usize) -> String {
    let sung = event.words.and_then(|note| note.lyrics.get(verse)).filter(|text| !text.trim().is_empty());
    match sung {
        Some(text) => lyrics::spell(text),
        None if event.continues => "_".to_owned(),
        None => "*".to_owned(),
    }
}
