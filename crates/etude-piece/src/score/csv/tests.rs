//! Tables of notes: read, refused, written, and tables about them.

use super::{Table, read, read_with_losses, write};
use crate::score::{Beats, Score, Tempo, example};

/// The notes as `pitch@onset+duration` in seconds at the score's tempo, rounded to milliseconds.
fn told(score: &Score) -> String {
    let per_beat = 60.0 / score.tempi[0].1.0;
    let seconds = |beats: Beats| format!("{:.3}", beats.to_f64() * per_beat);
    let notes = score.voices().flat_map(|voice| &voice.notes);
    let note = |note: &crate::score::Note| {
        let velocity = note.velocity.map(|velocity| format!("!{velocity}")).unwrap_or_default();
        format!("{}@{}+{}{velocity}", note.pitch, seconds(note.onset), seconds(note.duration))
    };
    notes.map(note).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(table: &str, expected: &str) {
    assert_eq!(read(table.as_bytes()).map_or_else(|error| error.to_string(), |score| told(&score)), expected);
}

#[test]
fn plain_rows_are_pitch_onset_and_duration_in_seconds() {
    check("6.6e+01,5.1,0.25\n61,5.5,1\r\n", "F#4@5.100+0.250 C#4@5.500+1.000");
}

#[test]
fn a_heading_names_columns_in_any_order() {
    check(
        "\u{feff}Onset; pitch ;velocity;duration\n\n1;60;90;2\n0;\"62\";;1\n",
        "D4@0.000+1.000 C4@1.000+2.000!90",
    );
}

#[test]
fn a_tempo_that_is_told_counts_the_beats() {
    let score = read(b"# tempo: 240\n# title: A tune\n60,1,0.5\n").expect("a note");
    assert_eq!((score.parts[0].voices[0].notes[0].onset, score.title.as_str()), (Beats::whole(4), "A tune"));
}

#[test]
fn what_is_no_number_is_named_with_its_place() {
    check("60,1,2\n60,x,2\n", "line 2, column 4: found onset `x`, expected seconds, 0 to 14400");
    check("60,NaN,2\n", "line 1, column 4: found onset `NaN`, expected seconds, 0 to 14400");
    check("60,1,inf\n", "line 1, column 6: found duration `inf`, expected seconds above 0, up to 14400");
    check("60,1,0\n", "line 1, column 6: found duration `0`, expected seconds above 0, up to 14400");
    check("60,-1,1\n", "line 1, column 4: found onset `-1`, expected seconds, 0 to 14400");
    check("60.5,1,1\n", "line 1, column 1: found pitch `60.5`, expected a MIDI number, 0 to 127");
    check("128,1,1\n", "line 1, column 1: found pitch `128`, expected a MIDI number, 0 to 127");
    check(
        "# tempo: fast\n60,1,1\n",
        "line 1, column 1: found tempo `fast`, expected a number; hint: quarter notes a minute, 1 to 10000",
    );
}

#[test]
fn what_is_missing_is_named_with_a_hint() {
    let rows = "each row has a pitch, an onset and a duration";
    check(
        "60,1\n",
        &format!("line 1, column 4: found `60,1`, expected one more field, the duration; hint: {rows}"),
    );
    let columns = "name the columns pitch, onset and duration";
    check(
        "pitch,onset\n60,1\n",
        &format!(
            "line 1, column 1: found columns `pitch,onset`, expected a column `duration`; hint: {columns}"
        ),
    );
    let example = "66,5.1,0.3 is F#4 after 5.1 seconds, for 0.3 seconds";
    check(
        "",
        &format!("found no notes, expected a row with a pitch, an onset and a duration; hint: {example}"),
    );
}

#[test]
fn too_many_notes_are_refused() {
    let table = "60,1,1\n".repeat(super::MOST + 1);
    let error = read(table.as_bytes()).expect_err("too many").to_string();
    assert!(error.starts_with("line 131073, column 1: found more than 131072 notes"), "{error}");
}

#[test]
fn other_columns_and_remarks_are_counted_as_lost() {
    let table = "# by ear\npitch,onset,duration,loudness\n60,1,1,3\n";
    let lost = read_with_losses(table.as_bytes()).expect("a note").lost;
    assert_eq!(lost, ["1 remark: a score holds none", "1 value of another column: a score holds none"]);
}

#[test]
fn what_sounds_there_and_back() {
    let score = example::chorale();
    let written = write(&score).expect("it fits");
    assert!(
        written.lost.iter().any(|line| line.ends_with("voices: all notes are one list")),
        "{:?}",
        written.lost
    );
    let back = read(&written.bytes).expect("our own table");
    assert_eq!((back.recipe.as_str(), back.title.as_str()), (score.recipe.as_str(), score.title.as_str()));
    let sum = |score: &Score| {
        let notes = score.voices().flat_map(crate::score::Voice::sounding);
        notes.filter_map(|note| note.pitch.midi()).map(u32::from).sum::<u32>()
    };
    assert_eq!(sum(&back), sum(&score));
    assert_eq!(
        write(&back).expect("again").bytes,
        write(&read(&write(&back).expect("twice").bytes).expect("ours")).expect("again").bytes
    );
}

const PIECES: &str = ",avgtempo,performer,title\nB_One,240,Bud,One\nB_One-2,180,Bud,Two\n";

#[test]
fn a_table_about_pieces_tells_tempo_title_and_player() {
    let table = Table::read(PIECES.as_bytes()).expect("a table about pieces");
    let mut score = read(b"60,1,0.5\n").expect("a note");
    table.add_to(&mut score, "B_One-2_solo");
    assert_eq!((score.title.as_str(), score.composer.as_str()), ("Two", "Bud"));
    assert_eq!((score.tempi[0].1, told(&score).as_str()), (Tempo(180.0), "C4@1.000+0.500"));
    table.add_to(&mut score, "C_Other");
    assert_eq!(score.title, "Two");
}

#[test]
fn notes_are_no_table_about_pieces() {
    for text in ["60,1,2\n", "pitch,onset,duration,tempo\n60,1,2,3\n", "a,b\n", "", "tempo\n3\n"] {
        assert_eq!(Table::read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    let seed = "pitch,onset,duration,velocity\n# tempo: 90\n66,5.106122,0.318367,80\n61,5.442857,0.293877,\n";
    let signs: Vec<u8> = b"0123456789.,;-e+#\n\"\tNaInf: \xff\xc3".to_vec();
    let mut state = 1u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..20_000 {
        let mut bytes = seed.as_bytes().to_vec();
        for _ in 0..1 + draw(6) {
            let at = draw(bytes.len());
            match draw(3) {
                0 => bytes[at] = signs[draw(signs.len())],
                1 => bytes.insert(at, signs[draw(signs.len())]),
                _ => drop(bytes.drain(at..(at + 1 + draw(8)).min(bytes.len()))),
            }
            if bytes.is_empty() {
                bytes.push(b'6');
            }
        }
        if let Ok(score) = read(&bytes) {
            let written = write(&score).expect("what was read fits");
            assert_eq!(read(&written.bytes).expect("our own").note_count(), score.note_count());
        }
        let _ = Table::read(&bytes);
    }
}
