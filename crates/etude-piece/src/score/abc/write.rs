//! A score as one ABC tune.

use super::body::is_chord_symbol;
use super::line::{Mark, Pen, has_signs};
use super::plan::{self, Event};
use super::{limits, lyrics, text};
use crate::score::{Bar, Beats, Key, Mode, Note, Pitch, Score, Tempo, Voice, Written};
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

/// Writes a score as [`write`] does, as tune `number` of a file that holds several, parted by empty lines.
///
/// # Errors
///
/// As [`write`].
pub fn write_numbered(score: &Score, number: usize) -> Result<Written> {
    check_limits(score)?;
    let mut lost = Lost::default();
    let bars = bars(score);
    let spans = spans(score, &bars);
    let (changes, chords) = marks(score, &spans, &mut lost);
    let unit = unit(score);
    let voices = clean_voices(score, &mut lost);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (number, voice) in voices.iter().enumerate() {
        let (layers, left_out) = plan::layers(voice);
        lost.add("notes", left_out, "a voice holds at most nine at once");
        if layers.len() > 1 {
            lost.say(format!(
                "voice {}: notes that overlap become overlays, voices of their own",
                number + 1
            ));
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
    Ok(Written { bytes: file.into_bytes(), lost: lost.lines })
}

/// What the format can't hold, one line for each kind.
#[derive(Debug, Default)]
struct Lost {
    lines: Vec<String>,
}

impl Lost {
    fn add(&mut self, what: &str, count: usize, why: &str) {
        if count > 0 {
            self.say(format!("{count} {what}: {why}"));
        }
    }

    fn say(&mut self, line: String) {
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }
}

fn check_limits(score: &Score) -> Result<()> {
    let notes = score.voices().flat_map(|voice| &voice.notes).flat_map(|note| [note.onset, note.end()]);
    let changes = score.keys.iter().map(|&(at, _)| at).chain(score.metres.iter().map(|&(at, _)| at));
    let tempi = score.tempi.iter().map(|&(at, _)| at);
    let others = score.bars.iter().map(|bar| bar.onset).chain(score.chords.iter().map(|&(at, _)| at));
    let mut times = notes.chain(changes).chain(tempi).chain(others);
    if let Some(time) = times.find(|&time| time < Beats::ZERO || !limits::holds(time)) {
        let what = format!("a time of {time} quarters is too fine or too late for ABC");
        return Err(Error::unfit(what, "quantise the score first"));
    }
    let (voices, notes) =
        (score.voices().count(), score.voices().map(|voice| voice.notes.len()).sum::<usize>());
    if voices > limits::VOICES || notes > limits::NOTES {
        let what = format!("{voices} voices of {notes} notes are too many for one tune");
        return Err(Error::unfit(what, "write it as MIDI, or take it apart"));
    }
    Ok(())
}

/// The score's bars, or bars laid by its metres, from time zero on.
fn bars(score: &Score) -> Vec<Bar> {
    let mut bars = score.bars.clone();
    if bars.is_empty() && !score.metres.is_empty() {
        let mut measured = score.clone();
        measured.measure(Beats::ZERO);
        bars = measured.bars;
    }
    if bars.first().is_none_or(|bar| bar.onset > Beats::ZERO) {
        bars.insert(0, Bar::default());
    }
    bars.dedup_by_key(|bar| bar.onset);
    bars
}

/// The onset and end of each bar.
fn spans(score: &Score, bars: &[Bar]) -> Vec<(Beats, Beats)> {
    let last = bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let end = if score.duration() > last { score.duration() } else { last + score.metre_at(last).bar() };
    let ends = bars.iter().skip(1).map(|bar| bar.onset).chain([end]);
    bars.iter().map(|bar| bar.onset).zip(ends).collect()
}

/// The key in the header.
fn first_key(score: &Score) -> Option<Key> {
    score.keys.first().filter(|(onset, _)| *onset == Beats::ZERO).map(|&(_, key)| key)
}

/// Changes of metre, key and tempo after the header's, and chord symbols, each by onset.
fn marks(score: &Score, spans: &[(Beats, Beats)], lost: &mut Lost) -> (Vec<(Mark, bool)>, Vec<Mark>) {
    let end = spans.last().map_or(Beats::ZERO, |&(_, end)| end);
    let mark = |onset, text, key| Mark { onset, text, key };
    let mut changes: Vec<(Mark, bool)> = Vec::new();
    let later = |onset: Beats| onset > Beats::ZERO;
    for &(onset, metre) in score.metres.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[M:{metre}]"), None), true));
    }
    for &(onset, key) in score.keys.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[K:{}]", key_name(key)), Some(key)), true));
    }
    for &(onset, tempo) in score.tempi.iter().filter(|&&(onset, _)| later(onset)) {
        changes.push((mark(onset, format!("[Q:{}]", tempo_text(tempo)), None), false));
    }
    changes.sort_by_key(|(mark, _)| mark.onset);
    let mut chords: Vec<Mark> = Vec::new();
    for (onset, symbol) in &score.chords {
        let quoted = text::encode(symbol.trim());
        if is_chord_symbol(&text::decode(&quoted)) {
            chords.push(mark(*onset, format!("\"{quoted}\""), None));
        } else {
            lost.say(format!(
                "chord symbol `{quoted}`: it begins with no letter from A to G, so it is an annotation"
            ));
            chords.push(mark(*onset, format!("\"^{quoted}\""), None));
        }
    }
    chords.sort_by_key(|mark| mark.onset);
    let before = changes.len() + chords.len();
    changes.retain(|(mark, _)| mark.onset <= end);
    chords.retain(|mark| mark.onset <= end);
    lost.add(
        "changes or chord symbols",
        before - changes.len() - chords.len(),
        "they come after the last bar",
    );
    (changes, chords)
}

