//! What tunes mean, one feature at a time.

use crate::score::abc::{read, read_all, read_with_losses, tunes};
use crate::score::{Beats, Score, Tempo};

/// A score as text: voices by `/`, notes by blanks, each `pitch:quarters`, with `-` for a tie on,
/// `!` for a fermata, `@velocity`, `(syllables)`; rests are `z`, grace notes stand in braces.
pub(super) fn shown(score: &Score) -> String {
    let voices = score.voices().map(|voice| {
        let mut words: Vec<String> = Vec::new();
        let mut end = Beats::ZERO;
        for note in &voice.notes {
            if note.onset > end {
                words.push(format!("z:{}", note.onset - end));
            }
            let join = if note.onset < end { "+" } else { "" };
            let tie = if note.tied { "-" } else { "" };
            let fermata = if note.fermata { "!" } else { "" };
            let lyrics =
                if note.lyrics.is_empty() { String::new() } else { format!("({})", note.lyrics.join("|")) };
            for grace in voice.graces.iter().filter(|grace| grace.before == note.onset && join.is_empty()) {
                let slash = if grace.slashed { "/" } else { "" };
                words.push(format!("{{{slash}{}:{}}}", grace.pitch, grace.duration));
            }
            let velocity = note.velocity.map(|velocity| format!("@{velocity}")).unwrap_or_default();
            words.push(format!("{join}{}:{}{tie}{fermata}{velocity}{lyrics}", note.pitch, note.duration));
            end = end.max(note.end());
        }
        words.join(" ")
    });
    voices.collect::<Vec<_>>().join(" / ")
}

/// The notes of a tune of quarters.
#[track_caller]
fn check(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
    let score = read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(shown(&score), expected);
}

/// What the reader says to a faulty tune; its music is line 5.
#[track_caller]
fn refuses(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
    let error = read(tune.as_bytes()).expect_err("a fault");
    assert_eq!(error.to_string(), expected);
}

/// What a whole tune says beside its notes: keys, metres, tempi and chords, with their onsets.
#[track_caller]
fn check_frame(tune: &str, expected: &[&str]) {
    let score = read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let mut found = Vec::new();
    found.extend(score.keys.iter().map(|(at, key)| format!("{at} {key}")));
    found.extend(score.metres.iter().map(|(at, metre)| format!("{at} {metre}")));
    found.extend(score.tempi.iter().map(|(at, Tempo(quarters))| format!("{at} tempo {quarters}")));
    found.extend(score.chords.iter().map(|(at, symbol)| format!("{at} {symbol}")));
    assert_eq!(found, expected);
}

