//! What the reader says that a score doesn't hold.

use super::{bar, document, note};
use crate::score::musicxml::read_with_losses;

/// Checks the lines that tell what of a bar of eighths is lost.
#[track_caller]
fn check(contents: &str, expected: &[&str]) {
    let read = read_with_losses(document(&bar(contents)).as_bytes()).expect("a legal file");
    assert_eq!(read.lost, expected);
}

/// A note of two eighths on C4 with `rest` after its duration.
fn c(rest: &str) -> String {
    note("C4", &format!("<duration>2</duration>{rest}")).replace(' ', "_")
}

/// A note with these notations.
fn notations(inside: &str) -> String {
    c(&format!("<notations>{inside}</notations>"))
}

/// A direction of this type.
fn direction(inside: &str) -> String {
    format!("<direction><direction-type>{inside}</direction-type></direction>")
}

#[test]
fn plain_music_loses_nothing() {
    let layout = "<print_new-page='yes'/>";
    let drawn = c("<type>quarter</type><stem>up</stem><staff>1</staff><beam>begin</beam>");
    check(
        &format!("{layout} {drawn} {}", notations("<tied_type='stop'/><fermata/><tuplet_type='start'/>")),
        &[],
    );
}

#[test]
fn slurs_are_counted_where_they_begin() {
    let (start, stop) = (notations("<slur_type='start'/>"), notations("<slur_type='stop'/>"));
    check(&format!("{start} {stop} {start} {stop}"), &["2 slurs: a score holds none"]);
}

#[test]
fn articulations_ornaments_and_techniques_have_names() {
    let signs = "<articulations><staccato/><accent/><doit/></articulations><ornaments><trill-mark/><wavy-line_type='start'/>\
        <wavy-line_type='stop'/></ornaments><technical><fingering>1</fingering><handbell>damp</handbell></technical><arpeggiate/>";
    check(
        &notations(signs),
        &[
            "1 accent: a score holds none",
            "1 arpeggio: a score holds none",
            "1 fingering: a score holds none",
            "1 other articulation: a score holds none",
            "1 playing technique: a score holds none",
            "1 staccato dot: a score holds none",
            "1 trill: a score holds none",
            "1 wavy line: a score holds none",
        ],
    );
}

#[test]
fn hairpins_words_and_signs_are_counted() {
    let wedge = |kind: &str| direction(&format!("<wedge_type='{kind}'/>"));
    check(&format!("{} C4/2 {}", wedge("crescendo"), wedge("stop")), &["1 hairpin: a score holds none"]);
    let words = direction("<words>dolce</words><words>_</words><rehearsal>A</rehearsal>");
    check(
        &format!("{words} C4/2"),
        &["1 rehearsal mark: a score holds none", "1 worded direction: a score holds none"],
    );
    let shift = direction("<octave-shift_type='down'/>") + &direction("<octave-shift_type='stop'/>");
    check(&format!("{shift} C4/2"), &["1 octave line: the pitches are kept as they sound"]);
}

#[test]
fn words_beside_a_tempo_are_tempo_words() {
    let tempo =
        "<direction><direction-type><words>Allegro</words></direction-type><sound_tempo='120'/></direction>";
    check(&format!("{tempo} C4/2"), &["1 tempo word: a score holds none"]);
    let relation = "<metronome><beat-unit>quarter</beat-unit><beat-unit>half</beat-unit></metronome>";
    check(
        &format!("{} C4/2", direction(relation)),
        &["1 unnumbered metronome mark: a score holds tempi in quarter notes"],
    );
}

#[test]
fn dynamic_marks_become_velocities_and_accents_are_lost() {
    check(&format!("{} C4/2", direction("<dynamics><p/></dynamics>")), &[]);
    let accents = direction("<dynamics><sfz/></dynamics>") + &direction("<dynamics><fp/></dynamics>");
    check(&format!("{accents} C4/2"), &["2 sforzato marks: a score has velocities alone"]);
}

