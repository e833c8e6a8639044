//! Files: there and back, and damage.

use super::super::Markov;
use super::super::store::read;
use super::trained;
use crate::model::Model;
use crate::shelf::{Card, Reader, Tensor, Tensors};

fn card(model: &Markov) -> Card {
    Card { settings: model.settings(), steps_per_quarter: 4, voices: model.order.len(), ..Card::default() }
}

#[test]
fn saving_and_loading_changes_nothing() {
    let model = trained(3, 80, 5);
    let back = read(&card(&model), &Reader::new("a.model", model.tensors())).expect("it is sound");
    assert!(model.counts.counts.iter().any(|count| *count > 255), "large counts are tried too");
    assert_eq!(back, model);
}

/// Changes one array and expects `told`.
#[track_caller]
fn check(name: &str, damage: impl FnOnce(&mut Tensor), told: &str) {
    let model = trained(2, 12, 3);
    let mut tensors: Tensors = model.tensors();
    damage(tensors.get_mut(&format!("markov.{name}")).expect("the array is there"));
    let error = read(&card(&model), &Reader::new("a.model", tensors)).expect_err("it is damaged");
    assert_eq!(error.to_string(), format!("a.model: found {told}"));
}

fn bytes(tensor: &mut Tensor) -> &mut Vec<u8> {
    let Tensor::U8(_, values) = tensor else { panic!("the array holds bytes") };
    values
}

fn numbers(tensor: &mut Tensor) -> &mut Vec<u32> {
    let Tensor::U32(_, values) = tensor else { panic!("the array holds numbers") };
    values
}

fn weights(tensor: &mut Tensor) -> &mut Vec<f32> {
    let Tensor::F32(_, values) = tensor else { panic!("the array holds weights") };
    values
}

#[test]
fn damaged_weights_are_refused() {
    check(
        "weights",
        |t| weights(t)[3] = f32::NAN,
        "NaN or infinity in `markov.weights`, expected finite weights",
    );
    check(
        "weights",
        |t| {
            weights(t).pop();
        },
        "999 weights, expected 1000",
    );
}

#[test]
fn damaged_counts_are_refused() {
    check("contexts", |t| numbers(t).swap(0, 1), "contexts out of order, expected ascending contexts");
    let shape = "counts of another shape, expected one for each symbol of each context";
    check(
        "kinds",
        |t| {
            bytes(t).pop();
        },
        shape,
    );
    check(
        "counts",
        |t| {
            bytes(t).pop();
        },
        shape,
    );
    check("counts", |t| bytes(t)[0] = 0, "0 large counts, expected one for each count left out");
    check(
        "viewpoints",
        |t| numbers(t)[0] ^= 1,
        "counts of other viewpoints, expected those of this program's version",
    );
}

#[test]
fn lies_about_sizes_are_refused() {
    check("ranges", |t| bytes(t)[1] = 200, "a range from 72 to 200, expected ascending MIDI numbers");
    check("ranges", |t| bytes(t).push(5), "5 ends of ranges, expected 4");
    let model = trained(2, 12, 3);
    let of = |voices, steps_per_quarter| {
        let card = Card { voices, steps_per_quarter, ..card(&model) };
        read(&card, &Reader::new("a.model", model.tensors())).map(|_| ())
    };
    assert!(of(0, 4).is_err() && of(9, 4).is_err() && of(3, 4).is_err() && of(2, 0).is_err());
    assert!(of(2, 4).is_ok());
}