/// What the first voice carries.
fn merged(changes: &[(Mark, bool)], chords: &[Mark]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = changes.iter().map(|(mark, _)| mark.clone()).collect();
    marks.extend(chords.iter().cloned());
    marks.sort_by_key(|mark| mark.onset);
    marks
}

/// What the other voices carry: keys and metres.
fn shared(changes: &[(Mark, bool)]) -> Vec<Mark> {
    changes.iter().filter(|(_, shared)| *shared).map(|(mark, _)| mark.clone()).collect()
}

/// An eighth where most notes are shorter than a quarter, else a quarter.
fn unit(score: &Score) -> Beats {
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    let short = notes().filter(|note| note.duration < Beats::QUARTER).count();
    if 2 * short > notes().count() { Beats::new(1, 2) } else { Beats::QUARTER }
}

/// The voices without what ABC can't say.
fn clean_voices(score: &Score, lost: &mut Lost) -> Vec<Voice> {
    let (mut velocities, mut silent, mut respelled) = (0, 0, 0);
    let mut clean = |note: &Note| -> Option<Note> {
        let number = note.pitch.midi().filter(|_| note.duration > Beats::ZERO);
        let Some(number) = number else {
            silent += 1;
            return None;
        };
        velocities += usize::from(note.velocity.is_some());
        let mut note = note.clone();
        if !has_signs(note.pitch) {
            respelled += 1;
            note.pitch = Pitch::spell(number, score.key_at(note.onset));
        }
        Some(note)
    };
    let voices = score.voices();
    let voices = voices
        .map(|voice| Voice::from(voice.notes.iter().filter_map(&mut clean).collect::<Vec<_>>()))
        .collect();
    lost.add("velocities", velocities, "ABC has none");
    lost.add("notes", silent, "they have no length or no pitch that MIDI knows");
    lost.add("triple sharps or flats", respelled, "ABC has none; they are respelled");
    let silent_parts = score.parts.iter().filter(|part| part.voices.is_empty()).count();
    lost.add("parts", silent_parts, "they have no voices");
    voices
}

/// Whether the parts need V: fields even if there is one voice only.
fn is_named(score: &Score) -> bool {
    score.parts.iter().any(|part| !part.name.is_empty() || part.program > 0)
}

