//! Into the file and back, and files that lie.

use super::{SYMBOLS, model, symbols};
use crate::inference::chance::Chance;
use crate::sequence::ngram::load;
use crate::sequence::{Sequence, SequenceModel, surprise};
use crate::shelf::{Reader, Tensor, Tensors};

#[test]
fn saving_and_loading_change_nothing() {
    for (order, least) in [(1, 1), (4, 1), (7, 2)] {
        let model = model(order, true, least);
        let loaded = load(&model.settings(), &Reader::new("a", model.tensors())).expect("our own arrays");
        assert_eq!(loaded.tensors(), model.tensors());
        assert_eq!((loaded.fields(), loaded.settings()), (model.fields(), model.settings()));
        let text = Sequence::plain(&symbols("the crow saw a zoo of stones"), SYMBOLS);
        assert_eq!(surprise(loaded.as_ref(), &text), surprise(&model, &text));
    }
}

/// Changes one thing in one array: a value, its length, or whether it is there.
fn damage(tensors: &mut Tensors, chance: &mut Chance) {
    fn one<T: Copy>(values: &mut Vec<T>, chance: &mut Chance, lies: &[T]) {
        let at = chance.below(values.len().max(1)).min(values.len());
        match chance.below(4) {
            0 => values.truncate(at),
            1 => values.insert(at, lies[chance.below(lies.len())]),
            _ if at < values.len() => values[at] = lies[chance.below(lies.len())],
            _ => {}
        }
    }
    let names: Vec<String> = tensors.keys().cloned().collect();
    let name = &names[chance.below(names.len())];
    match tensors.get_mut(name).expect("its own name") {
        Tensor::F32(_, values) => one(values, chance, &[0.0, -1.0, 0.5, 3.0, 1e30, f32::NAN]),
        Tensor::U8(_, values) => one(values, chance, &[0, 1, 2, 26, 27, 28, 255]),
        Tensor::U16(_, values) => one(values, chance, &[0, 1, 2, 7, 300, u16::MAX]),
        Tensor::U32(_, values) => one(values, chance, &[0, 1, 28, 65_536, u32::MAX]),
        Tensor::U64(..) => {}
    }
    if chance.below(50) == 0 {
        tensors.remove(name);
    }
}

#[test]
fn damaged_arrays_are_refused_or_harmless() {
    let model = model(4, true, 1);
    let (tensors, settings) = (model.tensors(), model.settings());
    let text = Sequence::plain(&symbols("no crow"), SYMBOLS);
    let (mut chance, mut loaded) = (Chance::new(3, 0), 0);
    for _ in 0..3000 {
        let mut damaged = tensors.clone();
        (0..=chance.below(2)).for_each(|_| damage(&mut damaged, &mut chance));
        if let Ok(model) = load(&settings, &Reader::new("a", damaged))
            && model.symbols() == SYMBOLS
            && model.fields().len() == 1
        {
            loaded += 1;
            assert!(surprise(model.as_ref(), &text).iter().all(|nats| nats.is_finite()));
        }
    }
    assert!(loaded > 100 && loaded < 2500, "{loaded} were taken");
}
