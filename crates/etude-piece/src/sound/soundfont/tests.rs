//! Soundfonts: a tiny one of our own making, real ones where the corpus is at hand, and hostile ones.

use super::{BROKEN, SoundFont};
use crate::corpus::shared::shared;
use crate::score::example::{chorale, part};
use crate::score::{Beats, Part, Score, Tempo};
use crate::sound::{Rendering, Sound};

/// The values of the tiny font that tests change.
#[derive(Debug, Clone)]
struct Tiny {
    /// The instrument's generators, the last of them the sample's number.
    instrument: Vec<(u16, i16)>,
    /// The sample's start, end, and its loop's start and end.
    sample: [u32; 4],
    /// Its rate in hertz.
    rate: u32,
}

/// Generators by their numbers in the specification.
const SAMPLE_MODES: u16 = 54;
const SAMPLE_ID: u16 = 53;
const INSTRUMENT: u16 = 41;
const COARSE_TUNE: u16 = 51;
const START_OFFSET: u16 = 4;
const SCALE_TUNING: u16 = 56;

impl Default for Tiny {
    /// A sine of 440 Hz at A4, looped.
    fn default() -> Self {
        let instrument = vec![(SAMPLE_MODES, 1), (SAMPLE_ID, 0)];
        Self { instrument, sample: [0, 200, 100, 200], rate: 44_000 }
    }
}

impl Tiny {
    /// A font with two programmes: 0 is the sine, 19 the same an octave higher.
    fn bytes(&self) -> Vec<u8> {
        let sine = |i: i32| (16_000.0 * libm::sin(f64::from(i) * std::f64::consts::TAU / 100.0)) as i16;
        let smpl: Vec<u8> =
            (0..246).map(|i| if i < 202 { sine(i) } else { 0 }).flat_map(i16::to_le_bytes).collect();
        let name = |text: &str| -> Vec<u8> { text.bytes().chain([0; 20]).take(20).collect() };
        let words = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|word| word.to_le_bytes()).collect() };
        let generators = |list: &[(u16, i16)]| -> Vec<u8> {
            list.iter().flat_map(|&(kind, value)| words(&[kind, value.cast_unsigned()])).collect()
        };
        let preset = |text, number, zone| [name(text), words(&[number, 0, zone]), vec![0; 12]].concat();
        let phdr = [preset("sine", 0, 0), preset("octave", 19, 1), preset("EOP", 0, 2)].concat();
        let pgen = generators(&[(INSTRUMENT, 0), (COARSE_TUNE, 12), (INSTRUMENT, 0), (0, 0)]);
        let inst = [name("sine"), words(&[0]), name("EOI"), words(&[1])].concat();
        let igen = generators(&[&self.instrument[..], &[(0, 0)]].concat());
        let ends: Vec<u8> =
            self.sample.iter().chain([&self.rate]).flat_map(|end| end.to_le_bytes()).collect();
        let shdr = [name("sine"), ends, vec![69, 0, 0, 0, 1, 0], name("EOS"), vec![0; 26]].concat();
        let ibag = words(&[0, 0, self.instrument.len() as u16, 0]);
        let tables = [
            chunk(b"phdr", &phdr),
            chunk(b"pbag", &words(&[0, 0, 1, 0, 3, 0])),
            chunk(b"pmod", &[0; 10]),
            chunk(b"pgen", &pgen),
            chunk(b"inst", &inst),
            chunk(b"ibag", &ibag),
            chunk(b"imod", &[0; 10]),
            chunk(b"igen", &igen),
            chunk(b"shdr", &shdr),
        ];
        let info = [&b"INFO"[..], &chunk(b"ifil", &words(&[2, 1])), &chunk(b"IXYZ", b"odd")].concat();
        let lists = [
            chunk(b"LIST", &info),
            chunk(b"LIST", &[&b"sdta"[..], &chunk(b"smpl", &smpl)].concat()),
            chunk(b"LIST", &[&b"pdta"[..], &tables.concat()].concat()),
        ];
        chunk(b"RIFF", &[&b"sfbk"[..], &lists.concat()].concat())
    }
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = [&name[..], &(data.len() as u32).to_le_bytes(), data].concat();
    chunk.resize(chunk.len() + data.len() % 2, 0);
    chunk
}

fn tiny() -> SoundFont {
    SoundFont::read(&Tiny::default().bytes()).expect("a sound font")
}

/// The message with which a broken font is refused.
#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    let message = SoundFont::read(bytes).expect_err("a broken font").to_string();
    assert_eq!(message, expected);
}

/// One voice at 60 quarter notes a minute, played by a programme.
fn line(notes: &str, program: u8) -> Score {
    let part = Part { program, ..part("", notes) };
    Score { parts: vec![part], tempi: vec![(Beats::ZERO, Tempo(60.0))], ..Score::default() }
}

