//! Into the file and back, and files that lie.

use super::{Mixing, beat_model, beats, model, text};
use crate::inference::chance::Chance;
use crate::sequence::mixing::load;
use crate::sequence::{Sequence, SequenceModel, surprise};
use crate::shelf::{Reader, Tensor, Tensors};

#[track_caller]
fn check(model: &Mixing, sequence: &Sequence) {
    let loaded = load(&model.settings(), &Reader::new("a", model.tensors())).expect("our own arrays");
    assert!(loaded.tensors() == model.tensors());
    assert_eq!((loaded.fields(), loaded.settings()), (model.fields(), model.settings()));
    assert_eq!(surprise(loaded.as_ref(), sequence), surprise(model, sequence));
}

#[test]
fn texts_are_loaded_as_they_were_saved() {
    check(&model(true), &text("who goes over the valley, the valley below\nSNOW:\nI go\n"));
}

#[test]
fn models_with_fields_are_loaded_as_they_were_saved() {
    check(&beat_model(false), &beats().train[0]);
}

/// Changes one thing in one array: a value, its length, or whether it is there.
fn damage(tensors: &mut Tensors, chance: &mut Chance) {
    fn one<T: Copy>(values: &mut Vec<T>, chance: &mut Chance, lies: &[T]) {
        let at = chance.below(values.len().max(1)).min(values.len());
        match chance.below(5) {
            0 => values.truncate(at),
            1 => values.insert(at, lies[chance.below(lies.len())]),
            _ if at < values.len() => values[at] = lies[chance.below(lies.len())],
            _ => {}
        }
    }
    let names: Vec<String> = tensors.keys().cloned().collect();
    let name = &names[chance.below(names.len())];
    match tensors.get_mut(name).expect("its own name") {
        Tensor::F32(_, values) => one(values, chance, &[0.0, -1.0, 1e3, -1e4, 1e30, f32::NAN]),
        Tensor::U8(_, values) => one(values, chance, &[0, 1, 2, 3, 4, 255]),
        Tensor::U16(_, values) => one(values, chance, &[0, 1, 2, 300, u16::MAX]),
        Tensor::U32(_, values) => one(values, chance, &[0, 1, 4, 300, 65_535, 65_536, u32::MAX]),
        Tensor::U64(..) => {}
    }
    if chance.below(50) == 0 {
        tensors.remove(name);
    }
}

#[test]
fn damaged_arrays_are_refused_or_harmless() {
    let model = beat_model(true);
    let (tensors, settings) = (model.tensors(), model.settings());
    let mut sequence = beats().train.remove(0);
    sequence.symbols.truncate(12);
    sequence.fields.truncate(36);
    let (mut chance, mut loaded) = (Chance::new(3, 0), 0);
    for _ in 0..500 {
        let mut damaged = tensors.clone();
        (0..=chance.below(2)).for_each(|_| damage(&mut damaged, &mut chance));
        if let Ok(model) = load(&settings, &Reader::new("a", damaged))
            && model.fields() == [4, 4, 301]
        {
            loaded += 1;
            assert!(surprise(model.as_ref(), &sequence).iter().all(|nats| nats.is_finite()));
        }
    }
    assert!(loaded > 50 && loaded < 450, "{loaded} were taken");
}