#[test]
fn jumps_are_counted() {
    let jump =
        "<direction><direction-type><words>D.C.</words></direction-type><sound_dacapo='yes'/></direction>";
    check(
        &format!("C4/2 {jump}"),
        &[
            "1 da capo or other jump: a score is read from front to back",
            "1 worded direction: a score holds none",
        ],
    );
}

#[test]
fn figured_bass_and_fretboards_are_counted() {
    let figure = "<figured-bass><figure><figure-number>6</figure-number></figure></figured-bass>";
    check(&format!("{figure} C4/2"), &["1 figured bass figure: a score holds chord symbols"]);
    let frame = "<harmony><root><root-step>C</root-step></root><kind>major</kind><frame/></harmony>";
    check(&format!("{frame} C4/2"), &["1 fretboard diagram: a score holds none"]);
}

#[test]
fn chords_that_no_symbol_names_are_counted() {
    let harmony = |inside: &str| format!("<harmony>{inside}</harmony> C4/2");
    let root = "<root><root-step>C</root-step></root>";
    check(&harmony(&format!("{root}<kind>Tristan</kind>")), &["1 unknown chord kind: its root is kept"]);
    check(
        &harmony(&format!("{root}<kind>major</kind>{root}<kind>minor</kind>")),
        &["1 stacked chord symbol: the first one is kept"],
    );
    check(
        &harmony("<function>V</function><kind>major</kind>"),
        &["1 harmonic function: a score holds chord symbols"],
    );
}

#[test]
fn percussion_cues_and_noteheads_are_counted() {
    let drum = "<note><unpitched/><duration>2</duration></note>";
    let cue = c("").replace("<note>", "<note><cue/>");
    let cross = c("<notehead>x</notehead>");
    check(
        &format!("{drum} {cue} {cross}"),
        &[
            "1 cue note: it isn't played",
            "1 percussion note: a score holds pitches",
            "1 special notehead: a score has plain ones",
        ],
    );
}

#[test]
fn microtones_are_told() {
    let quarter_tone = c("").replace("<alter>0", "<alter>0.5");
    check(&quarter_tone, &["1 microtone: rounded to semitones, quarter tones towards the natural"]);
}

#[test]
fn transposition_is_how_a_part_is_written() {
    let horn = "<attributes><transpose><chromatic>-7</chromatic></transpose></attributes>";
    check(&format!("{horn} C4/2"), &["1 transposition: the pitches are kept as they sound"]);
    let none = "<attributes><transpose><chromatic>0</chromatic></transpose></attributes>";
    check(&format!("{none} C4/2"), &[]);
}

#[test]
fn signatures_that_a_score_simplifies_are_told() {
    let attributes = |inside: &str| format!("<attributes>{inside}</attributes> C4/2");
    let metre = "<time><beats>3+2</beats><beat-type>8</beat-type></time>";
    check(&attributes(metre), &["1 additive time signature: its sum is kept"]);
    let key = "<key><fifths>9</fifths></key>";
    check(&attributes(key), &["1 overfull key signature: the key that sounds the same is kept"]);
    let free = "<key><key-step>C</key-step><key-alter>1</key-alter></key>";
    check(&attributes(free), &["1 free key signature: the notes keep them"]);
    let staves = "<key_number='1'><fifths>0</fifths></key><key_number='2'><fifths>0</fifths></key>\
        <time_number='1'><beats>4</beats><beat-type>4</beat-type></time><time_number='2'><beats>4</beats><beat-type>4</beat-type></time>";
    check(&attributes(staves), &[]);
    let other = "<key_number='1'><fifths>0</fifths></key><key_number='2'><fifths>1</fifths></key>";
    check(&attributes(other), &["1 lower staff key: a part has those of its first staff"]);
}

#[test]
fn keys_of_other_parts_are_told_where_they_differ() {
    let key = |fifths: i8| format!("<attributes><key><fifths>{fifths}</fifths></key></attributes> C4/2");
    let two = |first: i8, second: i8| {
        let part = format!("<part id=\"P2\">{}</part></score-partwise>", bar(&key(second)));
        document(&bar(&key(first))).replace("</score-partwise>", &part)
    };
    let lost = |text: String| read_with_losses(text.as_bytes()).expect("a legal file").lost;
    assert_eq!(lost(two(0, 1)), ["1 differing key signature: all parts have those of the first"]);
    assert!(lost(two(1, 1)).is_empty());
}

