//! Bytes that mean harm, or that harm has come to.

use super::{Chance, bar, document, music, note, random_score, read};
use crate::score::Score;
use crate::score::musicxml::write;

/// Checks that a file is refused with this message.
#[track_caller]
fn check(text: &str, expected: &str) {
    let error = read(text.as_bytes()).expect_err("a fault");
    assert_eq!(error.to_string(), expected);
}

/// Checks that a bar is refused with a message that ends like this, after line and column.
#[track_caller]
fn check_bar(contents: &str, expected: &str) {
    let error = read(document(&bar(contents)).as_bytes()).expect_err("a fault").to_string();
    let (place, message) = error.split_once(": ").expect("a place");
    assert!(place.starts_with("line 1, column "), "{place}");
    assert_eq!(message, expected);
}

#[test]
fn entities_are_refused() {
    check(
        "<!DOCTYPE a [\n<!ENTITY b \"bbbb\">\n<!ENTITY c \"&b;&b;&b;\">]>\n<score-partwise/>",
        "line 1, column 1: found an entity declaration, expected a plain DOCTYPE; hint: take the ENTITY declarations out of the DOCTYPE",
    );
}

#[test]
fn a_billion_laughs_are_refused() {
    let laughs = (1..10).map(|at| {
        let before = format!("&lol{};", at - 1).repeat(10);
        format!("<!ENTITY lol{at} \"{before}\">")
    });
    let laughs: String = laughs.collect();
    check(
        &format!(
            "<!DOCTYPE score-partwise [<!ENTITY lol0 \"lol\">{laughs}]><score-partwise>&lol9;</score-partwise>"
        ),
        "line 1, column 1: found an entity declaration, expected a plain DOCTYPE; hint: take the ENTITY declarations out of the DOCTYPE",
    );
}

#[test]
fn parameter_entities_and_files_of_others_are_refused() {
    for inside in ["<!ENTITY % a SYSTEM 'file:///etc/passwd'>", "<!ENTITY a SYSTEM 'http://example.org/'>"] {
        let error = read(format!("<!DOCTYPE a [{inside}]><a/>").as_bytes()).expect_err("a fault").to_string();
        assert!(error.contains("an entity declaration"), "{error}");
    }
}

#[test]
fn unknown_references_are_refused() {
    check(
        "<score-partwise><movement-title>&boom;</movement-title></score-partwise>",
        "line 1, column 33: found the reference `&boom;`, expected one of lt, gt, amp, apos, quot or a character number",
    );
}

#[test]
fn deep_nesting_is_refused_at_once() {
    let deep = format!("<score-partwise>{}", "<a>".repeat(200_000));
    check(
        &deep,
        "line 1, column 206: found elements nested more than 64 deep, expected MusicXML, which stays below 20",
    );
    let deep_note = "<note>".repeat(200_000);
    assert!(read(document(&format!("<measure>{deep_note}")).as_bytes()).is_err());
}

#[test]
fn endless_names_and_values_are_refused() {
    check(
        &format!("<score-partwise><{}", "a".repeat(100_000)),
        "line 1, column 17: found an element's name without end, expected at most 1024 bytes",
    );
    check(
        &format!("<score-partwise><part id='{}'/></score-partwise>", "a".repeat(100_000)),
        "line 1, column 17: found 100000 bytes as `id`, expected at most 65536",
    );
}

#[test]
fn other_documents_are_named() {
    check(
        "<opus>",
        "line 1, column 1: found the root element `opus`, expected `score-partwise`; hint: an opus only names other files: read those",
    );
    check(
        "",
        "line 1, column 1: found the end of the file, expected a root element; hint: the file seems cut off",
    );
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let latin = read(b"<score-partwise>\xE9</score-partwise>").expect_err("a fault").to_string();
    assert_eq!(
        latin,
        "byte 16: found byte 0xe9, expected UTF-8; hint: save the file as UTF-8, or name its encoding in the XML declaration"
    );
    assert!(read(&[0xFF, 0xFE, 0x00, 0xD8, 0x3C, 0x00]).is_err());
    assert!(read(&[0xFF, 0xFE, 0x00]).is_err());
}

