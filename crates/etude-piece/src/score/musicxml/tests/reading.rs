//! What the reader makes of small files.

use super::{bar, document, music, note, read, read_bar, show};
use crate::score::{Beats, Score};

/// Checks the notes that a bar of eighths holds.
#[track_caller]
fn check(contents: &str, expected: &str) {
    assert_eq!(show(&read_bar(contents)), expected);
}

/// Reads a document of one part.
#[track_caller]
fn score(measures: &str) -> Score {
    read(document(measures).as_bytes()).expect("a legal file")
}

/// A note of two eighths on C4 with `rest` after its duration.
fn c(rest: &str) -> String {
    note("C4", &format!("<duration>2</duration>{rest}")).replace(' ', "_")
}

#[test]
fn notes_follow_one_another_and_rests_are_gaps() {
    check("C4/2 D4/1 r/1 E4/4", "C4/1 D4/1/2 r/1/2 E4/2");
}

#[test]
fn pitches_stay_as_spelled() {
    check("F#4/2 Gb4/2 Bbb3/2 C##5/2", "F#4/1 Gb4/1 Bbb3/1 C##5/1");
}

#[test]
fn chord_notes_begin_together() {
    let e = note("E4", "<duration>2</duration>").replace("<note>", "<note><chord/>").replace(' ', "_");
    check(&format!("C4/2 {e} D4/2"), "[C4 E4]/1 D4/1");
}

#[test]
fn backup_and_voices_make_two_lines() {
    let second = c("<voice>2</voice>");
    check(&format!("E4/2 F4/2 <backup><duration>4</duration></backup> {second}"), "E4/1 F4/1; C4/1");
}

#[test]
fn a_backup_beyond_the_bar_ends_at_its_beginning() {
    check("E4/2 <backup><duration>5</duration></backup> F4/2", "[E4 F4]/1");
}

#[test]
fn a_chord_note_after_a_backup_belongs_to_the_note_before_it() {
    let e = note("E4", "<duration>2</duration>").replace("<note>", "<note><chord/>").replace(' ', "_");
    check(&format!("r/2 C4/2 <backup><duration>2</duration></backup> {e} G4/2"), "r/1 [C4 E4 G4]/1");
}

#[test]
fn forward_leaves_a_gap() {
    check("C4/2 <forward><duration>2</duration></forward> D4/2", "C4/1 r/1 D4/1");
}

#[test]
fn voices_come_in_the_order_of_their_numbers() {
    let (ten, two) = (c("<voice>10</voice>"), c("<voice>2</voice>").replace("C</step>", "D</step>"));
    check(&format!("{ten} <backup><duration>2</duration></backup> {two}"), "D4/1; C4/1");
}

#[test]
fn a_silent_voice_is_still_a_voice() {
    check("r/4", "");
    assert_eq!(read_bar("r/4").parts[0].voices.len(), 1);
}

#[test]
fn ties_are_read_from_either_element() {
    let tie = |end: &str| c(&format!("<tie_type='{end}'/>"));
    check(&format!("{} {}", tie("start"), tie("stop")), "C4~/1 C4/1");
    let tied = |end: &str| c(&format!("<notations><tied_type='{end}'/></notations>"));
    check(&format!("{} {}", tied("start"), tied("stop")), "C4~/1 C4/1");
}

#[test]
fn a_tie_to_a_note_struck_again_is_none() {
    check(&format!("{} C4/2", c("<tie_type='start'/>")), "C4/1 C4/1");
    check(&format!("{} D4/2", c("<tie_type='start'/>")), "C4~/1 D4/1");
}

#[test]
fn fermatas_and_velocities_are_kept() {
    check(&c("<notations><fermata/></notations>"), "C4^/1");
    check(&c("").replace("<note>", "<note_dynamics=\"88.89\">"), "C4!80/1");
}

#[test]
fn syllables_keep_verse_and_hyphen() {
    let words = "<lyric_number='1'><syllabic>begin</syllabic><text>Hal</text></lyric><lyric_number='2'><text>sing</text></lyric>";
    check(&c(words), "C4(Hal-|sing)/1");
    check(&c("<lyric_number='2'><text>only</text></lyric>"), "C4(|only)/1");
    check(&c("<lyric><text>a</text><elision/><text>e</text></lyric>"), "C4(a‿e)/1");
}

#[test]
fn a_verse_number_out_of_reason_takes_the_next_place() {
    check(&c("<lyric_number='4000000000'><text>far</text></lyric>"), "C4(far)/1");
}