/// Without a room, so that what is measured is the font.
fn dry() -> Rendering {
    Rendering { room: 0.0, ..Rendering::default() }
}

fn play(font: &SoundFont, score: &Score) -> (Sound, Vec<String>) {
    font.render(score, &dry()).expect("renderable")
}

/// The power at a frequency in the left channel's first second.
fn power_at(sound: &Sound, hertz: f64) -> f64 {
    let turn = std::f64::consts::TAU * hertz / f64::from(sound.rate);
    let frames = || sound.frames[..sound.rate as usize].iter().map(|frame| f64::from(frame[0])).enumerate();
    let sum = |wave: fn(f64) -> f64| frames().map(|(i, x)| x * wave(turn * i as f64)).sum::<f64>();
    sum(libm::cos).powi(2) + sum(libm::sin).powi(2)
}

/// The loudest sample between two moments, in seconds.
fn loudest(sound: &Sound, from: f64, to: f64) -> f32 {
    let at = |seconds: f64| (seconds * f64::from(sound.rate)) as usize;
    sound.frames[at(from)..at(to)].iter().flatten().fold(0.0, |most, sample| most.max(sample.abs()))
}

/// The loudest frequency within 20 cents, in cents from the one expected.
#[track_caller]
fn check_pitch(sound: &Sound, hertz: f64) {
    let power = |cents: i32| power_at(sound, hertz * libm::exp2(f64::from(cents) / 1_200.0));
    let off = (-20..=20).max_by(|&a, &b| power(a).total_cmp(&power(b))).expect("some");
    assert!(off.abs() <= 1, "{off} cents");
}

#[test]
fn a4_sounds_at_440_hertz_at_either_rate() {
    for rate in [44_100, 48_000] {
        let (sound, lost) =
            tiny().render(&line("A4:2", 0), &Rendering { rate, ..dry() }).expect("renderable");
        assert_eq!(lost, [""; 0]);
        check_pitch(&sound, 440.0);
    }
}

#[test]
fn the_programme_chooses_the_instrument() {
    check_pitch(&play(&tiny(), &line("A4:2", 19)).0, 880.0);
}

#[test]
fn a_programme_that_is_not_there_is_said() {
    let (sound, lost) = play(&tiny(), &line("A4 B4", 7));
    assert_eq!(lost, ["2 notes: its programme isn't in the soundfont, the first one plays it"]);
    check_pitch(&sound, 440.0);
}

#[test]
fn harder_is_louder() {
    let mut score = line("A4 r:2 A4", 0);
    score.parts[0].voices[0].notes[0].velocity = Some(40);
    let (sound, _) = play(&tiny(), &score);
    assert!(loudest(&sound, 0.0, 1.0) < 0.5 * loudest(&sound, 3.0, 4.0));
}

#[test]
fn tempi_and_fermatas_are_kept() {
    let mut score = line("A4:2 r:2 A4!", 0);
    score.tempi.push((Beats::QUARTER, Tempo(120.0)));
    // One second and half a second of sound, a second of rest, and half a second that a fermata makes 0.75.
    let (sound, _) = play(&tiny(), &score);
    assert!(loudest(&sound, 0.0, 1.45) > 0.5 && loudest(&sound, 1.6, 2.45) < 1e-3);
    assert!(loudest(&sound, 2.55, 3.2) > 0.5 && loudest(&sound, 3.35, 5.0) < 1e-3);
    assert_eq!(sound.frames.len(), (5.25 * 44_100.0) as usize);
}

#[test]
fn the_upper_voice_stands_left_of_the_lower() {
    let score = Score {
        parts: vec![part("", "A4"), part("", "r:4 A4")],
        tempi: vec![(Beats::ZERO, Tempo(60.0))],
        ..Score::default()
    };
    let (sound, _) = play(&tiny(), &score);
    let side = |channel: usize, frame: usize| {
        sound.frames[frame..frame + 20_000].iter().fold(0.0_f32, |most, frame| most.max(frame[channel].abs()))
    };
    assert!(side(0, 10_000) > 2.0 * side(1, 10_000));
    assert!(side(1, 4 * 44_100) > 2.0 * side(0, 4 * 44_100));
    assert!(side(1, 10_000) > 0.01, "both sides sound");
}

#[test]
fn a_unison_of_two_voices_ends_twice() {
    let score = Score {
        parts: vec![part("", "A4 r:3"), part("", "A4:4")],
        tempi: vec![(Beats::ZERO, Tempo(60.0))],
        ..Score::default()
    };
    assert!(loudest(&play(&tiny(), &score).0, 3.0, 3.9) > 0.1);
}

