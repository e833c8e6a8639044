//! What a MIDI file of a score leaves out.

use crate::score::{Bar, Beats, Note, Pitch, Score};

/// One line for each kind of thing that `score` has and its file, of `division` ticks per quarter note, has not.
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
    count(overlapping(score), "unison inside a voice", "unisons inside a voice", "their ends are exchanged");
    lost
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
    let end = measured.duration();
    onsets(&score.bars).iter().filter(|&onset| *onset < end && regular.binary_search(onset).is_err()).count()
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
