//! What a MIDI file of a score leaves out.

use super::assemble::tempo;
use super::read::LONGEST_NAME;
use super::write::tempo_bytes;
use crate::score::{Bar, Beats, Note, Pitch, Score, Tempo, Voice};

/// One line for each kind of thing that `score` has and its file, of `division` ticks per quarter note, has not.
///
/// Title, composer, parts' names and programmes, voices, keys, chord symbols, recipe and upbeat are all in the file,
/// as are onsets, durations, velocities and words of the notes; these lines are about the rest.
pub(super) fn list(score: &Score, division: i64) -> Vec<String> {
    let mut lost = Vec::new();
    let mut count = |number: usize, one: &str, many: &str, why: &str| match number {
        0 => {}
        1 => lost.push(format!("1 {one}: {why}")),
        _ => lost.push(format!("{number} {many}: {why}")),
    };
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    let fermatas = notes().filter(|note| note.fermata).count();
    count(fermatas, "fermata", "fermatas", "MIDI has none");
    let graces = score.voices().map(|voice| voice.graces.len()).sum();
    count(graces, "grace note", "grace notes", "MIDI has none");
    let ties = notes().filter(|note| note.tied).count();
    count(ties, "tie", "ties", "tied notes sound as one");
    let repeats = score.bars.iter().filter(|bar| bar.repeat_end || bar.ending.is_some()).count();
    count(repeats, "repeat or ending", "repeats and endings", "the music is written once through");
    count(irregular_bars(score), "bar line", "bar lines", "MIDI lays bars by the metre alone");
    let spelled = |note: &&Note| {
        note.pitch.midi().is_some_and(|midi| Pitch::spell(midi, score.key_at(note.onset)) != note.pitch)
    };
    let respelled = notes().filter(spelled).count();
    count(
        respelled,
        "accidental",
        "accidentals",
        "MIDI numbers the keys of a piano; spelled anew by the key",
    );
    let silent = notes().filter(|note| note.pitch.midi().is_none()).count();
    count(silent, "note", "notes", "outside MIDI's range of C-1 to G9");
    let whole = |time: Beats| (time * division).denominator() == 1;
    let rounded = notes().filter(|note| !(whole(note.onset) && whole(note.end()))).count();
    count(rounded, "note's time", "notes' times", &format!("rounded to 1/{division} of a quarter note"));
    let times = score.keys.iter().map(|&(at, _)| at).chain(score.metres.iter().map(|&(at, _)| at));
    let times = times.chain(score.tempi.iter().map(|&(at, _)| at));
    let moved = times.chain(score.chords.iter().map(|&(at, _)| at)).filter(|&at| !whole(at)).count();
    count(moved, "sign's time", "signs' times", &format!("rounded to 1/{division} of a quarter note"));
    count(overlapping(score), "unison inside a voice", "unisons inside a voice", "their ends are exchanged");
    let tempi = score.tempi.iter().filter(|&&(_, tempo)| !is_kept(tempo)).count();
    count(tempi, "tempo", "tempi", "rounded to whole microseconds for a quarter note");
    let syllables = score.voices().map(astray).sum();
    count(
        syllables,
        "syllable",
        "syllables",
        "MIDI has words at moments, not on single notes of a chord or tie",
    );
    let blank = |word: &&String| !word.is_empty() && word.trim() != word.as_str();
    let blanks = notes().flat_map(|note| &note.lyrics).filter(blank).count();
    count(blanks, "syllable's blank", "syllables' blanks", "they are layout in MIDI's words");
    let unheard = |voice: &&Voice| voice.notes.is_empty();
    count(
        score.voices().filter(unheard).count(),
        "silent voice",
        "silent voices",
        "a track without notes is no voice",
    );
    let simultaneous = score.chords.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
    count(simultaneous, "chord symbol", "chord symbols", "one moment has one");
    let names = score.parts.iter().map(|part| &part.name).chain([&score.title]);
    let long = names.filter(|name| name.chars().count() > LONGEST_NAME).count();
    count(long, "long name", "long names", "cut to 200 characters when read");
    lost
}

/// Whether a tempo comes back from a file as it is.
fn is_kept(written: Tempo) -> bool {
    let [a, b, c] = tempo_bytes(written);
    tempo(u32::from_be_bytes([0, a, b, c])) == written
}

/// How many syllables of a voice come back on another note or none: those of tied notes' continuations, and those
/// of notes that aren't the first of their chord.
fn astray(voice: &Voice) -> usize {
    let told: usize = voice.notes.iter().map(|note| note.lyrics.len()).sum();
    let sounding = voice.sounding();
    let first = |index: usize| index == 0 || sounding[index - 1].onset < sounding[index].onset;
    let kept: usize = (0..sounding.len()).filter(|&i| first(i)).map(|i| sounding[i].lyrics.len()).sum();
    told - kept
}

/// How many bars begin elsewhere than the metre has them.
fn irregular_bars(score: &Score) -> usize {
    if score.metres.is_empty() || score.bars.is_empty() {
        return score.bars.len();
    }
    let mut measured = Score { metres: score.metres.clone(), parts: score.parts.clone(), ..Score::default() };
    measured.measure(score.pickup());
    let onsets = |bars: &[Bar]| bars.iter().map(|bar| bar.onset).collect::<Vec<_>>();
    let regular = onsets(&measured.bars);
    onsets(&score.bars).iter().filter(|onset| regular.binary_search(onset).is_err()).count()
}

/// How many notes end inside an earlier one of the same pitch and voice.
fn overlapping(score: &Score) -> usize {
    let inside = |notes: &[Note]| {
        let mut ends = [Beats::ZERO; 128];
        let mut count = 0;
        for note in notes {
            let Some(midi) = note.pitch.midi() else { continue };
            let end = &mut ends[usize::from(midi)];
            count += usize::from(note.end() < *end);
            *end = note.end().max(*end);
        }
        count
    };
    score.voices().map(|voice| inside(&voice.sounding())).sum()
}