#[test]
fn the_same_score_and_font_give_the_same_bytes() {
    let wav = || tiny().render(&chorale(), &Rendering::default()).expect("renderable").0.to_wav();
    let first = wav();
    assert_eq!(first, wav());
    assert_eq!(crate::sound::recipe_of_wav(&first), Some(chorale().recipe));
}

#[test]
fn what_is_no_soundfont_says_so() {
    let expected =
        "byte 0: found `MThd`, expected `RIFF`, a size and `sfbk`; hint: this is no SoundFont 2 file";
    check(b"MThd", expected);
    let mut wave = Tiny::default().bytes();
    wave[8..12].copy_from_slice(b"WAVE");
    assert!(SoundFont::read(&wave).is_err());
}

#[test]
fn a_chunk_cannot_be_longer_than_what_holds_it() {
    let mut bytes = Tiny::default().bytes();
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let left = bytes.len() - 8;
    let hint = "hint: the file is cut off or damaged; fetch it again";
    let expected = "expected a chunk inside the one around it";
    check(&bytes, &format!("byte 0: found a chunk of 4294967295 bytes with {left} left, {expected}; {hint}"));
}

#[test]
fn a_soundfont_without_samples_is_none() {
    let bytes = Tiny::default().bytes();
    let at = bytes.windows(4).position(|name| name == b"smpl").expect("there");
    let mut without = bytes.clone();
    without[at..at + 4].copy_from_slice(b"smqx");
    check(&without, "found no chunk `smpl`, expected all chunks of a soundfont");
}

#[test]
fn zones_cannot_begin_beyond_their_table() {
    let bytes = Tiny::default().bytes();
    let at = bytes.windows(4).position(|name| name == b"pbag").expect("there");
    let mut astray = bytes.clone();
    // The second zone's first generator; there are three.
    astray[at + 12] = 9;
    let expected = "found a record of `pbag` whose generators begin at 9, expected 0 to 3";
    check(&astray, &format!("byte {}: {expected}", at + 12));
    // Backwards: the end before the second zone.
    astray[at + 12] = 2;
    astray[at + 16] = 1;
    let expected = "found a record of `pbag` whose generators begin at 1, expected 2 to 3";
    check(&astray, &format!("byte {}: {expected}", at + 16));
}

#[test]
fn a_sample_that_is_not_in_the_file_is_silent_and_said() {
    for sample in [[0, 1 << 30, 0, 0], [0, 247, 100, 200], [u32::MAX; 4], [200, 100, 0, 0]] {
        let font = SoundFont::read(&Tiny { sample, ..Tiny::default() }.bytes()).expect("sound, if silent");
        let (sound, lost) = play(&font, &line("A4", 0));
        assert_eq!(lost, ["1 note: its instrument in the soundfont has nothing there"]);
        assert_eq!(loudest(&sound, 0.0, 1.0), 0.0);
    }
}

#[test]
fn a_sample_may_end_with_the_recording() {
    let font = Tiny { instrument: vec![(SAMPLE_ID, 0)], sample: [0, 246, 0, 0], ..Tiny::default() };
    let (sound, lost) = play(&SoundFont::read(&font.bytes()).expect("sound"), &line("A4", 0));
    assert_eq!(lost, [""; 0]);
    assert!(loudest(&sound, 0.0, 0.005) > 0.5 && loudest(&sound, 0.01, 1.0) < 0.1);
}

#[test]
fn an_offset_cannot_lead_out_of_the_recording() {
    let instrument = vec![(SAMPLE_MODES, 1), (START_OFFSET, 32_767), (SAMPLE_ID, 0)];
    let font = Tiny { instrument, ..Tiny::default() };
    check(&font.bytes(), "found sanity check failed, expected a sound SoundFont 2 file");
}

#[test]
fn an_index_cannot_name_an_instrument_or_sample_that_is_not_there() {
    for number in [1, -1] {
        let instrument = vec![(SAMPLE_ID, number)];
        assert!(SoundFont::read(&Tiny { instrument, ..Tiny::default() }.bytes()).is_err());
    }
}

/// Notes that the synthesizer would leave its recording for, or count itself sick on, are left out and said.
#[track_caller]
fn check_unplayable(font: &Tiny) {
    let font = SoundFont::read(&font.bytes()).expect("sound as far as it goes");
    let (_, lost) = play(&font, &line("A4 C8", 0));
    assert!(lost[0].ends_with("its instrument in the soundfont is beyond the player"), "{lost:?}");
}

#[test]
fn a_loop_shorter_than_a_step_is_not_played() {
    check_unplayable(&Tiny { sample: [0, 200, 100, 101], ..Tiny::default() });
}