#[test]
fn abbreviations_of_bars_are_told() {
    let style =
        |inside: &str| format!("<attributes><measure-style>{inside}</measure-style></attributes> C4/2");
    let kept = "bars are kept as they are spelled out";
    check(&style("<multiple-rest>4</multiple-rest>"), &[&format!("1 multi-bar rest: {kept}")]);
    check(
        &style("<measure-repeat_type='start'>1</measure-repeat>"),
        &[&format!("1 bar repeat sign: {kept}")],
    );
    check(&style("<slash_type='start'/>"), &[&format!("1 slash sign: {kept}")]);
}

#[test]
fn barlines_with_more_to_say_are_told() {
    let barline = |inside: &str| format!("C4/2 <barline>{inside}</barline>");
    check(
        &barline("<bar-style>dashed</bar-style>"),
        &["1 special barline: a score has plain and double ones and repeats"],
    );
    check(&barline("<bar-style>light-heavy</bar-style><repeat_direction='backward'/>"), &[]);
    check(&barline("<repeat_direction='backward'_times='3'/>"), &["1 repeat count: a score repeats once"]);
    check(&barline("<repeat_direction='backward'_times='2'/>"), &[]);
    check(&barline("<fermata/>"), &["1 barline fermata: a score holds none"]);
    check(
        &barline("<ending_number='1,2'_type='start'/>"),
        &["1 further ending number: a bar holds one, above 0"],
    );
}

#[test]
fn words_that_a_note_has_no_place_for_are_told() {
    check(&c("<lyric><text>a</text><extend/></lyric>"), &["1 extender line: a score holds none"]);
    let twice = "<lyric_number='1'><text>a</text></lyric>".repeat(2);
    check(&c(&twice), &["1 syllable: its verse has another at the same note"]);
    let many: String = (1..=18).map(|at| format!("<lyric_number='{at}'><text>a</text></lyric>")).collect();
    check(&c(&many), &["2 syllables: beyond the sixteenth verse a note keeps none"]);
}

#[test]
fn grace_notes_tell_what_they_lose() {
    let grace = |inside: &str, after: &str| {
        note("D4", after).replace("<note>", &format!("<note><grace/>{inside}")).replace(' ', "_")
    };
    check(&format!("C4/2 {}", grace("", "")), &["1 grace note: no note of its voice follows it"]);
    check(
        &format!("{} r/2 C4/2", grace("", "")),
        &["1 grace note before a rest: it stands before the next note"],
    );
    check(
        &format!("{} {} C4/2", grace("", ""), grace("<chord/>", "<tie_type='start'/>")),
        &["1 grace note of a chord: it follows the one before it", "1 grace note tie: a score has none"],
    );
}

#[test]
fn names_dates_and_texts_beside_title_and_composer_are_told() {
    let text = "<score-partwise><work><work-number>Op. 1</work-number><work-title>Work</work-title></work>\
        <movement-number>2</movement-number><movement-title>Movement</movement-title><identification>\
        <creator type='composer'>Clara</creator><creator type='lyricist'>N</creator><rights>Mine</rights></identification>\
        <credit><credit-type>page number</credit-type><credit-words>1</credit-words></credit>\
        <credit><credit-words>Clara</credit-words></credit><credit><credit-words>for you</credit-words></credit>\
        <part id='A'/></score-partwise>";
    let lost = read_with_losses(text.as_bytes()).expect("a legal file").lost;
    assert_eq!(
        lost,
        [
            "1 copyright notice: a score has none",
            "1 further author: a score names one composer",
            "1 movement number: a score has a title",
            "1 movement title: the title of the work is kept",
            "1 page text: a score has a title and a composer",
            "1 work number: a score has a title",
        ]
    );
}