/// A grace note with `inside` before its pitch and `after` it.
fn grace(pitch: &str, inside: &str, after: &str) -> String {
    note(pitch, after).replace("<note>", &format!("<note>{inside}")).replace(' ', "_")
}

#[test]
fn grace_notes_stand_before_the_note_they_lead_to() {
    let long = grace("B4", "<grace/>", "<type>quarter</type><dot/>");
    let short = grace("D5", "<grace_slash='yes'/>", "<type>16th</type>");
    check(&format!("C4/2 {long} {short} E4/2"), "C4/1 {B4/3/2} {!D5/1/4} E4/1");
}

#[test]
fn a_grace_note_without_a_type_looks_like_an_eighth() {
    check(&format!("{} C4/2", grace("B4", "<grace/>", "")), "{B4/1/2} C4/1");
}

#[test]
fn grace_notes_of_a_chord_follow_one_another() {
    let (one, two) = (grace("B4", "<grace/>", ""), grace("D5", "<grace/><chord/>", ""));
    check(&format!("{one} {two} C4/2"), "{B4/1/2} {D5/1/2} C4/1");
}

#[test]
fn grace_notes_wait_for_their_own_voice() {
    let (before, second) = (grace("B4", "<grace/>", "<voice>1</voice>"), c("<voice>2</voice>"));
    let back = "<backup><duration>2</duration></backup>";
    check(&format!("C4/2 {before} {back} {second} D4/2"), "C4/1 {B4/1/2} D4/1; C4/1");
}

#[test]
fn grace_notes_at_a_bars_end_lead_into_the_next_bar() {
    let first = bar(&format!("C4/2 {}", grace("B4", "<grace/>", "")));
    assert_eq!(show(&score(&format!("{first}{}", bar("C4/2")))), "C4/1 {B4/1/2} C4/1");
}

#[test]
fn grace_notes_of_transposing_parts_sound_as_they_sound() {
    let clarinet =
        "<attributes><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>";
    check(&format!("{clarinet} {} D4/2", grace("E4", "<grace/>", "")), "{D4/1/2} C4/1");
}

#[test]
fn cue_notes_take_their_time() {
    let cue = c("").replace("<note>", "<note><cue/>");
    check(&format!("C4/2 {cue} D4/2"), "C4/1 r/1 D4/1");
}

#[test]
fn quarter_tones_are_rounded_towards_the_natural_and_others_to_the_nearest() {
    let altered = |alter: &str| c("").replace("<alter>0", &format!("<alter>{alter}"));
    check(&format!("{} {}", altered("0.5"), altered("-0.5")), "C4/1 C4/1");
    check(&format!("{} {}", altered("1.5"), altered("-1.5")), "C#4/1 Cb4/1");
    check(&format!("{} {}", altered("0.75"), altered("-0.7")), "C#4/1 Cb4/1");
}

#[test]
fn voices_without_names_are_told_by_their_staves() {
    let low = c("<staff>2</staff>");
    check(&format!("E4/2 <backup><duration>2</duration></backup> {low}"), "E4/1; C4/1");
}

#[test]
fn a_movement_that_goes_nowhere_is_harmless() {
    check("C4/2 <forward><duration>0</duration></forward> D4/2", "C4/1 D4/1");
}

/// A direction with a dynamic mark, and whatever follows it.
fn dynamics(mark: &str, rest: &str) -> String {
    format!("<direction><direction-type><dynamics><{mark}/></dynamics></direction-type>{rest}</direction>")
}

#[test]
fn dynamic_marks_say_how_hard_the_notes_after_them_are_struck() {
    check(&format!("C4/2 {} D4/2 {} E4/2", dynamics("p", ""), dynamics("ff", "")), "C4/1 D4!49/1 E4!101/1");
}

#[test]
fn a_sound_counts_more_than_the_mark_beside_it() {
    check(&format!("{} C4/2", dynamics("p", "<sound_dynamics='50'/>")), "C4!45/1");
    check("<sound_dynamics='100'/> C4/2", "C4!90/1");
}

#[test]
fn a_notes_own_dynamics_count_more_than_marks() {
    let own = c("").replace("<note>", "<note_dynamics=\"88.89\">");
    check(&format!("{} {own} D4/2", dynamics("p", "")), "C4!80/1 D4!49/1");
}

#[test]
fn marks_hold_for_all_voices_from_their_time_on() {
    let (one, two) = (c("<voice>2</voice>"), c("<voice>2</voice>"));
    let back = "<backup><duration>4</duration></backup>";
    check(&format!("E4/2 {} F4/2 {back} {one} {two}", dynamics("f", "")), "E4/1 F4!88/1; C4/1 C4!88/1");
}