#[test]
fn a_pitch_beyond_all_bounds_is_not_played() {
    let instrument = vec![(SAMPLE_MODES, 1), (COARSE_TUNE, 32_767), (SAMPLE_ID, 0)];
    check_unplayable(&Tiny { instrument, ..Tiny::default() });
    let instrument = vec![(SCALE_TUNING, 32_767), (SAMPLE_ID, 0)];
    check_unplayable(&Tiny { instrument, ..Tiny::default() });
}

#[test]
fn a_rate_that_no_recording_has_is_not_played() {
    check_unplayable(&Tiny { rate: u32::MAX, ..Tiny::default() });
    check_unplayable(&Tiny { rate: 0, ..Tiny::default() });
}

#[test]
fn notes_of_64_hours_in_all_are_the_most() {
    let voices = vec![crate::score::example::voice("C4:3600"); 65];
    let score = Score { parts: vec![Part { voices, ..Part::default() }], ..line("", 0) };
    let message = tiny().render(&score, &dry()).expect_err("too much").to_string();
    assert_eq!(message, "notes of 65 hours in all; hint: render at most 64 at a time");
}

#[test]
fn a_rate_too_low_for_the_synthesizer_is_refused() {
    let message = tiny().render(&line("A4", 0), &Rendering { rate: 8_000, ..dry() }).expect_err("too low");
    assert_eq!(message.to_string(), "8000 frames per second; hint: soundfonts need 16000 or more");
}

#[test]
fn cut_off_anywhere_it_is_an_error() {
    let bytes = Tiny::default().bytes();
    for length in 0..bytes.len() {
        assert!(SoundFont::read(&bytes[..length]).is_err(), "cut to {length} bytes");
    }
}

/// Mutants of a font are refused, or play; none gets so far that a panic has to be contained. The last `tables` bytes
/// are those changed.
fn no_mutant_panics(whole: &[u8], tables: usize, mutants: usize) -> usize {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        // Knuth's MMIX constants; the high bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let score = Score { tempi: vec![(Beats::ZERO, Tempo(960.0))], ..line("C0 A4 G9", 0) };
    let settings = Rendering { rate: 16_000, ..dry() };
    let mut played = 0;
    for number in 0..mutants {
        let mut mutant = whole.to_vec();
        for _ in 0..=random(3) {
            let at = mutant.len() - 1 - random(tables);
            match random(4) {
                0 => mutant[at] = random(256) as u8,
                1 => mutant[at] ^= 1 << random(8),
                2 => mutant[at] = [0, 0x7f, 0x80, 0xff][random(4)],
                _ => mutant[at] = mutant[at].wrapping_add(1),
            }
        }
        let outcome = SoundFont::read(&mutant).and_then(|font| {
            played += 1;
            font.render(&score, &settings)
        });
        if let Err(error) = outcome {
            assert!(!error.to_string().contains(BROKEN), "mutant {number} had to be contained");
        }
    }
    played
}

#[test]
fn no_mutant_has_to_be_contained() {
    let whole = Tiny::default().bytes();
    let played = no_mutant_panics(&whole, whole.len(), 3_000);
    assert!(played > 300, "the mutants should not all die at the door: {played}");
}

/// A real soundfont, or nothing if the corpus isn't here.
fn real(name: &str) -> Option<Vec<u8>> {
    let path = shared(&format!("soundfont/{name}"))?;
    Some(std::fs::read(path).expect("a file"))
}

#[test]
fn no_mutant_of_a_real_soundfont_has_to_be_contained() {
    let Some(whole) = real("VintageDreamsWaves-v2.sf2") else { return };
    let tables = whole.windows(8).position(|start| &start[4..] == b"pdta").map(|at| whole.len() - at);
    let played = no_mutant_panics(&whole, tables.expect("it has tables"), 300);
    assert!(played > 30, "the mutants should not all die at the door: {played}");
}

#[test]
fn every_programme_of_the_real_soundfonts_plays_what_it_has() {
    // Some of their instruments have few keys, such as a saxophone from D3.
    let few = "its instrument in the soundfont has nothing there";
    for name in ["VintageDreamsWaves-v2.sf2", "TimGM6mb.sf2"] {
        let Some(bytes) = real(name) else { return };
        let font = SoundFont::read(&bytes).expect("a sound font");
        for program in 0..128 {
            let tempi = vec![(Beats::ZERO, Tempo(600.0))];
            let (sound, lost) = play(&font, &Score { tempi, ..line("C3 G3 C4 E4 G4 C5", program) });
            assert!(lost.iter().all(|line| line.ends_with(few)), "{name}, programme {program}: {lost:?}");
            assert!(loudest(&sound, 0.0, 0.6) > 0.5, "{name}, programme {program} is silent");
        }
    }
}
