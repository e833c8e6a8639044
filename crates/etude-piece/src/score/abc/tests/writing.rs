//! What is written, and that it reads back the same.

use super::reading::shown;
use crate::score::abc::{read, write};
use crate::score::{Bar, Beats, Grace, Key, Metre, Mode, Note, Part, Pitch, Score, Step, Tempo, Voice};

/// A sequence of numbers by Knuth's linear congruence, for tests only.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub(super) fn roll(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

/// Tunes that hold every feature between them.
pub(super) const TUNES: [&str; 14] = [
    "X:1\nT:Plain\nC:Étude\nM:4/4\nL:1/4\nQ:1/4=96\nK:G\nG|B A G F|E2 !fermata!D2|G4-|G3 z|]\n",
    "X:1\nT:Words\nM:3/4\nL:1/8\nK:Dm\nA2|d2 e2 f2|a4 g2|\nw:Come, | now the | o- ver\nw:a * b-c d~e _ \\-f\nf2 e2 d2|^c4|]\nw:x|y\n",
    "X:1\nM:6/8\nL:1/8\nK:Amix\n|:A2B c>dB|(3ABc (3:2:2d2e f|1 A3-A2z:|2 (5:4:5ABcde f4|]\n",
    "X:1\n%%score S {(2 3)} 4\nM:4/4\nL:1/4\nV:S name=\"Sop \\\"1\\\"\"\nV:2 nm=Organ\nV:3\nV:4 clef=bass\n%%MIDI program 48\nK:Eb\n\
     [V:S]B2 e2|!fermata!d4|]\n[V:2]G2 G2|F4|]\n[V:3]E2 =E2|B,4|]\n[V:4]E,2 C,2|B,,4|]\n",
    "X:1\nM:4/4\nL:1/4\nK:C\n\"C\"C2\"G7\"D2|\"Am\"[ACE]2 [A^c=F]2-|[AcF]4|C4 & E2 z G|[K:F#m][M:3/4]F G A|\n",
    "X:1\nM:none\nL:1/8\nK:none\nA B c2 ^d _e =e ^^f __g\n",
    "X:1\nM:4/4\nL:1/4\nK:C\n^F4-|F2 F2|C-C C2|z4|z2 c c|Z3|C3\n",
    "X:1\nM:2/4\nL:1/8\nQ:1/8=121\nK:Bb\n[Q:1/4=66.5]B2|::c/d/e/f/ g2|C4 & x\"F\"x2[Q:1/4=70]x|]\n",
    "X:1\nM:4/4\nL:1/4\nK:E\nE,,, e''' [c'^a,] (7:4:7A/B/c/d/e/f/g/ (9:8:9A/B/c/d/e/f/g/a/b/|\n",
    "X:1\nT:One long bar \\\\ \\% & \\\"u\nC:a;b\n%%etude-recipe {\"p\": \"50 %\"}\nM:4/4\nL:1/4\nK:C\nA8 B8 c5/3 z1/3 d5/7 z2/7\n",
    "X:1\nM:4/4\nL:1/4\nK:C\n\"^shout\"C D E F|\"A\"G z \"B\"z A|1 c4:|2 d4|3 e4|]\n",
    "X:1\nM:4/4\nL:1/4\nV:1\nV:2\nK:C\n[V:1]C4|D4|\n[V:2]E2\n",
    "X:1\nM:4/4\nL:1/8\nK:D\n{c}d2 {/^gef/}e2 {=c2/3}c2 \"A\"(3{a}c/d/e/ f|{_B3}[Bd]4-{g}[Bd]4 & {e}e8|]\n",
    "X:1\nM:4/4\nL:1/4\nV:1\nV:2\nK:G\n[V:1]G !p!A [Bd] !mf!c|d4|!mf!e4|\n[V:2]!ff!G2 A2|!fff!B2 !pppp!c2 & d4|e4|\n",
];

