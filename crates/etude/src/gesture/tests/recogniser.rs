//! Learning, ranking, the null class, new gestures, and model files.

use super::{drawings, path};
use crate::gesture::{Options, Reads, Recogniser, Trajectory};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::shelf::{Reader, Tensor, Tensors};

fn learnt(seeds: std::ops::Range<u64>) -> Recogniser {
    let examples: Vec<(String, Trajectory)> = seeds.flat_map(|seed| drawings(15.0, seed)).collect();
    Recogniser::learn(&examples, &Options::default()).expect("examples of four gestures")
}

#[track_caller]
fn check(recogniser: &Recogniser, gesture: &Trajectory, expected: Option<&str>) {
    let answer = recogniser.recognise(gesture).expect("frames of a plane");
    let told = answer.known.then(|| answer.ranking[0].name.as_str());
    assert_eq!(told, expected, "{answer:?}");
    let sum: f64 = answer.ranking.iter().map(|candidate| candidate.share).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{answer:?}");
}

#[test]
fn gestures_are_recognised_from_one_example_and_from_five() {
    for recogniser in [learnt(1..2), learnt(1..6)] {
        for (name, gesture) in drawings(15.0, 40).iter().chain(&drawings(15.0, 41)) {
            check(&recogniser, gesture, Some(name));
            let elsewhere = gesture.map(|frame| vec![frame[0] * 0.2 + 3.0, frame[1] * 0.2 - 500.0]);
            check(&recogniser, &elsewhere, Some(name));
        }
    }
}

#[test]
fn what_is_none_of_them_is_told() {
    let recogniser = learnt(1..4);
    let spiral: Vec<f64> = (0..80)
        .flat_map(|i| {
            let angle = f64::from(i) * 0.2;
            [angle * libm::cos(angle), angle * libm::sin(angle)]
        })
        .collect();
    check(&recogniser, &Trajectory::new(spiral, 2).expect("a spiral"), None);
    check(&recogniser, &path(&[[50.0, 50.0], [50.0, 0.0], [100.0, 0.0], [100.0, 30.0]], 9), None);
}

#[test]
fn new_gestures_are_recognised_and_are_no_copies() {
    let recogniser = learnt(1..4);
    for name in recogniser.names() {
        for stream in 0..10 {
            let made = recogniser.generate(name, &mut Chance::new(3, stream)).expect("a known name");
            let answer = recogniser.recognise(&made).expect("frames of a plane");
            assert_eq!(&answer.ranking[0].name, name);
            assert!(answer.ranking[0].distance > 0.01, "{answer:?}");
        }
    }
    assert!(recogniser.generate("star", &mut Chance::new(3, 0)).is_err());
}

#[test]
fn sensors_are_read_as_absolute_numbers() {
    let reading = |level: f64, count: u32, seed| {
        let mut chance = Chance::new(seed, 0);
        let frame = |i: u32| {
            let place = f64::from(i) / f64::from(count) * 6.0;
            [level + libm::sin(place), level * libm::cos(place), 0.1 * chance.unit()]
        };
        Trajectory::new((0..count).flat_map(frame).collect(), 3).expect("three sensors")
    };
    let examples = [("low".to_owned(), reading(0.2, 50, 1)), ("high".to_owned(), reading(2.0, 60, 2))];
    let options = Options { reads: Reads::Sensors, ..Options::default() };
    let recogniser = Recogniser::learn(&examples, &options).expect("two gestures");
    check(&recogniser, &reading(0.22, 90, 3), Some("low"));
    check(&recogniser, &reading(1.95, 40, 4), Some("high"));
    check(&recogniser, &reading(5.0, 50, 5), None);
    assert!(recogniser.recognise(&path(&[[0.0, 0.0], [1.0, 1.0]], 5)).is_err(), "two numbers in a frame");
}

