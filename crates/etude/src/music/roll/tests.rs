//! The published figures of the benchmark, and what is asked in the language of rolls.

use super::frame::{ALL, Pins};
use super::model::Lesson;
use super::request::{Demand, lay};
use super::{bernoulli, frame};
use crate::model::Settings;
use crate::shared::shared;
use etude_piece::corpus::Split;
use etude_piece::piece::{Collection, Kind};

#[test]
#[ignore = "reads all four corpora"]
fn keys_by_themselves_have_the_published_figures() {
    let sets = [("JSB_Chorales", 11.06), ("Nottingham", 10.25), ("MuseData", 11.51), ("Piano_midi", 11.05)];
    for (name, published) in sets {
        let Some(path) = shared(&format!("polyphonic/{name}.json.gz")) else { return };
        let corpus = Collection::open(&[path], Kind::Roll).expect("a corpus");
        let frames = |split| -> Vec<Vec<frame::Frame>> {
            corpus.split(split).map(|(_, piece)| frame::frames(piece, 1).expect("a piano's keys")).collect()
        };
        let lesson = Lesson { train: frames(Split::Train), valid: vec![] };
        for smoothing in ["0.1", "0.5", "1"] {
            let settings = Settings::from([("smoothing".to_owned(), smoothing.to_owned())]);
            let model = bernoulli::train(&lesson, &settings, 0, &mut |_: f64, _: &str| true).expect("counts");
            let nats: Vec<f64> = frames(Split::Test).iter().flat_map(|piece| model.nats(piece)).collect();
            let mean = nats.iter().sum::<f64>() / nats.len() as f64;
            println!("{name}, smoothing {smoothing}: {mean:.4} nats per frame, published {published}");
            assert_eq!(format!("{mean:.2}"), format!("{published:.2}"), "{name}, smoothing {smoothing}");
        }
    }
}

#[track_caller]
fn check(keep: &[&str], forbid: &[&str], expected: &str) {
    let read =
        |texts: &[&str], keeps| -> Vec<_> { texts.iter().map(|text| Demand::read(text, keeps)).collect() };
    let demands: Result<Vec<Demand>, _> = read(keep, true).into_iter().chain(read(forbid, false)).collect();
    // A draft of three frames in which middle C sounds alone.
    let draft = vec![Pins { on: 1 << 39, off: ALL & !(1 << 39) }, Pins::default(), Pins::default()];
    let told = match demands.and_then(|demands| lay(draft, &demands)) {
        Ok(pins) => pins
            .iter()
            .map(|pins| format!("{} / {}", frame::text(pins.on), pins.off.count_ones()))
            .collect::<Vec<_>>()
            .join(", "),
        Err(error) => error.to_string(),
    };
    assert_eq!(told, expected);
}

#[test]
fn cells_are_pinned_on_and_off() {
    check(&["E4@2-"], &["C4..D4@3"], "C4 / 87, E4 / 0, E4 / 3");
}

#[test]
fn a_draft_is_forgotten_where_it_is_opened() {
    check(&["open@1", "C4,G4@1"], &["*@2"], "C4 G4 / 0, silence / 88, silence / 0");
}

#[test]
fn contradictions_name_their_frame_and_who_says_so() {
    check(&["E4@1"], &[], "frame 1: E4@1 and the draft ask that E4 sounds and is silent");
    let expected = "frame 3: E4@2- and C4..E4@3 ask that E4 sounds and is silent";
    check(&["E4@2-"], &["C4..E4@3"], expected);
}

#[test]
fn what_nobody_can_read_is_refused() {
    check(&["H4"], &[], "`H4`; hint: KEYS@FRAMES, such as C4@1-8, C4..B4@5- or *@9");
    check(&["C4@0"], &[], "`C4@0`; hint: KEYS@FRAMES, such as C4@1-8, C4..B4@5- or *@9");
    check(&[], &["open@1"], "`open@1`; hint: KEYS@FRAMES, such as C4@1-8, C4..B4@5- or *@9");
}
