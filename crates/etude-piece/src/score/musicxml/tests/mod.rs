//! Tests of MusicXML, and what they share: small documents, scores as short text, and random scores.

mod archive;
mod corpus;
mod hostile;
mod losses;
mod reading;
mod there_and_back;
mod writing;

use super::read;
use crate::score::{Bar, Beats, Grace, Key, Metre, Mode, Note, Part, Pitch, Score, Step, Tempo, Voice};

/// A document of one part with these contents.
fn document(measures: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><score-partwise version=\"4.0\"><part-list><score-part id=\"P1\"><part-name>Tune</part-name>\
         </score-part></part-list><part id=\"P1\">{measures}</part></score-partwise>"
    )
}

/// A bar in eighths, with `C4/2` for a C of two eighths, `r/1` for a rest, and markup as it stands.
fn bar(contents: &str) -> String {
    format!(
        "<measure number=\"1\"><attributes><divisions>2</divisions></attributes>{}</measure>",
        music(contents)
    )
}

/// Notes as [`bar`] has them.
fn music(contents: &str) -> String {
    let element = |word: &str| match word.split_once('/') {
        Some(("r", length)) => format!("<note><rest/><duration>{length}</duration></note>"),
        Some((pitch, length)) if !word.starts_with('<') => {
            note(pitch, &format!("<duration>{length}</duration>"))
        }
        _ => word.replace('_', " "),
    };
    contents.split_whitespace().map(element).collect()
}

/// A note with a pitch and whatever follows it.
fn note(name: &str, rest: &str) -> String {
    let Pitch { step, alter, octave } = name.parse().expect("a pitch");
    let step = step.letter();
    format!(
        "<note><pitch><step>{step}</step><alter>{alter}</alter><octave>{octave}</octave></pitch>{rest}</note>"
    )
}

/// The score of a bar's contents.
#[track_caller]
fn read_bar(contents: &str) -> Score {
    read(document(&bar(contents)).as_bytes()).expect("a legal file")
}

/// A voice as text: `C4/2` is a C of two quarter notes, `[C4 E4]/1` a chord, `r/1` a rest; `~` is a tie,
/// `^` a fermata, `!80` a velocity, words stand in brackets, and `{D5/1/2}` is a grace note, `{!D5/1/2}` a slashed one.
fn show_voice(voice: &Voice) -> String {
    let mut words = Vec::new();
    let mut now = Beats::ZERO;
    for chord in voice.notes.chunk_by(|a, b| (a.onset, a.duration) == (b.onset, b.duration)) {
        if chord[0].onset > now {
            words.push(format!("r/{}", chord[0].onset - now));
        }
        let graces = voice.graces.iter().filter(|grace| grace.before == chord[0].onset);
        words.extend(graces.map(|Grace { duration, pitch, slashed, .. }| {
            format!("{{{}{pitch}/{duration}}}", if *slashed { "!" } else { "" })
        }));
        let heads: Vec<String> = chord.iter().map(show_head).collect();
        let heads = if heads.len() == 1 { heads[0].clone() } else { format!("[{}]", heads.join(" ")) };
        words.push(format!("{heads}/{}", chord[0].duration));
        now = chord[0].end();
    }
    words.join(" ")
}

fn show_head(note: &Note) -> String {
    let mut text = note.pitch.to_string();
    text.push_str(if note.tied { "~" } else { "" });
    text.push_str(if note.fermata { "^" } else { "" });
    text.extend(note.velocity.map(|velocity| format!("!{velocity}")));
    if !note.lyrics.is_empty() {
        text.push_str(&format!("({})", note.lyrics.join("|")));
    }
    text
}

/// All voices as text, parts separated by `//`, voices by `;`.
fn show(score: &Score) -> String {
    let part = |part: &Part| part.voices.iter().map(show_voice).collect::<Vec<_>>().join("; ");
    score.parts.iter().map(part).collect::<Vec<_>>().join(" // ")
}

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
struct Chance(u64);