#[test]
fn lying_numbers_are_refused() {
    check_bar(
        "<attributes><divisions>0</divisions></attributes>",
        "found 0 as `divisions`, expected a number above 0, at most 1000000",
    );
    check_bar("C4/0", "found a duration of 0, expected one above 0");
    check_bar("C4/-3", "found a duration of -3, expected one above 0");
    check_bar(
        "C4/999999999999",
        "found a time out of bounds, expected times up to 1000000 quarter notes, in parts of a quarter note up to 1/1000000",
    );
    check_bar(
        "C4/99999999999999999999",
        "found `99999999999999999999` as `duration`, expected a number of at most 12 digits",
    );
    check_bar(
        "<attributes><key><fifths>15</fifths></key></attributes>",
        "found 15 as `fifths`, expected a whole number from -14 to 14",
    );
    check_bar(
        "<attributes><time><beats>4</beats><beat-type>5</beat-type></time></attributes>",
        "found a bar of 4/5 whole notes in units of 1/5, expected 1 to 255 beats of 1, 2, 4, 8, 16, 32 or 64",
    );
    check_bar("<sound_tempo='-1'/>", "found a tempo of `-1`, expected quarter notes per minute, above 0");
}

#[test]
fn notes_without_sense_are_refused() {
    check_bar(
        "<note><chord/><rest/><duration>1</duration></note>",
        "found `chord`, expected a note before it in the bar",
    );
    check_bar(
        "<note><rest/></note>",
        "found a note without `duration`, expected one; hint: only grace notes have none",
    );
    let far = note("C4", "<duration>1</duration>").replace("<alter>0", "<alter>4").replace(' ', "_");
    check_bar(&far, "found an alteration of 4, expected a number from -3 to 3");
    check_bar(&far.replace("<step>C", "<step>H"), "found `H` as `step`, expected one of the letters A to G");
}

#[test]
fn parts_of_a_timewise_document_come_once_in_a_bar() {
    check(
        "<score-timewise><measure><part id='A'/><part id='A'/></measure></score-timewise>",
        "line 1, column 40: found a part twice in one bar, expected each part once",
    );
}

#[test]
fn a_part_that_comes_in_late_a_thousand_times_stays_in_proportion() {
    // Each new part would have to be silent for all the bars before it.
    let bars: String = (0..4000).map(|at| format!("<measure><part id='{at}'/></measure>")).collect();
    let error = read(format!("<score-timewise>{bars}</score-timewise>").as_bytes()).expect_err("a fault");
    assert!(error.to_string().contains("more than a file of this size may hold"), "{error}");
}

#[test]
fn a_million_empty_bars_are_refused_at_once() {
    let error = read(document(&"<measure/>".repeat(1_000_000)).as_bytes()).expect_err("a fault").to_string();
    assert!(error.ends_with("found one more bar, expected at most 250000 bars"), "{error}");
}

#[test]
fn a_quarter_of_a_million_empty_bars_are_read() {
    let score = read(document(&"<measure/>".repeat(250_000)).as_bytes()).expect("a legal file");
    assert_eq!(score.bars.len(), 250_000);
}

#[test]
fn a_count_of_any_size_is_harmless() {
    for count in ["-1", "0", "999999999999", "18446744073709551616", "NaN", "1e9"] {
        let times = format!("<barline><repeat_direction='backward'_times='{count}'/></barline>");
        let rest = format!(
            "<attributes><measure-style><multiple-rest>{count}</multiple-rest></measure-style></attributes>"
        );
        let ending = format!("<barline><ending_number='{count}'_type='start'/></barline>");
        let file = document(&bar(&format!("{rest} C4/8 {times} {ending}")));
        assert_eq!(read(file.as_bytes()).map(|score| score.bars.len()).ok(), Some(1), "{count}");
    }
}

#[test]
fn a_backup_before_the_beginning_of_time_ends_at_it() {
    let back = "<backup><duration>999999</duration></backup>";
    let file = document(&bar(&format!("C4/2 {back} {back} D4/2")));
    assert_eq!(super::show(&read(file.as_bytes()).expect("a legal file")), "[C4 D4]/1");
}