#[test]
fn marks_hold_over_barlines_but_not_for_other_parts() {
    let bars = format!("{}{}", bar(&format!("{} C4/2", dynamics("mf", ""))), bar("D4/2"));
    let second = format!("<part id=\"P2\">{}</part></score-partwise>", bar("E3/2"));
    let text = document(&bars).replace("</score-partwise>", &second);
    assert_eq!(show(&read(text.as_bytes()).expect("a legal file")), "C4!75/1 D4!75/1 // E3/1");
}

#[test]
fn an_accent_leaves_the_level_as_it_is_and_a_forte_piano_sets_it() {
    let accent = dynamics("sf", "<sound_dynamics='120'/>");
    check(&format!("{} C4/2 {accent} D4/2", dynamics("p", "")), "C4!49/1 D4!49/1");
    check(&format!("{} C4/2", dynamics("fp", "<sound_dynamics='120'/>")), "C4!49/1");
}

#[test]
fn marks_at_a_note_are_marks_from_that_note_on() {
    let marked = c("<notations><dynamics><pp/></dynamics></notations>");
    check(&format!("D4/2 {marked} E4/2"), "D4/1 C4!36/1 E4!36/1");
}

#[test]
fn a_timewise_document_is_turned_around() {
    let part = |id: &str, contents: &str| {
        let attributes = "<attributes><divisions>2</divisions></attributes>";
        format!("<part id='{id}'>{attributes}{}</part>", music(contents))
    };
    let bars = [
        format!("<measure number='1'>{}{}</measure>", part("A", "C4/2"), part("B", "E3/2")),
        format!("<measure number='2'>{}</measure>", part("A", "D4/2")),
        format!("<measure number='3'>{}{}</measure>", part("A", "E4/2"), part("B", "G3/2")),
    ];
    let list = "<part-list><score-part id='B'><part-name>Bass</part-name></score-part></part-list>";
    let text = format!("<score-timewise>{list}{}</score-timewise>", bars.concat());
    let score = read(text.as_bytes()).expect("a legal file");
    assert_eq!(show(&score), "C4/1 D4/1 E4/1 // E3/1 r/1 G3/1");
    assert_eq!(score.parts[1].name, "Bass");
}

#[test]
fn drums_without_pitch_take_their_time() {
    let drum = "<note><unpitched><display-step>E</display-step></unpitched><duration>2</duration></note>";
    check(&format!("{drum} D4/2"), "r/1 D4/1");
}

#[test]
fn triplets_are_exact() {
    let measure = "<measure><attributes><divisions>3</divisions></attributes>";
    let measure = format!("{measure}{}</measure>", music("C4/1 D4/1 E4/1 F4/3"));
    assert_eq!(show(&score(&measure)), "C4/1/3 D4/1/3 E4/1/3 F4/1");
}

#[test]
fn divisions_may_change_within_a_bar() {
    check("C4/2 <attributes><divisions>4</divisions></attributes> D4/4 E4/2", "C4/1 D4/1 E4/1/2");
}

#[test]
fn cdata_comments_references_and_single_quotes_are_xml() {
    let words = "<lyric_number='1'><text><![CDATA[a<b]]><!--no-->&amp;&#233;</text></lyric>";
    check(&c(words), "C4(a<b&é)/1");
}

#[test]
fn a_byte_order_mark_and_a_plain_doctype_are_accepted() {
    let doctype =
        "\u{FEFF}<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 3.1 Partwise//EN\" \"p.dtd\">";
    let text = document(&bar("C4/2")).replace("<?xml version=\"1.0\"?>", doctype);
    assert_eq!(read(text.as_bytes()).map(|score| show(&score)).ok().as_deref(), Some("C4/1"));
}

#[test]
fn utf16_and_latin1_are_decoded() {
    let text = document(&bar(&c("<lyric><text>é</text></lyric>")));
    let expected = "C4(é)/1";
    let big: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(show(&read(&big).expect("UTF-16")), expected);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(show(&read(&little).expect("UTF-16")), expected);
    let latin = text.replace("version=\"1.0\"?", "version=\"1.0\" encoding=\"ISO-8859-1\"?");
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    assert_eq!(show(&read(&latin).expect("Latin-1")), expected);
}