impl Chance {
    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A random score: several parts and voices, chords, gaps, overlaps, tuplets, ties, words, and changes of everything.
fn random_score(seed: u64) -> Score {
    let chance = &mut Chance(seed);
    let mut metres = vec![(Beats::ZERO, random_metre(chance))];
    if chance.one_in(4) {
        metres.push((Beats::whole(2 + chance.below(9) as i64), random_metre(chance)));
    }
    let mut keys = vec![(Beats::ZERO, random_key(chance))];
    if chance.one_in(3) {
        keys.push((Beats::new(1 + chance.below(20) as i64, 2), random_key(chance)));
    }
    let parts = (0..1 + chance.below(3)).map(|_| random_part(chance)).collect();
    let symbols = ["Am7/G", "C", "F#m7b5", "Bb", "N.C.", "G7sus4", "Ebmaj7/Bb", "D6/9", "what?", "Cadd9"];
    let chords =
        (0..chance.below(4)).map(|at| (Beats::new(3 * at as i64, 2), chance.pick(&symbols).to_owned()));
    let chords = chords.collect();
    let tempi = (0..chance.below(3)).map(|at| (Beats::new(5 * at as i64, 2), Tempo(60.0 + 7.3 * at as f64)));
    let tempi = tempi.collect();
    let mut score = Score {
        title: chance.pick(&["", "Étude & <Fugue>", "Choral"]).to_owned(),
        composer: chance.pick(&["", "J. S. \"Bach\""]).to_owned(),
        recipe: chance.pick(&["", "{\"seed\":1,\"set\":[\"<&>\"]}"]).to_owned(),
        parts,
        keys,
        metres,
        tempi,
        chords,
        bars: Vec::new(),
    };
    score.measure(chance.pick(&[Beats::ZERO, Beats::ZERO, Beats::QUARTER, Beats::new(1, 2)]));
    for bar in &mut score.bars {
        let Bar { repeat_start, repeat_end, ending, .. } = bar;
        *repeat_start = chance.one_in(8);
        *repeat_end = chance.one_in(8);
        *ending = chance.one_in(8).then(|| 1 + chance.below(3) as u8);
    }
    score
}

fn random_metre(chance: &mut Chance) -> Metre {
    let (count, unit) = chance.pick(&[(4, 4), (3, 4), (6, 8), (2, 2), (5, 8), (12, 8), (7, 16)]);
    Metre::new(count, unit).expect("legal")
}

fn random_key(chance: &mut Chance) -> Key {
    Key { fifths: chance.below(15) as i8 - 7, mode: chance.pick(&Mode::ALL) }
}

fn random_part(chance: &mut Chance) -> Part {
    let name = chance.pick(&["", "Soprano", "Tenor", "Piano"]).to_owned();
    let voices = (0..chance.below(4)).map(|_| random_voice(chance)).collect();
    Part { name, program: chance.below(128) as u8, voices }
}

fn random_voice(chance: &mut Chance) -> Voice {
    let mut voice = Voice::default();
    let mut now = Beats::ZERO;
    let centre = 3 + chance.below(3) as i8;
    let overlaps = chance.one_in(4);
    for _ in 0..chance.below(24) {
        let lengths =
            [(1, 1), (1, 2), (1, 4), (3, 2), (1, 3), (2, 3), (5, 4), (2, 1), (5, 1), (7, 2), (1, 5), (9, 16)];
        let (numerator, denominator) = chance.pick(&lengths);
        let length = Beats::new(numerator, denominator);
        if chance.one_in(5) {
            now = now + length;
            continue;
        }
        for _ in 0..1 + chance.below(3) * chance.below(2) {
            let pitch = Pitch::new(chance.pick(&Step::ALL), chance.below(5) as i8 - 2, centre);
            let longer = if overlaps && chance.one_in(3) { Beats::new(3, 4) } else { Beats::ZERO };
            let mut note = Note::new(now, length + longer, pitch);
            note.tied = chance.one_in(6);
            note.fermata = chance.one_in(12);
            note.velocity = chance.one_in(3).then(|| 1 + chance.below(127) as u8);
            let verses = chance.below(3) * chance.below(2);
            note.lyrics = (0..verses).map(|_| chance.pick(&["", "Hal-", "le", "-"]).to_owned()).collect();
            // An empty last verse is no verse.
            note.lyrics.extend((verses > 0).then(|| "o’er".to_owned()));
            voice.notes.push(note);
        }
        now = now + length;
        // Ties need someone to go on: sometimes the same pitches follow.
        let tied: Vec<Note> =
            voice.notes.iter().filter(|note| note.tied && note.end() == now).cloned().collect();
        voice.notes.extend(tied.into_iter().map(|note| Note::new(now, Beats::QUARTER, note.pitch)));
    }
    voice.notes.sort_by_key(|note| (note.onset, note.pitch));
    let mut onsets: Vec<Beats> = voice.notes.iter().map(|note| note.onset).collect();
    onsets.dedup();
    for before in onsets {
        for _ in 0..chance.below(3) * usize::from(chance.one_in(6)) {
            let duration = chance.pick(&[(1, 2), (1, 4), (1, 1), (3, 8)]);
            let pitch = Pitch::new(chance.pick(&Step::ALL), chance.below(3) as i8 - 1, centre);
            let duration = Beats::new(duration.0, duration.1);
            voice.graces.push(Grace { before, duration, pitch, slashed: chance.one_in(2) });
        }
    }
    voice
}
