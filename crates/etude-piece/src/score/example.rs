//! A small chorale of our own that the tests of several modules share, and a short way to write voices down.

use super::{Beats, Metre, Note, Part, Score, Tempo, Voice};

/// A voice from words such as `C4`, `F#4:1/2` (half a quarter note), `r:2` (a rest), `G4:2!` (with a fermata) and
/// `D4_` (tied to the next).
pub(crate) fn voice(text: &str) -> Voice {
    let mut voice = Voice::default();
    let mut onset = Beats::ZERO;
    for word in text.split_whitespace().filter(|&word| word != "|") {
        let bare = word.trim_end_matches(['!', '_']);
        let (name, length) = bare.split_once(':').unwrap_or((bare, "1"));
        let (numerator, denominator) = length.split_once('/').unwrap_or((length, "1"));
        let duration =
            Beats::new(numerator.parse().expect("a number"), denominator.parse().expect("a number"));
        if name != "r" {
            let note = Note::new(onset, duration, name.parse().expect("a pitch"));
            voice.notes.push(Note { fermata: word.ends_with('!'), tied: word.ends_with('_'), ..note });
        }
        onset = onset + duration;
    }
    voice
}

/// One part of one voice.
pub(crate) fn part(name: &str, text: &str) -> Part {
    Part { name: name.to_owned(), voices: vec![voice(text)], ..Part::default() }
}

/// Four bars in four parts after an upbeat, with words, chord symbols and fermatas.
pub(crate) fn chorale() -> Score {
    let mut score = Score {
        title: "Counting the bars".to_owned(),
        composer: "A test".to_owned(),
        parts: vec![
            part("Soprano", "G4 | G4 A4 B4 B4 | C5 B4 A4:2! | B4 A4:1/2 B4:1/2 C5 B4 | G4 F#4 G4!"),
            part("Alto", "D4 | D4 D4 D4 E4 | E4 D4 D4:2! | D4 E4 E4 D#4 | E4 D4 D4!"),
            part("Tenor", "B3 | B3 A3 G3 G3 | G3 G3 F#3:2! | G3 A3 A3 F#3 | G3 A3:1/2 C4:1/2 B3!"),
            part("Bass", "G3 | G3 F#3 G3 E3 | C3 D3 D3:2! | G2 C3 A2 B2 | E3 D3 G2!"),
        ],
        keys: vec![(Beats::ZERO, "G major".parse().expect("a key"))],
        metres: vec![(Beats::ZERO, Metre::COMMON)],
        tempi: vec![(Beats::ZERO, Tempo(72.0))],
        recipe: r#"{"model":"bach","seed":1,"note":"a < b & c"}"#.to_owned(),
        ..Score::default()
    };
    let words = "We count our bars and hold the line; and all - four voic- es come home.";
    for (note, word) in score.parts[0].voices[0].notes.iter_mut().zip(words.split(' ')) {
        note.lyrics.extend((word != "-").then(|| word.to_owned()));
    }
    let chords = "G G D/F# G Em C G/D D G Am Am B7 Em D7 G";
    let bass = score.parts[3].voices[0].notes.iter().map(|note| note.onset);
    score.chords = bass.zip(chords.split(' ').map(str::to_owned)).collect();
    score.measure(Beats::QUARTER);
    score
}