#[test]
fn odd_examples_are_learnt_or_refused_but_never_break() {
    let point = ("point".to_owned(), path(&[[1.0, 1.0]], 1));
    let rest = ("rest".to_owned(), path(&[[1.0, 1.0], [1.0, 1.0]], 20));
    let line = ("line".to_owned(), path(&[[0.0, 0.0], [9.0, 0.0]], 20));
    for examples in [vec![point.clone()], vec![rest.clone()], vec![point.clone(), rest, line.clone()]] {
        for reads in [Reads::Drawings, Reads::Sensors] {
            let options = Options { reads, ..Options::default() };
            let recogniser = Recogniser::learn(&examples, &options).expect("examples");
            for (_, asked) in [&point, &line] {
                let answer = recogniser.recognise(asked).expect("frames of a plane");
                assert!(
                    answer.ranking.iter().all(|c| !c.distance.is_nan() && c.share.is_finite()),
                    "{answer:?}"
                );
            }
        }
    }
    for name in ["", "a\nb"] {
        assert!(Recogniser::learn(&[(name.to_owned(), line.1.clone())], &Options::default()).is_err());
    }
    let huge = Trajectory::new(vec![1e60, 0.0], 2).expect("finite");
    assert!(Recogniser::learn(&[("huge".to_owned(), huge)], &Options::default()).is_err());
}

#[test]
fn saving_and_loading_changes_nothing() {
    let mut examples: Vec<(String, Trajectory)> = drawings(15.0, 1);
    let times: Vec<f64> = (0..examples[1].1.len()).map(|i| i as f64 * 0.013).collect();
    examples[1].1 = examples[1].1.clone().with_times(times).expect("a time for each frame");
    examples[2].1 = examples[2].1.clone().with_strokes(vec![0, 7, 20]).expect("three strokes");
    let options = Options { tolerance: 1.5, states: 30, ..Options::default() };
    let recogniser = Recogniser::learn(&examples, &options).expect("four gestures");
    let load = |tensors| Recogniser::load(&Reader::new("test", tensors), &options.settings());
    let loaded = load(recogniser.tensors()).expect("what was saved");
    assert_eq!(loaded.tensors(), recogniser.tensors());
    assert_eq!((loaded.options(), loaded.examples()), (recogniser.options(), recogniser.examples()));
    for (name, gesture) in drawings(20.0, 8) {
        let answers = [&recogniser, &loaded].map(|r| r.recognise(&gesture).expect("frames of a plane"));
        assert_eq!(answers[0], answers[1]);
        let made = [&recogniser, &loaded].map(|r| r.generate(&name, &mut Chance::new(1, 1)).expect("a name"));
        assert_eq!(made[0], made[1]);
    }
}

#[test]
fn damaged_arrays_are_refused() {
    let good = learnt(1..2).tensors();
    let load = |tensors: Tensors| Recogniser::load(&Reader::new("test", tensors), &Settings::new());
    assert!(load(good.clone()).is_ok());
    for name in good.keys() {
        let mut lacking = good.clone();
        lacking.remove(name);
        assert!(load(lacking).is_err(), "without {name}");
    }
    let with = |name: &str, tensor| {
        load(Tensors::from_iter(good.clone().into_iter().chain([(name.to_owned(), tensor)])))
    };
    assert!(with("labels", Tensor::U16(vec![4], vec![0, 1, 2, 9])).is_err());
    assert!(with("lengths", Tensor::U32(vec![4], vec![u32::MAX; 4])).is_err());
    assert!(with("lengths", Tensor::U32(vec![4], vec![0; 4])).is_err());
    assert!(with("strokes", Tensor::U32(vec![4], vec![0, 5, 3, 0])).is_err());
    assert!(with("strokes", Tensor::U32(vec![5], vec![0, 0, 0, 0, 0])).is_err());
    assert!(with("timed", Tensor::U8(vec![4], vec![1; 4])).is_err());
    assert!(with("times", Tensor::F32(vec![1], vec![1.0])).is_err());
    assert!(with("names", Tensor::U8(vec![2], vec![0xff, 0xfe])).is_err());
}

#[test]
fn settings_are_read_as_they_are_told_and_others_refused() {
    let options = Options { reads: Reads::Sensors, deviation: 0.2, trust: 1.5, ..Options::default() };
    assert_eq!(Options::from_settings(&options.settings()).expect("its own"), options);
    for (name, value) in
        [("reads", "tea"), ("states", "2"), ("tolerance", "NaN"), ("deviation", "0"), ("x", "1")]
    {
        assert!(
            Options::from_settings(&Settings::from([(name.into(), value.into())])).is_err(),
            "{name}={value}"
        );
    }
}