/// The bars of a tune of quarters: onsets, `|:` and `:|`, `[n` for endings.
#[track_caller]
fn check_bars(music: &str, expected: &str) {
    let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
    let score = read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let bars = score.bars.iter().map(|bar| {
        let start = if bar.repeat_start { "|:" } else { "" };
        let ending = bar.ending.map(|n| format!("[{n} ")).unwrap_or_default();
        let end = if bar.repeat_end { ":|" } else { "" };
        format!("{start}{ending}{}{end}", bar.onset)
    });
    assert_eq!(bars.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn letters_octaves_and_lengths() {
    check("C D2 E/ F// G3/2 A3/ B/4", "C4:1 D4:2 E4:1/2 F4:1/4 G4:3/2 A4:3/2 B4:1/4");
    check("C,, C, C c c' c''", "C2:1 C3:1 C4:1 C5:1 C6:1 C7:1");
}

#[test]
fn accidentals_last_for_their_bar_in_all_octaves() {
    check("^F F f =F F|F", "F#4:1 F#4:1 F#5:1 F4:1 F4:1 F4:1");
    check("__B B|^^c c|_B", "Bbb4:1 Bbb4:1 C##5:1 C##5:1 Bb4:1");
    check("[K:Eb] B E =E E|E", "Bb4:1 Eb4:1 E4:1 E4:1 Eb4:1");
}

#[test]
fn accidentals_may_be_told_to_reach_less_far() {
    check("[I:propagate-accidentals octave]^F F f", "F#4:1 F#4:1 F5:1");
    check("[I:propagate-accidentals not]^F F f", "F#4:1 F4:1 F5:1");
    check("%%propagate-accidentals octave\n^F f", "F#4:1 F5:1");
}

#[test]
fn ties_join_and_repeated_notes_do_not() {
    check("C C C-C", "C4:1 C4:1 C4:1- C4:1");
    check("C4-|C4", "C4:4- C4:4");
    check("[CE]2-[CE]2", "C4:2- +E4:2- C4:2 +E4:2");
    check("[C-E]2[CE]2", "C4:2- +E4:2 C4:2 +E4:2");
}

#[test]
fn a_tie_carries_its_accidental_over_the_bar_line() {
    check("^F4-|F F", "F#4:4- F#4:1 F4:1");
}

#[test]
fn a_tie_that_leads_nowhere_is_none() {
    check("C-D C-|z C", "C4:1 D4:1 C4:1 z:1 C4:1");
}

#[test]
fn rests_of_all_kinds() {
    check("C z D2|x4|E Z F|Z2|G", "C4:1 z:1 D4:2 z:4 E4:1 z:4 F4:1 z:8 G4:1");
    check_bars("C z D2|Z2|G4", "0 4 8 12");
}

#[test]
fn tuplets() {
    check("(3CDE (3c/d/e/", "C4:2/3 D4:2/3 E4:2/3 C5:1/3 D5:1/3 E5:1/3");
    check("(2CD (4CDEF", "C4:3/2 D4:3/2 C4:3/4 D4:3/4 E4:3/4 F4:3/4");
    check("(5:4:5CDEFG", "C4:4/5 D4:4/5 E4:4/5 F4:4/5 G4:4/5");
    check("(3:2:2C2D E", "C4:4/3 D4:2/3 E4:1");
    check("(3::2C2D E", "C4:4/3 D4:2/3 E4:1");
    check("(3CzE F", "C4:2/3 z:2/3 E4:2/3 F4:1");
    check("[M:6/8](5CDEFG", "C4:3/5 D4:3/5 E4:3/5 F4:3/5 G4:3/5");
}

#[test]
fn broken_rhythm() {
    check("C>D E<F G>>A B<<c", "C4:3/2 D4:1/2 E4:1/2 F4:3/2 G4:7/4 A4:1/4 B4:1/4 C5:7/4");
    check("C > D {e}E>{f}F", "C4:3/2 D4:1/2 {E5:1/2} E4:3/2 {F5:1/2} F4:1/2");
    check("C>|D E<(3FGA", "C4:3/2 D4:1/2 E4:1/2 F4:1 G4:2/3 A4:2/3");
    check("C<<<D z>E", "C4:1/8 D4:15/8 z:3/2 E4:1/2");
    check("C->C", "C4:3/2- C4:1/2");
    check("[CE]>z D", "C4:3/2 +E4:3/2 z:1/2 D4:1");
}

#[test]
fn chords() {
    check("[CEG]2 [C2E2]/ [EC]", "C4:2 +E4:2 +G4:2 C4:1 +E4:1 C4:1 +E4:1");
    check("[C2E]F", "C4:2 +E4:1 F4:1");
    check("[ !fermata! C \"Am\" ^G]", "C4:1! +G#4:1!");
}

#[test]
fn grace_notes_lead_to_the_next_note() {
    check("{cd/}C ({/g}D E)", "{C5:1/2} {D5:1/4} C4:1 {/G5:1/2} D4:1 E4:1");
    check("C {c}|{d2}D", "C4:1 {C5:1/2} {D5:1} D4:1");
    check("{a>b}C {ab<c'}D", "{A5:3/4} {B5:1/4} C4:1 {A5:1/2} {B5:1/4} {C6:3/4} D4:1");
    check("[K:HP]{GdGe}C", "{G4:1/8} {D5:1/8} {G4:1/8} {E5:1/8} C#4:1");
    check("{^c}c c|c", "{C#5:1/2} C#5:1 C#5:1 C5:1");
    check("C {d}-C", "C4:1 {D5:1/2} C4:1");
    check("C4&{d}E4|F4", "C4:4 F4:4 / {D5:1/2} E4:4");
}

#[test]
fn slurs_annotations_and_spacers_are_stepped_over() {
    check("C (D E) \"^text\"F y G y2 `A", "C4:1 D4:1 E4:1 F4:1 G4:1 A4:1");
    check(".(C D) E.-E .|F", "C4:1 D4:1 E4:1- E4:1 F4:1");
    check("C D % comment | \"\nE * F $ ;", "C4:1 D4:1 E4:1 F4:1");
}

#[test]
fn fermatas_have_several_signs() {
    check("!fermata!C +fermata+D HE !trill!F !invertedfermata!G", "C4:1! D4:1! E4:1! F4:1 G4:1!");
    check("U:F=!fermata!\nU:H=!trill!\nHC", "C4:1");
    check("U:N=!fermata!\nNC D", "C4:1! D4:1");
    check("C ! D .E ~F uG", "C4:1 D4:1 E4:1 F4:1 G4:1");
}

#[test]
fn dynamics_are_velocities_from_there_on() {
    check("C !p!D E|!ff![FA] !trill!G", "C4:1 D4:1@49 E4:1@49 F4:1@101 +A4:1@101 G4:1@101");
    check("[V:1]+mf+C[V:2]C,[V:1]D", "C4:1@75 D4:1@75 / C3:1");
    check("U:n=!pppp!\nnC !ffff!D", "C4:1@10 D4:1@127");
}

#[test]
fn chords_between_plus_signs_are_chords_of_old() {
    check("+CE+2 +^FA+ G", "C4:2 +E4:2 F#4:1 +A4:1 G4:1");
    check("[+CE][+FA]", "C4:1 +E4:1 F4:1 +A4:1");
}

#[test]
fn an_exclamation_mark_may_be_a_line_break() {
    check("I:linebreak !\nC D!E F!G", "C4:1 D4:1 E4:1 F4:1 G4:1");
    check("I:decoration +\n+fermata+C D!E!", "C4:1! D4:1 E4:1");
}

#[test]
fn programmes_and_transpositions_for_players_are_heeded() {
    let score = read(b"X:1\nL:1/4\nK:C\n%%MIDI program 2 41\n%%MIDI transpose -12\nC\n").expect("a tune");
    assert_eq!((score.parts[0].program, shown(&score).as_str()), (41, "C3:1"));
}

/// What the reader says that a score doesn't hold.
#[track_caller]
fn loses(tune: &str, expected: &[&str]) {
    let reading = read_with_losses(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(reading.lost, expected);
}

#[test]
fn what_a_score_has_no_place_for_is_counted() {
    loses(
        "X:1\nK:C\n(AB) (c{(de)}d) \"^shout\"e .f .g Th ~a ua !D.C.!b !crescendo(!a !crescendo)!g kf\n",
        &[
            "1 annotation: a score holds none",
            "1 bow stroke: a score holds none",
            "2 decorations: a score holds none",
            "2 hairpin's ends: a score holds none",
            "1 jump: a score holds none",
            "1 roll: a score holds none",
            "3 slurs: a score holds none",
            "2 staccato marks: a score holds none",
            "1 trill: a score holds none",
        ],
    );
    loses(
        "X:1\nT:a\nT:b\nR:reel\nO:Ireland\nS:s\nB:b\nZ:z\nN:n\nH:h\nN:\nA:a\nP:AB\nm:~n2=n{o}n\nQ:\"Allegro\" 1/4=90\nM:2+3/8\nK:D exp _b ^f\nP:A\nA5|\ns:!f!\nP:B\nB5|\nW:words\n",
        &[
            "1 H: field: a score tells no history",
            "1 N: field: a score holds no remarks",
            "1 O: field: a score tells no origin",
            "2 P: fields: a score's sections have no labels",
            "1 R: field: a score names no rhythm",
            "2 S:, B: or D: fields: a score tells no source",
            "1 W: field: a score holds no words below the music",
            "1 Z: field: a score doesn't name who transcribed it",
            "1 further title: a score holds none",
            "1 key with accidentals of its own: the notes keep them, the signature doesn't",
            "1 m: field: macros aren't expanded",
            "1 metre that is a sum: a score keeps its total",
            "1 playing order: a score holds none; each part stands once",
            "1 s: field: a score holds no line of symbols",
            "1 tempo in words: a score holds none",
        ],
    );
    loses(
        "X:1\nL:1/4\nM:2/4\nK:C\nC-D|Hz2|::[1,3 E2:|[2 F2|[\"last\"G2::|{c}z2|A2{b}\nw:a b c d e f g\n",
        &[
            "1 ending: it has a name and no number",
            "1 ending: it serves more than once, and a score keeps its first number only",
            "1 fermata: it stands on no note",
            "2 grace notes: it leads to no note",
            "2 sections: it is repeated more than once, and a score tells no number",
            "1 syllable: there is no note for it",
            "1 tie: it leads to no note of its pitch",
        ],
    );
    loses(
        "X:1\nI:abc-charset iso-8859-2\nK:C\nC",
        &["1 set of characters: only UTF-8 and ISO 8859-1 are known"],
    );
    loses(
        "%abc-2.1\nX:1\nT:t\nC:c\nM:C|\nL:1/8\nQ:1/2=60\nK:HP clef=bass\n|:[CE]/>x y \"Am\"(3ABc|1 C:|2 Z2|]\n",
        &[],
    );
}

#[test]
fn words_stand_under_notes() {
    check("C D|E F\nw:Glo-ri-a | now", "C4:1(Glo-) D4:1(ri-) E4:1(a) F4:1");
    check("C D|E F\nw:Oh | now", "C4:1(Oh) D4:1 E4:1(now) F4:1");
    check("C D E F\nw:one * two\nw:a~b _ _ c", "C4:1(one|a b) D4:1 E4:1(two) F4:1(|c)");
    check("C D\\\nE F\nw:a b c d", "C4:1(a) D4:1(b) E4:1(c) F4:1(d)");
    check("C z {g}D [EG]\nw:a b c", "C4:1(a) z:1 {G5:1/2} D4:1(b) E4:1(c) +G4:1");
    check("C D\nw:a\n+:b", "C4:1(a) D4:1(b)");
}

#[test]
fn voices_come_in_lines_and_inline() {
    check("V:1\nC D\nV:2\nE,2\nV:1\nE F", "C4:1 D4:1 E4:1 F4:1 / E3:2");
    check("[V:S]C4|[V:B]C,4|[V:S]D4", "C4:4 D4:4 / C3:4");
    check("C4\nV:2\nC,4\nV:1\nD4", "C4:4 D4:4 / C3:4");
}

#[test]
fn words_go_to_their_own_voice() {
    check("[V:1]C D\nw:a b\n[V:2]E F\nw:c d\n", "C4:1(a) D4:1(b) / E4:1(c) F4:1(d)");
}

#[test]
fn clefs_and_properties_shift_what_is_written() {
    check("V:1 clef=treble-8\nC\nV:2 octave=1\nC\nV:3 transpose=-2\nD", "C3:1 / C5:1 / C4:1");
}

#[test]
fn overlays_are_voices_of_their_own() {
    check("C4&E4|D4", "C4:4 D4:4 / E4:4");
    check("C4|D4&F2 A2&c4|E4", "C4:4 D4:4 E4:4 / z:4 F4:2 A4:2 / z:4 C5:4");
    check("C4|D4&&E4|F4|G4", "C4:4 D4:4 G4:4 / E4:4 F4:4");
}

#[test]
fn bars_have_pickups_repeats_and_endings() {
    check_bars("C|DEFG|c4|]", "0 1 5");
    check_bars("|:C4:|", "|:0:|");
    check_bars("C4:|D4||E4|", "0:| 4 8");
    check_bars("|:C4|1D4:|2E4|]", "|:0 [1 4:| [2 8");
    check_bars("C4::D4:|", "0:| |:4:|");
    check_bars("C4:|:D4:||:E4", "0:| |:4:| |:8");
    check_bars("C4| [1,3 D4:| [2 E4||", "0 [1 4:| [2 8");
    check_bars("C2:|\nG2|", "0:| 2");
    check_bars("C4:|\\\n2 D4|[|E4[\"last\"F4", "0:| [2 4 8 12");
    check_bars("C2 [| [K:G] | D2 |||", "0 2");
}

#[test]
fn a_repeat_without_its_beginning_goes_back_to_the_last_double_bar() {
    check_bars("C4|D4||E4|F4:|", "0 4 |:8 12:|");
    check_bars("C4|1 D4:|2 E4||F4|1 G4:|2 A4||", "0 [1 4:| [2 8 |:12 [1 16:| [2 20");
    check_bars("|:C4||D4:|", "|:0 4:|");
    check_bars("C4:|D4:|", "0:| 4:|");
}

#[test]
fn double_bar_lines_part_sections_where_no_sign_does() {
    let ends = |music: &str| {
        let tune = format!("X:1\nM:4/4\nL:1/4\nK:C\n{music}\n");
        let score = read(tune.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        score.bars.iter().map(|bar| if bar.section_end { '2' } else { '1' }).collect::<String>()
    };
    assert_eq!(ends("C4|D4||E4|F4|]"), "1211");
    assert_eq!(ends("C4|D4|]E4||F4|]"), "1221");
    assert_eq!(ends("C4||D4|E4:|"), "111", "the repeat sign leads back to it");
    assert_eq!(ends("C4:||D4|| |:E4:|"), "111");
    assert_eq!(ends("|:C4||D4:|E4||F4|]"), "1121", "one within a repeat parts nothing");
}

#[test]
fn headers_say_key_metre_and_tempo() {
    check_frame("X:1\nM:C|\nQ:\"Allegro\" 1/2=60\nK:Ador\nA", &["0 A dorian", "0 2/2", "0 tempo 120"]);
    check_frame("X:1\nQ:120\nL:1/4\nK:none\nA", &["0 tempo 120"]);
    check_frame("M:3/4\nX:1\nK:G\nA", &["0 G major", "0 3/4"]);
}

#[test]
fn fields_change_within_the_tune() {
    check_frame(
        "X:1\nM:4/4\nL:1/4\nK:C\nC4|[K:G][M:3/4]D3|\nK:Am\nQ:1/4=90\nA3",
        &["0 C major", "4 G major", "7 A minor", "0 4/4", "4 3/4", "7 tempo 90"],
    );
}

#[test]
fn chord_symbols_stand_at_their_onsets() {
    check_frame(
        "X:1\nL:1/4\nK:C\n\"C\"C2\"G7/B\"D\"^slow\"\"4\"E|\"(Am)\"A\"N.C.\"z",
        &["0 C major", "0 C", "2 G7/B", "4 (Am)", "5 N.C."],
    );
}

#[test]
fn the_unit_length_follows_the_metre_where_none_is_given() {
    let first = |tune: &str| read(tune.as_bytes()).map(|score| shown(&score)).expect("a tune");
    assert_eq!(first("X:1\nM:2/4\nK:C\nC"), "C4:1/4");
    assert_eq!(first("X:1\nM:3/4\nK:C\nC"), "C4:1/2");
    assert_eq!(first("X:1\nK:C\nC"), "C4:1/2");
}

#[test]
fn titles_composers_names_and_recipes() {
    let tune = "X:1\nT:\\'Etude \\% one % comment\nT:second\nC:A\nC:B\nV:1 name=\"Dessus\"\n%%MIDI program 19\nV:Bass\n\
                %%etude-recipe {\"seed\": 1, \"of\": \"100 %\"}\nK:C\n[V:1]C\n[V:Bass]C,";
    let score = read(tune.as_bytes()).expect("a tune");
    assert_eq!((score.title.as_str(), score.composer.as_str()), ("Étude % one", "A; B"));
    assert_eq!(score.recipe, "{\"seed\": 1, \"of\": \"100 %\"}");
    let parts: Vec<_> = score.parts.iter().map(|part| (part.name.as_str(), part.program)).collect();
    assert_eq!(parts, [("Dessus", 19), ("Bass", 0)]);
}

#[test]
fn what_stands_before_all_tunes_holds_for_each_and_fields_may_go_on() {
    let file = b"C:Trad.\nU:W=!fermata!\n\nX:1\nT:one\n+:and more\nK:C\nWC\n\nX:2\nC:A\nC:B\nK:C\nC\n";
    let scores = read_all(file).expect("two tunes");
    let of = |score: &Score| (score.title.clone(), score.composer.clone(), shown(score));
    assert_eq!(of(&scores[0]), ("one and more".to_owned(), "Trad.".to_owned(), "C4:1/2!".to_owned()));
    assert_eq!(of(&scores[1]), (String::new(), "A; B".to_owned(), "C4:1/2".to_owned()));
}

#[test]
fn braces_make_one_part_of_several_voices() {
    let score = read(b"X:1\n%%score 1 {(2 3)}\nV:1\nV:2 name=Organ\nV:3\nK:C\n[V:1]c\n[V:2]E\n[V:3]C")
        .expect("a tune");
    let parts: Vec<_> = score.parts.iter().map(|part| (part.name.as_str(), part.voices.len())).collect();
    assert_eq!(parts, [("", 1), ("Organ", 2)]);
}

#[test]
fn the_first_tune_of_many_is_read_and_all_can_be() {
    let file =
        b"% a collection\nM:2/4\n\nX:1\nK:C\nC\n\nfree text | with bars\n\nX:2\nT:two\nK:G\nF\nX:3\nK:Z\n";
    assert_eq!(read(file).map(|score| shown(&score)).ok().as_deref(), Some("C4:1/4"));
    let titles: Vec<_> =
        tunes(file).map(|tune| tune.map(|tune| tune.score.title).map_err(|e| e.to_string())).collect();
    let fault =
        "line 15, column 3: found `Z`, expected a key such as G, Am, Bb, F#m or D dorian; hint: write K:C";
    assert_eq!(titles, [Ok(String::new()), Ok("two".to_owned()), Err(fault.to_owned())]);
    assert!(read_all(file).is_err());
}

#[test]
fn a_tune_needs_no_number_and_may_be_latin_1_with_any_line_ends() {
    let score = read(b"\xEF\xBB\xBFT:K\xF6nig\r\nM:4/4\r\nL:1/4\r\nK:C\r\nC D|\r\n").expect("a tune");
    assert_eq!((score.title.as_str(), shown(&score).as_str()), ("König", "C4:1 D4:1"));
    assert_eq!(read(b"X:1\rK:C\rC").map(|score| shown(&score)).ok().as_deref(), Some("C4:1/2"));
}

#[test]
fn blocks_of_text_are_stepped_over() {
    check("C\n%%begintext\n\nX:2\nD\n%%endtext\nE", "C4:1 E4:1");
}

#[test]
fn faults_say_where_what_and_how_to_mend() {
    let after = |column: usize, found: &str, expected: &str| {
        format!("line 5, column {column}: found {found}, expected {expected}")
    };
    let token = "a note, a rest, a bar line or a decoration";
    let length = "a length from 1/16384 to 65536 unit notes; hint: write C2, C3/2 or C/";
    refuses("C D Y", &after(5, "`Y`", token));
    refuses("é", &after(1, "`é`", token));
    refuses("C [EG", &after(3, "`[EG`", "a chord that ends with `]`; hint: write [CEG]"));
    refuses("(0CDE", &after(2, "`0CDE`", "a tuplet such as (3 or (5:4:5; hint: write (3CDE"));
    refuses("C0", &after(2, "`0`", length));
    refuses("^/C", &after(2, "`/C`", "the letter of a note; hint: a score has no microtones"));
    refuses(">C", &after(1, "`>C`", "a note before broken rhythm"));
    refuses("^|", &after(2, "`|`", "the letter of a note"));
    refuses("c''''''''", &after(1, "`c''''''''`", "a pitch from C,,,,, to g'''''"));
    refuses("Z9999", &after(2, "9999 bars of rest", "1 to 4096 bars of rest in all"));
    refuses("[K:G C", &after(1, "`[K:G`", "an inline field that ends with `]`; hint: write [K:G]"));
    refuses("\"Am C", &after(1, "`\"Am`", "a chord symbol that ends with `\"`; hint: write \"Am\""));
    refuses("{c C", &after(1, "`{c`", "grace notes that end with `}`; hint: write {c}d"));
}

#[test]
fn a_file_without_a_tune_or_a_key_is_refused() {
    let refused = |file: &[u8]| read(file).expect_err("a fault").to_string();
    let no_tune = "found no tune, expected a line X:1 and a field K:; hint: is this an ABC file?";
    assert_eq!(refused(b""), no_tune);
    assert_eq!(refused(b"\x00\xFF\xFE"), no_tune);
    assert_eq!(
        refused(b"X:1\nT:t\n"),
        "line 2, column 1: found the end of the tune, expected a K: field before the music; hint: write K:C"
    );
    assert_eq!(
        refused(b"X:1\nC D E F|\n"),
        "line 2, column 1: found `C`, expected a field such as T: or K: in the header; hint: put K: before the music"
    );
}
