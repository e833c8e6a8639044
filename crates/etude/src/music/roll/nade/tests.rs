//! Probabilities sum to one, and what is drawn under pins follows the exact conditional.

use super::super::frame::{ALL, Frame, Pins};
use super::super::model::{FrameModel, Lesson, Wish};
use super::super::rnn_nade;
use crate::model::Settings;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A network that was trained for a moment on three keys.
fn trained() -> Arc<dyn FrameModel> {
    let tune: Vec<Frame> = [1, 3, 2, 6, 4, 5, 1, 3, 2, 0].repeat(4);
    let lesson = Lesson { train: vec![tune], valid: vec![] };
    let small = [("hidden", "6"), ("units", "5"), ("updates", "300"), ("rate", "0.02"), ("batch", "2")];
    let small: Settings = small.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    super::train(&rnn_nade::default(), &lesson, &small, 1, &mut |_: f64, _: &str| true)
        .expect("a small training")
}

/// All pieces of two frames of three keys with their probabilities, those that the pins allow, shared out anew.
fn exact(model: &dyn FrameModel, pins: &[Pins; 2]) -> BTreeMap<Vec<Frame>, f64> {
    let pieces = (0..64u128).map(|bits| vec![bits & 7, bits >> 3]);
    let allowed = pieces.filter(|piece| pins.iter().zip(piece).all(|(pins, &frame)| pins.allow(frame)));
    let joint: BTreeMap<Vec<Frame>, f64> =
        allowed.map(|piece| (piece.clone(), (-model.nats(&piece).iter().sum::<f64>()).exp())).collect();
    let total: f64 = joint.values().sum();
    joint.into_iter().map(|(piece, share)| (piece, share / total)).collect()
}

#[test]
fn what_is_drawn_follows_the_exact_conditional() {
    let model = trained();
    let off = ALL & !7;
    // The last frame is pinned, so that the first must be drawn with an eye on it.
    let pins = [Pins { on: 0, off }, Pins { on: 4, off: off | 1 }];
    let exact = exact(model.as_ref(), &pins);
    let draws = 4000;
    let mut found: BTreeMap<Vec<Frame>, f64> = BTreeMap::new();
    for seed in 0..draws {
        let wish = Wish { seed, settings: Settings::new() };
        let written = model.write(&pins, &wish, &mut |_, _| true).expect("there is a way");
        *found.entry(written.frames).or_default() += 1.0 / draws as f64;
    }
    for (piece, share) in exact {
        let found = found.get(&piece).copied().unwrap_or_default();
        assert!((found - share).abs() < 0.03, "{piece:?}: {found} for {share}");
    }
}

#[test]
fn all_frames_together_have_probability_one() {
    let model = trained();
    // The keys that never sound take next to nothing.
    let total: f64 = (0..8u128).map(|frame| (-model.nats(&[frame])[0]).exp()).sum();
    assert!(total < 1.0 + 1e-6 && total > 0.3, "{total}");
}