#[track_caller]
fn comes_back(score: &Score) -> String {
    let written = write(score).unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8(written.bytes).expect("text");
    let back = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(&back, score, "\n{text}\n{:?}", written.lost);
    text
}

/// What is written of a tune of quarters, after its header.
#[track_caller]
fn check(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:G\n{music}\n");
    let text = comes_back(&read(tune.as_bytes()).expect("a tune"));
    let (_, body) = text.split_once("K:G\n").expect("a key");
    assert_eq!(body.trim_end(), expected);
}

fn of_notes(notes: Vec<Note>) -> Score {
    Score { parts: vec![Part { voices: vec![Voice::from(notes)], ..Part::default() }], ..Score::default() }
}

#[test]
fn every_tune_comes_back() {
    for tune in TUNES {
        comes_back(&read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{tune}")));
    }
}

#[test]
fn accidentals_are_written_where_key_and_bar_ask_for_them() {
    check("F ^F =F F|F G F2|]", "F F =F F | F G F2 |]");
    check("^c c C =c|c4|]", "^c c ^C =c | c4 |]");
}

#[test]
fn an_accidental_that_readers_may_take_for_another_octaves_is_written_out() {
    check("[I:propagate-accidentals octave]=F f|]", "=F ^f |]");
}

#[test]
fn chords_ties_tuplets_and_fermatas() {
    check("[GB]2-[GB]- [GB-d]|B z (3GAB|]", "[GB]2- [GB]- [GB-d] | B z (3G A B |]");
    check("(3:2:2G2A B/ c/ !fermata!d", "(3:2:2G4 A2 B c !fermata!d2 |]");
}

#[test]
fn grace_notes_and_dynamics() {
    check("{de/}G {/^c}c !p!c \"Em\"{g}!f!B|]", "{de/}G {/^c}^c !p!c {g}\"Em\"!f!B |]");
}

#[test]
fn repeats_and_endings() {
    check("|:G4|1 A4:|2 B4::c4:|", "|: G4 | [1 A4 :| [2 B4 :: c4 :|");
}

#[test]
fn words_and_chord_symbols() {
    check("\"G\"G A \"D7\"B c\nw:Sing me-lo-", "\"G\"G A \"D7\"B c |]\nw: Sing me- lo-");
}

#[test]
fn a_chord_symbol_within_a_note_stands_in_an_overlay_of_rests() {
    check("G4 & \"G\"x2 \"D7\"x2|]", "\"G\"G4 & x2 \"D7\"x2 |]");
}

#[test]
fn notes_over_bar_lines_are_tied() {
    let long = Note::new(Beats::whole(2), Beats::whole(7), "G4".parse().expect("a pitch"));
    let mut score = of_notes(vec![long]);
    score.metres = vec![(Beats::ZERO, Metre::COMMON)];
    let written = write(&score).expect("a tune");
    let text = String::from_utf8(written.bytes).expect("text");
    assert!(text.ends_with("K:none\nz2 G2- | G4- | G |]\n"), "{text}");
    let back = read(text.as_bytes()).expect("a tune");
    assert_eq!(back.parts[0].voices[0].sounding(), score.parts[0].voices[0].sounding());
}

#[test]
fn what_abc_cannot_hold_is_listed() {
    let pitch: Pitch = "C4".parse().expect("a pitch");
    let mut notes = vec![
        Note { velocity: Some(80), ..Note::new(Beats::ZERO, Beats::whole(2), pitch) },
        Note::new(Beats::QUARTER, Beats::whole(2), "E4".parse().expect("a pitch")),
        Note::new(Beats::whole(3), Beats::QUARTER, Pitch::new(Step::C, 3, 4)),
    ];
    notes[1].lyrics = vec!["la".to_owned()];
    let mut score = of_notes(notes);
    score.chords = vec![(Beats::ZERO, "H7".to_owned())];
    assert_eq!(
        write(&score).expect("a tune").lost,
        [
            "1 chord symbol: it begins with no letter from A to G, so it becomes an annotation",
            "1 note: its velocity is lost: the voice's aren't all ABC's dynamics",
            "1 note's word: overlays have none",
            "1 triple sharp or flat: ABC has none; the note is respelled",
            "1 voice of notes that overlap: they become overlays, voices of their own",
        ]
    );
}

#[test]
fn overlapping_notes_keep_their_times() {
    let note = |onset, duration, pitch: &str| {
        Note::new(Beats::whole(onset), Beats::whole(duration), pitch.parse().expect("a pitch"))
    };
    let score = of_notes(vec![note(0, 4, "C4"), note(1, 2, "E4"), note(2, 2, "G4")]);
    let back = read(&write(&score).expect("a tune").bytes).expect("a tune");
    assert_eq!(shown(&back), "C4:4 / z:1 E4:2 / z:2 G4:2");
}

#[test]
fn times_too_fine_are_refused() {
    let score = of_notes(vec![Note::new(Beats::ZERO, Beats::new(1, 99_991), "C4".parse().expect("a pitch"))]);
    let error = write(&score).expect_err("too fine").to_string();
    assert_eq!(
        error,
        "a time of 1/99991 quarters is too fine or too late for ABC; hint: quantise the score first"
    );
}

#[test]
fn an_empty_score_is_a_tune_of_rests() {
    let text = String::from_utf8(write(&Score::default()).expect("a tune").bytes).expect("text");
    assert!(read(text.as_bytes()).is_ok(), "{text}");
}

/// A length: binary, dotted, or of a tuplet.
fn length(dice: &mut Dice) -> Beats {
    let (n, d) =
        [(1, 1), (2, 1), (1, 2), (3, 2), (1, 4), (3, 4), (1, 3), (2, 3), (1, 5), (4, 1)][dice.roll(10)];
    Beats::new(n, d)
}

fn word(dice: &mut Dice) -> String {
    let words = ["la", "Ky-", "ri-", "a b", "é", "x~y|z", "10%", "\\", "o-o", "&amp;"];
    words[dice.roll(words.len())].to_owned()
}

/// A voice of notes, chords and rests, some tied, cut at bar lines.
fn random_voice(dice: &mut Dice, bars: &[Beats], words: bool) -> Voice {
    let mut notes: Vec<Note> = Vec::new();
    let mut graces: Vec<Grace> = Vec::new();
    let mut velocity = None;
    for pair in bars.windows(2) {
        let mut now = pair[0];
        while now < pair[1] {
            let duration = length(dice).min(pair[1] - now);
            if dice.roll(6) > 0 {
                let mut pitches: Vec<Pitch> = (0..1 + dice.roll(8) / 6)
                    .map(|_| {
                        let step = Step::ALL[dice.roll(7)];
                        let alter = [0, 0, 0, 0, 1, -1, 2, -2][dice.roll(8)];
                        Pitch::new(step, alter, 3 + i8::try_from(dice.roll(3)).expect("small"))
                    })
                    .collect();
                pitches.sort();
                pitches.dedup();
                let fermata = dice.roll(12) == 0;
                // Some notes repeat those before, so that ties have somewhere to lead.
                if dice.roll(3) == 0 && !notes.is_empty() {
                    pitches = vec![notes[notes.len() - 1].pitch];
                }
                if dice.roll(6) == 0 {
                    let slashed = dice.roll(2) == 0;
                    let pitch = Pitch::new(Step::ALL[dice.roll(7)], [0, 1, -1][dice.roll(3)], 5);
                    graces.push(Grace { before: now, duration: length(dice), pitch, slashed });
                }
                velocity = [velocity, Some(49), Some(88)][dice.roll(3)];
                for pitch in pitches {
                    notes.push(Note {
                        velocity,
                        fermata,
                        tied: dice.roll(4) == 0,
                        ..Note::new(now, duration, pitch)
                    });
                }
                if words && dice.roll(2) == 0 {
                    let first = notes.iter().position(|note| note.onset == now).expect("just added");
                    notes[first].lyrics = (0..1 + dice.roll(2)).map(|_| word(dice)).collect();
                }
            }
            now = now + duration;
        }
    }
    for index in 0..notes.len() {
        let leads = |other: &Note| other.onset == notes[index].end() && other.pitch == notes[index].pitch;
        notes[index].tied = notes[index].tied && notes.iter().any(leads);
    }
    Voice { notes, graces }
}

fn random_score(seed: u64) -> Score {
    let dice = &mut Dice::new(seed);
    let metre = Metre::new([4, 3, 6][dice.roll(3)], [4, 8][dice.roll(2)]).expect("legal");
    let mut onsets = vec![Beats::ZERO, Beats::QUARTER];
    for _ in 0..1 + dice.roll(9) {
        onsets.push(onsets[onsets.len() - 1] + metre.bar());
    }
    let mut bars: Vec<Bar> =
        onsets[..onsets.len() - 1].iter().map(|&onset| Bar { onset, ..Bar::default() }).collect();
    for bar in &mut bars {
        (bar.repeat_start, bar.repeat_end) = (dice.roll(8) == 0, dice.roll(8) == 0);
        bar.ending = (dice.roll(9) == 0).then_some(1 + u8::try_from(dice.roll(3)).expect("small"));
    }
    let mut parts = Vec::new();
    for number in 0..1 + dice.roll(3) {
        let voices = (0..1 + dice.roll(4) / 3).map(|_| random_voice(dice, &onsets, true)).collect();
        let name = ["", "Sopran \"1\"", "B & C"][number].to_owned();
        parts.push(Part { name, program: u8::try_from(dice.roll(3)).expect("small") * 40, voices });
    }
    // The last bar's end is told by its notes, so one of them fills it.
    let last = onsets.len() - 2;
    let voice = &mut parts[0].voices[0];
    voice.notes.retain(|note| note.onset < onsets[last]);
    voice.graces.retain(|grace| grace.before < onsets[last]);
    let velocity = voice.notes.last().and_then(|note| note.velocity);
    voice.notes.iter_mut().for_each(|note| note.tied &= note.end() < onsets[last]);
    let whole = Note::new(onsets[last], onsets[last + 1] - onsets[last], Pitch::new(Step::G, 0, 4));
    voice.notes.push(Note { velocity, ..whole });
    let key = |dice: &mut Dice| Key {
        fifths: i8::try_from(dice.roll(15)).expect("small") - 7,
        mode: Mode::ALL[dice.roll(7)],
    };
    let mut keys = vec![(Beats::ZERO, key(dice))];
    let mut tempi = vec![(Beats::ZERO, Tempo(100.0))];
    let mut chords = Vec::new();
    for &onset in &onsets[1..onsets.len() - 1] {
        if dice.roll(4) == 0 {
            keys.push((onset, key(dice)));
            tempi.push((onset, Tempo(60.5 + dice.roll(90) as f64)));
        }
        if dice.roll(2) == 0 {
            chords.push((onset + Beats::new(1, 2), ["Am7", "F#dim/C", "Bb"][dice.roll(3)].to_owned()));
        }
    }
    keys.dedup_by(|later, earlier| later.1 == earlier.1);
    tempi.dedup_by(|later, earlier| later.1 == earlier.1);
    Score {
        title: "Random % \\ & \"q\"".to_owned(),
        composer: "Étude".to_owned(),
        parts,
        keys,
        metres: vec![(Beats::ZERO, metre)],
        tempi,
        bars,
        chords,
        recipe: "{\"seed\": 7}".to_owned(),
    }
}

#[test]
fn random_scores_come_back() {
    for seed in 0..400 {
        comes_back(&random_score(seed));
    }
}