#[test]
fn durations_need_divisions() {
    let measure = format!("<measure>{}</measure>", music("C4/1"));
    let error = read(document(&measure).as_bytes()).expect_err("a fault").to_string();
    assert!(error.ends_with("hint: give `divisions` in the first bar's `attributes`"), "{error}");
}

#[test]
fn awkward_divisions_never_overflow() {
    let mut measures = String::new();
    for divisions in [999_983, 999_979, 999_961, 999_959] {
        let change = format!("<attributes><divisions>{divisions}</divisions></attributes>");
        measures.push_str(&bar(&format!("{change} C4/1")));
    }
    let error = read(document(&measures).as_bytes()).expect_err("a fault").to_string();
    assert_eq!(
        error,
        "bar 2: found a time out of bounds, expected at most 1,000,000 quarter notes, in parts up to 1/1,000,000"
    );
}

/// A score of a few notes with a bit of everything.
fn small_score(seed: u64) -> Score {
    let mut score = random_score(seed);
    score.parts.truncate(2);
    for voice in score.parts.iter_mut().flat_map(|part| &mut part.voices) {
        voice.notes.truncate(3);
    }
    score.bars.truncate(3);
    score
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let text = write(&small_score(3)).expect("writable").bytes;
    let end = text.len() - "</score-partwise>\n".len();
    for length in 0..end {
        assert!(read(&text[..length]).is_err(), "cut at byte {length}");
    }
}

#[test]
fn mutants_never_panic_and_what_is_read_can_be_written() {
    let chance = &mut Chance(17);
    let mut read_again = 0;
    for seed in 0..50 {
        let text = write(&small_score(seed)).expect("writable").bytes;
        for _ in 0..100 {
            let mut mutant = text.clone();
            for _ in 0..1 + chance.below(3) {
                mutate(&mut mutant, chance);
            }
            let Ok(score) = read(&mutant) else { continue };
            read_again += 1;
            let Ok(written) = write(&score) else { continue };
            let back = read(&written.bytes).expect("what we write we read");
            assert_eq!(write(&back).expect("writable").bytes, written.bytes, "mutant of {seed}");
        }
    }
    assert!(read_again > 400, "only {read_again} mutants were legal");
}

/// Changes a few bytes: another byte, a digit, a piece taken out, a piece doubled, or a swap of pieces.
fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    let length = (1 + chance.below(60)).min(bytes.len() - at);
    match chance.below(6) {
        0 => bytes[at] = chance.below(256) as u8,
        1 | 2 => {
            let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
            let digit = chance.pick(&digits);
            bytes[digit] = b'0' + chance.below(10) as u8;
        }
        3 => drop(bytes.drain(at..at + length)),
        4 => {
            let piece = bytes[at..at + length].to_vec();
            bytes.splice(at..at, piece);
        }
        _ => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
            let mut order: Vec<usize> = (0..lines.len()).collect();
            order.swap(chance.below(lines.len()), chance.below(lines.len()));
            *bytes = order.into_iter().flat_map(|line| lines[line].to_vec()).collect();
        }
    }
}

#[test]
fn many_voices_many_bars_and_overlaps_stay_in_proportion() {
    // Each note overlaps all that follow: cutting them all would make millions of pieces.
    let overlapping: String = (1..3000)
        .map(|length| format!("C4/1 <backup><duration>1</duration></backup> <forward><duration>{length}</duration></forward> D4/3000 <backup><duration>{}</duration></backup> ", 3000 + length))
        .collect();
    let pitches = ["C4", "D4", "E4", "F4", "G4", "A4", "B4"];
    let spread: String =
        overlapping.split("D4").enumerate().map(|(at, text)| format!("{text}{}", pitches[at % 7])).collect();
    let _ = read(document(&bar(&spread)).as_bytes()).map(|score| write(&score));
    let bars = "<measure/>".repeat(100_000);
    let parts = format!("<part id=\"P1\">{bars}</part><part id=\"P1\"/>").repeat(6);
    let text = format!("<score-partwise>{parts}</score-partwise>");
    let score = read(text.as_bytes()).expect("a legal file");
    let error = write(&score).expect_err("too large").to_string();
    assert_eq!(error, "100000 bars of 12 parts; hint: at most 1000000 bars in all parts");
}