#[test]
fn titles_composer_parts_and_programmes_are_kept() {
    let text = "<score-partwise><work><work-title>Work</work-title></work><movement-title>Movement</movement-title>\
        <identification><creator type='lyricist'>N</creator><creator type='composer'>Clara</creator>\
        <miscellaneous><miscellaneous-field name='etude-recipe'>{}</miscellaneous-field></miscellaneous></identification>\
        <part-list><score-part id='B'><part-name>Bass</part-name><midi-instrument id='x'><midi-program>43</midi-program>\
        </midi-instrument></score-part><score-part id='A'><part-name>Alto</part-name></score-part></part-list>\
        <part id='A'/><part id='B'/></score-partwise>";
    let score = read(text.as_bytes()).expect("a legal file");
    assert_eq!(
        (score.title.as_str(), score.composer.as_str(), score.recipe.as_str()),
        ("Work", "Clara", "{}")
    );
    let parts: Vec<(&str, u8)> = score.parts.iter().map(|part| (part.name.as_str(), part.program)).collect();
    assert_eq!(parts, [("Alto", 0), ("Bass", 42)]);
}

#[test]
fn a_movement_without_work_gives_the_title() {
    let text =
        document(&bar("C4/2")).replace("<part-list>", "<movement-title> Air </movement-title><part-list>");
    assert_eq!(read(text.as_bytes()).expect("a legal file").title, "Air");
}

/// Keys and metres with their onsets, as text.
#[track_caller]
fn check_attributes(contents: &str, expected: &str) {
    let score = read_bar(contents);
    let keys = score.keys.iter().map(|(at, key)| format!("{at}: {key}"));
    let metres = score.metres.iter().map(|(at, metre)| format!("{at}: {metre}"));
    assert_eq!(keys.chain(metres).collect::<Vec<_>>().join(", "), expected);
}

#[test]
fn keys_and_metres_stand_where_they_change() {
    let minor = "<attributes><key><fifths>-3</fifths><mode>minor</mode></key></attributes>";
    let change = "<attributes><key><fifths>1</fifths></key><time><beats>3</beats><beat-type>4</beat-type></time></attributes>";
    check_attributes(&format!("{minor} C4/4 {change} C4/4"), "0: C minor, 2: G major, 2: 3/4");
}

#[test]
fn a_key_of_more_than_seven_accidentals_is_the_one_that_sounds_the_same() {
    check_attributes("<attributes><key><fifths>8</fifths></key></attributes> C4/2", "0: Ab major");
    check_attributes("<attributes><key><fifths>-9</fifths></key></attributes> C4/2", "0: A major");
}

#[test]
fn additive_metres_are_summed_and_free_music_has_none() {
    check_attributes(
        "<attributes><time><beats>3+2</beats><beat-type>8</beat-type></time></attributes> C4/5",
        "0: 5/8",
    );
    check_attributes(
        "<attributes><time><beats>1</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type></time></attributes> C4/5",
        "0: 5/8",
    );
    check_attributes("<attributes><time><senza-misura/></time></attributes> C4/5", "");
}

#[test]
fn transposing_parts_sound_as_they_sound() {
    let clarinet = "<attributes><key><fifths>2</fifths></key><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>";
    check(&format!("{clarinet} D4/2 C#5/2"), "C4/1 B4/1");
    check_attributes(&format!("{clarinet} D4/2"), "0: C major");
    let bass = "<attributes><transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose></attributes>";
    check(&format!("{bass} E3/2"), "E2/1");
}

/// Tempi with their onsets, as text.
#[track_caller]
fn check_tempi(contents: &str, expected: &str) {
    let tempi = read_bar(contents).tempi;
    let tempi: Vec<String> = tempi.iter().map(|(at, tempo)| format!("{at}: {}", tempo.0)).collect();
    assert_eq!(tempi.join(", "), expected);
}

#[test]
fn tempi_come_from_sound_or_metronome() {
    check_tempi("C4/2 <direction><sound_tempo='72.5'/></direction> C4/2", "1: 72.5");
    check_tempi("<sound_tempo='72'/> C4/2", "0: 72");
    let dotted = "<beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>ca._60</per-minute>";
    let shown = format!("<direction-type><metronome>{dotted}</metronome></direction-type>");
    check_tempi(&format!("<direction>{shown}</direction> C4/2"), "0: 90");
    check_tempi(
        &format!("<direction>{shown}<offset_sound='yes'>1</offset><sound_tempo='80'/></direction> C4/2"),
        "1/2: 80",
    );
    // Without the attribute an offset only says where the mark is drawn.
    check_tempi("C4/2 <direction><offset>1</offset><sound_tempo='80'/></direction> C4/2", "1: 80");
}

/// Chord symbols with their onsets, as text.
#[track_caller]
fn check_chords(contents: &str, expected: &str) {
    let chords = read_bar(contents).chords;
    let chords: Vec<String> = chords.iter().map(|(at, symbol)| format!("{at}: {symbol}")).collect();
    assert_eq!(chords.join(", "), expected);
}