fn header(score: &Score, number: usize, voices: &[Voice], unit: Beats) -> String {
    let mut header = format!("%abc-2.1\nX:{number}\n");
    let mut field = |letter: char, value: &str| {
        if !value.is_empty() {
            header.push_str(&format!("{letter}:{value}\n"));
        }
    };
    field('T', &text::encode(score.title.trim()));
    field('C', &text::encode(score.composer.trim()));
    let metre = score.metres.first().filter(|(onset, _)| *onset == Beats::ZERO);
    field('M', &metre.map_or("none".to_owned(), |(_, metre)| metre.to_string()));
    field('L', if unit == Beats::QUARTER { "1/4" } else { "1/8" });
    let tempo = score.tempi.first().filter(|(onset, _)| *onset == Beats::ZERO);
    field('Q', &tempo.map(|&(_, tempo)| tempo_text(tempo)).unwrap_or_default());
    let recipe = score.recipe.replace(['\n', '\r'], " ");
    if !recipe.is_empty() {
        header.push_str(&format!("%%etude-recipe {recipe}\n"));
    }
    if voices.len() > 1 || is_named(score) {
        voice_fields(score, &mut header);
    }
    header.push_str(&format!("K:{}\n", first_key(score).map_or("none".to_owned(), key_name)));
    header
}

/// `%%score`, and V: with name, clef and programme for each voice.
fn voice_fields(score: &Score, header: &mut String) {
    let mut groups: Vec<String> = Vec::new();
    let mut fields = String::new();
    let mut number = 0;
    for part in &score.parts {
        let mut ids: Vec<String> = Vec::new();
        for voice in &part.voices {
            number += 1;
            ids.push(number.to_string());
            fields.push_str(&format!("V:{number}"));
            if ids.len() == 1 && !part.name.is_empty() {
                fields.push_str(&format!(" name=\"{}\"", text::encode(&part.name)));
            }
            fields.push_str(if is_low(voice) { " clef=bass\n" } else { " clef=treble\n" });
            if part.program > 0 {
                fields.push_str(&format!("%%MIDI program {}\n", part.program.min(127)));
            }
        }
        match ids.as_slice() {
            [] => {}
            [id] => groups.push(id.clone()),
            ids => groups.push(format!("{{{}}}", ids.join(" | "))),
        }
    }
    header.push_str(&format!("%%score {}\n{fields}", groups.join(" ")));
}

/// Whether a voice lies mostly below middle C.
fn is_low(voice: &Voice) -> bool {
    let low = voice.notes.iter().filter(|note| note.pitch.midi() < Some(60)).count();
    2 * low > voice.notes.len()
}

/// A key as K: has it, such as `Bb`, `F#m` or `Ddor`.
fn key_name(key: Key) -> String {
    let (step, alter) = key.tonic();
    let sign = match alter {
        1 => "#",
        -1 => "b",
        _ => "",
    };
    let mode = match key.mode {
        Mode::Major => "",
        Mode::Minor => "m",
        Mode::Dorian => "dor",
        Mode::Phrygian => "phr",
        Mode::Lydian => "lyd",
        Mode::Mixolydian => "mix",
        Mode::Locrian => "loc",
    };
    format!("{}{sign}{mode}", step.letter())
}

/// A tempo as Q: has it.
fn tempo_text(Tempo(quarters): Tempo) -> String {
    format!("1/4={quarters}")
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
    fn words(&self, bars: std::ops::Range<usize>, file: &mut String, lost: &mut Lost) {
        let events: Vec<&Event<'_>> =
            self.layers[0][bars.clone()].iter().flatten().filter(|event| !event.pitches.is_empty()).collect();
        let overlaid = self.layers[1..].iter().flat_map(|layer| layer[bars.clone()].iter().flatten());
        lost.add(
            "notes' words",
            overlaid.filter(|event| event.words.is_some()).count(),
            "overlays have none",
        );
        let verses =
            events.iter().filter_map(|event| event.words).map(|note| note.lyrics.len()).max().unwrap_or(0);
        if verses > limits::VERSES {
            lost.say(format!("verses after {}: they would not be read", limits::VERSES));
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