#[test]
fn chord_symbols_have_root_kind_and_bass() {
    let root = "<root><root-step>A</root-step></root>";
    let bass = "<bass><bass-step>G</bass-step></bass>";
    check_chords(&format!("C4/2 <harmony>{root}<kind>minor-seventh</kind>{bass}</harmony> C4/2"), "1: Am7/G");
    check_chords(&format!("<harmony>{root}<kind_text='mi9'>minor-ninth</kind></harmony> C4/2"), "0: Ami9");
    check_chords(&format!("<harmony>{root}<kind>major</kind><offset>1</offset></harmony> C4/2"), "1/2: A");
    check_chords(&format!("<harmony>{root}<kind>none</kind></harmony> C4/2"), "0: N.C.");
    let flat_nine = "<degree><degree-value>9</degree-value><degree-alter>-1</degree-alter><degree-type>add</degree-type></degree>";
    let b_flat = "<root><root-step>B</root-step><root-alter>-1</root-alter></root>";
    check_chords(&format!("<harmony>{b_flat}<kind>dominant</kind>{flat_nine}</harmony> C4/2"), "0: Bb7(b9)");
}

#[test]
fn bars_are_as_long_as_they_are_filled() {
    let bars = score(&format!("{}{}{}<measure/>{}", bar("C4/2"), bar("C4/8"), bar("C4/6"), bar("C4/2"))).bars;
    let onsets: Vec<Beats> = bars.iter().map(|bar| bar.onset).collect();
    // The empty bar is as long as its metre says: 4/4 where there is none.
    assert_eq!(onsets, [0, 1, 5, 8, 12].map(Beats::whole));
}

#[test]
fn a_bar_is_as_long_as_the_longest_part_makes_it() {
    let short = format!("<part id=\"P2\">{}{}</part></score-partwise>", bar("E3/2"), bar("F3/2"));
    let text = document(&format!("{}{}", bar("C4/6"), bar("D4/6"))).replace("</score-partwise>", &short);
    assert_eq!(show(&read(text.as_bytes()).expect("a legal file")), "C4/3 D4/3 // E3/1 r/2 F3/1");
}

#[test]
fn a_rest_too_long_for_its_metre_moves_no_other_part() {
    let metre = "<attributes><time><beats>2</beats><beat-type>4</beat-type></time></attributes>";
    let long = format!("{}{}", bar(&format!("{metre} r/8")), bar("F3/4"));
    let short = format!("{}{}", bar(&format!("{metre} C4/4")), bar("D4/4"));
    let two = |first: &str, second: &str| {
        let second = format!("<part id=\"P2\">{second}</part></score-partwise>");
        show(&read(document(first).replace("</score-partwise>", &second).as_bytes()).expect("a legal file"))
    };
    assert_eq!(two(&short, &long), "C4/2 D4/2 // r/2 F3/2");
    // Where all parts rest as long, it is meant.
    assert_eq!(two(&long, &long), "r/4 F3/2 // r/4 F3/2");
}

/// Bars as text: `:` for repeats, a number for an ending.
#[track_caller]
fn check_bars(barlines: &[&str], expected: &str) {
    let measures: String = barlines.iter().map(|barline| bar(&format!("{barline} C4/8"))).collect();
    let bars = score(&measures).bars;
    let sign = |is: bool| if is { ":" } else { "" };
    let ending = |ending: Option<u8>| ending.map(|number| number.to_string()).unwrap_or_default();
    let bars =
        bars.iter().map(|b| format!("{}{}-{}", ending(b.ending), sign(b.repeat_start), sign(b.repeat_end)));
    assert_eq!(bars.collect::<Vec<_>>().join("|"), expected);
}

#[test]
fn repeats_and_endings_mark_their_bars() {
    let forward = "<barline_location='left'><repeat_direction='forward'/></barline>";
    let first = "<barline_location='left'><ending_number='1,_2'_type='start'/></barline>\
        <barline><ending_number='1'_type='stop'/><repeat_direction='backward'/></barline>";
    let third = "<barline_location='left'><ending_number='3'_type='start'/></barline>";
    check_bars(&[forward, first, third], ":-|1-:|3-");
}

#[test]
fn repeats_at_the_wrong_side_of_a_bar_belong_to_the_next() {
    let forward = "<barline_location='right'><repeat_direction='forward'/></barline>";
    let backward = "<barline_location='left'><repeat_direction='backward'/></barline>";
    check_bars(&[forward, "", backward], "-|:-:|-");
}
